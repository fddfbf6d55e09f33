"""The status entries of a credential (W3C Bitstring Status List v1.0 §2.1)."""

from __future__ import annotations

from typing import Any

import pytest

from app.status.bitstring import StatusListRefused
from app.status.entry import FIRST_LIST, Position, Purpose, StatusEntry, list_address, read_entries, status_entries

BASE = "https://registry.example"
POSITIONS = [
    Position(Purpose.REFRESH, 3, 7),
    Position(Purpose.REVOCATION, 1, 94_567),
    Position(Purpose.SUSPENSION, 2, 0),
]


def credential(**changes: Any) -> dict[str, Any]:
    entry: dict[str, Any] = status_entries(BASE, [Position(Purpose.REVOCATION, 1, 10)])[0]
    return {"credentialStatus": [{member: value for member, value in (entry | changes).items() if value is not None}]}


def test_an_entry_is_written_as_the_specification_shows_it() -> None:
    assert status_entries(BASE, POSITIONS)[0] == {
        "id": "https://registry.example/status/1#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://registry.example/status/1",
    }


def test_entries_stand_in_one_order_whatever_order_they_were_drawn_in() -> None:
    assert status_entries(BASE, POSITIONS) == status_entries(BASE, reversed(POSITIONS))
    assert [entry["statusPurpose"] for entry in status_entries(BASE, POSITIONS)] == [
        "revocation",
        "suspension",
        "refresh",
    ]


def test_what_was_written_reads_back() -> None:
    assert read_entries({"credentialStatus": status_entries(BASE, POSITIONS)}) == (
        StatusEntry("revocation", f"{BASE}/status/1", 94_567),
        StatusEntry("suspension", f"{BASE}/status/2", 0),
        StatusEntry("refresh", f"{BASE}/status/3", 7),
    )


def test_each_purpose_begins_with_a_list_of_its_own() -> None:
    assert {list_address(BASE, FIRST_LIST[purpose]) for purpose in Purpose} == {
        f"{BASE}/status/{number}" for number in (1, 2, 3)
    }


@pytest.mark.parametrize("status", [None, {}, [], "revocation", credential()["credentialStatus"][0]])
def test_anything_but_an_array_of_entries_is_refused(status: object) -> None:
    with pytest.raises(StatusListRefused) as refusal:
        read_entries({"credentialStatus": status})
    assert refusal.value.code == "malformed_status_entry"
    assert refusal.value.faults[0].field == "/credentialStatus"


def test_a_credential_without_status_is_refused() -> None:
    with pytest.raises(StatusListRefused):
        read_entries({})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "StatusList2021Entry"}, "/credentialStatus/0/type"),
        ({"type": None}, "/credentialStatus/0/type"),
        ({"statusPurpose": None}, "/credentialStatus/0/statusPurpose"),
        ({"statusPurpose": ["revocation"]}, "/credentialStatus/0/statusPurpose"),
        ({"statusListCredential": None}, "/credentialStatus/0/statusListCredential"),
        ({"statusListCredential": ""}, "/credentialStatus/0/statusListCredential"),
        ({"statusListCredential": {"id": "x"}}, "/credentialStatus/0/statusListCredential"),
        ({"statusSize": 2}, "/credentialStatus/0/statusSize"),
        ({"statusMessage": []}, "/credentialStatus/0/statusMessage"),
    ],
)
def test_each_member_must_be_of_its_form(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(StatusListRefused) as refusal:
        read_entries(credential(**changes))
    assert (refusal.value.code, refusal.value.faults[0].field) == ("malformed_status_entry", field)


@pytest.mark.parametrize("index", ["010", 10, "0x0a", "-1", None])
def test_an_index_in_another_notation_is_refused_with_its_place(index: object) -> None:
    """C019."""
    with pytest.raises(StatusListRefused) as refusal:
        read_entries(credential(statusListIndex=index))
    assert refusal.value.code == "malformed_status_index"
    assert refusal.value.faults[0].field == "/credentialStatus/0/statusListIndex"


def test_an_entry_that_is_no_object_is_refused() -> None:
    with pytest.raises(StatusListRefused) as refusal:
        read_entries({"credentialStatus": ["revocation"]})
    assert refusal.value.faults[0].field == "/credentialStatus/0"


def test_two_entries_of_one_purpose_are_refused() -> None:
    both = credential()["credentialStatus"] + credential(statusListIndex="11")["credentialStatus"]
    with pytest.raises(StatusListRefused) as refusal:
        read_entries({"credentialStatus": both})
    assert refusal.value.note == "a purpose occurs twice"
