from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.conformity.standing import Verdict
from app.examiner.examine import examine, no_record
from app.examiner.report import Result, VerificationReport, as_plain, instant
from tests.support.evidence import NOW, PUBLIC_ID, granted

MEMBERS = [
    "verdict", "certificate_id", "version", "summary", "holder", "confidential", "body", "accreditations", "scheme",
    "scope", "validity", "cycle", "origin", "standing", "known_then", "at", "known_at", "checked_at", "data_as_of", "known_at_basis",
    "notices",
    "checks", "statements", "links",
]  # fmt: skip


@pytest.fixture
def report() -> VerificationReport:
    record = granted()
    return examine(record.evidence(), record.signers.anchors, now=NOW)


def with_result(report: VerificationReport, name: str, result: Result) -> VerificationReport:
    checks = tuple(replace(check, result=result) if check.name == name else check for check in report.checks)
    return replace(report, checks=checks)


def test_the_json_has_its_members_in_the_published_order(report: VerificationReport) -> None:
    plain = report.as_json()
    assert list(plain) == MEMBERS
    assert list(plain["checks"][0]) == ["name", "result", "code", "detail", "evidence"]
    assert json.loads(json.dumps(plain)) == plain


def test_a_published_report_has_no_time_of_asking(report: VerificationReport) -> None:
    assert "checked_at" not in report.published().as_json()
    assert report.published().as_json() == {k: v for k, v in report.as_json().items() if k != "checked_at"}


def test_a_fact_that_is_not_established_is_null_and_not_absent() -> None:
    plain = no_record(PUBLIC_ID, now=NOW).as_json()
    absent = ("holder", "body", "scope", "cycle", "origin", "standing", "version")
    assert {name: plain[name] for name in absent} == dict.fromkeys(absent)


@pytest.mark.parametrize(
    ("verdict", "failed", "expected"),
    [
        ("valid", None, (0, 0)),
        ("valid_with_notice", None, (0, 1)),
        ("valid_with_notice", "accreditation_now", (0, 1)),
        ("valid_with_notice", "version", (0, 1)),
        ("valid_with_notice", "accreditation_at_decision", (1, 1)),
        ("valid", "expectation", (1, 1)),
        ("not_currently_valid", None, (1, 1)),
        ("no_longer_valid", None, (1, 1)),
        ("never_valid", None, (1, 1)),
        ("unknown", None, (2, 2)),
        ("unknown", "signature", (1, 1)),
        ("unknown", "accreditation_now", (1, 1)),
    ],
)
def test_the_exit_code_follows_from_verdict_and_checks(
    report: VerificationReport, verdict: str, failed: str | None, expected: tuple[int, int]
) -> None:
    if failed == "expectation":
        report = replace(report, checks=(*report.checks, replace(report.checks[0], name="expectation")))
    changed = replace(with_result(report, failed or "", Result.FAILED), verdict=Verdict(verdict))
    assert (changed.exit_code(), changed.exit_code(strict=True)) == expected


def test_a_check_that_was_not_performed_is_no_success(report: VerificationReport) -> None:
    assert with_result(report, "freshness", Result.NOT_PERFORMED).exit_code() == 2


def test_instants_have_milliseconds_only_where_there_are_any() -> None:
    assert instant(datetime(2026, 11, 24, 13, 50, tzinfo=UTC)) == "2026-11-24T13:50:00Z"
    assert instant(datetime(2026, 11, 24, 13, 50, 0, 120_999, tzinfo=UTC)) == "2026-11-24T13:50:00.120Z"


def test_a_result_of_any_kind_has_a_plain_form() -> None:
    party = UUID("7a7c6ed8-0d3c-4f4e-9d0b-2f6b1b2d8a11")
    kinds = (party, Verdict.VALID, date(2026, 11, 24), NOW, None, True, 7, "text", [party], {"id": party})
    assert json.loads(json.dumps([as_plain(one) for one in kinds])) == [
        *(str(party), "valid", "2026-11-24", instant(NOW), None, True, 7, "text", [str(party)], {"id": str(party)})
    ]
