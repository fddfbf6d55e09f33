from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.credentials.facts import validity_of
from app.credentials.facts_json import facts_digest
from app.examiner.evidence import Continuation
from app.examiner.examine import examine
from tests.support.evidence import GRANTED, NOW, SCOPE, ZONE, Record, granted, uuid

DAY = timedelta(days=1)


def examined(record: Record, **asked):
    return examine(record.evidence(), record.signers.anchors, now=NOW, **asked)


def codes(record: Record, **asked) -> list[str]:
    return [notice.code for notice in examined(record, **asked).notices if notice.code != "development_anchors"]


def test_a_plain_certificate_has_nothing_to_notice_but_the_development_anchors() -> None:
    report = examined(granted())
    assert [notice.code for notice in report.notices] == ["development_anchors"]
    assert report.verdict == "valid"


def test_a_decision_recorded_late_is_noticed_and_turns_the_verdict() -> None:
    record = Record()
    record.state()
    record.bind()
    facts = granted().versions[0]
    record.issue("grant", GRANTED, facts)
    assert codes(record) == []
    late = Record()
    late.state()
    late.bind()
    decision = late.decide("grant", GRANTED + 40 * DAY, decided_on="2026-02-02", facts_sha256=facts_digest(facts))
    late.versions.append(facts)
    late.certify(facts, 1, GRANTED + 40 * DAY)
    late.move("grant", GRANTED + 40 * DAY, decision)
    report = examined(late)
    assert (report.verdict, report.notices[0].code, report.notices[0].since) == (
        "valid_with_notice",
        "late_recorded",
        date(2026, 3, 14),
    )
    assert report.summary.en.startswith("Valid. ")
    assert report.exit_code(strict=True) == 1


def test_a_late_decision_by_which_the_certification_stands_as_it_does_is_noticed_too() -> None:
    """Invariant 1: what the version rests on was in time, what suspended it was recorded late."""
    record = granted()
    decision = record.decide("suspend", GRANTED + 50 * DAY, decided_on="2026-02-20", until="2026-08-01")
    record.move("suspend", GRANTED + 50 * DAY, decision, until="2026-08-01")
    report = examined(record, at=GRANTED + 60 * DAY)
    (late,) = (notice for notice in report.notices if notice.code == "late_recorded")
    assert (report.standing.state, late.since) == ("suspended", date(2026, 3, 24))
    assert late.detail.en == "The decision of 20 February 2026 was recorded here late, on 24 March 2026."


def test_a_suspension_over_its_time_is_still_a_suspension() -> None:
    record = granted()
    record.act("suspend", GRANTED + DAY, until="2026-08-01")
    report = examined(record)
    assert (report.standing.state, codes(record)) == ("suspended", ["suspension_overdue"])
    assert "stays suspended" in report.notices[0].detail.en


def test_what_is_decided_and_takes_effect_later_is_told() -> None:
    record = granted()
    record.act("withdraw", NOW - DAY, effective_at=NOW + 10 * DAY)
    report = examined(record)
    assert (report.verdict, codes(record)) == ("valid", ["event_pending"])
    assert report.notices[0].since == NOW + 10 * DAY


def test_a_version_to_come_is_told() -> None:
    record = granted()
    record.amend(NOW - DAY, validity=validity_of(date(2026, 12, 1), date(2029, 2, 1), ZONE))
    assert "version_pending" in codes(record)
    assert examined(record).verdict == "valid"


def test_a_decision_permitted_under_a_sanction_is_unaccredited_and_said_to_be() -> None:
    record = Record()
    record.state()
    record.bind()
    record.suspend_accreditation(GRANTED - DAY, permitted_acts=["grant"])
    record.grant()
    assert codes(record) == ["issued_during_sanction", "accreditation_suspended"]
    assert examined(record).verdict == "valid_with_notice"


@pytest.mark.parametrize(
    "part", [{"areas": ["robotics"]}, {"countries": ["US"]}, {"documents": ["ISO/IEC 27001:2022"]}]
)
def test_an_accreditation_that_no_longer_reaches_the_scope_is_never_plain_valid(part: dict[str, list[str]]) -> None:
    record = granted()
    record.state(GRANTED + DAY, act="grant", scope=SCOPE | part)
    report = examined(record)
    assert (report.verdict, codes(record)) == ("valid_with_notice", ["accreditation_reduced"])
    assert report.notices[0].since == date(2026, 2, 3)
    assert report.check("accreditation_now").code == "accreditation_reduced"
    assert report.summary.en.startswith("In force, no longer accredited for this scope. Since 3 February 2026")
    assert report.exit_code(strict=True) == 1


