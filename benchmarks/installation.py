"""A registry of a benchmark's own: a durable server, real keys, a certification body that may certify.

Nothing here is measured. Bodies and people are those of the tests (`tests/support/world.py`), all made by the acts
themselves; server, keys and files are gone afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from app.registry.decision import Decision
from app.storage.embedded import EmbeddedServer
from benchmarks.measure import process_cpu
from tests.support.postgres import FreshDatabase, Server, forget
from tests.support.template import prepare_template
from tests.support.world import KeyRing, World


@contextmanager
def installation(*, durable: bool = True) -> Iterator[World]:
    """A world whose certification body is accredited and its key bound."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        try:
            with EmbeddedServer.start(home, durable=durable) as server:
                yield from _world(Server(server.superuser_url()), Path(folder))
        finally:
            forget(home)


@contextmanager
def database_cpu(world: World) -> Iterator[Callable[[], float]]:
    """A clock of the CPU seconds that the database server has used, without what asking costs."""
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:

        def spent() -> float:
            pids = connection.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
            return sum(process_cpu(pid) for (pid,) in pids)

        yield spent


def decided(world: World, count: int, series: str) -> list[Decision]:
    """So many granted certifications, each decided and not yet issued."""
    decisions = []
    for number in range(count):
        public_id = world.open(f"{series}-{number:04}").public_id
        decisions.append(world.decide_grant(public_id, world.audits(public_id)))
    return decisions


def _world(server: Server, folder: Path) -> Iterator[World]:
    name = server.create_database()
    prepare_template(server.superuser_url(name))
    world = World(FreshDatabase(server, name), KeyRing.make(folder))
    try:
        world.accredit()
        world.bind_key()
        yield world
    finally:
        world.close()
