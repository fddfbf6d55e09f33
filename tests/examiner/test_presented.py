from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import AkashiError
from app.examiner.presented import examine_alone, examine_presented, read_presented
from app.trust.anchors import Anchors
from tests.support.evidence import GRANTED, NOW, PUBLIC_ID, granted, world

DAY = timedelta(days=1)
WITHHELD = frozenset({"holder", "identifiers", "scope", "sites", "soa"})


@pytest.fixture
def record():
    return granted()


def test_the_recorded_file_is_answered_in_full_even_where_the_holder_is_confidential(record) -> None:
    presented = record.envelopes[3].jws.encode()
    report = examine_presented(presented, record.evidence(withheld=WITHHELD), world().anchors, now=NOW)
    assert (report.verdict, report.confidential) == ("valid", False)
    assert report.holder is not None


def test_a_file_may_end_with_a_line_feed(record) -> None:
    presented = record.envelopes[3].jws.encode() + b"\n"
    assert examine_presented(presented, record.evidence(), world().anchors, now=NOW).verdict == "valid"
    assert read_presented(presented).certification == PUBLIC_ID


def test_an_old_version_is_answered_as_the_old_document_that_it_is(record) -> None:
    record.amend(GRANTED + DAY)
    report = examine_presented(record.envelopes[3].jws.encode(), record.evidence(), world().anchors, now=NOW)
    assert (report.verdict, report.version, report.check("version").code) == ("valid_with_notice", 1, "superseded")


def test_a_file_that_was_signed_again_with_other_content_shows_nothing(record) -> None:
    forged = granted().certify(record.versions[0], 1, GRANTED, signer=world().stranger)
    report = examine_presented(forged.encode(), record.evidence(), world().anchors, now=NOW)
    assert (report.check("signature").code, report.exit_code()) == ("not_the_recorded_file", 1)
    assert (report.holder, report.certificate_id) == (None, None)
    assert report.summary.en.startswith("This file was altered")


def test_a_file_of_which_there_is_no_record_is_unknown(record) -> None:
    report = examine_presented(record.envelopes[3].jws.encode(), None, world().anchors, now=NOW)
    assert (report.verdict, report.exit_code()) == ("unknown", 2)
    assert report.summary.en.startswith("No record here.")


@pytest.mark.parametrize("presented", [b"", b"hello", b"a.b.c", "é.b.c".encode(), b"x" * 300_000, b"\xff\xfe"])
def test_what_is_no_certificate_is_reported_and_never_raises(record, presented: bytes) -> None:
    for report in (
        examine_presented(presented, record.evidence(), world().anchors, now=NOW),
        examine_alone(presented, world().anchors, now=NOW),
    ):
        assert (report.verdict, report.check("signature").result, report.exit_code()) == ("unknown", "failed", 1)
    with pytest.raises(AkashiError):
        read_presented(presented)


def test_a_file_alone_never_shows_that_it_stands(record) -> None:
    report = examine_alone(record.envelopes[3].jws.encode(), world().anchors, now=NOW)
    assert (report.verdict, report.exit_code(), report.holder) == ("unknown", 2, None)
    assert (report.check("signature").code, report.check("chain").code) == ("presented_alone", "anchored")
    assert report.certificate_id == PUBLIC_ID


def test_a_file_alone_whose_own_signature_does_not_hold_fails(record) -> None:
    head = record.envelopes[3].jws.rpartition(".")[0]
    forged = f"{head}.{record.envelopes[4].jws.rpartition('.')[2]}"
    assert examine_alone(forged.encode(), world().anchors, now=NOW).exit_code() == 1


def test_a_file_alone_with_a_chain_of_its_own_making_fails(record) -> None:
    forged = granted().certify(record.versions[0], 1, GRANTED, signer=world().stranger)
    assert examine_alone(forged.encode(), world().anchors, now=NOW).exit_code() == 1
    own = world().chain_for(world().stranger, party="00000000-0000-4000-8000-000000000099")
    forged = granted().certify(record.versions[0], 1, GRANTED, signer=world().stranger, chain=own)
    report = examine_alone(forged.encode(), world().anchors, now=NOW)
    assert (report.check("chain").result, report.certificate_id, report.exit_code()) == ("failed", None, 1)


def test_a_file_alone_without_anchors_is_not_accused(record) -> None:
    assert examine_alone(record.envelopes[3].jws.encode(), Anchors(), now=NOW).exit_code() == 2
