"""Sign-in of machines on real PostgreSQL: an assertion becomes one token, a token becomes its client's actor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.clients import sign_assertion
from app.access.tokens import make_token
from app.errors import AkashiError
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.registry import sign_in
from app.storage.clock import set_clock
from tests.support.door import BASE_URL, add_party, registry_over
from tests.support.template import url_for

KEY = generate_software_key()
JWK = public_jwk(KEY.public_key)
SCOPES = ("audits", "people")


@pytest.fixture
def registry(store):
    return registry_over(store)


@pytest.fixture
def party(registry):
    return add_party(registry.database)


@pytest.fixture
def client_id(registry, party):
    return sign_in.register_client(registry, party, JWK, SCOPES)


def assertion(registry, client_id, **changes):
    return sign_assertion(client_id, KEY, **{"issuer": BASE_URL, "now": registry.database.now(), **changes})


def test_a_client_gets_a_token_and_acts_for_its_party(registry, party, client_id):
    granted = sign_in.grant_token(registry, assertion(registry, client_id))
    actor = sign_in.actor_of(registry, granted.token)
    assert (actor.kind, actor.party_id, actor.client_id) == ("machine", party, client_id)
    assert actor.scopes == frozenset(SCOPES)
    assert granted.expires_in == 300


def test_a_client_may_ask_for_less_and_never_for_more(registry, client_id):
    granted = sign_in.grant_token(registry, assertion(registry, client_id), ["people"])
    assert sign_in.actor_of(registry, granted.token).scopes == frozenset({"people"})
    with pytest.raises(AkashiError) as raised:
        sign_in.grant_token(registry, assertion(registry, client_id), ["people", "accreditations"])
    assert [(fault.code, fault.note) for fault in raised.value.faults] == [("scope_not_granted", "accreditations")]


def test_an_assertion_is_good_for_one_token(registry, client_id):
    presented = assertion(registry, client_id)
    sign_in.grant_token(registry, presented)
    with pytest.raises(AkashiError, match="assertion_replayed"):
        sign_in.grant_token(registry, presented)


def test_of_many_uses_at_once_one_gets_a_token(registry, client_id):
    presented = assertion(registry, client_id)

    def attempt(_):
        try:
            sign_in.grant_token(registry, presented)
        except AkashiError as error:
            return error.code
        return "granted"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(attempt, range(16)))
    assert sorted(set(outcomes)) == ["assertion_replayed", "granted"]
    assert outcomes.count("granted") == 1


def test_a_refused_request_does_not_spend_the_assertion(registry, client_id):
    presented = assertion(registry, client_id)
    with pytest.raises(AkashiError, match="scope_not_granted"):
        sign_in.grant_token(registry, presented, ["webhooks"])
    assert sign_in.grant_token(registry, presented).client_id == client_id


def test_two_clients_may_use_the_same_jti(registry, party):
    """C109."""
    for _ in range(2):
        client_id = sign_in.register_client(registry, party, JWK, SCOPES)
        assert sign_in.grant_token(registry, assertion(registry, client_id, random_text=lambda _: "1"))


def test_an_assertion_is_refused_for_as_long_as_its_window_lasts_and_after(registry, client_id, database):
    """C107: replayed at once, shortly before its window ends, and after it."""
    migrator = url_for(database.superuser_url, "migrator")
    began = registry.database.now()
    presented = assertion(registry, client_id)
    sign_in.grant_token(registry, presented)
    for seconds, code in ((0, "assertion_replayed"), (55, "assertion_replayed"), (71, "assertion_expired")):
        set_clock(migrator, began + timedelta(seconds=seconds))
        sign_in.forget_sign_ins(registry)
        with pytest.raises(AkashiError, match=code):
            sign_in.grant_token(registry, presented)


def test_a_token_ends_after_five_minutes(registry, client_id, database):
    token = sign_in.grant_token(registry, assertion(registry, client_id)).token
    set_clock(url_for(database.superuser_url, "migrator"), registry.database.now() + timedelta(seconds=290))
    assert sign_in.actor_of(registry, token).client_id == client_id
    set_clock(url_for(database.superuser_url, "migrator"), registry.database.now() + timedelta(seconds=11))
    with pytest.raises(AkashiError, match="token_not_accepted"):
        sign_in.actor_of(registry, token)


def test_an_ended_client_is_out_at_once(registry, party, client_id):
    token = sign_in.grant_token(registry, assertion(registry, client_id)).token
    sign_in.end_client(registry, party, client_id)
    with pytest.raises(AkashiError, match="token_not_accepted"):
        sign_in.actor_of(registry, token)
    with pytest.raises(AkashiError, match="client_not_authenticated"):
        sign_in.grant_token(registry, assertion(registry, client_id))
    with pytest.raises(AkashiError, match="unknown_client"):
        sign_in.end_client(registry, party, client_id)


def test_a_party_neither_lists_nor_ends_clients_of_another(registry, party, client_id):
    other = add_party(registry.database)
    assert [client.client_id for client in sign_in.list_clients(registry, party)] == [client_id]
    assert sign_in.list_clients(registry, other) == ()
    with pytest.raises(AkashiError, match="unknown_client"):
        sign_in.end_client(registry, other, client_id)
    assert sign_in.grant_token(registry, assertion(registry, client_id))


def test_an_unknown_client_reads_like_a_wrong_key(registry, party, client_id):
    with pytest.raises(AkashiError, match="client_not_authenticated"):
        sign_in.grant_token(registry, assertion(registry, "client-0000000000000000"))
    wrong = sign_assertion(client_id, generate_software_key(), issuer=BASE_URL, now=registry.database.now())
    with pytest.raises(AkashiError, match="client_not_authenticated"):
        sign_in.grant_token(registry, wrong)


def test_a_client_is_registered_for_a_known_party_with_known_scopes_and_a_public_key(registry, party):
    with pytest.raises(AkashiError, match="unknown_reference"):
        sign_in.register_client(registry, uuid4(), JWK, SCOPES)
    with pytest.raises(AkashiError, match="unknown_scope"):
        sign_in.register_client(registry, party, JWK, ["decide"])
    with pytest.raises(AkashiError, match="malformed_key"):
        sign_in.register_client(registry, party, {**JWK, "d": "AA"}, SCOPES)


def test_a_token_that_was_never_given_is_nobody(registry):
    with pytest.raises(AkashiError, match="token_not_accepted"):
        sign_in.actor_of(registry, make_token())


def test_the_store_never_holds_a_token(registry, client_id, postgres, database):
    """R38: a planted secret is found nowhere but where it belongs."""
    token = sign_in.grant_token(registry, assertion(registry, client_id)).token
    with postgres.superuser(database.name) as connection:
        (row,) = connection.execute("SELECT access_token::text FROM akashi.access_token").fetchall()
    assert token not in row[0]
    assert token not in repr(sign_in.AccessToken(token, client_id, (), 300))
