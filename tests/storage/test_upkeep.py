"""Who leads the upkeep, and whether what is published still counts."""

from __future__ import annotations

from datetime import timedelta

from app.registry.status_publication import republish_status
from app.storage.upkeep import lists_are_fresh, take_lead


def test_of_two_one_leads_until_it_ends(world):
    with world.database.transaction("jobs") as first, world.database.transaction("jobs") as second:
        assert (take_lead(first), take_lead(second)) == (True, False)
    with world.database.transaction("jobs") as third:
        assert take_lead(third)


def test_nothing_published_is_not_fresh_and_neither_is_what_has_ended(world):
    def fresh():
        with world.database.transaction("reader") as connection:
            return lists_are_fresh(connection)

    assert fresh() is False
    republish_status(world.registry)
    assert fresh() is True
    world.set_clock(world.now() + timedelta(hours=25))
    assert fresh() is False
