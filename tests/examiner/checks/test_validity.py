from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.examiner.checks.validity import check_validity
from app.examiner.evidence import open_case
from app.examiner.question import Examination, Question
from tests.support.evidence import NOW, Record, granted

SECOND = timedelta(seconds=1)


def found(record: Record, at: datetime) -> str:
    evidence = record.evidence()
    question = Question.asked(record.signers.anchors, now=NOW, at=at, known_at=NOW)
    check = check_validity(Examination(open_case(evidence), evidence, question))
    return f"{check.result.value}: {check.code}"


def test_the_period_runs_from_the_start_of_its_first_day_to_the_end_of_its_last_in_the_bodys_zone() -> None:
    record = granted(effective_on=date(2026, 3, 1), months=6)
    begins, ends = datetime(2026, 2, 28, 15, tzinfo=UTC), datetime(2026, 8, 31, 15, tzinfo=UTC)
    assert found(record, begins - SECOND) == "failed: pending"
    assert found(record, begins) == "passed: within"
    assert found(record, ends - SECOND) == "passed: within"
    assert found(record, ends) == "failed: expired"
