"""Rows of answered requests: a body's own, never changed."""

from __future__ import annotations

from uuid import uuid4

from app.storage import requests
from app.storage.rows import run
from tests.support.acts import refused


def keep(world):
    answer = uuid4()
    with world.database.transaction(body=world.body) as connection:
        requests.add_request(connection, body=world.body, idempotency_key="key", content="content", answer=answer)
    return answer


def test_a_request_is_found_by_its_body_alone(bare_world):
    answer = keep(bare_world)
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assert requests.find_request(connection, bare_world.body, "key").answer == answer
    with bare_world.database.transaction(body=bare_world.accreditation_body) as connection:
        assert requests.find_request(connection, bare_world.body, "key") is None


def test_an_answer_is_never_changed(bare_world):
    keep(bare_world)
    with refused("unknown_reference"), bare_world.database.transaction(body=bare_world.body) as connection:
        run(connection, "UPDATE akashi.request SET content = 'other'")
