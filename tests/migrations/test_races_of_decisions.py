"""Two acts about one certificate at once: whoever comes second finds what the first left (goal R5, invariant 12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.conformity.periods import end_instant
from tests.support.around import lawful
from tests.support.contenders import (
    about,
    carry_out,
    confirmed,
    either,
    unless_too_late,
)
from tests.support.many import Many
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
