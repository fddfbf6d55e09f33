"""What comes before a decision keeps the rules, whoever writes: agreement, programme, time, plan, audits, findings.

As the service's role with plain SQL (17021-1 5.1.2, 9.1 to 9.6, 9.9; invariants 3, 8 and 20). Each test breaks one rule
of something lawful.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from app.conformity.periods import deadline
from app.registry import decision
from app.registry.audit import Finding
from app.storage.rows import insert, run
from tests.support import groundwork
from tests.support.acts import rows
from tests.support.around import lawful, lawful_grant, like, opened, refuses
from tests.support.groundwork import certification_of
from tests.support.many import audited


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def service(world):
    """A transaction of the service's role for the body."""
    return lambda: world.database.transaction(body=world.body)


@pytest.fixture
def fresh(world):
    """A certification about which nothing is decided, with both audits, without programme or time."""
    public_id, audits = opened(world)
    return certification_of(world, public_id), audits


def grant(world, fresh, **wanted):
    """Its grant, lawful once programme and time are there."""
    known, audits = fresh
    said = {"relied_on": audits, "accreditations": (world.known_accreditation,)}
    certificate = world.wanted(**wanted)
    proposal = decision.Proposal(
        known.public_id, "grant", world.today, (world.decider.id,), certificate=certificate, **said
    )
    return like(world, decision.draft_decision(world.registry, world.actor, proposal))


# --- Agreement (5.1.2) ---


@pytest.mark.parametrize("missing", ["mark_use", "suspension", "disclosure"])
def test_an_agreement_settles_mark_use_suspension_and_disclosure(world, service, missing):
    attempt = lawful_grant(world)
    with service() as connection:
        number = run(connection, "SELECT FROM akashi.agreement WHERE organisation_id = :id", id=world.organisation)
        clauses = sorted({"mark_use", "suspension", "disclosure"} - {missing})
        named = {"organisation_id": world.organisation, "version": number + 1, "signed_on": world.today}
        insert(connection, "agreement", body_id=world.body, id=uuid4(), clauses=clauses, carried_by="around", **named)
    with refuses("agreement_incomplete"):
        attempt.attempt()
    world.agree(signed_on=world.today)
    attempt.attempt()


def test_an_agreement_covers_every_site_of_the_certificate(world):
    attempt = lawful_grant(world)
    world.agree(signed_on=world.today, sites=(world.laboratory,))
    with refuses("site_not_in_agreement"):
        attempt.attempt()
    world.agree(signed_on=world.today)
    attempt.attempt()


# --- Programme and time (9.1.3 to 9.1.5) ---


def test_nothing_is_granted_without_a_programme_of_its_cycle(world, fresh):
    known, _ = fresh
    world.calculate(known.public_id)
    with refuses("programme_missing"):
        grant(world, fresh).attempt()
    world.establish(known.public_id, (world.head_office,), cycle=2)
    with refuses("programme_missing"):
        grant(world, fresh).attempt()
    world.establish(known.public_id, (world.head_office,))
    with refuses("programme_missing"):  # that of a later cycle is the newest
        grant(world, fresh).attempt()


def test_a_programme_plans_every_audit_of_the_cycle(world, service, fresh):
    known, _ = fresh
    world.calculate(known.public_id)
    with service() as connection:
        programme = groundwork.lay_programme(connection, world, world.reviewer, known, cycle=1)
        for kind, year in (("stage_1", 0), ("stage_2", 0), ("surveillance", 1), ("recertification", 3)):
            insert(connection, "programme_audit", body_id=world.body, programme_id=programme, kind=kind, year=year)
    with refuses("programme_incomplete"):
        grant(world, fresh).attempt()
    with service() as connection:
        planned = {"kind": "surveillance", "year": 2}
        insert(connection, "programme_audit", body_id=world.body, programme_id=programme, **planned)
    grant(world, fresh).attempt()


def test_a_site_enters_a_certificate_only_when_it_is_in_the_programme(world, fresh):
    known, _ = fresh
    world.calculate(known.public_id)
    world.establish(known.public_id, (world.head_office,))
    with refuses("site_not_in_programme"):
        grant(world, fresh, site_ids=(world.head_office, world.laboratory)).attempt()
    grant(world, fresh).attempt()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"version": 2}, ("programme_out_of_order",)),
        ({"visited_site_ids": []}, ("sampling_without_reason", "23514", "sampling_without_reason")),
        ({"site_ids": [uuid4()], "visited_site_ids": []}, ("unknown_site",)),
        (
            {"site_ids": [], "sampling": "x"},
            ("visited_site_not_in_programme", "23514", "visited_site_not_in_programme"),
        ),
    ],
    ids=["a gap", "an unexplained sample", "another's site", "a visit outside"],
)
def test_a_programme_samples_known_sites_with_a_reason(world, service, fresh, changes, refusal):
    with refuses(*refusal), service() as connection:
        groundwork.lay_programme(connection, world, world.reviewer, fresh[0], **changes)


