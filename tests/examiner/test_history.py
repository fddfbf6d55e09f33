from __future__ import annotations

from datetime import timedelta

from app.conformity.standing import Act
from app.examiner.evidence import open_case
from app.examiner.history import (
    decision_behind,
    events_of,
    known_statements,
    periods_of,
    relied_on_decision,
    scope_of,
    statement_of,
)
from tests.support.certificate_facts import ACCREDITATION
from tests.support.evidence import GRANTED, granted

DAY = timedelta(days=1)


def test_events_and_periods_carry_both_clocks() -> None:
    record = granted()
    record.act("suspend", GRANTED + DAY, until="2026-08-01")
    case = open_case(record.evidence())
    events = events_of(case)
    assert [event.act for event in events] == [Act.GRANT, Act.SUSPEND]
    assert (events[1].effective_at, events[1].recorded_at) == (GRANTED + DAY, GRANTED + DAY)
    (period,) = periods_of(case)
    assert (period.version_no, period.recorded_at) == (1, GRANTED)


def test_an_amendment_rests_on_the_decision_of_the_grant() -> None:
    record = granted()
    record.amend(GRANTED + DAY)
    case = open_case(record.evidence())
    assert decision_behind(case, case.versions[1]).document.act is Act.AMEND
    assert relied_on_decision(case, case.versions[1]).document.act is Act.GRANT


def test_a_version_without_its_decision_rests_on_nothing() -> None:
    record = granted()
    del record.envelopes[2]
    case = open_case(record.evidence())
    assert decision_behind(case, case.versions[0]) is None
    assert relied_on_decision(case, case.versions[0]) is None


def test_statements_are_those_that_were_known() -> None:
    record = granted()
    record.suspend_accreditation(GRANTED + DAY)
    case = open_case(record.evidence())
    assert len(known_statements(case, ACCREDITATION.id, GRANTED)) == 1
    whole, latest = known_statements(case, ACCREDITATION.id, GRANTED + DAY)
    assert statement_of(whole).suspension is None
    assert statement_of(latest).suspension.whole


def test_the_scope_of_a_certificate_holds_its_standard() -> None:
    (version,) = open_case(granted().evidence()).versions
    assert scope_of(version.document).documents == {"ISO/IEC 42001:2023"}
