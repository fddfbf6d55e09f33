"""What the reader's role sees: issued certifications, in an order that never moves, and no base table."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.errors import AkashiError
from app.storage import public_record
from app.storage.public_record import Place


def page(world, place=None, limit=100, **narrowed):
    wanted = {"number": None, "body": None, "scheme": None, **narrowed}
    with world.database.transaction("reader") as connection:
        return public_record.directory(connection, **wanted, place=place, limit=limit)


def test_a_certification_appears_with_its_first_version_and_keeps_its_place(world):
    opened = world.open("FC-1")
    assert page(world) == ()
    world.issue(world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    second = world.grant("FC-2")
    places = [(row.sequence, row.public_id) for row in page(world)]
    world.amend(opened.public_id)
    assert [(row.sequence, row.public_id) for row in page(world)] == places
    assert [public_id for _, public_id in places] == [opened.public_id, second.public_id]


def test_a_place_works_after_its_row_is_gone(world):
    """C104: a cursor names a place, not a row."""
    issued = [world.grant(f"FC-{number}") for number in range(3)]
    rows = page(world)
    between = Place(rows[0].sequence, rows[0].public_id + "Z")
    assert [row.public_id for row in page(world, between)] == [one.public_id for one in issued[1:]]
    assert [row.public_id for row in page(world, Place(rows[2].sequence, "", backwards=True), limit=1)] == [
        issued[1].public_id
    ]


def test_versions_and_events_come_in_their_order(world):
    issued = world.grant()
    world.amend(issued.public_id)
    with world.database.transaction("reader") as connection:
        row = public_record.certification(connection, issued.public_id)
        versions = public_record.versions(connection, row.body_id, row.id)
        events = public_record.events(connection, row.body_id, row.id)
    assert [one.version_no for one in versions] == [1, 2]
    assert [one.event_no for one in events] == [1, 2]


def test_bodies_come_page_by_page_in_both_directions(world):
    with world.database.transaction("reader") as connection:
        everybody = public_record.parties(connection, None, None, 10)
        after = public_record.parties(connection, None, Place(0, str(everybody[0].id)), 10)
        before = public_record.parties(connection, None, Place(0, str(everybody[1].id), backwards=True), 10)
    assert (after, before) == (everybody[1:], everybody[:1])


@pytest.mark.parametrize("table", ["certification", "organisation_name", "draft", "person", "log_queue"])
def test_the_reader_sees_no_base_table(world, table):
    with pytest.raises(AkashiError), world.database.transaction("reader") as connection:
        connection.execute(text(f"SELECT * FROM akashi.{table}"))


def test_scheme_data_is_complete(world):
    with world.database.transaction("reader") as connection:
        data = public_record.scheme_data(connection)
    assert data.keys() == public_record.SCHEME_DATA.keys()
    assert all(data.values())
