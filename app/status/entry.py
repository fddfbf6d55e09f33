"""The status entries of a credential: where in which list a reader finds whether it still counts.

W3C Bitstring Status List v1.0 §2.1. Our credentials carry an array with one entry a purpose; the index is a text in
base 10. Two entries of one purpose are refused, because a reader could then believe either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.status.bitstring import StatusListRefused, parse_index

ENTRY_TYPE = "BitstringStatusListEntry"
_MEMBERS = frozenset({"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"})


class Purpose(StrEnum):
    """What a set bit says of a version. Revocation and refresh are never cleared, suspension may be."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"
    REFRESH = "refresh"


FIRST_LIST: Mapping[Purpose, int] = {Purpose.REVOCATION: 1, Purpose.SUSPENSION: 2, Purpose.REFRESH: 3}
"""The list of each purpose with which a registry begins; later lists take the next free numbers."""


@dataclass(frozen=True)
class Position:
    """A place that was drawn for a version: one bit of one list."""

    purpose: Purpose
    list_number: int
    index: int


@dataclass(frozen=True)
class StatusEntry:
    """What a credential says about one purpose: which bit of the list at which address."""

    purpose: str
    list_address: str
    index: int


def list_address(base_url: str, list_number: int) -> str:
    """Where a list is served, and its `id`."""
    return f"{base_url}/status/{list_number}"


def status_entries(base_url: str, positions: Iterable[Position]) -> list[dict[str, str]]:
    """The `credentialStatus` of a credential with these positions, in the order of `Purpose`."""
    by_purpose = {position.purpose: position for position in positions}
    return [_entry(base_url, by_purpose[purpose]) for purpose in Purpose if purpose in by_purpose]


def read_entries(credential: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    """The entries of a presented credential; raises `StatusListRefused` unless each is exactly of our form."""
    presented = credential.get("credentialStatus")
    if not isinstance(presented, list) or not presented:
        raise StatusListRefused(
            "malformed_status_entry", field="/credentialStatus", note="an array of entries expected"
        )
    entries = tuple(_read_entry(entry, f"/credentialStatus/{place}") for place, entry in enumerate(presented))
    if len({entry.purpose for entry in entries}) < len(entries):
        raise StatusListRefused("malformed_status_entry", field="/credentialStatus", note="a purpose occurs twice")
    return entries


def _entry(base_url: str, position: Position) -> dict[str, str]:
    address = list_address(base_url, position.list_number)
    return {
        "id": f"{address}#{position.index}",
        "type": ENTRY_TYPE,
        "statusPurpose": position.purpose.value,
        "statusListIndex": str(position.index),
        "statusListCredential": address,
    }


def _read_entry(presented: object, field: str) -> StatusEntry:
    if not isinstance(presented, dict):
        raise StatusListRefused("malformed_status_entry", field=field, note="an object expected")
    for member in presented:
        # statusSize and statusMessage would give the bit another place or meaning (§2.1).
        if member not in _MEMBERS:
            raise StatusListRefused("malformed_status_entry", field=f"{field}/{member[:32]}", note="unknown member")
    if presented.get("type") != ENTRY_TYPE:
        raise StatusListRefused("malformed_status_entry", field=f"{field}/type", note=f"{ENTRY_TYPE} expected")
    try:
        index = parse_index(presented.get("statusListIndex"))
    except StatusListRefused as error:
        raise StatusListRefused(error.code, field=f"{field}/statusListIndex") from error
    return StatusEntry(_text(presented, "statusPurpose", field), _text(presented, "statusListCredential", field), index)


def _text(presented: Mapping[str, Any], member: str, field: str) -> str:
    value = presented.get(member)
    if not isinstance(value, str) or not value:
        raise StatusListRefused("malformed_status_entry", field=f"{field}/{member}", note="a text expected")
    return value
