"""What our signed statements say, read strictly: exactly the members of each format, each of its type.

An unknown member, a missing one or a value of another form is refused, so that two readers cannot see two meanings.
Reading says nothing about who signed or whether the statement is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from app.conformity.accreditation import TERMINATED, AccreditationAct, AccreditationState
from app.conformity.identifiers import MalformedPublicId, parse_public_id
from app.conformity.names import check_name
from app.conformity.periods import zone_exists
from app.conformity.standing import Act, State
from app.credentials.encoding import MalformedBase64, b64u_decode
from app.errors import AkashiError, Fault

ACCREDITATION_STATEMENT = "akashi-accreditation-statement-1"
ACCREDITATION_LETTER = "akashi-accreditation-letter-1"
KEY_BINDING = "akashi-key-binding-1"
IDENTITY_BINDING = "akashi-identity-binding-1"
DECISION = "akashi-decision-1"
STANDING_EVENT = "akashi-standing-event-1"
TRANSFER_EVIDENCE = "akashi-transfer-evidence-1"
MANIFEST = "akashi-bundle-manifest-1"
SHEET = "akashi-decision-sheet-1"

Reader = Callable[[Any], Any]
_Word = TypeVar("_Word", bound=StrEnum)

STATED = (AccreditationState.ACTIVE, AccreditationState.SUSPENDED, *sorted(TERMINATED))
STORED = (
    State.NONE,
    State.ACTIVE,
    State.SUSPENDED,
    State.WITHDRAWN,
    State.CANCELLED,
    State.TRANSFERRED,
    State.ANNULLED,
)
"""States that events move between; `pending` and `expired` are arithmetic and never stored."""

VOTES = ("for", "against", "abstained")
IDENTITY_ONLY = "identity_only"
"""The evidence of a registry's binding: who holds a key, and never that anybody accredited the holder."""

YEARS = range(1900, 3000)
"""Every date in a statement lies here."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGEST_BYTES = 32


class MalformedDocument(AkashiError):
    """The payload is not of the format that its `type` names; `faults` lists the members at fault."""


@dataclass(frozen=True)
class Named:
    """A name in one language."""

    name: str
    language: str


@dataclass(frozen=True)
class AccreditationScope:
    """Documents, technical areas and countries for which a body is accredited."""

    documents: tuple[str, ...]
    areas: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True)
class Suspended:
    """Which part of the scope is suspended: all of it, or these areas and countries."""

    whole: bool
    areas: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True)
class AccreditationStatement:
    """The full state of an accreditation from a date on, as its accreditation body states it."""

    accreditation: str
    number: str
    statement_no: int
    accreditation_body: str
    accreditation_body_names: tuple[Named, ...]
    body: str
    body_names: tuple[Named, ...]
    act: AccreditationAct
    status: AccreditationState
    scheme: str
    criteria: tuple[str, ...]
    scope: AccreditationScope
    suspended: Suspended | None
    permitted_acts: tuple[Act, ...]
    symbol_allowed: bool
    effective_on: date
    time_zone: str
    valid_to: date
    confirmed_by_commitment: str


class LetterPurpose(StrEnum):
    """What an accreditation body's letter says of the certificates that it names."""

    BRING_UNDER = "bring_under"
    ACCEPT_UNACCREDITED = "accept_unaccredited"


@dataclass(frozen=True)
class AccreditationLetter:
    """What an accreditation body states of named certificates, by its purpose.

    They count under its accreditation from a date on, or it accepts that they are issued without one. Certificates are
    named by their subjects: who does not know a certificate's ID learns nothing of it.
    """

    letter: str
    purpose: LetterPurpose
    accreditation: str
    accreditation_body: str
    body: str
    certifications: tuple[bytes, ...]
    effective_on: date
    time_zone: str
    confirmed_by_commitment: str


@dataclass(frozen=True)
class KeyBinding:
    """Which key of a body may sign what, from when to when, as its accreditation body states it."""

    binding: str
    accreditation_body: str
    body: str
    accreditation: str
    key: str
    jwk: Mapping[str, str]
    purposes: tuple[str, ...]
    starts: datetime
    ends: datetime
    possession_sha256: str


@dataclass(frozen=True)
class IdentityBinding:
    """Which key is a body's or a declarant's in one scheme, by the registry's own record of identities."""

    binding: str
    registry: str
    body: str
    body_names: tuple[Named, ...]
    scheme: str
    evidence: str
    key: str
    jwk: Mapping[str, str]
    purposes: tuple[str, ...]
    starts: datetime
    ends: datetime
    possession_sha256: str
    confirmed_by_commitment: str


