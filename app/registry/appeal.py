"""Appeals: lodged against one decision, handled by people who neither audited nor decided (ISO/IEC 17021-1 9.7).

An upheld appeal changes nothing by itself and erases nothing: the members of its panel then decide
`overturn_suspension` or `overturn_withdrawal`, which annuls the event and leaves it in the history (invariant 21).
An open appeal is known to the body and its accreditation body; to others only if the appellant agrees.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import cases, people
from app.storage.rows import Connection

AppealOutcome = Literal["upheld", "dismissed"]


def lodge_appeal(
    registry: Registry,
    actor: Actor,
    *,
    decision: UUID,
    grounds: str,
    lodged_on: date,
    may_be_known: bool = False,
    request: Request | None = None,
) -> UUID:
    """An appeal against a decision of the body, a refusal too, is on record; returns its id.

    A decision is appealed once: `already_appealed`. `may_be_known`: the appellant agrees that others learn of it.
    """
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    check_text(grounds, "/grounds")

    def make(connection: Connection) -> UUID:
        appealed = cases.find_appealed(connection, body, decision)
        if appealed is None:
            raise AkashiError("unknown_decision", field="/decision")
        appeal = uuid4()
        cases.add_appeal(
            connection,
            body=body,
            appeal=appeal,
            certification=appealed.certification_id,
            decision=decision,
            grounds=grounds,
            lodged_on=lodged_on,
            carried_by=carrier(actor),
        )
        if may_be_known:
            cases.add_appeal_publicity(connection, body=body, appeal=appeal, agreed=True, agreed_on=lodged_on)
        return appeal

    return once(registry, body, request, make)


def acknowledge_appeal(registry: Registry, actor: Actor, appeal: UUID, *, person: UUID, done_on: date) -> None:
    """The appellant was told that the appeal was received; once."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, appeal, person)
        cases.add_acknowledgement(connection, body=body, appeal=appeal, person=person, done_on=done_on)


def join_panel(registry: Registry, actor: Actor, appeal: UUID, person: UUID) -> None:
    """The person handles the appeal; refused for whoever audited or decided what it is about, and after its outcome."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, appeal, person)
        cases.add_panel_member(connection, body=body, appeal=appeal, person=person)


def decide_appeal(
    registry: Registry, actor: Actor, appeal: UUID, *, outcome: AppealOutcome, reasons: str, decided_on: date
) -> None:
    """What the panel found is on record, once; the panel is complete from here on."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    check_text(reasons, "/reasons")
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, appeal)
        cases.add_outcome(connection, body=body, appeal=appeal, outcome=outcome, reasons=reasons, decided_on=decided_on)


def agree_to_be_known(registry: Registry, actor: Actor, appeal: UUID, *, agreed: bool, agreed_on: date) -> None:
    """The appellant's newest word about whether others may learn of the appeal."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, appeal)
        cases.add_appeal_publicity(connection, body=body, appeal=appeal, agreed=agreed, agreed_on=agreed_on)


def _demand_known(connection: Connection, body: UUID, appeal: UUID, person: UUID | None = None) -> None:
    if cases.find_appeal(connection, body, appeal) is None:
        raise AkashiError("unknown_appeal", field="/appeal")
    if person is not None and people.find_person(connection, body, person) is None:
        raise AkashiError("unknown_person", field="/person")
