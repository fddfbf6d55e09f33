from __future__ import annotations

from datetime import timedelta

import pytest

from app.examiner.checks.accreditation import check_at_decision, check_now, reaches_of
from app.examiner.evidence import open_case
from app.examiner.question import Examination, Question
from tests.support.evidence import GRANTED, NOW, Record, granted

DAY = timedelta(days=1)


def found(record: Record, **asked) -> tuple[str, str]:
    evidence = record.evidence()
    examination = Examination(open_case(evidence), evidence, Question.asked(record.signers.anchors, now=NOW, **asked))
    reaches = reaches_of(examination)
    checks = (check_at_decision(examination, reaches), check_now(examination, reaches))
    return tuple(f"{check.result.value}: {check.code}" for check in checks)


PASSED = "passed: accredited"


def test_accredited_then_and_now() -> None:
    assert found(granted()) == (PASSED, PASSED)


def test_suspended_and_restored_since() -> None:
    record = granted()
    record.suspend_accreditation(GRANTED + DAY)
    assert found(record) == (PASSED, "failed: accreditation_suspended")
    record.state(GRANTED + 2 * DAY, act="restore")
    assert found(record) == (PASSED, PASSED)
    assert found(record, at=GRANTED + DAY + DAY / 4) == (PASSED, "failed: accreditation_suspended")


def test_withdrawn_since() -> None:
    record = granted()
    record.withdraw_accreditation(GRANTED + DAY)
    assert found(record) == (PASSED, "failed: accreditation_ended")


@pytest.mark.parametrize(("act", "status"), [("relinquish", "relinquished"), ("cease", "ceased")])
def test_given_up_or_ceased_since(act: str, status: str) -> None:
    record = granted()
    record.state(GRANTED + DAY, act=act, status=status, symbol_allowed=False)
    assert found(record) == (PASSED, "failed: accreditation_ended")


def test_a_body_further_east_is_accredited_from_the_first_hour_of_the_same_date() -> None:
    """The accreditation's date counts in London; the decision of that date was taken in Tokyo, hours before."""
    record = Record()
    record.state(effective_on="2026-02-02", time_zone="America/Adak")
    record.bind()
    record.grant()
    assert found(record, at=GRANTED, known_at=NOW) == (PASSED, PASSED)


def test_an_accreditation_ends_by_the_calendar() -> None:
    record = Record()
    record.state(valid_to="2026-06-30")
    record.bind()
    record.grant()
    assert found(record) == (PASSED, "failed: accreditation_ended")


def test_what_was_learned_later_does_not_count_for_what_was_known_before() -> None:
    record = granted()
    record.suspend_accreditation(GRANTED + 5 * DAY, effective_on="2026-02-01")
    assert found(record)[0] == "failed: not_accredited"
    assert found(record, known_at=GRANTED + 4 * DAY) == (PASSED, PASSED)


def test_a_decision_that_the_sanction_permits_is_said_to_be_so() -> None:
    record = Record()
    record.state()
    record.bind()
    record.suspend_accreditation(GRANTED - DAY, permitted_acts=["grant"])
    record.grant()
    assert found(record) == ("passed: accredited_by_permission", "failed: accreditation_suspended")


@pytest.mark.parametrize("part", [{"areas": ["robotics"], "countries": []}, {"areas": [], "countries": ["JP"]}])
def test_a_partial_sanction_reaches_whatever_it_touches(part: dict[str, list[str]]) -> None:
    record = granted()
    record.suspend_accreditation(GRANTED + DAY, suspended=part)
    assert found(record) == (PASSED, "failed: accreditation_suspended")


def test_a_statement_left_out_fails() -> None:
    record = granted()
    record.suspend_accreditation(GRANTED + DAY)
    record.state(GRANTED + 2 * DAY, act="restore")
    del record.envelopes[-2]
    assert found(record)[1] == "failed: statement_missing"


def test_an_accreditation_that_is_claimed_and_not_shown_fails() -> None:
    record = granted()
    del record.envelopes[0]
    assert found(record) == ("failed: not_known", "failed: not_accredited")
