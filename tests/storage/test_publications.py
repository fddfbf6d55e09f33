"""Numbered publications and the bits that the next status list will show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.storage import publications
from app.storage.database import now
from tests.support.acts import begin_issue, refused, rows, tamper


@pytest.fixture
def jobs(world):
    with world.database.transaction("jobs") as connection:
        yield connection


def publish(connection, content, *, name="x", hours=24):
    return publications.publish(connection, name, "text/plain", content, now(connection) + timedelta(hours=hours))


def reading(world, query, *arguments):
    with world.database.transaction("reader") as connection:
        return query(connection, *arguments)


def test_publications_of_a_name_are_numbered_from_one(jobs):
    assert [publish(jobs, b"a"), publish(jobs, b"b"), publish(jobs, b"c", name="y")] == [1, 2, 1]


def test_the_newest_and_every_earlier_publication_can_be_read(world):
    with world.database.transaction("jobs") as connection:
        publish(connection, b"a")
        publish(connection, b"b")
    assert bytes(reading(world, publications.latest, "x").content) == b"b"
    assert bytes(reading(world, publications.numbered, "x", 1).content) == b"a"
    assert reading(world, publications.latest, "z") is None
    assert reading(world, publications.numbered, "x", 3) is None


def test_what_was_published_at_a_time_is_what_counted_then(world):
    with world.database.transaction("jobs") as connection:
        publish(connection, b"a", hours=1)
    between = world.now()
    world.set_clock(between + timedelta(minutes=30))
    with world.database.transaction("jobs") as connection:
        publish(connection, b"b", hours=1)
    later = world.now()

    assert bytes(reading(world, publications.as_published, "x", between).content) == b"a"
    assert bytes(reading(world, publications.as_published, "x", later).content) == b"b"
    assert reading(world, publications.as_published, "x", between - timedelta(days=1)) is None
    assert reading(world, publications.as_published, "x", later + timedelta(hours=2)) is None


def test_of_each_name_the_newest_is_told_the_oldest_first(jobs):
    publish(jobs, b"a", name="x")
    publish(jobs, b"b", name="y")
    publish(jobs, b"c", name="x")
    assert [(row.name, row.number) for row in publications.newest(jobs)] == [("y", 1), ("x", 2)]


def test_a_publication_is_never_changed_and_never_skips_a_number(world):
    with world.database.transaction("jobs") as connection:
        publish(connection, b"a")
    with refused("unknown_reference"), world.database.transaction("jobs") as connection:
        publications.run(connection, "UPDATE akashi.publication SET content = 'b'")
    with refused("publication_out_of_order"), world.database.transaction("jobs") as connection:
        publications.run(
            connection,
            "INSERT INTO akashi.publication (name, number, media_type, content, valid_until) "
            "VALUES ('x', 3, 'text/plain', 'c', akashi.now())",
        )


def test_every_purpose_has_its_list_of_131072_positions(jobs):
    lists = publications.status_lists(jobs)
    assert [(row.list_no, row.purpose, row.size) for row in lists] == [
        (1, "revocation", 131072),
        (2, "suspension", 131072),
        (3, "refresh", 131072),
    ]


def test_a_bit_is_set_where_an_event_explains_it(world):
    granted = world.grant()
    world.suspend(granted.public_id)
    (place,) = rows(world, "SELECT suspension_position AS place FROM akashi.issuance_reservation")
    with world.database.transaction("jobs") as connection:
        assert publications.set_bits(connection) == {2: [place.place]}


def test_the_last_free_position_of_a_list_is_found_and_then_the_next_list_is_opened(world):
    decided = []
    for number in ("FC-0001", "FC-0002"):
        opened = world.open(number)
        decided.append(world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    tamper(world, "ALTER TABLE akashi.status_position DROP CONSTRAINT status_position_body_id_act_id_list_no_key")
    tamper(
        world,
        "INSERT INTO akashi.status_position SELECT 1, n, body_id, id FROM generate_series(0, 131071) n, "
        "(SELECT body_id, id FROM akashi.act WHERE name = 'decide' LIMIT 1) a WHERE n <> 77777",
    )

    for one in decided:
        begin_issue(world, one, str(one.id))

    first, second = rows(
        world,
        "SELECT revocation_list AS list_no, revocation_position AS place, suspension_list FROM "
        "akashi.issuance_reservation ORDER BY recorded_at",
    )
    assert (first.list_no, first.place, first.suspension_list) == (1, 77777, 2)
    assert (second.list_no, second.suspension_list) == (4, 2)
    with world.database.transaction("jobs") as connection:
        assert publications.status_lists(connection)[-1] == (4, "revocation", 131072)


def test_before_any_event_nothing_has_changed(jobs):
    assert publications.last_change(jobs) is None


def test_an_event_to_come_is_a_change_only_when_it_comes(world):
    granted = world.grant()
    world.suspend(granted.public_id, effective_on=world.ago(-2))
    (event,) = rows(world, "SELECT recorded_at, effective_at FROM akashi.standing_event WHERE event_no = 2")

    def last_change():
        with world.database.transaction("jobs") as connection:
            return publications.last_change(connection)

    assert last_change() == event.recorded_at
    world.set_clock(event.effective_at + timedelta(seconds=1))
    assert last_change() == event.effective_at


def test_whoever_waits_too_long_is_told_to_try_again(world):
    with world.database.transaction("jobs") as holding:
        publications.lock_publishing(holding)
        with refused("try_again"), world.database.transaction("jobs") as waiting:
            publications.wait_at_most(waiting, 50)
            publications.lock_publishing(waiting)


def test_the_moment_of_a_publication_is_that_of_the_database_s_clock(jobs):
    before = now(jobs)
    assert before <= publications.moment_of_publication(jobs) <= now(jobs)
