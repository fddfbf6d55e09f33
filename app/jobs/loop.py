"""Work that the clock asks for, in threads that end with the service: upkeep every half minute, the log every second.

A round that fails is logged and the next one tries again; nobody waits for a round, and none is needed to answer. One
failure is final: a log that would contradict what it signed before stays as it is until a person has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

import structlog

from app.errors import AkashiError
from app.registry.integration import FINAL, integrate
from app.registry.registry import Registry
from app.registry.upkeep import upkeep_round

UPKEEP_EVERY = 30.0
"""Seconds between rounds: short beside the five minutes after which an open act is finished."""
INTEGRATE_EVERY = 1.0

_log = structlog.get_logger("akashi.jobs")


@contextmanager
def jobs_beside(registry: Registry) -> Iterator[None]:
    """Upkeep and, where a log is kept, the integrator run while the block does."""
    with ExitStack() as stack:
        stack.enter_context(rounds_beside(one_round, registry, UPKEEP_EVERY))
        if registry.log is not None:
            stack.enter_context(rounds_beside(one_integration, registry, INTEGRATE_EVERY))
        yield


@contextmanager
def rounds_beside(round_of: Callable[[Registry], bool], registry: Registry, every: float) -> Iterator[None]:
    """Rounds run while the block does, until one says that it was the last; one under way is waited for at the end."""
    stop = Event()
    thread = Thread(target=_rounds, args=(round_of, registry, stop, every), name=f"akashi-{round_of.__name__}")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _rounds(round_of: Callable[[Registry], bool], registry: Registry, stop: Event, every: float) -> None:
    while not stop.wait(every) and round_of(registry):
        pass


def one_round(registry: Registry) -> bool:
    """One round of upkeep, told in the log where it did something or failed; another may follow."""
    try:
        done = upkeep_round(registry)
    except AkashiError as refusal:
        _log.warning("upkeep", code=refusal.code)
    except Exception as error:  # noqa: BLE001, the thread must outlive any defect; the next round tries again
        _log.error("upkeep", exception=type(error).__qualname__)  # not its text, which may hold a secret
    else:
        if done.finished or done.refused or done.published:
            _log.info("upkeep", finished=done.finished, refused=done.refused, published=done.published)
    return True


def one_integration(registry: Registry) -> bool:
    """Everything queued is logged; another round may follow unless only a person can judge what was refused."""
    try:
        integrate(registry)
    except AkashiError as refusal:
        final = refusal.code in FINAL
        (_log.critical if final else _log.warning)("integration", code=refusal.code, note=refusal.note)
        return not final
    except Exception as error:  # noqa: BLE001, as above
        _log.error("integration", exception=type(error).__qualname__)
    return True
