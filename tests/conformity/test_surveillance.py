"""When a surveillance is due and overdue: plain dates in, a plain date out (ISO/IEC 17021-1 9.1.3)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.conformity.periods import last_valid_day
from app.conformity.surveillance import AIMS_RULE, Certified, SurveillanceRule, is_overdue, surveillance_due


def certified(decided_on: date, **more: object) -> Certified:
    facts = {"initial": True, "last_valid_day": last_valid_day(decided_on, 36), **more}
    return Certified(decided_on, **facts)


def test_the_first_is_due_twelve_months_after_the_initial_decision():
    assert surveillance_due(AIMS_RULE, certified(date(2026, 11, 25)), None) == date(2027, 11, 25)


def test_twelve_months_are_in_time_and_one_day_more_is_overdue():
    due = surveillance_due(AIMS_RULE, certified(date(2026, 11, 25)), None)
    assert not is_overdue(due, date(2027, 11, 25))
    assert is_overdue(due, date(2027, 11, 26))
    assert not is_overdue(None, date(2099, 1, 1))


def test_c034_decided_on_29_february_the_first_is_due_on_28_february():
    decided = date(2028, 2, 29)
    assert last_valid_day(decided, 36) == date(2031, 2, 28)
    due = surveillance_due(AIMS_RULE, certified(decided), None)
    assert due == date(2029, 2, 28)
    assert is_overdue(due, date(2029, 3, 1))


def test_each_calendar_year_has_one_and_is_overdue_from_new_year():
    due = surveillance_due(AIMS_RULE, certified(date(2026, 11, 25)), date(2027, 11, 20))
    assert due == date(2028, 12, 31)
    assert not is_overdue(due, date(2028, 12, 31))
    assert is_overdue(due, date(2029, 1, 1))


def test_the_year_in_which_the_certificate_ends_asks_for_none():
    assert surveillance_due(AIMS_RULE, certified(date(2026, 11, 25)), date(2028, 5, 1)) is None


def test_the_year_of_a_renewal_asks_for_none():
    renewed = certified(date(2026, 1, 5), last_valid_day=date(2032, 1, 4), renewed_on=(date(2028, 12, 1),))
    assert surveillance_due(AIMS_RULE, renewed, date(2027, 3, 1)) == date(2029, 12, 31)


def test_two_surveillances_in_one_year_do_not_serve_the_next():
    assert surveillance_due(AIMS_RULE, certified(date(2026, 11, 25)), date(2027, 12, 31)) == date(2028, 12, 31)


def test_a_late_one_ends_what_was_overdue_and_serves_its_own_year():
    assert surveillance_due(AIMS_RULE, certified(date(2026, 11, 25)), date(2028, 1, 15)) is None
    longer = certified(date(2026, 11, 25), last_valid_day=date(2031, 11, 24))
    assert surveillance_due(AIMS_RULE, longer, date(2028, 1, 15)) == date(2029, 12, 31)


def test_twelve_months_count_after_an_initial_certification_only():
    transferred = certified(date(2026, 3, 1), initial=False)
    assert surveillance_due(AIMS_RULE, transferred, None) == date(2027, 12, 31)


def test_a_surveillance_before_the_decision_serves_nothing_after_it():
    assert surveillance_due(AIMS_RULE, certified(date(2026, 11, 25)), date(2026, 11, 1)) == date(2027, 11, 25)


def test_a_scheme_may_ask_for_none_or_only_for_the_first():
    assert surveillance_due(SurveillanceRule(None, True), certified(date(2026, 1, 1)), None) is None
    only_first = SurveillanceRule(6, False)
    assert surveillance_due(only_first, certified(date(2026, 8, 31)), None) == date(2027, 2, 28)
    assert surveillance_due(only_first, certified(date(2026, 8, 31)), date(2026, 12, 1)) is None


days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@given(decided=days, reported=st.none() | days, later=st.integers(1, 900))
def test_a_later_report_never_makes_anything_due_earlier(decided, reported, later):
    known = certified(decided)
    before = surveillance_due(AIMS_RULE, known, reported)
    after = surveillance_due(AIMS_RULE, known, (reported or decided) + timedelta(days=later))
    assert after is None or before is None or after >= before


@given(decided=days)
def test_who_is_audited_on_each_due_day_is_never_overdue(decided):
    known, last, times = certified(decided), None, 0
    due = surveillance_due(AIMS_RULE, known, last)
    while due is not None:
        last, times = due, times + 1
        due = surveillance_due(AIMS_RULE, known, last)
        assert due is None or due > last
    assert times <= 3
