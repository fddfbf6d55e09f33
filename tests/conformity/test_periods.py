"""Periods in calendar months, deadlines, and the instants at which days begin and end, in zones with odd midnights."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conformity.periods import (
    deadline,
    end_instant,
    instant_text,
    last_valid_day,
    local_day,
    renewal_limit,
    restoration_limit,
    start_instant,
    zone_exists,
)
from app.errors import AkashiError

days = st.dates(date(1990, 1, 1), date(2200, 12, 31))
months = st.integers(1, 120)
zones = st.sampled_from(
    [
        "UTC",
        "Asia/Tokyo",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "America/Havana",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Asia/Kathmandu",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "Asia/Beirut",
        "America/St_Johns",
        "America/Toronto",
    ]
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- Months ---


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2027-03-01", 36, "2030-02-28"),  # C035, C038; records.md section 8
        ("2028-02-29", 36, "2031-02-28"),  # C034; records.md section 8
        ("2028-02-29", 48, "2032-02-28"),
        ("2028-03-01", 12, "2029-02-28"),
        ("2027-03-01", 12, "2028-02-29"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-01-29", 1, "2027-02-28"),
        ("2028-01-30", 1, "2028-02-29"),
        ("2027-01-01", 12, "2027-12-31"),
        ("2027-12-15", 1, "2028-01-14"),
        ("2027-08-31", 6, "2028-02-29"),
    ],
)
def test_a_period_ends_before_the_same_day_or_with_the_month_that_lacks_it(start, count, expected):
    assert last_valid_day(date.fromisoformat(start), count).isoformat() == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2028-02-29", 12, "2029-02-28"),  # C034: surveillance due, never 1 March
        ("2028-02-29", 36, "2031-02-28"),  # C034
        ("2027-08-31", 6, "2028-02-29"),  # six months are six months, not 180 days
        ("2027-05-10", 6, "2027-11-10"),
        ("2027-12-31", 2, "2028-02-29"),
    ],
)
def test_a_deadline_is_the_same_day_or_the_end_of_the_month(day, count, expected):
    assert deadline(date.fromisoformat(day), count).isoformat() == expected


@given(days, months)
def test_limit_check_and_expiry_agree_and_periods_join_without_gap(start, count):
    """C035: one function; the next period begins the day after, and never before a deadline counted from the start."""
    end = last_valid_day(start, count)
    assert end <= deadline(start, count) <= end + timedelta(days=1)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) in {count, count - 1}


@given(days, months)
def test_a_deadline_falls_in_the_month_it_counts_to(day, count):
    due = deadline(day, count)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == count
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


@given(days, days, months)
def test_a_later_start_never_ends_earlier(one, other, count):
    earlier, later = sorted((one, other))
    assert last_valid_day(earlier, count) <= last_valid_day(later, count)


@pytest.mark.parametrize("count", [0, -1, 12 * 9000])
def test_a_period_that_does_not_exist_is_refused(count):
    for rule in (last_valid_day, deadline):
        with pytest.raises(AkashiError) as refusal:
            rule(date(2027, 3, 1), count)
        assert refusal.value.code == "impossible_period"


def test_a_timely_renewal_loses_nothing_and_a_late_one_counts_from_its_effect():
    assert renewal_limit(date(2029, 12, 1), date(2030, 2, 28), 36) == date(2033, 2, 28)
    assert renewal_limit(date(2030, 4, 1), date(2030, 2, 28), 36) == date(2033, 3, 31)


def test_a_restoration_counts_from_the_previous_end():
    """17021-1 9.6.3: expiry based on the prior cycle, the gap is not added."""
    assert restoration_limit(date(2030, 2, 28), 36) == date(2033, 2, 28)


# --- Days in zones ---


@pytest.mark.parametrize(
    ("last_day", "zone", "expected"),
    [
        ("2030-02-28", "Asia/Tokyo", "2030-02-28T15:00:00"),  # C038
        ("2030-02-28", "UTC", "2030-03-01T00:00:00"),
        ("2030-02-28", "America/Los_Angeles", "2030-03-01T08:00:00"),
        ("2018-11-03", "America/Sao_Paulo", "2018-11-04T03:00:00"),  # midnight skipped: 00:00 became 01:00
        ("2018-02-17", "America/Sao_Paulo", "2018-02-18T03:00:00"),  # 00:00 became 23:00 of the same day
        ("2011-12-29", "Pacific/Apia", "2011-12-30T10:00:00"),  # 30 December 2011 did not exist
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00"),
        ("2011-12-31", "Pacific/Apia", "2011-12-31T10:00:00"),
        (
            "2010-11-06",
            "America/St_Johns",
            "2010-11-07T03:30:00",
        ),  # 00:01 became 23:01: the day ends at the second midnight
        ("2096-11-03", "America/Havana", "2096-11-04T04:00:00"),  # 01:00 became 00:00: the day had ended with the first
        ("1919-03-30", "America/Toronto", "1919-03-31T04:30:00"),  # 23:30 became 00:30: the day ends with the change
    ],
)
def test_a_day_ends_at_the_first_instant_after_it(last_day, zone, expected):
    assert end_instant(date.fromisoformat(last_day), zone) == utc(expected)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2028-02-29", "Asia/Tokyo", "2028-02-28T15:00:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00"),
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00"),
        ("2010-11-07", "America/St_Johns", "2010-11-07T02:30:00"),  # the first of two midnights
        ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00"),
    ],
)
def test_a_day_begins_at_the_first_instant_of_it(day, zone, expected):
    assert start_instant(date.fromisoformat(day), zone) == utc(expected)


@given(days, zones)
def test_the_instants_bound_the_day(day, zone):
    begin, end = start_instant(day, zone), end_instant(day, zone)
    second = timedelta(seconds=1)
    assert begin <= end
    assert local_day(begin - second, zone) < day <= local_day(begin, zone)
    assert local_day(end - second, zone) <= day < local_day(end, zone)


@pytest.mark.parametrize("process_zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Apia"])
def test_the_zone_of_the_process_changes_nothing(process_zone, monkeypatch):
    """C031, C037: the zone comes from the body's record alone."""
    monkeypatch.setenv("TZ", process_zone)
    time.tzset()
    try:
        assert end_instant(date(2028, 2, 29), "Asia/Tokyo") == utc("2028-02-29T15:00:00")
        assert local_day(utc("2027-03-31T23:00:00"), "Asia/Tokyo") == date(2027, 4, 1)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("name", ["Asia/Tokyo", "UTC", "Europe/Berlin", "Etc/GMT+9"])
