"""A request may be sent as often as its sender likes: one key, one act, one answer (goal R4)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from threading import Barrier

import pytest

from app.errors import AkashiError
from app.keys.software import KeyFolder
from app.registry import issuance
from app.registry.issuance import IssuedCertificate
from app.storage.database import Database
from tests.support.acts import refused, rows
from tests.support.around import opened
from tests.support.reconciled import breaches
from tests.support.template import urls
from tests.support.world import SECRET, World

THREADS = 50
KEYS = 6


@pytest.fixture
def world(lasting_world) -> World:
    return lasting_world


@pytest.fixture
def decided(world):
    public_id, audits = opened(world)
    return world.decide_grant(public_id, audits)


def issue(world, decision, key: str) -> IssuedCertificate:
    return issuance.issue(world.registry, world.actor, decision, idempotency_key=key)


def test_r4_fifty_threads_with_few_keys_make_as_many_acts_as_keys(world):
    """Every thread sends every key, in an order of its own."""
    decisions = {}
    for number in range(KEYS):
        public_id, audits = opened(world)
        decisions[f"key {number}"] = world.decide_grant(public_id, audits).id
    barrier = Barrier(THREADS)

    def send_all(seed: int) -> list[tuple[str, str]]:
        order = list(decisions)
        Random(seed).shuffle(order)
        barrier.wait(60)
        return [(key, str(issue(world, decisions[key], key))) for key in order]

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [answer for sent in pool.map(send_all, range(THREADS)) for answer in sent]

    assert len(answers) == THREADS * KEYS
    assert len(Counter(answers)) == KEYS
    begun = rows(world, "SELECT FROM akashi.act WHERE idempotency_key LIKE 'key %%'")
    issued = rows(world, "SELECT FROM akashi.certificate_version WHERE decision_id = ANY (%(ids)s)", ids=list(decisions.values()))  # fmt: skip
    assert (len(begun), len(issued)) == (KEYS, KEYS)
    assert breaches(world.fresh.superuser_url) == []


def test_the_same_key_with_other_content_is_refused(world, decided):
    issue(world, decided.id, "taken")
    public_id, audits = opened(world)
    other = world.decide_grant(public_id, audits)
    with refused("idempotency_key_reused"):
        issue(world, other.id, "taken")


def test_one_decision_is_issued_once_whatever_the_key(world, decided):
    issue(world, decided.id, "first")
    with refused("already_issued"):
        issue(world, decided.id, "second")


def test_two_keys_at_once_for_one_decision_issue_it_once(world, decided):
    barrier = Barrier(8)

    def send(number: int) -> str:
        barrier.wait(30)
        try:
            return str(issue(world, decided.id, f"{decided.id} {number}"))
        except AkashiError as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(send, range(8)))
    codes = {"act_under_way", "already_issued", "already_recorded"}
    assert len([answer for answer in answers if answer not in codes]) == 1
    (count,) = rows(
        world, "SELECT count(*) AS n FROM akashi.certificate_version WHERE decision_id = %(d)s", d=decided.id
    )
    assert count.n == 1


def test_a_key_is_remembered_over_a_restart(world, decided):
    before = issue(world, decided.id, "kept")
    database = Database.connect(urls(world.fresh.superuser_url))
    anew = replace(world.registry, database=database, keys=KeyFolder(world.keys.path, SECRET))
    assert issuance.issue(anew, world.actor, decided.id, idempotency_key="kept") == before
    database.close()


def test_a_key_belongs_to_the_body_that_sent_it(world, decided):
    """Another body may use the same word; its decision is simply unknown."""
    issue(world, decided.id, "shared word")
    _, stranger = world.add_certification_body("Another")
    with refused("unknown_decision"):
        issuance.issue(world.registry, stranger, decided.id, idempotency_key="shared word")


def test_a_refused_request_leaves_its_key_free(world):
    public_id, _ = opened(world)
    with refused("unknown_decision"):
        issue(world, world.body, public_id)
    audits = world.audits(public_id)
    decided = world.decide_grant(public_id, audits)
    assert issue(world, decided.id, public_id).public_id == public_id
