"""Recognition of accreditation bodies under international arrangements, by date (domain, arrangements).

Not a word of the body itself and not signed: as the arrangement's owner published it on a day and the operator copied
it. A recognition never outlives its arrangement. Losing it blocks nothing; readers are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.conformity.words import Word


@dataclass(frozen=True)
class Recognition:
    """One recognition; `last_day` is the sooner of its own end and the arrangement's, `recorded_at` when it was copied.

    `end_recorded_at` is when the end was learned that is not the recognition's own.
    """

    accreditation_body: str
    arrangement: str
    title: Word
    level: str
    scope: str
    first_day: date
    last_day: date | None
    ended_on: date | None
    recorded_at: datetime
    end_recorded_at: datetime | None = None

    def end_by(self, known_at: datetime) -> date | None:
        """The last day by what was known then; None while none is known."""
        learned = self.ended_on if self.end_recorded_at and self.end_recorded_at <= known_at else None
        return min((day for day in (self.last_day, learned) if day is not None), default=None)

    def holds(self, day: date, known_at: datetime) -> bool:
        """Whether the body was recognised on a day, by what was known then."""
        end = self.end_by(known_at)
        return self.recorded_at <= known_at and self.first_day <= day and (end is None or day <= end)


def recognised(
    recognitions: Iterable[Recognition], body: str, day: date, known_at: datetime
) -> tuple[Recognition, ...]:
    """The recognitions of a body that hold on a day."""
    return tuple(one for one in recognitions if one.accreditation_body == body and one.holds(day, known_at))


def lost_on(recognitions: Iterable[Recognition], body: str, then: date, today: date, known_at: datetime) -> date | None:
    """The last day of the recognition that a body had `then` and has not today; None where it has one, or had none."""
    known = tuple(recognitions)
    if recognised(known, body, today, known_at):
        return None
    had = [one.end_by(known_at) for one in recognised(known, body, then, known_at)]
    return max((day for day in had if day is not None), default=None)
