"""The credential that publishes a status list, and what a reader refuses to believe."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from app.status.bitstring import Bitstring, StatusListRefused
from app.status.entry import Purpose
from app.status.list_credential import compose_status_list, read_status_list

BASE = "https://registry.example"
ISSUER = "did:web:registry.example"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ADDRESS = f"{BASE}/status/2"


def published(*positions: int, purpose: Purpose = Purpose.SUSPENSION, number: int = 2) -> dict[str, Any]:
    bits = Bitstring()
    for position in positions:
        bits.set(position)
    return compose_status_list(BASE, number, purpose, bits, issuer=ISSUER, valid_from=NOON)


def faults(payload: dict[str, Any], at: datetime = NOON) -> list[tuple[str, str]]:
    with pytest.raises(StatusListRefused) as refusal:
        read_status_list(payload, purpose="suspension", address=ADDRESS, at=at)
    return [(fault.code, fault.field) for fault in refusal.value.faults]


def test_a_list_is_published_as_the_specification_asks() -> None:
    assert published() == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://registry.example/status/2",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:registry.example",
        "validFrom": "2026-11-25T12:00:00.000Z",
        "validUntil": "2026-11-26T12:00:00.000Z",
        "credentialSubject": {
            "id": "https://registry.example/status/2#list",
            "type": "BitstringStatusList",
            "statusPurpose": "suspension",
            "encodedList": "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA",
            "ttl": 300_000,
        },
    }


def test_a_published_list_reads_back_with_its_bits_and_period() -> None:
    read = read_status_list(published(94_567), purpose="suspension", address=ADDRESS, at=NOON)
    assert read.bits.get(94_567)
    assert not read.bits.get(94_566)
    assert (read.issuer, read.valid_from, read.valid_until) == (ISSUER, NOON, NOON + timedelta(hours=24))


def test_instants_are_written_in_utc() -> None:
    tokyo = datetime(2026, 11, 25, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    payload = compose_status_list(BASE, 2, Purpose.SUSPENSION, Bitstring(), issuer=ISSUER, valid_from=tokyo)
    assert payload["validFrom"] == "2026-11-25T12:00:00.000Z"


def test_a_list_is_not_older_than_the_event_of_the_same_second_that_it_follows() -> None:
    recorded = NOON + timedelta(milliseconds=431)
    payload = compose_status_list(BASE, 2, Purpose.SUSPENSION, Bitstring(), issuer=ISSUER, valid_from=recorded)
    assert read_status_list(payload, purpose="suspension", address=ADDRESS, at=recorded).valid_from == recorded


def test_suspended_then_withdrawn_sets_both_bits_and_a_restoration_clears_only_one() -> None:
    """C028: which word wins is decided by the published precedence, not by the lists."""
    suspension, revocation = Bitstring(), Bitstring()
    suspension.set(5)
    revocation.set(6)
    assert suspension.get(5)
    assert revocation.get(6)
    suspension.clear(5)
    assert not suspension.get(5)
    assert revocation.get(6)


def test_a_list_may_serve_several_purposes() -> None:
    payload = published()
    payload["credentialSubject"]["statusPurpose"] = ["revocation", "suspension"]
    assert read_status_list(payload, purpose="suspension", address=ADDRESS, at=NOON).purpose == "suspension"


def test_a_list_counts_from_its_first_second_to_before_its_last() -> None:
    assert read_status_list(published(), purpose="suspension", address=ADDRESS, at=NOON + timedelta(hours=23))
    assert faults(published(), NOON - timedelta(seconds=1)) == [("status_list_not_yet_valid", "/validFrom")]
    assert faults(published(), NOON + timedelta(hours=24)) == [("status_list_expired", "/validUntil")]


def test_a_list_of_another_purpose_is_refused() -> None:
    wrong = published(purpose=Purpose.REVOCATION)
    assert faults(wrong) == [("status_list_purpose", "/credentialSubject/statusPurpose")]


def test_a_list_of_another_address_is_refused() -> None:
    assert faults(published(number=4)) == [("status_list_address", "/id")]


@pytest.mark.parametrize(
    ("member", "value", "field"),
    [
        ("@context", ["https://evil.example/v2"], "/@context"),
        ("type", ["VerifiableCredential"], "/type"),
        ("type", "BitstringStatusListCredential", "/type"),
        ("type", [{}, 1], "/type"),
        ("issuer", {"id": ISSUER}, "/issuer"),
        ("issuer", "", "/issuer"),
        ("validFrom", None, "/validFrom"),
        ("validFrom", "2026-11-25", "/validFrom"),
        ("validFrom", "2026-11-25T12:00:00", "/validFrom"),
        ("validFrom", "20261125T120000Z", "/validFrom"),
        ("validUntil", "2026-02-30T12:00:00Z", "/validUntil"),
        ("validUntil", 1_803_859_200, "/validUntil"),
    ],
)
def test_a_credential_of_another_form_is_refused(member: str, value: object, field: str) -> None:
    assert faults(published() | {member: value}) == [("malformed_status_list", field)]


@pytest.mark.parametrize(
    ("member", "value", "field"),
    [
        ("type", "StatusList2021", "/credentialSubject/type"),
        ("encodedList", None, "/credentialSubject/encodedList"),
        ("statusSize", 2, "/credentialSubject"),
    ],
)
def test_a_subject_of_another_form_is_refused(member: str, value: object, field: str) -> None:
    payload = copy.deepcopy(published())
    payload["credentialSubject"][member] = value
    assert faults(payload) == [("malformed_status_list", field)]


def test_every_fault_is_reported_at_once() -> None:
    found = faults({"credentialSubject": []})
    assert {code for code, _ in found} == {"malformed_status_list", "status_list_address", "status_list_purpose"}
    assert len(found) == 9


def test_wrong_bits_are_refused_after_everything_else_holds() -> None:
    payload = published()
    payload["credentialSubject"]["encodedList"] = "uAAAA"
    with pytest.raises(StatusListRefused) as refusal:
        read_status_list(payload, purpose="suspension", address=ADDRESS, at=NOON)
    assert refusal.value.code == "malformed_status_list"
