from __future__ import annotations

from datetime import timedelta

from app.examiner.examine import examine
from tests.support.evidence import GRANTED, NOW, granted, world

DAY = timedelta(days=1)


def test_every_signed_document_is_one_line_by_its_signer() -> None:
    record = granted()
    record.act("suspend", GRANTED + DAY, until="2026-08-01")
    record.suspend_accreditation(GRANTED + 2 * DAY)
    record.withdraw_accreditation(GRANTED + 3 * DAY)
    lines = examine(record.evidence(), record.signers.anchors, now=NOW).statements
    assert [(line.by, line.says.en) for line in lines] == [
        ("Northern Accreditation Council", "Kestrel Certification is accredited for ISO/IEC 42001:2023 from 5 January 2026 (statement 1)."),
        ("Northern Accreditation Council", "The accreditation of Kestrel Certification is suspended from 3 February 2026 (statement 2)."),
        ("Northern Accreditation Council", "The accreditation of Kestrel Certification ends on 5 February 2026 (statement 3)."),
        ("Northern Accreditation Council", "This key may sign certificates of Kestrel Certification from 1 January 2026 to 1 January 2028."),
        ("Kestrel Certification", "Decided on 2 February 2026: granted."),
        ("Kestrel Certification", "Decided on 3 February 2026: suspended."),
        ("Kestrel Certification", "Certificate, version 1, for ISO/IEC 42001:2023."),
        ("Kestrel Certification", "Event 1, from 2 February 2026: granted."),
        ("Kestrel Certification", "Event 2, from 3 February 2026: suspended."),
    ] or [line.says.en for line in lines]  # fmt: skip
    assert {line.key for line in lines} == {world().accreditation_key.thumbprint, world().body_key.thumbprint}
    assert {line.sha256 for line in lines} == {envelope.digest for envelope in record.envelopes}
