"""Upkeep: what the clock asks of a registry, done in rounds by one process at a time.

What a crash left open is finished or voided, lists that something moved or that will soon not count are published
anew, and sign-ins that are over are forgotten. Every round is safe to repeat and to miss.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.errors import AkashiError
from app.registry.recovery import finish_open_acts
from app.registry.registry import Registry
from app.registry.sign_in import forget_sign_ins
from app.registry.status_publication import republish_stale
from app.storage import upkeep
from app.storage.database import now

LEFT_OPEN = timedelta(minutes=5)
"""An act that is still open after so long has lost its process (records, issuing)."""


@dataclass(frozen=True)
class Round:
    """What one round did; `led` is False where another process had the lead, and then nothing was done."""

    finished: int = 0
    refused: int = 0
    published: bool = False
    forgotten: int = 0
    led: bool = True


def begin(registry: Registry) -> None:
    """Before the first answer: every open act is finished or voided, and nothing published is stale."""
    finish_open_acts(registry)
    republish_stale(registry)


def upkeep_round(registry: Registry) -> Round:
    """One round.

    1. Only who gets the lead goes on; it is given back at the end, whatever happens.
    2. Acts left open for five minutes are finished or voided.
    3. Lists are published anew where something moved a bit, or where they will soon not count.
    4. Sign-ins that are over are forgotten.
    """
    with registry.database.transaction("jobs") as connection:
        if not upkeep.take_lead(connection):
            return Round(led=False)

        recovered = finish_open_acts(registry, begun_before=now(connection) - LEFT_OPEN)

        published = republish_stale(registry)

        forgotten = forget_sign_ins(registry)
    return Round(recovered.finished, recovered.refused, published=published, forgotten=forgotten)


def unready(registry: Registry) -> tuple[str, ...]:
    """What keeps the service from doing its work, by name; empty when all is there."""
    try:
        with registry.database.transaction("reader") as connection:
            fresh = upkeep.lists_are_fresh(connection)
    except AkashiError:
        return ("database",)
    return () if fresh else ("status lists",)
