"""What comes before a decision, at once with what must not stand beside it: one order wins, never both (goal R5)."""

from __future__ import annotations

import itertools
import time
from uuid import uuid4

import pytest

from app.storage.rows import insert
from tests.support import groundwork
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


PAUSES = itertools.cycle((0.0, 0.3))
"""Seconds before what takes one statement is written beside what takes many: so each order happens."""


def after_a_pause(write):
    """The same, sometimes later."""

    def later(connection):
        time.sleep(next(PAUSES))
        write(connection)

    return later


def granting(connection, grant):
    """The row of a grant that is confirmed and whose act has begun."""
    grant.draft(connection)
    grant.confirm(connection)
    grant.begin(connection)
    return grant.judge


@pytest.fixture(scope="module")
def twin(lasting_world):
    """Somebody who decides in this module alone, and is declared to be bound to the client again and again."""
    return [lasting_world.add_person(lasting_world.actor, "decider") for _ in range(amount(tested=100, soaked=1000))]


def test_r5_an_interest_is_declared_while_deciding(world, many, twin):
    """Whoever declares in time decides nothing; whoever has decided may declare, and the decision stands."""
    deciders = iter(twin)

    def prepare(connection):
        person = next(deciders)
        decide = granting(connection, many.open(connection, decider=person))
        return after_a_pause(lambda connection: groundwork.declare(connection, world, person, "family")), decide

    race(world, prepare, lawful={(DONE, DONE), (DONE, "interest_in_client")})


def test_r5_a_threat_is_logged_while_granting(world, many):
    logged = []

    def prepare(connection):
        threat = {"id": uuid4(), "organisation_id": world.organisation, "carried_by": "race"}
        said = {"source": "familiarity", "description": "x", "identified_on": world.today}
        logged.append(threat["id"])
        decide = granting(connection, many.open(connection))
        return lambda connection: insert(
            connection, "impartiality_threat", body_id=world.body, **threat, **said
        ), decide

    def mitigate(_):
        done = {"outcome": "eliminated", "measure": "x", "person_id": world.reviewer.id, "done_on": world.today}
        with world.database.transaction(body=world.body) as connection:
            insert(connection, "threat_mitigation", body_id=world.body, threat_id=logged[-1], carried_by="race", **done)

    race(
        world,
        prepare,
        rounds=FEWER,
        lawful={(DONE, DONE), (DONE, "threat_not_mitigated")},
        afterwards=mitigate,
    )


def test_r5_a_reviewer_joins_the_team_while_reviewing(world, many):
    both = world.add_person(world.actor, "auditor", "reviewer")

    def prepare(connection):
        known = many.grant_in_force(connection)
        audit = groundwork.follow_up(connection, world, known)
        return (
            lambda connection: groundwork.review(connection, world, both, known, audit),
            lambda connection: groundwork.join_team(connection, world, both, audit),
        )

    code = "reviewer_in_audit_team"
    race(world, prepare, rounds=FEWER, lawful={(DONE, code), (code, DONE)})


def test_r5_a_major_is_found_while_the_leader_concludes(world, many):
    def prepare(connection):
        known = many.grant_in_force(connection)
        audit = audited(connection, world, known.id, "surveillance", world.today, planned=False)
        return (
            lambda connection: groundwork.conclude(connection, world, world.auditor, audit),
            lambda connection: groundwork.find(connection, world, audit, "major"),
        )

    code = "major_demands_a_decision"
    race(world, prepare, rounds=FEWER, lawful={(DONE, code), (code, DONE)})


def test_r5_two_programmes_are_laid_down(world, many):
    def prepare(connection):
        known = many.grant_in_force(connection)

        def lay(connection):
            groundwork.lay_programme(connection, world, world.reviewer, known)

        return lay, lay

    code = "programme_out_of_order"
    race(world, prepare, rounds=FEWER, lawful={(DONE, code), (code, DONE)})
