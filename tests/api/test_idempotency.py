"""A retry is known by its key and by what it asks for (C101: the store and its answers are the act's)."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter

from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.idempotency import OnceOnly, parse_key
from app.errors import AkashiError
from tests.support.door import app_over, client_of


class Fact(Presented):
    a: int
    b: str = ""


@pytest.fixture
def client():
    app = app_over()
    router = APIRouter(route_class=StrictRoute)

    @router.post("/facts")
    def record(fact: Annotated[Fact, FromBody()], once: OnceOnly):
        return {"key": once.key, "content": once.content}

    @router.post("/facts/{id}/acts")
    def act(id: str, once: OnceOnly):
        return {"content": once.content}

    app.include_router(router)
    return client_of(app)


def post(client, body, key="key-12345678", path="/facts"):
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
    return client.post(path, content=body, headers=headers)


def test_an_act_without_a_key_is_refused(client):
    answer = post(client, b'{"a":1}', key=None)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_the_same_content_in_another_serialisation_is_the_same_content(client):
    one = post(client, b'{"a":1,"b":"\xe7\x81\xaf"}').json()
    two = post(client, b'{ "b": "\\u706f", "a": 1 }').json()
    assert one == two


def test_other_content_or_another_address_is_other_content(client):
    contents = {
        post(client, b'{"a":1}').json()["content"],
        post(client, b'{"a":2}').json()["content"],
        post(client, b"", path="/facts/1/acts").json()["content"],
        post(client, b"", path="/facts/2/acts").json()["content"],
    }
    assert len(contents) == 4


def test_a_key_may_wear_the_quotes_of_a_structured_field():
    assert parse_key('"8e03978e-40d5-43e8-bc93-6894a57f9324"') == parse_key("8e03978e-40d5-43e8-bc93-6894a57f9324")


@pytest.mark.parametrize(
    "presented", ["", "short", "with space", 'a"b"c"d"e', "a" * 129, "日本語の鍵です鍵です", "tab\tinside"]
)
def test_a_key_of_another_form_is_refused(presented):
    with pytest.raises(AkashiError, match="malformed_header"):
        parse_key(presented)
