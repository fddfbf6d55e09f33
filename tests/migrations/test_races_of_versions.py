"""A version of a certificate is issued while something else happens to the certificate (goal R5, invariant 16)."""

from __future__ import annotations

import pytest

from app.storage.rows import insert
from tests.support.around import Attempt, lawful
from tests.support.contenders import (
    about,
    begin_version,
    carry_out,
    confirmed,
    either,
    finish_version,
    issue_version,
    second_commit,
    signed,
    unless_too_late,
)
from tests.support.many import Many, audited
from tests.support.races import FEWER, ROUNDS, race


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def many(lasting_world) -> Many:
    return Many.of(lasting_world)


@pytest.fixture(scope="module")
def renewal(lasting_world) -> tuple[Many, Attempt]:
    """Certificates that end soon, and the pattern of their renewal."""
    world = lasting_world
    ending = world.wanted(last_valid_day=world.ago(-100))
    public_id = world.grant("race renewed", certificate=ending).public_id
    audit = world.audit(public_id, "recertification", last_day=world.today)
    pattern = lawful(world, public_id, "renew", relied_on=(audit.id,), certificate=world.wanted())
    return Many.of(world, certificate=ending), pattern


def renewable(connection, renewal):
    """A certificate in force, with the programme and the time of its next cycle."""
    many, pattern = renewal
    known = many.grant_in_force(connection)
    many.groundwork(connection, known.id, pattern.certification.id)
    return known


def renewed(connection, world, renewal, known) -> Attempt:
    """A signed renewal on an audit of its own."""
    audit = audited(connection, world, known.id, "recertification", world.today)
    return signed(about(known, renewal[1], audit), connection)


def test_r5_two_renewals_of_one_certificate(world, renewal):
    def prepare(connection):
        known = renewable(connection, renewal)
        one, other = (issue_version(renewed(connection, world, renewal, known)) for _ in range(2))
        return one, other

    race(world, prepare, lawful=either("decision_overtaken"))


@pytest.fixture(scope="module")
def ends(lasting_world) -> dict[str, Attempt]:
    """The patterns of what a body decides against a certificate."""
    public_id = lasting_world.grant("race ended").public_id
    return {act: lawful(lasting_world, public_id, act) for act in ("suspend", "withdraw", "annul")}


@pytest.mark.parametrize(("act", "rounds"), [("suspend", ROUNDS), ("withdraw", FEWER), ("annul", FEWER)])
def test_r5_a_certificate_is_suspended_or_ended_while_its_next_version_is_issued(world, renewal, ends, act, rounds):
    """It does not wait for the open issue: either the version was there before, or it never comes (records, envelope)."""

    def prepare(connection):
        known = renewable(connection, renewal)
        waiting = renewed(connection, world, renewal, known)
        begun = begin_version(waiting, connection)
        return finish_version(waiting, begun), carry_out(confirmed(about(known, ends[act]), connection))

    race(world, prepare, lawful=unless_too_late("act_is_void"), rounds=rounds)


def test_r5_a_certificate_is_suspended_while_the_issue_of_its_renewal_begins(world, renewal, ends):
    def prepare(connection):
        known = renewable(connection, renewal)
        waiting = renewed(connection, world, renewal, known)
        return issue_version(waiting), carry_out(confirmed(about(known, ends["suspend"]), connection))

    race(world, prepare, lawful=unless_too_late("no_such_transition"), rounds=FEWER)


def test_r5_one_decision_is_issued_twice(world, many):
    def prepare(connection):
        grant = many.decide(connection)
        return (lambda connection: begin_version(grant, connection),) * 2

    race(world, prepare, lawful=either("act_under_way"), rounds=FEWER)


def test_r5_an_act_is_voided_while_it_is_sealed(world, many):
    def prepare(connection):
        issue = many.begin(connection)

        def void(connection):
            insert(connection, "act_void", body_id=world.body, act_id=issue.act, reason="race")

        return second_commit(many, issue), void

    race(world, prepare, lawful=either("act_is_void", "act_is_sealed"), rounds=FEWER)
