"""Standing of a certification at a time, as anyone knew it at a time: arithmetic over its events and versions.

*Pending* and *expired* are never stored; they follow from the periods of the versions (records.md section 5). The time
limit of a suspension passing changes nothing by itself. An annulment, once known, reaches back to the beginning.
Events form a chain; the last one that is effective speaks. Nothing here judges signatures or reads a clock.
ISO/IEC 17021-1:2015, 9.6.3 and 9.6.5; states and verdicts of domain.md section 9.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.conformity.periods import end_instant


class State(StrEnum):
    """The standing of a certification; `expired` and `pending` are derived and appear in no event."""

    NONE = "none"
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"
    ANNULLED = "annulled"


class Act(StrEnum):
    """What a body decides about a certification, in the words of ISO/IEC 17000 and 17021-1."""

    GRANT = "grant"
    REFUSE = "refuse"
    MAINTAIN = "maintain"
    EXTEND = "extend"
    REDUCE = "reduce"
    AMEND = "amend"
    CORRECT = "correct"
    TRANSLATE = "translate"
    RENEW = "renew"
    TRANSITION = "transition"
    RESTORE_EXPIRED = "restore_expired"
    TRANSFER_IN = "transfer_in"
    IMPORT = "import"
    SUSPEND = "suspend"
    SUSPEND_URGENTLY = "suspend_urgently"
    RATIFY = "ratify"
    RESTORE = "restore"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    TRANSFER_OUT = "transfer_out"
    ANNUL = "annul"
    OVERTURN_SUSPENSION = "overturn_suspension"
    OVERTURN_WITHDRAWAL = "overturn_withdrawal"
    OVERTURN_TRANSFER = "overturn_transfer"


class Verdict(StrEnum):
    """The one word of a verification."""

    VALID = "valid"
    VALID_WITH_NOTICE = "valid_with_notice"
    NOT_CURRENTLY_VALID = "not_currently_valid"
    NO_LONGER_VALID = "no_longer_valid"
    NEVER_VALID = "never_valid"
    UNKNOWN = "unknown"


ENDED = frozenset({State.WITHDRAWN, State.CANCELLED, State.TRANSFERRED})

# Which word wins where several are true at once, first one first; published with the lifecycle (C028).
PRECEDENCE: tuple[frozenset[State], ...] = (
    frozenset({State.ANNULLED}),
    ENDED,
    frozenset({State.EXPIRED}),
    frozenset({State.SUSPENDED}),
    frozenset({State.PENDING}),
    frozenset({State.ACTIVE}),
    frozenset({State.NONE}),
)

# The only moves there are: from a state, by an act, to a state (invariant 12; `akashi.transition` holds the same rows).
TRANSITIONS: frozenset[tuple[State, Act, State]] = frozenset(
    {
        *((State.NONE, act, State.ACTIVE) for act in (Act.GRANT, Act.TRANSFER_IN, Act.IMPORT)),
        *(
            (State.ACTIVE, act, State.ACTIVE)
            for act in (
                Act.MAINTAIN,
                Act.EXTEND,
                Act.REDUCE,
                Act.AMEND,
                Act.CORRECT,
                Act.TRANSLATE,
                Act.RENEW,
                Act.TRANSITION,
                Act.RESTORE_EXPIRED,
            )
        ),
        *((State.ACTIVE, act, State.SUSPENDED) for act in (Act.SUSPEND, Act.SUSPEND_URGENTLY)),
        *(
            (State.SUSPENDED, act, State.SUSPENDED)
            for act in (Act.RATIFY, Act.SUSPEND, Act.AMEND, Act.CORRECT, Act.TRANSLATE)
        ),
        *(
            (State.SUSPENDED, act, State.ACTIVE)
            for act in (Act.RESTORE, Act.REDUCE, Act.RESTORE_EXPIRED, Act.OVERTURN_SUSPENSION)
        ),
        *((state, Act.WITHDRAW, State.WITHDRAWN) for state in (State.ACTIVE, State.SUSPENDED)),
        *((state, Act.CANCEL, State.CANCELLED) for state in (State.ACTIVE, State.SUSPENDED)),
        (State.ACTIVE, Act.TRANSFER_OUT, State.TRANSFERRED),
        (State.TRANSFERRED, Act.OVERTURN_TRANSFER, State.ACTIVE),
        *((State.WITHDRAWN, Act.OVERTURN_WITHDRAWAL, state) for state in (State.ACTIVE, State.SUSPENDED)),
        *(
            (state, Act.ANNUL, State.ANNULLED)
            for state in (State.ACTIVE, State.SUSPENDED, State.WITHDRAWN, State.CANCELLED, State.TRANSFERRED)
        ),
    }
)

# What an act brings about and what its decision must name; `akashi.decision_type` holds the same.
MAKES_VERSION = frozenset(
    {
        Act.GRANT,
        Act.EXTEND,
        Act.REDUCE,
        Act.AMEND,
        Act.CORRECT,
        Act.TRANSLATE,
        Act.RENEW,
        Act.TRANSITION,
        Act.RESTORE_EXPIRED,
        Act.TRANSFER_IN,
        Act.IMPORT,
        Act.OVERTURN_WITHDRAWAL,
        Act.OVERTURN_TRANSFER,
    }
)
TIME_LIMITED = frozenset({Act.SUSPEND, Act.SUSPEND_URGENTLY})
OVERTURNS = frozenset({Act.OVERTURN_SUSPENSION, Act.OVERTURN_WITHDRAWAL})
ANNULS = OVERTURNS | {Act.OVERTURN_TRANSFER, Act.ANNUL}
LOOKS_BACK = frozenset({Act.ANNUL, Act.IMPORT})
"""Acts that may take effect before they were decided: an annulment, and what was decided elsewhere."""

# Acts from which a state counts anew even where it was the same before: a restored certification had a gap.
_FRESH_STARTS = frozenset(
    {
        Act.GRANT,
        Act.TRANSFER_IN,
        Act.IMPORT,
        Act.RESTORE,
        Act.RESTORE_EXPIRED,
        Act.OVERTURN_SUSPENSION,
        Act.OVERTURN_WITHDRAWAL,
        Act.OVERTURN_TRANSFER,
    }
)

_VERDICTS = {
    State.NONE: Verdict.UNKNOWN,
    State.PENDING: Verdict.NOT_CURRENTLY_VALID,
    State.SUSPENDED: Verdict.NOT_CURRENTLY_VALID,
    State.EXPIRED: Verdict.NO_LONGER_VALID,
    State.WITHDRAWN: Verdict.NO_LONGER_VALID,
    State.CANCELLED: Verdict.NO_LONGER_VALID,
    State.TRANSFERRED: Verdict.NO_LONGER_VALID,
    State.ANNULLED: Verdict.NEVER_VALID,
}


@dataclass(frozen=True)
class StandingEvent:
    """One link in the chain of a certification's standing; `until` is the last day of a suspension's time limit."""

    event_no: int
    act: Act
    from_state: State
    to_state: State
    effective_at: datetime
    recorded_at: datetime
    until: date | None = None
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Validity:
    """The period of one certificate version: from an instant up to, and without, the one after its last valid day."""

    version_no: int
    valid_from: datetime
    valid_until: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class Standing:
    """The answer: `state` since when, by which event, under which version.

    `event` is None where arithmetic alone speaks of what no event has reached; `until` and `overdue_since` belong to
    a suspension: its last day, and the instant from which only a decision is still missing.
    """

    state: State
    since: datetime | None = None
    until: date | None = None
    overdue_since: datetime | None = None
    event: StandingEvent | None = None
    version: Validity | None = None


def standing_at(
    events: Iterable[StandingEvent], versions: Iterable[Validity], at: datetime, known_at: datetime
) -> Standing:
    """The standing that was true at `at`, by what was recorded at `known_at`.

    1. Only what was recorded by `known_at` exists. No event: `none`.
    2. An annulment among it is the answer for every time.
    3. Else the effective event with the highest number speaks, and before the grant is effective, the calendar.
    4. Over it the current version's period may say `pending` or `expired`; the state of precedence wins.
    """
    known_events = sorted(
        (event for event in events if event.recorded_at <= known_at), key=lambda event: event.event_no
    )
    known_versions = [version for version in versions if version.recorded_at <= known_at]
    version = current_version(known_versions, at, known_at)

    annulments = [event for event in known_events if event.to_state is State.ANNULLED]
    if annulments:
        return Standing(State.ANNULLED, annulments[-1].effective_at, event=annulments[-1], version=version)

    effective = [event for event in known_events if event.effective_at <= at]
    if not effective:
        return _before_effect(known_events, at)

    return _over(_by_events(effective, known_versions, version, at), known_events[0], at)


def current_version(versions: Iterable[Validity], at: datetime, known_at: datetime) -> Validity | None:
    """The version that counts: the highest number whose effective instant has passed, valid or expired."""
    begun = [version for version in versions if version.recorded_at <= known_at and version.valid_from <= at]
    return max(begun, key=lambda version: version.version_no, default=None)


def pending_versions(versions: Iterable[Validity], at: datetime, known_at: datetime) -> tuple[Validity, ...]:
    """The versions that will replace the current one: higher numbers whose effective instant is still to come."""
    known = [version for version in versions if version.recorded_at <= known_at]
    current = current_version(known, at, known_at)
    above = current.version_no if current else 0
    return tuple(sorted((v for v in known if v.version_no > above), key=lambda version: version.version_no))


def foremost(states: Collection[State]) -> State:
    """The one of these states that is said when all of them hold."""
    return next(state for rank in PRECEDENCE for state in states if state in rank)


def broken_link(events: Sequence[StandingEvent]) -> int | None:
    """The number of the first event, in the order given, that does not continue the chain from `none`; else None.

    An event continues it if it starts from the state that the one before led to, and is one of `TRANSITIONS`.
    """
    state = State.NONE
    for expected_no, event in enumerate(events, start=1):
        if event.event_no != expected_no or event.from_state is not state:
            return event.event_no
        if (event.from_state, event.act, event.to_state) not in TRANSITIONS:
            return event.event_no
        state = event.to_state
    return None


def next_boundary(events: Iterable[StandingEvent], versions: Iterable[Validity], at: datetime) -> datetime | None:
    """The first instant after `at` at which the answer may change by the calendar alone; None if it cannot."""
    turns: set[datetime] = set()
    for event in events:
        turns.add(event.effective_at)
        if event.until is not None:
            turns.add(end_instant(event.until, event.time_zone))
    for version in versions:
        turns |= {version.valid_from, version.valid_until}
    return min((turn for turn in turns if turn > at), default=None)


def verdict_of(
    state: State, *, established: bool = True, noticed: bool = False, signed_after_compromise: bool = False
) -> Verdict:
    """The verdict for a standing.

    `established` is False where the evidence does not suffice to say anything: unknown is not invalid. `noticed`
    tells that something beside the standing must be said: an old version, an accreditation suspended or ended, a
    decision outside accreditation or recorded late. `signed_after_compromise`: no earlier proof of existence.
    """
    if not established:
        return Verdict.UNKNOWN
    if signed_after_compromise:
        return Verdict.NEVER_VALID
    if state is State.ACTIVE:
        return Verdict.VALID_WITH_NOTICE if noticed else Verdict.VALID
    return _VERDICTS[state]


def _before_effect(known_events: Sequence[StandingEvent], at: datetime) -> Standing:
    """Decided and not yet effective, or, before the decision was recorded, nothing."""
    if known_events and known_events[0].recorded_at <= at:
        return Standing(State.PENDING, known_events[0].recorded_at, event=known_events[0])
    return Standing(State.NONE)


def _by_events(
    effective: Sequence[StandingEvent], versions: Sequence[Validity], version: Validity | None, at: datetime
) -> Standing:
    """What the chain alone says: the state of the last effective event, since the first of its unbroken run."""
    last = effective[-1]
    since = _start_of_run(effective)
    if last.to_state is State.ACTIVE and versions:
        since = max(since, min(known.valid_from for known in versions))

    limited = _limited(effective) if last.to_state is State.SUSPENDED else None
    until = limited.until if limited else None
    limit = end_instant(until, limited.time_zone) if limited and until else None
    overdue_since = limit if limit and limit <= at else None
    return Standing(last.to_state, since, until, overdue_since, last, version)


def _limited(effective: Sequence[StandingEvent]) -> StandingEvent | None:
    """The event that set the time limit of the suspension that lasts: the newest of its run that set one.

    A withdrawal that was overturned interrupts nothing: the suspension before it goes on with its limit.
    """
    overturned = False
    for event in reversed(effective):
        if event.to_state is not State.SUSPENDED and not overturned:
            break
        if event.until is not None:
            return event
        overturned = event.act is Act.OVERTURN_WITHDRAWAL
    return None


def _start_of_run(effective: Sequence[StandingEvent]) -> datetime:
    """When the present state began: amendments go on with it, a restoration begins it anew."""
    first = effective[-1]
    for earlier in reversed(effective[:-1]):
        if first.act in _FRESH_STARTS or earlier.to_state is not first.to_state:
            break
        first = earlier
    return first.effective_at


def _over(by_events: Standing, grant: StandingEvent, at: datetime) -> Standing:
    """The standing with the calendar laid over it: the current version's end, or that none has begun."""
    version = by_events.version
    if version is None:
        by_calendar = Standing(State.PENDING, grant.recorded_at, event=by_events.event)
    elif version.valid_until <= at:
        by_calendar = Standing(State.EXPIRED, version.valid_until, event=by_events.event, version=version)
    else:
        return by_events

    return by_events if foremost([by_calendar.state, by_events.state]) is by_events.state else by_calendar
