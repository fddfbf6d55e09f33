"""What an accreditation body's statement would do to certificates before it is signed, and what it did afterwards.

Nothing here changes anything: a sanction never changes a certificate (domain §10). `preview` answers which certificates
would read as impaired, which decisions a retroactive date would leave outside, and which acts would stop;
`flagged_decisions` is the queue of those that such dates have left outside, for the two bodies to look at. Both fold
the statements as the examiner does, so a preview says what verification will say. Of the client nothing is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.accreditation import (
    ENDED,
    AccreditationState,
    Statement,
    Suspension,
    accreditation_at,
    accreditation_on,
    permits,
    reaching_back,
)
from app.conformity.periods import start_instant
from app.conformity.scope import Scope as Codes
from app.conformity.scope import uncovered
from app.conformity.standing import Act
from app.errors import AkashiError
from app.registry.accreditation import AccreditedScope, Change, completed
from app.registry.registry import Registry
from app.storage import accreditations
from app.storage.database import now
from app.storage.rows import Row

_GONE = frozenset({"withdrawn", "cancelled", "transferred", "annulled"})


@dataclass(frozen=True)
class Affected:
    """A certificate as the accreditation body may see it, and why it is named."""

    certificate_id: str
    number: str
    reason: str


@dataclass(frozen=True)
class FlaggedDecision:
    """A decision that an accreditation body's earlier date leaves outside: both dates, and when it was stated.

    `stated_at` is null in a preview. `brought_under_from`: the accreditation body has brought the certificate under its
    accreditation since.
    """

    certificate_id: str
    number: str
    decision: UUID
    act: str
    decided_on: date
    documents: tuple[str, ...]
    areas: tuple[str, ...]
    countries: tuple[str, ...]
    standing: str
    reason: str
    accreditation_act: str
    effective_on: date
    stated_at: datetime | None
    brought_under_from: date | None


@dataclass(frozen=True)
class Blocked:
    """Acts that would stop: for the whole accreditation, or for what touches these codes."""

    acts: tuple[str, ...]
    whole: bool
    documents: tuple[str, ...]
    areas: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What a statement would do: certificates in force that it would impair, decisions that it would leave outside."""

    accreditation: UUID
    act: str
    effective_on: date
    impaired: tuple[Affected, ...]
    impaired_count: int
    flagged: tuple[FlaggedDecision, ...]
    flagged_count: int
    blocked: Blocked | None


def preview(registry: Registry, actor: Actor, accreditation: UUID, change: Change) -> Preview:
    """What this change of one's own accreditation would do if it were stated now; nothing is drafted.

    Raises what the draft of the statement would raise.
    """
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        last = accreditations.last_statement(connection, body, accreditation)
        if last is None:
            raise AkashiError("unknown_accreditation", field="/accreditation")
        status = accreditations.next_status(connection, last.status, change.act)
        if status is None:
            raise AkashiError("no_such_transition", field="/act")
        wanted = completed(last, change)
        stated = accreditations.statements_of(connection, accreditation)
        resting = accreditations.decisions_resting_on(connection, accreditation)
        permitted = wanted.sanction.permitted_acts if wanted.sanction else ()
        blocked = _blocked(last, status, wanted, accreditations.blocked_acts(connection, permitted))
        moment = now(connection)
    known = [(_statement(row), row.recorded_at) for row in stated]
    new = _would_be(known[-1][0], status, wanted)
    impaired = _impaired(
        resting, [one for one, _ in known], new, max(moment, start_instant(new.effective_on, new.time_zone))
    )
    flagged = _flagged(resting, [*known, (new, moment)], last_act=wanted.act, only=new)
    return Preview(
        accreditation, change.act, change.effective_on, impaired, len(impaired), flagged, len(flagged), blocked
    )


def flagged_decisions(registry: Registry, actor: Actor, accreditation: UUID) -> tuple[FlaggedDecision, ...]:
    """The decisions that statements with earlier dates have left outside, for the two parties to the accreditation.

    An annulled certificate needs no looking at any more. Raises `unknown_accreditation` for anybody else.
    """
    demand(actor, Scope.ACCREDITATIONS if Scope.ACCREDITATIONS in actor.scopes else Scope.CERTIFICATES_READ)
    with registry.database.transaction(body=acting_party(actor)) as connection:
        resting = accreditations.decisions_resting_on(connection, accreditation)
        stated = accreditations.statements_of(connection, accreditation)
    known = [(_statement(row), row.recorded_at) for row in stated]
    acts = {row.statement_no: row.act for row in stated}
    return _flagged([row for row in resting if row.state != "annulled"], known, acts=acts)


