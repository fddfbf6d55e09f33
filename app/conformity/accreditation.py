"""What a body was accredited for: on a plain date ("at decision") and at an instant ("now").

Each statement of an accreditation body is the full resulting state from a date on; of the statements that have taken
effect, the one with the highest number holds. A date counts from the start of that day in the statement's zone, so a
decision of the same date as a suspension is outside (records.md section 8). An accreditation never carries over to
another scheme, edition, area or country. Callers pass the statements of one accreditation known at the time they ask
about, signatures checked; nothing here reads a clock. ISO/IEC 17011; domain.md section 10.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.conformity.periods import deadline, end_instant, local_day, start_instant
from app.conformity.scope import Scope, covers, touches
from app.conformity.standing import Act


class AccreditationState(StrEnum):
    """An accreditation as far as one certification is concerned; `none`: it does not reach it.

    `relinquished`: the certification body gave it up. `ceased`: the certification body exists or works no more.
    """

    NONE = "none"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELINQUISHED = "relinquished"
    CEASED = "ceased"


class AccreditationAct(StrEnum):
    """What an accreditation body states about an accreditation, in the words of ISO/IEC 17011."""

    GRANT = "grant"
    EXTEND = "extend"
    REDUCE = "reduce"
    RENEW = "renew"
    SUSPEND = "suspend"
    RESTORE = "restore"
    WITHDRAW = "withdraw"
    RELINQUISH = "relinquish"
    CEASE = "cease"


TERMINATED = frozenset({AccreditationState.WITHDRAWN, AccreditationState.RELINQUISHED, AccreditationState.CEASED})
"""Statuses from which no statement leads back."""

ENDED = TERMINATED | {AccreditationState.EXPIRED}

_NONE, _ACTIVE, _SUSPENDED = AccreditationState.NONE, AccreditationState.ACTIVE, AccreditationState.SUSPENDED

# The only moves there are; `akashi.accreditation_transition` holds the same rows.
TRANSITIONS: frozenset[tuple[AccreditationState, AccreditationAct, AccreditationState]] = frozenset(
    {
        (_NONE, AccreditationAct.GRANT, _ACTIVE),
        (_ACTIVE, AccreditationAct.EXTEND, _ACTIVE),
        *(
            (state, act, state)
            for state in (_ACTIVE, _SUSPENDED)
            for act in (AccreditationAct.REDUCE, AccreditationAct.RENEW)
        ),
        *((state, AccreditationAct.SUSPEND, _SUSPENDED) for state in (_ACTIVE, _SUSPENDED)),
        (_SUSPENDED, AccreditationAct.RESTORE, _ACTIVE),
        *((state, AccreditationAct.WITHDRAW, AccreditationState.WITHDRAWN) for state in (_ACTIVE, _SUSPENDED)),
        *((state, AccreditationAct.RELINQUISH, AccreditationState.RELINQUISHED) for state in (_ACTIVE, _SUSPENDED)),
        *(
            (state, AccreditationAct.CEASE, AccreditationState.CEASED)
            for state in (_ACTIVE, _SUSPENDED, AccreditationState.WITHDRAWN, AccreditationState.RELINQUISHED)
        ),
    }
)

TRANSFER_MONTHS = 6
"""How long certificates of a body without accreditation may be transferred as accredited ones (IAF MD 2)."""


# An accreditation body's sanction blocks what makes certification grow, never what makes it smaller or truer.
NEVER_BLOCKED = frozenset(
    set(Act) - {Act.GRANT, Act.EXTEND, Act.RENEW, Act.TRANSITION, Act.RESTORE, Act.RESTORE_EXPIRED, Act.TRANSFER_IN}
)


@dataclass(frozen=True)
class Suspension:
    """The whole accreditation, or whatever touches a listed area or a listed country."""

    whole: bool = False
    part: Scope = field(default_factory=Scope)


@dataclass(frozen=True)
class Statement:
    """One statement of an accreditation body: everything that holds from `effective_on` in `time_zone`."""

    statement_no: int
    status: AccreditationState
    scheme: str
    scope: Scope
    effective_on: date
    time_zone: str
    valid_to: date
    suspension: Suspension | None = None
    permitted_acts: frozenset[Act] = frozenset()
    symbol_allowed: bool = True


@dataclass(frozen=True)
class Accreditation:
    """The answer: `state`, the statement that holds, and the day since which the state has been so without a break.

    `since` is None where nothing ever reached the certification; `statement` is None where none has taken effect.
    """

    state: AccreditationState
    statement: Statement | None = None
    since: date | None = None


def accreditation_on(statements: Iterable[Statement], day: date, scheme: str, scope: Scope) -> Accreditation:
    """The accreditation on a plain date, as a decision of that date meets it."""
    return _fold(tuple(statements), lambda _: day, scheme, scope)


def accreditation_at(
    statements: Iterable[Statement], at: datetime, scheme: str, scope: Scope, zone: str | None = None
) -> Accreditation:
    """The accreditation at an instant, each statement read on the calendar of its own zone.

    Where the day has already come in the certification body's `zone`, what is given from that day on is given there:
    a decision of that date is covered, for plain dates are compared. What is taken away waits for its own zone.
    """
    known = tuple(statements)
    there = _fold(known, lambda statement: local_day(at, statement.time_zone), scheme, scope)
    if zone is None or there.state is AccreditationState.ACTIVE:
        return there
    here = _fold(known, lambda statement: max(local_day(at, statement.time_zone), local_day(at, zone)), scheme, scope)
    return here if here.state is AccreditationState.ACTIVE else there


def reaching_back(
    stated: Iterable[tuple[Statement, datetime]],
    *,
    act: Act,
    decided_on: date,
    recorded_at: datetime,
    scheme: str,
    scope: Scope,
) -> Statement | None:
    """The statement, recorded after a covered decision was, that took it out with an earlier date, if it stayed so.

    `stated` are the statements in the order of their numbers, each with the instant of its recording.
    """
    known: list[Statement] = []
    covered, turned = False, None
    for statement, stated_at in stated:
        known.append(statement)
        held = accreditation_on(known, decided_on, scheme, scope)
        holds = held.state is AccreditationState.ACTIVE or (
            held.state is AccreditationState.SUSPENDED and permits(held, act)
        )
        if holds:
            turned = None
        elif covered and stated_at > recorded_at:
            turned = statement
        covered = holds
    return turned


def transfer_deadline(ended_on: date, last_valid_day: date) -> date:
    """The last day for a transfer after the accreditation ended: six months, or the certificate's end if sooner."""
    return min(deadline(ended_on, TRANSFER_MONTHS), last_valid_day)


