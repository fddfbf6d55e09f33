"""What was true at a time, and what was known at a time: the two times that a question about the record may name.

`at` defaults to `known_at`, both to now; a time that has not come is refused, for nobody knows what will be recorded by
then (records, two clocks). What is recorded later never changes an answer by what was known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.examiner.question import Question
from app.trust.anchors import Anchors


@dataclass(frozen=True)
class Times:
    """Both times, settled."""

    at: datetime
    known_at: datetime


@dataclass(frozen=True)
class Asked:
    """The times that a question names; neither asks about now, by all that is recorded."""

    at: datetime | None = None
    known_at: datetime | None = None

    @property
    def is_of_now(self) -> bool:
        """Whether the published answer serves."""
        return self.at is None and self.known_at is None

    def settled(self, now: datetime) -> Times:
        """Both times; raises `time_in_the_future` or `time_out_of_range` with the field."""
        question = Question.asked(Anchors(), now=now, at=self.at, known_at=self.known_at)
        return Times(question.at, question.known_at)


NOW = Asked()
