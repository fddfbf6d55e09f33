"""Appeals and complaints at once with what they must keep apart from: one order wins, never both (goal R5)."""

from __future__ import annotations

import pytest

from app.storage.rows import insert
from tests.support.around import lawful
from tests.support.cases import appealed, complained, conclude, decide_complaint, join_panel, step
from tests.support.contenders import about, carry_out, confirmed, either
from tests.support.many import Many, audited
from tests.support.races import DONE, FEWER, race


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


def suspended(connection, many, patterns):
    """A suspended certification and the decision that suspended it."""
    known = many.grant_in_force(connection)
    suspension = confirmed(about(known, patterns["suspend"]), connection)
    carry_out(suspension)(connection)
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
        return carry_out(confirmed(about(known, patterns["overturn"]), connection)), joining(world, audit, both)

    race(world, prepare, rounds=FEWER, lawful=either("appeal_handler_involved"))


def test_r5_somebody_joins_a_panel_while_deciding_about_the_certification(world, many, both, patterns):
    def prepare(connection):
        known, decision = suspended(connection, many, patterns)
        case = appealed(connection, world, known.id, decision)
        withdrawal = carry_out(confirmed(about(known, patterns["withdraw"]), connection))
        return withdrawal, lambda connection: join_panel(connection, world, case, both)

    race(world, prepare, rounds=FEWER, lawful=either("appeal_handler_involved"))


def test_r5_somebody_joins_a_panel_and_an_audit_team(world, many, both, patterns):
    def prepare(connection):
        known, decision = suspended(connection, many, patterns)
        case = appealed(connection, world, known.id, decision)
        audit = audited_today(connection, world, known.id)
        return lambda connection: join_panel(connection, world, case, both), joining(world, audit, both)

    race(world, prepare, rounds=FEWER, lawful=either("appeal_handler_involved"))


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

    race(world, prepare, rounds=FEWER, lawful=either("involved_in_complaint"))
