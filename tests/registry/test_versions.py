"""The versions of a certificate: which is current, when each was replaced, and what differs among what may be shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.registry.versions import LABELS, published_with_versions, version_answer, version_list
from tests.support.acts import refused, rows
from tests.support.service import UNKNOWN_ID


def states(world, public_id):
    return [one.state for one in version_list(world.registry, public_id)[1].versions]


def test_a_version_to_come_is_pending_until_its_day(world):
    issued = world.grant()
    world.amend(issued.public_id, effective_on=world.ago(-3))
    assert states(world, issued.public_id) == ["current", "pending"]
    _, first = version_answer(world.registry, issued.public_id, 1)
    assert (first.current, first.replaced_on) == (1, None)
    world.set_clock(world.now() + timedelta(days=4))
    assert states(world, issued.public_id) == ["superseded", "current"]
    _, first = version_answer(world.registry, issued.public_id, 1)
    assert (first.current, first.replaced_on) == (2, world.ago(1))


def test_before_any_is_in_force_none_is_current(world):
    issued = world.grant(effective_on=world.ago(-3))
    _, first = version_answer(world.registry, issued.public_id, 1)
    assert (first.current, first.differences) == (None, ())
    assert states(world, issued.public_id) == ["pending"]


def test_each_old_version_is_compared_with_the_current_one(world):
    issued = world.grant()
    world.rename("Second Name K.K.")
    world.amend(issued.public_id)
    _, listed = version_list(world.registry, issued.public_id)
    assert [[one.field for one in version.differences_from_current] for version in listed.versions] == [
        ["holder.names"],
        [],
    ]


def test_each_version_says_which_act_made_it_and_what_that_changed(world):
    """ISO/IEC 17021-1 8.2.2."""
    issued = world.grant()
    world.rename("Second Name K.K.")
    world.amend(issued.public_id)
    _, listed = version_list(world.registry, issued.public_id)
    first, second = listed.versions
    assert [(one.act, one.label) for one in (first, second)] == [("grant", LABELS["grant"]), ("amend", LABELS["amend"])]
    (change,) = second.changes
    assert (first.changes, change.field) == ((), "holder.names")
    named = [{name.name for name in names} for names in (change.before, change.after)]
    assert (named[0] - named[1], named[1] - named[0]) == ({"Kasumi Robotics K.K."}, {"Second Name K.K."})
    assert (second.decided_on, second.effective_on) == (world.today, world.today)


def test_every_act_that_makes_a_version_has_a_label(world):
    making = {row.act for row in rows(world, "SELECT act FROM akashi.decision_type WHERE makes_version")}
    assert making <= set(LABELS)


def test_with_the_answer_come_the_versions_and_none_for_nothing(world):
    issued = world.grant()
    answer, listed = published_with_versions(world.registry, issued.public_id)
    assert (answer.report.verdict, [one.version for one in listed]) == ("valid", [1])
    assert published_with_versions(world.registry, UNKNOWN_ID)[1] == ()


def test_what_is_withheld_is_compared_nowhere(world):
    issued = world.grant(consented=("scope",))
    world.rename("Second Name K.K.")
    world.amend(issued.public_id)
    answer, first = version_answer(world.registry, issued.public_id, 1)
    assert first.differences == ()
    assert answer.report.holder is None


def test_a_withdrawn_certificate_keeps_its_versions(world):
    issued = world.grant()
    world.withdraw(issued.public_id)
    assert states(world, issued.public_id) == ["current"]


@pytest.mark.parametrize("number", [0, 2])
def test_a_number_that_was_never_given_is_unknown(world, number):
    issued = world.grant()
    with refused("unknown_version"):
        version_answer(world.registry, issued.public_id, number)


def test_versions_of_nothing_are_unknown(world):
    for question in (
        lambda: version_answer(world.registry, UNKNOWN_ID, 1),
        lambda: version_list(world.registry, UNKNOWN_ID),
    ):
        with refused("unknown_certificate"):
            question()
