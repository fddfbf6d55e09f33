"""Cases written with plain SQL as the service's role: notices, complaints and appeals, up to where a test goes on."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from app.storage.rows import Connection, insert
from tests.support.acts import rows
from tests.support.world import World, WorldPerson


def noticed(connection: Connection, world: World, certification: UUID, kind: str = "merger", **more: Any) -> UUID:
    """A notice of change."""
    notice = uuid4()
    told = {"kind": kind, "detail": "x", "received_on": world.ago(1), "carried_by": "around", **more}
    insert(connection, "change_notice", body_id=world.body, id=notice, certification_id=certification, **told)
    return notice


def dispose(connection: Connection, world: World, notice: UUID, person: WorldPerson, **more: Any) -> None:
    """What follows from it."""
    found = {"disposition": "amend", "reason": "x", "assessment": None, "disposed_on": world.today, **more}
    insert(connection, "change_disposition", body_id=world.body, notice_id=notice, person_id=person.id, **found)


def complained(connection: Connection, world: World, certification: UUID | None = None, **more: Any) -> UUID:
    """A complaint of yesterday."""
    case = uuid4()
    said = {"kind": "complaint", "origin": "holder", "subject": "x", "received_on": world.ago(1), **more}
    reference = case.hex[:12].upper()
    insert(connection, "complaint", body_id=world.body, id=case, reference=reference, certification_id=certification, carried_by="around", **said)  # fmt: skip
    return case


def step(connection: Connection, world: World, case: UUID, name: str, person: WorldPerson, **more: Any) -> None:
    """The complaint was acknowledged, or investigated."""
    done = {"done_on": world.today, "account": "x", **more}
    insert(connection, "complaint_step", body_id=world.body, complaint_id=case, step=name, person_id=person.id, **done)


def decide_complaint(connection: Connection, world: World, case: UUID, person: WorldPerson, **more: Any) -> None:
    """The complaint was decided."""
    found = {"outcome": "justified", "reasons": "x", "decided_on": world.today, **more}
    insert(connection, "complaint_decision", body_id=world.body, complaint_id=case, person_id=person.id, **found)


def appealed(
    connection: Connection,
    world: World,
    certification: UUID,
    decision: UUID,
    panel: tuple[WorldPerson, ...] = (),
    lodged_on: date | None = None,
) -> UUID:
    """An appeal, acknowledged, with its panel."""
    case, day = uuid4(), lodged_on or world.today
    about = {"certification_id": certification, "decision_id": decision}
    insert(connection, "appeal", body_id=world.body, id=case, **about, grounds="x", lodged_on=day, carried_by="around")
    told = {"person_id": world.reviewer.id, "done_on": day}
    insert(connection, "appeal_acknowledgement", body_id=world.body, appeal_id=case, **told)
    for person in panel:
        join_panel(connection, world, case, person)
    return case


def join_panel(connection: Connection, world: World, case: UUID, person: WorldPerson) -> None:
    """Somebody handles the appeal."""
    insert(connection, "appeal_panel", body_id=world.body, appeal_id=case, person_id=person.id)


def conclude(
    connection: Connection, world: World, case: UUID, outcome: str = "upheld", decided_on: date | None = None
) -> None:
    """What the panel found."""
    found = {"outcome": outcome, "reasons": "x", "decided_on": decided_on or world.today}
    insert(connection, "appeal_outcome", body_id=world.body, appeal_id=case, **found)


def one_of_each(world: World, public_id: str, decision: UUID) -> None:
    """A case of each kind about a decision, handled to its end."""
    (about,) = rows(world, "SELECT id FROM akashi.certification WHERE public_id = %(id)s", id=public_id)
    handler = world.add_person(world.actor, "appeal_handler")
    with world.database.transaction(body=world.body) as connection:
        dispose(connection, world, noticed(connection, world, about.id, "name"), world.reviewer)
        complaint = complained(connection, world, about.id)
        for name in ("acknowledged", "investigated"):
            step(connection, world, complaint, name, world.reviewer)
        decide_complaint(connection, world, complaint, world.reviewer)
        conclude(connection, world, appealed(connection, world, about.id, decision, (handler,)))
