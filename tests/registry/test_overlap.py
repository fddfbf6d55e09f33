"""Two certificates of one scope: a competent person says that both are meant, and the dossier keeps who and why."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry.dossier import read_dossier
from app.registry.overlap import confirm_overlap
from tests.support.acts import refused, rows
from tests.support.world import certify_again_and_again


@pytest.fixture
def pair(world):
    """One certification granted, and a second of the same client and scope in which nothing is decided."""
    certify_again_and_again(world.fresh.superuser_url, "array_remove(waived_rules, 'no_overlap')")
    first = world.grant("FC-0001")
    second = world.open("FC-0002")
    (known,) = rows(world, "SELECT id FROM akashi.certification WHERE public_id = %(id)s", id=first.public_id)
    return known.id, second


def confirm(world, pair, **changes):
    first, second = pair
    said = {"other": first, "person": world.reviewer.id, "reason": "two systems", "confirmed_on": world.today}
    confirm_overlap(world.registry, world.actor, second.id, **{**said, **changes})


def test_a_second_certificate_of_one_scope_is_granted_only_when_both_are_meant(world, pair):
    _, second = pair
    audits = world.audits(second.public_id)
    with refused("overlap_not_confirmed"):
        world.decide_grant(second.public_id, audits)
    confirm(world, pair)
    assert world.issue(world.decide_grant(second.public_id, audits)).version_no == 1


def test_the_dossier_keeps_who_said_so_and_why(world, pair):
    confirm(world, pair)
    (kept,) = read_dossier(world.registry, world.actor, pair[1].id).overlaps
    assert (kept.number, kept.person, kept.reason) == ("FC-0001", world.reviewer.id, "two systems")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"other": uuid4()}, "unknown_certification"),
        ({"person": uuid4()}, "unknown_person"),
        ({"reason": "two\u202esystems"}, "text_bidi_control"),
    ],
)
def test_what_confirms_nothing_is_refused(world, pair, changes, code):
    with refused(code):
        confirm(world, pair, **changes)


def test_it_is_confirmed_once_and_not_for_itself(world, pair):
    confirm(world, pair)
    with refused("already_recorded"):
        confirm(world, pair)
    with refused("unknown_certification"):
        confirm(world, pair, other=pair[1].id)


def test_another_body_confirms_nothing(world, pair):
    _, stranger = world.add_certification_body("Another Body")
    with refused("unknown_certification"):
        confirm_overlap(
            world.registry,
            stranger,
            pair[1].id,
            other=pair[0],
            person=world.reviewer.id,
            reason="x",
            confirmed_on=world.today,
        )
