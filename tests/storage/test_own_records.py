"""Queries of a body's own records: row-level security holds even where the question names another body."""

from __future__ import annotations

import pytest

from app.registry import appeal, change_notice, complaint, impartiality, operating_entities, technical_review
from app.storage.own_records import RECORDS, own_record, own_records, signed_documents
from tests.support.transfers import Accepting


def something_of_each(world) -> None:
    """What a body keeps of its work, at least one record of every kind."""
    public_id = world.open().public_id
    audits = world.audits(public_id)
    world.issue(world.decide_grant(public_id, audits))
    suspended = world.suspend(public_id)
    received = {"kind": "name", "detail": "x", "received_on": world.today}
    change_notice.receive_notice(world.registry, world.actor, certification=public_id, **received)
    complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("complaint", "x"))
    appeal.lodge_appeal(world.registry, world.actor, decision=suspended.id, grounds="x", lodged_on=world.today)
    facts = {"audits": audits, "sufficient": True, "note": "complete", "reviewed_on": world.today}
    review = technical_review.ReviewFacts(public_id, reviewer=world.reviewer.id, **facts)
    technical_review.record_review(world.registry, world.actor, review)
    accepting = Accepting(world)
    accepting.open(world.grant("FC-0002").public_id)
    told = {"identified_on": world.today, "description": "a former colleague"}
    impartiality.record_threat(world.registry, world.actor, source="familiarity", **told)
    related = {"organisation": world.organisation, "relation": "certification_body", "detail": "certifies others"}
    impartiality.record_relation(world.registry, world.actor, **related)
    day = world.today
    entity = operating_entities.EntityFacts("Branch", "JP", True, day, day, "low", day)
    operating_entities.register_entity(world.registry, world.actor, entity)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_transaction_of_one_body_sees_nothing_of_another(world, kind):
    something_of_each(world)
    stranger, _ = world.add_certification_body("Another Body")
    with world.database.transaction(body=world.body) as connection:
        (record, *_) = own_records(connection, kind, world.body, None, 10)
    with world.database.transaction(body=stranger) as connection:
        assert own_records(connection, kind, world.body, None, 10) == ()
        assert own_record(connection, kind, world.body, record.id) is None


def test_nothing_is_signed_on_a_draft_that_nobody_confirmed(world):
    opened = world.open()
    draft = world.draft(
        opened.public_id,
        "grant",
        relied_on=world.audits(opened.public_id),
        accreditations=(world.known_accreditation,),
        certificate=world.wanted(),
    )
    with world.database.transaction(body=world.body) as connection:
        assert signed_documents(connection, world.body, draft.id) == ()
