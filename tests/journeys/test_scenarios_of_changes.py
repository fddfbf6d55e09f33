"""Scenarios of a certificate's life after its grant: renewed, reduced, moved to the next edition (docs/scenarios.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.conformity.periods import deadline, last_valid_day
from tests.support.editions import NEXT
from tests.support.scene import refused
from tests.support.world import STANDARD

# --- Timely renewal ---


def test_a_timely_renewal_continues_from_the_old_end_and_loses_nothing(body, visitor, clock):
    old_end = clock.ahead(500)
    robots = body.certifies(last_valid_day=old_end)
    clock.reaches(old_end - timedelta(days=60))
    body.prepares(robots, days_ago=0, cycle=2)
    audit = body.audits(robots, "recertification")

    body.decides("renew", robots, relied_on=[audit.id])

    told = visitor.verifies(robots)
    assert (told.verdict, told.version) == ("valid", 2)
    assert told.last_valid_day == last_valid_day(old_end + timedelta(days=1), 36)


def test_after_its_end_a_certificate_is_not_renewed(body, visitor, clock):
    old_end = clock.ahead(500)
    robots = body.certifies(last_valid_day=old_end)
    clock.reaches(old_end + timedelta(days=1))
    body.prepares(robots, days_ago=0, cycle=2)
    audit = body.audits(robots, "recertification")

    with refused("certificate_expired"):
        body.decides("renew", robots, relied_on=[audit.id])

    told = visitor.verifies(robots)
    assert (told.verdict, told.state) == ("no_longer_valid", "expired")


# --- Several sites ---

FIVE = ("Head office", "Sapporo", "Sendai", "Nagoya", "Fukuoka")


def test_a_major_at_one_of_five_sites_blocks_the_whole_and_no_site_is_dropped_to_escape_it(body, visitor):
    robots = body.accepts(sites=FIVE)
    body.prepares(robots)
    stage_2 = body.audits_both_stages(robots, found=("major",))  # at Fukuoka
    without_fukuoka = [{"id": robots.sites[name]} for name in FIVE[:4]]

    with refused("open_major_finding", "ISO/IEC 17021-1 9.5.2"):
        body.decides("grant", robots)
    with refused("open_major_finding", "ISO/IEC 17021-1 9.5.2"):
        body.decides("grant", robots, says={"sites": without_fukuoka})

    body.resolves(stage_2.findings[0], "corrected", "corrective_action", "plan_accepted", "verified")
    body.decides("grant", robots)
    assert visitor.verifies(robots).sites == list(FIVE)


def test_a_major_at_one_site_blocks_the_renewal_of_all(body, visitor, clock):
    robots = body.certifies(sites=FIVE, last_valid_day=clock.ahead(500))
    clock.passes(days=450)
    body.prepares(robots, days_ago=0, cycle=2)
    audit = body.audits(robots, "recertification", found=("major",))  # at Sendai

    for sites in (FIVE, FIVE[:2] + FIVE[3:]):
        with refused("open_major_finding", "ISO/IEC 17021-1 9.5.2"):
            body.decides(
                "renew", robots, relied_on=[audit.id], says={"sites": [{"id": robots.sites[one]} for one in sites]}
            )

    assert visitor.verifies(robots).version == 1


def test_a_site_that_closes_is_taken_out_by_a_decision_and_the_old_document_says_what_differs(body, visitor):
    robots = body.certifies(sites=FIVE)
    old_document = visitor.downloads(robots)

    body.decides("reduce", robots, says={"sites": [{"id": robots.sites[name]} for name in FIVE[:4]]})

    told = visitor.verifies(robots)
    assert (told.verdict, told.version, told.sites) == ("valid", 2, list(FIVE[:4]))
    presented = visitor.presents(old_document)
    assert (presented.verdict, "superseded" in presented.notices) == ("valid_with_notice", True)
    (first, _) = visitor.reads(f"/v1/certificates/{robots.id}/versions")["versions"]
    assert [one["field"] for one in first["differences_from_current"]] == ["scope.sites"]
    with refused("reduction_does_not_reduce"):
        body.decides("reduce", robots, says={"sites": [{"id": robots.sites[name]} for name in FIVE]})


# --- Surveillance ---


def test_the_badge_changes_when_the_body_suspends(body, visitor):
    robots = body.certifies()
    assert "Valid" in visitor.reads(f"/badge/{robots.id}.svg")

    body.decides("suspend", robots)

    assert "Suspended" in visitor.reads(f"/badge/{robots.id}.svg")


def test_surveillance_in_time_with_a_positive_conclusion_keeps_a_certification_running(body, visitor, clock):
    robots = body.certifies()
    granted_on = clock.today
    clock.passes(days=300)
    surveillance = body.audits(robots, "surveillance")
    body.concludes(surveillance, positive=True)

    clock.reaches(deadline(granted_on, 12) + timedelta(days=1))

    assert body.reads("/v1/due?what=surveillance&overdue=true")["due"] == []
    told = visitor.reads(f"/v1/certificates/{robots.id}")["told"]
    assert told["last_surveillance_reported"] == surveillance.last_day.isoformat()
    assert visitor.verifies(robots).verdict == "valid"


def test_a_major_found_at_surveillance_demands_an_independent_decision(body, visitor, clock):
    robots = body.certifies()
    clock.passes(days=300)
    surveillance = body.audits(robots, "surveillance", found=("major",))

    with refused("major_demands_a_decision", "ISO/IEC 17021-1 9.6.1"):
        body.concludes(surveillance, positive=True)
    body.gives_function(body.auditor, "decider", "aims")
    body.gives_competence(body.auditor, "decider", "aims")
    with refused("decider_in_audit_team", "ISO/IEC 17021-1 9.5.1"):
        body.decides("maintain", robots, relied_on=[surveillance.id], deciders=(body.auditor,))
    with refused("open_major_finding", "ISO/IEC 17021-1 9.5.2"):
        body.decides("maintain", robots, relied_on=[surveillance.id])

    body.resolves(surveillance.findings[0], "corrected", "corrective_action", "plan_accepted", "verified")
    body.decides("maintain", robots, relied_on=[surveillance.id])
    assert visitor.verifies(robots).history == ["grant", "maintain"]


# --- The next edition ---


@pytest.fixture
def in_transition(scene, accreditation_body, body, clock):
    """A certificate to the edition of 2023, after the next one was published with a period of transition."""
    robots = body.certifies()
    scene.publishes_edition(previous_until=clock.ahead(700))
    return robots


def test_no_certificate_to_an_edition_outlives_its_transition(body, visitor, clock, in_transition):
    late = body.accepts("Haruka Robotics K.K.", number="FC-0002", registration="7000000000002")
    body.prepares(late)
    body.audits_both_stages(late)

    with refused("edition_ends", "ISO/IEC 17021-1 8.2.2"):
        body.decides("grant", late)

    body.decides("grant", late, says={"last_valid_day": clock.ahead(700).isoformat()})
    assert visitor.verifies(late).last_valid_day == clock.ahead(700)


def test_a_certificate_moves_to_the_next_edition_by_a_decision_after_an_audit_and_keeps_its_end(
    body, accreditation_body, visitor, clock, in_transition
):
    robots = in_transition
    end = visitor.verifies(robots).last_valid_day
    with refused("audit_missing"):
        body.decides("transition", robots, says={"document": NEXT})

    body.prepares(robots, days_ago=0)
    audit = body.audits(robots, "surveillance", ended=0)
    with refused("outside_accreditation_at_decision", "ISO/IEC 17011 7.6"):
        body.decides("transition", robots, says={"document": NEXT}, relied_on=[audit.id])
    scope = {"documents": [STANDARD, NEXT], "areas": ["generative", "robotics"], "countries": ["JP", "US"]}
    accreditation_body.states("extend", *body.accreditations, scope=scope)
    body.decides("transition", robots, says={"document": NEXT}, relied_on=[audit.id])

    told = visitor.verifies(robots)
    assert (told.verdict, told.version, told.last_valid_day) == ("valid", 2, end)
    assert told.report["scheme"]["document"] == NEXT
