"""Two acts at once: exactly one lawful order wins, and no row breaks a rule afterwards (goal R5).

Each race runs a hundred rounds on real connections (`make soak`: a thousand). `race` says how; `breaches` recomputes
from the rows alone whether all is lawful.
"""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import pytest

from app.registry import issuance, sealing
from app.registry.decision import Decision
from app.registry.sealing import open_act
from app.storage import envelopes
from app.storage.rows import Connection, insert
from tests.support.acts import tamper
from tests.support.around import Attempt, lawful, seal
from tests.support.issuing import reserve_and_seal
from tests.support.many import Many, Statements, audited
from tests.support.races import DONE, Ending, Write, race
from tests.support.reconciled import breaches


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def many(lasting_world) -> Many:
    return Many.of(lasting_world)


def either(code: str, other: str | None = None) -> set[Ending]:
    """One of two wins, whichever it is; the other is refused."""
    return {(DONE, other or code), (code, DONE)}


def confirmed(grant: Attempt, connection: Connection) -> Attempt:
    """Drafted and confirmed, so that only the act is left."""
    grant.draft(connection)
    grant.confirm(connection)
    return grant


def decide(grant: Attempt) -> Write:
    """The act of a confirmed draft, up to the row of the decision."""

    def write(connection: Connection) -> None:
        grant.begin(connection)
        grant.judge(connection)

    return write


def carry_out(attempt: Attempt) -> Write:
    """A confirmed decision with its event as the acts write them, all in one transaction."""

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


# --- A decision, and what it rests on ---


def test_r5_an_accreditation_is_suspended_while_a_certificate_is_issued(world):
    kept = world.known_accreditation
    made = world.accredit(number="FA-race")  # the statements' signatures will be invented: nobody else rests on them
    world.accreditation = kept
    many, statements = Many.of(world, made), Statements.about(world, made)

    def prepare(connection):
        issue = many.begin(connection)

        def second_commit(connection):
            issue.second_commit(connection)
            many.free(connection, issue.act)

        return lambda connection: statements.make(connection, "suspend"), second_commit

    def restored(_ended):
        statements.made()
        with world.database.transaction(body=world.accreditation_body) as connection:
            statements.make(connection, "restore")
        statements.made()

    race(
        world,
        prepare,
        lawful={(DONE, DONE), (DONE, "accreditation_suspended_now")},
        bodies=(world.accreditation_body, world.body),
        afterwards=restored,
    )


def test_r5_a_decider_joins_the_audit_team_while_deciding(world, many):
    both = world.add_person(world.actor, "auditor", "decider")

    def prepare(connection):
        grant = confirmed(many.open(connection, decider=both, planned=both), connection)

        def join(connection):
            audit, member = grant.document["relied_on"][0], {"person_id": both.id, "function": "technical_expert"}
            insert(connection, "audit_member", body_id=world.body, audit_id=audit, **member)

        return decide(grant), join

    race(world, prepare, lawful=either("decider_in_audit_team"))


def test_r5_a_major_finding_is_recorded_while_deciding(world, many):
    def prepare(connection):
        grant = confirmed(many.open(connection), connection)

        def find(connection):
            graded = {"grade": "major", "clause": "9.2", "description": "x", "due_on": "2099-01-01"}
            insert(connection, "finding", body_id=world.body, id=uuid4(), audit_id=grant.document["relied_on"][0], **graded)  # fmt: skip

        return decide(grant), find

    race(world, prepare, lawful=either("open_major_finding", "audit_relied_on"))


# --- Two decisions about one certificate ---

