"""The audit plan: sent to the client in time to object to members of the team (ISO/IEC 17021-1 9.2.3).

The team is frozen on the first day of the audit. An objection is answered before the audit is recorded; a member
against whom it was upheld takes no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.audit import Kind, TeamMember, check_leader
from app.registry.drafts import carrier
from app.registry.known import known_certification, known_person
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import programmes
from app.storage.rows import Connection

Method = Literal["on_site", "remote", "both"]


@dataclass(frozen=True)
class PlanFacts:
    """What is audited for which certifications (by their public IDs), when, by whom, and until when one may object."""

    certifications: tuple[str, ...]
    kind: Kind
    objectives: str
    criteria: str
    method: Method
    sent_on: date
    objections_until: date
    first_day: date
    last_day: date
    team: tuple[TeamMember, ...]


def plan_audit(registry: Registry, actor: Actor, plan: PlanFacts, *, request: Request | None = None) -> UUID:
    """The plan stands in the records with its team, whole or not at all; returns its id."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    check_text(plan.objectives, "/objectives")
    check_text(plan.criteria, "/criteria")
    check_leader(plan.team)
    if not plan.sent_on < plan.objections_until < plan.first_day:
        raise AkashiError("no_time_to_object", field="/objections_until")
    if plan.last_day < plan.first_day:
        raise AkashiError("audit_ends_before_it_begins", field="/last_day")

    def make(connection: Connection) -> UUID:
        certifications = [
            known_certification(connection, body, public_id, f"/certifications/{place}")
            for place, public_id in enumerate(plan.certifications)
        ]
        made = uuid4()
        programmes.add_plan(
            connection,
            body_id=body,
            id=made,
            organisation_id=certifications[0].organisation_id,
            certification_ids=[one.id for one in certifications],
            kind=plan.kind,
            objectives=plan.objectives,
            criteria=plan.criteria,
            method=plan.method,
            sent_on=plan.sent_on,
            objections_until=plan.objections_until,
            first_day=plan.first_day,
            last_day=plan.last_day,
            carried_by=carrier(actor),
        )
        for place, member in enumerate(plan.team):
            _join(connection, body, made, member, f"/team/{place}/person")
        return made

    return once(registry, body, request, make)


def join_plan(registry: Registry, actor: Actor, plan: UUID, member: TeamMember) -> None:
    """Another member is planned; refused from the first day of the audit on."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _known_plan(connection, body, plan)
        _join(connection, body, plan, member, "/person")


def record_objection(
    registry: Registry, actor: Actor, *, plan: UUID, person: UUID, grounds: str, received_on: date
) -> None:
    """The client objects to a member of the team, within the time that the plan gives."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    check_text(grounds, "/grounds")
    with registry.database.transaction(body=body) as connection:
        _known_plan(connection, body, plan)
        if not programmes.is_planned(connection, body, plan, person):
            raise AkashiError("unknown_person", field="/person")
        programmes.add_objection(
            connection,
            body_id=body,
            plan_id=plan,
            person_id=person,
            grounds=grounds,
            received_on=received_on,
            carried_by=carrier(actor),
        )


def answer_objection(
    registry: Registry, actor: Actor, *, plan: UUID, person: UUID, upheld: bool, answer: str, answered_on: date
) -> None:
    """The objection is answered, once; upheld, it keeps the person out of the audit."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    check_text(answer, "/answer")
    with registry.database.transaction(body=body) as connection:
        _known_plan(connection, body, plan)
        if not programmes.has_objection(connection, body, plan, person):
            raise AkashiError("unknown_objection", field="/person")
        programmes.add_answer(
            connection,
            body_id=body,
            plan_id=plan,
            person_id=person,
            upheld=upheld,
            answer=answer,
            answered_on=answered_on,
            carried_by=carrier(actor),
        )


def _known_plan(connection: Connection, body: UUID, plan: UUID) -> None:
    if programmes.find_plan(connection, body, plan) is None:
        raise AkashiError("unknown_plan", field="/plan")


def _join(connection: Connection, body: UUID, plan: UUID, member: TeamMember, at: str) -> None:
    known_person(connection, body, member.person, at)
    programmes.add_planned_member(
        connection, body_id=body, plan_id=plan, person_id=member.person, function=member.function
    )
