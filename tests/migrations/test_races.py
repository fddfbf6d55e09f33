"""Two acts at once: exactly one lawful order wins, and no row breaks a rule afterwards (goal R5).

Each race runs a hundred rounds on real connections (`make soak`: a thousand). `race` says how; `breaches` recomputes
from the rows alone whether all is lawful. Here: a decision, and what it rests on.
"""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.storage import people
from app.storage.rows import insert
from tests.support.acts import tamper
from tests.support.contenders import confirmed, decide, either, second_commit, unless_too_late
from tests.support.many import Many, Statements
from tests.support.races import DONE, FEWER, race
from tests.support.reconciled import breaches


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def many(lasting_world) -> Many:
    return Many.of(lasting_world)


def test_r5_an_accreditation_is_suspended_while_a_certificate_is_issued(world):
    kept = world.known_accreditation
    made = world.accredit(number="FA-race")  # the statements' signatures will be invented: nobody else rests on them
    world.accreditation = kept
    many, statements = Many.of(world, made), Statements.about(world, made)

    def prepare(connection):
        issue = many.begin(connection)
        return lambda connection: statements.make(connection, "suspend"), second_commit(many, issue)

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

    race(world, prepare, lawful=either("open_major_finding", "audit_relied_on"), rounds=FEWER)


def test_r5_a_person_s_key_ends_while_it_confirms(world, many):
    """What was confirmed before stays evidence; afterwards nothing is (deciding in two steps)."""

    def prepare(connection):
        leaving = world.add_person(world.actor, "decider")
        grant = many.open(connection, decider=leaving)
        grant.draft(connection)

        def end(connection):
            people.end_key(connection, body=world.body, thumbprint=leaving.key.thumbprint, reason="lost")

        return grant.confirm, end

    race(world, prepare, lawful=unless_too_late("person_key_ended"), rounds=FEWER)


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
    "an interested decider": (
        "INSERT INTO akashi.interest SELECT d.body_id, gen_random_uuid(), p.person_id, c.organisation_id, 'family', 'x', "
        "NULL, NULL, 'x', d.recorded_at - interval '1 hour' FROM akashi.decision d "
        "JOIN akashi.draft_person p ON p.draft_id = d.id JOIN akashi.certification c ON c.id = d.certification_id"
    ),
    "a threat nobody met": (
        "INSERT INTO akashi.impartiality_threat SELECT d.body_id, gen_random_uuid(), 'familiarity', 'x', "
        "c.organisation_id, NULL, d.decided_on, 'x', d.recorded_at - interval '1 hour' "
        "FROM akashi.decision d JOIN akashi.certification c ON c.id = d.certification_id"
    ),
    "a void seal": "INSERT INTO akashi.act_void SELECT body_id, act_id, 'x', now() FROM akashi.issuance_reservation",
    "a partial decider": (
        "INSERT INTO akashi.audit_member SELECT r.body_id, r.audit_id, p.person_id, 'observer', now() "
        "FROM akashi.draft_audit r JOIN akashi.draft_person p USING (body_id, draft_id)"
    ),
    "an ended key": "INSERT INTO akashi.person_key_end SELECT body_id, thumbprint, 'x', '2020-01-01' FROM akashi.confirmation LIMIT 1",
    "a late end": (
        "WITH v AS (UPDATE akashi.certificate_version SET effective_at = '2019-01-01', valid_until = '2020-01-01' RETURNING *) INSERT INTO akashi.standing_event "
        "(body_id, certification_id, event_no, act, from_state, to_state, effective_at, decision_id, envelope_id, recorded_at) "
        "SELECT body_id, certification_id, 2, 'cancel', 'active', 'cancelled', now(), gen_random_uuid(), envelope_id, now() FROM v"
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
