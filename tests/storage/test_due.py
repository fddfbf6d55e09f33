"""What is due comes in the order of its days, each row at a place of its own."""

from __future__ import annotations

import pytest

from app.registry import complaint
from app.storage import due
from app.storage.public_record import Place


@pytest.fixture
def connection(world):
    world.grant()
    for _ in range(2):
        complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("complaint", "x"))
    with world.database.transaction(body=world.body) as opened:
        yield opened


def asked(connection, world, **more):
    wanted = {"overseen": False, "what": None, "overdue": None, "place": None, "limit": 50}
    return due.due(connection, world.body, **{**wanted, **more})


def test_rows_come_by_day_and_name_and_begin_again_after_any_place(connection, world):
    whole = asked(connection, world)
    places = [(row.sequence, row.id) for row in whole]
    assert places == sorted(places)
    assert len(set(places)) == len(places) == 6
    for number, place in enumerate(places):
        assert [row.id for row in asked(connection, world, place=Place(*place))] == [
            one for _, one in places[number + 1 :]
        ]


def test_one_kind_is_asked_for_and_the_two_halves_make_the_whole(connection, world):
    assert {row.what for row in asked(connection, world, what="complaint_decision")} == {"complaint_decision"}
    halves = [len(asked(connection, world, overdue=overdue)) for overdue in (True, False)]
    assert sum(halves) == len(asked(connection, world))


def test_a_certification_body_oversees_nothing(connection, world):
    assert asked(connection, world, overseen=True) == ()


def test_nothing_is_told_of_what_is_not_issued(world):
    never = world.open().public_id
    with world.database.transaction("reader") as connection:
        assert due.told(connection, never) is None