def permits(accreditation: Accreditation, act: Act) -> bool:
    """Whether a body may take this act: always what NEVER_BLOCKED lists, under a sanction what its statement permits.

    A certificate granted by such a permission is unaccredited and bears no symbol; the caller says so.
    """
    if act in NEVER_BLOCKED or accreditation.state is AccreditationState.ACTIVE:
        return True
    return (
        accreditation.state is AccreditationState.SUSPENDED
        and accreditation.statement is not None
        and act in accreditation.statement.permitted_acts
    )


def next_turn(statements: Iterable[Statement], at: datetime) -> datetime | None:
    """The first instant after `at` at which an accreditation may change by the calendar alone; None if it cannot.

    With the end of the time for transfers, after which what is said of an ended accreditation changes.
    """
    turns: set[datetime] = set()
    for statement in statements:
        turns.add(start_instant(statement.effective_on, statement.time_zone))
        turns.add(end_instant(statement.valid_to, statement.time_zone))
        ended_on = statement.effective_on if statement.status in TERMINATED else statement.valid_to + timedelta(days=1)
        turns.add(end_instant(deadline(ended_on, TRANSFER_MONTHS), statement.time_zone))
    return min((turn for turn in turns if turn > at), default=None)


def _fold(
    statements: Collection[Statement], today: Callable[[Statement], date], scheme: str, scope: Scope
) -> Accreditation:
    holding = _last(statement for statement in statements if statement.effective_on <= today(statement))
    if holding is None:
        return Accreditation(AccreditationState.NONE)

    state = _state(holding, today(holding), scheme, scope)
    return Accreditation(state, holding, _since(state, holding, statements, scheme, scope))


def _state(statement: Statement, day: date, scheme: str, scope: Scope) -> AccreditationState:
    """What one statement means on a day for this scheme and scope; ended and expired are said before suspended."""
    if statement.scheme != scheme or not covers(statement.scope, scope):
        return AccreditationState.NONE
    if statement.status in TERMINATED:
        return statement.status
    if day > statement.valid_to:
        return AccreditationState.EXPIRED
    if _suspended(statement, scope):
        return AccreditationState.SUSPENDED
    return AccreditationState.ACTIVE


def _suspended(statement: Statement, scope: Scope) -> bool:
    """A suspension without particulars is one of the whole."""
    if statement.suspension is None:
        return statement.status is AccreditationState.SUSPENDED
    return statement.suspension.whole or touches(statement.suspension.part, scope)


def _since(
    state: AccreditationState, holding: Statement, statements: Collection[Statement], scheme: str, scope: Scope
) -> date | None:
    """The first day of the unbroken run of `state`, walking back from the statement that holds to those before it.

    However often an end is stated (given up, then ceased), it is one end.
    """
    run = ENDED if state in ENDED else {state}
    if state is AccreditationState.EXPIRED:
        return holding.valid_to + timedelta(days=1)

    since = holding.effective_on
    while before := _last(statement for statement in statements if statement.effective_on < since):
        earlier = _state(before, since - timedelta(days=1), scheme, scope)
        if earlier not in run:
            return since
        if earlier is AccreditationState.EXPIRED:
            return before.valid_to + timedelta(days=1)
        since = before.effective_on
    return None if state is AccreditationState.NONE else since


def _last(statements: Iterable[Statement]) -> Statement | None:
    return max(statements, key=lambda statement: statement.statement_no, default=None)