def _flagged(
    resting: Sequence[Row[Any]],
    known: Sequence[tuple[Statement, datetime]],
    *,
    acts: dict[int, str] | None = None,
    last_act: str = "",
    only: Statement | None = None,
) -> tuple[FlaggedDecision, ...]:
    """The decisions that some statement (or this one only) has taken out with an earlier date."""
    stated_at = {statement.statement_no: moment for statement, moment in known}
    found = []
    for row in (one for one in resting if one.claimed):
        turned = reaching_back(
            known,
            act=Act(row.act),
            decided_on=row.decided_on,
            recorded_at=row.recorded_at,
            scheme=known[-1][0].scheme,
            scope=Codes.of([row.designation], row.areas, row.countries),
        )
        if turned is None or only not in {None, turned}:
            continue
        act = last_act if only else (acts or {})[turned.statement_no]
        moment = None if only else stated_at[turned.statement_no]
        found.append(_flag(row, turned, act, moment))
    return tuple(found)


def _flag(row: Row[Any], turned: Statement, act: str, stated_at: datetime | None) -> FlaggedDecision:
    return FlaggedDecision(
        certificate_id=row.certificate_id,
        number=row.number,
        decision=row.decision_id,
        act=row.act,
        decided_on=row.decided_on,
        documents=(row.designation,),
        areas=tuple(row.areas),
        countries=tuple(row.countries),
        standing=row.state,
        reason="outside_accreditation",
        accreditation_act=act,
        effective_on=turned.effective_on,
        stated_at=stated_at,
        brought_under_from=row.brought_under_from,
    )


def _impaired(
    resting: Sequence[Row[Any]], known: Sequence[Statement], new: Statement, at: datetime
) -> tuple[Affected, ...]:
    """The certificates in force at that time that are accredited by these statements, and would not be any more."""
    found = []
    for row in resting:
        if not row.in_force or row.state in _GONE or row.in_force_until <= at:
            continue
        scope = Codes.of([row.designation_now], row.areas_now, row.countries_now)
        before = accreditation_at(known, at, new.scheme, scope, row.time_zone)
        after = accreditation_at([*known, new], at, new.scheme, scope, row.time_zone)
        if before.state is AccreditationState.ACTIVE and after.state is not AccreditationState.ACTIVE:
            at_decision = accreditation_on([*known, new], row.decided_on, new.scheme, scope)
            covered = row.claimed and permits(at_decision, Act(row.act))
            found.append(Affected(row.certificate_id, row.number, _reason(after.state, covered=covered)))
    return tuple(found)


def _reason(state: AccreditationState, *, covered: bool) -> str:
    """The code that verification will give in its check of the accreditation now."""
    if state in ENDED:
        return "accreditation_ended"
    if state is AccreditationState.SUSPENDED:
        return "accreditation_suspended"
    return "accreditation_reduced" if covered else "not_accredited"


def _blocked(last: Row[Any], status: str, wanted: Change, acts: tuple[str, ...]) -> Blocked | None:
    """What stops with the statement; None if it takes nothing away."""
    assert wanted.scope is not None  # noqa: S101, completed
    if status not in {"active", "suspended"}:
        return Blocked(acts, True, (), (), ())  # noqa: FBT003, the word is the field's
    if wanted.act == "reduce":
        lost = uncovered(wanted.scope.codes, AccreditedScope(last.documents, last.areas, last.countries).codes)
        return Blocked(acts, False, *(tuple(sorted(part)) for part in (lost.documents, lost.areas, lost.countries)))  # noqa: FBT003
    if wanted.act == "suspend" and wanted.sanction is not None:
        return Blocked(acts, wanted.sanction.whole, (), wanted.sanction.areas, wanted.sanction.countries)
    return None


def _would_be(last: Statement, status: str, wanted: Change) -> Statement:
    """The statement as it would stand after the last one."""
    assert wanted.scope is not None and wanted.valid_to is not None  # noqa: S101, PT018, completed
    sanction = wanted.sanction
    return Statement(
        last.statement_no + 1,
        AccreditationState(status),
        last.scheme,
        wanted.scope.codes,
        wanted.effective_on,
        last.time_zone,
        wanted.valid_to,
        Suspension(sanction.whole, Codes.of((), sanction.areas, sanction.countries)) if sanction else None,
        frozenset(Act(act) for act in sanction.permitted_acts) if sanction else frozenset(),
        sanction.symbol_allowed if sanction else status == "active",
    )


def _statement(row: Row[Any]) -> Statement:
    """A recorded statement as the folding of an accreditation reads it."""
    suspended = Suspension(row.suspended_whole, Codes.of((), row.suspended_areas, row.suspended_countries))
    return Statement(
        row.statement_no,
        AccreditationState(row.status),
        row.scheme_code,
        Codes.of(row.documents, row.areas, row.countries),
        row.effective_on,
        row.time_zone,
        row.valid_to,
        suspended if row.status == "suspended" else None,
        frozenset(Act(act) for act in row.permitted_acts),
        row.symbol_allowed,
    )
