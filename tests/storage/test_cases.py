"""Cases are found by the body that received them alone."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import complaint
from app.storage import cases


@pytest.fixture
def received(world):
    return complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("complaint", "x", None, "me"))


def test_a_complaint_is_found_by_its_body_alone(world, received):
    with world.database.transaction(body=world.body) as connection:
        assert cases.find_complaint(connection, world.body, received.id).reference == received.reference
    with world.database.transaction(body=world.accreditation_body) as connection:
        assert cases.find_complaint(connection, world.body, received.id) is None


def test_the_contact_alone_is_erased(world, received):
    with world.database.transaction(body=world.body) as connection:
        cases.erase_contact(connection, body=world.body, complaint=received.id)
        assert cases.find_complaint(connection, world.body, received.id) is not None


def test_what_does_not_exist_is_not_found(world):
    with world.database.transaction(body=world.body) as connection:
        for find in (cases.find_notice, cases.find_appeal, cases.find_appealed, cases.find_complaint):
            assert find(connection, world.body, uuid4()) is None