@dataclass(frozen=True)
class Vote:
    """How one member of a committee voted; the member stands behind a commitment."""

    member: str
    vote: str


@dataclass(frozen=True)
class Committee:
    """The members who were asked, each with their vote."""

    votes: tuple[Vote, ...]


@dataclass(frozen=True)
class Decision:
    """A decision of a certification body; a committee's names every member with their vote."""

    decision: str
    body: str
    certification: str
    act: Act
    decided_on: date
    time_zone: str
    effective_on: date | None
    effective_at: datetime | None
    until: date | None
    facts_sha256: str | None
    relied_on: tuple[str, ...]
    accreditations: tuple[str, ...]
    deciders: tuple[str, ...]
    reason_commitment: str | None
    annuls: int | None
    ratifies: int | None
    committee: Committee | None


@dataclass(frozen=True)
class SheetItem:
    """One decision of a sheet, by the digest of its document."""

    decision: str
    sha256: str


@dataclass(frozen=True)
class DecisionSheet:
    """The decisions that one evidence confirms; `plan` says what all of them rest on, as an import does."""

    sheet: str
    body: str
    plan: Mapping[str, Any] | None
    items: tuple[SheetItem, ...]


@dataclass(frozen=True)
class StandingEvent:
    """One step of a certification's standing."""

    certification: str
    body: str
    event_no: int
    previous_no: int | None
    act: Act
    from_state: State
    to_state: State
    decision: str
    decision_sha256: str
    effective_at: datetime
    until: date | None
    time_zone: str
    reason_commitment: str | None


@dataclass(frozen=True)
class TransferEvidence:
    """That a body does not cooperate in the transfer of a certification, as its accreditation body found (IAF MD 2)."""

    evidence: str
    accreditation_body: str
    accreditation: str
    certification: str
    issuing_body: str
    accepting_body: str
    transfer: str
    ground: str
    event_no: int | None
    stated_on: date
    time_zone: str
    confirmed_by_commitment: str


@dataclass(frozen=True)
class ManifestEntry:
    """What the registry says about one envelope of a bundle."""

    sha256: str
    n: int
    subject: bytes
    recorded_at: datetime


@dataclass(frozen=True)
class Manifest:
    """What the registry published about one certificate, at `as_of`."""

    certificate_id: str
    publication: int
    as_of: datetime
    envelopes: tuple[ManifestEntry, ...]


def read_accreditation_statement(payload: Mapping[str, Any]) -> AccreditationStatement:
    """The accreditation statement of a payload; raises `MalformedDocument`."""
    return AccreditationStatement(**_members(payload, ACCREDITATION_STATEMENT, _ACCREDITATION_STATEMENT))


def read_accreditation_letter(payload: Mapping[str, Any]) -> AccreditationLetter:
    """The letter of a payload; raises `MalformedDocument`."""
    return AccreditationLetter(**_members(payload, ACCREDITATION_LETTER, _ACCREDITATION_LETTER))


def read_key_binding(payload: Mapping[str, Any]) -> KeyBinding:
    """The key binding of a payload; raises `MalformedDocument`."""
    values = _members(payload, KEY_BINDING, _KEY_BINDING)
    return KeyBinding(starts=values.pop("from"), ends=values.pop("to"), **values)


def read_identity_binding(payload: Mapping[str, Any]) -> IdentityBinding:
    """The binding by identity of a payload; raises `MalformedDocument`."""
    values = _members(payload, IDENTITY_BINDING, _IDENTITY_BINDING)
    return IdentityBinding(starts=values.pop("from"), ends=values.pop("to"), **values)


def read_decision(payload: Mapping[str, Any]) -> Decision:
    """The decision of a payload; raises `MalformedDocument`."""
    return Decision(**_members(payload, DECISION, _DECISION))


def read_sheet(payload: Mapping[str, Any]) -> DecisionSheet:
    """The decision sheet of a document; raises `MalformedDocument`."""
    return DecisionSheet(**_members(payload, SHEET, _SHEET))


def read_standing_event(payload: Mapping[str, Any]) -> StandingEvent:
    """The standing event of a payload; raises `MalformedDocument`."""
    return StandingEvent(**_members(payload, STANDING_EVENT, _STANDING_EVENT))


def read_transfer_evidence(payload: Mapping[str, Any]) -> TransferEvidence:
    """The evidence in a transfer of a payload; raises `MalformedDocument`."""
    return TransferEvidence(**_members(payload, TRANSFER_EVIDENCE, _TRANSFER_EVIDENCE))


