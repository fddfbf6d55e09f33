"""Audits: recorded whole when they have ended, with a competent team that never decides (ISO/IEC 17021-1 9.2 to 9.5)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from app.registry import audit
from app.registry.audit import AuditFacts, Finding, TeamMember
from app.registry.requests import Request
from tests.support.acts import count, refused, rows


@pytest.fixture
def opened(bare_world):
    return bare_world.open().public_id


def facts_of(world, opened, **changes):
    facts = AuditFacts(
        certification=opened,
        kind="stage_1",
        first_day=world.ago(6),
        last_day=world.ago(5),
        report_sha256=b"r" * 32,
        team=(TeamMember(world.auditor.id, "team_leader"),),
    )
    return replace(facts, **changes)


def record(world, opened, **changes):
    return audit.record_audit(world.registry, world.actor, facts_of(world, opened, **changes))


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
    with refused("unknown_reference"):
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
    with refused("unknown_certification", "/certification"):
        record(bare_world, "0" * 35)
    with refused("unknown_audit", "/stage_1"):
        record(bare_world, opened, kind="stage_2", stage_1=uuid4())
    _, other = bare_world.add_certification_body("Another Certification")
    with refused("unknown_certification", "/certification"):
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


def test_a_member_joins_later_but_no_second_leader(bare_world, opened):
    recorded = record(bare_world, opened).id
    audit.add_team_member(
        bare_world.registry, bare_world.actor, recorded, TeamMember(bare_world.reviewer.id, "technical_expert")
    )
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


def test_a_major_blocks_a_grant_until_it_is_verified(world):
    opened = world.open().public_id
    audits = world.audits(opened, findings=(minor(world, grade="major"),))
    [finding] = [row.id for row in rows(world, "SELECT id FROM akashi.finding")]
    resolve = {"finding": finding, "person": world.auditor.id, "done_on": world.ago(1)}
    with refused("open_major_finding"):
        world.decide_grant(opened, audits)

    audit.accept_plan(world.registry, world.actor, **resolve)
    with refused("open_major_finding"):
        world.decide_grant(opened, audits)

    audit.verify_finding(world.registry, world.actor, **resolve)
    assert world.decide_grant(opened, audits).act == "grant"


def test_a_minor_needs_its_plan_accepted(world):
    opened = world.open().public_id
    audits = world.audits(opened, findings=(minor(world),))
    [finding] = [row.id for row in rows(world, "SELECT id FROM akashi.finding")]
    with refused("open_minor_finding"):
        world.decide_grant(opened, audits)

    audit.accept_plan(world.registry, world.actor, finding=finding, person=world.auditor.id, done_on=world.ago(1))
    assert world.decide_grant(opened, audits).act == "grant"


def test_a_finding_is_resolved_after_it_was_found_and_not_in_the_future(bare_world, opened):
    [finding] = record(bare_world, opened, findings=(minor(bare_world),)).findings
    step = {"finding": finding, "person": bare_world.auditor.id}
    with refused("step_before_audit"):
        audit.accept_plan(bare_world.registry, bare_world.actor, **step, done_on=bare_world.ago(7))
    with refused("date_in_the_future"):
        audit.accept_plan(bare_world.registry, bare_world.actor, **step, done_on=bare_world.ago(-1))
    with refused("unknown_finding", "/finding"):
        audit.accept_plan(
            bare_world.registry,
            bare_world.actor,
            finding=uuid4(),
            person=bare_world.auditor.id,
            done_on=bare_world.today,
        )
    with refused("unknown_person", "/person"):
        audit.accept_plan(
            bare_world.registry,
            bare_world.actor,
            finding=finding,
            person=bare_world.officer.id,
            done_on=bare_world.today,
        )


def test_a_client_without_the_scope_is_refused(bare_world, opened):
    bare_world.actor = replace(bare_world.actor, scopes=frozenset({"organisations"}))
    with refused("insufficient_scope"):
        record(bare_world, opened)
