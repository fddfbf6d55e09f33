"""The adjustable clock of tests and of the demo, and the check that production has none.

`akashi.now()` is `clock_timestamp()`. A test or demo database gets a variant that adds an offset which only the owner
can write; it is never a session setting, so no caller owns the clock.
"""

from __future__ import annotations

from datetime import datetime

import psycopg

PRODUCTION_SOURCE = "SELECT pg_catalog.clock_timestamp()"
ADJUSTABLE = """
CREATE TABLE IF NOT EXISTS akashi.clock (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), ahead interval NOT NULL);
INSERT INTO akashi.clock (ahead) VALUES ('0') ON CONFLICT DO NOTHING;
GRANT SELECT ON akashi.clock TO PUBLIC;
CREATE OR REPLACE FUNCTION akashi.now() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT pg_catalog.clock_timestamp() + (SELECT c.ahead FROM akashi.clock c)';
"""


def install_adjustable_clock(migrator_url: str) -> None:
    """Afterwards the owner can move this database's clock; for tests and the demo only."""
    with psycopg.connect(migrator_url, autocommit=True) as connection:
        connection.execute("SET ROLE akashi_owner")
        connection.execute(ADJUSTABLE)


def set_clock(migrator_url: str, instant: datetime) -> None:
    """The database's clock reads `instant` now and runs on from there."""
    _adjust(migrator_url, "UPDATE akashi.clock SET ahead = %s::timestamptz - pg_catalog.clock_timestamp()", instant)


def release_clock(migrator_url: str) -> None:
    """The database's clock reads the real time again."""
    _adjust(migrator_url, "UPDATE akashi.clock SET ahead = '0'")


def clock_is_real(connection: psycopg.Connection[tuple[str]]) -> bool:
    """Whether `akashi.now()` is exactly the production definition."""
    row = connection.execute("SELECT prosrc FROM pg_proc WHERE oid = 'akashi.now()'::regprocedure").fetchone()
    return row is not None and row[0] == PRODUCTION_SOURCE


def _adjust(migrator_url: str, statement: str, *values: object) -> None:
    with psycopg.connect(migrator_url, autocommit=True) as connection:
        connection.execute("SET ROLE akashi_owner")
        connection.execute(statement.encode(), values)
