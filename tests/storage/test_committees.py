"""Queries of committees and sheets, as one body sees them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.storage import committees


@pytest.fixture
def committee(world):
    """A committee with one member, who has left."""
    made = uuid4()
    sat = {"body": world.body, "committee": made, "person": world.decider.id, "valid_from": world.ago(10)}
    with world.database.transaction(body=world.body) as connection:
        committees.add_committee(connection, body=world.body, committee=made, name="Committee", quorum_percent=50)
        committees.add_member(connection, **sat)
        committees.end_member(connection, **sat, last_day=world.ago(1))
    return made


def test_members_stand_with_their_first_and_last_day(world, committee):
    with world.database.transaction(body=world.body) as connection:
        assert committees.find_committee(connection, world.body, committee).quorum_percent == 50
        (member,) = committees.members(connection, world.body, committee)
    assert tuple(member) == (world.decider.id, world.ago(10), world.ago(1))


def test_another_body_sees_no_committee(world, committee):
    other, _ = world.add_certification_body("Other Certification")
    with world.database.transaction(body=other) as connection:
        assert committees.find_committee(connection, world.body, committee) is None
        assert committees.members(connection, world.body, committee) == ()


def test_a_draft_without_a_sheet_or_votes_has_none(world):
    with world.database.transaction(body=world.body) as connection:
        assert committees.sheet_of(connection, world.body, uuid4()) is None
        assert committees.items(connection, world.body, uuid4()) == ()
        assert committees.abstentions(connection, world.body, uuid4()) == ()
