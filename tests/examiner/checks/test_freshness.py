from __future__ import annotations

from datetime import timedelta

import pytest

from app.examiner.bundle import read_bundle
from app.examiner.checks.freshness import check_freshness
from app.examiner.evidence import open_case
from app.examiner.examine import examine
from app.examiner.question import Examination, Question
from app.trust.anchors import Anchors
from tests.support.evidence import GRANTED, NOW, granted, world

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def found(as_of, anchors=None, **asked) -> str:
    evidence = read_bundle(granted().bundle(as_of))
    question = Question.asked(world().anchors if anchors is None else anchors, now=NOW, **asked)
    check = check_freshness(Examination(open_case(evidence), evidence, question))
    return f"{check.result.value}: {check.code}"


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (timedelta(0), "passed: current"),
        (SECOND, "passed: current"),
        (HOUR, "passed: recent"),
        (24 * HOUR, "passed: recent"),
        (24 * HOUR + SECOND, "not_performed: data_too_old"),
        (-SECOND, "passed: current"),
        (-HOUR, "not_performed: data_from_the_future"),
    ],
)
def test_data_count_for_a_day(age: timedelta, code: str) -> None:
    assert found(NOW - age) == code


def test_a_time_before_the_data_is_answered_exactly() -> None:
    assert found(NOW - 40 * DAY, at=NOW - 40 * DAY) == "passed: exact"
    assert found(NOW - 40 * DAY, known_at=NOW - 41 * DAY) == "passed: exact"
    assert found(NOW - 40 * DAY, at=NOW - 39 * DAY) == "passed: recent"
    assert found(NOW - 40 * DAY, at=NOW - 30 * DAY) == "not_performed: data_too_old"


def test_data_that_nobody_trusted_has_dated_are_not_fresh() -> None:
    assert found(NOW, Anchors()) == "not_performed: publication_key_not_anchored"


def test_old_data_say_what_stood_then_under_the_headline_unknown() -> None:
    record = granted()
    then = NOW - 10 * DAY
    report = examine(read_bundle(record.bundle(then)), world().anchors, now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 2)
    assert report.summary.en.startswith("Could not be checked in full. The data are 10 days old")
    assert "As of 14 November 2026, 13:50 UTC: Valid. Kestrel Certification certifies" in report.summary.en
    assert "2026年11月14日 13:50（UTC）時点の状態は下記のとおりです。" in report.summary.ja
    assert report.holder is not None


def test_old_data_do_not_call_a_certificate_expired_that_may_have_been_renewed() -> None:
    record = granted(months=6)
    report = examine(read_bundle(record.bundle(GRANTED + 30 * DAY)), world().anchors, now=NOW)
    assert (report.verdict, report.standing.state, report.exit_code()) == ("unknown", "active", 2)


def test_old_data_of_a_suspension_warn_all_the_same() -> None:
    record = granted()
    record.act("suspend", GRANTED + DAY, until="2026-12-31")
    report = examine(read_bundle(record.bundle(NOW - 10 * DAY)), world().anchors, now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 1)
    assert "Suspended since" in report.summary.en
