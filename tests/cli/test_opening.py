"""Opening a registry: what is there is used, what is missing or unfit is refused with what to do."""

from __future__ import annotations

import json
import stat

import psycopg
import pytest

from app.cli.opening import (
    anchors_path,
    assemble,
    home_of,
    open_database,
    open_keys,
    open_registry,
    prepare_database,
    read_settings,
)
from app.cli.private_files import write_whole
from app.storage.clock import install_adjustable_clock
from app.storage.database import Database
from app.storage.server_place import place_for
from app.trust.anchors import Anchors
from app.trust.development import write_development_chain
from tests.support.acts import refused


def test_the_registry_is_that_of_the_settings(installed):
    settings = read_settings()
    with open_registry(settings) as registry:
        assert registry.base_url == "http://localhost:8000"
        assert registry.development
        assert registry.anchors.publication_key(registry.publication_key, registry.database.now()) is not None
        assert registry.keys.path == installed.var / "keys"


def test_a_running_server_is_joined_unless_it_must_be_ours_alone(installed):
    settings = read_settings()
    with open_database(settings) as urls:
        assert urls == installed.urls
    with refused("database_in_use"), open_database(settings, alone=True):
        pass


def test_passwords_of_the_roles_are_kept_for_the_starter_alone(installed):
    kept = place_for(home_of(read_settings())).folder / "role-passwords.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert set(json.loads(kept.read_text())) == {"service", "reader", "jobs", "keeper", "migrator"}


def test_given_addresses_are_used_as_they_are(installed, monkeypatch):
    for role, url in installed.urls.items():
        name = "AKASHI_DATABASE_URL" + ("" if role == "service" else f"_{role.upper()}")
        monkeypatch.setenv(name, url)
    with open_database(read_settings()) as urls:
        assert urls == installed.urls


def test_a_wrong_setting_is_said_without_its_value(installed, monkeypatch):
    monkeypatch.setenv("AKASHI_PUBLIC_URL", "ftp://secret-place")
    with pytest.raises(Exception, match="AKASHI_PUBLIC_URL") as caught:
        read_settings()
    assert caught.value.code == "malformed_settings"
    assert "secret-place" not in str(caught.value)


def test_another_public_address_is_refused(installed, monkeypatch):
    monkeypatch.setenv("AKASHI_PUBLIC_URL", "http://localhost:9000")
    with refused("public_address_differs"), open_registry(read_settings()):
        pass


def test_keys_do_not_open_without_their_secret(installed, monkeypatch):
    monkeypatch.delenv("AKASHI_KEY_SECRET")
    with refused("key_secret_missing"):
        open_keys(read_settings())
    monkeypatch.setenv("AKASHI_KEY_SECRET", "another secret than that")
    with refused("wrong_key_secret"), open_registry(read_settings()):
        pass


def test_an_anchors_file_that_was_named_must_be_there(installed, monkeypatch, tmp_path):
    monkeypatch.setenv("AKASHI_ANCHORS", str(tmp_path / "nowhere.json"))
    with refused("unreadable_file"), open_registry(read_settings()):
        pass


def test_a_database_before_init_is_refused(database, installed):
    from tests.support.template import urls

    pools = Database.connect(urls(database.superuser_url))
    try:
        with refused("not_initialised"):
            assemble(read_settings(), pools)
    finally:
        pools.close()


# --- Production ---


@pytest.fixture
def production(installed):
    """The settings of this installation, as if they were production's."""
    return read_settings().model_copy(update={"production": True})


def test_production_runs_on_what_init_made(production, installed):
    prepare_database(production, installed.urls)


def test_production_does_not_migrate_by_itself(production, empty_database, installed):
    with psycopg.connect(empty_database.superuser_url, autocommit=True):
        urls = dict.fromkeys(installed.urls, empty_database.superuser_url)
    with pytest.raises(Exception, match="0900_ground") as caught:
        prepare_database(production, urls)
    assert caught.value.code == "migrations_pending"


def test_production_refuses_a_superuser(production, database):
    urls = dict.fromkeys(("service", "reader", "jobs", "keeper", "migrator"), database.superuser_url)
    with pytest.raises(Exception, match="superuser") as caught:
        prepare_database(production, urls)
    assert caught.value.code == "database_not_fit"


def test_production_refuses_a_clock_that_can_be_moved(production, database):
    from tests.support.template import url_for, urls

    install_adjustable_clock(url_for(database.superuser_url, "migrator"))
    with pytest.raises(Exception, match="clock") as caught:
        prepare_database(production, urls(database.superuser_url))
    assert caught.value.code == "database_not_fit"


def test_production_refuses_development_anchors(production, installed, tmp_path):
    pools = Database.connect(installed.urls)
    try:
        anchor = write_development_chain(tmp_path, open_keys(production), not_before=pools.now()).anchor
        own = tmp_path / "anchors.json"
        write_whole(own, json.dumps(Anchors((), (anchor,)).as_json()))
        with refused("development_anchors"):
            assemble(production.model_copy(update={"anchors": own}), pools)
    finally:
        pools.close()


def test_anchors_lie_in_var_unless_named(installed):
    settings = read_settings()
    assert anchors_path(settings) == installed.var / "anchors.json"
