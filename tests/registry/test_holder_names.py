"""The names of holders: those of a day where the body is, and those by which somebody found them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from app.registry.holder_names import shown_names


class Row(NamedTuple):
    certification_id: UUID
    name: str
    folded: str
    language: str
    script: str
    valid_from: date | None
    valid_to: date | None
    time_zone: str


HERE, ELSEWHERE = UUID(int=1), UUID(int=2)


def row(name, valid_from=None, valid_to=None, certification=HERE):
    return Row(certification, name, name.lower(), "en", "Latn", valid_from, valid_to, "Asia/Tokyo")


ROWS = [
    row("Old Name", valid_to=date(2027, 3, 1)),
    row("New Name", valid_from=date(2027, 3, 2)),
    row("Another's Name", certification=ELSEWHERE),
]


def names(at, folded=None):
    return shown_names(ROWS, HERE, at, folded)


def test_a_holder_is_shown_by_the_name_of_the_day_where_the_body_is():
    """At nine in the evening UTC it is tomorrow in Tokyo, and the new name holds there."""
    assert [name.name for name in names(datetime(2027, 3, 1, 12, tzinfo=UTC)).names] == ["Old Name"]
    assert [name.name for name in names(datetime(2027, 3, 1, 21, tzinfo=UTC)).names] == ["New Name"]


def test_found_names_say_whether_they_are_of_now():
    """C089."""
    found = names(datetime(2027, 5, 1, tzinfo=UTC), "name").found_by
    assert [(one.name, one.of_now, one.valid_to) for one in found] == [
        ("Old Name", False, date(2027, 3, 1)),
        ("New Name", True, None),
    ]
    assert names(datetime(2027, 5, 1, tzinfo=UTC)).found_by == ()
