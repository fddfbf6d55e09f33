"""Queries of the log, each against what was recorded."""

from __future__ import annotations

import hashlib

from app.storage import log


def test_entries_come_in_the_order_of_their_indexes_with_their_leaf_hashes(world):
    world.grant("logged-1")
    with world.database.transaction("jobs") as connection:
        assigned = log.assign_indexes(connection)
        found = log.entries(connection, 0, assigned)
        some = log.entries(connection, 2, 4)
    assert len(found) == assigned >= 5
    assert [row.leaf_hash for row in found] == [hashlib.sha256(b"\x00" + bytes(row.entry)).digest() for row in found]
    assert some == found[2:4]


def test_an_entry_is_found_by_its_leaf_hash(world):
    with world.database.transaction("jobs") as connection:
        log.assign_indexes(connection)
        second = log.entries(connection, 1, 2)[0]
        assert log.index_of(connection, second.leaf_hash) == 1
        assert log.index_of(connection, bytes(32)) is None


def test_the_head_is_the_newest(world):
    with world.database.transaction("jobs") as connection:
        assert log.head(connection) is None
        log.assign_indexes(connection)
        log.add_head(connection, size=1, previous=None, root=bytes(32), note=b"first")
        log.add_head(connection, size=2, previous=1, root=bytes(32), note=b"second")
        newest = log.head(connection)
    assert (newest.size, bytes(newest.note)) == (2, b"second")


def test_one_transaction_leads(world):
    with world.database.transaction("jobs") as first, world.database.transaction("jobs") as second:
        assert log.take_lead(first)
        assert not log.take_lead(second)
