"""The database server is killed under load, again and again: what was acknowledged stands, nothing stands twice (R2)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from app.errors import AkashiError
from app.keys.evidence import sign_evidence
from app.registry import decision as decisions
from app.registry import issuance
from app.registry.decision import Decision
from app.registry.recovery import finish_open_acts
from app.registry.verification import published_report
from app.storage.embedded import EmbeddedServer
from tests.support.acts import rows
from tests.support.around import opened
from tests.support.postgres import FreshDatabase, Server
from tests.support.reconciled import breaches
from tests.support.template import prepare_template
from tests.support.world import KeyRing, World

KILLS = 5
WORKERS = 4
LIVES = 60  # more than the load gets done before the last kill
PASSING = {"database_unavailable", "outcome_unknown", "try_again", "act_under_way"}


@pytest.fixture
def server(server_home: Path) -> Iterator[EmbeddedServer]:
    """A durable server of this test's own."""
    started = EmbeddedServer.start(server_home)
    yield started
    started.stop()


@pytest.fixture
def world(server: EmbeddedServer, key_ring: KeyRing) -> Iterator[World]:
    """A world on that server."""
    own = Server(server.superuser_url())
    name = own.create_database()
    prepare_template(own.superuser_url(name))
    made = World(FreshDatabase(own, name), key_ring)
    made.accredit()
    made.bind_key()
    yield made
    made.close()


def kill(server: EmbeddedServer) -> None:
    """SIGKILL for the postmaster and each of its processes, all of them children of what this test started."""
    postmaster = int((server.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for process in (postmaster, *map(int, children)):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


def insist(act: Any, ended: Event) -> Any:
    """The answer of an act that is repeated until the database is there to give one."""
    while not ended.is_set():
        try:
            return act()
        except AkashiError as refusal:
            if refusal.code not in PASSING:
                raise
            time.sleep(0.02)
    return None


def life(world: World, grant: Decision, ended: Event) -> list[str]:
    """Issued, then suspended, each request repeated until answered; what was acknowledged."""
    acknowledged = []
    issued = insist(lambda: issuance.issue(world.registry, world.actor, grant.id, idempotency_key=str(grant.id)), ended)
    if issued is not None:
        acknowledged.append("grant")
        draft = insist(lambda: suspension(world, issued.public_id), ended)
        evidence = sign_evidence(world.decider.key, draft.document) if draft else None
        if insist(lambda: draft and decisions.confirm_decision(world.registry, world.actor, draft.id, evidence), ended):
            acknowledged.append("suspend")
    return acknowledged


def suspension(world: World, public_id: str) -> Any:
    return world.draft(public_id, "suspend", until=world.ago(-30), reason=("nonconformity_persists", "x"))


def test_r2_what_was_acknowledged_survives_every_kill_of_the_server(world, server, server_home):
    grants = [world.decide_grant(public_id, audits) for public_id, audits in (opened(world) for _ in range(LIVES))]
    ended, running, under_load = Event(), server, []
    with ThreadPoolExecutor(WORKERS) as pool:
        lives = [pool.submit(life, world, grant, ended) for grant in grants]
        try:
            for number in range(KILLS):
                time.sleep(0.15 + 0.11 * number)
                under_load.append(sum(one.running() for one in lives))
                kill(running)
                running.stop()
                running = EmbeddedServer.start(server_home)
            acknowledged = {grant.certification: one.result(60) for grant, one in zip(grants, lives, strict=True)}
        finally:
            ended.set()
    try:
        finish_open_acts(world.registry)

        assert under_load == [WORKERS] * KILLS
        assert all(done == ["grant", "suspend"] for done in acknowledged.values())
        for public_id in acknowledged:
            events = rows(
                world,
                "SELECT act FROM akashi.standing_event e JOIN akashi.certification c ON c.id = e.certification_id "
                "WHERE c.public_id = %(id)s ORDER BY event_no",
                id=public_id,
            )
            assert [event.act for event in events] == ["grant", "suspend"]
        assert breaches(world.fresh.superuser_url) == []
        assert published_report(world.registry, grants[0].certification).verdict == "not_currently_valid"
    finally:
        running.stop()
