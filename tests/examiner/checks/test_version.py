from __future__ import annotations

from datetime import date, timedelta

from app.credentials.facts import validity_of
from app.examiner.checks.version import check_version
from app.examiner.evidence import open_case
from app.examiner.question import Examination, Question
from tests.support.evidence import GRANTED, NOW, ZONE, Record, granted

DAY = timedelta(days=1)


def found(record: Record, **asked) -> str:
    evidence = record.evidence()
    question = Question.asked(record.signers.anchors, now=NOW, **asked)
    check = check_version(Examination(open_case(evidence), evidence, question))
    return f"{check.result.value}: {check.code}"


def test_the_current_version_passes_and_an_old_one_is_superseded() -> None:
    record = granted()
    record.amend(GRANTED + DAY)
    assert found(record) == "passed: current"
    assert found(record, version=2) == "passed: current"
    assert found(record, version=1) == "failed: superseded"


def test_at_an_earlier_time_the_earlier_version_was_current() -> None:
    record = granted()
    record.amend(GRANTED + 5 * DAY)
    assert found(record, at=GRANTED + DAY, version=1) == "passed: current"


def test_a_version_that_takes_effect_later_is_not_yet_current() -> None:
    record = granted()
    record.amend(NOW - DAY, validity=validity_of(date(2026, 12, 1), date(2029, 2, 1), ZONE))
    assert found(record) == "passed: current"
    assert found(record, version=2) == "failed: not_yet_current"
