from __future__ import annotations

from app.examiner.checks.outcome import dependent, failed, not_performed, passed
from app.examiner.evidence import open_case
from app.examiner.report import Result
from tests.support.evidence import granted


def test_each_outcome_carries_its_words_and_what_it_looked_at_once() -> None:
    record = granted()
    (version,) = open_case(record.evidence()).versions
    check = passed("version", "current", [version, version], n=1)
    assert (check.result, check.detail.en) == (Result.PASSED, "This is the current version (1).")
    assert check.evidence == (version.digest,)
    assert failed("validity", "expired", D="D").result is Result.FAILED
    assert not_performed("chain", "no_ca_anchors").result is Result.NOT_PERFORMED


def test_a_dependent_check_says_what_it_depends_on() -> None:
    assert dependent("standing", "no_record").detail.ja == "記録がないため、確認していません。"
