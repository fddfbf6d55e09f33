"""How an edition of a standard ends: dated scheme data, as the scheme's owner stated it, perhaps more than once.

The newest word counts; what was known at a time is what had been recorded by then. Nobody signs it, and it ends no
certificate by itself: only a body does (ISO/IEC 17021-1:2015, 8.2.2; docs/adr/0026).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class EditionEnd:
    """One word about the end of an edition: the last day of its transition period, and what replaces it."""

    designation: str
    successor: str | None
    stated_on: date
    certificates_to: date
    recorded_at: datetime


def end_of(ends: Iterable[EditionEnd], designation: str, known_at: datetime) -> EditionEnd | None:
    """The newest word about an edition that was known; None while its end is open."""
    known = (one for one in ends if one.designation == designation and one.recorded_at <= known_at)
    return max(known, key=lambda one: one.stated_on, default=None)
