"""Which terms of a JSON-LD document are defined, by the rules of JSON-LD 1.1 for contexts, on given context files.

`@vocab` gives every word some meaning, so here a term counts as defined only when a context names it. Enough of the
context algorithm for that question: type-scoped contexts hold for their node only, property-scoped ones for all below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Terms = dict[str, Any]


def undefined_terms(document: dict[str, Any], contexts: Iterable[Terms]) -> list[str]:
    """JSON pointers of the members and types that no context names."""
    active: Terms = {}
    for context in contexts:
        active = active | context
    body = {member: value for member, value in document.items() if member != "@context"}
    return list(_undefined(body, active, ""))


def _undefined(value: Any, active: Terms, place: str) -> Iterator[str]:
    if isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _undefined(inner, active, f"{place}/{i}")
    elif isinstance(value, dict) and "@value" not in value:
        yield from _undefined_in_node(value, active, place)


def _undefined_in_node(node: Terms, active: Terms, place: str) -> Iterator[str]:
    here = active
    types = node.get("type", [])
    for name in sorted([types] if isinstance(types, str) else types):
        if name not in active:
            yield f"{place}/type/{name}"
        here = here | _scoped(active.get(name))
    for member, value in node.items():
        if member not in here:
            yield f"{place}/{member}"
        else:
            yield from _undefined(value, active | _scoped(here[member]), f"{place}/{member}")


def _scoped(definition: Any) -> Terms:
    context = definition.get("@context") if isinstance(definition, dict) else None
    return context or {}
