"""Days and instants in words."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime

import pytest

from app.pages import dates

AFTERNOON = datetime(2026, 11, 24, 13, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("Asia/Tokyo", "en", "24 Nov 2026, 22:50 JST (13:50 UTC)"),
        ("Asia/Tokyo", "ja", "2026年11月24日 22:50 JST（13:50 UTC）"),
        ("UTC", "en", "24 Nov 2026, 13:50 UTC"),
        ("Asia/Singapore", "en", "24 Nov 2026, 21:50 UTC+8 (13:50 UTC)"),
        ("Asia/Kathmandu", "en", "24 Nov 2026, 19:35 UTC+5:45 (13:50 UTC)"),
        ("Pacific/Auckland", "en", "25 Nov 2026, 02:50 NZDT (24 Nov 2026, 13:50 UTC)"),
        ("America/Sao_Paulo", "ja", "2026年11月24日 10:50 UTC-3（13:50 UTC）"),
    ],
)
def test_an_instant_is_told_in_the_zone_of_the_body_with_utc_beside_it(zone, language, words):
    assert dates.instant_in_words(AFTERNOON, zone, language) == words


@pytest.mark.parametrize("process_zone", ["Asia/Tokyo", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_day_is_never_shifted_by_the_zone_of_the_machine(process_zone, monkeypatch):
    """C037: decided on 1 April 2027 in Tokyo is 1 April everywhere."""
    monkeypatch.setitem(os.environ, "TZ", process_zone)
    time.tzset()
    try:
        assert dates.day_markup("2027-04-01", "en") == '<time datetime="2027-04-01">1 April 2027</time>'
        assert dates.day_markup("2027-04-01", "ja") == '<time datetime="2027-04-01">2027年4月1日</time>'
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_machine_readable_instant_stands_in_the_markup():
    shown = dates.instant_markup("2026-11-24T13:50:00Z", "Asia/Tokyo", "en")

    assert shown == '<time datetime="2026-11-24T13:50:00Z">24 Nov 2026, 22:50 JST (13:50 UTC)</time>'


@pytest.mark.parametrize(
    ("now", "zone", "words"),
    [
        (datetime(2026, 11, 18, 9, tzinfo=UTC), "UTC", "yesterday"),
        (datetime(2026, 11, 17, 18, tzinfo=UTC), "UTC", "today"),
        (datetime(2026, 11, 17, 18, tzinfo=UTC), "Asia/Tokyo", "yesterday"),
        (datetime(2026, 11, 16, 12, tzinfo=UTC), "Asia/Tokyo", "tomorrow"),
        (datetime(2026, 11, 5, 12, tzinfo=UTC), "UTC", "in 12 days"),
        (datetime(2026, 11, 29, 12, tzinfo=UTC), "UTC", "12 days ago"),
        (datetime(2024, 11, 29, 12, tzinfo=UTC), "UTC", ""),
    ],
)
def test_relative_words_are_computed_in_the_zone_that_is_shown(now, zone, words):
    """C032: ended at 18:00 on the 17th, read on the 18th: not "today"."""
    assert dates.relative_words(date(2026, 11, 17), now, zone, "en") == words


def test_relative_words_exist_in_japanese():
    assert dates.relative_words(date(2026, 11, 26), AFTERNOON, "UTC", "ja") == "2日後"


def test_the_day_of_an_instant_is_the_day_in_its_zone():
    assert dates.day_of_instant("2026-11-24T15:00:00Z", "Asia/Tokyo") == "2026-11-25"
