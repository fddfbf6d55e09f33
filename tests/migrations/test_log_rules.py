"""The rules of the log, broken by hand as the role that integrates."""

from __future__ import annotations

import hashlib
import threading

import psycopg
import pytest

from app.errors import AkashiError
from app.storage import log
from app.storage.rows import insert, many, run
from tests.support.acts import rows


def assigned(world) -> int:
    with world.database.transaction("jobs") as connection:
        return log.assign_indexes(connection)


def test_indexes_follow_one_another_from_zero_in_the_order_of_recording(world):
    world.grant("first")
    count = assigned(world)
    found = rows(
        world,
        "SELECT e.log_index, v.recorded_at FROM akashi.log_entry e JOIN akashi.log_queue q USING (sequence) "
        "JOIN akashi.envelope v ON v.body_id = q.body_id AND v.id = q.envelope_id ORDER BY e.log_index",
    )
    assert [row.log_index for row in found] == list(range(count))
    assert [row.recorded_at for row in found] == sorted(row.recorded_at for row in found)


def test_an_entry_gets_its_index_once(world):
    count = assigned(world)
    assert assigned(world) == count
    world.grant("later")
    before = rows(world, "SELECT * FROM akashi.log_entry ORDER BY log_index")
    assigned(world)
    assert rows(world, "SELECT * FROM akashi.log_entry ORDER BY log_index")[:count] == before


@pytest.mark.parametrize("index", [0, 5, 10**6])
def test_an_index_out_of_order_is_refused(world, index):
    count = assigned(world)
    assert index != count
    world.grant("later")
    (queued,) = rows(world, "SELECT max(sequence) AS sequence FROM akashi.log_queue")
    with pytest.raises(AkashiError, match="log_index_out_of_order"), world.database.transaction("jobs") as connection:
        insert(connection, "log_entry", log_index=index, sequence=queued.sequence, leaf_hash=bytes(32))


def test_the_leaf_hash_is_the_databases_own_whatever_was_written(world):
    with world.database.transaction("jobs") as connection:
        queued = many(connection, "SELECT sequence, entry FROM akashi.log_queue ORDER BY sequence LIMIT 1")[0]
        insert(connection, "log_entry", log_index=0, sequence=queued.sequence, leaf_hash=bytes(32))
        kept = many(connection, "SELECT leaf_hash FROM akashi.log_entry")[0]
    assert bytes(kept.leaf_hash) == hashlib.sha256(b"\x00" + bytes(queued.entry)).digest()


def test_an_entry_that_was_never_queued_has_no_index(world):
    with pytest.raises(AkashiError), world.database.transaction("jobs") as connection:
        insert(connection, "log_entry", log_index=0, sequence=10**9, leaf_hash=bytes(32))


def test_two_heads_never_follow_the_same_one(world):
    """Compare and swap: the second integrator that goes on from a head is refused."""
    assigned(world)
    with world.database.transaction("jobs") as connection:
        log.add_head(connection, size=1, previous=None, root=bytes(32), note=b"first")
    for size, previous in ((2, None), (1, None)):
        with pytest.raises(AkashiError), world.database.transaction("jobs") as connection:
            log.add_head(connection, size=size, previous=previous, root=bytes(32), note=b"other")
    with world.database.transaction("jobs") as connection:
        log.add_head(connection, size=2, previous=1, root=bytes(32), note=b"second")


def test_a_head_never_shrinks_and_never_covers_what_has_no_index(world):
    count = assigned(world)
    with world.database.transaction("jobs") as connection:
        log.add_head(connection, size=count, previous=None, root=bytes(32), note=b"first")
    for size in (count - 1, count + 1):
        with pytest.raises(AkashiError), world.database.transaction("jobs") as connection:
            log.add_head(connection, size=size, previous=count, root=bytes(32), note=b"other")


@pytest.mark.parametrize("table", ["log_entry", "log_checkpoint", "log_queue"])
@pytest.mark.parametrize("statement", ["DELETE FROM akashi.{}", "TRUNCATE akashi.{}"])
def test_nothing_of_the_log_is_taken_away(world, table, statement):
    assigned(world)
    with pytest.raises(AkashiError), world.database.transaction("jobs") as connection:
        run(connection, statement.format(table))


@pytest.mark.parametrize("role", ["service", "reader", "keeper"])
def test_only_the_jobs_give_indexes(world, role):
    with pytest.raises(AkashiError), world.database.transaction(role) as connection:
        log.assign_indexes(connection)


def test_who_is_still_recording_is_waited_for(world):
    """Nothing can come to stand before an entry that has its index: the end of the queue is taken when nobody records."""
    counted: list[int] = []
    with psycopg.connect(world.fresh.superuser_url) as recording:
        recording.execute("SELECT akashi.share_recording()")
        integrator = threading.Thread(target=lambda: counted.append(assigned(world)))
        integrator.start()
        integrator.join(0.3)
        assert integrator.is_alive()
        recording.rollback()
        integrator.join(10)
    assert counted[0] > 0
