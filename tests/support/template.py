"""What the template database of a test run holds: our roles, the newest schema, and a clock that tests may move."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from app.storage.clock import install_adjustable_clock, set_clock
from app.storage.migration import migrate
from app.storage.roles import LOGIN_ROLES, OWNER, ensure_roles, role_name

ROLE_PASSWORD = "for-tests-on-a-private-socket-only"


def prepare_template(superuser_url: str, begin: datetime | None = None) -> None:
    """Called once a run with the superuser's URL of a new, empty database that becomes the template.

    Its clock, and so that of every test's database, reads `begin` now if that is given.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        ensure_roles(connection, dict.fromkeys(LOGIN_ROLES, ROLE_PASSWORD))
        name = sql.Identifier(urlsplit(superuser_url).path.removeprefix("/"))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(OWNER)))
    migrate(url_for(superuser_url, "migrator"))
    install_adjustable_clock(url_for(superuser_url, "migrator"))
    if begin is not None:
        set_clock(url_for(superuser_url, "migrator"), begin)


def url_for(superuser_url: str, role: str) -> str:
    """The address of the same database for one of our login roles."""
    parts = urlsplit(superuser_url)
    return urlunsplit(parts._replace(netloc=f"{role_name(role)}:{ROLE_PASSWORD}@"))


def urls(superuser_url: str) -> dict[str, str]:
    """The addresses of all our login roles."""
    return {role: url_for(superuser_url, role) for role in LOGIN_ROLES}
