"""Scenarios of accreditation: nothing is accredited that no accreditation body stated (docs/scenarios.md)."""

from __future__ import annotations

import pytest

from app.conformity.periods import deadline
from tests.support.scene import refused
from tests.support.scene_bodies import RegistryOffice, another_body

# --- Accredited for another standard ---


@pytest.fixture
def for_information_security(scene, accreditation_body):
    """A body that is accredited for ISO/IEC 27001 and for nothing else."""
    scene.publishes_scheme("isms", "ISO/IEC 27001:2022", "ISO/IEC 27006-1:2024", "information_security")
    accreditation_body.gives_function(accreditation_body.officer, "accreditation_officer", "isms")
    body = another_body(scene, "Information Security Registrars")
    covered = {"documents": ["ISO/IEC 27001:2022"], "areas": ["information_security"], "countries": ["JP"]}
    accreditation_body.accredits(body, "FA-27001", scheme="isms", **covered)
    return body


def test_accreditation_for_27001_carries_no_certificate_to_42001(for_information_security, visitor):
    body = for_information_security
    robots = body.accepts()
    body.prepares(robots)
    body.audits_both_stages(robots)

    with refused("not_accredited_at_decision", "ISO/IEC 17011 7.6"):
        body.decides("grant", robots)
    with refused("not_accredited", "ISO/IEC 17021-1, ISO/IEC 17011"):
        body.decides("grant", robots, accreditations=[])

    assert visitor.verifies(robots).verdict == "unknown"


def test_an_accreditation_of_another_body_carries_nothing_either(body, for_information_security):
    robots = for_information_security.accepts()
    for_information_security.prepares(robots)
    for_information_security.audits_both_stages(robots)

    with refused("not_accredited_at_decision", "ISO/IEC 17011 7.6"):
        for_information_security.decides("grant", robots, accreditations=body.accreditations)


# --- Certified before anybody accredited for it ---


@pytest.fixture
def accredited_since_today(scene, accreditation_body):
    """A body that certified for years, and is accredited from today on."""
    body = another_body(scene, "Early Certification")
    accreditation_body.accredits(body, "FA-700", effective_on=scene.clock.today)
    return body


def test_what_was_certified_before_the_accreditation_is_imported_as_without_and_brought_under_by_its_accreditation_body(
    accredited_since_today, accreditation_body, visitor, clock
):
    body = accredited_since_today
    robots_company, nineteen_months_ago = body.has_client("Kasumi Robotics K.K."), clock.ago(580)
    (accredited,) = body.accreditations

    with refused("accreditation_not_stated"):
        body.imports(robots_company, "OLD-1", decided_on=nineteen_months_ago, accreditations=[accredited])
    robots = body.imports(robots_company, "OLD-1", decided_on=nineteen_months_ago)

    told = visitor.verifies(robots)
    assert (told.verdict, told.accreditations) == ("valid_with_notice", [])
    assert told.check("accreditation_at_decision")[0] == "not_performed"

    accreditation_body.writes("bring_under", accredited, robots)

    told = visitor.verifies(robots)
    assert told.accreditations == [("none", "active")], "what it was at the decision is not rewritten"
    assert "brought_under_accreditation" in told.notices


# --- Without accreditation where the body is accredited ---

UNACCREDITED = {"roles": ["supplier"], "areas": ["manufacturing"], "soa": None}


@pytest.fixture
def beside_its_accreditation(scene, body):
    """A client whom the accredited body would certify in a scheme that nobody accredits, to the same standard."""
    RegistryOffice(scene).identifies(body, "aims-third-party")
    for person, function in (
        (body.auditor, "auditor"),
        (body.reviewer, "reviewer"),
        (body.decider, "decider"),
    ):
        body.gives_function(person, function, "aims-third-party")
        body.gives_competence(person, function, "aims-third-party")
    robots = body.accepts(scheme="aims-third-party", **UNACCREDITED)
    body.prepares(robots)
    body.audits_both_stages(robots)
    return robots


def test_where_a_body_is_accredited_it_issues_nothing_without_accreditation(
    body, accreditation_body, visitor, beside_its_accreditation
):
    robots = beside_its_accreditation
    with refused("unaccredited_in_accredited_scope", "registry rule, invariant 7"):
        body.decides("grant", robots, accreditations=[])

    accreditation_body.writes("accept_unaccredited", body.accreditations[0], robots)
    body.decides("grant", robots, accreditations=[])
    told = visitor.verifies(robots)
    assert (told.verdict, told.notices) == ("valid_with_notice", ["without_accreditation", "accepted_unaccredited"])


# --- A body that is no more ---


def test_a_sanction_is_previewed_before_anybody_signs_it(body, accreditation_body, visitor):
    robots = body.certifies()
    (accredited,) = body.accreditations

    would = accreditation_body.previews("cease", accredited)

    assert [one["certificate_id"] for one in would["impaired"]] == [robots.id]
    assert "grant" in would["blocked"]["acts"]
    assert visitor.verifies(robots).notices == []


def test_a_body_that_ceased_signs_nothing_more(body, accreditation_body, visitor, clock):
    robots = body.certifies()
    clock.passes(days=1)
    accreditation_body.states("cease", *body.accreditations)

    with refused("body_has_ceased"):
        body.decides("suspend", robots)
    with refused("body_has_ceased"):
        body.accepts("Another Client K.K.", number="FC-0002", registration="7000000000002")

    told = visitor.verifies(robots)
    assert (told.verdict, told.state) == ("valid_with_notice", "active"), "the certificate itself was not changed"
    assert told.notices == ["accreditation_ended", "body_ceased", "transfer_until"]


def test_within_six_months_a_client_of_a_body_that_ceased_moves_and_the_rest_is_no_longer_accredited(
    body, new_body, accreditation_body, visitor, clock
):
    moves = body.certifies("Kasumi Robotics K.K.")
    stays = body.certifies("Haruka Robotics K.K.", number="FC-0002", registration="7000000000002")
    (accredited,) = body.accreditations
    clock.passes(days=1)
    accreditation_body.states("cease", accredited)
    ceased_on = clock.today

    moving = new_body.is_asked_to_take_over(moves, "Kasumi Robotics K.K.")
    accreditation_body.attests(moving, "body_ceased", accredited)
    new_body.reviews(moving, accreditation_body_told_on=clock.today)
    assert visitor.verifies(new_body.takes_over(moving)).verdict == "valid"

    clock.reaches(deadline(ceased_on, 6))
    assert visitor.verifies(stays).notices == ["accreditation_ended", "body_ceased", "transfer_until"]
    clock.passes(days=1)
    told = visitor.verifies(stays)
    assert (told.verdict, told.state) == ("valid_with_notice", "active")
    assert told.notices == ["accreditation_ended", "no_longer_accredited", "body_ceased"]
