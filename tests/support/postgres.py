"""The PostgreSQL server of a test run, and a fresh database for each test that asks.

One server a run, started by whoever leads the run (with xdist the controller, which outlives its workers) and ended with
it. The schema is migrated once into a template; each test's database is a copy of it, made in some 30 ms.
`--postgres=system` runs the same tests on the newest PostgreSQL (15 or newer) that the machine itself has.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from app.storage.embedded import EmbeddedServer
from app.storage.server_place import place_for
from tests.support.shared import PROJECT
from tests.support.template import prepare_template

HOMES = PROJECT / "var" / "tests"  # one folder a run, named by the process that leads it
TEMPLATE = "akashi_template"
TEMPLATE_LOCK = 0x416B61  # advisory lock: the first worker that needs the template makes it
FLOOR = 15
SERVER = pytest.StashKey[EmbeddedServer]()


@dataclass(frozen=True)
class Server:
    """The run's server, as a worker sees it."""

    address: str  # the superuser's URL of database `postgres`

    def superuser_url(self, database: str = "postgres") -> str:
        """The superuser's address of a database."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{quote(database)}"))

    def url(self, user: str, password: str, database: str) -> str:
        """Any role's address of a database."""
        login = f"{quote(user)}:{quote(password, safe='')}@"
        return urlunsplit(urlsplit(self.address)._replace(netloc=login, path=f"/{quote(database)}"))

    @contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A superuser's connection, each statement its own transaction."""
        with psycopg.connect(self.superuser_url(database), autocommit=True) as connection:
            yield connection

    def create_database(self, template: str = "template0") -> str:
        """A new database; returns its name."""
        name = f"test_{token_hex(6)}"
        with self.superuser() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return name

    def drop_database(self, name: str) -> None:
        """Gone, with whatever sessions a failed test left open."""
        with self.superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True)
class FreshDatabase:
    """One test's own database."""

    server: Server
    name: str

    @property
    def superuser_url(self) -> str:
        """The superuser's address of this database."""
        return self.server.superuser_url(self.name)

    def url(self, user: str, password: str) -> str:
        """Any role's address of this database."""
        return self.server.url(user, password, self.name)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Server:
    """The run's server; roles that a test makes on it are seen by all tests of the run."""
    return Server(_address(request.config))


@pytest.fixture(scope="session")
def template(postgres: Server, request: pytest.FixtureRequest) -> str:
    """Name of the migrated template database."""
    clock = request.config.getoption("clock")
    with postgres.superuser() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (TEMPLATE_LOCK,))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
            unfinished = postgres.create_database()
            prepare_template(postgres.superuser_url(unfinished), clock and datetime.fromisoformat(clock))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(TEMPLATE))
            )
    return TEMPLATE


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[FreshDatabase]:
    """A database of this test's own without any schema."""
    name = postgres.create_database()
    yield FreshDatabase(postgres, name)
    postgres.drop_database(name)


@pytest.fixture
def server_home(tmp_path: Path) -> Iterator[Path]:
    """A project folder for a server that the test starts itself; its place goes with it."""
    yield tmp_path
    forget(tmp_path)


def system_binaries() -> Path | None:
    """The newest PostgreSQL of the machine itself, 15 or newer; AKASHI_TEST_POSTGRES_BIN names another folder."""
    named = os.environ.get("AKASHI_TEST_POSTGRES_BIN")
    if named:
        return Path(named)
    on_path = shutil.which("postgres")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *([Path(on_path).resolve().parent] if on_path else [])]
    usable = {_major(folder): folder for folder in folders if (folder / "postgres").exists()}
    newest = max(usable, default=0)
    return usable[newest] if newest >= FLOOR else None


def _major(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].partition(".")[0])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clock", help="the instant at which the databases of this run begin, as ISO 8601 with its zone")
    parser.addoption("--postgres", choices=("embedded", "system"), default="embedded", help="which PostgreSQL to use")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("postgres") == "system" and system_binaries() is None:
        raise pytest.UsageError(f"no PostgreSQL {FLOOR} or newer on this machine; set AKASHI_TEST_POSTGRES_BIN")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """The controller of xdist tells each worker where the server is."""
    node.workerinput["akashi_postgres"] = _address(node.config)  # type: ignore[attr-defined]  # xdist has no types


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the server carry the mark `database`."""
    for item in items:
        if "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.stop()
        forget(HOMES / str(os.getpid()))


def _address(config: pytest.Config) -> str:
    given = getattr(config, "workerinput", {}).get("akashi_postgres")
    if given:
        return str(given)
    if SERVER not in config.stash:
        _forget_dead_runs()
        home = HOMES / str(os.getpid())
        home.mkdir(parents=True)
        binaries = system_binaries() if config.getoption("postgres") == "system" else None
        config.stash[SERVER] = EmbeddedServer.start(home, binaries=binaries, durable=False)
    return config.stash[SERVER].superuser_url()


def _forget_dead_runs() -> None:
    """What killed runs left behind is removed; their servers ended with them."""
    for home in HOMES.glob("*"):
        try:
            os.kill(int(home.name), 0)
        except ProcessLookupError:
            forget(home)


def forget(home: Path) -> None:
    """A home and its server's place are gone, wherever that place is."""
    shutil.rmtree(place_for(home).folder, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
