"""The world that other tests build on, lived through once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.registry.verification import published_report
from tests.support.world import World


def verdict(world: World, public_id: str) -> str:
    return published_report(world.registry, public_id).verdict


def test_a_certificate_lives_through_every_standing(world: World) -> None:
    issued = world.grant()
    assert verdict(world, issued.public_id) == "valid"

    world.suspend(issued.public_id)
    assert verdict(world, issued.public_id) == "not_currently_valid"

    world.restore(issued.public_id)
    world.rename("Kasumi Robotics Holdings K.K.")
    assert world.amend(issued.public_id).version_no == 2
    assert verdict(world, issued.public_id) == "valid"

    world.withdraw(issued.public_id)
    assert verdict(world, issued.public_id) == "no_longer_valid"

    world.annul(issued.public_id)
    assert verdict(world, issued.public_id) == "never_valid"


def test_time_moves_when_asked(world: World) -> None:
    issued = world.grant()

    world.set_clock(world.now() + timedelta(days=1200))

    assert verdict(world, issued.public_id) == "no_longer_valid"
    assert world.now() > datetime.now(UTC) + timedelta(days=1199)
