"""A request is done once: same key and content, same answer; other content is refused; a failure leaves nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from app.errors import AkashiError
from app.registry import people
from app.registry.requests import Request, once
from tests.support.acts import count, refused

FIRST = Request("key-one", "content")


def test_the_same_request_gets_the_same_answer_and_makes_nothing_more(bare_world):
    before = count(bare_world, "person")
    add = {"relation": "employee", "name": "Sakura Test", "request": FIRST}

    made = people.add_person(bare_world.registry, bare_world.actor, **add)

    assert people.add_person(bare_world.registry, bare_world.actor, **add) == made
    assert count(bare_world, "person") == before + 1


def test_the_same_key_with_other_content_is_refused(bare_world):
    once(bare_world.registry, bare_world.body, FIRST, lambda _: uuid4())
    with refused("idempotency_key_reused"):
        once(bare_world.registry, bare_world.body, Request("key-one", "other"), lambda _: uuid4())


def test_keys_of_different_bodies_do_not_meet(bare_world):
    first = once(bare_world.registry, bare_world.body, FIRST, lambda _: uuid4())
    assert once(bare_world.registry, bare_world.accreditation_body, FIRST, lambda _: uuid4()) != first


def test_a_request_that_failed_may_come_again(bare_world):
    def fail(_: object) -> object:
        raise AkashiError("unknown_person")

    with refused("unknown_person"):
        once(bare_world.registry, bare_world.body, FIRST, fail)

    made = uuid4()
    assert once(bare_world.registry, bare_world.body, FIRST, lambda _: made) == made


def test_without_a_request_each_call_is_a_new_one(bare_world):
    made = [once(bare_world.registry, bare_world.body, None, lambda _: uuid4()) for _ in range(2)]
    assert made[0] != made[1]


def test_requests_that_race_end_in_one_answer(bare_world):
    def ask(_: int) -> object:
        try:
            return once(bare_world.registry, bare_world.body, FIRST, lambda _: uuid4())
        except AkashiError as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(ask, range(8)))

    assert len(answers - {"idempotency_key_in_use"}) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_without_the_right_length_is_refused(bare_world, key):
    with refused("value_refused"):
        once(bare_world.registry, bare_world.body, Request(key, "content"), lambda _: uuid4())
