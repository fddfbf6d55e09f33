"""Surveillance: when a certification must next be audited to be kept (ISO/IEC 17021-1 9.1.3).

After an initial certification the first surveillance is due within twelve months of the decision. Each calendar year
after it has one, except years of recertification: the year in which the certificate ends, and any in which it was
renewed. A duty is done by the first surveillance reported after it began, late or not; what is not done is overdue
from the day after it was due. Numbers are the scheme's. No clock is read; the same is computed in SQL
(`akashi.surveillance_due`), and a test compares both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.conformity.periods import deadline


@dataclass(frozen=True)
class SurveillanceRule:
    """What a scheme demands: the first so many months after an initial certification, and one each calendar year."""

    first_within_months: int | None
    each_calendar_year: bool


AIMS_RULE = SurveillanceRule(first_within_months=12, each_calendar_year=True)
"""The rule of ISO/IEC 17021-1, as the scheme `aims` has it among its data."""


@dataclass(frozen=True)
class Certified:
    """What surveillance depends on: when the certification began, whether anew here, its end, and its renewals."""

    decided_on: date
    initial: bool
    last_valid_day: date
    renewed_on: tuple[date, ...] = ()


def surveillance_due(rule: SurveillanceRule, certified: Certified, last_reported: date | None) -> date | None:
    """The last day on which the next surveillance is in time; None where no further one is due before the end."""
    if rule.first_within_months is None:
        return None
    open_duties = []
    if certified.initial and not _done(certified.decided_on, last_reported):
        open_duties.append(deadline(certified.decided_on, rule.first_within_months))
    if rule.each_calendar_year:
        year = _first_year_without(certified, last_reported)
        if year is not None:
            open_duties.append(date(year, 12, 31))
    return min(open_duties, default=None)


def is_overdue(due: date | None, today: date) -> bool:
    """Whether the day has passed; the day itself is in time."""
    return due is not None and due < today


def _done(begins: date, last_reported: date | None) -> bool:
    return last_reported is not None and last_reported >= begins


def _first_year_without(certified: Certified, last_reported: date | None) -> int | None:
    """The first calendar year that asks for a surveillance and has none reported in it or since."""
    exempt = {certified.last_valid_day.year, *(day.year for day in certified.renewed_on)}
    first = certified.decided_on.year + 1
    if last_reported is not None:
        first = max(first, last_reported.year + 1)
    return next((year for year in range(first, certified.last_valid_day.year) if year not in exempt), None)
