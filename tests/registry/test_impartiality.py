"""Impartiality: interests of people with the two-year rule, relations of the body, threats (17021-1 5.2; invariant 4)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from app.registry import application, impartiality
from app.registry.audit import TeamMember
from tests.support.acts import count, refused, rows, tamper


def months_before(day: date, months: int) -> date:
    """The same day of the month, or its last one if there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


# --- Scenario: the consultant ---


def test_a_consultant_does_not_audit_twenty_months_after_consulting(bare_world):
    public_id = bare_world.open().public_id
    first_day = bare_world.ago(11)
    bare_world.declare(bare_world.auditor.id, ended_on=months_before(first_day, 20))
    with refused("interest_in_client"):
        bare_world.audit(public_id, "stage_1", last_day=bare_world.ago(10), plan=None)
    with refused("interest_in_client"):
        bare_world.plan(public_id, "stage_1", first_day=first_day)


def test_a_consultant_audits_twenty_five_months_after_consulting(bare_world):
    public_id = bare_world.open().public_id
    bare_world.declare(bare_world.auditor.id, ended_on=months_before(bare_world.ago(11), 25))
    assert bare_world.audit(public_id, "stage_1", last_day=bare_world.ago(10)).id


def test_two_years_end_on_the_same_day(bare_world):
    public_id = bare_world.open().public_id
    first_day = bare_world.ago(11)
    bare_world.declare(bare_world.auditor.id, ended_on=months_before(first_day, 24))
    assert bare_world.audit(public_id, "stage_1", last_day=bare_world.ago(10)).id
    bare_world.declare(
        bare_world.second_auditor.id, ended_on=months_before(first_day, 24) + (date(2, 1, 2) - date(2, 1, 1))
    )
    with refused("interest_in_client"):
        bare_world.audit(
            public_id,
            "stage_1",
            last_day=bare_world.ago(10),
            team=(TeamMember(bare_world.second_auditor.id, "team_leader"),),
        )


# --- Everybody who acts ---


def test_nobody_with_an_interest_reviews_an_application(bare_world):
    bare_world.declare(bare_world.reviewer.id, kind="employment")
    with refused("interest_in_client"):
        bare_world.open()
    assert count(bare_world, "application_review") == 0


def test_nobody_with_an_interest_decides(world):
    public_id = world.open().public_id
    audits = world.audits(public_id)
    world.declare(world.decider.id, kind="family")
    with refused("interest_in_client"):
        world.decide_grant(public_id, audits)
    assert world.decide_grant(public_id, audits, deciders=(world.second_decider,)).act == "grant"


def test_an_interest_in_another_client_bars_nobody(world):
    world.declare(world.decider.id)
    for name in ("organisation", "head_office"):
        world.__dict__.pop(name, None)  # another organisation is made when it is asked for
    public_id = world.open().public_id
    assert world.decide_grant(public_id, world.audits(public_id)).act == "grant"


def test_an_interest_that_began_after_the_work_bars_nothing_of_it(world):
    public_id = world.open().public_id
    audits = world.audits(public_id)
    world.declare(world.auditor.id, kind="employment", began_on=world.ago(1))
    assert world.decide_grant(public_id, audits).act == "grant"


# --- From the other side ---


@pytest.mark.parametrize("who", ["auditor", "reviewer"])
def test_an_interest_declared_after_the_work_stops_its_decision(world, who):
    public_id = world.open().public_id
    facts = {"accreditations": (world.known_accreditation,), "certificate": world.wanted()}
    draft = world.draft(public_id, "grant", relied_on=world.audits(public_id), **facts)
    world.declare(getattr(world, who).id, kind="internal_audit")
    with refused("interest_in_client"):
        world.confirm(draft)


def test_what_was_decided_before_the_declaration_stands(world):
    issued = world.grant()
    world.declare(world.auditor.id)
    assert world.suspend(issued.public_id).act == "suspend"


# --- The end of an interest ---


def test_an_interest_ends_once_and_from_then_on_the_two_years_count(bare_world):
    public_id = bare_world.open().public_id
    declared = bare_world.declare(bare_world.auditor.id, began_on=date(2015, 4, 1))
    with refused("interest_in_client"):
        bare_world.audit(public_id, "stage_1", last_day=bare_world.ago(10))

    ended_on = months_before(bare_world.ago(11), 25)
    impartiality.end_interest(bare_world.registry, bare_world.actor, interest=declared, ended_on=ended_on)

    assert bare_world.audit(public_id, "stage_1", last_day=bare_world.ago(10)).id
    with refused("already_recorded"):
        impartiality.end_interest(bare_world.registry, bare_world.actor, interest=declared, ended_on=ended_on)


