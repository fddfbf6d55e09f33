"""The assembled service over a world, asked by HTTP: by anyone, and by machine clients with real tokens."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from starlette.testclient import TestClient

from app.access.clients import sign_assertion
from app.api.oauth import ASSERTION_TYPE
from app.conformity.identifiers import generate_public_id
from app.credentials.encoding import b64u_decode
from app.keys.evidence import sign_evidence
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.main import create_app
from app.registry.registry import Registry
from app.registry.sign_in import register_client
from app.settings import Settings
from tests.support.world import ACCREDITATION_SCOPES, BASE_URL, BODY_SCOPES, STANDARD, World, WorldPerson

UNKNOWN_ID = generate_public_id(random.Random("never given").getrandbits)
"""Well-formed, and the ID of nothing."""


@cache
def settings() -> Settings:
    """Read once a session: to list the time zones of this machine takes longer than most requests."""
    return Settings(port=8000)


@dataclass(frozen=True)
class Caller:
    """A machine client with a live token, asking the service as programs do."""

    http: TestClient
    token: str

    def get(self, path: str, **more: Any) -> httpx2.Response:
        """What the service answers to this client."""
        return self.http.get(path, headers={"Authorization": f"Bearer {self.token}"}, **more)

    def post(self, path: str, content: Any = None, *, key: str | None = None) -> httpx2.Response:
        """An act, with an `Idempotency-Key` of its own unless one is given."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or str(uuid4())}
        return self.http.post(path, json=content, headers=headers)

    def delete(self, path: str) -> httpx2.Response:
        """An erasure."""
        return self.http.delete(path, headers={"Authorization": f"Bearer {self.token}"})


class Service:
    """The application over a world's registry; `body` and `accreditation_body` are its bodies' clients."""

    def __init__(self, world: World, registry: Registry | None = None) -> None:
        self.world = world
        self.registry = registry or world.registry
        self.http = TestClient(
            create_app(settings(), self.registry),
            base_url=BASE_URL,
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    @cached_property
    def body(self) -> Caller:
        """The certification body's client, with every scope a body may have."""
        return self.caller(self.world.body, BODY_SCOPES)

    @cached_property
    def accreditation_body(self) -> Caller:
        """The accreditation body's client."""
        return self.caller(self.world.accreditation_body, ACCREDITATION_SCOPES)

    def caller(self, party: UUID, scopes: frozenset[str]) -> Caller:
        """A new client of a party, signed in with an assertion."""
        key = generate_software_key()
        client = register_client(self.registry, party, public_jwk(key.public_key), sorted(scopes))
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": sign_assertion(client, key, issuer=BASE_URL, now=self.world.now()),
        }
        return Caller(self.http, self.http.post("/oauth/token", data=form).json()["access_token"])

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """What anyone is answered."""
        return self.http.get(path, headers=headers)

    def verification(self, public_id: str) -> dict[str, Any]:
        """The report by ID."""
        report: dict[str, Any] = self.get(f"/v1/certificates/{public_id}/verification").json()
        return report

    def grant_wanted(self, public_id: str, audits: tuple[UUID, ...], **changes: Any) -> dict[str, Any]:
        """The body of a request that drafts a grant, whose programme and audit time are laid down."""
        world = self.world
        world.lay_groundwork(public_id, "grant", world.today, world.wanted())
        return {
            "certification": public_id,
            "act": "grant",
            "decided_on": world.today.isoformat(),
            "deciders": [str(world.decider.id)],
            "relied_on": [str(one) for one in audits],
            "accreditations": [str(world.known_accreditation)],
            "certificate": {
                "document": STANDARD,
                "statement": {"text": "Design of AI functions in service robots", "language": "en"},
                "translations": [{"text": "サービスロボットにおけるAI機能の設計", "language": "ja"}],
                "roles": ["provider"],
                "areas": ["robotics"],
                "sites": [{"id": str(world.head_office)}],
                "soa": {"version": "1.0", "date": world.ago(50).isoformat()},
            },
            **changes,
        }

    def confirm(
        self, caller: Caller, address: str, draft: dict[str, Any], person: WorldPerson | None = None
    ) -> httpx2.Response:
        """A person's evidence over a draft is handed in by a client."""
        signer = (person or self.world.decider).key
        evidence = sign_evidence(signer, b64u_decode(draft["document_base64url"]))
        return caller.post(f"{address}/{draft['id']}/confirmation", {"evidence": evidence})

    def decide(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A decision drafted and confirmed by its decider, over HTTP; its draft tells no fault (docs/adr/0023)."""
        drafted = self.body.post("/v1/decisions", wanted)
        assert drafted.status_code == 201, drafted.text
        assert drafted.json()["faults"] == [], drafted.text
        done = self.confirm(self.body, "/v1/decisions", drafted.json())
        assert done.status_code == 200, done.text
        decided: dict[str, Any] = done.json()
        return decided


@pytest.fixture
def service(world: World) -> Service:
    """The service over a world in which the certification body is accredited."""
    return Service(world)
