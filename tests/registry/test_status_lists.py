"""Status lists as they were published: by time and by number, and never today's list for another day (C029)."""

from __future__ import annotations

from datetime import timedelta

from app.registry.status_lists import list_at, newest_list, numbered_list
from app.registry.status_publication import republish_status
from tests.support.acts import refused


def test_a_time_finds_the_publication_that_counted_then(world):
    republish_status(world.registry)
    first = world.now()
    world.set_clock(first + timedelta(hours=1))
    republish_status(world.registry)
    assert list_at(world.registry, 1, first).number == 1
    assert list_at(world.registry, 1, world.now()).number == 2
    assert newest_list(world.registry, 1).number == 2
    assert numbered_list(world.registry, 1, 1).content == list_at(world.registry, 1, first).content


def test_before_the_first_after_the_last_and_in_the_future_there_is_none(world):
    before = world.now()
    republish_status(world.registry)
    for moment in (before - timedelta(seconds=1), world.now() + timedelta(minutes=1)):
        with refused("unknown_status_list"):
            list_at(world.registry, 1, moment)
    ended = newest_list(world.registry, 1).valid_until
    world.set_clock(ended + timedelta(hours=2))
    with refused("unknown_status_list"):
        list_at(world.registry, 1, ended + timedelta(hours=1))


def test_a_list_without_publications_is_unknown(world):
    for question in (lambda: newest_list(world.registry, 1), lambda: numbered_list(world.registry, 1, 1)):
        with refused("unknown_status_list"):
            question()
