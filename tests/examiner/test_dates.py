from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from app.conformity.words import Word
from app.examiner.dates import age_in_words, day_in_words, instant_in_words


def test_days_are_written_out() -> None:
    assert day_in_words(date(2026, 11, 4)) == Word("4 November 2026", "2026年11月4日")


def test_a_time_has_its_zone() -> None:
    tokyo = timezone(timedelta(hours=9))
    words = Word("24 November 2026, 13:50 UTC", "2026年11月24日 13:50（UTC）")
    assert instant_in_words(datetime(2026, 11, 24, 22, 50, tzinfo=tokyo)) == words
    assert instant_in_words(datetime(2026, 11, 24, 13, 50, tzinfo=UTC)) == words


def test_an_age_has_the_unit_that_fits() -> None:
    ages = [timedelta(seconds=-5), timedelta(minutes=1), timedelta(hours=3), timedelta(days=3)]
    assert [age_in_words(age).en for age in ages] == ["0 minutes", "1 minute", "3 hours", "3 days"]
    assert [age_in_words(age).ja for age in ages] == ["0分", "1分", "3時間", "3日"]
