"""What comes before a decision, written with plain SQL as the service's role: one row and its like, lawful as it stands.

Each function takes the row of a certification and a person, and whatever column a test wants to be different.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.storage.rows import Connection, insert
from tests.support.acts import rows
from tests.support.many import audited
from tests.support.world import World, WorldPerson


def certification_of(world: World, public_id: str) -> Any:
    """The row of a certification."""
    (row,) = rows(world, "SELECT * FROM akashi.certification WHERE public_id = %(id)s", id=public_id)
    return row


def declare(
    connection: Connection, world: World, person: WorldPerson, kind: str = "consultancy", **period: Any
) -> None:
    """The person's interest in the organisation; without a period it lasts, and has lasted for ever."""
    said = {"person_id": person.id, "organisation_id": world.organisation, "kind": kind, "detail": "x"}
    insert(connection, "interest", body_id=world.body, id=uuid4(), carried_by="around", **said, **period)


def end_competence(connection: Connection, world: World, person: WorldPerson, function: str, **more: Any) -> None:
    """The last day of a competence in robotics that somebody has since long ago."""
    ended = {"person_id": person.id, "function": function, "scheme_code": "aims", "area": "robotics"}
    period = {"valid_from": world.ago(400), "last_day": world.ago(1), "carried_by": "around", **more}
    insert(connection, "competence_end", body_id=world.body, **ended, **period)


def review_application(connection: Connection, world: World, person: WorldPerson, known: Any, **more: Any) -> None:
    """An application for robots of the same client, reviewed."""
    applied = {
        "id": uuid4(),
        "organisation_id": known.organisation_id,
        "scheme_code": "aims",
        "areas": ["robotics"],
        "carried_by": "around",
    }
    insert(connection, "application", body_id=world.body, scope_requested="x", received_on=world.ago(2), **applied)
    review = {
        "reviewer_id": person.id,
        "outcome": "accepted",
        "reviewed_on": world.today,
        "carried_by": "around",
        **more,
    }
    insert(connection, "application_review", body_id=world.body, application_id=applied["id"], **review)


def lay_programme(connection: Connection, world: World, person: WorldPerson, known: Any, **more: Any) -> UUID:
    """The programme of a later cycle, with the head office."""
    sites = {"site_ids": [world.head_office], "visited_site_ids": [world.head_office]}
    said = {"cycle": 9, "version": 1, "established_on": world.today, "carried_by": "around", **sites, **more}
    identity = uuid4()
    insert(connection, "audit_programme", body_id=world.body, id=identity, certification_id=known.id, person_id=person.id, **said)  # fmt: skip
    return identity


def calculate_time(connection: Connection, world: World, person: WorldPerson, known: Any, **more: Any) -> None:
    """Five days, not reduced."""
    said = {"method": "x", "inputs": {}, "base_days": 5, "calculated_on": world.today, "carried_by": "around", **more}
    insert(connection, "audit_time", body_id=world.body, id=uuid4(), certification_id=known.id, person_id=person.id, **said)  # fmt: skip


def plan(connection: Connection, world: World, person: WorldPerson, known: Any, **more: Any) -> UUID:
    """A follow-up audit of one day, five days from now, led by this person; the client has three days to object."""
    identity, first_day = uuid4(), more.pop("first_day", world.ago(-5))
    days = {"sent_on": first_day - timedelta(5), "objections_until": first_day - timedelta(2), "first_day": first_day}
    said = {"objectives": "x", "criteria": "x", "method": "both", "kind": "follow_up", **days, "last_day": first_day}
    served = {"organisation_id": known.organisation_id, "certification_ids": [known.id]}
    insert(connection, "audit_plan", body_id=world.body, id=identity, carried_by="around", **{**said, **served, **more})
    join_plan(connection, world, person, identity, "team_leader")
    return identity


def join_plan(
    connection: Connection, world: World, person: WorldPerson, plan_id: UUID, function: str = "auditor"
) -> None:
    """The person belongs to the planned team."""
    insert(connection, "plan_member", body_id=world.body, plan_id=plan_id, person_id=person.id, function=function)


def follow_up(connection: Connection, world: World, known: Any) -> UUID:
    """An audit of today that no plan ties to its team, led by the auditor."""
    return audited(connection, world, known.id, "follow_up", world.today, planned=False)


def join_team(
    connection: Connection, world: World, person: WorldPerson, audit: UUID, function: str = "auditor"
) -> None:
    """The person took part in the audit."""
    insert(connection, "audit_member", body_id=world.body, audit_id=audit, person_id=person.id, function=function)


def find(connection: Connection, world: World, audit: UUID, grade: str = "minor") -> UUID:
    """A finding of an audit."""
    found = {"id": uuid4(), "grade": grade, "clause": "8.2", "description": "x", "due_on": world.ago(-30)}
    insert(connection, "finding", body_id=world.body, audit_id=audit, **found)
    return UUID(str(found["id"]))


def take_step(connection: Connection, world: World, person: WorldPerson, finding: UUID, step: str, **more: Any) -> None:
    """One step towards the end of a finding, today."""
    taken = {"step": step, "person_id": person.id, "done_on": world.today, "carried_by": "around", **more}
    insert(connection, "finding_step", body_id=world.body, finding_id=finding, **taken)


def conclude(connection: Connection, world: World, person: WorldPerson, audit: UUID, **more: Any) -> None:
    """The conclusion from an audit."""
    said = {"positive": True, "conclusion": "x", "concluded_on": world.today, "carried_by": "around", **more}
    insert(connection, "surveillance_conclusion", body_id=world.body, audit_id=audit, person_id=person.id, **said)


def monitor(connection: Connection, world: World, person: WorldPerson, audit: UUID) -> None:
    """Somebody looks at a conclusion."""
    said = {"confirmed": True, "note": "x", "monitored_on": world.today, "carried_by": "around"}
    insert(connection, "conclusion_monitoring", body_id=world.body, audit_id=audit, person_id=person.id, **said)


def review(connection: Connection, world: World, person: WorldPerson, known: Any, *audits: UUID, **more: Any) -> None:
    """The technical review of audits."""
    said = {"sufficient": True, "note": "x", "reviewed_on": world.today, "carried_by": "around", **more}
    insert(connection, "review", body_id=world.body, id=uuid4(), certification_id=known.id, audit_ids=list(audits), reviewer_id=person.id, **said)  # fmt: skip
