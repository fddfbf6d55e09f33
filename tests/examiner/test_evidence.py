from __future__ import annotations

from dataclasses import replace

import pytest

from app.examiner.evidence import MAX_ENVELOPES, Envelope, EvidenceRefused, open_case
from app.keys.keys import public_jwk
from tests.support.evidence import NOW, OTHER_PUBLIC_ID, Record, granted, uuid, world


def refusal(record: Record, **changes) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as refused:
        open_case(record.evidence(**changes))
    return refused.value


def test_evidence_is_opened_into_what_each_document_says_whatever_its_order() -> None:
    record = granted()
    case = open_case(record.evidence(envelopes=tuple(reversed(record.envelopes))))
    assert [one.document.version_no for one in case.versions] == [1]
    assert [one.document.event_no for one in case.events] == [1]
    assert len(case.all_documents()) == 5
    assert len(case.signed_by_the_body()) == 3


def test_a_document_of_another_certificate_is_refused() -> None:
    record, other = granted(), Record(public_id=OTHER_PUBLIC_ID)
    other.state()
    other.bind()
    other.grant()
    refused = refusal(record, envelopes=(*record.envelopes, other.envelopes[4]))
    assert (refused.code, refused.faults[0].field) == ("foreign_part", "/envelopes/5")


def test_a_document_under_another_subject_is_refused() -> None:
    record = granted()
    moved = replace(record.envelopes[4], subject=record.envelopes[0].subject)
    assert refusal(record, envelopes=(*record.envelopes[:4], moved)).code == "foreign_part"


def test_a_document_given_twice_is_refused_even_under_another_signature() -> None:
    record = granted()
    again = record.envelopes[4].jws.rpartition(".")[0] + "." + record.envelopes[3].jws.rpartition(".")[2]
    envelope = replace(record.envelopes[4], jws=again, n=4)
    assert refusal(record, envelopes=(*record.envelopes, envelope)).code == "repeated_part"


def test_an_accreditation_that_nothing_relies_on_is_refused() -> None:
    record = granted()
    record.state(accreditation=uuid(55))
    assert refusal(record).code == "unused_part"


def test_a_key_that_signed_nothing_here_is_refused() -> None:
    record = granted()
    record.bind(key=world().stranger.thumbprint, jwk=public_jwk(world().stranger.public_key))
    assert refusal(record).code == "unused_part"


def test_what_cannot_be_read_is_refused_with_its_place() -> None:
    record = granted()
    refused = refusal(record, envelopes=(Envelope("a.b.c", 1, bytes(32), NOW), *record.envelopes))
    assert (refused.code, refused.faults[0].field) == ("unreadable_part", "/envelopes/0")


def test_more_documents_than_a_certificate_can_have_are_refused() -> None:
    record = granted()
    many = tuple(record.envelopes[:1]) * (MAX_ENVELOPES + 1)
    assert refusal(record, envelopes=many).code == "evidence_too_large"


def test_only_what_can_be_withheld_is_withheld() -> None:
    with pytest.raises(ValueError, match="withheld"):
        granted().evidence(withheld=frozenset({"standing"}))
