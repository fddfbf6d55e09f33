"""No role may become another, none stands above the rules, and the public may not even connect."""

from __future__ import annotations

import psycopg
import pytest

from app.storage.roles import LOGIN_ROLES, ensure_roles, role_name
from tests.support.template import ROLE_PASSWORD, url_for

OURS = [role_name(role) for role in LOGIN_ROLES]


@pytest.mark.parametrize("role", LOGIN_ROLES)
def test_a_role_is_neither_superuser_nor_above_row_level_security(database, role):
    with psycopg.connect(url_for(database.superuser_url, role)) as connection:
        attributes = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles "
            "WHERE rolname = session_user"
        ).fetchone()
    assert not any(attributes)


@pytest.mark.parametrize("role", [role for role in LOGIN_ROLES if role != "migrator"])
def test_no_role_may_become_another(database, role):
    others = [*(name for name in OURS if name != role_name(role)), "akashi_owner", "akashi_public", "postgres"]
    with psycopg.connect(url_for(database.superuser_url, role), autocommit=True) as connection:
        for other in others:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SET ROLE {other}".encode())


def test_the_migrator_enters_the_owner_and_nobody_else(database):
    with psycopg.connect(url_for(database.superuser_url, "migrator"), autocommit=True) as connection:
        connection.execute("SET ROLE akashi_owner")
        connection.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE akashi_service")


def test_making_the_roles_again_changes_nothing(postgres, template):
    with postgres.superuser() as connection:
        roles = "SELECT rolname, rolcanlogin, rolinherit, rolbypassrls FROM pg_roles WHERE rolname LIKE 'akashi%' ORDER BY 1"
        before = connection.execute(roles).fetchall()
        ensure_roles(connection, dict.fromkeys(LOGIN_ROLES, ROLE_PASSWORD))
        assert connection.execute(roles).fetchall() == before


def test_a_role_without_its_password_does_not_get_in(database):
    wrong = url_for(database.superuser_url, "service").replace(ROLE_PASSWORD, "guess")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(wrong)