def test_a_sanctioned_decision_whose_sanction_lasts_claims_no_accreditation() -> None:
    record = Record()
    record.state()
    record.bind()
    record.suspend_accreditation(GRANTED - DAY, permitted_acts=["grant"])
    record.grant()
    assert examined(record).summary.en.startswith("In force, but not accredited.")


def test_the_gravest_comes_first() -> None:
    record = granted()
    record.amend(GRANTED + DAY)
    record.withdraw_accreditation(GRANTED + 2 * DAY)
    assert codes(record, version=1) == ["accreditation_ended", "no_longer_accredited", "superseded"]


def test_of_two_accreditations_one_may_end_and_the_other_still_stands_behind_the_certificate() -> None:
    record = Record()
    record.state()
    record.state(**SECOND, statement_no=1)
    record.bind()
    facts = granted().versions[0]
    both = (*facts.accreditations, replace(facts.accreditations[0], id=SECOND["accreditation"], number="AB-0099"))
    facts = replace(facts, accreditations=both)
    decision = record.decide(
        "grant", GRANTED, facts_sha256=facts_digest(facts), accreditations=[one.id for one in both]
    )
    record.versions.append(facts)
    record.certify(facts, 1, GRANTED)
    record.move("grant", GRANTED, decision)
    record.state(GRANTED + DAY, **SECOND, statement_no=2, act="withdraw", status="withdrawn")
    report = examined(record)
    assert (report.verdict, codes(record)) == ("valid_with_notice", ["accreditation_ended"])
    assert (report.check("accreditation_now").result, report.exit_code()) == ("passed", 0)
    assert [one.now for one in report.accreditations] == ["active", "withdrawn"]
    assert report.summary.en.endswith(
        "Northern Accreditation Council accredits Kestrel Certification for this standard."
    )


SECOND = {"accreditation": "00000000-0000-4000-8000-000000000051", "number": "AB-0099"}


# What an accreditation body states later: a certificate is never changed by it, and readers are told (domain §10).


def stated(record: Record, act: str, status: str, **changes) -> Record:
    record.state(GRANTED + DAY, act=act, status=status, symbol_allowed=False, **changes)
    return record


def notice(record: Record, code: str, **asked):
    return next(one for one in examined(record, **asked).notices if one.code == code)


@pytest.mark.parametrize(
    ("act", "status"), [("withdraw", "withdrawn"), ("relinquish", "relinquished"), ("cease", "ceased")]
)
def test_after_the_accreditation_ended_there_is_a_time_for_transfers_and_then_no_accreditation(act, status) -> None:
    """IAF MD 2: six months from the end, here 3 February, both days included."""
    record = stated(granted(), act, status)
    during = GRANTED.replace(month=8, day=3, hour=22)
    assert notice(record, "transfer_until", at=during).since == date(2026, 8, 3)
    assert "no_longer_accredited" not in codes(record, at=during)
    after = during + timedelta(hours=2)
    assert notice(record, "no_longer_accredited", at=after).since == date(2026, 8, 3)
    assert {examined(record, at=when).verdict for when in (during, after)} == {"valid_with_notice"}


def test_the_time_for_transfers_ends_with_the_certificate() -> None:
    record = stated(granted(months=3), "withdraw", "withdrawn")
    assert notice(record, "transfer_until", at=GRANTED + 2 * DAY).since == date(2026, 5, 1)


def test_an_accreditation_that_ended_by_the_calendar_leaves_the_same_time() -> None:
    record = Record()
    record.state(valid_to="2026-06-30")
    record.bind()
    record.grant()
    assert notice(record, "transfer_until").since == date(2027, 1, 1)


def test_that_another_body_took_over_without_this_one_s_word_is_said_on_the_accreditation_body_s_evidence() -> None:
    record = granted()
    record.take_over(GRANTED + 9 * DAY)
    report = examined(record)
    assert (report.verdict, report.standing.state) == ("valid_with_notice", "active")
    told = notice(record, "taken_over").detail
    assert told.en == (
        "Another body certifies the holder since a transfer. Northern Accreditation Council states (11 February 2026) "
        "that Kestrel Certification did not cooperate in it."
    )
    assert "移転" in told.ja


