"""Scenarios of granting: the ordinary way, and the ways around it that are refused (docs/scenarios.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.conformity.periods import deadline
from tests.support.scene import refused

ALL_STEPS = ("corrected", "corrective_action", "plan_accepted", "verified")


def test_from_the_application_to_a_valid_certificate_whose_accreditation_is_shown(body, visitor):
    robots = body.accepts("Kasumi Robotics K.K.")
    body.prepares(robots)
    stage_2 = body.audits_both_stages(robots, found=("minor",))

    with refused("open_minor_finding", "ISO/IEC 17021-1 9.5.2"):
        body.decides("grant", robots)
    body.resolves(stage_2.findings[0], "corrected", "corrective_action", "plan_accepted")
    assert visitor.verifies(robots).verdict == "unknown", "until it is issued nobody is told anything"

    body.decides("grant", robots)

    told = visitor.verifies(robots)
    assert (told.verdict, told.state, told.version, told.notices) == ("valid", "active", 1, [])
    assert told.holder == {"Kasumi Robotics K.K."}
    assert told.accreditations == [("active", "active")]
    assert told.check("signature")[0] == told.check("accreditation_at_decision")[0] == "passed"
    assert visitor.presents(visitor.downloads(robots)).verdict == "valid"


# --- Backdating ---


@pytest.fixture
def audited(body):
    """A client whose audits have ended; nothing is decided."""
    robots = body.accepts()
    body.prepares(robots)
    body.audits_both_stages(robots, ended=10)
    return robots


def test_nothing_takes_effect_before_it_was_decided(body, visitor, clock, audited):
    with refused("effective_before_decision", "ISO/IEC 17021-1 8.2.2"):
        body.decides("grant", audited, effective_on=clock.ago(30))
    assert visitor.verifies(audited).verdict == "unknown"


def test_nothing_is_decided_before_the_end_of_the_audit_on_which_it_rests(body, visitor, clock, audited):
    with refused("assessed_after_decision", "ISO/IEC 17021-1 9.5.2"):
        body.decides("grant", audited, decided_on=clock.ago(11))
    with refused("decided_in_the_future"):
        body.decides("grant", audited, decided_on=clock.ahead(1))

    body.decides("grant", audited, decided_on=clock.ago(10), effective_on=clock.today)
    assert visitor.verifies(audited).verdict == "valid"


# --- The consultant as auditor ---


def test_who_consulted_for_the_client_audits_nothing_there_for_two_years(body, visitor, clock):
    robots = body.accepts()
    body.prepares(robots)
    twenty_months_ago = clock.ago(609)
    body.declares(body.auditor, robots.organisation, "consultancy", ended_on=twenty_months_ago)

    with refused("interest_in_client", "ISO/IEC 17021-1 5.2"):
        body.audits(robots, "stage_1")

    clock.passes(days=5 * 30.5)  # twenty-five months after the last day of consulting
    body.audits_both_stages(robots)
    body.decides("grant", robots)
    assert visitor.verifies(robots).verdict == "valid"


# --- A major nonconformity ---


@pytest.fixture
def with_a_major(body):
    """A client at whose stage 2 a major nonconformity was found; and that stage 2."""
    robots = body.accepts()
    body.prepares(robots)
    return robots, body.audits_both_stages(robots, found=("major",))


def test_a_major_verified_within_six_months_is_decided_on_whenever_the_decision_follows(
    body, visitor, clock, with_a_major
):
    robots, stage_2 = with_a_major
    with refused("open_major_finding", "ISO/IEC 17021-1 9.5.2"):
        body.decides("grant", robots)

    clock.reaches(deadline(stage_2.last_day, 6))
    body.resolves(stage_2.findings[0], *ALL_STEPS)
    clock.passes(days=7)
    body.decides("grant", robots)

    assert visitor.verifies(robots).verdict == "valid"


def test_a_major_verified_after_six_months_and_a_day_needs_another_stage_2(body, visitor, clock, with_a_major):
    robots, stage_2 = with_a_major
    clock.reaches(deadline(stage_2.last_day, 6) + timedelta(days=1))
    body.resolves(stage_2.findings[0], *ALL_STEPS)
    with refused("major_verified_too_late", "ISO/IEC 17021-1 9.5.3.2"):
        body.decides("grant", robots)

    clock.passes(days=20)
    body.audits(robots, "stage_2", stage_1=robots.audits[0])
    body.decides("grant", robots)

    assert visitor.verifies(robots).verdict == "valid"


# --- Scope creep ---

WITH_GENERATIVE = {
    "areas": ["generative", "robotics"],
    "statement": {"text": "Design of AI functions in service robots and of generative AI services", "language": "en"},
}


def test_what_is_called_a_misprint_never_widens_the_scope(body, visitor):
    robots = body.certifies()

    with refused("correction_changes_scope"):
        body.decides("correct", robots, says=WITH_GENERATIVE)
    with refused("amend_changes_scope", "ISO/IEC 17021-1 8.2.2, 9.6.2"):
        body.decides("amend", robots, certificate={**robots.says, **WITH_GENERATIVE})
    with refused("audit_missing"):
        body.decides("extend", robots, says=WITH_GENERATIVE)
    assert visitor.verifies(robots).version == 1

    body.prepares(robots, days_ago=0)
    extension = body.audits(robots, "extension", ended=0)
    body.decides("extend", robots, says=WITH_GENERATIVE, relied_on=[extension.id])

    told = visitor.verifies(robots)
    assert (told.version, told.report["scope"]["areas"]) == (2, ["generative", "robotics"])
    first, second = visitor.reads(f"/v1/certificates/{robots.id}/versions")["versions"]
    assert (first["state"], second["act"]) == ("superseded", "extend")
    assert {one["field"] for one in second["changes"]} == {"scope.areas", "scope.statement"}
