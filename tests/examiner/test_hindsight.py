"""Both answers about a past time, where facts recorded later reach back to it."""

from __future__ import annotations

from datetime import timedelta

from app.examiner.examine import examine
from tests.support.evidence import GRANTED, NOW, granted

DAY = timedelta(days=1)
THEN = GRANTED + 10 * DAY


def report(record, **asked):
    return examine(record.evidence(), record.signers.anchors, now=NOW, **asked)


def test_an_annulment_is_told_beside_what_was_answered_before_it_was_known():
    record = granted()
    record.act("annul", GRANTED + 20 * DAY)
    then = report(record, at=THEN)
    assert (then.verdict, then.standing.state) == ("never_valid", "annulled")
    assert (then.known_then.verdict, then.known_then.state, then.known_then.known_at) == ("valid", "active", THEN)
    notice = then.notices[-1]
    assert (notice.code, notice.since) == ("known_differently_then", THEN)
    assert f'By what was known at that time the answer was: "{then.known_then.summary.en}"' in notice.detail.en
    assert then.known_then.summary.ja in notice.detail.ja


def test_an_accreditation_that_ended_with_an_earlier_date_is_told_both_ways():
    record = granted()
    record.suspend_accreditation(GRANTED + 20 * DAY, effective_on=(GRANTED + 5 * DAY).date().isoformat())
    then = report(record, at=THEN)
    assert (then.verdict, then.known_then.verdict) == ("valid_with_notice", "valid")


def test_by_what_was_known_then_there_is_one_answer():
    record = granted()
    record.act("annul", GRANTED + 20 * DAY)
    then = report(record, at=THEN, known_at=THEN)
    assert (then.verdict, then.known_then) == ("valid", None)


def test_what_came_later_and_changes_nothing_about_then_is_no_notice():
    record = granted()
    record.act("suspend", GRANTED + 20 * DAY, until="2026-12-01")
    then = report(record, at=THEN)
    assert (then.verdict, then.known_then) == ("valid", None)
    assert "known_differently_then" not in [notice.code for notice in then.notices]


def test_the_answer_of_now_never_looks_back():
    record = granted()
    record.act("annul", GRANTED + 20 * DAY)
    assert report(record).known_then is None
