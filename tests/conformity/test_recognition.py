"""Recognised on a day, by what was known at a time; lost only where nothing succeeds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.conformity.recognition import Recognition, lost_on, recognised
from app.conformity.words import Word

BODY = "ab"
OLD = Recognition(
    BODY, "iaf-mla", Word("IAF MLA", "IAF MLA"), "L3", "ISO/IEC 17021-1", date(2020, 1, 1), date(2025, 12, 31), None,
    datetime(2025, 1, 1, tzinfo=UTC),
)  # fmt: skip
NEW = replace(OLD, arrangement="gac-mra", first_day=date(2026, 1, 1), last_day=None, recorded_at=datetime(2026, 1, 5, tzinfo=UTC))  # fmt: skip
KNOWN = datetime(2026, 2, 1, tzinfo=UTC)
THEN, TODAY = date(2025, 6, 1), date(2026, 1, 20)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("2019-12-31", []),
        ("2020-01-01", ["iaf-mla"]),
        ("2025-12-31", ["iaf-mla"]),
        ("2026-01-01", ["gac-mra"]),
    ],
)
def test_a_recognition_holds_from_its_first_to_its_last_day(day, codes):
    found = recognised([OLD, NEW], BODY, date.fromisoformat(day), KNOWN)
    assert [one.arrangement for one in found] == codes


def test_an_end_counts_once_it_was_learned():
    ended = replace(NEW, ended_on=date(2026, 1, 10), end_recorded_at=datetime(2026, 1, 25, tzinfo=UTC))
    assert ended.holds(date(2026, 1, 20), datetime(2026, 1, 24, tzinfo=UTC))
    assert not ended.holds(date(2026, 1, 20), datetime(2026, 1, 25, tzinfo=UTC))
    assert ended.end_by(KNOWN) == date(2026, 1, 10)


def test_a_body_that_is_recognised_under_the_successor_has_lost_nothing():
    assert lost_on([OLD], BODY, THEN, TODAY, KNOWN) == date(2025, 12, 31)
    assert lost_on([OLD, NEW], BODY, THEN, TODAY, KNOWN) is None
    assert lost_on([OLD, NEW], BODY, THEN, TODAY, datetime(2026, 1, 3, tzinfo=UTC)) == date(2025, 12, 31)


def test_nobody_loses_what_they_did_not_have():
    assert lost_on([OLD], "another", THEN, TODAY, KNOWN) is None
    assert lost_on([NEW], BODY, THEN, TODAY, KNOWN) is None
