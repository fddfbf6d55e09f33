"""Rounds of upkeep beside the service: they run, they survive failure, and they end with it."""

from __future__ import annotations

from threading import Event
from threading import enumerate as threads
from time import monotonic, sleep

import structlog
from structlog.testing import capture_logs

from app.jobs import loop
from app.jobs.loop import jobs_beside, one_integration, one_round, rounds_beside
from app.registry.integration import integrate, published
from app.registry.upkeep import unready
from app.storage.database import Database
from tests.support.door import registry_over


def test_a_round_runs_beside_and_publishes_what_is_missing(world):
    assert unready(world.registry) == ("status lists",)
    with rounds_beside(one_round, world.registry, 0.01):
        deadline = monotonic() + 10
        while unready(world.registry) and monotonic() < deadline:
            sleep(0.02)
    assert unready(world.registry) == ()


def working() -> set[str]:
    return {thread.name for thread in threads() if thread.name.startswith("akashi-")}


def test_no_thread_is_left_behind(logged):
    with jobs_beside(logged):
        assert working() == {"akashi-one_round", "akashi-one_integration"}
    assert working() == set()


def test_a_round_that_fails_is_told_and_the_next_one_tries_again(world, monkeypatch):
    structlog.reset_defaults()
    tried = Event()

    def fail(_):
        tried.set()
        raise ZeroDivisionError("a name that no log may hold")

    monkeypatch.setattr(loop, "upkeep_round", fail)
    with capture_logs() as told:
        one_round(world.registry)
    assert tried.is_set()
    assert told == [{"event": "upkeep", "exception": "ZeroDivisionError", "log_level": "error"}]


def test_a_round_is_told_where_it_did_something_and_only_there(world):
    structlog.reset_defaults()
    with capture_logs() as told:
        one_round(world.registry)
        one_round(world.registry)
    assert told == [{"event": "upkeep", "finished": 0, "refused": 0, "published": True, "log_level": "info"}]


def test_a_registry_without_its_database_is_told_by_its_code(database):
    """An unreachable database is no defect."""
    registry = registry_over(Database.connect({"jobs": "postgresql://akashi_jobs@127.0.0.1:9/none"}))
    with capture_logs() as told:
        one_round(registry)
    assert [(one["event"], one["code"]) for one in told] == [("upkeep", "database_unavailable")]


def test_what_is_recorded_is_logged_within_a_second_or_two(logged):
    with jobs_beside(logged):
        deadline = monotonic() + 10
        while published(logged, "checkpoint") is None and monotonic() < deadline:
            sleep(0.05)
    assert published(logged, "checkpoint")


def test_an_integration_that_fails_is_told_and_tried_again(world):
    structlog.reset_defaults()
    with capture_logs() as told:
        assert one_integration(world.registry)
    assert told == [{"event": "integration", "code": "no_log", "note": "", "log_level": "warning"}]


def test_a_log_that_would_contradict_itself_is_left_alone(world, logged):
    """No round follows until a person has looked."""
    structlog.reset_defaults()
    integrate(logged)
    place = logged.log
    for tile in place.folder.path.rglob("000.p"):
        for path in tile.iterdir():
            path.unlink()
    world.grant("later")
    with capture_logs() as told:
        assert not one_integration(logged)
    assert [(one["code"], one["log_level"]) for one in told] == [("log_tile_missing", "critical")]
