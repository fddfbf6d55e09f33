"""Answers computed a moment ago: the same question over the same evidence is worked out once.

Examining is pure, so an answer is found again by everything that went into it and never by an ID or a time alone. At
most so many are kept; which are dropped changes no answer.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

MOST = 128
"""About a hundred kilobytes of evidence each."""

Answer = TypeVar("Answer")


class Recent:
    """The most recently used answers of one process; safe to use from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def answer(self, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The answer to a question, worked out now unless it is remembered; a refusal is not remembered."""
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
                found: Answer = self._kept[question]
                return found
        made = work_out()
        with self._lock:
            self._kept[question] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
