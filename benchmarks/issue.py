"""Issuing (D1, D5): the whole act of one client, against the same rows written one by one and the bare crypto.

First the time that the caller waits for both commits, then the CPU of this process and the server together, which a
busy machine disturbs less. Each slice issues certificates that were decided beforehand; the reference writes the very
rows that such acts wrote, on the same durable server.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
from sqlalchemy import event

from app.registry.decision import Decision
from benchmarks.installation import database_cpu, decided, installation
from benchmarks.measure import ROUNDS, Figure, Slice, compare, print_machine, print_table, spends, waits
from benchmarks.reference.issue import Crypto, Twin, Written
from tests.support.world import World

Act = Callable[[], object]
ACTS = 8
"""Certificates a slice."""


def main() -> None:
    """Measure and print."""
    print_machine()
    with installation() as world:
        print_table(figures_of(world))


def figures_of(world: World, rounds: int = ROUNDS, acts: int = ACTS) -> list[Figure]:
    """The figures, measured in a world."""
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection, database_cpu(world) as database:
        least, reason = _least(world, Twin(connection), acts)
        issuing = _Issuing(world, decided(world, 3 * acts * (rounds + 1), "D"), acts)

        def cpu() -> float:
            return time.process_time() + database()

        def compared(goal: str, subject: str, reference: str, one: Slice, other: Slice) -> Figure:
            return compare(goal, subject, reference, one, other, rounds=rounds, reason=reason)

        whole, bare = "issue, one client", "its rows one by one, bare crypto"
        return [
            compared("D1", whole, bare, lambda: waits(issuing.first()), lambda: waits(least.again())),
            compared(
                "D1", f"{whole}: CPU", bare, lambda: spends(issuing.first(), cpu), lambda: spends(least.again(), cpu)
            ),
            compared("D5", "the same again", whole, lambda: waits(issuing.again()), lambda: waits(issuing.first())),
        ]


class _Issuing:
    """The subject: acts of one client, one after the other."""

    def __init__(self, world: World, decisions: list[Decision], acts: int) -> None:
        self._world = world
        self._waiting = decisions
        self._done: list[Decision] = []
        self._acts = acts

    def first(self) -> Iterator[Act]:
        """Certificates are issued."""
        self._done = [self._waiting.pop() for _ in range(self._acts)]
        return self.again()

    def again(self) -> Iterator[Act]:
        """The same requests: the first time they issue, afterwards they are retries."""
        return (partial(self._world.issue, decision) for decision in self._done)


class _Least:
    """The reference: the rows of some acts."""

    def __init__(self, twin: Twin, rows_by_act: list[list[Written]]) -> None:
        self._twin = twin
        self._rows_by_act = rows_by_act
        self._crypto = Crypto(
            size=max(len(value or "") for rows in rows_by_act for row in rows for value in row.values)
        )

    def again(self) -> Iterator[Act]:
        """The rows of each act are written once more."""
        self._twin.empty_tables([row for rows in self._rows_by_act for row in rows])
        return (partial(self._work, rows) for rows in self._rows_by_act)

    def _work(self, rows: list[Written]) -> None:
        self._twin.write(rows)
        self._crypto.work()


def _least(world: World, twin: Twin, acts: int) -> tuple[_Least, str]:
    """The reference, made of what some acts wrote, and how many statements such an act takes."""
    rows_by_act = []
    with _counted(world) as statements:
        for decision in decided(world, acts, "W"):
            statements.clear()
            before = twin.next_transaction()
            world.issue(decision)
            rows_by_act.append([row for row in twin.written_since(before) if row.table != "publication"])
    twin.make_tables(rows_by_act[0])
    reason = f"{len(statements)} statements an act, each a round trip, where {len(rows_by_act[0])} would write its rows"
    return _Least(twin, rows_by_act), reason


@contextmanager
def _counted(world: World) -> Iterator[list[str]]:
    """The statements that the registry sends meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engines = world.database.engines.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
