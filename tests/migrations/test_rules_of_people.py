"""Who may act for whom, whoever writes: competence per area, interests, impartiality, entities (17021-1 5.2, 6.2, 7).

As the service's role with plain SQL (invariants 3, 4 and 5). Each test breaks one rule of something lawful.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from uuid import uuid4

import pytest

from app.storage.rows import insert
from tests.support import groundwork
from tests.support.around import Attempt, lawful, lawful_grant, like, refuses
from tests.support.deciding import audits_led_by
from tests.support.groundwork import certification_of, declare, end_competence


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def service(world):
    """A transaction of the service's role for the body."""
    return lambda: world.database.transaction(body=world.body)


@pytest.fixture(scope="module")
def known(lasting_world):
    """A certification about which nothing is decided."""
    return certification_of(lasting_world, lasting_world.open("people").public_id)


def narrow(world, function, *areas):
    """Somebody with a function, competent in these areas alone."""
    made = world.add_person(world.actor)
    if function != "technical_expert":
        world.give_function(made.id, function)
    if areas:
        world.make_competent(made.id, function, *areas)
    return made


def by(attempt: Attempt, *deciders) -> Attempt:
    """The same, decided by others."""
    attempt.deciders = list(deciders)
    return attempt


# --- Competence per area (7.1, 7.2, invariant 5) ---


@pytest.mark.parametrize("areas", [(), ("generative",)], ids=["none", "another"])
def test_who_decides_is_competent_in_every_area_of_the_decision(world, areas):
    with refuses("decider_lacks_area"):
        by(lawful_grant(world), narrow(world, "decider", *areas)).attempt()


def test_of_several_deciders_each_covers_the_areas(world):
    with refuses("decider_lacks_area"):
        by(lawful_grant(world), world.decider, narrow(world, "decider", "generative")).attempt()
    by(lawful_grant(world), world.decider, narrow(world, "decider", "robotics")).attempt()


def test_an_act_that_names_no_areas_needs_competence_in_those_in_force(world):
    public_id = world.grant(f"people-{uuid4()}").public_id
    with refuses("decider_lacks_area"):
        by(lawful(world, public_id, "withdraw"), narrow(world, "decider", "generative")).attempt()


def test_competence_ends_with_its_last_day(world, service):
    ended, ending = (narrow(world, "decider", "robotics") for _ in range(2))
    with service() as connection:
        end_competence(connection, world, ended, "decider")
        end_competence(connection, world, ending, "decider", last_day=world.today)
    with refuses("decider_lacks_area"):
        by(lawful_grant(world), ended).attempt()
    by(lawful_grant(world), ending).attempt()


def test_an_application_is_reviewed_by_somebody_competent_in_what_is_applied_for(world, service, known):
    with refuses("reviewer_lacks_area"), service() as connection:
        groundwork.review_application(connection, world, narrow(world, "reviewer", "generative"), known)


def test_a_technical_reviewer_covers_what_was_applied_for(world, service, known):
    with refuses("reviewer_lacks_area"), service() as connection:
        audit = groundwork.follow_up(connection, world, known)
        groundwork.review(connection, world, narrow(world, "reviewer", "robotics"), known, audit)


@pytest.mark.parametrize("function", ["observer", "technical_expert", None])
def test_a_team_covers_the_areas_together_and_who_observes_covers_nothing(world, service, known, function):
    leader, expert = narrow(world, "auditor", "robotics"), narrow(world, "technical_expert", "generative")

    def record():
        named = {"body_id": world.body, "organisation_id": world.organisation}
        audit = uuid4()
        with service() as connection:
            days = {"first_day": world.today, "last_day": world.today, "report_sha256": b"r" * 32}
            insert(connection, "audit", id=audit, kind="follow_up", carried_by="around", **named, **days)
            served = {"certification_id": known.id, "areas": ["generative", "robotics"]}
            insert(connection, "audit_certification", audit_id=audit, **named, **served)
            groundwork.join_team(connection, world, leader, audit, "team_leader")
            if function:
                groundwork.join_team(connection, world, expert, audit, function)

    if function == "technical_expert":
        record()
    else:
        with refuses("team_lacks_area"):
            record()


def test_a_decision_asks_once_more_what_its_team_was_competent_in(world, service):
    """Learned after the audit: the leader's competence had ended before it."""
    leader = world.add_person(world.actor, "auditor")
    public_id = world.open(f"people-{uuid4()}").public_id
    said = {"accreditations": (world.known_accreditation,), "certificate": world.wanted()}
    draft = world.draft(public_id, "grant", relied_on=audits_led_by(world, public_id, leader), **said)
    with service() as connection:
        end_competence(connection, world, leader, "auditor", last_day=world.ago(30))
    with refuses("team_lacks_area"):
        like(world, draft).attempt()


# --- Interests (5.2, invariant 4) ---


def test_who_consulted_for_a_client_is_used_again_after_two_years(world, service, known):
    """Twenty months after consulting nobody audits the client; after twenty-five months they may (17021-1 5.2.10)."""
    for months, code in ((20, "interest_in_client"), (25, None)):
        consultant = world.add_person(world.actor, "auditor")
        with service() as connection:
            declare(connection, world, consultant, ended_on=world.today - timedelta(days=months * 30.44))
            audit = groundwork.follow_up(connection, world, known)
        if code is None:
            with service() as connection:
                groundwork.join_team(connection, world, consultant, audit)
        else:
            with refuses(code), service() as connection:
                groundwork.join_team(connection, world, consultant, audit)


