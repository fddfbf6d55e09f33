"""The JSON form of the decided facts, exact both ways, and the digest that a decision carries.

`facts_from_json(facts_as_json(facts))` is `facts` again on every machine, so a signer or a stranger can recompose the
credential and compare `facts_digest` with what the decider confirmed (records: deciding in two steps). Snake case,
plain dates, instants in UTC; absent means not stated, and null, unknown members and floats are refused, all at once.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any, get_args, get_origin, get_type_hints

from app.conformity.periods import instant_text
from app.credentials.canonical import canonical, digest
from app.credentials.facts import CertificateFacts
from app.credentials.rules import rule_faults
from app.credentials.shape import Shape
from app.errors import AkashiError, Fault

FORMAT = "akashi-certificate-facts-1"

_SHAPE = Shape("certificate-facts-1.json")


class MalformedFacts(AkashiError):
    """The facts break their shape or a rule; `faults` lists every place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("malformed_facts", faults=tuple(faults))


def facts_as_json(facts: CertificateFacts) -> dict[str, Any]:
    """The decided facts as JSON: what the decision's `facts_sha256` is taken over."""
    return {"format": FORMAT, **_members(facts)}


def facts_digest(facts: CertificateFacts) -> str:
    """Base64url SHA-256 of the canonical JSON of the decided facts."""
    return digest(canonical(facts_as_json(facts)))


def facts_from_json(presented: object) -> CertificateFacts:
    """The facts of a JSON form; raises `MalformedFacts` with all faults of shape, or else all breaches of rules."""
    shape_faults = _SHAPE.faults(presented)
    if shape_faults:
        raise MalformedFacts(shape_faults)
    facts: CertificateFacts = _reader(CertificateFacts)(presented)
    broken = rule_faults(facts)
    if broken:
        raise MalformedFacts(broken)
    return facts


def check_facts(facts: CertificateFacts) -> CertificateFacts:
    """The same facts, now known to have the right shape and to keep every rule; raises `MalformedFacts`."""
    return facts_from_json(facts_as_json(facts))


def _members(value: Any) -> dict[str, Any]:
    """The members of a dataclass as JSON; what is `None` is left out."""
    stated = ((field.name, getattr(value, field.name)) for field in fields(value))
    return {name: _as_json(inner) for name, inner in stated if inner is not None}


def _as_json(value: Any) -> Any:
    if is_dataclass(value):
        return _members(value)
    if isinstance(value, tuple):
        return [_as_json(inner) for inner in value]
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of the annotated kind from JSON that already has the right shape."""
    if isinstance(kind, types.UnionType):
        return _reader(get_args(kind)[0])
    if get_origin(kind) is tuple:
        inner = _reader(get_args(kind)[0])
        return lambda presented: tuple(map(inner, presented))
    if isinstance(kind, type) and is_dataclass(kind):
        return partial(_dataclass, kind, {name: _reader(hint) for name, hint in get_type_hints(kind).items()})
    if kind in (date, datetime):
        read: Callable[[Any], Any] = kind.fromisoformat
        return read
    return _itself


def _dataclass(kind: Any, readers: dict[str, Callable[[Any], Any]], presented: dict[str, Any]) -> Any:
    return kind(**{name: readers[name](inner) for name, inner in presented.items() if name in readers})


def _itself(presented: Any) -> Any:
    return presented
