"""Days and instants in words: `24 November 2026`, `2026年11月24日`; a time always with its zone.

A plain date belongs to the body that set it and is never shifted. An instant is told in UTC here; pages add the zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.conformity.words import Word

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_in_words(day: date) -> Word:
    """The plain date in both languages."""
    return Word(f"{day.day} {_MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日")


def instant_in_words(moment: datetime) -> Word:
    """Day and time of an instant, in UTC and saying so."""
    utc = moment.astimezone(UTC)
    day = day_in_words(utc.date())
    return Word(f"{day.en}, {utc:%H:%M} UTC", f"{day.ja} {utc:%H:%M}（UTC）")


def age_in_words(age: timedelta) -> Word:
    """How old something is: minutes below two hours, hours below two days, then days."""
    minutes = max(0, int(age.total_seconds())) // 60
    if minutes < 120:  # noqa: PLR2004 - below two hours
        return Word(f"{minutes} minute{'' if minutes == 1 else 's'}", f"{minutes}分")
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 - below two days
        return Word(f"{hours} hours", f"{hours}時間")
    return Word(f"{hours // 24} days", f"{hours // 24}日")
