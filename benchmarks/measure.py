"""Measuring on a noisy machine: CPU seconds per unit, both sides in turns, medians, and the spread said aloud.

Wall-clock rates swing threefold with the neighbours, so cost is CPU time. A first round warms up and is thrown away;
then every round runs a slice of each side, in alternating order. A figure passes on the ratio of the medians; when
the reference's own slices differ by more than half, the figure is "too noisy", which is not a pass.
"""

from __future__ import annotations

import os
import platform
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

GOALS = tomllib.loads(Path(__file__).with_name("goals.toml").read_text(encoding="utf-8"))
ROUNDS = 7
SLICE_SECONDS = 0.3
TOO_NOISY = 1.5

Slice = Callable[[], float]
"""Works for a while and returns what one unit of its work cost, in CPU seconds (or whatever both sides count)."""


@dataclass(frozen=True)
class Series:
    """The costs of one side, slice by slice."""

    costs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The cost that counts."""
        return median(self.costs)

    @property
    def spread(self) -> float:
        """The dearest slice over the cheapest."""
        return max(self.costs) / min(self.costs)


@dataclass(frozen=True)
class Figure:
    """One measured line: what, against what, and how the two compare."""

    goal: str
    subject: str
    reference: str
    subject_costs: Series
    reference_costs: Series
    unit: str = "s"
    reason: str = ""
    """Why the goal is not met, printed only when it is not."""

    @property
    def ratio(self) -> float:
        """Median over median."""
        return self.subject_costs.median / self.reference_costs.median

    @property
    def verdict(self) -> str:
        """`met`, `not met`, `too noisy`, or `reported` where no goal is set."""
        if self.reference_costs.spread > TOO_NOISY:
            return "too noisy"
        bounds = GOALS[self.goal]
        if "at_most" in bounds:
            return "met" if self.ratio <= bounds["at_most"] else "not met"
        if "at_least" in bounds:
            return "met" if self.ratio >= bounds["at_least"] else "not met"
        return "reported"


def interleave(subject: Slice, reference: Slice, rounds: int = ROUNDS) -> tuple[Series, Series]:
    """The costs of both sides, measured in turns after one round that does not count."""
    costs: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for side in (0, 1) if number % 2 else (1, 0):
            cost = (subject, reference)[side]()
            if number:
                costs[side].append(cost)
    return Series(tuple(costs[0])), Series(tuple(costs[1]))


def compare(
    goal: str, subject: str, reference: str, one: Slice, other: Slice, *, rounds: int = ROUNDS, reason: str = ""
) -> Figure:
    """The figure of two sides that are measured now."""
    return Figure(goal, subject, reference, *interleave(one, other, rounds), reason=reason)


def exactly(
    goal: str, subject: str, reference: str, one: float, other: float, *, unit: str, reason: str = ""
) -> Figure:
    """A figure that is counted and not timed, such as a size."""
    return Figure(goal, subject, reference, Series((one,)), Series((other,)), unit, reason)


def calls(act: Callable[[], object], seconds: float = SLICE_SECONDS) -> Slice:
    """A slice that repeats `act` in this process, which must do all its work here, for about `seconds` of CPU."""

    def run() -> float:
        count, begun = 0, time.process_time()
        while (spent := time.process_time() - begun) < seconds:
            act()
            count += 1
        return spent / count

    return run


def waits(acts: Iterable[Callable[[], object]]) -> float:
    """The median time that a caller waits for one of these acts, for work that is partly done in other processes."""
    times = []
    for act in acts:
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return median(times)


def spends(acts: Iterable[Callable[[], object]], cpu: Callable[[], float]) -> float:
    """The CPU seconds that one of these acts costs, by a clock that knows every process which works for it."""
    work = list(acts)
    begun = cpu()
    for act in work:
        act()
    return (cpu() - begun) / len(work)


def process_cpu(pid: int) -> float:
    """CPU seconds that a process has used so far with all its threads, also those that have ended (Linux)."""
    return time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3) makes the same number


def print_table(figures: Sequence[Figure]) -> None:
    """One line a figure, then the raw medians and spreads."""
    heading = ("", "subject", "reference", "ratio", "goal", "verdict")
    lines = [
        (figure.goal, figure.subject, figure.reference, f"{figure.ratio:.2f}", _bound(figure.goal), figure.verdict)
        for figure in figures
    ]
    widths = [max(len(line[column]) for line in (heading, *lines)) for column in range(len(heading))]
    for line in (heading, tuple("-" * width for width in widths), *lines):
        print(" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print()
    for figure in figures:
        subject, reference = (_raw(costs, figure.unit) for costs in (figure.subject_costs, figure.reference_costs))
        print(f"{figure.goal}: {subject} against {reference}")
        if figure.reason and figure.verdict == "not met":
            print(f"    not met: {figure.reason}")


def print_machine() -> None:
    """The machine in words: a ratio travels, a raw value does not."""
    system = f"{platform.system()} {platform.machine()}"
    print(f"{system}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}")


def _bound(goal: str) -> str:
    bounds = GOALS[goal]
    if "at_most" in bounds:
        return f"≤ {bounds['at_most']}"
    return f"≥ {bounds['at_least']}" if "at_least" in bounds else "–"


def _raw(series: Series, unit: str) -> str:
    if unit != "s":
        return f"{series.median:.0f} {unit}"
    return f"{_time(series.median)} (spread {series.spread:.2f}, {len(series.costs)} slices)"


def _time(seconds: float) -> str:
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.2f} {unit}"
    return f"{seconds * 1e6:.1f} µs"
