"""How a figure passes: on the ratio of medians, and never when its reference is too noisy to compare with."""

from __future__ import annotations

import os

import pytest

from benchmarks.measure import GOALS, Figure, Series, calls, compare, exactly, interleave, print_table, process_cpu


def figure(subject: tuple[float, ...], reference: tuple[float, ...], goal: str = "F1") -> Figure:
    return Figure(goal, "subject", "reference", Series(subject), Series(reference), reason="it does more")


def test_one_disturbed_slice_does_not_decide() -> None:
    assert figure((1.4, 1.4, 9.0), (1.0, 1.0, 1.0)).verdict == "met"
    assert figure((1.6, 1.6, 0.1), (1.0, 1.0, 1.0)).verdict == "not met"


def test_a_noisy_reference_is_no_pass() -> None:
    assert figure((1.0, 1.0), (1.0, 1.6)).verdict == "too noisy"


def test_a_goal_may_be_a_floor_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GOALS, "X1", {"what": "faster", "at_least": 2})
    monkeypatch.setitem(GOALS, "X2", {"what": "only told"})
    assert figure((2.0,), (1.0,), "X1").verdict == "met"
    assert figure((1.9,), (1.0,), "X1").verdict == "not met"
    assert figure((1.9,), (1.0,), "X2").verdict == "reported"


def test_sides_take_turns_and_the_first_round_does_not_count() -> None:
    turns: list[str] = []

    def side(name: str, cost: float) -> float:
        turns.append(name)
        return cost

    subject, reference = interleave(lambda: side("s", 2.0), lambda: side("r", 1.0), rounds=2)
    assert "".join(turns) == "rssrrs"
    assert (subject.costs, reference.costs) == ((2.0, 2.0), (1.0, 1.0))


def test_a_slice_costs_what_its_calls_cost() -> None:
    few, many = calls(lambda: sum(range(1_000)), 0.02)(), calls(lambda: sum(range(20_000)), 0.02)()
    assert many > 2 * few


def test_the_cpu_of_a_process_is_read_from_outside() -> None:
    before = process_cpu(os.getpid())
    calls(lambda: sum(range(1_000)), 0.05)()
    assert process_cpu(os.getpid()) >= before


def test_a_table_says_why_a_goal_is_not_met(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GOALS, "X1", {"what": "faster", "at_least": 2})
    monkeypatch.setitem(GOALS, "X2", {"what": "only told"})
    size = exactly("F2", "published", "zlib", 3_000, 1_000, unit="bytes", reason="an envelope")
    print_table([figure((2.0,), (1.0,)), figure((2e-5,), (1e-5,), "X1"), figure((2e-3,), (1e-3,), "X2"), size])
    printed = capsys.readouterr().out
    assert "F1 | subject   | reference | 2.00  | ≤ 1.5 | not met" in printed
    assert "X1: 20.0 µs (spread 1.00, 1 slices) against 10.0 µs" in printed
    assert "X2: 2.00 ms" in printed
    assert "F2: 3000 bytes against 1000 bytes\n    not met: an envelope" in printed


def test_every_goal_says_what_it_is_and_has_at_most_one_bound() -> None:
    for name, goal in GOALS.items():
        assert goal["what"], name
        assert len({"at_most", "at_least"} & set(goal)) <= 1, name


def test_two_sides_are_compared_in_one_call() -> None:
    compared = compare("F1", "s", "r", lambda: 3.0, lambda: 2.0, reason="three is more than two")
    assert (compared.ratio, compared.verdict) == (1.5, "met")