def test_evidence_in_a_transfer_says_nothing_before_the_registry_knew_of_its_end() -> None:
    record = granted()
    record.take_over(GRANTED + 9 * DAY)
    after = Continuation("A" * 35, GRANTED + 12 * DAY)
    evidence, anchors = record.evidence(continuation=after), record.signers.anchors
    for known_at, said in ((GRANTED + 10 * DAY, False), (GRANTED + 12 * DAY, True)):
        report = examine(evidence, anchors, now=NOW, at=known_at, known_at=known_at)
        assert ("taken_over" in {one.code for one in report.notices}) is said


def test_evidence_of_an_accreditation_body_without_anchor_is_left_out() -> None:
    record = granted()
    record.take_over(GRANTED + 9 * DAY, accreditation_body=uuid(66))
    assert "taken_over" not in {one.code for one in examined(record).notices}


@pytest.mark.parametrize("change", [{"certification": "0" * 35}, {"evidence": "x"}, {"ground": ""}])
def test_evidence_about_something_else_makes_the_whole_refused(change) -> None:
    record = granted()
    record.take_over(GRANTED + 9 * DAY)
    record.envelopes.pop()
    record.take_over(GRANTED + 9 * DAY, **change)
    assert examined(record).verdict == "unknown"


def test_that_the_body_ceased_is_said_beside_the_end_of_the_accreditation() -> None:
    record = stated(granted(), "cease", "ceased")
    assert notice(record, "body_ceased").detail.en.startswith(
        "Northern Accreditation Council states that Kestrel Certification ceased on 3 February 2026."
    )


@pytest.mark.parametrize(("act", "status"), [("withdraw", "withdrawn"), ("cease", "ceased")])
def test_a_statement_with_an_earlier_date_leaves_the_decision_outside_and_both_dates_are_said(act, status) -> None:
    record = granted()
    record.state(GRANTED + 9 * DAY, act=act, status=status, symbol_allowed=False, effective_on="2026-01-20")
    report = examined(record)
    assert (report.verdict, report.standing.state) == ("valid_with_notice", "active")
    assert report.check("accreditation_at_decision").code == "not_accredited"
    told = notice(record, "reached_back")
    assert (told.since, "11 February 2026" in told.detail.en, "20 January 2026" in told.detail.en) == (
        date(2026, 1, 20),
        True,
        True,
    )
    assert codes(record, known_at=GRANTED + 8 * DAY) == []


def test_a_reduction_with_an_earlier_date_reaches_back_too() -> None:
    record = granted()
    record.state(GRANTED + 9 * DAY, act="reduce", scope=SCOPE | {"countries": ["GB"]}, effective_on="2026-02-01")
    assert {"outside_accreditation", "reached_back"} <= set(codes(record))


def test_a_decision_that_was_never_covered_is_not_said_to_have_lost_it() -> None:
    record = Record()
    record.state(effective_on="2026-02-20")
    record.bind()
    record.grant()
    assert codes(record) == ["outside_accreditation"]


def test_a_statement_that_leaves_the_decision_covered_reaches_nothing() -> None:
    record = stated(granted(), "withdraw", "withdrawn")
    assert "reached_back" not in codes(record)


def imported() -> Record:
    record = Record()
    record.state()
    record.bind()
    record.report()
    return record


def test_history_from_elsewhere_says_who_reported_it_and_when_and_never_reads_plainly_valid() -> None:
    """C098: an imported record is never *valid* without the words."""
    report = examined(imported(), at=GRANTED + timedelta(days=20))
    assert (report.verdict, report.origin.provenance) == ("valid_with_notice", "imported")
    assert report.summary.en.startswith("In force, as reported by Kestrel Certification on ")
    assert "imported" in codes(imported())


def test_history_that_was_not_reported_again_in_time_is_not_fresh() -> None:
    """C098: older than the agreed interval is *not fresh*, never *valid*."""
    report = examined(imported())
    assert (report.verdict, report.check("freshness").code) == ("unknown", "report_not_fresh")
