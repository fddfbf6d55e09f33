"""Two acts at once: exactly one lawful order wins, and no row breaks a rule afterwards (goal R5).

Each race runs a hundred rounds on real connections, held at a barrier and let go with a small, changing head start, so
that both orders happen. Afterwards `breaches` recomputes from the rows alone whether all is lawful.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.errors import AkashiError
from app.registry import issuance
from app.registry.decision import Decision
from app.registry.sealing import open_act
from app.storage import envelopes
from app.storage.rows import Connection, insert
from tests.support.acts import tamper
from tests.support.around import Attempt, lawful
from tests.support.issuing import reserve_and_seal
from tests.support.many import Many, Statements
from tests.support.reconciled import breaches

ROUNDS = 100
HEAD_STARTS = (0.0, 0.001, -0.001, 0.003, -0.003, 0.008, -0.008)
Write = Callable[[Connection], None]


class Race:
    """Two writers, each in a transaction of its own, started together."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self._pool = ThreadPoolExecutor(2)
        self._barrier = Barrier(2)
        self._round = 0

    def run(self, one: Write, other: Write, *, bodies: tuple[UUID, UUID] | None = None) -> tuple[str, str]:
        """How each of the two ended: `done`, or the code of its refusal."""
        start = HEAD_STARTS[self._round % len(HEAD_STARTS)]
        self._round += 1
        bodies = bodies or (self.world.body, self.world.body)
        first = self._pool.submit(self._ends, one, bodies[0], max(-start, 0))
        second = self._pool.submit(self._ends, other, bodies[1], max(start, 0))
        ended = (first.result(30), second.result(30))
        self.outcomes[ended] += 1
        return ended

    def _ends(self, write: Write, body: UUID, delay: float) -> str:
        self._barrier.wait(30)
        time.sleep(delay)
        try:
            with self.world.database.transaction(body=body) as connection:
                write(connection)
        except AkashiError as refusal:
            return refusal.code
        return "done"


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def many(lasting_world) -> Many:
    return Many.of(lasting_world)


@pytest.fixture
def race(world) -> Iterator[Race]:
    """A race after which nothing unlawful stands."""
    held = Race(world)
    yield held
    assert sum(held.outcomes.values()) == ROUNDS
    assert breaches(world.fresh.superuser_url) == []


def prepared(world, prepare):
    with world.database.transaction(body=world.body) as connection:
        return prepare(connection)


def carry_out(attempt: Attempt) -> Write:
    """A decision with its event as the acts write them, all in one transaction."""

    def write(connection: Connection) -> None:
        open_act(
            connection,
            body=attempt.world.body,
            act=attempt.act,
            name="decide",
            draft=attempt.id,
            subject=bytes(attempt.certification.subject),
        )
        attempt.judge(connection)
        reserve_and_seal(connection, attempt)
        envelopes.free_slot(connection, attempt.world.body, attempt.act)

    return write


def confirmed(grant: Attempt, connection: Connection) -> Attempt:
    """Drafted and confirmed, so that only the act is left."""
    grant.draft(connection)
    grant.confirm(connection)
    return grant


def test_r5_an_accreditation_is_suspended_while_a_certificate_is_issued(world, race):
    kept = world.known_accreditation
    made = world.accredit(number="FA-race")  # the statements' signatures will be invented: nobody else rests on them
    world.accreditation = kept
    many, statements = Many.of(world, made), Statements.about(world, made)
    for _ in range(ROUNDS):
        issue = prepared(world, many.begin)

        def second_commit(connection, issue=issue):
            issue.second_commit(connection)
            many.free(connection, issue.act)

        ended = race.run(
            lambda connection: statements.make(connection, "suspend"),
            second_commit,
            bodies=(world.accreditation_body, world.body),
        )
        assert ended in {("done", "done"), ("done", "accreditation_suspended_now")}
        statements.made()
        with world.database.transaction(body=world.accreditation_body) as connection:
            statements.make(connection, "restore")
        statements.made()
    assert len(race.outcomes) == 2, race.outcomes


def test_r5_a_decider_joins_the_audit_team_while_deciding(world, many, race):
    both = world.add_person(world.actor, "auditor", "decider")
    for _ in range(ROUNDS):
        grant = prepared(world, lambda connection: confirmed(many.open(connection, decider=both), connection))

        def decide(connection, grant=grant):
            grant.begin(connection)
            grant.judge(connection)

        def join(connection, grant=grant):
            audit, member = grant.document["relied_on"][0], {"person_id": both.id, "function": "technical_expert"}
            insert(connection, "audit_member", body_id=world.body, audit_id=audit, **member)

        race.run(decide, join)
    assert set(race.outcomes) == {("done", "decider_in_audit_team"), ("decider_in_audit_team", "done")}, race.outcomes


