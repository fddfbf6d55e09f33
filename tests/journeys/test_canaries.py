"""R38: no secret and nobody's name appears in a log, a figure, a refusal or a repr, whatever is sent (goals, canaries).

Each canary is a text that occurs nowhere else. Some are the service's real secrets, one is planted with each request,
in every place where a request can carry something; then everything that the service said is searched for all of them.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from app.access.clients import sign_assertion
from app.errors import AkashiError
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key, load_key, save_key
from app.registry import sign_in
from app.settings import Settings
from benchmarks.service import AKASHI, free_port, running, settings_of
from tests.support.template import ROLE_PASSWORD
from tests.support.world import BASE_URL, BODY_SCOPES, SECRET, World

REFUSED, BROKEN = 400, 500
FEWEST = 200
HEADERS = ("Accept-Language", "If-None-Match", "Cookie", "User-Agent", "Authorization", "X-Forwarded-For", "Referer")


@dataclass
class Service:
    """A running service, what was planted, and what it answered."""

    port: int
    log: Path
    secrets: dict[str, str] = field(default_factory=dict)
    planted: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def canary(self) -> str:
        self.planted.append(f"canary{token_hex(12)}")
        return self.planted[-1]

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= REFUSED:
            self.refusals.append(f"{answer.headers}{content.decode()}")
        if answer.status >= BROKEN:
            self.broken.append(f"{method} {path}: {answer.status}")
        return content

    def found(self, text: str) -> list[str]:
        named = [name for name, secret in self.secrets.items() if secret in text]
        return named + sorted(set(re.findall("canary[0-9a-f]{24}", text)) & set(self.planted))


@pytest.fixture
def service(world: World, tmp_path: Path) -> Iterator[Service]:
    port, log = free_port(), tmp_path / "service.log"
    environment = {**settings_of(world, port), "AKASHI_LOG_LEVEL": "debug"}
    with running((*AKASHI, "serve"), port, environment, said=log):
        yield Service(port, log, {"key secret": SECRET, "database password": ROLE_PASSWORD})


@pytest.fixture
def token(world: World, service: Service) -> str:
    """A real client's real token; token, assertion and private key are secrets, too."""
    key = generate_software_key()
    client = sign_in.register_client(world.registry, world.body, public_jwk(key.public_key), sorted(BODY_SCOPES))
    signed = sign_assertion(client, key, issuer=BASE_URL, now=datetime.now(UTC))
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed,
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    given: str = json.loads(service.ask("POST", "/oauth/token", urlencode(form), kind))["access_token"]
    service.secrets |= {"access token": given, "assertion": signed}
    return given


@pytest.mark.timeout(240)
def test_nothing_that_was_planted_is_said_again(world: World, service: Service, token: str) -> None:
    certificate = world.grant("K-0001").public_id
    contract = json.loads(service.ask("GET", "/openapi.json"))
    for template, operations in contract["paths"].items():
        for method in operations:
            send_everything(service, method.upper(), template, token, certificate)
    tell_names(service, token)

    assert len(service.planted) >= FEWEST
    assert service.broken == []
    assert [(text[:120], found) for text in service.refusals if (found := service.found(text))] == []
    assert service.found(service.ask("GET", "/metrics").decode()) == []
    log = service.log.read_text(encoding="utf-8")
    assert '"event":"request"' in log.replace(" ", "")
    assert service.found(log) == []
    assert certificate not in log, "there is no record of who verified what"


def send_everything(service: Service, method: str, template: str, token: str, certificate: str) -> None:
    """One canary in each place of a request to this address that the caller fills."""
    known = re.sub(r"\{certificate_id\}", certificate, template)
    known = re.sub(r"\{[a-z_]+\}", str(uuid4()), known)
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": token_hex(8)}
    if "{" in template:
        service.ask(method, re.sub(r"\{[a-z_]+\}", service.canary(), template), "{}", bearer)
    if method == "GET":
        for header in HEADERS:
            service.ask("GET", known, headers={header: service.canary()})
        return
    for body in (
        f'{{"broken": "{service.canary()}',
        json.dumps({"unknown": service.canary()}),
        json.dumps(
            dict.fromkeys(("name", "act", "officer", "decided_on", "evidence", "jwk", "bundle"), service.canary())
        ),
        json.dumps({"jwk": {"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "d": service.canary()}}),
        f'"{service.canary()}"',
    ):
        service.ask(method, known, body, bearer)
    service.ask(method, known, "{}", {**bearer, "Authorization": f"Bearer akashi_at_{service.canary()}"})
    service.ask(method, known, "{}", {**bearer, "Idempotency-Key": service.canary() + " "})
    service.ask(method, known, service.canary(), {"Content-Type": "application/x-www-form-urlencoded"})


def tell_names(service: Service, token: str) -> None:
    """People, findings and reasons that are recorded as they should be, and their names in a refused repetition."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for number in range(5):
        once = {**headers, "Idempotency-Key": f"canary-test-{number}"}
        named = json.dumps({"relation": "employee", "name": f"Person {service.canary()}"})
        person = json.loads(service.ask("POST", "/v1/people", named, once))["id"]
        service.ask("POST", "/v1/people", named.replace("Person", "Other"), once)
        function = {"function": "auditor", "scheme": "aims", "valid_from": "2020-01-01", "basis": service.canary()}
        for _ in range(2):
            service.ask("POST", f"/v1/people/{person}/functions", json.dumps(function), headers)


def test_no_repr_and_no_error_shows_a_secret(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_of(world, free_port()).items():
        monkeypatch.setenv(name, value)
    settings: Any = Settings()
    key = generate_software_key()
    save_key(tmp_path / "a.key", key, SECRET)
    shown = [repr(one) for one in (settings, world.registry, world.keys, world.database, key)]
    shown += [str(settings), str(settings.model_dump()), settings.model_dump_json()]
    with pytest.raises(AkashiError) as refused:
        load_key(tmp_path / "a.key", "another canary secret")
    shown += [str(refused.value), repr(refused.value), refused.value.note]
    private = str(key.authority().private_numbers().private_value)
    assert [text for text in shown for secret in (SECRET, ROLE_PASSWORD, private, "canary") if secret in text] == []
