"""Rows about overlaps belong to their body."""

from __future__ import annotations

from app.storage import overlaps
from tests.support.acts import refused, rows


def test_another_body_writes_no_confirmation(world):
    one, other = world.open("FC-0001").id, world.open("FC-0002").id
    said = {"person": world.reviewer.id, "reason": "two systems", "confirmed_on": world.today}
    with refused("unknown_certification"), world.database.transaction(body=world.accreditation_body) as connection:
        overlaps.add_confirmation(connection, body=world.body, certification=one, other=other, **said)
    with world.database.transaction(body=world.body) as connection:
        overlaps.add_confirmation(connection, body=world.body, certification=one, other=other, **said)
    (kept,) = rows(world, "SELECT certification_id, other_id FROM akashi.overlap_confirmation")
    assert (kept.certification_id, kept.other_id) == (one, other)
