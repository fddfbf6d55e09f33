"""The database roles: who may do what is decided here once, and each migration grants on what it makes.

Roles belong to the cluster, so `ensure_roles` is idempotent and runs as an administrator. No login role may become
another, except the migrator, which enters the owner for the length of an upgrade. None is superuser or BYPASSRLS.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import Connection, sql

OWNER = "akashi_owner"
PUBLIC = "akashi_public"
LOGIN_ROLES = ("service", "reader", "jobs", "keeper", "migrator")


def role_name(role: str) -> str:
    """The database role of one of our processes."""
    return f"akashi_{role}"


def ensure_roles(administrator: Connection[object], passwords: Mapping[str, str]) -> None:
    """Afterwards every role exists, and each login role has the password given for it."""
    for name in (OWNER, PUBLIC):
        _ensure(administrator, name, sql.SQL("NOLOGIN"))
    for role in LOGIN_ROLES:
        _ensure(administrator, role_name(role), sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(passwords[role])))
    administrator.execute(f"GRANT {PUBLIC} TO {OWNER}")
    administrator.execute(f"GRANT {OWNER} TO {role_name('migrator')}")


def _ensure(administrator: Connection[object], name: str, options: sql.Composable) -> None:
    known = administrator.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchone() is not None
    verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
    attributes = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION NOINHERIT")
    if name in {OWNER, role_name("migrator")}:
        attributes = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION INHERIT")
    administrator.execute(sql.SQL(" ").join([verb, sql.Identifier(name), attributes, options]))


def create_database(administrator: Connection[object], name: str) -> None:
    """A database that the owner role owns and that nobody else may enter than our roles; needs autocommit."""
    administrator.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
    administrator.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    for role in LOGIN_ROLES:
        administrator.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(role_name(role)))
        )
