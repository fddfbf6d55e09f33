"""Answers of a moment ago: found again by everything that went into them, bounded, and never a refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.registry.recent import Recent


def test_the_same_question_is_worked_out_once():
    recent, worked = Recent(), []
    for _ in range(3):
        assert recent.answer(("a", 1), lambda: worked.append(1) or "answer") == "answer"
    assert len(worked) == 1
    assert recent.answer(("a", 2), lambda: "other") == "other"


def test_the_longest_unused_is_dropped():
    recent = Recent(most=2)
    for question in ("a", "b", "a", "c"):
        recent.answer(question, lambda question=question: question)
    assert recent.answer("a", lambda: "anew") == "a"
    assert recent.answer("b", lambda: "anew") == "anew"


def test_a_failure_is_not_remembered():
    recent = Recent()

    def fail():
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            recent.answer("a", fail)
    assert recent.answer("a", lambda: "answer") == "answer"


def test_threads_agree():
    recent = Recent(most=5)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: recent.answer(number % 7, lambda: number % 7), range(500)))
    assert answers == [number % 7 for number in range(500)]