def read_manifest(payload: Mapping[str, Any]) -> Manifest:
    """The manifest of a payload; raises `MalformedDocument`."""
    return Manifest(**_members(payload, MANIFEST, _MANIFEST))


def _members(payload: Mapping[str, Any], kind: str, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Every member read; all faults at once."""
    if payload.get("type") != kind:
        raise MalformedDocument("malformed_document", field="/type", note=f"{kind} expected")
    values = {member: value for member, value in payload.items() if member != "type"}
    return _read_members(values, readers, "")


def _read_members(values: Mapping[str, Any], readers: Mapping[str, Reader], at: str) -> dict[str, Any]:
    faults = [Fault("malformed_document", f"{at}/{member[:64]}") for member in sorted(set(values) ^ set(readers))]
    read = {}
    for member in sorted(set(values) & set(readers)):
        try:
            read[member] = readers[member](values[member])
        except (ValueError, TypeError, AkashiError):
            faults.append(Fault("malformed_document", f"{at}/{member}"))
    if faults:
        raise MalformedDocument("malformed_document", faults=tuple(faults))
    return read


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _name(value: Any) -> str:
    """A name as parties register them: no controls, nothing invisible (trust §9); it will stand in sentences."""
    return check_name(_text(value), "")


def _uuid(value: Any) -> str:
    """A UUID in its one canonical form."""
    if not _UUID.fullmatch(_text(value)):
        raise ValueError
    return str(value)


def _public_id(value: Any) -> str:
    try:
        if parse_public_id(_text(value)) == value:
            return str(value)
    except MalformedPublicId as malformed:
        raise ValueError from malformed
    raise ValueError


def _zone(value: Any) -> str:
    if not zone_exists(_text(value)):
        raise ValueError
    return str(value)


def _day(value: Any) -> date:
    if not _DAY.fullmatch(_text(value)):
        raise ValueError
    day = date.fromisoformat(value)
    _check_year(day.year)
    return day


def _instant(value: Any) -> datetime:
    if not _INSTANT.fullmatch(_text(value)):
        raise ValueError
    instant = datetime.fromisoformat(value).astimezone(UTC)
    _check_year(instant.year)
    return instant


def _check_year(year: int) -> None:
    """Days and instants are moved by zones and periods afterwards, which the ends of the calendar would not survive."""
    if year not in YEARS:
        raise ValueError


def _number(value: Any) -> int:
    """A count from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _digest_bytes(value: Any) -> bytes:
    try:
        content = b64u_decode(_text(value))
    except MalformedBase64 as malformed:
        raise ValueError from malformed
    if len(content) != _DIGEST_BYTES:
        raise ValueError
    return content


def _digest(value: Any) -> str:
    _digest_bytes(value)
    return str(value)


def _or_null(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def _several(reader: Reader, *, at_least: int = 0) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) < at_least:
            raise ValueError
        return tuple(reader(one) for one in value)

    return read


def _distinct(reader: Reader, *, at_least: int = 0) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        several: tuple[Any, ...] = _several(reader, at_least=at_least)(value)
        if len(set(several)) < len(several):
            raise ValueError
        return several

    return read


def _object(build: Callable[..., Any], **readers: Reader) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError
        return build(**_read_members(value, readers, ""))

    return read


def _jwk(value: Any) -> Mapping[str, str]:
    """Only that it is an object of texts: `key_from_jwk` checks the key itself."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError
    return value


def _suspended(value: Any) -> Suspended | None:
    """null, `{"whole": true}`, or the areas and countries of a partial suspension."""
    if value is None:
        return None
    if value == {"whole": True}:
        return Suspended(whole=True, areas=(), countries=())
    codes = _distinct(_text)
    partial: Suspended = _object(lambda **parts: Suspended(whole=False, **parts), areas=codes, countries=codes)(value)
    if not partial.areas and not partial.countries:
        raise ValueError
    return partial


def _one_of(words: Iterable[_Word]) -> Reader:
    """One of these words of the vocabulary."""
    by_text = {word.value: word for word in words}

    def read(value: Any) -> _Word:
        if _text(value) not in by_text:
            raise ValueError
        return by_text[value]

    return read


def _plan(value: Any) -> Mapping[str, Any]:
    """Only that it is an object: what it must hold is said by the act that makes it."""
    if not isinstance(value, dict):
        raise TypeError
    return value


def _identity_only(value: Any) -> str:
    if value != IDENTITY_ONLY:
        raise ValueError
    return str(value)


def _vote(value: Any) -> str:
    if value not in VOTES:
        raise ValueError
    return str(value)


_names = _several(_object(Named, name=_name, language=_text), at_least=1)
_codes = _distinct(_text, at_least=1)

_ACCREDITATION_STATEMENT: Mapping[str, Reader] = {
    "accreditation": _uuid,
    "number": _name,
    "statement_no": _number,
    "accreditation_body": _uuid,
    "accreditation_body_names": _names,
    "body": _uuid,
    "body_names": _names,
    "act": _one_of(AccreditationAct),
    "status": _one_of(STATED),
    "scheme": _text,
    "criteria": _codes,
    "scope": _object(AccreditationScope, documents=_codes, areas=_codes, countries=_codes),
    "suspended": _suspended,
    "permitted_acts": _distinct(_one_of(Act)),
    "symbol_allowed": _flag,
    "effective_on": _day,
    "time_zone": _zone,
    "valid_to": _day,
    "confirmed_by_commitment": _digest,
}
_ACCREDITATION_LETTER: Mapping[str, Reader] = {
    "letter": _uuid,
    "purpose": _one_of(LetterPurpose),
    "accreditation": _uuid,
    "accreditation_body": _uuid,
    "body": _uuid,
    "certifications": _distinct(_digest_bytes, at_least=1),
    "effective_on": _day,
    "time_zone": _zone,
    "confirmed_by_commitment": _digest,
}
_KEY_BINDING: Mapping[str, Reader] = {
    "binding": _uuid,
    "accreditation_body": _uuid,
    "body": _uuid,
    "accreditation": _uuid,
    "key": _digest,
    "jwk": _jwk,
    "purposes": _codes,
    "from": _instant,
    "to": _instant,
    "possession_sha256": _digest,
}
_TRANSFER_EVIDENCE: Mapping[str, Reader] = {
    "evidence": _uuid,
    "accreditation_body": _uuid,
    "accreditation": _uuid,
    "certification": _public_id,
    "issuing_body": _uuid,
    "accepting_body": _uuid,
    "transfer": _uuid,
    "ground": _text,
    "event_no": _or_null(_number),
    "stated_on": _day,
    "time_zone": _zone,
    "confirmed_by_commitment": _digest,
}
_IDENTITY_BINDING: Mapping[str, Reader] = {
    "binding": _uuid,
    "registry": _uuid,
    "body": _uuid,
    "body_names": _names,
    "scheme": _text,
    "evidence": _identity_only,
    "key": _digest,
    "jwk": _jwk,
    "purposes": _codes,
    "from": _instant,
    "to": _instant,
    "possession_sha256": _digest,
    "confirmed_by_commitment": _digest,
}
_DECISION: Mapping[str, Reader] = {
    "decision": _uuid,
    "body": _uuid,
    "certification": _public_id,
    "act": _one_of(Act),
    "decided_on": _day,
    "time_zone": _zone,
    "effective_on": _or_null(_day),
    "effective_at": _or_null(_instant),
    "until": _or_null(_day),
    "facts_sha256": _or_null(_digest),
    "relied_on": _distinct(_uuid),
    "accreditations": _distinct(_uuid),
    "deciders": _distinct(_digest, at_least=1),
    "reason_commitment": _or_null(_digest),
    "annuls": _or_null(_number),
    "ratifies": _or_null(_number),
    "committee": _or_null(_object(Committee, votes=_several(_object(Vote, member=_digest, vote=_vote), at_least=1))),
}
_SHEET: Mapping[str, Reader] = {
    "sheet": _uuid,
    "body": _uuid,
    "plan": _or_null(_plan),
    "items": _distinct(_object(SheetItem, decision=_uuid, sha256=_digest), at_least=1),
}
_STANDING_EVENT: Mapping[str, Reader] = {
    "certification": _public_id,
    "body": _uuid,
    "event_no": _number,
    "previous_no": _or_null(_number),
    "act": _one_of(Act),
    "from_state": _one_of(STORED),
    "to_state": _one_of(STORED),
    "decision": _uuid,
    "decision_sha256": _digest,
    "effective_at": _instant,
    "until": _or_null(_day),
    "time_zone": _zone,
    "reason_commitment": _or_null(_digest),
}
_MANIFEST: Mapping[str, Reader] = {
    "certificate_id": _public_id,
    "publication": _number,
    "as_of": _instant,
    "envelopes": _several(
        _object(ManifestEntry, sha256=_digest, n=_number, subject=_digest_bytes, recorded_at=_instant), at_least=1
    ),
}
