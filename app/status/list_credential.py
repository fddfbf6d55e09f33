"""The credential that publishes one status list, and its strict reader (W3C Bitstring Status List v1.0 §2.2, §3.2).

A published list counts for 24 hours and says so; a reader should ask again after five minutes. The reader checks type,
purpose, address and period before it believes a bit, and reports every fault at once, as codes. It does not check the
signature: hand it only the payload of a verified one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.errors import Fault
from app.status.bitstring import Bitstring, StatusListRefused
from app.status.entry import Purpose, list_address

CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/v2"
CREDENTIAL_TYPES = ("VerifiableCredential", "BitstringStatusListCredential")
LIST_TYPE = "BitstringStatusList"
TIME_TO_LIVE_MS = 300_000
LIFETIME = timedelta(hours=24)

_SUBJECT_MEMBERS = frozenset({"id", "type", "statusPurpose", "encodedList", "ttl"})
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z")


@dataclass(frozen=True)
class StatusList:
    """A list that counts at the time asked: its bits, who published it and for which period."""

    purpose: str
    address: str
    issuer: str
    valid_from: datetime
    valid_until: datetime
    bits: Bitstring


def compose_status_list(
    base_url: str, list_number: int, purpose: Purpose, bits: Bitstring, *, issuer: str, valid_from: datetime
) -> dict[str, Any]:
    """The unsigned credential of a list; the same arguments give the same content."""
    address = list_address(base_url, list_number)
    return {
        "@context": [CREDENTIALS_CONTEXT],
        "id": address,
        "type": list(CREDENTIAL_TYPES),
        "issuer": issuer,
        "validFrom": _instant(valid_from),
        "validUntil": _instant(valid_from + LIFETIME),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": LIST_TYPE,
            "statusPurpose": purpose.value,
            "encodedList": bits.encode(),
            "ttl": TIME_TO_LIVE_MS,
        },
    }


def read_status_list(payload: Mapping[str, Any], *, purpose: str, address: str, at: datetime) -> StatusList:
    """The list that this verified payload publishes for a purpose and address, if it counts at `at`.

    Raises `StatusListRefused` with every fault: `malformed_status_list`, `status_list_purpose`, `status_list_address`;
    if there is none, `status_list_not_yet_valid` or `status_list_expired`; at last those of `Bitstring.decode`.
    """
    faults = [*_faults_of_form(payload), *_faults_of_meaning(payload, purpose, address)]
    if not faults:
        faults = _faults_of_period(payload, at)
    if faults:
        raise StatusListRefused(faults[0].code, note=faults[0].note, faults=tuple(faults))
    return StatusList(
        purpose,
        address,
        payload["issuer"],
        _parse_instant(payload["validFrom"]),
        _parse_instant(payload["validUntil"]),
        Bitstring.decode(payload["credentialSubject"]["encodedList"]),
    )


def _faults_of_form(payload: Mapping[str, Any]) -> list[Fault]:
    """What is missing or is no list credential at all."""
    subject = _subject(payload)
    expected = {
        "/@context": payload.get("@context") == [CREDENTIALS_CONTEXT],
        "/type": _includes(payload.get("type"), *CREDENTIAL_TYPES),
        "/issuer": _is_text(payload.get("issuer")),
        "/validFrom": _is_instant(payload.get("validFrom")),
        "/validUntil": _is_instant(payload.get("validUntil")),
        "/credentialSubject/type": subject.get("type") == LIST_TYPE,
        "/credentialSubject/encodedList": _is_text(subject.get("encodedList")),
        # A member such as statusSize would move every bit to another place.
        "/credentialSubject": set(subject) <= _SUBJECT_MEMBERS,
    }
    return [Fault("malformed_status_list", field) for field, holds in expected.items() if not holds]


def _faults_of_meaning(payload: Mapping[str, Any], purpose: str, address: str) -> list[Fault]:
    """A sound list, but not the one that the entry names."""
    faults = []
    if payload.get("id") != address:
        faults.append(Fault("status_list_address", "/id"))
    if not _includes(_subject(payload).get("statusPurpose"), purpose):
        faults.append(Fault("status_list_purpose", "/credentialSubject/statusPurpose"))
    return faults


def _faults_of_period(payload: Mapping[str, Any], at: datetime) -> list[Fault]:
    if at < _parse_instant(payload["validFrom"]):
        return [Fault("status_list_not_yet_valid", "/validFrom", payload["validFrom"])]
    if at >= _parse_instant(payload["validUntil"]):
        return [Fault("status_list_expired", "/validUntil", payload["validUntil"])]
    return []


def _subject(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    subject = payload.get("credentialSubject")
    return subject if isinstance(subject, dict) else {}


def _includes(presented: object, *wanted: str) -> bool:
    """Whether a value that may be one text or several holds all that are wanted."""
    several = presented if isinstance(presented, list) else [presented]
    return all(one in several for one in wanted)


def _is_text(presented: object) -> bool:
    return isinstance(presented, str) and bool(presented)


def _is_instant(presented: object) -> bool:
    if not isinstance(presented, str) or not _INSTANT.fullmatch(presented):
        return False
    try:
        datetime.fromisoformat(presented)
    except ValueError:
        return False
    return True


def _parse_instant(presented: str) -> datetime:
    return datetime.fromisoformat(presented)


def _instant(moment: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond, so that a list is never older than the event that it follows."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