def test_programme_and_time_are_justified_by_a_competent_person(world, service, fresh):
    for write in (groundwork.lay_programme, groundwork.calculate_time):
        with refuses("planner_not_competent"), service() as connection:
            write(connection, world, world.decider, fresh[0])


def test_nothing_is_granted_without_its_audit_time(world, fresh):
    known, _ = fresh
    world.establish(known.public_id, (world.head_office,))
    with refuses("audit_time_missing"):
        grant(world, fresh).attempt()
    world.calculate(known.public_id)
    grant(world, fresh).attempt()


@pytest.mark.parametrize(
    ("adjustments", "refusal"),
    [
        ([{"days": -1.6, "reason": "a mature system"}], ("time_reduced_too_far",)),
        ([{"days": -1, "reason": ""}], ("adjustment_without_reason", "23514", "adjustment_without_reason")),
    ],
    ids=["too far", "without a reason"],
)
def test_audit_time_is_reduced_within_the_limit_and_with_a_reason(world, service, fresh, adjustments, refusal):
    with refuses(*refusal), service() as connection:
        groundwork.calculate_time(connection, world, world.reviewer, fresh[0], adjustments=Jsonb(adjustments))


# --- Plan and team (9.2) ---


def test_a_required_audit_was_planned(world, service, fresh):
    known, (first, second) = fresh
    world.establish(known.public_id, (world.head_office,))
    world.calculate(known.public_id)
    with service() as connection:
        unplanned = audited(connection, world, known.id, "surveillance", world.today, planned=False)
    attempt = grant(world, (known, (first, second, unplanned)))
    attempt.attempt()  # what the scheme does not demand needs no plan
    bare = certification_of(world, world.open(f"A-{uuid4()}").public_id)
    world.establish(bare.public_id, (world.head_office,))
    world.calculate(bare.public_id)
    stage_1 = world.audit(bare.public_id, "stage_1", last_day=world.ago(20), plan=None)
    stage_2 = world.audit(bare.public_id, "stage_2", last_day=world.ago(10), stage_1=stage_1.id)
    with refuses("audit_not_planned"):
        grant(world, (bare, (stage_1.id, stage_2.id))).attempt()


def test_a_client_has_time_to_object(world, service, fresh):
    with refuses("no_time_to_object", "23514", "no_time_to_object"), service() as connection:
        groundwork.plan(connection, world, world.auditor, fresh[0], objections_until=world.ago(-5))


def test_a_team_is_frozen_on_the_first_day(world, service, fresh):
    with service() as connection:
        coming = groundwork.plan(connection, world, world.auditor, fresh[0])
        begun = groundwork.plan(connection, world, world.auditor, fresh[0], first_day=world.today)
    with service() as connection:
        groundwork.join_plan(connection, world, world.second_auditor, coming)
    with refuses("team_frozen"), service() as connection:
        groundwork.join_plan(connection, world, world.second_auditor, begun)


def test_who_was_not_planned_takes_no_part(world, service, fresh):
    with refuses("team_frozen"), service() as connection:
        groundwork.join_team(connection, world, world.second_auditor, fresh[1][1])


def test_an_objection_that_was_upheld_keeps_a_member_out_and_an_unanswered_one_the_audit(world, service, fresh):
    known, _ = fresh
    with service() as connection:
        plan = groundwork.plan(connection, world, world.auditor, known, first_day=world.today)
        about = {"body_id": world.body, "plan_id": plan, "person_id": world.auditor.id, "carried_by": "around"}
        insert(connection, "plan_objection", grounds="a competitor", received_on=world.ago(4), **about)

    def record():
        with service() as connection:
            named = {"body_id": world.body, "organisation_id": world.organisation, "plan_id": plan}
            days = {"first_day": world.today, "last_day": world.today, "report_sha256": b"r" * 32}
            audit = uuid4()
            insert(connection, "audit", id=audit, kind="follow_up", carried_by="around", **named, **days)
            served = {"organisation_id": world.organisation, "certification_id": known.id}
            insert(connection, "audit_certification", body_id=world.body, audit_id=audit, **served)
            groundwork.join_team(connection, world, world.auditor, audit, "team_leader")

    with refuses("objection_unanswered"):
        record()
    with service() as connection:
        insert(connection, "objection_answer", upheld=True, answer="so it is", answered_on=world.ago(3), **about)
    with refuses("objection_upheld"):
        record()


# --- Stages (9.3.1) ---


