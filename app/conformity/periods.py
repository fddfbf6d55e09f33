"""Periods, deadlines and days: calendar months only, one rule for the limit check and for the end of validity.

A period of N months ends before the same day N months later (records.md section 8); a deadline is inclusive and clips
to the end of the month, so it is never passed by counting. Dates are plain dates beside an IANA zone; the instants at
which a day begins and has ended are computed here and nowhere else. No clock is read.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata

from app.errors import AkashiError

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MONTHS_IN_YEAR = 12
_FRIDAY = 5


# --- Periods of months ---


def last_valid_day(start: date, months: int) -> date:
    """The last day of a period of `months` from `start`: the day before the same day of the month it leads to.

    Where that month has no such day the period ends with the month: 29 February 2028 and 36 months, 28 February 2031.
    Raises `impossible_period` for less than one month or an end beyond the calendar.
    """
    year, month = _month_after(start, months)
    if start.day > calendar.monthrange(year, month)[1]:
        return _end_of_month(year, month)
    return date(year, month, start.day) - _DAY


def deadline(day: date, months: int) -> date:
    """The last day on which something due `months` after `day` is in time: the same day of the month, or its end."""
    year, month = _month_after(day, months)
    return min(_end_of_month(year, month), date(year, month, 1) + (day.day - 1) * _DAY)


def renewal_limit(effective_on: date, previous_last_day: date, months: int) -> date:
    """The latest last valid day of a renewal: a timely one counts from the previous end and loses nothing."""
    return last_valid_day(max(effective_on, previous_last_day + _DAY), months)


def restoration_limit(previous_last_day: date, months: int) -> date:
    """The latest last valid day after a restoration: it counts from the previous end, across the gap (9.6.3)."""
    return last_valid_day(previous_last_day + _DAY, months)


def working_days_after(day: date, days: int) -> date:
    """The day that lies `days` working days, Monday to Friday, after `day`; holidays are each body's own."""
    while days:
        day = _next_day(day)
        days -= day.isoweekday() <= _FRIDAY
    return day


def _month_after(day: date, months: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + months, _MONTHS_IN_YEAR)
    if months < 1 or day.year + years > date.max.year:
        raise AkashiError("impossible_period", note=f"{months} months from {day.isoformat()}")
    return day.year + years, month + 1


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# --- Days in a zone ---


def zone_exists(name: str) -> bool:
    """Whether `name`, letter for letter, is in the IANA time zone database as the package `tzdata` has it."""
    return name in _zone_names()


def start_instant(day: date, zone: str) -> datetime:
    """The first instant, in UTC, at which it is `day` (or, where the zone skipped that day, later) in `zone`."""
    return _turn_of_day(day, zone, last_turn=False)


def end_instant(last_day: date, zone: str) -> datetime:
    """The first instant, in UTC, from which `last_day` is over in `zone` for good: `validUntil` of that day."""
    return _turn_of_day(_next_day(last_day), zone, last_turn=True)


def local_day(at: datetime, zone: str) -> date:
    """The date on a calendar in `zone` at that instant."""
    return at.astimezone(_zone(zone)).date()


def _turn_of_day(day: date, zone: str, *, last_turn: bool) -> datetime:
    """The instant of the midnight that begins `day`; of two, the last that still ends the day before if so asked.

    Clocks set back may show midnight twice: within the new day (Havana), or across it, so that the day before goes on
    for an hour after the first (St John's). Clocks set forward may leave it out; then the day begins with the change
    itself, which lies between the readings by the old and the new offset.
    """
    midnight = datetime.combine(day, time.min, tzinfo=_zone(zone))
    by_old_offset, by_new_offset = (_utc(midnight.replace(fold=fold)) for fold in (0, 1))

    if by_new_offset < by_old_offset:
        return _offset_change(by_new_offset, by_old_offset, zone)
    if last_turn and by_new_offset > by_old_offset and local_day(by_new_offset - _SECOND, zone) < day:
        return by_new_offset
    return by_old_offset


def _offset_change(before: datetime, after: datetime, zone: str) -> datetime:
    """The second, after `before` and not after `after`, from which the zone has the offset that it has at `after`."""
    new_offset = after.astimezone(_zone(zone)).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(_zone(zone)).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


def _next_day(day: date) -> date:
    if day == date.max:
        raise AkashiError("impossible_period", note=f"the day after {day.isoformat()}")
    return day + _DAY


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise AkashiError("impossible_period", note=moment.date().isoformat()) from error


def _zone(name: str) -> ZoneInfo:
    if not zone_exists(name):
        raise AkashiError("unknown_time_zone", note=name[:64])
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    """The same names on every machine. A machine's own folder may add "localtime", and may not tell cases apart."""
    listed = Path(tzdata.__path__[0], "zones").read_text(encoding="ascii")
    return frozenset(listed.split()) - {"Factory"}  # which names no place


def instant_text(at: datetime) -> str:
    """The instant in RFC 3339 and UTC: whole seconds without decimals, anything finer in milliseconds."""
    utc = at.astimezone(UTC)
    timespec = "milliseconds" if utc.microsecond else "seconds"
    return utc.replace(tzinfo=None).isoformat(timespec=timespec) + "Z"