def accepts_a_plan(connection, world, person, known):
    found = groundwork.find(connection, world, groundwork.follow_up(connection, world, known))
    for step in ("corrective_action", "plan_accepted"):
        groundwork.take_step(connection, world, person, found, step)


def monitors(connection, world, person, known):
    audit = groundwork.follow_up(connection, world, known)
    groundwork.conclude(connection, world, world.auditor, audit)
    groundwork.monitor(connection, world, person, audit)


ASSIGNMENTS = {
    "review of an application": groundwork.review_application,
    "programme": groundwork.lay_programme,
    "audit time": groundwork.calculate_time,
    "plan": groundwork.plan,
    "audit team": lambda connection, world, person, known: groundwork.join_team(
        connection, world, person, groundwork.follow_up(connection, world, known)
    ),
    "acceptance of a plan": accepts_a_plan,
    "monitoring": monitors,
    "technical review": lambda connection, world, person, known: groundwork.review(
        connection, world, person, known, groundwork.follow_up(connection, world, known)
    ),
}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nobody_with_an_interest_is_assigned_to_anything(world, service, known, assignment):
    write = ASSIGNMENTS[assignment]
    free, bound = (world.add_person(world.actor, "auditor", "reviewer") for _ in range(2))
    with service() as connection:
        declare(connection, world, bound, "family")
    with service() as connection:
        write(connection, world, free, known)
    with refuses("interest_in_client"), service() as connection:
        write(connection, world, bound, known)


def test_nobody_with_an_interest_decides(world, service):
    decider = world.add_person(world.actor, "decider")
    attempt = by(lawful_grant(world), decider)
    with service() as connection:
        declare(connection, world, decider, "financial")
    with refuses("interest_in_client"):
        attempt.attempt()


@pytest.mark.parametrize("part", ["audited", "verified", "reviewed"])
def test_an_interest_declared_after_the_work_stops_what_would_rest_on_it(world, service, part):
    attempt = lawful_grant(world)
    person = world.add_person(world.actor, "auditor", "reviewer")
    audits = attempt.document["relied_on"]
    with service() as connection:
        if part == "audited":
            audit = groundwork.follow_up(connection, world, attempt.certification)
            groundwork.join_team(connection, world, person, audit)
            attempt.document["relied_on"] = sorted([*audits, str(audit)])
        elif part == "verified":
            found = groundwork.find(connection, world, audits[0])
            groundwork.take_step(connection, world, world.auditor, found, "corrective_action")
            groundwork.take_step(connection, world, person, found, "plan_accepted")
        else:
            groundwork.review(connection, world, person, attempt.certification, *audits)
    with service() as connection:
        declare(connection, world, person, "internal_audit")
    with refuses("interest_in_client"):
        attempt.attempt()


# --- The body itself (5.2.3 to 5.2.8) ---


@pytest.fixture
def elsewhere(world):
    """A certification of a client of its own, and its lawful grant."""
    with_another_client = copy(world)
    for name in ("organisation", "head_office", "laboratory"):
        with_another_client.__dict__.pop(name, None)  # made anew when it is asked for; the shared world keeps its own
    return lawful_grant(with_another_client)


@pytest.mark.parametrize(
    ("table", "said", "code"),
    [
        ("client_relation", {"relation": "related_body", "detail": "x"}, "client_barred"),
        ("client_relation", {"relation": "consultancy_by_body", "detail": "x"}, "client_barred"),
        ("impartiality_threat", {"source": "self_interest", "description": "x"}, "threat_not_mitigated"),
    ],
    ids=["related", "consulted", "threatened"],
)
def test_nothing_is_certified_against_the_body_s_impartiality(world, service, elsewhere, table, said, code):
    when = {"identified_on": world.today} if table == "impartiality_threat" else {}
    about = {"body_id": world.body, "id": uuid4(), "organisation_id": elsewhere.certification.organisation_id}
    with service() as connection:
        insert(connection, table, carried_by="around", **about, **said, **when)
    with refuses(code):
        elsewhere.attempt()


# --- Entities (6.2, 7.5, IAF MD 23) ---


def entity(connection, world, **changes):
    identity = uuid4()
    said = {"name": "Branch", "country": "KR", "under_control": True, "risk_assessment": "x", "carried_by": "around"}
    days = dict.fromkeys(("agreement_signed_on", "risk_assessed_on", "valid_from"), world.ago(200))
    insert(connection, "operating_entity", body_id=world.body, id=identity, **{**said, **days, **changes})
    return identity


@pytest.mark.parametrize("controlled", [True, False, None], ids=["controlled", "beyond control", "of no entity"])
def test_a_person_of_an_entity_decides_under_the_body_s_control_alone(world, service, controlled):
    decider = world.add_person(world.actor, "decider", relation="controlled_entity")
    with service() as connection:
        if controlled is not None:
            member = {"entity_id": entity(connection, world, under_control=controlled), "valid_from": world.ago(100)}
            insert(connection, "person_entity", body_id=world.body, person_id=decider.id, carried_by="x", **member)
    attempt = by(lawful_grant(world), decider)
    if controlled:
        attempt.attempt()
    else:
        with refuses("entity_not_controlled"):
            attempt.attempt()


def test_an_entity_audits_within_its_dates(world, service):
    with refuses("entity_not_in_force"), service() as connection:
        days = {"first_day": world.today, "last_day": world.today, "report_sha256": b"r" * 32}
        over = entity(connection, world, valid_to=world.ago(1))
        named = {"body_id": world.body, "organisation_id": world.organisation, "entity_id": over}
        insert(connection, "audit", id=uuid4(), kind="follow_up", carried_by="around", **named, **days)
