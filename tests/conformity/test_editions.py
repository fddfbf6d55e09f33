from __future__ import annotations

from datetime import UTC, date, datetime

from app.conformity.editions import EditionEnd, end_of

FIRST = EditionEnd("S:2023", "S:2028", date(2028, 1, 10), date(2031, 1, 10), datetime(2028, 1, 11, tzinfo=UTC))
LONGER = EditionEnd("S:2023", "S:2028", date(2028, 6, 1), date(2031, 7, 10), datetime(2028, 6, 2, tzinfo=UTC))


def test_an_edition_without_a_word_about_it_has_no_end():
    assert end_of((FIRST,), "S:2028", datetime(2030, 1, 1, tzinfo=UTC)) is None


def test_a_later_word_supersedes_an_earlier_one():
    assert end_of((LONGER, FIRST), "S:2023", datetime(2030, 1, 1, tzinfo=UTC)) is LONGER


def test_what_was_known_then_is_what_had_been_recorded_by_then():
    assert end_of((LONGER, FIRST), "S:2023", datetime(2028, 3, 1, tzinfo=UTC)) is FIRST
    assert end_of((LONGER, FIRST), "S:2023", datetime(2028, 1, 10, tzinfo=UTC)) is None
