from __future__ import annotations

from dataclasses import replace

from app.credentials.facts import Name
from app.examiner.checks.issuer import check_issuer
from app.examiner.evidence import open_case
from app.examiner.examine import examine
from tests.support.evidence import NOW, Record, granted, uuid


def found(record: Record) -> tuple[str, str]:
    check = check_issuer(open_case(record.evidence()), None, record.signers.anchors)
    return check.result.value, check.code


def test_one_body_in_binding_accreditation_and_certificate_passes() -> None:
    assert found(granted()) == ("passed", "right_body")


def test_an_accreditation_of_another_body_fails() -> None:
    record = Record()
    record.state(body=uuid(99))
    record.bind()
    record.grant()
    assert found(record) == ("failed", "wrong_body")


def test_a_binding_by_another_accreditation_body_fails() -> None:
    record = Record()
    record.state()
    record.bind(accreditation_body=uuid(98))
    record.grant()
    assert found(record) == ("failed", "wrong_body")


def test_a_binding_under_an_accreditation_that_is_not_there_fails() -> None:
    record = Record()
    record.state()
    record.bind(accreditation=uuid(97))
    record.grant()
    assert found(record) == ("failed", "wrong_body")


def test_c058_the_body_is_shown_by_its_accreditation_statement_and_not_by_the_file() -> None:
    record = granted()
    facts = replace(
        record.versions[0], body=replace(record.versions[0].body, names=(Name("Grand World Certifiers", "en"),))
    )
    impostor = Record()
    impostor.state()
    impostor.bind()
    impostor.issue("grant", record.envelopes[2].recorded_at, facts)
    report = examine(impostor.evidence(), record.signers.anchors, now=NOW)
    assert report.verdict == "valid"
    assert [name.name for name in report.body.names] == ["Kestrel Certification", "ケストレル認証"]
    assert "Grand World" not in str(report.as_json())
