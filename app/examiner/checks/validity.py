"""Check 8, *validity*: the time asked about lies in the period of the version in force."""

from __future__ import annotations

from app.examiner.checks.outcome import failed, passed
from app.examiner.dates import day_in_words
from app.examiner.question import Examination
from app.examiner.report import Check

NAME = "validity"


def check_validity(examination: Examination) -> Check:
    """Passed from the start of the first day up to the end of the last, both in the body's zone."""
    current = examination.current
    assert current is not None  # noqa: S101 - `examine` looked
    validity = current.document.facts.validity
    words = {"D0": day_in_words(validity.effective_on), "D": day_in_words(validity.last_valid_day)}
    if examination.at < validity.valid_from:
        return failed(NAME, "pending", [current], **words)
    if examination.at >= validity.valid_until:
        return failed(NAME, "expired", [current], **words)
    return passed(NAME, "within", [current], **words)
