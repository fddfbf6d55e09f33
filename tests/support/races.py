"""Two transactions at once, many times over: each order happens, each ending is one of the lawful ones (goal R5).

Both writers wait at a barrier and are let go with a small, changing head start. How they ended is compared in every
round; whether all that stands afterwards is lawful is recomputed from the rows alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from uuid import UUID

from app.errors import AkashiError
from app.storage.rows import Connection
from tests.support.reconciled import breaches
from tests.support.soak import amount
from tests.support.world import World

ROUNDS = amount(tested=100, soaked=1000)
FEWER = amount(tested=15, soaked=1000)
"""Rounds of races that take the same locks as one that the goals name."""
MOST = 3
"""So many times the rounds are run until each lawful ending has happened."""
HEAD_STARTS = (0.0, 0.001, -0.001, 0.003, -0.003, 0.008, -0.008, 0.02, -0.02)
PATIENCE = 30  # seconds in which two writers have ended, or hang
DONE = "done"
Write = Callable[[Connection], None]
Ending = tuple[str, str]


@dataclass
class Race:
    """Two writers, each in a transaction of its own."""

    world: World
    bodies: tuple[UUID, UUID]
    outcomes: Counter[Ending] = field(default_factory=Counter)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    _barrier: Barrier = field(default_factory=lambda: Barrier(2))

    def run(self, one: Write, other: Write) -> Ending:
        """How each of the two ended: `done`, or the code of its refusal. Neither waits for ever."""
        start = HEAD_STARTS[self.outcomes.total() % len(HEAD_STARTS)]
        first = self._pool.submit(self._ends, one, self.bodies[0], max(-start, 0))
        second = self._pool.submit(self._ends, other, self.bodies[1], max(start, 0))
        ended = (first.result(PATIENCE), second.result(PATIENCE))
        self.outcomes[ended] += 1
        return ended

    def _ends(self, write: Write, body: UUID, delay: float) -> str:
        self._barrier.wait(PATIENCE)
        time.sleep(delay)
        try:
            with self.world.database.transaction(body=body) as connection:
                write(connection)
        except AkashiError as refusal:
            return refusal.code
        return DONE


def race(
    world: World,
    prepare: Callable[[Connection], tuple[Write, Write]],
    *,
    lawful: set[Ending],
    rounds: int = ROUNDS,
    bodies: tuple[UUID, UUID] | None = None,
    afterwards: Callable[[Ending], None] = lambda _: None,
) -> None:
    """So many rounds of what `prepare` makes ready; every ending is lawful, each happened, and no row breaks a rule."""
    running = Race(world, bodies or (world.body, world.body))
    for number in range(MOST * rounds):
        if number >= rounds and set(running.outcomes) == lawful:
            break
        with world.database.transaction(body=world.body) as connection:
            one, other = prepare(connection)
        ended = running.run(one, other)
        assert ended in lawful, (ended, running.outcomes)
        afterwards(ended)
    assert set(running.outcomes) == lawful, running.outcomes
    assert breaches(world.fresh.superuser_url) == []
