"""The store of machine sign-in, on real PostgreSQL: each answer is about one client or one token, and once means once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.errors import AkashiError
from app.storage import sessions
from app.storage.database import now
from tests.support.door import add_party

JWK = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}


def add_client(store, client_id="client-one", scopes=frozenset({"audits", "people"})) -> sessions.Client:
    client = sessions.Client(client_id, add_party(store), JWK, scopes)
    with store.transaction(body=client.body_id) as connection:
        sessions.add_client(connection, client)
    return client


def give_token(store, client, digest=bytes(32), life=timedelta(minutes=5)):
    with store.transaction() as connection:
        sessions.keep_token(connection, digest, client.client_id, {"audits"}, now(connection) + life)


def test_a_registered_client_is_found_by_its_id_and_no_other(store):
    client = add_client(store)
    with store.transaction() as connection:
        assert sessions.find_client(connection, "client-one") == client
        assert sessions.find_client(connection, "client-two") is None


def test_an_assertion_is_spent_once_for_each_client(store):
    """C109: two clients that both count from 1 do not collide."""
    one, two = add_client(store, "client-one"), add_client(store, "client-two")
    with store.transaction() as connection:
        until = now(connection) + timedelta(minutes=1)
        assert sessions.spend_assertion(connection, one.client_id, "1", until)
        assert sessions.spend_assertion(connection, two.client_id, "1", until)
        assert not sessions.spend_assertion(connection, one.client_id, "1", until)


def test_of_twenty_uses_at_once_one_wins(store):
    client = add_client(store)

    def spend(_):
        with store.transaction() as connection:
            return sessions.spend_assertion(
                connection, client.client_id, "same", now(connection) + timedelta(minutes=1)
            )

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(spend, range(20))) == 1


def test_a_token_stands_for_its_client_until_it_ends(store):
    client = add_client(store)
    give_token(store, client, b"a" * 32)
    give_token(store, client, b"b" * 32, timedelta(0))
    with store.transaction() as connection:
        assert sessions.find_session(connection, b"a" * 32) == sessions.Session(
            "client-one", client.body_id, frozenset({"audits"}), ceased=False
        )
        assert sessions.find_session(connection, b"b" * 32) is None
        assert sessions.find_session(connection, b"c" * 32) is None


def test_the_end_of_a_client_ends_its_tokens_at_once(store):
    client = add_client(store)
    give_token(store, client)
    with store.transaction(body=client.body_id) as connection:
        assert sessions.end_client(connection, client.client_id)
        assert not sessions.end_client(connection, client.client_id)
    with store.transaction() as connection:
        assert sessions.find_client(connection, client.client_id) is None
        assert sessions.find_session(connection, bytes(32)) is None
    with store.transaction(body=client.body_id) as connection:
        assert sessions.list_clients(connection) == ()


@pytest.mark.parametrize(("scopes", "life"), [({"webhooks"}, 5), ({"audits"}, 6)])
def test_no_token_is_wider_than_its_client_or_longer_than_five_minutes(store, scopes, life):
    client = add_client(store)
    with pytest.raises(AkashiError), store.transaction() as connection:
        sessions.keep_token(connection, bytes(32), client.client_id, scopes, now(connection) + timedelta(minutes=life))


def test_a_body_neither_sees_nor_ends_nor_registers_clients_of_another(store):
    client, other = add_client(store), add_party(store)
    with store.transaction(body=other) as connection:
        assert sessions.list_clients(connection) == ()
        assert not sessions.end_client(connection, client.client_id)
    with pytest.raises(AkashiError), store.transaction(body=other) as connection:
        sessions.add_client(connection, sessions.Client("client-new", client.body_id, JWK, frozenset({"audits"})))


@pytest.mark.parametrize("table", ["oauth_assertion", "access_token"])
def test_the_service_can_list_neither_assertions_nor_tokens(store, table):
    with pytest.raises(AkashiError), store.transaction() as connection:
        connection.execute(text(f"SELECT * FROM akashi.{table}"))


def test_what_is_long_over_is_forgotten_and_nothing_before(store):
    """C107: an assertion is remembered beyond its window, with an hour for a clock set back."""
    client = add_client(store)
    with store.transaction() as connection:
        moment = now(connection)
        sessions.spend_assertion(connection, client.client_id, "old", moment - timedelta(minutes=61))
        sessions.spend_assertion(connection, client.client_id, "over", moment - timedelta(minutes=59))
    with store.transaction("jobs") as connection:
        assert sessions.forget_sign_ins(connection) == 1
    with store.transaction() as connection:
        assert not sessions.spend_assertion(connection, client.client_id, "over", moment)


def test_the_service_cannot_make_the_store_forget(store):
    with pytest.raises(AkashiError), store.transaction() as connection:
        sessions.forget_sign_ins(connection)
