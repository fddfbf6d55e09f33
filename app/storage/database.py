"""One database, one pool a role, one transaction an act.

Acts open a transaction with `Database.transaction`; nothing beneath an act commits. The tenant is set for that
transaction alone. A commit whose fate is not known ends as `outcome_unknown`, never as success. What the schema
refuses arrives as an `AkashiError` with its stable code; no constraint is ever shown raw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import QueuePool

from app.errors import AkashiError, Kind, explain
from app.storage.refusals import RULE, as_refusal
from app.storage.roles import LOGIN_ROLES

OLDEST_SERVER = 15
POOL_SIZE = 8
POOL_PATIENCE = 10  # seconds that an act waits for a free connection
LONGEST_PAUSE = "60s"  # a process that stops within a transaction holds up nobody for longer
STANDBY_WAIT_CANCELLED = "01000"

Key = TypeVar("Key")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Database:
    """The pools of one process, by role; a process holds only the roles that it needs."""

    engines: Mapping[str, Engine]

    @classmethod
    def connect(cls, urls: Mapping[str, str]) -> Database:
        """Pools for the roles given, lazily connected."""
        return cls({role: _engine(url) for role, url in urls.items() if role in LOGIN_ROLES})

    @contextmanager
    def transaction(self, role: str = "service", *, body: UUID | None = None) -> Iterator[Connection]:
        """One transaction of a role for one body (or for none); commits at the end, rolls back on any error."""
        with _translated(), self.engines[role].connect() as connection:
            connection.execute(
                text(
                    "SELECT set_config('akashi.body', :body, true), set_config('synchronous_commit', 'on', true), "
                    "set_config('idle_in_transaction_session_timeout', :pause, true)"
                ),
                {"body": "" if body is None else str(body), "pause": LONGEST_PAUSE},
            )
            yield connection
            _commit(connection)

    def now(self, role: str = "service") -> datetime:
        """The database's clock, the only one that acts know."""
        with self.transaction(role) as connection:
            return now(connection)

    def close(self) -> None:
        """All pools are empty afterwards."""
        for engine in self.engines.values():
            engine.dispose()


@contextmanager
def gathered(database: Database, body: UUID) -> Iterator[Database]:
    """The same database, with every transaction of the service for this body as a part of one that commits at the end.

    For many small acts in a row: they share a commit, and one that is refused undoes all. What another role reads, or
    what is signed in two commits, sees none of them before the end.
    """
    with database.transaction(body=body) as connection:
        yield Gathered(database.engines, connection, body)


@contextmanager
def attempt(connection: Connection) -> Iterator[None]:
    """A part of a transaction: what is refused within is undone and raised, and the rest of the transaction stands."""
    with _translated(), connection.begin_nested():
        yield


@contextmanager
def rehearse(connection: Connection, body: UUID) -> Iterator[list[AkashiError]]:
    """A part of a transaction in which rules refuse nothing: what each would refuse is told, and all is undone.

    The database itself never commits it (docs/adr/0023). What is no refusal ends it and is raised, but for an error
    after a refusal, which comes of having gone on.
    """
    told: list[AkashiError] = []

    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.sqlstate == RULE:
            told.append(
                AkashiError(diagnostic.message_primary or "internal_error", note=diagnostic.message_detail or "")
            )

    part = connection.begin_nested()
    with _hearing(connection, note):
        try:
            with _translated():
                connection.execute(
                    text("INSERT INTO akashi.rehearsal (body_id, id) VALUES (:body, gen_random_uuid())"), {"body": body}
                )
                yield told
        except AkashiError as error:
            kind = explain(error.code).kind
            if kind not in {Kind.INTERNAL, Kind.UNAVAILABLE}:
                told.append(error)
            elif kind is Kind.UNAVAILABLE or not told:
                raise
        finally:
            part.rollback()


def attempt_each(
    connection: Connection,
    each: Iterable[Key],
    do: Callable[[Key], Result],
    *,
    again: Callable[[], object] | None = None,
) -> dict[Key, Result | AkashiError]:
    """What was done for each, or by what it was refused; one that is refused is undone by itself, the others stand.

    All are tried as one part of the transaction, which costs two round trips, and only where one of them is refused
    each as its own, after `again`, which forgets what the first try noted.
    """
    asked = list(each)
    try:
        with attempt(connection):
            return {one: do(one) for one in asked}
    except AkashiError:
        (again or asked.copy)()
    outcomes: dict[Key, Result | AkashiError] = {}
    for one in asked:
        try:
            with attempt(connection):
                outcomes[one] = do(one)
        except AkashiError as refusal:
            outcomes[one] = refusal
    return outcomes


@dataclass(frozen=True)
class Gathered(Database):
    """A database within one transaction of the service for a body; `gathered` makes it."""

    connection: Connection
    body: UUID

    @contextmanager
    def transaction(self, role: str = "service", *, body: UUID | None = None) -> Iterator[Connection]:
        """The one transaction where it is for this body, else one of its own."""
        if role == "service" and body == self.body:
            yield self.connection
            return
        with super().transaction(role, body=body) as connection:
            yield connection

    def now(self, role: str = "service") -> datetime:
        """The database's clock, asked on the way."""
        return now(self.connection) if role == "service" else super().now(role)


def now(connection: Connection) -> datetime:
    """`akashi.now()` as this transaction sees it."""
    moment: datetime = connection.execute(text("SELECT akashi.now()")).scalar_one()
    return moment


def check_server(database: Database, role: str = "service") -> None:
    """Raise `database_too_old` below PostgreSQL 15."""
    with database.transaction(role) as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000
    if version < OLDEST_SERVER:
        raise AkashiError("database_too_old", note=f"PostgreSQL {version}")


def _engine(url: str) -> Engine:
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=POOL_PATIENCE,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )


def _commit(connection: Connection) -> None:
    """Commit, and say so only if the server said so: a cancelled wait for the standby is a warning, not a success."""
    warnings: list[str] = []

    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.sqlstate == STANDBY_WAIT_CANCELLED:
            warnings.append(diagnostic.message_primary or "")

    with _hearing(connection, note):
        try:
            connection.commit()
        except OperationalError as error:
            raise AkashiError("outcome_unknown") from error
    if warnings:
        raise AkashiError("outcome_unknown")


@contextmanager
def _hearing(connection: Connection, note: Callable[[psycopg.errors.Diagnostic], None]) -> Iterator[None]:
    """Within, the server's notices are heard."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101, the dialect is fixed in _engine
    driver.add_notice_handler(note)
    try:
        yield
    finally:
        driver.remove_notice_handler(note)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise as_refusal(error) from error
    except (
        NoConnectionFree,
        PendingRollbackError,
    ) as error:  # none to be had, or lost within a part of the transaction
        raise AkashiError("database_unavailable") from error
