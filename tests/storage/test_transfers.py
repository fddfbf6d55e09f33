"""Queries of transfers: each party sees what is its own to see, and the old certificate's words only once given over."""

from __future__ import annotations

import pytest

from app.registry import audit
from app.storage import transfers
from tests.support.acts import rows
from tests.support.transfers import Accepting


@pytest.fixture
def accepting(world) -> Accepting:
    return Accepting(world)


@pytest.fixture
def old(world) -> str:
    return world.grant().public_id


def asked(world, body, question, *values):
    with world.database.transaction(body=body) as connection:
        return question(connection, *values)


def certification_of(world, public_id):
    return rows(world, "SELECT id FROM akashi.certification WHERE public_id = %(id)s", id=public_id)[0].id


def test_a_transfer_is_found_by_its_parties_alone(world, accepting, old):
    moving = accepting.open(old)
    stranger, _ = world.add_certification_body("A third body")
    for party in (accepting.body, world.body, world.accreditation_body):
        found = asked(world, party, transfers.find_transfer, moving)
        assert (found.body_id, found.from_body_id, found.state) == (accepting.body, world.body, "opened")
    assert asked(world, stranger, transfers.find_transfer, moving) is None


def test_what_the_old_certificate_says_is_told_once_it_was_given_over_and_to_the_accepting_body_alone(
    world, accepting, old
):
    moving = accepting.open(old)
    assert asked(world, accepting.body, transfers.source_of, moving) is None
    accepting.release(moving)
    assert asked(world, accepting.body, transfers.source_of, moving)["certificate_id"] == old
    for other in (world.body, world.accreditation_body):
        assert asked(world, other, transfers.source_of, moving) is None


def test_the_start_of_the_new_certificate_is_known_once_its_decision_is_signed(world, accepting, old):
    _, new = accepting.accepted(old)
    certification = certification_of(world, old)
    assert asked(world, world.body, transfers.start_of_transfer, world.body, certification) is None
    accepting.take_over(new)
    assert asked(world, world.body, transfers.start_of_transfer, world.body, certification) > world.now()


def test_a_nonconformity_is_given_over_until_it_is_verified(world, accepting):
    opened = world.open("FC-0009")
    found = audit.Finding("minor", "8.2", "not done", world.ago(-30))
    recorded = world.audit(opened.public_id, "stage_1", findings=(found,))
    certification = certification_of(world, opened.public_id)
    (one,) = asked(world, world.body, transfers.nonconformities_of, world.body, certification)
    assert (one.grade, one.plan_accepted) == ("minor", False)
    world.resolve(recorded.findings[0], done_on=world.today)
    assert asked(world, world.body, transfers.nonconformities_of, world.body, certification) == ()
