"""The plan reaches the client in time to object, and freezes the team on the first day (ISO/IEC 17021-1 9.2.3)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.registry import audit_plan
from app.registry.audit import TeamMember
from tests.support.acts import refused, rows


@pytest.fixture
def opened(bare_world):
    return bare_world.open().public_id


def team(world, *more):
    return (TeamMember(world.auditor.id, "team_leader"), *more)


def begun(world, opened, *more, **changes):
    """The plan of an audit that began six days ago."""
    days = {"first_day": world.ago(6), "last_day": world.ago(5), **changes}
    return world.plan(opened, "stage_1", team=team(world, *more), **days)


def record(world, opened, plan, *more):
    return world.audit(opened, "stage_1", last_day=world.ago(5), plan=plan, team=team(world, *more))


def object_to(world, plan, person, *, days_ago=15):
    audit_plan.record_objection(
        world.registry, world.actor, plan=plan, person=person, grounds="a competitor", received_on=world.ago(days_ago)
    )


def answer(world, plan, person, *, upheld, days_ago=14):
    audit_plan.answer_objection(
        world.registry,
        world.actor,
        plan=plan,
        person=person,
        upheld=upheld,
        answer="we looked at it",
        answered_on=world.ago(days_ago),
    )


# --- The team ---


def test_somebody_joins_before_the_first_day(bare_world, opened):
    plan = bare_world.plan(opened, "stage_1", first_day=bare_world.ago(-1))
    audit_plan.join_plan(
        bare_world.registry, bare_world.actor, plan, TeamMember(bare_world.second_auditor.id, "auditor")
    )
    kept = rows(bare_world, "SELECT function FROM akashi.plan_member WHERE plan_id = %(p)s", p=plan)
    assert {row.function for row in kept} == {"team_leader", "auditor"}


def test_nobody_joins_from_the_first_day_on(bare_world, opened):
    plan = bare_world.plan(opened, "stage_1", first_day=bare_world.ago(-1))
    bare_world.set_clock(bare_world.now() + timedelta(days=1))
    with refused("team_frozen"):
        audit_plan.join_plan(
            bare_world.registry, bare_world.actor, plan, TeamMember(bare_world.second_auditor.id, "auditor")
        )


def test_only_planned_members_take_part(bare_world, opened):
    plan = begun(bare_world, opened)
    with refused("team_frozen"):
        record(bare_world, opened, plan, TeamMember(bare_world.second_auditor.id, "auditor"))
    assert record(bare_world, opened, plan).id


def test_a_planned_member_is_competent_and_known(bare_world, opened):
    with refused("auditor_not_competent"):
        begun(bare_world, opened, TeamMember(bare_world.reviewer.id, "auditor"))
    with refused("unknown_person", "/team/1/person"):
        begun(bare_world, opened, TeamMember(uuid4(), "observer"))
    with refused("second_team_leader", "/team"):
        begun(bare_world, opened, TeamMember(bare_world.second_auditor.id, "team_leader"))


# --- The plan ---


def test_the_client_has_time_to_object(bare_world, opened):
    for changes in (
        {"sent_on": bare_world.ago(13), "objections_until": bare_world.ago(13)},
        {"objections_until": bare_world.ago(6)},
    ):
        with refused("no_time_to_object", "/objections_until"):
            begun(bare_world, opened, **changes)


def test_an_audit_follows_its_plan(bare_world, opened):
    other = bare_world.open("FC-0002").public_id
    with refused("audit_not_as_planned"):
        record(bare_world, opened, begun(bare_world, opened, first_day=bare_world.ago(7)))
    with refused("audit_not_as_planned"):
        record(bare_world, other, begun(bare_world, opened))
    with refused("audit_not_as_planned"):
        bare_world.audit(opened, "follow_up", last_day=bare_world.ago(5), plan=begun(bare_world, opened))
    with refused("unknown_plan", "/plan"):
        record(bare_world, opened, uuid4())


def test_a_plan_serves_certifications_of_one_organisation(bare_world, opened):
    other = bare_world.open("FC-0002").public_id
    assert begun(bare_world, opened, certifications=(opened, other))
    bare_world.__dict__.pop("organisation")
    stranger = bare_world.open("FC-0003").public_id
    with refused("unknown_certification"):
        begun(bare_world, opened, certifications=(opened, stranger))


def test_a_required_audit_without_a_plan_supports_no_grant(world):
    public_id = world.open().public_id
    first = world.audit(public_id, "stage_1", last_day=world.ago(20)).id
    second = world.audit(public_id, "stage_2", last_day=world.ago(10), stage_1=first, plan=None).id
    with refused("audit_not_planned"):
        world.decide_grant(public_id, (first, second))


# --- Objections ---


def test_an_objection_is_answered_before_the_audit_is_recorded(bare_world, opened):
    second = TeamMember(bare_world.second_auditor.id, "auditor")
    plan = begun(bare_world, opened, second)
    object_to(bare_world, plan, second.person)
    with refused("objection_unanswered"):
        record(bare_world, opened, plan, second)
    answer(bare_world, plan, second.person, upheld=False)
    assert record(bare_world, opened, plan, second).id


def test_a_member_against_whom_it_was_upheld_takes_no_part(bare_world, opened):
    second = TeamMember(bare_world.second_auditor.id, "auditor")
    plan = begun(bare_world, opened, second)
    object_to(bare_world, plan, second.person)
    answer(bare_world, plan, second.person, upheld=True)
    with refused("objection_upheld"):
        record(bare_world, opened, plan, second)
    assert record(bare_world, opened, plan).id


@pytest.mark.parametrize("days_ago", [21, 12])
def test_an_objection_lies_between_the_sending_and_its_last_day(bare_world, opened, days_ago):
    plan = begun(bare_world, opened)  # sent twenty days ago, objections until thirteen days ago
    with refused("objection_out_of_time"):
        object_to(bare_world, plan, bare_world.auditor.id, days_ago=days_ago)


def test_an_objection_is_about_a_member_and_answered_once_after_it_came(bare_world, opened):
    plan, leader = begun(bare_world, opened), bare_world.auditor.id
    with refused("unknown_person", "/person"):
        object_to(bare_world, plan, bare_world.decider.id)
    with refused("unknown_objection", "/person"):
        answer(bare_world, plan, leader, upheld=False)
    object_to(bare_world, plan, leader)
    with refused("answer_before_objection"):
        answer(bare_world, plan, leader, upheld=False, days_ago=16)
    answer(bare_world, plan, leader, upheld=False)
    with refused("already_recorded"):
        answer(bare_world, plan, leader, upheld=True)
