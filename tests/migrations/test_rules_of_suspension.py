"""Urgent, ratified, prolonged and long suspensions, in the database (17021-1 9.6.5; invariants 12, 13)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.registry.audit import TeamMember
from app.storage.rows import insert
from tests.support.around import lawful, refuses


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def granted(world):
    return world.grant(f"susp-{uuid4()}").public_id


@pytest.fixture
def urgently(world, granted):
    """Suspended urgently by one decider."""
    reason = ("harm_imminent", "people may be hurt")
    world.decide(granted, "suspend_urgently", until=world.ago(-30), reason=reason)
    return granted


def ratification(world, public_id, *, event=2, by=None):
    return lawful(world, public_id, "ratify", ratifies=event, deciders=(by or world.second_decider,))


def test_an_urgent_suspension_is_ratified_by_another(world, urgently):
    ratification(world, urgently).attempt()


def test_nobody_ratifies_what_they_decided(world, urgently):
    with refuses("ratified_by_the_same"):
        ratification(world, urgently, by=world.decider).attempt()


def test_it_is_ratified_once(world, urgently):
    world.decide(urgently, "ratify", ratifies=2, deciders=(world.second_decider,))
    third = world.add_person(world.actor, "decider")
    with refuses("already_ratified"):
        ratification(world, urgently, by=third).attempt()


def test_after_five_working_days_it_is_too_late(world, urgently):
    world.set_clock(world.now() + timedelta(days=8))
    try:
        with refuses("ratification_too_late"):
            ratification(world, urgently).attempt()
    finally:
        world.set_clock(world.now() - timedelta(days=8))


def test_an_ordinary_suspension_is_not_ratified(world, granted):
    world.suspend(granted)
    with refuses("event_not_in_force"):
        ratification(world, granted).attempt()


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Monday
        (date(2026, 11, 27), date(2026, 12, 4)),  # Friday
        (date(2026, 11, 28), date(2026, 12, 4)),  # Saturday
    ],
)
def test_working_days_leave_out_the_weekend(world, day, last):
    with world.database.transaction() as connection:
        (row,) = connection.exec_driver_sql(f"SELECT akashi.working_days_after('{day}', 5)").all()
    assert row[0] == last


def test_beyond_the_limit_a_second_person_approves(world, granted):
    far = world.ago(-250)
    with refuses("suspension_too_long"):
        lawful(world, granted, "suspend", until=far).attempt()
    lawful(world, granted, "suspend", until=far, deciders=(world.decider, world.second_decider)).attempt()


def test_a_suspension_is_prolonged_and_its_limit_counts_from_the_first_day(world, granted):
    world.suspend(granted)
    lawful(world, granted, "suspend", until=world.ago(-60)).attempt()
    with refuses("suspension_too_long"):
        lawful(world, granted, "suspend", until=world.ago(-200)).attempt()


# Whoever followed a suspension up does not end it (invariant 3).


def followed_up(world, public_id):
    """A decider who led the follow-up audit of a suspension, on record whether or not a decision lists it."""
    both = world.add_person(world.actor, "auditor", "decider")
    world.audit(public_id, "follow_up", last_day=world.today, team=(TeamMember(both.id, "team_leader"),))
    return both


def test_whoever_followed_it_up_does_not_restore_and_leaving_the_audit_out_does_not_help(world, granted):
    world.suspend(granted)
    both = followed_up(world, granted)
    with refuses("decider_in_audit_team"):
        lawful(world, granted, "restore", deciders=(both,)).attempt()
    lawful(world, granted, "restore").attempt()


def test_whoever_audited_before_the_suspension_may_end_it(world, granted):
    both = world.add_person(world.actor, "auditor", "decider")
    world.audit(granted, "surveillance", last_day=world.ago(3), team=(TeamMember(both.id, "team_leader"),))
    world.suspend(granted)
    lawful(world, granted, "restore", deciders=(both,)).attempt()


def test_whoever_restored_is_not_put_into_the_follow_up_afterwards(world, granted):
    world.suspend(granted)
    both = world.add_person(world.actor, "auditor", "decider")
    audit = world.audit(granted, "follow_up", last_day=world.today)
    world.restore(granted, deciders=(both,))
    with refuses("decider_in_audit_team"), world.database.transaction(body=world.body) as connection:
        member = {"audit_id": audit.id, "person_id": both.id, "function": "auditor"}
        insert(connection, "audit_member", body_id=world.body, **member)


def test_a_suspension_ends_in_a_reduction(world):
    wide = world.wanted(areas=("generative", "robotics"))
    public_id = world.grant(f"susp-{uuid4()}", certificate=wide).public_id
    world.suspend(public_id)
    reason = ("nonconformity_persists", "one area failed")
    lawful(world, public_id, "reduce", certificate=world.wanted(), reason=reason).attempt()
