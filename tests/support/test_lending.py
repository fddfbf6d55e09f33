"""A database that is lent again is exactly what it was, whatever the test before did to it; or it is another one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql

from tests.support import lending
from tests.support.acts import tamper
from tests.support.lending import Library
from tests.support.postgres import Server
from tests.support.template import url_for
from tests.support.world import World

Act = Callable[[World], None]


@pytest.fixture
def library(postgres: Server, worlds: dict[str, World]) -> Iterator[Library]:
    """A library of our own, so that every loan is of the same database."""
    made = Library.of(postgres, worlds["accredited"].fresh.name)
    yield made
    made.close()


def digests(url: str) -> dict[str, str]:
    """Of every row, sequence, catalogue entry and setting of a database; settings of others stand beside them."""
    with psycopg.connect(url) as connection:
        named = connection.execute(
            "SELECT c.relnamespace::regnamespace::text, c.relname, c.relkind::text FROM pg_class c WHERE c.relkind IN ('r', 'S') "
            "AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
        ).fetchall()
        told = {
            "settings": "SELECT setrole, setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase "
            "WHERE d.datname = current_database()"
        }
        told |= {name: f"SELECT * FROM pg_catalog.{name}" for name in ("pg_trigger", "pg_policy", "pg_constraint", "pg_attribute", "pg_proc")}  # fmt: skip
        for schema, name, kind in named:
            columns = "*" if kind == "r" else "last_value, is_called"
            told[f"{schema}.{name}"] = f"SELECT {columns} FROM {schema}.{name}"
        return {name: _digest(connection, query) for name, query in told.items()}


def _digest(connection: psycopg.Connection, query: str) -> str:
    with connection.cursor().copy(sql.SQL("COPY ({}) TO STDOUT").format(sql.SQL(query))) as copy:
        lines = b"".join(bytes(block) for block in copy).splitlines()
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()


def one_loan(library: Library, worlds: dict[str, World], *did: Act) -> str:
    """The name of the database that a test got in which this was done."""
    with library.lend() as lent:
        world = worlds["accredited"].on(lent)
        for act in did:
            act(world)
        return lent.fresh.name


def live(world: World) -> None:
    """Most acts, with every kind of row that changes."""
    issued = world.grant()
    world.suspend(issued.public_id)
    world.restore(issued.public_id)
    world.rename("Kasumi Robotics Holdings K.K.")
    world.amend(issued.public_id)
    world.change_accreditation("suspend")
    world.set_clock(world.now() + timedelta(days=400))
    world.add_certification_body("Another Certification")


def ruin(world: World) -> None:
    """Half of the rows of every table are removed, a row of each is written anew, the clock and the queue go on."""
    for table in digests(world.fresh.superuser_url):
        if table.startswith("akashi.") and not table.endswith("_seq"):
            tamper(world, f"DELETE FROM {table} WHERE random() < 0.5")
    tamper(world, "UPDATE akashi.person_name SET name = 'Somebody Else'")
    tamper(world, "UPDATE akashi.party SET country = 'FR'")
    tamper(world, "UPDATE akashi.clock SET ahead = '1 day'")
    tamper(world, "SELECT setval('akashi.log_queue_sequence_seq', 1000)")


def set_in_sessions(world: World) -> None:
    """Settings, a role and a lock that outlive their transaction."""
    with world.database.engines["service"].connect() as connection:
        connection.exec_driver_sql(
            "SET akashi.body = '00000000-0000-0000-0000-000000000000'; SET timezone = 'Asia/Tokyo'; "
            "SET statement_timeout = '1h'; SET ROLE akashi_service; SELECT pg_advisory_lock(7)"
        )
        connection.commit()


@pytest.mark.parametrize("done", [live, ruin, set_in_sessions], ids=lambda act: act.__name__)
def test_the_next_test_finds_the_database_as_the_first_did(
    library: Library, worlds: dict[str, World], done: Act
) -> None:
    with library.lend() as lent:
        name, before = lent.fresh.name, digests(lent.fresh.superuser_url)

    for loan in ([done], [live], [done]):
        assert one_loan(library, worlds, *loan) == name
        with library.lend() as lent:
            assert (lent.fresh.name, digests(lent.fresh.superuser_url)) == (name, before)


def test_the_kept_sessions_know_nothing_of_the_test_before(library: Library, worlds: dict[str, World]) -> None:
    one_loan(library, worlds, set_in_sessions)
    with library.lend() as lent, lent.database.engines["service"].connect() as connection:
        asked = connection.exec_driver_sql(
            "SELECT coalesce(current_setting('akashi.body', true), ''), current_setting('timezone'), "
            "current_setting('statement_timeout'), current_setting('role'), "
            "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')"
        )
        assert tuple(asked.one()) == ("", "UTC", "0", "none", 0)


SCHEMA_CHANGES = {
    "a trigger off": "ALTER TABLE akashi.decision DISABLE TRIGGER decision_keeps_the_rules",
    "a table more": "CREATE TABLE akashi.stranger ()",
    "a column more": "ALTER TABLE akashi.decision ADD COLUMN stranger int",
    "a function changed": "ALTER FUNCTION akashi.now() COST 7",
    "a constraint less": "ALTER TABLE akashi.decision DROP CONSTRAINT effective_before_decision",
    "a right more": "GRANT DELETE ON akashi.decision TO akashi_service",
    "row security off": "ALTER TABLE akashi.decision NO FORCE ROW LEVEL SECURITY",
    "a truncated table": "TRUNCATE akashi.publication CASCADE",
    "a setting of a role": "ALTER ROLE akashi_service IN DATABASE {database} SET timezone = 'Asia/Tokyo'",
    "a setting of the database": "ALTER DATABASE {database} SET timezone = 'Asia/Tokyo'",
}


@pytest.mark.parametrize("change", SCHEMA_CHANGES)
def test_a_database_with_another_schema_is_never_lent_again(
    library: Library, worlds: dict[str, World], change: str
) -> None:
    def altered(world: World) -> None:
        tamper(world, SCHEMA_CHANGES[change].format(database=world.fresh.name))

    with library.lend() as lent:
        before = digests(lent.fresh.superuser_url)
    first = one_loan(library, worlds, altered)
    with library.lend() as lent:
        assert lent.fresh.name != first
        told = digests(lent.fresh.superuser_url)
        assert {name for name in before if told[name] != before[name]} == set()


def test_a_database_with_work_under_way_is_never_lent_again(library: Library, worlds: dict[str, World]) -> None:
    with ExitStack() as left_open:

        def read_on(world: World) -> None:
            stranger = psycopg.connect(url_for(world.fresh.superuser_url, "service"))
            left_open.callback(stranger.close)
            stranger.execute("SELECT count(*) FROM akashi.scheme")

        first = one_loan(library, worlds, read_on)
        assert one_loan(library, worlds) != first


def test_a_database_that_was_lent_often_is_replaced(
    library: Library, worlds: dict[str, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lending, "LOANS", 3)
    assert len({one_loan(library, worlds) for _ in range(3)}) == 1
    assert len({one_loan(library, worlds) for _ in range(4)}) == 2