def test_r5_a_major_finding_is_recorded_while_deciding(world, many, race):
    for _ in range(ROUNDS):
        grant = prepared(world, lambda connection: confirmed(many.open(connection), connection))

        def decide(connection, grant=grant):
            grant.begin(connection)
            grant.judge(connection)

        def find(connection, grant=grant):
            audit, graded = (
                grant.document["relied_on"][0],
                {"grade": "major", "clause": "9.2", "description": "x", "due_on": "2099-01-01"},
            )
            insert(connection, "finding", body_id=world.body, id=uuid4(), audit_id=audit, **graded)

        race.run(decide, find)
    assert set(race.outcomes) == {("done", "audit_relied_on"), ("open_major_finding", "done")}, race.outcomes


@pytest.mark.parametrize("acts", [("withdraw", "cancel"), ("withdraw", "withdraw")], ids=["ending", "ending_twice"])
def test_r5_two_decisions_change_one_certification(world, many, race, acts):
    patterns = {act: lawful(world, world.grant(f"race-{act}-{uuid4()}").public_id, act) for act in acts}
    for _ in range(ROUNDS):
        one, other = prepared(world, lambda connection: twins(connection, many, [patterns[act] for act in acts]))
        race.run(carry_out(one), carry_out(other))
    assert set(race.outcomes) == {("done", "no_such_transition"), ("no_such_transition", "done")}, race.outcomes


def twins(connection: Connection, many: Many, patterns: list[Attempt]) -> list[Attempt]:
    """Two confirmed decisions about one certificate in force."""
    known = many.grant_in_force(connection)
    attempts = [
        Attempt(
            pattern.world,
            pattern.document | {"certification": known.public_id},
            None,
            list(pattern.deciders),
            pattern.reason,
            known=known,
        )
        for pattern in patterns
    ]
    for attempt in attempts:
        attempt.draft(connection)
        attempt.confirm(connection)
    return attempts


def test_r5_one_decision_is_issued_twice(world, many, race):
    for _ in range(ROUNDS):
        grant = prepared(world, many.decide)
        decided = Decision(grant.id, grant.document["certification"], "grant", "", None)

        def begin(key, decision=decided.id):
            def write(connection):
                request = issuance.request_of(decision)
                issuance.reserve_version(world.registry, connection, world.body, decision, key, request)

            return write

        race.run(begin(f"one {grant.id}"), begin(f"other {grant.id}"))
    assert set(race.outcomes) == {("done", "act_under_way"), ("act_under_way", "done")}, race.outcomes


def test_r5_an_act_is_voided_while_it_is_sealed(world, many, race):
    for _ in range(ROUNDS):
        issue = prepared(world, many.begin)

        def second_commit(connection, issue=issue):
            issue.second_commit(connection)
            many.free(connection, issue.act)

        def void(connection, act=issue.act):
            insert(connection, "act_void", body_id=world.body, act_id=act, reason="race")

        race.run(second_commit, void)
    assert set(race.outcomes) == {("done", "act_is_sealed"), ("act_is_void", "done")}, race.outcomes


PLANTED = {
    "another chain": "UPDATE akashi.standing_event SET to_state = 'suspended'",
    "nobody's evidence": "DELETE FROM akashi.confirmation WHERE draft_id IN (SELECT id FROM akashi.decision)",
    "a missing version": "UPDATE akashi.certificate_version SET version_no = 2",
    "a missing ordinal": "UPDATE akashi.envelope SET n = n + 100",
    "a missing leaf": "DELETE FROM akashi.log_queue WHERE sequence = 1",
    "half an act": "DELETE FROM akashi.envelope WHERE id IN (SELECT envelope_id FROM akashi.standing_event)",
    "another position": "UPDATE akashi.issuance_reservation SET revocation_position = revocation_position # 1",
    "another day": "UPDATE akashi.decision SET effective_on = '2020-01-01'",
    "an early decision": "UPDATE akashi.audit SET last_day = '2099-01-01'",
    "a void seal": "INSERT INTO akashi.act_void SELECT body_id, act_id, 'x', now() FROM akashi.issuance_reservation",
    "a partial decider": (
        "INSERT INTO akashi.audit_member SELECT r.body_id, r.audit_id, p.person_id, 'observer', now() "
        "FROM akashi.draft_audit r JOIN akashi.draft_person p USING (body_id, draft_id)"
    ),
    "a lost accreditation": "UPDATE akashi.accreditation_statement SET status = 'withdrawn'",
    "an unsigned decision": "UPDATE akashi.act SET draft_id = gen_random_uuid() WHERE name = 'decide'",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_checker_names_a_breach_that_was_planted(bare_world, planted):
    """Otherwise an empty list would prove nothing."""
    bare_world.accredit()
    bare_world.bind_key()
    bare_world.grant()
    assert breaches(bare_world.fresh.superuser_url) == []
    tamper(bare_world, "ALTER TABLE akashi.decision DROP CONSTRAINT effective_before_decision")
    tamper(bare_world, PLANTED[planted])
    assert breaches(bare_world.fresh.superuser_url) != []
