"""Audits: recorded whole when they have ended, with a competent team that never decides (ISO/IEC 17021-1 9.2 to 9.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.registry import audit
from app.registry.audit import AuditFacts, Finding, Served, TeamMember
from app.registry.requests import Request
from tests.support.acts import count, refused, rows


@pytest.fixture
def opened(bare_world):
    return bare_world.open().public_id


def facts_of(world, *certifications, **changes):
    facts = AuditFacts(
        serves=tuple(Served(one) for one in certifications),
        kind="stage_1",
        first_day=world.ago(6),
        last_day=world.ago(5),
        report_sha256=b"r" * 32,
        team=(TeamMember(world.auditor.id, "team_leader"),),
    )
    return replace(facts, **changes)


def record(world, *certifications, **changes):
    return audit.record_audit(world.registry, world.actor, facts_of(world, *certifications, **changes))


def minor(world, **changes):
    return replace(Finding("minor", "A.6.2.4", "Validation is not recorded", world.ago(-30)), **changes)


# --- Recording ---


def test_an_audit_stands_with_its_team_and_findings(bare_world, opened):
    team = (TeamMember(bare_world.auditor.id, "team_leader"), TeamMember(bare_world.reviewer.id, "observer"))

    recorded = record(bare_world, opened, team=team, findings=(minor(bare_world), minor(bare_world, grade="major")))

    members = rows(bare_world, "SELECT person_id, function FROM akashi.audit_member")
    assert {(row.person_id, row.function) for row in members} == {(one.person, one.function) for one in team}
    kept = {row.id: row.grade for row in rows(bare_world, "SELECT id, grade FROM akashi.finding")}
    assert [kept[finding] for finding in recorded.findings] == ["minor", "major"]


def test_a_retry_finds_the_same_audit_and_findings(bare_world, opened):
    asked = facts_of(bare_world, opened, findings=(minor(bare_world),))
    request = Request("key-1", "content")
    first = audit.record_audit(bare_world.registry, bare_world.actor, asked, request=request)
    assert audit.record_audit(bare_world.registry, bare_world.actor, asked, request=request) == first
    assert count(bare_world, "audit") == count(bare_world, "finding") == 1


def test_stage_2_follows_a_stage_1_that_has_ended(bare_world, opened):
    first = record(bare_world, opened).id
    second = {"kind": "stage_2", "first_day": bare_world.ago(5), "last_day": bare_world.ago(4)}

    assert record(bare_world, opened, **second, stage_1=first).id
    with refused("stage_2_without_stage_1"):
        record(bare_world, opened, **second)
    with refused("stage_2_without_stage_1"):
        record(bare_world, opened, **{**second, "first_day": bare_world.ago(6)}, stage_1=first)


def test_stage_1_of_another_certification_does_not_serve(bare_world, opened):
    first = record(bare_world, opened).id
    other = bare_world.open("FC-0002").public_id
    with refused("stage_2_without_stage_1"):
        record(
            bare_world, other, kind="stage_2", first_day=bare_world.ago(4), last_day=bare_world.ago(3), stage_1=first
        )


def test_an_audit_is_recorded_when_it_has_ended(bare_world, opened):
    with refused("audit_not_ended"):
        record(bare_world, opened, last_day=bare_world.ago(-1))
    with refused("audit_ends_before_it_begins", "/last_day"):
        record(bare_world, opened, last_day=bare_world.ago(7))


def test_a_report_is_named_by_its_digest(bare_world, opened):
    with refused("malformed_digest", "/report_sha256"):
        record(bare_world, opened, report_sha256=b"short")


def test_what_is_not_the_body_s_reads_as_unknown(bare_world, opened):
    with refused("unknown_certification", "/serves/0/certification"):
        record(bare_world, "0" * 35)
    with refused("unknown_audit", "/stage_1"):
        record(bare_world, opened, kind="stage_2", stage_1=uuid4())
    _, other = bare_world.add_certification_body("Another Certification")
    with refused("unknown_certification", "/serves/0/certification"):
        audit.record_audit(bare_world.registry, other, facts_of(bare_world, opened))


def test_a_refused_audit_leaves_nothing(bare_world, opened):
    team = (TeamMember(bare_world.auditor.id, "team_leader"), TeamMember(bare_world.reviewer.id, "auditor"))
    with refused("auditor_not_competent"):
        record(bare_world, opened, team=team, findings=(minor(bare_world),))
    assert count(bare_world, "audit") == count(bare_world, "audit_member") == count(bare_world, "finding") == 0


# --- Team ---


@pytest.mark.parametrize(("leaders", "code"), [(0, "team_leader_missing"), (2, "second_team_leader")])
def test_a_team_has_one_leader(bare_world, opened, leaders, code):
    people = (bare_world.auditor, bare_world.second_auditor)
    team = tuple(
        TeamMember(person.id, "team_leader" if place < leaders else "auditor") for place, person in enumerate(people)
    )
    with refused(code, "/team"):
        record(bare_world, opened, team=team)


def planned(world, opened, *more):
    """The plan of an audit that began six days ago, with more members than its leader."""
    team = (TeamMember(world.auditor.id, "team_leader"), *more)
    return world.plan(opened, "stage_1", first_day=world.ago(6), last_day=world.ago(5), team=team)


def test_a_planned_member_is_named_later_and_nobody_else(bare_world, opened):
    expert = TeamMember(bare_world.reviewer.id, "technical_expert")
    recorded = record(bare_world, opened, plan=planned(bare_world, opened, expert)).id

    audit.add_team_member(bare_world.registry, bare_world.actor, recorded, expert)
    with refused("team_frozen"):
        audit.add_team_member(
            bare_world.registry, bare_world.actor, recorded, TeamMember(bare_world.second_auditor.id, "auditor")
        )


def test_an_audit_has_no_second_leader(bare_world, opened):
    recorded = record(bare_world, opened).id
    with refused("second_team_leader"):
        audit.add_team_member(
            bare_world.registry, bare_world.actor, recorded, TeamMember(bare_world.second_auditor.id, "team_leader")
        )


def test_a_person_of_another_body_is_unknown(bare_world, opened):
    team = (TeamMember(bare_world.auditor.id, "team_leader"), TeamMember(bare_world.officer.id, "observer"))
    with refused("unknown_person", "/team/1/person"):
        record(bare_world, opened, team=team)


def test_who_decided_on_an_audit_never_joins_its_team(world):
    opened = world.open().public_id
    first, second = world.audits(opened)
    world.decide_grant(opened, (first, second))

    with refused("decider_in_audit_team"):
        audit.add_team_member(world.registry, world.actor, second, TeamMember(world.decider.id, "observer"))


# --- Findings ---


def test_a_nonconformity_has_a_due_date(bare_world, opened):
    with refused("due_date_missing", "/findings/0/due_on"):
        record(bare_world, opened, findings=(minor(bare_world, due_on=None),))
    assert record(bare_world, opened, findings=(minor(bare_world, grade="opportunity", due_on=None),))


# --- Integrated audits ---


def test_an_integrated_audit_serves_several_certifications(bare_world, opened):
    other = bare_world.open("FC-0002").public_id
    first = record(bare_world, opened, other).id
    later = {"first_day": bare_world.ago(4), "last_day": bare_world.ago(3)}

    record(bare_world, opened, other, kind="stage_2", stage_1=first, **later)

    served = rows(bare_world, "SELECT count(*) AS n FROM akashi.audit_certification GROUP BY certification_id")
    assert [row.n for row in served] == [2, 2]


def test_the_team_covers_the_areas_of_every_certification_together(bare_world, opened):
    expert, narrow = bare_world.add_person(bare_world.actor), bare_world.add_person(bare_world.actor)
    bare_world.give_function(narrow.id, "auditor")
    bare_world.make_competent(narrow.id, "auditor", "generative")
    bare_world.make_competent(expert.id, "technical_expert", "robotics")
    serves = (Served(opened, ("generative", "robotics")),)
    leader = TeamMember(narrow.id, "team_leader")

    with refused("team_lacks_area"):
        record(bare_world, opened, serves=serves, team=(leader, TeamMember(expert.id, "observer")))
    assert record(bare_world, opened, serves=serves, team=(leader, TeamMember(expert.id, "technical_expert"))).id


def test_an_audit_names_areas_and_sites_that_exist(bare_world, opened):
    with refused("unknown_scheme_term"):
        record(bare_world, opened, serves=(Served(opened, ("alchemy",)),))
    with refused("unknown_site"):
        record(bare_world, opened, serves=(Served(opened, sites=(uuid4(),)),))


# --- Without stage 1 ---


def test_without_stage_1_only_after_an_expiry(bare_world, opened):
    with refused("stage_1_needed"):
        record(bare_world, opened, kind="stage_2", stage_1_not_required="known from the last cycle")


def test_after_an_expiry_stage_1_may_be_left_out(world):
    expired = world.grant(certificate=world.wanted(last_valid_day=world.ago(-5))).public_id
    world.set_clock(world.now() + timedelta(days=400))
    again = world.open("FC-0002").public_id

    recorded = record(world, again, kind="stage_2", stage_1_not_required=f"{expired} expired, nothing has changed").id

    granted = world.decide_grant(
        again, (world.audit(again, "stage_2", stage_1=None, stage_1_not_required="the same").id,)
    )
    assert (recorded != granted.id, granted.act) == (True, "grant")


def test_a_client_without_the_scope_is_refused(bare_world, opened):
    bare_world.actor = replace(bare_world.actor, scopes=frozenset({"organisations"}))
    with refused("insufficient_scope"):
        record(bare_world, opened)
