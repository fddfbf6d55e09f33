"""Queries of the published plane: status bits as the events explain them, and numbered publications."""

from __future__ import annotations

from collections.abc import Sequence
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
    """The positions that are set now, by list: every version is looked at."""
    bits: dict[int, list[int]] = {}
    for row in many(connection, 'SELECT list_no, "position" AS place FROM akashi.status_bit'):
        bits.setdefault(row.list_no, []).append(row.place)
    return bits


def moved_bits(connection: Connection, since: datetime) -> tuple[Row[Any], ...]:
    """The positions of every certification of which something was recorded, began or ended since, set or not.

    `since` is the moment of a publication: what is not found here stands as it was published then.
    """
    return many(
        connection,
        "WITH moment AS MATERIALIZED (SELECT akashi.now() AS at), moved AS MATERIALIZED ("
        "SELECT body_id, certification_id FROM akashi.standing_event WHERE recorded_at >= :since "
        "UNION SELECT body_id, certification_id FROM akashi.standing_event "
        "WHERE effective_at >= :since AND effective_at <= (SELECT at FROM moment) "
        "UNION SELECT body_id, certification_id FROM akashi.certificate_version "
        "WHERE effective_at >= :since AND effective_at <= (SELECT at FROM moment) "
        "UNION SELECT body_id, certification_id FROM akashi.certificate_version "
        "WHERE valid_until >= :since AND valid_until <= (SELECT at FROM moment)) "
        'SELECT s.list_no, s."position" AS place, s.is_set FROM moved m, LATERAL (SELECT * FROM akashi.status_now n '
        "WHERE n.body_id = m.body_id AND n.certification_id = m.certification_id OFFSET 0) s",
        since=since,
    )


def newest_content(connection: Connection, names: Sequence[str]) -> dict[str, bytes]:
    """What was last published under each of these names; absent where nothing was."""
    rows = many(
        connection,
        "SELECT n.name, p.content FROM unnest(CAST(:names AS text[])) n (name), LATERAL (SELECT content "
        "FROM akashi.publication p WHERE p.name = n.name ORDER BY p.number DESC LIMIT 1) p",
        names=list(names),
    )
    return {row.name: bytes(row.content) for row in rows}


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


NAMES = (
    "WITH RECURSIVE names AS ((SELECT name FROM {table} ORDER BY name LIMIT 1) "
    "UNION ALL SELECT (SELECT p.name FROM {table} p WHERE p.name > n.name ORDER BY p.name LIMIT 1) "
    "FROM names n WHERE n.name IS NOT NULL)"
)
"""The names under which something was published, found without reading every publication of each."""
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
        f"{NAMES.format(table='akashi.publication')} SELECT p.* FROM names n, LATERAL (SELECT name, number, recorded_at, "  # noqa: S608, all text is ours
        "valid_until FROM akashi.publication p WHERE p.name = n.name ORDER BY p.number DESC LIMIT 1) p "
        "ORDER BY p.recorded_at, p.name",
    )


def last_change(connection: Connection) -> datetime | None:
    """When something last moved a bit: an event recorded or come into effect, a version begun; None before any."""
    change: datetime | None = scalar(
        connection,
        "WITH moment AS MATERIALIZED (SELECT akashi.now() AS at) SELECT greatest("
        "(SELECT max(recorded_at) FROM akashi.standing_event WHERE recorded_at <= (SELECT at FROM moment)), "
        "(SELECT max(effective_at) FROM akashi.standing_event WHERE effective_at <= (SELECT at FROM moment)), "
        "(SELECT max(effective_at) FROM akashi.certificate_version WHERE effective_at <= (SELECT at FROM moment)))",
    )
    return change
