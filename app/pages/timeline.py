"""The standing over time as a drawing: bars between events, a mark for now, the years as ticks.

Arithmetic over the report's own events; the picture repeats what the list of events beside it says in words. An
annulment is drawn where it was declared, since until then this registry showed what the bars show; a suspension that
an appeal annulled stays drawn, as what it was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from app.pages.dates import parse_instant
from app.pages.history import Versions, gaps_between

FULL = 100.0
MOST_TICKS = 6
ENDED = frozenset({"withdrawn", "cancelled", "transferred", "annulled", "expired"})
UNDONE = {state: f"{state}_annulled" for state in ("suspended", "withdrawn", "transferred")}


@dataclass(frozen=True)
class Bar:
    """One stretch of one standing; `start` and `width` in per cent of the drawing."""

    state: str
    start: float
    width: float


@dataclass(frozen=True)
class Tick:
    """The first moment of a year (UTC)."""

    at: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """Everything drawn, in per cent of the width; `states` are those that a legend must explain, in order."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    now: float
    states: tuple[str, ...]


def timeline_of(report: Mapping[str, Any], versions: Versions = ()) -> Timeline | None:
    """The drawing for a report and its versions, or None when it has no events or no period of validity."""
    standing, validity = report.get("standing"), report.get("validity")
    if not standing or not validity or not standing.get("events"):
        return None
    now, end = parse_instant(report["at"]), parse_instant(validity["valid_until"])
    changes = _changes(standing["events"], versions, end, now)
    first, last = changes[0][0], max(end, now, changes[-1][0])

    def place(instant: datetime) -> float:
        return round(FULL * ((instant - first) / (last - first)), 2)

    bars = tuple(
        Bar(state, place(start), round(place(stop) - place(start), 2))
        for (start, state), (stop, _) in pairwise([*changes, (last, "")])
        if stop > start
    )
    years = [year for year in range(first.year + 1, last.year + 1) if datetime(year, 1, 1, tzinfo=UTC) < last]
    every = max(1, math.ceil(len(years) / MOST_TICKS))
    ticks = tuple(Tick(place(datetime(year, 1, 1, tzinfo=UTC)), str(year)) for year in years[::every])
    return Timeline(bars, ticks, place(now), tuple(dict.fromkeys(bar.state for bar in bars)))


def _changes(
    events: Sequence[Mapping[str, Any]], versions: Versions, end: datetime, now: datetime
) -> list[tuple[datetime, str]]:
    """When which standing began: pending before the first, expired in a gap and at the end, else remaining validity."""
    granted = events[0]
    changes = [(_shown_at(event), _drawn_as(event)) for event in events]
    changes += [(gap.start, "expired") for gap in gaps_between(versions)]
    changes.sort(key=lambda change: change[0])
    if parse_instant(granted["recorded_at"]) < changes[0][0]:
        changes.insert(0, (parse_instant(granted["recorded_at"]), "pending"))
    latest, state = changes[-1]
    if state in ENDED:
        return changes
    return [*changes, (end, "expired") if end <= now else (max(now, latest), "remaining")]


def _drawn_as(event: Mapping[str, Any]) -> str:
    """The state that the event led to; what an appeal annulled is drawn as that."""
    undone = event["annulled_by"] is not None and event["to_state"] in UNDONE
    return UNDONE[event["to_state"]] if undone else str(event["to_state"])


def _shown_at(event: Mapping[str, Any]) -> datetime:
    """When this registry began to show an event: when it took effect, or was recorded if that came later."""
    return max(parse_instant(event["effective_at"]), parse_instant(event["recorded_at"]))
