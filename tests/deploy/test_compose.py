"""deploy/compose.yaml is read, not run: what it names exists, and no container may do more than it must."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from app.cli import init
from app.settings import PREFIX, Settings
from tests.support.shared import PROJECT

DEPLOY = PROJECT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {init.ADMINISTRATOR}
OUTSIDE = {f"{PREFIX}IMAGE"}
"""Names of compose itself, given in the shell of whoever runs it."""


def test_every_setting_that_it_gives_exists() -> None:
    texts = [(DEPLOY / name).read_text(encoding="utf-8") for name in ("compose.yaml", "akashi-with-environment")]
    named = {name for text in texts for name in re.findall(rf"\b{PREFIX}[A-Z_]+\b", text)}
    assert named - SETTINGS - OUTSIDE == set()


def test_production_lacks_nothing_that_init_does_not_write() -> None:
    given = {name: str(value) for name, value in SERVICES["service"]["environment"].items()}
    interpolated = {"AKASHI_PUBLIC_URL": "https://registry.example", "AKASHI_SECURITY_CONTACT": "mailto:a@b.example"}
    addresses = dict.fromkeys(init.VARIABLES.values(), "postgresql://database/akashi")
    fields = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in {**given, **interpolated, **addresses}.items()
        if name.startswith(PREFIX)
    }
    assert Settings(**fields).production


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_only_what_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service.get("cap_add", ())) <= {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}
    assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & service.keys()
    assert "tmpfs" in service


@pytest.mark.parametrize("name", SERVICES)
def test_everything_that_a_container_uses_is_defined(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("secrets", ())) <= COMPOSE["secrets"].keys()
    assert set(service["networks"]) <= COMPOSE["networks"].keys()
    assert set(service.get("depends_on", ())) <= SERVICES.keys()
    for volume in service.get("volumes", ()):
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or (DEPLOY / source).exists(), volume


def test_whoever_is_waited_for_says_when_they_are_ready() -> None:
    for service in SERVICES.values():
        for name, waited in service.get("depends_on", {}).items():
            healthy = waited["condition"] == "service_healthy"
            assert healthy == ("healthcheck" in SERVICES[name]), name


def test_only_the_proxy_can_be_reached_and_only_it_reaches_out() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    inner = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    assert [name for name, service in SERVICES.items() if not set(service["networks"]) <= inner] == ["proxy"]
    assert not set(SERVICES["database"]["networks"]) & set(SERVICES["proxy"]["networks"])


def test_secrets_are_files_that_the_repository_does_not_hold() -> None:
    for secret in COMPOSE["secrets"].values():
        assert secret.keys() == {"file"}
        assert secret["file"].startswith("./secrets/")
    assert not (DEPLOY / "secrets").exists() or "deploy/secrets/" in (PROJECT / ".gitignore").read_text()
    for name, service in SERVICES.items():
        values = " ".join(map(str, service.get("environment", {}).values()))
        assert "password=" not in values, name


def test_the_proxy_is_trusted_by_its_own_network_alone() -> None:
    subnet = COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert SERVICES["service"]["environment"]["AKASHI_TRUSTED_PROXIES"] == subnet
