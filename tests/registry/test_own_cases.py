"""What a body reads of its cases: whole, with how they were handled, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from app.registry import change_notice, complaint
from app.registry.own_cases import APPEAL, CHANGE_NOTICE, COMPLAINT
from app.registry.own_records import list_own, read_own
from tests.support.acts import refused


@pytest.fixture
def notice(world) -> UUID:
    certification = world.open().public_id
    return change_notice.receive_notice(
        world.registry, world.actor, certification=certification, kind="name", detail="x", received_on=world.today
    )


def test_a_notice_is_read_with_what_was_found_to_follow(world, notice):
    assert read_own(world.registry, world.actor, CHANGE_NOTICE, notice).disposition is None
    found = change_notice.Disposition("amend", world.reviewer.id, "the register says so", world.today)
    change_notice.dispose_of(world.registry, world.actor, notice, found)
    shown = read_own(world.registry, world.actor, CHANGE_NOTICE, notice).disposition
    assert (shown.consequence, shown.person, shown.disposed_on) == ("amend", world.reviewer.id, world.today)


def test_a_complaint_about_the_body_names_no_certification_and_says_its_days(world):
    got = complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("complaint", "x"))
    shown = read_own(world.registry, world.actor, COMPLAINT, got.id)
    assert (shown.certification, shown.contact, shown.steps, shown.decision) == (None, None, (), None)
    assert ((shown.acknowledge_by - world.today).days, (shown.decide_by - world.today).days) == (10, 90)


@pytest.mark.parametrize("kind", [CHANGE_NOTICE, COMPLAINT, APPEAL], ids=lambda kind: kind.name)
def test_cases_need_their_scope_and_another_s_read_as_unknown(world, notice, kind):
    narrow = replace(world.actor, scopes=frozenset({"certificates:read"}))
    with refused("insufficient_scope"):
        list_own(world.registry, narrow, kind, place=None, limit=1)
    _, stranger = world.add_certification_body("A stranger")
    with refused(kind.unknown):
        read_own(world.registry, stranger, kind, notice)
