"""What a certification or an accreditation extends to: normative documents with edition, technical areas, countries.

Codes only. An accreditation covers a certification when it names every code of it; an empty list names nothing, and
no code stands for all. Scope *statements* are free text and are never compared (domain.md section 11, rule 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Codes of documents ("ISO/IEC 42001:2023"), technical areas, and countries (ISO 3166-1 alpha-2)."""

    documents: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    @classmethod
    def of(cls, documents: Iterable[str] = (), areas: Iterable[str] = (), countries: Iterable[str] = ()) -> Scope:
        """The scope that names exactly these codes."""
        return cls(frozenset(documents), frozenset(areas), frozenset(countries))

    def __bool__(self) -> bool:
        """Whether the scope names anything."""
        return bool(self.documents or self.areas or self.countries)


def uncovered(outer: Scope, inner: Scope) -> Scope:
    """The codes of `inner` that `outer` does not name: what a refusal tells its reader."""
    return Scope(
        inner.documents - outer.documents,
        inner.areas - outer.areas,
        inner.countries - outer.countries,
    )


def covers(outer: Scope, inner: Scope) -> bool:
    """Whether `outer` names every code of `inner`."""
    return not uncovered(outer, inner)


def touches(part: Scope, scope: Scope) -> bool:
    """Whether any code of `part` is a code of `scope`: how a partial sanction reaches a certification."""
    return bool(part.documents & scope.documents or part.areas & scope.areas or part.countries & scope.countries)
