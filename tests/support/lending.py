"""Databases that are lent to one test after another, each time exactly as their pattern was.

Making a database, warming its connections and dropping it costs more than most tests. So a test's database is handed
back, and what the test left in it is undone: new rows go, changed tables are filled again from saved bytes, sequences
and the settings of kept sessions are put back. Where that is not certain, because a test changed the schema, left work
under way or held on to a lock, the database is dropped and the next test gets a new copy. `test_lending.py` proves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from app.storage.database import Database
from tests.support.postgres import FreshDatabase, Server
from tests.support.template import urls

OURS = "akashi_lent"  # what the kept sessions call themselves; all others are strangers
LOANS = 200  # then dropped: what was deleted still takes up room
KEPT_SESSIONS = 2  # of each role; what a race opened beyond that is closed
CATALOGUES = (
    "pg_attrdef", "pg_attribute", "pg_auth_members", "pg_class", "pg_constraint", "pg_default_acl", "pg_description",
    "pg_event_trigger", "pg_extension", "pg_index", "pg_inherits", "pg_largeobject_metadata", "pg_namespace",
    "pg_policy", "pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type",
)  # fmt: skip
KEEPER = "SET session_replication_role = replica; SET lock_timeout = '1s'; SET jit = off; SET plan_cache_mode = force_generic_plan"
FORGET = "RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all()"


@dataclass(frozen=True)
class Pattern:
    """What a database holds when a test gets it: rows and bytes of each table, the catalogue, the sequences."""

    rows: dict[str, int]
    content: dict[str, bytes]
    catalogue: dict[str, int]
    sequences: dict[str, tuple[int, bool]]

    @classmethod
    def of(cls, connection: psycopg.Connection) -> Pattern:
        """As read by a superuser; nobody else is at work in the database."""
        tables = _named(connection, "r")
        content = {table: _read_out(connection, table) for table in tables}
        return cls(
            rows={table: read.count(b"\n") for table, read in content.items()},
            content=content,
            catalogue={name: _count(connection, f"pg_catalog.{name}") for name in CATALOGUES},
            sequences={name: _place(connection, name) for name in _named(connection, "S")},
        )

    def question(self) -> sql.Composed:
        """How many rows each table and catalogue has, and how many of them are newer than a transaction."""
        everything = [*self.rows, *(f"pg_catalog.{name}" for name in self.catalogue)]
        asked = sql.SQL("SELECT {}, count(*), count(*) FILTER (WHERE xmin::text::bigint > %(since)s) FROM {}")
        return sql.SQL(" UNION ALL ").join(asked.format(sql.Literal(name), _identifier(name)) for name in everything)


class Lent:
    """One database with its warm sessions; `undo` makes it as its pattern was, or says that it cannot."""

    def __init__(self, fresh: FreshDatabase, pattern: Pattern) -> None:
        self.fresh = fresh
        self.pattern = pattern
        self.database = Database.connect(
            {role: f"{url}&application_name={quote(OURS)}" for role, url in urls(fresh.superuser_url).items()}
        )
        self.loans = 0
        self._keeper = psycopg.connect(f"{fresh.superuser_url}&application_name={OURS}")
        self._keeper.execute(KEEPER)
        self._question = pattern.question().as_string(self._keeper).encode()
        self._since = self._finish()

    def undo(self) -> bool:
        """True if the database holds exactly its pattern again, and no session knows of what was."""
        self.loans += 1
        if self.loans >= LOANS:
            return False
        try:
            return self._sessions_are_idle() and self._restored() and self._sessions_have_forgotten()
        except psycopg.Error:
            return False

    def close(self) -> None:
        """No session of ours is open."""
        self.database.close()
        self._keeper.close()

    def _sessions_are_idle(self) -> bool:
        """Nobody is at work; whoever else is connected no longer is."""
        if any(engine.pool.checkedout() for engine in self.database.engines.values()):  # type: ignore[attr-defined]  # a QueuePool
            return False
        states = self._keeper.execute(
            "SELECT state, application_name = %s OR pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
            [OURS],
        ).fetchall()
        return all(state == "idle" for state, _ in states)

    def _restored(self) -> bool:
        pattern = self.pattern
        found = self._keeper.execute(self._question, {"since": self._since}, prepare=True).fetchall()
        for name, rows, new in found:
            catalogue = name.startswith("pg_catalog.")
            if catalogue and (new or rows != pattern.catalogue[name.removeprefix("pg_catalog.")]):
                return False
        if self._has_settings():
            return False
        tables = [(name, rows - new, new) for name, rows, new in found if name in pattern.rows]
        lost = [name for name, old, _ in tables if old != pattern.rows[name]]
        gained = [name for name, _, new in tables if new and name not in lost]
        self._remove(gained)
        for name in lost:
            self._fill(name)
        for name, place in pattern.sequences.items():
            if _place(self._keeper, name) != place:
                self._keeper.execute("SELECT setval(%s, %s, %s)", [name, *place])
        self._since = self._finish()
        return True

    def _has_settings(self) -> bool:
        """Whether somebody gave this database, or a role in it, settings of its own."""
        asked = "SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()"
        return self._keeper.execute(asked).fetchone() is not None

    def _remove(self, tables: list[str]) -> None:
        """What was written since the last loan goes; what was there is as it was, since no row is changed in place."""
        since = sql.Literal(self._since)
        statements = [
            sql.SQL("DELETE FROM {} WHERE xmin::text::bigint > {}").format(_identifier(name), since) for name in tables
        ]
        if statements:
            self._keeper.execute(sql.SQL("; ").join(statements))

    def _fill(self, name: str) -> None:
        self._keeper.execute(sql.SQL("DELETE FROM {}").format(_identifier(name)))
        with self._keeper.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(_identifier(name))) as copy:
            copy.write(self.pattern.content[name])

    def _finish(self) -> int:
        """Commits; everything that is there now is no newer than the number returned."""
        row = self._keeper.execute("SELECT pg_current_xact_id()::xid::text::bigint").fetchone()
        self._keeper.commit()
        return int(cast("tuple[int]", row)[0])

    def _sessions_have_forgotten(self) -> bool:
        for engine in self.database.engines.values():
            kept = engine.pool.checkedin()  # type: ignore[attr-defined]  # a QueuePool
            if kept > KEPT_SESSIONS:
                engine.dispose()
                continue
            connections = [engine.connect() for _ in range(kept)]
            for connection in connections:
                connection.exec_driver_sql(FORGET)
                connection.commit()
                connection.close()
        return True


@dataclass
class Library:
    """Databases of one pattern, lent to the tests of one worker."""

    server: Server
    template: str
    pattern: Pattern
    _free: list[Lent] = field(default_factory=list)

    @classmethod
    def of(cls, server: Server, template: str) -> Library:
        """Of what this database holds now; nobody may be connected to it when one is lent."""
        with psycopg.connect(server.superuser_url(template)) as connection:
            return cls(server, template, Pattern.of(connection))

    @contextmanager
    def lend(self) -> Iterator[Lent]:
        """A database for one test."""
        lent = self._free.pop() if self._free else self._new()
        try:
            yield lent
        finally:
            if lent.undo():
                self._free.append(lent)
            else:
                self._drop(lent)

    def close(self) -> None:
        """Nothing is lent any more, and no session is open."""
        while self._free:
            self._drop(self._free.pop())

    def _new(self) -> Lent:
        return Lent(FreshDatabase(self.server, self.server.create_database(self.template)), self.pattern)

    def _drop(self, lent: Lent) -> None:
        lent.close()
        self.server.drop_database(lent.fresh.name)


@pytest.fixture(scope="session")
def migrated(postgres: Server, template: str) -> Iterator[Library]:
    """What lends databases in which nothing has happened yet."""
    library = Library.of(postgres, template)
    yield library
    library.close()


@pytest.fixture
def loan(migrated: Library) -> Iterator[Lent]:
    """A migrated database of this test's own, with warm pools."""
    with migrated.lend() as lent:
        yield lent


@pytest.fixture
def database(loan: Lent) -> FreshDatabase:
    """A migrated database of this test's own."""
    return loan.fresh


@pytest.fixture
def store(loan: Lent) -> Database:
    """The pools of `database`."""
    return loan.database


def _named(connection: psycopg.Connection, kind: str) -> list[str]:
    found = connection.execute(
        "SELECT c.relnamespace::regnamespace || '.' || c.relname FROM pg_class c WHERE c.relkind = %s "
        "AND c.relpersistence <> 't' AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') "
        "ORDER BY 1",
        [kind],
    )
    return [name for (name,) in found]


def _count(connection: psycopg.Connection, name: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(_identifier(name))).fetchone()
    return int(cast("tuple[int]", row)[0])


def _place(connection: psycopg.Connection, name: str) -> tuple[int, bool]:
    row = connection.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(_identifier(name))).fetchone()
    return cast("tuple[int, bool]", row)


def _read_out(connection: psycopg.Connection, name: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(_identifier(name))) as copy:
        return b"".join(bytes(block) for block in copy)


def _identifier(name: str) -> sql.Identifier:
    return sql.Identifier(*cast("Any", name.split(".")))
