"""What is due by when: for the body, for its accreditation body, and the plain date that anyone reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.actor import OPERATOR
from app.conformity.periods import deadline, end_instant, last_valid_day
from app.conformity.surveillance import AIMS_RULE, Certified, SurveillanceRule, surveillance_due
from app.registry import appeal, change_notice, complaint, due, parties
from app.registry.due import Asked
from app.registry.surveillance_conclusion import conclude_surveillance
from tests.support.acts import refused, rows
from tests.support.world import ZONE


def listed(world, **asked):
    """What is due to the body, by kind and day."""
    return [(one.what, one.due_on) for _, one in due.what_is_due(world.registry, world.actor, Asked(**asked))]


def overseen(world, actor=None, **asked):
    found = due.what_is_overseen(world.registry, actor or world.ab_actor, Asked(**asked))
    return [(one.what, one.certificate_id) for _, one in found]


def after(world, day: date, seconds: int = 60) -> datetime:
    """Shortly after that day has ended for the body."""
    return end_instant(day, ZONE) + timedelta(seconds=seconds)


@pytest.fixture
def issued(world):
    return world.grant().public_id


def test_the_first_surveillance_is_due_twelve_months_after_the_decision(world, issued):
    assert listed(world, what="surveillance") == [("surveillance", deadline(world.today, 12))]
    assert listed(world, what="surveillance", overdue=True) == []


def test_decided_on_29_february_the_first_surveillance_is_due_on_28_february(world):
    """C034: twelve months are never exceeded by a day, and there is no 29 February 2029 (17021-1 9.1.3)."""
    world.set_clock(datetime(2028, 2, 29, 3, tzinfo=UTC))
    world.grant()
    assert listed(world, what="surveillance") == [("surveillance", date(2029, 2, 28))]


def test_a_surveillance_missed_by_a_day_is_overdue_for_the_body_and_its_accreditation_body(world, issued):
    last = deadline(world.today, 12)
    world.set_clock(after(world, last, -60))
    assert listed(world, overdue=True) == []
    world.set_clock(after(world, last))
    assert listed(world, overdue=True) == [("surveillance", last)]
    assert overseen(world, overdue=True) == [("surveillance", issued)]
    assert due.told(world.registry, issued) == due.Told(None, under_appeal=False)


def test_a_surveillance_reported_late_is_no_longer_overdue_and_its_day_is_told(world, issued):
    world.set_clock(after(world, deadline(world.today, 12)))
    world.audit(issued, "surveillance")
    assert listed(world, what="surveillance", overdue=True) == []
    assert due.told(world.registry, issued).last_surveillance_reported == world.ago(1)


def concluded(world, issued, positive):
    audit = world.audit(issued, "surveillance", last_day=world.today)
    said = {"positive": positive, "conclusion": "the system is kept or not", "concluded_on": world.today}
    conclude_surveillance(world.registry, world.actor, audit=audit.id, leader=world.auditor.id, **said)
    return audit


def test_a_surveillance_waits_for_its_conclusion_and_a_positive_one_keeps_the_certification_running(world, issued):
    world.audit(issued, "surveillance", last_day=world.today)
    in_thirty_days = world.ago(-30)
    assert listed(world, what="surveillance_conclusion") == [("surveillance_conclusion", in_thirty_days)]
    concluded(world, issued, positive=True)
    assert len(listed(world, what="surveillance_conclusion")) == 1, "that of the other surveillance"
    assert listed(world, what="surveillance_decision") == []


@pytest.mark.parametrize("end", ["maintain", "suspend"])
def test_any_other_conclusion_waits_for_a_decision(world, issued, end):
    """17021-1 9.6.1: an independent decision, resting on that surveillance or ending what was in force."""
    audit = concluded(world, issued, positive=False)
    assert listed(world, what="surveillance_decision") == [("surveillance_decision", world.ago(-30))]
    if end == "maintain":
        world.decide(issued, "maintain", relied_on=(audit.id,))
    else:
        world.suspend(issued)
    assert listed(world, what="surveillance_decision") == []


def test_recertification_is_due_by_the_last_valid_day(world, issued):
    assert listed(world, what="recertification") == [("recertification", last_valid_day(world.today, 36))]


def test_what_has_ended_has_nothing_due(world, issued):
    world.withdraw(issued)
    assert listed(world) == []


def test_a_suspension_is_overdue_the_day_after_its_limit(world, issued):
    until = world.ago(-30)
    world.suspend(issued, until=until)
    assert ("suspension", until) in listed(world)
    world.set_clock(after(world, until))
    assert ("suspension", until) in listed(world, overdue=True)
    assert ("suspension", issued) in overseen(world, overdue=True)


def test_an_urgent_suspension_is_to_be_ratified_within_five_working_days(world, issued):
    urgent = world.decide(
        issued, "suspend_urgently", until=world.ago(-30), reason=("harm_imminent", "robots hit people")
    )
    ((_, found),) = due.what_is_due(world.registry, world.actor, Asked(what="ratification"))
    assert (found.item, found.certificate_id) == (urgent.id, issued)
    working = [world.today + timedelta(days=n) for n in range(1, 15)]
    assert found.due_on == [day for day in working if day.isoweekday() < 6][4]
    world.decide(issued, "ratify", deciders=(world.second_decider,), ratifies=2)
    assert listed(world, what="ratification") == []


def test_open_cases_are_due_and_closed_ones_are_not(world, issued):
    notice = change_notice.receive_notice(
        world.registry, world.actor, certification=issued, kind="system", detail="x", received_on=world.today
    )
    complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("complaint", "x"))
    suspended = world.suspend(issued)
    appeal.lodge_appeal(world.registry, world.actor, decision=suspended.id, grounds="x", lodged_on=world.today)
    assert {what for what, _ in listed(world)} >= {
        "change_notice",
        "complaint_acknowledgement",
        "complaint_decision",
        "appeal_acknowledgement",
        "appeal_decision",
    }
    disposed = change_notice.Disposition("no_action", world.reviewer.id, "x", world.today)
    change_notice.dispose_of(world.registry, world.actor, notice, disposed)
    assert listed(world, what="change_notice") == []


def test_the_accreditation_body_sees_appeals_and_neither_complaints_nor_notices(world, issued):
    complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("misuse", "x", issued))
    suspended = world.suspend(issued)
    appeal.lodge_appeal(world.registry, world.actor, decision=suspended.id, grounds="x", lodged_on=world.today)
    seen = {what for what, _ in overseen(world)}
    assert "appeal_decision" in seen
    assert seen.isdisjoint({"complaint_acknowledgement", "complaint_decision", "change_notice"})


def test_another_accreditation_body_and_another_body_see_nothing(world, issued):
    facts = parties.PartyFacts((parties.PartyName("Another Accreditation", "en"),), "JP", ZONE)
    other = parties.register_accreditation_body(world.registry, OPERATOR, facts)
    assert overseen(world, replace(world.ab_actor, party_id=other)) == []
    assert overseen(world, replace(world.ab_actor, party_id=world.body)) == []
    _, stranger = world.add_certification_body("A stranger")
    assert due.what_is_due(world.registry, stranger, Asked()) == ()
    with refused("insufficient_scope"):
        due.what_is_overseen(world.registry, world.actor, Asked())


def test_an_open_appeal_is_told_only_if_the_appellant_agrees(world, issued):
    suspended = world.suspend(issued)
    case = appeal.lodge_appeal(
        world.registry, world.actor, decision=suspended.id, grounds="x", lodged_on=world.today, may_be_known=True
    )
    assert due.told(world.registry, issued).under_appeal
    appeal.agree_to_be_known(world.registry, world.actor, case, agreed=False, agreed_on=world.today)
    assert not due.told(world.registry, issued).under_appeal


def test_a_list_read_in_pages_shows_each_row_once(world, issued):
    for _ in range(3):
        complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("complaint", "x"))
    whole = due.what_is_due(world.registry, world.actor, Asked())
    place, seen = None, []
    while page := due.what_is_due(world.registry, world.actor, Asked(place=place, limit=2)):
        seen += page
        place = due.Place(*page[-1][0])
    assert tuple(seen) == whole
    back = due.what_is_due(world.registry, world.actor, Asked(place=due.Place(*whole[-1][0], backwards=True)))
    assert back == tuple(reversed(whole[:-1]))


days = st.dates(date(2024, 1, 1), date(2033, 12, 31))
rules = st.builds(SurveillanceRule, st.none() | st.integers(1, 24), st.booleans())
certified = st.builds(
    lambda decided, initial, cycle, renewed: Certified(decided, initial, decided + timedelta(days=cycle), renewed),
    days,
    st.booleans(),
    st.integers(1, 2200),
    st.lists(days, max_size=3).map(tuple),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=rules, known=certified, reported=st.none() | days)
def test_sql_and_python_name_the_same_day(bare_world, rule, known, reported):
    (found,) = rows(
        bare_world,
        "SELECT akashi.surveillance_due(%(months)s::integer, %(each)s, %(initial)s, %(decided)s::date, %(end)s::date, "
        "%(renewed)s::date[], %(reported)s::date) AS due",
        months=rule.first_within_months,
        each=rule.each_calendar_year,
        initial=known.initial,
        decided=known.decided_on,
        end=known.last_valid_day,
        renewed=list(known.renewed_on),
        reported=reported,
    )
    assert found.due == surveillance_due(rule, known, reported)


def test_the_scheme_s_data_are_the_rule_of_17021_1(bare_world):
    (found,) = rows(
        bare_world, "SELECT surveillance_months, surveillance_each_year FROM akashi.scheme WHERE code = 'aims'"
    )
    assert SurveillanceRule(*found) == AIMS_RULE
