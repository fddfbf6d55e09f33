from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.conformity.standing import Verdict
from app.examiner.examine import examine, no_record
from app.examiner.question import ImpossibleQuestion
from app.examiner.report import CHECK_NAMES, Result
from app.trust.anchors import Anchors
from tests.support.evidence import GRANTED, NOW, PUBLIC_ID, Record, granted

DAY = timedelta(days=1)
LATER = GRANTED + 100 * DAY


def codes(report):
    return {check.name: check.code for check in report.checks}


def examined(record: Record, **question):
    return examine(record.evidence(), record.signers.anchors, now=NOW, **question)


def test_a_certificate_in_force_passes_every_check_in_the_published_order() -> None:
    report = examined(granted())
    assert report.verdict is Verdict.VALID
    assert tuple(check.name for check in report.checks) == CHECK_NAMES
    assert {check.result for check in report.checks} == {Result.PASSED}
    assert report.summary.en.startswith("Valid. Kestrel Certification certifies the AI management system of Mizuho-dai")


@pytest.mark.parametrize(
    ("act", "verdict", "state", "sentence"),
    [
        ("suspend", "not_currently_valid", "suspended", "Suspended since 13 May 2026. The certification is temporarily invalid. The suspension period ends on 13 November 2026; certification does not resume by itself."),
        ("withdraw", "no_longer_valid", "withdrawn", "Withdrawn by Kestrel Certification with effect from 13 May 2026."),
        ("cancel", "no_longer_valid", "cancelled", "Ended at the holder's request on 13 May 2026."),
        ("annul", "never_valid", "annulled", "Never had effect. On 13 May 2026, Kestrel Certification declared that this certificate never had effect. Until 13 May 2026 this registry showed it with the standings listed below."),
    ],
)  # fmt: skip
def test_each_act_of_the_body_changes_the_answer(act: str, verdict: str, state: str, sentence: str) -> None:
    record = granted()
    record.act(act, LATER, **({"until": "2026-11-13"} if act == "suspend" else {}))
    report = examined(record)
    assert (report.verdict, report.standing.state, report.summary.en) == (verdict, state, sentence)
    assert report.check("standing").result is Result.FAILED
    assert report.exit_code() == 1


def test_a_restored_certificate_is_valid_again_and_shows_the_gap() -> None:
    record = granted()
    record.act("suspend", LATER, until="2026-11-13")
    record.act("restore", LATER + 30 * DAY)
    report = examined(record)
    assert report.verdict is Verdict.VALID
    assert [event.act for event in report.standing.events] == ["grant", "suspend", "restore"]
    assert report.standing.since == LATER + 30 * DAY


def test_the_calendar_alone_expires_a_certificate() -> None:
    report = examined(granted(months=6))
    assert (report.verdict, report.standing.state) == ("no_longer_valid", "expired")
    assert report.summary.en == "Expired. The last valid day was 1 August 2026. No renewal is recorded here."
    assert codes(report)["validity"] == "expired"


def test_a_decision_may_take_effect_later() -> None:
    report = examined(granted(at=NOW - DAY, effective_on=date(2026, 12, 1)))
    assert (report.verdict, report.standing.state) == ("not_currently_valid", "pending")
    assert report.summary.en == (
        "Not yet in force. Kestrel Certification decided on 23 November 2026; effective from 1 December 2026."
    )


def test_a_withdrawal_outranks_expiry_which_outranks_suspension() -> None:
    record = granted(months=6)
    record.act("suspend", GRANTED + 30 * DAY, until="2026-08-03")
    assert examined(record).standing.state == "expired"
    record.act("withdraw", GRANTED + 60 * DAY)
    assert examined(record).standing.state == "withdrawn"


def test_what_was_true_then_and_what_was_known_then_are_two_questions() -> None:
    record = granted()
    record.act("annul", LATER, effective_at=GRANTED)
    before = LATER - DAY
    assert examined(record, at=before).verdict is Verdict.NEVER_VALID
    assert examined(record, at=before, known_at=before).verdict is Verdict.VALID
    assert examined(record, known_at=before).at == before


def test_before_anything_was_recorded_there_is_no_record() -> None:
    report = examined(granted(), at=GRANTED - DAY, known_at=GRANTED - DAY)
    assert report.verdict is Verdict.UNKNOWN
    assert report.summary.en.startswith("No record here.")


def test_the_future_cannot_be_asked_about() -> None:
    with pytest.raises(ImpossibleQuestion) as refusal:
        examined(granted(), at=NOW + DAY)
    assert refusal.value.code == "time_in_the_future"


def test_a_version_that_is_not_there_cannot_be_asked_about() -> None:
    with pytest.raises(ImpossibleQuestion) as refusal:
        examined(granted(), version=2)
    assert refusal.value.code == "unknown_version"


def test_an_accreditation_suspended_later_leaves_the_certificate_in_force_with_a_notice() -> None:
    record = granted()
    record.suspend_accreditation(LATER)
    report = examined(record)
    assert report.verdict is Verdict.VALID_WITH_NOTICE
    assert report.summary.en == (
        "In force; accreditation since suspended. Northern Accreditation Council suspended Kestrel Certification's "
        "accreditation for this standard on 13 May 2026. It was in force at the decision (2 February 2026). "
        "The suspension does not by itself end this certificate."
    )
    assert report.check("accreditation_at_decision").result is Result.PASSED
    assert report.check("accreditation_now").result is Result.FAILED
    assert (report.exit_code(), report.exit_code(strict=True)) == (0, 1)