def test_without_stage_1_only_after_an_expiry(world, service):
    with refuses("stage_1_needed"), service() as connection:
        said = {"stage_1_basis": "not_required_post_expiry", "stage_1_reason": "x", "report_sha256": b"r" * 32}
        days = {"first_day": world.today, "last_day": world.today}
        named = {"body_id": world.body, "organisation_id": world.organisation}
        insert(connection, "audit", id=uuid4(), kind="stage_2", carried_by="around", **named, **said, **days)


def test_a_stage_2_refers_to_a_stage_1_or_says_why_none_is_needed(world, service):
    constraint = "stage_2_without_stage_1"
    with refuses(constraint, "23514", constraint), service() as connection:
        days = {"first_day": world.today, "last_day": world.today, "report_sha256": b"r" * 32}
        named = {"body_id": world.body, "organisation_id": world.organisation}
        insert(connection, "audit", id=uuid4(), kind="stage_2", carried_by="around", **named, **days)


# --- Findings (9.4, 9.5.2, 9.5.3.2, invariant 8) ---


def test_the_steps_of_a_finding_follow_one_another(world, service, fresh):
    known, _ = fresh
    with service() as connection:
        found = groundwork.find(connection, world, groundwork.follow_up(connection, world, known), "major")
    for early in ("plan_accepted", "verified"):
        with refuses("step_out_of_order"), service() as connection:
            groundwork.take_step(connection, world, world.auditor, found, early)
    outsider = world.add_person(world.actor)
    with service() as connection:
        for step in ("corrected", "corrective_action"):
            groundwork.take_step(connection, world, outsider, found, step)
    with refuses("resolver_not_competent"), service() as connection:
        groundwork.take_step(connection, world, outsider, found, "plan_accepted")


@pytest.mark.parametrize("days_late", [0, 1])
def test_a_major_of_stage_2_is_verified_within_six_months(world, service, days_late):
    """The last day is in time; a day later only another stage 2 helps."""
    public_id = world.open(f"A-{uuid4()}").public_id
    first = world.audit(public_id, "stage_1", last_day=world.ago(250))
    ended = world.ago(220)
    major = Finding("major", "6.1.2", "risks are not assessed", due_on=world.ago(100))
    second = world.audit(public_id, "stage_2", last_day=ended, stage_1=first.id, findings=(major,))
    world.resolve(second.findings[0], done_on=deadline(ended, 6) + timedelta(days=days_late))
    known = certification_of(world, public_id)
    world.establish(public_id, (world.head_office,))
    world.calculate(public_id)
    audits = (first.id, second.id)
    if days_late:
        with refuses("major_verified_too_late"):
            grant(world, (known, audits)).attempt()
        audits = (*audits, world.audit(public_id, "stage_2", last_day=world.ago(2), stage_1=first.id).id)
    grant(world, (known, audits)).attempt()


def test_one_failing_site_of_five_blocks_the_whole_and_dropping_it_does_not_help(world, service):
    """MD 1: the nonconformity is the organisation's, wherever it was seen."""
    sites = tuple(world.add_site(f"Site {number}", f"事業所{number}", "Chiba", "千葉市") for number in range(5))
    known = certification_of(world, world.open(f"A-{uuid4()}").public_id)
    world.establish(known.public_id, sites)
    world.calculate(known.public_id)
    failed = Finding("major", "8.2", "no risk assessment at site 4", due_on=world.ago(-30))
    first, second = world.audits(known.public_id, findings=(failed,))
    for named in (sites, sites[:4]):
        with refuses("open_major_finding"):
            grant(world, (known, (first, second)), site_ids=named).attempt()
    (found,) = _findings_of(world, second)
    world.resolve(found, done_on=world.today)
    grant(world, (known, (first, second)), site_ids=sites).attempt()


def _findings_of(world, audit):
    return [row.id for row in rows(world, "SELECT id FROM akashi.finding WHERE audit_id = %(a)s", a=audit)]


# --- Review (9.5.1, 9.5.2, invariant 3) ---


def test_who_audited_does_not_review(world, service, fresh):
    known, _ = fresh
    both = world.add_person(world.actor, "auditor", "reviewer")
    with service() as connection:
        audit = groundwork.follow_up(connection, world, known)
        groundwork.join_team(connection, world, both, audit)
    with refuses("reviewer_in_audit_team"), service() as connection:
        groundwork.review(connection, world, both, known, audit)


def test_who_reviewed_does_not_join_the_team(world, service, fresh):
    known, _ = fresh
    both = world.add_person(world.actor, "auditor", "reviewer")
    with service() as connection:
        audit = groundwork.follow_up(connection, world, known)
        groundwork.review(connection, world, both, known, audit)
    with refuses("reviewer_in_audit_team"), service() as connection:
        groundwork.join_team(connection, world, both, audit)


