"""Scenarios of transfers between bodies (IAF MD 2; docs/scenarios.md)."""

from __future__ import annotations

import pytest

from tests.support.scene import refused


@pytest.fixture
def robots(body):
    """A client with a certificate of the old body."""
    return body.certifies("Kasumi Robotics K.K.")


@pytest.fixture
def moving(new_body, robots):
    """The client has applied at the new body, and the old one has notice of it."""
    return new_body.is_asked_to_take_over(robots, "Kasumi Robotics K.K.")


def test_a_body_that_does_not_answer_holds_no_client(body, new_body, accreditation_body, visitor, clock, moving):
    (accredited,) = body.accreditations
    with refused("no_such_transfer_step", "IAF MD 2"):
        new_body.reviews(moving)
    with refused("answer_not_due", "IAF MD 2"):
        accreditation_body.attests(moving, "no_answer", accredited)

    clock.passes(days=15)
    accreditation_body.attests(moving, "no_answer", accredited)
    new_body.reviews(moving)
    new = new_body.takes_over(moving)

    told = visitor.verifies(new)
    assert (told.verdict, told.last_valid_day) == ("valid", visitor.verifies(moving.old).last_valid_day)
    assert told.report["origin"]["previous"]["basis"] == "no_cooperation"


def test_the_old_id_says_in_data_which_certificate_continues_it(
    body, new_body, accreditation_body, visitor, clock, moving
):
    clock.passes(days=15)
    accreditation_body.attests(moving, "no_answer", *body.accreditations)
    new_body.reviews(moving)
    new = new_body.takes_over(moving)

    record = visitor.reads(f"/v1/certificates/{moving.old.id}")
    assert (record["certificate_id"], record["continued_by"]) == (moving.old.id, new.id)
    page = visitor.reads(f"/en/c/{moving.old.id}")
    assert new.id in page, "the page answers at its own address and names the new certificate"
    with refused("certification_transferred"):
        body.decides("amend", moving.old)


def test_a_suspended_certificate_is_not_taken_over(body, new_body, accreditation_body, visitor, robots):
    body.decides("suspend", robots)

    with refused("transfer_of_suspended", "IAF MD 2; invariant 14"):
        new_body.is_asked_to_take_over(robots, "Kasumi Robotics K.K.")

    told = visitor.verifies(robots)
    assert (told.verdict, told.state) == ("not_currently_valid", "suspended")


def test_a_suspension_while_a_transfer_is_open_stops_it_unless_it_was_without_ground(
    body, new_body, accreditation_body, visitor, robots, moving
):
    body.decides("suspend", robots)
    with refused("transfer_of_suspended", "IAF MD 2; invariant 14"):
        body.releases(moving)
    assert accreditation_body.reads(moving.address)["flagged"] is True

    accreditation_body.attests(moving, "suspension_without_ground", *body.accreditations, event_no=2)
    new_body.reviews(moving)
    new = new_body.takes_over(moving)

    assert visitor.verifies(new).verdict == "valid"
    assert visitor.verifies(robots).history == ["grant", "suspend"], "what the old body did is not rewritten"
