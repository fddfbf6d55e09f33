"""Two acts about one certificate at once: whoever comes second finds what the first left (goal R5, invariant 12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.conformity.periods import end_instant
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
from tests.support.races import DONE, FEWER, ROUNDS, Ending, race
from tests.support.world import ZONE


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def many(lasting_world) -> Many:
    return Many.of(lasting_world)


# The state they find, the two acts, how they may end, and how often: those that take the same locks less often.
PAIRS: dict[str, tuple[str, str, str, set[Ending], int]] = {
    "withdrawn and cancelled": ("active", "withdraw", "cancel", either("no_such_transition"), ROUNDS),
    "suspended twice": ("active", "suspend", "suspend", {(DONE, DONE)}, FEWER),  # whichever is second prolongs
    "suspended and withdrawn": ("active", "suspend", "withdraw", unless_too_late("no_such_transition"), FEWER),
    "urgently suspended and withdrawn": (
        "active",
        "suspend_urgently",
        "withdraw",
        unless_too_late("no_such_transition"),
        ROUNDS,
    ),
    "urgently suspended and suspended": (
        "active",
        "suspend_urgently",
        "suspend",
        unless_too_late("no_such_transition"),
        FEWER,
    ),
    "annulled twice": ("active", "annul", "annul", either("no_such_transition"), FEWER),
    "restored twice": ("suspended", "restore", "restore", either("no_such_transition"), FEWER),
    "restored and withdrawn": ("suspended", "restore", "withdraw", unless_too_late("no_such_transition"), FEWER),
    "restored and annulled": ("suspended", "restore", "annul", unless_too_late("no_such_transition"), ROUNDS),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_r5_two_decisions_change_one_certificate(world, many, pair):
    state, one, other, endings, rounds = PAIRS[pair]
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

    race(world, prepare, lawful=endings, rounds=rounds)


def test_r5_a_certificate_expires_while_it_is_restored(world):
    """The clock is the other one: what is decided before the end stands, and nothing after it (invariant 2)."""
    last = world.ago(-1)
    end, before = end_instant(last, ZONE), world.now()
    ending = world.wanted(last_valid_day=last)
    many = Many.of(world, certificate=ending)
    public_id = world.grant("race expiring", certificate=ending).public_id
    suspension = lawful(world, public_id, "suspend", until=last)
    world.suspend(public_id, until=last)
    restoration = lawful(world, public_id, "restore")

    def prepare(connection):
        known = many.grant_in_force(connection)
        carry_out(confirmed(about(known, suspension), connection))(connection)
        return carry_out(confirmed(about(known, restoration), connection)), lambda _: world.set_clock(end)

    def not_yet(_ended):
        world.set_clock(before + timedelta(seconds=1))

    try:
        race(world, prepare, lawful=unless_too_late("certificate_expired"), afterwards=not_yet)
    finally:
        world.set_clock(before + timedelta(minutes=5))


# --- Decisions that wait for their certificate ---


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