def test_an_end_lies_after_the_beginning_and_not_in_the_future(bare_world):
    declared = bare_world.declare(bare_world.auditor.id, began_on=bare_world.ago(10))
    known = bare_world.declare(bare_world.auditor.id, ended_on=bare_world.ago(10))
    for interest, day, code in (
        (declared, bare_world.ago(11), "interest_ends_before_it_begins"),
        (declared, bare_world.ago(-1), "date_in_the_future"),
        (known, bare_world.ago(1), "already_recorded"),
        (uuid4(), bare_world.ago(1), "unknown_interest"),
    ):
        with refused(code):
            impartiality.end_interest(bare_world.registry, bare_world.actor, interest=interest, ended_on=day)
    with refused("period_without_days", "/ended_on"):
        bare_world.declare(bare_world.auditor.id, began_on=bare_world.ago(1), ended_on=bare_world.ago(2))


# --- The body itself ---


def relate(world, relation, **period):
    return impartiality.record_relation(
        world.registry, world.actor, organisation=world.organisation, relation=relation, detail="x", **period
    )


@pytest.mark.parametrize("relation", ["related_body", "consultancy_by_body", "internal_audit_by_body"])
def test_the_body_s_own_relation_bars_acceptance_and_grant(world, relation):
    public_id = world.open().public_id
    audits = world.audits(public_id)
    relate(world, relation)
    with refused("client_barred"):
        world.decide_grant(public_id, audits)
    with refused("client_barred"):
        world.open("FC-0002")


def test_the_aims_of_another_certification_body_may_be_certified(world):
    relate(world, "certification_body")
    assert world.grant().public_id


def test_a_scheme_says_which_relation_bars_it(world):
    """A body certifies no other body's quality management system: a row of the scheme, no code (17021-1 5.2.4)."""
    statement = "SELECT akashi.barring_relation(%(b)s, %(o)s, 'aims', %(d)s) AS bars"
    relate(world, "certification_body")
    named = {"b": world.body, "o": world.organisation, "d": world.today}
    assert rows(world, statement, **named)[0].bars is None
    tamper(world, "INSERT INTO akashi.relation_bar VALUES ('aims', 'certification_body', 0, 'as for a QMS')")
    assert rows(world, statement, **named)[0].bars == "certification_body"


def test_consultancy_by_the_body_bars_for_two_years_after_its_end(world):
    relation = relate(world, "consultancy_by_body")
    with refused("client_barred"):
        world.open()
    impartiality.end_relation(world.registry, world.actor, relation=relation, ended_on=months_before(world.ago(35), 25))
    assert world.open("FC-0002").public_id
    with refused("already_recorded"):
        impartiality.end_relation(world.registry, world.actor, relation=relation, ended_on=world.today)
    with refused("unknown_relation", "/relation"):
        impartiality.end_relation(world.registry, world.actor, relation=uuid4(), ended_on=world.today)


def threat(world, **changes):
    said = {"source": "self_interest", "description": "a large client", "identified_on": world.ago(3), **changes}
    return impartiality.record_threat(world.registry, world.actor, **said)


def mitigate(world, about, outcome):
    done = {"measure": "a committee looks at it", "person": world.reviewer.id, "done_on": world.ago(1)}
    impartiality.mitigate(world.registry, world.actor, threat=about, outcome=outcome, **done)


def test_a_threat_about_a_client_bars_until_it_is_mitigated(world):
    public_id = world.open().public_id
    audits = world.audits(public_id)
    about = threat(world, organisation=world.organisation, person=world.auditor.id)
    for outcome in (None, "unacceptable"):
        if outcome:
            mitigate(world, about, outcome)
        with refused("threat_not_mitigated"):
            world.decide_grant(public_id, audits)
    mitigate(world, about, "minimised")
    assert world.decide_grant(public_id, audits).act == "grant"


def test_a_threat_never_stops_a_reducing_act(world):
    issued = world.grant()
    threat(world, organisation=world.organisation)
    assert world.suspend(issued.public_id).act == "suspend"
    with refused("threat_not_mitigated"):
        world.restore(issued.public_id)


def test_the_log_takes_no_unknown_names(bare_world):
    with refused("unknown_organisation", "/organisation"):
        threat(bare_world, organisation=uuid4())
    with refused("unknown_person", "/person"):
        threat(bare_world, person=uuid4())
    with refused("unknown_threat", "/threat"):
        mitigate(bare_world, uuid4(), "eliminated")
    with refused("date_in_the_future"):
        threat(bare_world, identified_on=bare_world.ago(-1))


def test_declining_an_application_needs_no_impartiality(bare_world):
    relate(bare_world, "related_body")
    application.review(
        bare_world.registry,
        bare_world.actor,
        application=bare_world.apply(),
        reviewer=bare_world.reviewer.id,
        outcome="declined",
        reviewed_on=bare_world.ago(1),
        reason="the body belongs to the same group",
    )
