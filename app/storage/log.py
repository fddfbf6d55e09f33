"""Queries of the log: indexes given to queued entries, entries by index, and the chain of signed heads."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one, scalar


def take_lead(connection: Connection) -> bool:
    """Whether this transaction integrates until its end; of several processes, one does."""
    return bool(scalar(connection, "SELECT pg_try_advisory_xact_lock(hashtextextended('akashi integrator', 8))"))


def assign_indexes(connection: Connection) -> int:
    """Every entry that was queued until now has its index; returns how many entries have one."""
    return int(scalar(connection, "SELECT akashi.assign_log_indexes()"))


def head(connection: Connection) -> Row[Any] | None:
    """The newest signed head: its size, its root, the note as it was published."""
    return one(connection, "SELECT size, root, note, recorded_at FROM akashi.log_checkpoint ORDER BY size DESC LIMIT 1")


def entries(connection: Connection, start: int, end: int) -> tuple[Row[Any], ...]:
    """The entries [start, end) in their order, each with the leaf hash that the database computed when it gave the index."""
    return many(
        connection,
        "SELECT q.entry, e.leaf_hash FROM akashi.log_entry e JOIN akashi.log_queue q USING (sequence) "
        "WHERE e.log_index >= :start AND e.log_index < :end ORDER BY e.log_index",
        start=start,
        end=end,
    )


def index_of(connection: Connection, leaf_hash: bytes) -> int | None:
    """At which index the entry with this leaf hash stands."""
    found: int | None = scalar(
        connection, "SELECT log_index FROM akashi.log_entry WHERE leaf_hash = :leaf_hash", leaf_hash=leaf_hash
    )
    return found


def add_head(connection: Connection, *, size: int, previous: int | None, root: bytes, note: bytes) -> None:
    """The head follows its predecessor; raises if another head does so already."""
    insert(connection, "log_checkpoint", size=size, previous_size=previous, root=root, note=note)
