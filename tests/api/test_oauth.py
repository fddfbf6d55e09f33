"""The token endpoint over real HTTP and real PostgreSQL: what OAuth clients expect, and none of the attacks (R35)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

import pytest
from fastapi import APIRouter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.actor import Actor
from app.access.clients import sign_assertion
from app.access.permissions import Scope
from app.api.dependencies import requires
from app.api.limits import SIGN_IN, Limiter
from app.api.oauth import ASSERTION_TYPE
from app.errors import catalogue
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.registry import sign_in
from tests.support.door import BASE_URL, add_party, app_over, client_of

KEY = generate_software_key()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class World:
    def __init__(self, store):
        app = app_over(store, limiter=Limiter(clock=lambda: 0.0))
        router = APIRouter()

        @router.get("/v1/mine")
        def mine(actor: Annotated[Actor, requires(Scope.AUDITS)]):
            return {"party": str(actor.party_id), "scopes": sorted(actor.scopes)}

        @router.post("/v1/mine")
        def act(actor: Annotated[Actor, requires(Scope.AUDITS)]):
            return {}

        @router.get("/v1/people")
        def people(actor: Annotated[Actor, requires(Scope.PEOPLE)]):
            return {}

        app.include_router(router)
        self.registry = app.state.door.registry
        self.http = client_of(app)
        self.party = add_party(store)
        self.client_id = sign_in.register_client(
            self.registry, self.party, public_jwk(KEY.public_key), ["audits", "people"]
        )

    def assertion(self, **changes):
        return sign_assertion(
            self.client_id, KEY, **{"issuer": BASE_URL, "now": self.registry.database.now(), **changes}
        )

    def form(self, **changes):
        honest = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(),
        }
        return {name: value for name, value in {**honest, **changes}.items() if value is not None}

    def ask(self, form, headers=None):
        content = form if isinstance(form, str | bytes) else urlencode(form)
        return self.http.post("/oauth/token", content=content, headers={**FORM, **(headers or {})})

    def token(self, **changes):
        return self.ask(self.form(**changes)).json()["access_token"]

    def get(self, path, token):
        return self.http.get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def world(store):
    return World(store)


def test_a_token_is_given_as_rfc_6749_says(world):
    """RFC 6749 §5.1: token, type, life and scope, never cached."""
    answer = world.ask(world.form())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 300, "audits people")
    assert world.get("/v1/mine", body["access_token"]).json() == {
        "party": str(world.party),
        "scopes": ["audits", "people"],
    }


def test_less_scope_is_given_when_less_is_asked_for(world):
    token = world.token(scope="audits")
    assert world.get("/v1/mine", token).status_code == 200
    answer = world.get("/v1/people", token)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert answer.headers["www-authenticate"] == 'Bearer realm="akashi", error="insufficient_scope", scope="people"'


@pytest.mark.parametrize(
    ("changes", "status", "error", "code"),
    [
        ({"grant_type": None}, 400, "invalid_request", "malformed_token_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type", "unsupported_grant_type"),
        ({"client_assertion": None}, 400, "invalid_request", "malformed_token_request"),
        ({"client_assertion": ""}, 400, "invalid_request", "malformed_token_request"),
        ({"client_assertion": "a.b.c"}, 401, "invalid_client", "malformed_assertion"),
        (
            {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
            401,
            "invalid_client",
            "malformed_assertion",
        ),
        ({"client_id": "client-of-another"}, 401, "invalid_client", "malformed_assertion"),
        ({"scope": "webhooks"}, 400, "invalid_scope", "scope_not_granted"),
        ({"scope": "decide"}, 400, "invalid_scope", "unknown_scope"),
        ({"scope": ""}, 400, "invalid_scope", "unknown_scope"),
    ],
)
def test_a_refusal_speaks_oauth_and_our_own_codes(world, changes, status, error, code):
    answer = world.ask(world.form(**changes))
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (answer.status_code, body["error"], body["code"]) == (status, error, code)
    assert body["error_description"]
    assert body["errors"][0]["remedy"]


ATTACKS = {
    "expired": lambda world: world.assertion(now=world.registry.database.now() - timedelta(minutes=3)),
    "from the future": lambda world: world.assertion(now=world.registry.database.now() + timedelta(minutes=3)),
    "for another server": lambda world: world.assertion(issuer="https://evil.example"),
    "for the token endpoint": lambda world: world.assertion(issuer=f"{BASE_URL}/oauth/token"),
    "by another key": lambda world: sign_assertion(
        world.client_id, generate_software_key(), issuer=BASE_URL, now=world.registry.database.now()
    ),
    "of an unknown client": lambda world: sign_assertion(
        "client-ffffffffffffffff", KEY, issuer=BASE_URL, now=world.registry.database.now()
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_false_assertion_gets_no_token(world, attack):
    answer = world.ask(world.form(client_assertion=ATTACKS[attack](world)))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_assertion_is_not_given_a_second_token(world):
    form = world.form()
    assert world.ask(form).status_code == 200
    again = world.ask(form)
    assert (again.status_code, again.json()["code"]) == (401, "assertion_replayed")


def test_of_twenty_requests_at_once_with_one_assertion_one_is_answered(world):
    form = world.form()
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: world.ask(form).status_code, range(20)))
    assert statuses.count(200) == 1
    assert set(statuses) == {200, 401}


def test_a_parameter_twice_is_refused(world):
    """RFC 6749 §3.2: parameters are not sent more than once."""
    form = urlencode(world.form()) + "&scope=audits&scope=people"
    assert world.ask(form).json()["errors"][0]["field"] == "/scope"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"&&&", b"%zz=%", b"grant_type", b"a=b&" * 3000, b"x" * 20_000])
def test_what_is_not_a_token_request_is_refused(world, body):
    answer = world.ask(body)
    assert answer.status_code in {400, 413}
    assert answer.json()["code"] in catalogue()


def test_json_is_not_the_language_of_this_address(world):
    answer = world.ask("{}", {"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_token_request_in_an_address_is_never_read(world):
    answer = world.http.post(f"/oauth/token?{urlencode(world.form())}", headers=FORM)
    assert answer.status_code == 400
    assert world.http.get(f"/oauth/token?{urlencode(world.form())}").status_code == 405


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "bearer\t", "Token x", "DPoP x"],
)
def test_without_a_bearer_token_one_is_not_signed_in(world, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = world.http.get("/v1/mine", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == 'Bearer realm="akashi"'


def test_a_token_is_taken_from_the_header_alone(world):
    """RFC 6750 §2.3, RFC 9700 §4.3.2: never from an address, a form or a cookie."""
    token = world.token()
    assert world.http.get(f"/v1/mine?access_token={token}").status_code == 401
    assert world.http.post("/v1/mine", content=f"access_token={token}", headers=FORM).status_code == 401
    assert world.http.get("/v1/mine", headers={"Cookie": f"access_token={token}"}).status_code == 401


@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        str.swapcase,
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.removeprefix("akashi_at_"),
        lambda token: f"{token} {token}",
        lambda token: f"{token}'--",
    ],
)
def test_an_altered_token_is_nobody(world, spoil):
    answer = world.get("/v1/mine", spoil(world.token()))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_accepted")


def test_an_assertion_is_no_token_and_a_token_no_assertion(world):
    assert world.get("/v1/mine", world.assertion()).status_code == 401
    assert world.ask(world.form(client_assertion=world.token())).status_code == 401


def test_acts_are_counted_by_party_and_told(world):
    token = world.token()
    first, second = (world.http.post("/v1/mine", headers={"Authorization": f"Bearer {token}"}) for _ in range(2))
    assert first.headers["ratelimit-policy"] == '"acts";q=600;w=60'
    assert (first.headers["ratelimit"], second.headers["ratelimit"]) == ('"acts";r=599;t=1', '"acts";r=598;t=1')
    assert "ratelimit" not in world.get("/v1/mine", token).headers


def test_guessing_is_limited_for_the_guesser_and_not_for_others(world):
    """C106: told in headers; another client at the same address signs in as before."""
    guesses = [
        world.ask(world.form(client_assertion=ATTACKS["of an unknown client"](world))) for _ in range(SIGN_IN.quota + 1)
    ]
    assert [guess.status_code for guess in guesses] == [401] * SIGN_IN.quota + [429]
    assert int(guesses[-1].headers["retry-after"]) >= 1
    assert guesses[-1].headers["ratelimit"].startswith('"sign-in";r=0')
    assert world.ask(world.form()).status_code == 200


def test_the_metadata_say_how_to_sign_in(world):
    """RFC 8414 §2."""
    said = world.http.get("/.well-known/oauth-authorization-server").json()
    assert (said["issuer"], said["token_endpoint"]) == (BASE_URL, f"{BASE_URL}/oauth/token")
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert set(said["token_endpoint_auth_signing_alg_values_supported"]) == {"ES256", "Ed25519", "EdDSA"}
    assert set(said["scopes_supported"]) == set(Scope)


def test_no_log_line_holds_a_token_or_an_assertion(world, capfd):
    """R38."""
    form = world.form()
    token = world.ask(form).json()["access_token"]
    world.get("/v1/mine", token)
    world.get("/v1/mine", token[:-1])
    world.ask(form)
    logged = "".join(capfd.readouterr())
    assert world.client_id in logged
    assert token[:-1] not in logged
    assert form["client_assertion"] not in logged


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.dictionaries(
        st.sampled_from(("grant_type", "client_assertion_type", "client_assertion", "scope", "client_id", "x")),
        st.text(max_size=40),
    )
)
def test_any_form_gets_a_coded_refusal(world, form):
    answer = world.ask(urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in form.items()}))
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] in catalogue()
