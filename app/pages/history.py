"""What happened, in words and in order: every event with both clocks, and every stretch in which nothing was in force.

An event that was undone stays with a remark that says how; a gap after a lapse is shown for ever, whatever is in force
now (ISO/IEC 17021-1 9.6.3). Arithmetic over the report's own events and the periods of the versions; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from app.pages.dates import parse_instant

Versions = Sequence[Mapping[str, Any]]
_UNDONE_BY = {"annul": "void", "overturn_transfer": "taken_back"}
"""How an event was undone, by the act that undid it; every other such act is the outcome of an appeal."""
RESTORED = "restore_expired"


@dataclass(frozen=True)
class Gap:
    """From the end of a version's validity to the start of the one that restored it."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Entry:
    """One line: an event, or with `gap_until` the expiry after which nothing was in force.

    `recorded_at` is None where it is told in the same words as `effective_at`: to the minute; `undone` names the word
    under `history` that says how it was undone.
    """

    act: str
    effective_at: str
    recorded_at: str | None = None
    until: str | None = None
    undone: str = ""
    gap_until: str | None = None


def gaps_between(versions: Versions) -> list[Gap]:
    """Every stretch between two versions that neither covered, oldest first."""
    periods = [(parse_instant(one["valid_from"]), parse_instant(one["valid_until"])) for one in versions]
    return [Gap(end, start) for (_, end), (start, _) in pairwise(periods) if start > end]


def history_of(report: Mapping[str, Any], versions: Versions) -> list[Entry]:
    """The events in the order of their numbers, with each gap before the event that ended it."""
    standing = report.get("standing")
    events = standing["events"] if standing else ()
    acts = {event["event_no"]: event["act"] for event in events}
    entries: list[Entry] = []
    gaps = gaps_between(versions)
    for event in events:
        effective = parse_instant(event["effective_at"])
        while gaps and effective >= gaps[0].end:
            entries.append(_expiry(gaps.pop(0), effective if event["act"] == RESTORED else None))
        by = event["annulled_by"]
        undone = _UNDONE_BY.get(acts[by], "undone") if by is not None else ""
        entries.append(Entry(event["act"], event["effective_at"], _recorded(event), event["until"], undone))
    if standing and standing["state"] == "expired":
        end = report["validity"]["valid_until"]
        entries.append(Entry("expired", end))
    return entries


def _expiry(gap: Gap, restored: datetime | None) -> Entry:
    """The expiry before a gap, which lasts until the restoration took effect, on the day of the new version."""
    start, end = (one.isoformat().replace("+00:00", "Z") for one in (gap.start, restored or gap.end))
    return Entry("expired", start, gap_until=end)


def _recorded(event: Mapping[str, Any]) -> str | None:
    """When it was recorded, unless that is the minute in which it took effect; an annulment is always dated by it."""
    effective, recorded = (
        parse_instant(event[name]).replace(second=0, microsecond=0) for name in ("effective_at", "recorded_at")
    )
    return None if effective == recorded and event["act"] != "annul" else str(event["recorded_at"])