def test_a_report_that_does_not_suffice_leads_to_no_decision_in_favour(world, service):
    attempt = lawful_grant(world)
    known, audits = attempt.certification, attempt.document["relied_on"]
    with service() as connection:
        groundwork.review(connection, world, world.reviewer, known, *audits, sufficient=False)
    with refuses("review_insufficient"):
        attempt.attempt()
    with service() as connection:
        groundwork.review(connection, world, world.reviewer, known, *audits)
    attempt.attempt()


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"reviewed_on": 11}, "review_date_impossible"), ({"reviewer": "decider"}, "reviewer_not_competent")],
    ids=["too early", "by another"],
)
def test_a_review_follows_its_audits_and_is_a_reviewer_s(world, service, fresh, changes, code):
    known, audits = fresh
    when = {"reviewed_on": world.ago(changes["reviewed_on"])} if "reviewed_on" in changes else {}
    with refuses(code), service() as connection:
        groundwork.review(
            connection, world, getattr(world, changes.get("reviewer", "reviewer")), known, *audits, **when
        )


def test_a_review_is_about_audits_of_its_own_certification(world, service, fresh):
    other = certification_of(world, opened(world)[0])
    with refuses("audit_of_another_certification"), service() as connection:
        groundwork.review(connection, world, world.reviewer, other, *fresh[1])


# --- Surveillance (9.6.1) ---


def test_the_team_leader_concludes_and_nothing_positive_beside_a_major(world, service, fresh):
    known, audits = fresh
    with service() as connection:
        audit = groundwork.follow_up(connection, world, known)
        groundwork.join_team(connection, world, world.second_auditor, audit)
    with refuses("conclusion_by_another"), service() as connection:
        groundwork.conclude(connection, world, world.second_auditor, audit)
    with refuses("conclusion_before_audit_end"), service() as connection:
        groundwork.conclude(connection, world, world.auditor, audit, concluded_on=world.ago(1))
    with refuses("conclusion_of_no_surveillance"), service() as connection:
        groundwork.conclude(connection, world, world.auditor, audits[1])
    with refuses("major_demands_a_decision"), service() as connection:
        groundwork.find(connection, world, audit, "major")
        groundwork.conclude(connection, world, world.auditor, audit)
    with service() as connection:
        groundwork.conclude(connection, world, world.auditor, audit)
    with refuses("major_demands_a_decision"), service() as connection:
        groundwork.find(connection, world, audit, "major")
    with refuses("monitor_in_audit_team"), service() as connection:
        groundwork.monitor(connection, world, world.second_auditor, audit)


# --- What was spent ---


def test_a_cycle_begins_with_audits_of_its_own(world):
    """What the grant rested on serves no renewal (17021-1 9.6.3)."""
    wanted = world.wanted(last_valid_day=world.ago(-100))
    public_id = world.grant(f"spent-{uuid4()}", certificate=wanted).public_id
    recertified = world.audit(public_id, "recertification", last_day=world.ago(1))  # before the grant
    said = {"certificate": world.wanted(), "accreditations": (world.known_accreditation,)}
    with refuses("audit_missing"):
        lawful(world, public_id, "renew", relied_on=(recertified.id,), **said).attempt()
    recertified = world.audit(public_id, "recertification", last_day=world.today)
    lawful(world, public_id, "renew", relied_on=(recertified.id,), **said).attempt()


# --- Records (9.9, invariant 20) ---


@pytest.mark.parametrize("part", ["audited", "reviewed", "decided", "accepted"])
def test_a_name_is_kept_while_anything_rests_on_the_person(world, service, part):
    person = world.add_person(world.actor, "auditor", "reviewer", "decider")
    attempt = lawful_grant(world)
    known = attempt.certification
    with service() as connection:
        if part == "audited":
            groundwork.join_team(connection, world, person, groundwork.follow_up(connection, world, known))
        elif part == "reviewed":
            groundwork.review(connection, world, person, known, *attempt.document["relied_on"])
        elif part == "accepted":
            found = groundwork.find(connection, world, attempt.document["relied_on"][0])
            groundwork.take_step(connection, world, world.auditor, found, "corrective_action")
            groundwork.take_step(connection, world, person, found, "plan_accepted")
    if part == "decided":
        attempt.deciders = [person]
        attempt.attempt()
    with refuses("name_retained"), service() as connection:
        run(connection, "DELETE FROM akashi.person_name WHERE person_id = :person", person=person.id)


def test_the_name_of_somebody_on_whom_nothing_rests_is_erased(world, service):
    person = world.add_person(world.actor, "auditor")
    with service() as connection:
        assert run(connection, "DELETE FROM akashi.person_name WHERE person_id = :person", person=person.id) == 1
