"""What happened, in words and in order: every event with both clocks, and every stretch in which nothing was in force.

An event that was undone on appeal stays with a remark; a gap after a lapse is shown for ever, whatever is in force now
(ISO/IEC 17021-1 9.6.3). Arithmetic over the report's own events and the periods of the versions; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from app.pages.dates import parse_instant

Versions = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Gap:
    """From the end of a version's validity to the start of the one that restored it."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Entry:
    """One line: an event, or with `gap_until` the expiry after which nothing was in force."""

    act: str
    effective_at: str
    recorded_at: str
    until: str | None = None
    undone: bool = False
    gap_until: str | None = None


def gaps_between(versions: Versions) -> list[Gap]:
    """Every stretch between two versions that neither covered, oldest first."""
    periods = [(parse_instant(one["valid_from"]), parse_instant(one["valid_until"])) for one in versions]
    return [Gap(end, start) for (_, end), (start, _) in pairwise(periods) if start > end]


def history_of(report: Mapping[str, Any], versions: Versions) -> list[Entry]:
    """The events in the order of their numbers, with each gap before the event that ended it."""
    standing = report.get("standing")
    entries: list[Entry] = []
    gaps = gaps_between(versions)
    for event in standing["events"] if standing else ():
        while gaps and parse_instant(event["effective_at"]) >= gaps[0].end:
            entries.append(_expiry(gaps.pop(0)))
        undone = event["annulled_by"] is not None
        entries.append(Entry(event["act"], event["effective_at"], event["recorded_at"], event["until"], undone))
    if standing and standing["state"] == "expired":
        end = report["validity"]["valid_until"]
        entries.append(Entry("expired", end, end))
    return entries


def _expiry(gap: Gap) -> Entry:
    start = gap.start.isoformat().replace("+00:00", "Z")
    return Entry("expired", start, start, gap_until=gap.end.isoformat().replace("+00:00", "Z"))
