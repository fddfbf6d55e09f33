"""Days and instants in words: the absolute date first, a zone with every time, ISO 8601 in `<time datetime>`.

A day belongs to the body that set it and is never shifted; an instant is shown in that body's zone with UTC beside it.
Relative words are only ever an addition, computed in the zone that is shown.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.examiner import dates
from app.pages.words import word

SHORT_MONTH = 3
FEW_DAYS = 60


def parse_day(presented: str) -> date:
    """The plain date of a report's member."""
    return date.fromisoformat(presented)


def parse_instant(presented: str) -> datetime:
    """The aware UTC instant of a report's member."""
    return datetime.fromisoformat(presented).astimezone(UTC)


def day_in_words(day: date, language: str, *, short: bool = False) -> str:
    """`24 November 2026` (short: `24 Nov 2026`) or `2026年11月24日`."""
    words = dates.day_in_words(day).in_language(language)
    if language == "ja" or not short:
        return words
    number, month, year = words.split()
    return f"{number} {month[:SHORT_MONTH]} {year}"


def zone_name(instant: datetime) -> str:
    """The abbreviation of an instant's zone, or its offset where the zone has none: `JST`, `UTC+8`, `UTC+5:30`."""
    name = instant.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:5]
    return f"UTC{name[0]}{hours}" + (f":{minutes}" if minutes.strip("0") else "")


def instant_in_words(instant: datetime, zone: str, language: str) -> str:
    """`24 Nov 2026, 22:50 JST (13:50 UTC)`; the day stands with UTC too where it differs."""
    local, utc = instant.astimezone(ZoneInfo(zone)), instant.astimezone(UTC)
    comma, opening, closing = ("", "（", "）") if language == "ja" else (",", " (", ")")
    words = f"{day_in_words(local.date(), language, short=True)}{comma} {local:%H:%M} {zone_name(local)}"
    if zone_name(local) == "UTC":
        return words
    utc_day = f"{day_in_words(utc.date(), language, short=True)}{comma} " if utc.date() != local.date() else ""
    return f"{words}{opening}{utc_day}{utc:%H:%M} UTC{closing}"


def day_markup(presented: str, language: str) -> Markup:
    """A plain date as a page shows it."""
    return Markup('<time datetime="{}">{}</time>').format(presented, day_in_words(parse_day(presented), language))


def instant_markup(presented: str, zone: str, language: str) -> Markup:
    """An instant as a page shows it."""
    words = instant_in_words(parse_instant(presented), zone, language)
    return Markup('<time datetime="{}">{}</time>').format(presented, words)


def day_of_instant(presented: str, zone: str) -> str:
    """The plain date on which an instant falls in a zone."""
    return parse_instant(presented).astimezone(ZoneInfo(zone)).date().isoformat()


def relative_words(day: date, now: datetime, zone: str, language: str) -> str:
    """`tomorrow`, `12 days ago`, `in 12 days`; empty beyond two months, where the date itself says more."""
    distance = (day - now.astimezone(ZoneInfo(zone)).date()).days
    near = {0: "moment.today", -1: "moment.yesterday", 1: "moment.tomorrow"}
    if distance in near:
        return word(near[distance], language)
    if abs(distance) > FEW_DAYS:
        return ""
    return word("moment.days_ahead" if distance > 0 else "moment.days_ago", language, count=abs(distance))
