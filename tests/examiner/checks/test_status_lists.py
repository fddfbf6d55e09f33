from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.examiner.checks.status_lists import check_status_lists
from app.examiner.evidence import open_case
from app.examiner.examine import examine
from app.examiner.question import Examination, Question
from app.status.entry import Purpose
from app.trust.anchors import Role
from tests.support.evidence import GRANTED, NOW, SECOND, Record, granted, world

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LISTS = ((1, Purpose.REVOCATION), (2, Purpose.SUSPENSION), (3, Purpose.REFRESH))


def found(record: Record, anchors=None, **evidence) -> str:
    given = record.evidence(**evidence)
    question = Question.asked(record.signers.anchors if anchors is None else anchors, now=NOW)
    check = check_status_lists(Examination(open_case(given), given, question))
    return f"{check.result.value}: {check.code}"


def lists(record: Record, at=NOW, **wrong: set[int]) -> tuple[str, ...]:
    return tuple(
        record.status_list(number, purpose, wrong.get(purpose.value, record.bits(purpose)), at)
        for number, purpose in LISTS
    )


def suspended(at=GRANTED + DAY) -> Record:
    record = granted()
    record.act("suspend", at, until="2026-12-31")
    return record


def test_lists_that_say_what_the_events_say_pass() -> None:
    record = suspended()
    assert found(record) == "passed: agree"
    record.act("restore", GRANTED + 2 * DAY)
    assert found(record) == "passed: agree"
    record.amend(GRANTED + 3 * DAY)
    assert found(record) == "passed: agree"
    record.act("withdraw", GRANTED + 4 * DAY)
    assert found(record) == "passed: agree"


def test_a_set_bit_that_no_event_explains_fails_and_nothing_is_called_valid() -> None:
    record = granted()
    for purpose in Purpose:
        assert found(record, status_lists=lists(record, **{purpose.value: {1}})) == "failed: bit_without_event"
    report = examine(record.evidence(status_lists=lists(record, suspension={1})), world().anchors, now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 1)
    assert report.summary.en.startswith("Could not be checked in full. The suspension list marks this certificate")


def test_an_event_that_the_list_omits_fails_and_the_event_counts() -> None:
    record = suspended()
    assert found(record, status_lists=lists(record, suspension=set())) == "failed: event_without_bit"
    report = examine(record.evidence(status_lists=lists(record, suspension=set())), world().anchors, now=NOW)
    assert report.verdict == "not_currently_valid"


def test_a_list_older_than_the_last_event_cannot_speak_about_it_and_the_event_wins() -> None:
    record = suspended(at=NOW - HOUR)
    old = lists(record, at=NOW - 2 * HOUR, suspension=set())
    assert found(record, status_lists=old) == "not_performed: list_older_than_event"
    report = examine(record.evidence(status_lists=old), world().anchors, now=NOW)
    assert report.verdict == "not_currently_valid"


def test_a_list_older_than_a_restoration_leaves_the_verdict_open() -> None:
    record = suspended(at=NOW - 3 * HOUR)
    old = lists(record, at=NOW - 2 * HOUR)
    record.act("restore", NOW - HOUR)
    report = examine(record.evidence(status_lists=old), world().anchors, now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 2)
    assert report.summary.en.startswith("Could not be checked in full.")


def test_a_list_of_the_same_second_as_the_event_is_not_accused() -> None:
    record = suspended(at=NOW + SECOND / 2)
    as_of = NOW + SECOND
    assert found(record, as_of=as_of, status_lists=lists(record)) == "passed: agree"
    stale = lists(record, suspension=set())
    assert found(record, as_of=as_of, status_lists=stale) == "not_performed: list_older_than_event"


def test_the_grant_moves_no_bit_so_an_older_list_is_good_enough() -> None:
    record = granted(at=NOW - HOUR)
    assert found(record, status_lists=lists(record, at=NOW - 2 * HOUR)) == "passed: agree"


def test_c025_a_list_that_could_not_be_had_is_not_performed_and_the_headline_says_so() -> None:
    record = granted()
    assert found(record, status_lists=lists(record)[:2]) == "not_performed: list_missing"
    report = examine(record.evidence(status_lists=()), world().anchors, now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 2)
    assert report.summary.ja.startswith("すべては確認できませんでした。")
    assert "valid" not in report.verdict


def test_c025_an_expired_list_is_not_performed() -> None:
    record = granted()
    assert found(record, status_lists=lists(record, at=NOW - 25 * HOUR)) == "not_performed: list_not_valid_then"
    assert found(record, status_lists=lists(record, at=NOW + HOUR)) == "not_performed: list_not_valid_then"


def test_c025_a_list_by_another_key_is_worth_nothing() -> None:
    record = granted()
    forged = record.status_lists(NOW, signer=world().stranger)
    assert found(record, status_lists=forged) == "not_performed: publication_key_not_anchored"
    keys = tuple(anchor for anchor in world().anchors.keys if anchor.role is not Role.PUBLICATION)
    assert found(record, replace(world().anchors, keys=keys)) == "not_performed: publication_key_not_anchored"


def test_a_damaged_list_fails() -> None:
    record = granted()
    good = lists(record)
    swapped = f"{good[0].rpartition('.')[0]}.{good[1].rpartition('.')[2]}"
    assert found(record, status_lists=(swapped, *good[1:])) == "failed: list_unreadable"
    assert found(record, status_lists=("a.b.c", *good[1:])) == "failed: list_unreadable"


def test_c028_both_bits_may_be_set_after_a_withdrawal_from_suspension() -> None:
    record = suspended()
    record.act("withdraw", GRANTED + 2 * DAY)
    assert found(record, status_lists=lists(record, suspension={1})) == "passed: agree"
    assert found(record, status_lists=lists(record, suspension=set())) == "passed: agree"
    report = examine(record.evidence(), world().anchors, now=NOW)
    assert report.verdict == "no_longer_valid"


def test_an_expired_version_is_not_accused_for_its_suspension_bit() -> None:
    record = granted(months=3)
    record.act("suspend", GRANTED + DAY, until="2026-08-01")
    assert found(record, status_lists=lists(record, suspension=set())) == "passed: agree"
