"""Queries of the published plane: status bits as the events explain them, and numbered publications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one, run, scalar


def wait_at_most(connection: Connection, milliseconds: int) -> None:
    """This transaction's statements end by then; what is cut off raises `try_again`."""
    run(connection, "SELECT set_config('statement_timeout', :limit, true)", limit=str(milliseconds))


def lock_publishing(connection: Connection) -> None:
    """One publisher at a time, so that a later publication never holds older bits."""
    run(connection, "SELECT pg_advisory_xact_lock(hashtextextended('akashi publish', 6))")


def moment_of_publication(connection: Connection) -> datetime:
    """A time such that every fact recorded before it is committed, and thus seen by the next query."""
    moment: datetime = scalar(connection, "SELECT akashi.moment_of_publication()")
    return moment


def status_lists(connection: Connection) -> tuple[Row[Any], ...]:
    """Every list with its purpose and size."""
    return many(connection, "SELECT list_no, purpose, size FROM akashi.status_list ORDER BY list_no")


def set_bits(connection: Connection) -> dict[int, list[int]]:
    """The positions that are set now, by list."""
    bits: dict[int, list[int]] = {}
    for row in many(connection, 'SELECT DISTINCT list_no, "position" AS place FROM akashi.status_bit'):
        bits.setdefault(row.list_no, []).append(row.place)
    return bits


def publish(connection: Connection, name: str, media_type: str, content: bytes, valid_until: datetime) -> int:
    """The next publication of a name; returns its number."""
    number = (
        int(scalar(connection, "SELECT max(number) FROM akashi.publication WHERE name = :name", name=name) or 0) + 1
    )
    insert(
        connection,
        "publication",
        name=name,
        number=number,
        media_type=media_type,
        content=content,
        valid_until=valid_until,
    )
    return number


_PUBLICATION = "SELECT name, number, media_type, content, valid_until, recorded_at FROM public_record.publication"


def latest(connection: Connection, name: str) -> Row[Any] | None:
    """The newest publication of a name."""
    return one(connection, f"{_PUBLICATION} WHERE name = :name ORDER BY number DESC LIMIT 1", name=name)


def numbered(connection: Connection, name: str, number: int) -> Row[Any] | None:
    """One publication."""
    return one(connection, f"{_PUBLICATION} WHERE name = :name AND number = :number", name=name, number=number)


def as_published(connection: Connection, name: str, at: datetime) -> Row[Any] | None:
    """The publication of a name that held at an instant, if one did."""
    return one(
        connection,
        f"{_PUBLICATION} WHERE name = :name AND recorded_at <= :at AND valid_until > :at ORDER BY number DESC LIMIT 1",
        name=name,
        at=at,
    )


def newest(connection: Connection) -> tuple[Row[Any], ...]:
    """The newest publication of each name, the oldest first."""
    return many(
        connection,
        "SELECT name, number, recorded_at, valid_until FROM (SELECT DISTINCT ON (name) name, number, recorded_at, "
        "valid_until FROM akashi.publication ORDER BY name, number DESC) newest ORDER BY recorded_at, name",
    )


def last_change(connection: Connection) -> datetime | None:
    """When something last moved a bit: an event recorded or come into effect, a version begun; None before any."""
    change: datetime | None = scalar(
        connection,
        "SELECT max(moment) FROM (SELECT e.recorded_at AS moment FROM akashi.standing_event e "
        "UNION ALL SELECT e.effective_at FROM akashi.standing_event e "
        "UNION ALL SELECT v.effective_at FROM akashi.certificate_version v) turns WHERE moment <= akashi.now()",
    )
    return change
