"""Rounds of upkeep, one every half minute, in a thread that ends with the service.

A round that fails is logged and the next one tries again; nobody waits for a round, and none is needed to answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from app.errors import AkashiError
from app.registry.registry import Registry
from app.registry.upkeep import upkeep_round

EVERY = 30.0
"""Seconds between rounds: short beside the five minutes after which an open act is finished."""

_log = structlog.get_logger("akashi.jobs")


@contextmanager
def upkeep_beside(registry: Registry, *, every: float = EVERY) -> Iterator[None]:
    """Rounds of upkeep run while the block does; a round under way is waited for at its end."""
    stop = Event()
    thread = Thread(target=_rounds, args=(registry, stop, every), name="akashi-jobs")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _rounds(registry: Registry, stop: Event, every: float) -> None:
    while not stop.wait(every):
        one_round(registry)


def one_round(registry: Registry) -> None:
    """One round, told in the log where it did something or failed."""
    try:
        done = upkeep_round(registry)
    except AkashiError as refusal:
        _log.warning("upkeep", code=refusal.code)
    except Exception as error:  # noqa: BLE001, the thread must outlive any defect; the next round tries again
        _log.error("upkeep", exception=type(error).__qualname__)  # not its text, which may hold a secret
    else:
        if done.finished or done.refused or done.published:
            _log.info("upkeep", finished=done.finished, refused=done.refused, published=done.published)
