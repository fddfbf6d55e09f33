"""The rules that a stranger can check in the signed documents alone."""

from __future__ import annotations

from datetime import timedelta

from app.examiner.evidence import open_case
from app.examiner.lawfulness import broken_rules
from tests.support.evidence import GRANTED, Record, granted

DAY = timedelta(days=1)


def broken(record: Record) -> list[str]:
    return list(broken_rules(open_case(record.evidence())))


def test_a_lawful_history_breaks_nothing():
    record = granted()
    record.act("suspend", GRANTED + DAY, until="2026-08-01")
    record.act("restore", GRANTED + 2 * DAY)
    record.act("withdraw", GRANTED + 3 * DAY)
    assert broken(record) == []


def test_a_suspension_has_a_time_limit_and_a_withdrawal_has_none():
    record = granted()
    record.act("suspend", GRANTED + DAY, until=None)
    assert any("until missing" in rule for rule in broken(record))


def test_an_annulment_names_what_it_annuls():
    record = granted()
    record.act("annul", GRANTED + DAY, annuls=None)
    assert any("annuls missing" in rule for rule in broken(record))
