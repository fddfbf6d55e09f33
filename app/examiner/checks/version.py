"""Check 7, *version*: the examined document is the version in force at the time asked about."""

from __future__ import annotations

from app.examiner.checks.outcome import failed, passed
from app.examiner.dates import day_in_words
from app.examiner.question import Examination
from app.examiner.report import Check

NAME = "version"


def check_version(examination: Examination) -> Check:
    """Passed for the current version; an old or a future one is named with the current."""
    current, examined = examination.current, examination.examined
    assert current is not None and examined is not None  # noqa: S101, PT018 - `examine` looked
    n = current.document.version_no
    looked_at = [examined, current]
    if examined.document.version_no < n:
        day = day_in_words(current.document.facts.validity.effective_on)
        return failed(NAME, "superseded", looked_at, n=n, D=day)
    if examined.document.version_no > n:
        return failed(NAME, "not_yet_current", looked_at, n=n)
    return passed(NAME, "current", looked_at, n=n)
