"""Appeals and complaints at once with what they must keep apart from: one order wins, never both (goal R5)."""

from __future__ import annotations

from copy import deepcopy

import pytest

from app.registry.sealing import open_act
from app.storage import envelopes
from app.storage.rows import insert
from tests.support.around import Attempt, lawful
from tests.support.cases import appealed, complained, conclude, decide_complaint, join_panel, step
from tests.support.issuing import reserve_and_seal
from tests.support.many import Many, audited
from tests.support.races import DONE, race
from tests.support.soak import amount

FEWER = amount(tested=30, soaked=1000)
"""Rounds of races that take the same locks as the ones before them."""


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def many(lasting_world) -> Many:
    return Many.of(lasting_world)


@pytest.fixture(scope="module")
def both(lasting_world):
    """Somebody who may handle appeals, decide and audit, each at its place."""
    return lasting_world.add_person(lasting_world.actor, "appeal_handler", "decider", "auditor")


@pytest.fixture(scope="module")
def patterns(lasting_world, both):
    """A suspension of yesterday, what overturns it, and a withdrawal, to be copied."""
    public_id = lasting_world.grant("race around").public_id
    suspension = lawful(lasting_world, public_id, "suspend", on=lasting_world.ago(1))
    lasting_world.suspend(public_id)
    return {
        "suspend": suspension,
        "overturn": lawful(lasting_world, public_id, "overturn_suspension", deciders=(both,), annuls=2),
        "withdraw": lawful(lasting_world, public_id, "withdraw", deciders=(both,)),
    }


def about(connection, known, pattern: Attempt) -> Attempt:
    """The same decision about another certification, confirmed."""
    document = pattern.document | {"certification": known.public_id}
    made = Attempt(
        pattern.world, document, deepcopy(pattern.facts), list(pattern.deciders), pattern.reason, known=known
    )
    made.draft(connection)
    made.confirm(connection)
    return made


def carried_out(attempt: Attempt):
    """The act as the acts write it, in one transaction."""

    def write(connection):
        body, subject = attempt.world.body, bytes(attempt.certification.subject)
        open_act(connection, body=body, act=attempt.act, name="decide", draft=attempt.id, subject=subject)
        attempt.judge(connection)
        reserve_and_seal(connection, attempt)
        envelopes.free_slot(connection, body, attempt.act)

    return write


def suspended(connection, many, patterns):
    """A suspended certification and the decision that suspended it."""
    known = many.grant_in_force(connection)
    suspension = about(connection, known, patterns["suspend"])
    carried_out(suspension)(connection)
    return known, suspension.id


def audited_today(connection, world, certification):
    """A follow-up audit that ended today, led by the auditor; no plan says who else could take part."""
    return audited(connection, world, certification, "follow_up", world.today, planned=False)


def joining(world, audit, person):
    def write(connection):
        member = {"audit_id": audit, "person_id": person.id, "function": "technical_expert"}
        insert(connection, "audit_member", body_id=world.body, **member)

    return write


def test_r5_a_member_of_the_panel_joins_an_audit_while_overturning(world, many, both, patterns):
    def prepare(connection):
        known, decision = suspended(connection, many, patterns)
        case = appealed(connection, world, known.id, decision, (both,), lodged_on=world.ago(1))
        conclude(connection, world, case, decided_on=world.ago(1))
        audit = audited_today(connection, world, known.id)
        return carried_out(about(connection, known, patterns["overturn"])), joining(world, audit, both)

    code = "appeal_handler_involved"
    race(world, prepare, lawful={(DONE, code), (code, DONE)})


def test_r5_somebody_joins_a_panel_while_deciding_about_the_certification(world, many, both, patterns):
    def prepare(connection):
        known, decision = suspended(connection, many, patterns)
        case = appealed(connection, world, known.id, decision)
        withdrawal = carried_out(about(connection, known, patterns["withdraw"]))
        return withdrawal, lambda connection: join_panel(connection, world, case, both)

    code = "appeal_handler_involved"
    race(world, prepare, lawful={(DONE, code), (code, DONE)})


def test_r5_somebody_joins_a_panel_and_an_audit_team(world, many, both, patterns):
    def prepare(connection):
        known, decision = suspended(connection, many, patterns)
        case = appealed(connection, world, known.id, decision)
        audit = audited_today(connection, world, known.id)
        return lambda connection: join_panel(connection, world, case, both), joining(world, audit, both)

    code = "appeal_handler_involved"
    race(world, prepare, rounds=FEWER, lawful={(DONE, code), (code, DONE)})


def test_r5_somebody_joins_a_panel_while_it_decides(world, many, both, patterns):
    other = world.add_person(world.actor, "appeal_handler")

    def prepare(connection):
        known, decision = suspended(connection, many, patterns)
        case = appealed(connection, world, known.id, decision, (both,))
        return (
            lambda connection: conclude(connection, world, case),
            lambda connection: join_panel(connection, world, case, other),
        )

    race(world, prepare, rounds=FEWER, lawful={(DONE, DONE), (DONE, "appeal_decided")})


def test_r5_whoever_decides_a_complaint_joins_an_audit_team(world, many, both):
    def prepare(connection):
        known = many.grant_in_force(connection)
        case = complained(connection, world, known.id)
        for name in ("acknowledged", "investigated"):
            step(connection, world, case, name, world.reviewer)
        audit = audited_today(connection, world, known.id)
        return lambda connection: decide_complaint(connection, world, case, both), joining(world, audit, both)

    code = "involved_in_complaint"
    race(world, prepare, rounds=FEWER, lawful={(DONE, code), (code, DONE)})
