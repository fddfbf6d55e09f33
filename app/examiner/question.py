"""What is asked of the evidence, and what both together settle for every check.

`at` is the time asked about, `known_at` the time whose knowledge counts; both default to now, and neither may lie in
the future (records §9). Old data cannot say what holds now: then everything is judged as of the data, and the check
`freshness` and the verdict say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from app.conformity import standing
from app.errors import AkashiError
from app.examiner.certificate import Certificate
from app.examiner.documents import YEARS, Decision
from app.examiner.evidence import Case, Evidence, Filed
from app.examiner.history import events_of, periods_of, relied_on_decision
from app.trust.anchors import Anchors

FRESH_FOR = timedelta(hours=24)
"""How old data may be and still say what holds now (records §10)."""

CLOCKS_MAY_DIFFER = timedelta(minutes=2)


class ImpossibleQuestion(AkashiError):
    """The question names a time that has not come, or a version that is not there."""


@dataclass(frozen=True)
class Question:
    """A question about one certificate; `version` asks about one document instead of the current one."""

    anchors: Anchors
    at: datetime
    known_at: datetime
    now: datetime
    version: int | None = None
    reaches_to: datetime | None = None
    """The latest time that the data must speak for; None for `now`."""

    @classmethod
    def asked(
        cls,
        anchors: Anchors,
        *,
        now: datetime,
        at: datetime | None = None,
        known_at: datetime | None = None,
        version: int | None = None,
    ) -> Question:
        """The question with its defaults; raises `ImpossibleQuestion` for a time that cannot be asked about."""
        for name, time in (("at", at), ("known_at", known_at)):
            if time is not None and time > now:
                raise ImpossibleQuestion("time_in_the_future", field=f"/{name}")
            if time is not None and time.year not in YEARS:
                raise ImpossibleQuestion("time_out_of_range", field=f"/{name}")
        asked_for = [time for time in (at, known_at) if time is not None]
        known = known_at or now
        return cls(anchors, at or known, known, now, version, max(asked_for, default=None))


@dataclass(frozen=True)
class Examination:
    """Opened evidence under one question."""

    case: Case
    evidence: Evidence
    question: Question

    @property
    def age(self) -> timedelta:
        """How much time lies between the data and the time that they must speak for; below zero they speak for more."""
        return (self.question.reaches_to or self.question.now) - self.evidence.as_of

    @property
    def is_stale(self) -> bool:
        """Whether the data are too old for what is asked."""
        return self.age > FRESH_FOR

    @property
    def at(self) -> datetime:
        """The time that is judged: the one asked about, or that of the data where those are too old."""
        return min(self.question.at, self.evidence.as_of) if self.is_stale else self.question.at

    @property
    def known_at(self) -> datetime:
        """The time whose knowledge counts."""
        return self.question.known_at

    @cached_property
    def standing(self) -> standing.Standing:
        """The standing by the events and periods that were known, whatever their links are worth."""
        return standing.standing_at(events_of(self.case), periods_of(self.case), self.at, self.known_at)

    @cached_property
    def current(self) -> Filed[Certificate] | None:
        """The version in force, or before any is, the first to come; None if none was known."""
        known = [one for one in self.case.versions if one.envelope.recorded_at <= self.known_at]
        begun = [one for one in known if one.document.facts.validity.valid_from <= self.at]
        return begun[-1] if begun else next(iter(known), None)

    @cached_property
    def examined(self) -> Filed[Certificate] | None:
        """The version that is asked about: the current one unless another was named."""
        if self.question.version is None:
            return self.current
        return next((one for one in self.case.versions if one.document.version_no == self.question.version), None)

    @cached_property
    def decision(self) -> Filed[Decision] | None:
        """The decision by which the examined version rests on its accreditations; None if it is not there."""
        return relied_on_decision(self.case, self.examined) if self.examined else None
