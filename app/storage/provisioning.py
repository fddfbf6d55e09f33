"""Where our roles and database come from, and whether they are fit for production.

Done as an administrator of the cluster, idempotently. Each role gets an address of its own with a generated password;
no message of ours ever contains one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from app.errors import AkashiError
from app.storage.clock import clock_is_real
from app.storage.roles import LOGIN_ROLES, OWNER, PUBLIC, create_database, ensure_roles, role_name

PATIENCE = 10  # seconds to reach a server


def new_passwords() -> dict[str, str]:
    """A password for each role that signs in."""
    return {role: secrets.token_urlsafe(32) for role in LOGIN_ROLES}


def role_urls(address: str, database: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """The addresses of our roles on the server of `address`, which may name any other user and database."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return {
        role: urlunsplit(
            parts._replace(
                netloc=f"{role_name(role)}:{quote(passwords[role], safe='')}@{host}", path=f"/{quote(database)}"
            )
        )
        for role in LOGIN_ROLES
    }


def roles_exist(administrator_url: str) -> bool:
    """Whether the cluster has any of our roles already: they belong to it, not to one database."""
    with _administrator(administrator_url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone()
    return found is not None and found[0] > 0


def provision(administrator_url: str, database: str, passwords: Mapping[str, str]) -> None:
    """The roles exist with these passwords, and so does the database; safe to repeat."""
    with _administrator(administrator_url) as connection:
        ensure_roles(connection, passwords)
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
            create_database(connection, database)


def weaknesses(urls: Mapping[str, str]) -> tuple[str, ...]:
    """What forbids to rely on this database: a role that may do too much, or a clock that somebody can move."""
    found: list[str] = []
    for role, url in urls.items():
        with _connect(url) as connection:
            found += [f"{role}: {what}" for what in _too_much(connection, role)]
            if role == "service" and not clock_is_real(connection):
                found.append("akashi.now() is not the clock of the server")
    return tuple(found)


def _too_much(connection: psycopg.Connection, role: str) -> list[str]:
    row = connection.execute(
        "SELECT rolname::text, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row is not None  # noqa: S101, whoever asks exists
    name, superuser, bypasses, creates = row
    found = [f"it is {name}, not {role_name(role)}"] if name != role_name(role) else []
    found += [
        what for what, holds in (("superuser", superuser), ("BYPASSRLS", bypasses), ("CREATEROLE", creates)) if holds
    ]
    others = connection.execute(
        "SELECT rolname::text FROM pg_roles WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')"
    ).fetchall()
    allowed = {OWNER, PUBLIC, "pg_database_owner"} if role == "migrator" else set()
    return found + [f"it may become {other}" for (other,) in others if other not in allowed]


def _administrator(url: str) -> psycopg.Connection:
    return _connect(url, autocommit=True)


def _connect(url: str, *, autocommit: bool = False) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=autocommit, connect_timeout=PATIENCE)
    except psycopg.OperationalError as error:
        raise AkashiError("database_unavailable") from error