def test_zones_of_the_database_exist(name):
    assert zone_exists(name)


def test_every_zone_of_the_machine_that_names_a_place_exists_and_can_be_used():
    for name in sorted(available_timezones() - {"localtime", "Factory"}):
        assert zone_exists(name), name
        assert local_day(start_instant(date(2027, 3, 1), name), name) == date(2027, 3, 1)


@pytest.mark.parametrize("name", ["", "asia/tokyo", "Asia/Tokyo ", "Mars/Olympus", "JST-9", "+09:00", "../etc/passwd", "/etc/localtime", "localtime", "posixrules", "posix/UTC", "ASIA/TOKYO", "Asia", "Asia/Tokyo\0", "Factory"])  # fmt: skip
def test_anything_else_is_no_zone(name):
    assert not zone_exists(name)
    with pytest.raises(AkashiError) as refusal:
        start_instant(date(2027, 1, 1), name)
    assert refusal.value.code == "unknown_time_zone"


@pytest.mark.parametrize(
    ("rule", "day", "zone"),
    [
        (end_instant, date.max, "UTC"),
        (end_instant, date(9999, 12, 30), "America/Los_Angeles"),
        (start_instant, date.min, "Asia/Tokyo"),
    ],
)
def test_a_day_at_the_end_of_the_calendar_is_refused_or_computed_never_a_crash(rule, day, zone):
    try:
        assert rule(day, zone).tzinfo is UTC
    except AkashiError as refusal:
        assert refusal.code == "impossible_period"  # noqa: PT017


def test_an_instant_is_written_in_utc_with_milliseconds_only_where_it_has_them():
    assert instant_text(datetime.fromisoformat("2026-11-25T09:00:00+09:00")) == "2026-11-25T00:00:00Z"
    assert instant_text(utc("2026-11-25T00:00:00.123456")) == "2026-11-25T00:00:00.123Z"