# The state they find, the two acts, and how they may end. Whoever comes second finds the state that the first left.
PAIRS: dict[str, tuple[str, str, str, set[Ending]]] = {
    "withdrawn and cancelled": ("active", "withdraw", "cancel", either("no_such_transition")),
    "suspended twice": ("active", "suspend", "suspend", {(DONE, DONE)}),  # whichever is second prolongs
    "suspended and withdrawn": ("active", "suspend", "withdraw", {(DONE, DONE), ("no_such_transition", DONE)}),
    "urgently suspended and withdrawn": (
        "active",
        "suspend_urgently",
        "withdraw",
        {(DONE, DONE), ("no_such_transition", DONE)},
    ),
    "urgently suspended and suspended": (
        "active",
        "suspend_urgently",
        "suspend",
        {(DONE, DONE), ("no_such_transition", DONE)},
    ),
    "annulled twice": ("active", "annul", "annul", either("no_such_transition")),
    "restored twice": ("suspended", "restore", "restore", either("no_such_transition")),
    "restored and withdrawn": ("suspended", "restore", "withdraw", {(DONE, DONE), ("no_such_transition", DONE)}),
    "restored and annulled": ("suspended", "restore", "annul", {(DONE, DONE), ("no_such_transition", DONE)}),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_r5_two_decisions_change_one_certificate(world, many, pair):
    state, one, other, endings = PAIRS[pair]
    public_id = world.grant(f"race {pair}").public_id
    suspension = lawful(world, public_id, "suspend")
    if state == "suspended":
        world.suspend(public_id)
    patterns = [lawful(world, public_id, act) for act in (one, other)]

    def prepare(connection):
        known = many.grant_in_force(connection)
        if state == "suspended":
            carry_out(confirmed(about(known, suspension), connection))(connection)
        first, second = (carry_out(confirmed(about(known, pattern), connection)) for pattern in patterns)
        return first, second

    race(world, prepare, lawful=endings)


def about(known, pattern: Attempt, *audits) -> Attempt:
    """The same decision about another certification, resting on audits of that one."""
    document = pattern.document | {"certification": known.public_id, "relied_on": sorted(str(one) for one in audits)}
    facts = deepcopy(pattern.facts)
    return Attempt(pattern.world, document, facts, list(pattern.deciders), pattern.reason, known=known)


# --- Two decisions that wait for their certificate ---


def issued(attempt: Attempt) -> Write:
    """The certificate of a signed decision: both commits of the act in one transaction, with an invented signature."""
    world = attempt.world

    def write(connection: Connection) -> None:
        request = issuance.request_of(attempt.id)
        act = issuance.reserve_version(world.registry, connection, world.body, attempt.id, str(attempt.id), request)
        reserved = envelopes.reservations_of(connection, world.body, act)
        signatures = {row.id: b"\1" * 64 for row in reserved}
        sealing._store(
            connection, world.body, act, reserved, signatures, issuance.recorder(world.body, act, attempt.id)
        )

    return write


def test_r5_two_renewals_of_one_certificate(world):
    ending = world.wanted(last_valid_day=world.ago(-100))
    many = Many.of(world, certificate=ending)
    public_id = world.grant("race renewed", certificate=ending).public_id
    audit = world.audit(public_id, "recertification", last_day=world.today)
    pattern = lawful(world, public_id, "renew", relied_on=(audit.id,), certificate=world.wanted())

    def prepare(connection):
        known = many.grant_in_force(connection)
        many.groundwork(connection, known.id, pattern.certification.id)
        audits = [audited(connection, world, known.id, "recertification", world.today) for _ in range(2)]
        renewals = [about(known, pattern, one) for one in audits]
        for renewal in renewals:
            renewal.decide(connection)
            seal(connection, world.body, renewal.reserve(connection))
            many.free(connection, renewal.act)
        one, other = (issued(renewal) for renewal in renewals)
        return one, other

    race(world, prepare, lawful=either("decision_overtaken"))


# --- One act, begun or ended twice ---


def test_r5_one_decision_is_issued_twice(world, many):
    def prepare(connection):
        grant = many.decide(connection)
        decided = Decision(grant.id, grant.document["certification"], "grant", "", None)

        def begin(key):
            def write(connection):
                request = issuance.request_of(decided.id)
                issuance.reserve_version(world.registry, connection, world.body, decided.id, key, request)

            return write

        return begin(f"one {grant.id}"), begin(f"other {grant.id}")

    race(world, prepare, lawful=either("act_under_way"))


def test_r5_an_act_is_voided_while_it_is_sealed(world, many):
    def prepare(connection):
        issue = many.begin(connection)

        def second_commit(connection):
            issue.second_commit(connection)
            many.free(connection, issue.act)

        def void(connection):
            insert(connection, "act_void", body_id=world.body, act_id=issue.act, reason="race")

        return second_commit, void

    race(world, prepare, lawful=either("act_is_void", "act_is_sealed"))


PLANTED = {
    "an appeal in the decider's hands": (
        "WITH a AS (INSERT INTO akashi.appeal SELECT d.body_id, gen_random_uuid(), d.certification_id, d.id, 'x', "
        "current_date, 'x', now() FROM akashi.decision d RETURNING *) INSERT INTO akashi.appeal_panel "
        "SELECT a.body_id, a.id, p.person_id, now() FROM a JOIN akashi.draft_person p ON p.draft_id = a.decision_id"
    ),
    "a suspension overturned by nobody": "UPDATE akashi.decision SET act = 'overturn_suspension', annuls_no = 1",
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
