"""Upkeep: one leader, and what it puts right in a round."""

from __future__ import annotations

from datetime import timedelta

from app.registry.status_lists import newest_list
from app.registry.upkeep import begin, unready, upkeep_round
from app.registry.verification import verify
from app.storage import upkeep
from app.storage.database import Database
from tests.support.acts import begin_issue, count
from tests.support.door import registry_over


def decided(world):
    opened = world.open()
    return world.decide_grant(opened.public_id, world.audits(opened.public_id))


def test_a_start_finishes_what_a_crash_left_and_publishes(world):
    grant = decided(world)
    begin_issue(world, grant)
    assert verify(world.registry, grant.certification).verdict == "unknown"
    begin(world.registry)
    assert verify(world.registry, grant.certification).verdict == "valid"
    assert unready(world.registry) == ()


def test_a_round_leaves_an_act_alone_that_may_still_be_running(world):
    begin_issue(world, decided(world))
    assert upkeep_round(world.registry).finished == 0
    world.set_clock(world.now() + timedelta(minutes=6))
    assert upkeep_round(world.registry).finished == 1
    assert count(world, "certificate_version") == 1


def test_an_act_that_a_rule_now_refuses_is_voided_and_counted(world):
    begin_issue(world, decided(world))
    world.change_accreditation("withdraw")
    world.set_clock(world.now() + timedelta(minutes=6))
    assert upkeep_round(world.registry).refused == 1
    assert upkeep_round(world.registry).refused == 0


def test_lists_are_published_anew_before_they_cease_to_count_and_not_at_every_round(world):
    assert upkeep_round(world.registry).published is True
    assert upkeep_round(world.registry).published is False
    world.set_clock(world.now() + timedelta(hours=20))
    assert upkeep_round(world.registry).published is True
    assert newest_list(world.registry, 1).number == 2


def test_a_round_without_the_lead_does_nothing(world):
    with world.database.transaction("jobs") as connection:
        assert upkeep.take_lead(connection)
        assert upkeep_round(world.registry).led is False
    assert upkeep_round(world.registry).led is True


def test_what_is_missing_is_named(world):
    assert unready(world.registry) == ("status lists",)
    begin(world.registry)
    assert unready(world.registry) == ()
    world.set_clock(world.now() + timedelta(days=2))
    assert unready(world.registry) == ("status lists",)


def test_without_a_database_that_is_what_is_missing():
    gone = Database.connect({"reader": "postgresql://akashi_reader@127.0.0.1:9/none"})
    assert unready(registry_over(gone)) == ("database",)
