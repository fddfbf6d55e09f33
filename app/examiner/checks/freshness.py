"""Check 10, *freshness*: the data are recent enough for the time asked about.

At most 24 hours old: passed, with their age. Older: not performed, and all else is judged as of the data. A question
about a time before the data were made is answered exactly. In a bundle their time is signed by the publication key.
History that a body reports from elsewhere is as fresh as its last report (C098).
"""

from __future__ import annotations

from datetime import timedelta

from app.conformity.periods import local_day
from app.conformity.standing import State
from app.credentials.facts import Report
from app.credentials.jws import split_jws
from app.examiner.checks.outcome import not_performed, passed
from app.examiner.dates import age_in_words, day_in_words, instant_in_words
from app.examiner.question import CLOCKS_MAY_DIFFER, Examination
from app.examiner.report import Check

NAME = "freshness"
_CURRENT = timedelta(minutes=2)


def check_freshness(examination: Examination) -> Check:
    """Passed if the data can speak for the time asked about, and somebody whom the verifier trusts dated them."""
    evidence, question = examination.evidence, examination.question
    words = {"T": instant_in_words(evidence.as_of), "age": age_in_words(examination.age)}
    if evidence.manifest and not _is_dated_by_a_trusted_key(examination):
        return not_performed(NAME, "publication_key_not_anchored")
    if evidence.as_of > question.now + CLOCKS_MAY_DIFFER:
        return not_performed(NAME, "data_from_the_future", **words)
    if examination.is_stale:
        return not_performed(NAME, "data_too_old", **words)
    if report := _report_too_old(examination):
        return not_performed(NAME, "report_not_fresh", D=day_in_words(report.as_of), n=report.refresh_days)
    if question.reaches_to is not None and question.reaches_to <= evidence.as_of:
        return passed(NAME, "exact", **words)
    return passed(NAME, "current" if examination.age <= _CURRENT else "recent", **words)


def _report_too_old(examination: Examination) -> Report | None:
    """The report from elsewhere that is older than agreed at the time asked about; only good news needs it fresh."""
    current = examination.current
    if current is None or current.document.facts.report is None or examination.standing.state is not State.ACTIVE:
        return None
    facts = current.document.facts
    assert facts.report is not None  # noqa: S101 - looked at above
    day = local_day(examination.at, facts.validity.time_zone)
    return facts.report if day > facts.report.fresh_until else None


def _is_dated_by_a_trusted_key(examination: Examination) -> bool:
    evidence = examination.evidence
    kid = split_jws(evidence.manifest or "").header.get("kid")
    return examination.question.anchors.publication_key(str(kid), evidence.as_of) is not None
