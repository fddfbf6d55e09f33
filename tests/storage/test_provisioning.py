"""Roles and database are made once, reached by their own addresses, and judged before production relies on them."""

from __future__ import annotations

import psycopg
import pytest

from app.errors import AkashiError
from app.storage.provisioning import new_passwords, provision, role_urls, roles_exist, weaknesses
from app.storage.roles import LOGIN_ROLES
from tests.support.template import ROLE_PASSWORD, urls

PASSWORDS = dict.fromkeys(LOGIN_ROLES, ROLE_PASSWORD)  # the cluster is shared: its roles keep the passwords of the run


def test_each_role_has_an_address_of_its_own_on_the_same_server():
    passwords = {role: f"a@b/{role}" for role in LOGIN_ROLES}
    made = role_urls("postgresql://admin:x@db.example:5433/postgres?sslmode=require", "registry", passwords)
    address = "postgresql://akashi_jobs:{}@db.example:5433/registry?sslmode=require"
    assert made["jobs"] == address.format("a%40b%2Fjobs")


def test_a_socket_is_an_address_too():
    made = role_urls("postgresql:///postgres?host=%2Frun&port=5432", "akashi", dict.fromkeys(LOGIN_ROLES, "x"))
    assert made["service"] == "postgresql://akashi_service:x@/akashi?host=%2Frun&port=5432"


def test_passwords_are_long_and_all_different():
    made = new_passwords()
    assert set(made) == set(LOGIN_ROLES)
    assert len(set(made.values())) == len(LOGIN_ROLES)
    assert all(len(password) >= 43 for password in made.values())


def test_provisioning_makes_a_database_and_may_be_repeated(postgres, template):
    name = "test_provisioned"
    address = postgres.superuser_url()
    try:
        provision(address, name, PASSWORDS)
        provision(address, name, PASSWORDS)

        assert roles_exist(address)
        with psycopg.connect(role_urls(address, name, PASSWORDS)["service"]) as connection:
            assert connection.execute("SELECT current_user::text").fetchone() == ("akashi_service",)
    finally:
        postgres.drop_database(name)


def test_the_roles_of_a_migrated_database_may_do_no_more_than_they_should(database):
    found = weaknesses(urls(database.superuser_url))
    assert found == ("akashi.now() is not the clock of the server",)  # the template of the tests can be moved


def test_an_administrator_in_the_place_of_a_role_is_a_weakness(database):
    given = {**urls(database.superuser_url), "reader": database.superuser_url}
    found = weaknesses(given)
    assert "reader: it is postgres, not akashi_reader" in found
    assert "reader: superuser" in found


def test_a_server_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(AkashiError) as refused:
        roles_exist(f"postgresql:///postgres?host={tmp_path}")
    assert refused.value.code == "database_unavailable"
