"""The order of things: review, agreement and audits before the decision, and its effect on a day on which it can count."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.registry import audit
from tests.support.around import Attempt, lawful, lawful_grant, refuses

MAJOR = audit.Finding("major", "9.2", "no internal audit was held", date(2099, 1, 1))
STOPS = ("suspend", "withdraw", "cancel")


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def grant(world) -> Attempt:
    return lawful_grant(world)


def granted(world, **more) -> str:
    """The public ID of a certificate of this test's own."""
    return world.grant(f"rd-{uuid4()}", **more).public_id


def early(world, grant: Attempt, days: int) -> Attempt:
    """The grant, decided so many days ago and recorded only now."""
    grant.late_reason = "the minutes were lost"
    return grant.dated(world.ago(days))


# Review and agreement come first (17021-1 9.1.2, 5.1.2); in this world thirty-five and thirty-four days ago.


def test_nothing_is_decided_before_the_application_is_reviewed(world, grant):
    with refuses("decision_before_review"):
        early(world, grant, 36).attempt()


def test_nothing_is_decided_before_the_agreement_is_signed(world, grant):
    with refuses("decision_before_agreement"):
        early(world, grant, 35).attempt()


def test_the_day_of_the_agreement_is_early_enough_for_it(world, grant):
    with refuses("decision_before_audit_end"):
        early(world, grant, 34).attempt()


@pytest.mark.parametrize("act", [*STOPS, "annul"])
def test_no_later_act_is_dated_before_the_agreement_either(world, act):
    with refuses("decision_before_agreement"):
        early(world, lawful(world, granted(world), act), 35).attempt()


# Findings of every audit that had ended count, relied on or not (17021-1 9.5.2, 9.6.5).


def test_an_open_finding_of_an_audit_that_is_not_listed_stops_a_grant(world, grant):
    world.audit(grant.document["certification"], "follow_up", last_day=world.ago(5), findings=(MAJOR,))
    with refuses("open_major_finding"):
        grant.attempt()


def test_an_open_finding_of_an_audit_that_is_not_listed_stops_a_restoration(world):
    public_id = granted(world)
    world.suspend(public_id)
    world.audit(public_id, "surveillance", findings=(MAJOR,))
    with refuses("open_major_finding"):
        lawful(world, public_id, "restore").attempt()


def test_an_audit_that_ended_after_the_decision_does_not_reach_back(world, grant):
    world.audit(grant.document["certification"], "follow_up", last_day=world.ago(5), findings=(MAJOR,))
    grant.dated(world.ago(6)).attempt()


# Amendments (invariants 2 and 10).


def test_an_amendment_brings_no_pending_certificate_into_force_early(world):
    public_id = granted(world, effective_on=world.ago(-200))
    with refuses("version_before_its_predecessor"):
        lawful(world, public_id, "amend", effective_on=world.ago(-199)).attempt()
    lawful(world, public_id, "amend", effective_on=world.ago(-200)).attempt()


# Annulments (invariant 21).


def test_an_annulment_never_waits(world):
    annulment = lawful(world, granted(world), "annul")
    with refuses("annulment_in_the_future"):
        annulment.dated(world.today, world.ago(-1)).attempt()


def test_an_annulment_may_reach_back(world):
    lawful(world, granted(world), "annul").dated(world.today, world.ago(9)).attempt()


# The first day of a stop.


@pytest.mark.parametrize("act", [*STOPS, "amend"])
def test_nothing_takes_effect_after_the_last_valid_day(world, act):
    public_id = granted(world, certificate=world.wanted(last_valid_day=world.ago(-5)))
    late = lawful(world, public_id, act).dated(world.today, world.ago(-6))
    with refuses("effective_after_validity"):
        late.attempt()


def test_no_restoration_takes_effect_after_the_last_valid_day(world):
    public_id = granted(world, certificate=world.wanted(last_valid_day=world.ago(-5)))
    world.suspend(public_id)
    with refuses("effective_after_validity"):
        lawful(world, public_id, "restore").dated(world.today, world.ago(-6)).attempt()


@pytest.mark.parametrize("act", STOPS)
def test_the_last_valid_day_is_early_enough_for_a_stop(world, act):
    public_id = granted(world, certificate=world.wanted(last_valid_day=world.ago(-5)))
    lawful(world, public_id, act).dated(world.today, world.ago(-5)).attempt()


@pytest.mark.parametrize("act", STOPS)
def test_a_stop_is_announced_at_most_thirty_one_days_ahead(world, act):
    """Until then it would stand in the way of one that is needed at once."""
    until = {"until": world.today + timedelta(days=90)} if act == "suspend" else {}
    far = lawful(world, granted(world), act, **until)
    with refuses("effective_too_far_ahead"):
        far.dated(world.today, world.ago(-32)).attempt()
    lawful(world, granted(world), act, **until).dated(world.today, world.ago(-31)).attempt()
