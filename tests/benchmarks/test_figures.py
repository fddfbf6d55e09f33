"""Each benchmark's machinery works, in a small size: what it measures is the real thing, its verdict is not asked here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks import bundle, issue, published, size, start
from benchmarks.measure import GOALS, Figure
from benchmarks.service import running
from tests.support.postgres import forget
from tests.support.world import World

SEEDED = 6
"""Certifications: enough for one that may be amended."""


def told(figures: list[Figure]) -> list[str]:
    assert all(figure.ratio > 0 for figure in figures)
    return [figure.goal for figure in figures]


def test_issuing_is_measured_against_the_rows_that_it_wrote(world: World) -> None:
    figures = issue.figures_of(world, rounds=1, acts=1)
    assert told(figures) == ["D1", "D1", "D5"]
    assert figures[0].ratio > 1, "the whole act cannot cost less than its rows"
    assert figures[2].ratio < 1, "a retry does less than the act"


def test_public_answers_are_measured_on_a_service_of_their_own(world: World) -> None:
    assert told(published.figures_of(world, rounds=1, seconds=0.1)) == ["A4", "V1", "V2"]


def test_a_bundle_is_measured_against_all_of_its_signatures(world: World) -> None:
    assert told(bundle.figures_of(world, rounds=1, seconds=0.02)) == ["C1"]


def test_the_verifier_is_measured_from_the_shell(world: World) -> None:
    assert told(start.verifying(world, rounds=1)) == ["C6", "C6b"]


def test_the_start_of_the_service_is_measured_until_it_answers(world: World) -> None:
    assert told([start.starting(world, rounds=1)]) == ["H4"]


def test_questions_and_acts_are_measured_at_two_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AKASHI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    try:
        with size.seeded(SEEDED, tmp_path) as registry:
            figures = size.figures_of(registry, registry, rounds=1, questions=1)
    finally:
        forget(tmp_path / str(SEEDED))
    asked = len(size.QUESTIONS_ASKED)
    assert told(figures) == [*["H6"] * (asked + 1), "D3", "H1", "H1w"]


def test_a_program_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="so it said"):
        start.programs(sys.executable, "-c", "import sys; print('so it said', file=sys.stderr); sys.exit(3)", count=1)()


def test_a_server_that_does_not_start_says_why() -> None:
    command = (sys.executable, "-c", "raise SystemExit('no port for me')")
    with pytest.raises(RuntimeError, match="no port for me"), running(command, 1):
        pass


def test_all_figures_of_the_table_have_a_goal() -> None:
    assert {"A4", "C6", "D1", "D5", "F1", "F2", "F4", "H4", "H1", "H6", "D3", "I3"} <= GOALS.keys()
