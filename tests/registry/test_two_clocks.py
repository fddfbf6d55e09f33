"""True at a time, and known at a time: the two times that a question about the record may name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.registry.two_clocks import NOW, Asked
from tests.support.acts import refused

MOMENT = datetime(2027, 3, 1, 12, tzinfo=UTC)
BEFORE = MOMENT - timedelta(days=3)


def test_without_any_time_the_question_is_about_now_by_all_that_is_known():
    assert NOW.is_of_now
    settled = NOW.settled(MOMENT)
    assert (settled.at, settled.known_at) == (MOMENT, MOMENT)


@pytest.mark.parametrize(
    ("asked", "at", "known_at"),
    [
        (Asked(at=BEFORE), BEFORE, MOMENT),
        (Asked(known_at=BEFORE), BEFORE, BEFORE),
        (Asked(MOMENT, BEFORE), MOMENT, BEFORE),
    ],
)
def test_the_time_asked_about_defaults_to_that_of_the_knowledge_and_both_to_now(asked, at, known_at):
    """records §9."""
    settled = asked.settled(MOMENT)
    assert (settled.at, settled.known_at, asked.is_of_now) == (at, known_at, False)


@pytest.mark.parametrize("field", ["at", "known_at"])
def test_the_future_is_refused_with_the_field_that_names_it(field):
    with refused("time_in_the_future", f"/{field}"):
        Asked(**{field: MOMENT + timedelta(seconds=1)}).settled(MOMENT)
