"""The clock of tests and of the demo can be moved by the owner alone; production's cannot be moved at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from app.storage.clock import clock_is_real, install_adjustable_clock, release_clock, set_clock
from app.storage.migration import migrate
from app.storage.roles import OWNER
from tests.support.template import url_for

PAST = datetime(2025, 8, 1, tzinfo=UTC)


def test_the_clock_reads_what_it_is_set_to_and_runs_on(world):
    world.set_clock(PAST)
    first = world.now()
    assert PAST <= first < PAST + timedelta(minutes=1)
    assert world.now() > first


def test_a_released_clock_reads_the_real_time(world):
    world.set_clock(PAST)
    release_clock(world.migrator_url)
    assert abs(world.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_installing_it_again_does_not_move_it(world):
    world.set_clock(PAST)
    install_adjustable_clock(world.migrator_url)
    assert world.now() < PAST + timedelta(minutes=1)


@pytest.mark.parametrize("role", ["service", "jobs", "keeper", "reader"])
def test_no_role_of_the_service_moves_the_clock(world, role):
    with psycopg.connect(url_for(world.fresh.superuser_url, role)) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE akashi.clock SET ahead = '1 day'")
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "CREATE OR REPLACE FUNCTION akashi.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'"
            )


def test_a_movable_clock_is_not_taken_for_a_real_one(world):
    with psycopg.connect(world.fresh.superuser_url) as connection:
        assert not clock_is_real(connection)


def test_a_migrated_database_has_the_real_clock_and_nothing_to_move(empty_database, template):
    with psycopg.connect(empty_database.superuser_url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{empty_database.name}" OWNER TO {OWNER}'.encode())
    migrator = url_for(empty_database.superuser_url, "migrator")
    migrate(migrator)
    with psycopg.connect(empty_database.superuser_url) as connection:
        assert clock_is_real(connection)
    with pytest.raises(psycopg.errors.UndefinedTable):
        set_clock(migrator, PAST)
