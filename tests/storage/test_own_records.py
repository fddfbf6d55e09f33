"""Queries of a body's own records: row-level security holds even where the question names another body."""

from __future__ import annotations

import pytest

from app.registry import appeal, change_notice, complaint
from app.storage.own_records import RECORDS, own_record, own_records, signed_documents
from tests.support.transfers import Accepting


@pytest.mark.parametrize("kind", RECORDS)
def test_a_transaction_of_one_body_sees_nothing_of_another(world, kind):
    suspended = world.suspend(world.grant().public_id)
    told = {"kind": "name", "detail": "x", "received_on": world.today}
    change_notice.receive_notice(world.registry, world.actor, certification=suspended.certification, **told)
    complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("complaint", "x"))
    appeal.lodge_appeal(world.registry, world.actor, decision=suspended.id, grounds="x", lodged_on=world.today)
    accepting = Accepting(world)
    accepting.open(world.grant("FC-0002").public_id)
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
