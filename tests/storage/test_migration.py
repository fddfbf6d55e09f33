"""A database is brought to the schema of this release, or told how far behind it is."""

from __future__ import annotations

import re

import psycopg
import pytest

from app.storage.migration import migrate, migrations_folder, pending
from app.storage.roles import OWNER
from tests.support.template import url_for


@pytest.fixture
def migrator_url(empty_database, template):
    """An empty database of our owner, on a cluster with our roles."""
    with psycopg.connect(empty_database.superuser_url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{empty_database.name}" OWNER TO {OWNER}'.encode())
    return url_for(empty_database.superuser_url, "migrator")


def revisions():
    """The revisions of the folder, oldest first, as their files are named and sorted."""
    files = sorted((migrations_folder() / "versions").glob("*.py"))
    return tuple(re.search(r'^revision = "(.+)"', path.read_text(), re.MULTILINE)[1] for path in files)


def test_an_empty_database_lacks_every_revision_oldest_first(migrator_url):
    assert pending(migrator_url) == revisions()


def test_a_migrated_database_lacks_nothing_and_migrating_again_changes_nothing(migrator_url):
    migrate(migrator_url)
    assert pending(migrator_url) == ()
    migrate(migrator_url)
    assert pending(migrator_url) == ()


def test_everything_belongs_to_the_owner_and_nothing_to_the_migrator(database):
    with psycopg.connect(database.superuser_url) as connection:
        owners = connection.execute(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class "
            "WHERE relnamespace IN ('akashi'::regnamespace, 'public_record'::regnamespace)"
        ).fetchall()
    assert set(owners) == {("akashi_owner",), ("akashi_public",)}


def test_the_migrations_lie_beside_the_package():
    assert (migrations_folder() / "env.py").is_file()
