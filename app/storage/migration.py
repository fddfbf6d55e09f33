"""Brings a database to the schema of this release, or says how far behind it is; Alembic does the work."""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool


def migrations_folder() -> Path:
    """The migrations: beside the package in the project folder, inside it in an installed wheel."""
    inside = Path(__file__).resolve().parent.parent / "migrations"
    return inside if inside.is_dir() else inside.parent.parent / "migrations"


def migrate(migrator_url: str) -> None:
    """Afterwards the schema is the newest; safe to repeat."""
    config = _config()
    engine = create_engine(_dialect(migrator_url), poolclass=NullPool)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def pending(migrator_url: str) -> tuple[str, ...]:
    """The revisions that this database still lacks, oldest first."""
    script = ScriptDirectory.from_config(_config())
    engine = create_engine(_dialect(migrator_url), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": "public"})
        current = context.get_current_revision() or "base"
    missing = [revision.revision for revision in script.iterate_revisions("head", current)]
    return tuple(reversed([revision for revision in missing if revision != current]))


def refresh_statistics(migrator_url: str) -> None:
    """The planner knows how many rows every table has now; for whoever has filled a database faster than autovacuum."""
    with psycopg.connect(migrator_url, autocommit=True) as connection:
        connection.execute("SET ROLE akashi_owner")
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'akashi'::regnamespace AND relkind = 'r' ORDER BY 1"
        ).fetchall()
        names = [sql.Identifier("akashi", name) for (name,) in tables]
        connection.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(names)))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    config.set_main_option("path_separator", "newline")
    return config


def _dialect(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
