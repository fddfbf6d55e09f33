"""The answer at the top of a certificate's page: word, sentence, and the report's own summary."""

from __future__ import annotations

import pytest

from app.pages.answer import answer_to, further_notices, has_record, next_step, trustworthy
from tests.support.reports import REPORTS, report

HEADINGS = {
    "valid": "Valid | Kasumi Robotics’ AI management system is certified to ISO/IEC 42001:2023.",
    "accreditation_ended": "Valid, with a notice | Kasumi Robotics’ AI management system is certified to ISO/IEC 42001:2023.",
    "suspended": "Suspended | Kasumi Robotics’ certification to ISO/IEC 42001:2023 is temporarily invalid.",
    "pending": "Not yet in force | Kasumi Robotics’ certification to ISO/IEC 42001:2023 takes effect on 15 December 2026.",
    "expired": "Expired | Kasumi Robotics’ certification to ISO/IEC 42001:2023 ended on 31 August 2026.",
    "withdrawn": "Withdrawn | Kasumi Robotics’ certification to ISO/IEC 42001:2023 has been withdrawn.",
    "cancelled": "Ended at the holder's request | Kasumi Robotics’ certification to ISO/IEC 42001:2023 is over.",
    "annulled": "Never had effect | Kasumi Robotics’ certificate to ISO/IEC 42001:2023 must not be relied on for any day.",
    "confidential": "Valid | The holder’s AI management system is certified to ISO/IEC 42001:2023.",
    "stale": "Could not be checked in full | Kasumi Robotics’ certification to ISO/IEC 42001:2023 is neither confirmed nor denied here.",
    "unknown": "No record here | This registry has no certificate with this ID.",
    "altered": "This file was altered, or not signed by the body it names | ",
}
JAPANESE = {
    "valid": "有効 | 株式会社霞ロボティクスのAIマネジメントシステムは、ISO/IEC 42001:2023に適合するものとして認証されています。",
    "suspended": "一時停止中 | 株式会社霞ロボティクスのISO/IEC 42001:2023の認証は、一時的に無効です。",
    "unknown": "この登録簿に記録なし | このIDの登録証は、この登録簿にありません。",
    "confidential": "有効 | 登録組織のAIマネジメントシステムは、ISO/IEC 42001:2023に適合するものとして認証されています。",
}


def heading(name: str, language: str) -> str:
    answer = answer_to(report(name), language)
    return f"{answer.word} | {answer.sentence.striptags()}"


@pytest.mark.parametrize(("name", "expected"), HEADINGS.items())
def test_the_first_heading_is_the_answer_as_a_sentence(name, expected):
    assert heading(name, "en") == expected


@pytest.mark.parametrize(("name", "expected"), JAPANESE.items())
def test_the_answer_is_the_same_in_japanese(name, expected):
    assert heading(name, "ja") == expected


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", REPORTS)
def test_the_summary_is_the_reports_own_letter_for_letter(name, language):
    answer = answer_to(report(name), language)
    whole = report(name)["summary"][language]
    gap = " " if language == "en" else ""

    shown = (
        (answer.beginning + gap + answer.rest if answer.beginning else answer.rest).striptags().replace("&#39;", "'")
    )

    assert whole.endswith(shown.strip())
    assert whole.removesuffix(shown.strip()).strip(" .。") in {"", answer.word}


def test_the_bold_beginning_of_a_withdrawal_ends_before_the_name():
    assert answer_to(report("withdrawn"), "en").beginning == "Withdrawn"


def test_an_altered_file_has_no_facts_in_its_answer():
    """C026: nothing that a file claims is told when its signature failed."""
    answer = answer_to(report("altered"), "en")

    assert answer.about == ""
    assert answer.sentence == ""
    assert not trustworthy(report("altered"))


@pytest.mark.parametrize("check", ["signature", "issuer", "chain"])
def test_a_failure_of_origin_alone_takes_the_facts_away(check):
    changed = report("valid")
    next(each for each in changed["checks"] if each["name"] == check)["result"] = "failed"

    assert not trustworthy(changed)


def test_a_failed_standing_is_no_failure_of_origin():
    assert trustworthy(report("withdrawn"))


def test_unknown_about_a_record_is_never_called_no_record():
    """C025: what could not be read is not what does not exist."""
    untraceable = report("unknown")
    untraceable["checks"][0] |= {"code": "no_anchors"}

    assert has_record(untraceable)
    assert answer_to(untraceable, "en").word == "Could not be checked in full"
    assert answer_to(untraceable, "en").sentence == "This certificate is neither confirmed nor denied here."


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("valid", ""),
        ("accreditation_suspended", ""),
        ("unknown", ""),
        ("suspended", "suspended"),
        ("expired", "expired"),
        ("annulled", "annulled"),
        ("stale", "not_established"),
    ],
)
def test_every_negative_answer_says_what_to_do_next(name, advice):
    assert next_step(report(name)) == advice


def test_a_signature_after_a_compromise_has_its_own_word():
    changed = report("valid", verdict="never_valid")

    assert answer_to(changed, "en").word == "Signed after its key was compromised"
    assert next_step(changed) == "annulled"


def test_a_notice_that_the_summary_tells_is_not_told_twice():
    told = report("accreditation_suspended")
    told["notices"].append({"code": "late_recorded", "detail": {"en": "Late.", "ja": "遅延。"}, "since": None})
    told["notices"].append({"code": "development_anchors", "detail": {"en": "Dev.", "ja": "開発。"}, "since": None})

    assert [(notice.detail["en"], notice.turns_verdict) for notice in further_notices(told)] == [
        ("Late.", True),
        ("Dev.", False),
    ]


def test_a_notice_that_says_more_than_the_summary_is_told():
    assert "claims accreditation by" in further_notices(report("unaccredited"))[0].detail["en"]
