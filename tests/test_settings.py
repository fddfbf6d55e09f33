"""Settings: typed, checked together, silent about secrets, and described on a page that is compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, explain_faults, render_settings

ROOT = Path(__file__).parents[1]
ROLES = ("", "_READER", "_JOBS", "_KEEPER", "_MIGRATOR")
PRODUCTION = {
    "AKASHI_PRODUCTION": "true",
    "AKASHI_PUBLIC_URL": "https://registry.example",
    "AKASHI_KEY_FOLDER": "/keys",
    "AKASHI_KEY_SECRET": "long and random",
    "AKASHI_ANCHORS": "/anchors.json",
    "AKASHI_OPERATOR": "The Registry Office",
    "AKASHI_SECURITY_CONTACT": "mailto:security@registry.example",
    "AKASHI_PUBLISHED": "/srv/published",
    "AKASHI_LOG_FENCE": "/elsewhere/fence",
    **{f"AKASHI_DATABASE_URL{role}": "postgresql://u:p@db/akashi" for role in ROLES},
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("AKASHI_"):
            monkeypatch.delenv(name)


def faults_of(monkeypatch, values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    return explain_faults(raised.value)


def test_without_any_variable_the_service_serves_this_machine_with_its_own_database():
    settings = Settings()
    assert (settings.production, settings.base_url, settings.host, settings.port) == (
        False,
        "http://localhost:8000",
        "127.0.0.1",
        8000,
    )
    assert settings.database_urls == {}


def test_no_secret_has_a_default():
    secrets = [name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)]
    assert secrets
    assert all(Settings.model_fields[name].default is None for name in secrets)


def test_database_urls_are_given_for_all_roles_or_for_none(monkeypatch):
    assert faults_of(monkeypatch, {"AKASHI_DATABASE_URL": "postgresql://a"}) == [
        "AKASHI_DATABASE_URL, _READER, _JOBS, _KEEPER and _MIGRATOR are given all together or not at all"
    ]


def test_all_faults_are_told_at_once_and_each_names_its_variable(monkeypatch):
    faults = faults_of(monkeypatch, {"AKASHI_PORT": "0", "AKASHI_LOG_LEVEL": "loud"})
    assert [fault.split(":")[0] for fault in faults] == ["AKASHI_PORT", "AKASHI_LOG_LEVEL"]


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "AKASHI_PRODUCTION"])
def test_production_refuses_to_start_without_each_of_its_values(monkeypatch, missing):
    assert faults_of(monkeypatch, {name: value for name, value in PRODUCTION.items() if name != missing})


def test_production_starts_with_all_of_its_values(monkeypatch):
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert sorted(Settings().database_urls) == ["jobs", "keeper", "migrator", "reader", "service"]


@pytest.mark.parametrize(
    "address",
    [
        "http://registry.example",
        "ftp://registry.example",
        "registry.example",
        "https://u@h.example",
        "https://h.example/?q",
    ],
)
def test_an_address_that_must_not_be_signed_into_credentials_is_refused(monkeypatch, address):
    assert "AKASHI_PUBLIC_URL" in faults_of(monkeypatch, {"AKASHI_PUBLIC_URL": address})[0]


def test_a_time_zone_that_does_not_exist_is_refused(monkeypatch):
    assert faults_of(monkeypatch, {"AKASHI_TIME_ZONE": "Asia/Atlantis"}) == [
        "AKASHI_TIME_ZONE must be an IANA time zone"
    ]


def test_no_message_and_no_representation_repeats_a_secret(monkeypatch):
    canary = "canary-5f2c"
    faults = faults_of(monkeypatch, {"AKASHI_DATABASE_URL": canary, "AKASHI_PORT": canary, "AKASHI_KEY_SECRET": canary})
    assert canary not in str(faults)
    monkeypatch.delenv("AKASHI_PORT")
    monkeypatch.delenv("AKASHI_DATABASE_URL")
    assert canary not in repr(Settings())


def test_the_key_secret_may_stand_in_a_file(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    monkeypatch.setenv("AKASHI_KEY_SECRET_FILE", str(file))
    secret = Settings().read_key_secret()
    assert secret is not None
    assert secret.get_secret_value() == "from a file"


def test_the_settings_page_is_what_the_code_says():
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == render_settings()
