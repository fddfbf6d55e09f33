"""Rounds of upkeep beside the service: they run, they survive failure, and they end with it."""

from __future__ import annotations

from threading import Event
from threading import enumerate as threads
from time import monotonic, sleep

import structlog
from structlog.testing import capture_logs

from app.jobs import loop
from app.jobs.loop import one_round, upkeep_beside
from app.registry.upkeep import unready
from app.storage.database import Database
from tests.support.door import registry_over


def test_a_round_runs_beside_and_publishes_what_is_missing(world):
    assert unready(world.registry) == ("status lists",)
    with upkeep_beside(world.registry, every=0.01):
        deadline = monotonic() + 10
        while unready(world.registry) and monotonic() < deadline:
            sleep(0.02)
    assert unready(world.registry) == ()


def test_no_thread_is_left_behind(world):
    with upkeep_beside(world.registry, every=60):
        assert any(thread.name == "akashi-jobs" for thread in threads())
    assert not any(thread.name == "akashi-jobs" for thread in threads())


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