def test_c059_an_accreditation_ended_later_is_named_with_its_date() -> None:
    record = granted()
    record.withdraw_accreditation(LATER)
    report = examined(record)
    assert report.verdict is Verdict.VALID_WITH_NOTICE
    assert report.summary.en.startswith("In force, no longer accredited.")
    (accreditation,) = report.accreditations
    assert (accreditation.at_decision, accreditation.now, accreditation.since) == ("active", "withdrawn", LATER.date())
    assert [notice.code for notice in report.notices] == [
        "accreditation_ended",
        "no_longer_accredited",
        "development_anchors",
    ]


def test_c122_a_body_that_was_not_accredited_for_this_is_said_in_words_not_to_be() -> None:
    record = Record()
    record.state(scope={"documents": ["ISO/IEC 27001:2022"], "areas": ["robotics"], "countries": ["JP"]})
    record.bind()
    record.grant()
    report = examined(record)
    assert report.verdict is Verdict.VALID_WITH_NOTICE
    assert report.summary.en == (
        "In force, but not accredited. We have no record that Kestrel Certification was accredited for "
        "ISO/IEC 42001:2023 and this scope on the decision date (2 February 2026)."
    )
    assert report.notices[0].detail.en.startswith("The certificate claims accreditation by Northern Accreditation")
    assert report.exit_code() == 1


def test_a_decision_dated_as_the_accreditations_suspension_is_outside() -> None:
    record = Record()
    record.state()
    record.bind()
    record.suspend_accreditation(GRANTED, effective_on="2026-02-02")
    record.grant()
    assert codes(examined(record))["accreditation_at_decision"] == "not_accredited"


def test_c026_nothing_of_an_altered_file_is_shown_as_fact() -> None:
    record = granted()
    record.certify(record.versions[0], 2, GRANTED, signer=record.signers.stranger)
    report = examined(record)
    assert report.verdict is Verdict.UNKNOWN
    assert report.summary.en == (
        "This file was altered, or not signed by the body it names. Nothing in it is shown as fact."
    )
    assert (report.holder, report.scope, report.body, report.standing, report.statements) == (
        None,
        None,
        None,
        None,
        (),
    )
    assert report.exit_code() == 1


def test_c026_without_anchors_nothing_is_established_and_the_reader_is_told_where_to_get_them() -> None:
    report = examine(granted().evidence(), Anchors(), now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 2)
    assert {check.result for check in report.checks} == {Result.NOT_PERFORMED}
    assert "certs/anchors" in report.summary.en
    assert report.holder is None


def test_an_unknown_id_is_unknown_and_never_invalid() -> None:
    report = no_record(PUBLIC_ID, now=NOW)
    assert (report.verdict, report.exit_code(), report.certificate_id) == ("unknown", 2, PUBLIC_ID)
    assert "invalid" not in report.summary.en
    assert report == examine(granted().evidence(envelopes=(), status_lists=()), Anchors(), now=NOW)


def test_a_confidential_holder_is_answered_by_standing_body_and_standard() -> None:
    withheld = frozenset({"holder", "identifiers", "scope", "sites", "soa"})
    record = granted()
    report = examine(record.evidence(withheld=withheld), record.signers.anchors, now=NOW)
    assert (report.verdict, report.holder, report.scope, report.confidential) == ("valid", None, None, True)
    assert "for the scope stated on the certificate; last valid day" in report.summary.en
    assert "登録証に記載の認証範囲について" in report.summary.ja
    assert all((report.body, report.scheme, report.validity, report.standing))
    text = str(report.as_json())
    assert [word for word in ("Mizuho", "瑞穂台", "介護") if word in text] == []
    assert "the AI management system of the holder to" in report.summary.en
    assert set(report.links) == {"page", "json", "verification"}


def test_evidence_that_cannot_be_opened_reports_a_failed_signature() -> None:
    record = granted()
    report = examine(
        record.evidence(envelopes=(*record.envelopes, record.envelopes[0])), record.signers.anchors, now=NOW
    )
    assert (report.check("signature").code, report.exit_code()) == ("unreadable", 1)
    assert report.certificate_id == PUBLIC_ID


def test_an_amended_certificate_is_examined_as_its_current_version_or_as_an_old_document() -> None:
    record = granted()
    record.amend(LATER, holder=replace(record.versions[0].holder, country="FR"))
    now = examined(record)
    assert (now.verdict, now.version, now.holder.country) == ("valid", 2, "FR")
    old = examined(record, version=1)
    assert (old.verdict, old.version, old.holder.country) == ("valid_with_notice", 1, "JP")
    assert old.summary.en == (
        "The certification is valid, but this document is an old version. Version 2 replaced it on 13 May 2026. "
        "Changes: holder's country, effective date."
    )
    assert (codes(old)["version"], old.exit_code()) == ("superseded", 0)


def test_a_sanction_on_another_area_does_not_reach_the_certificate() -> None:
    record = granted()
    record.suspend_accreditation(LATER, suspended={"areas": ["biometrics"], "countries": []})
    report = examined(record)
    assert (report.verdict, codes(report)["accreditation_now"]) == ("valid", "accredited")


@pytest.mark.parametrize("days", [1, 30, 300, 3000])
def test_before_the_grant_nothing_was_certified_and_the_answer_says_so(days):
    report = examined(granted(), at=GRANTED - timedelta(days=days))

    assert report.verdict is Verdict.UNKNOWN
    assert "Not certified at that time." in report.summary.en
    assert report.exit_code() != 0
