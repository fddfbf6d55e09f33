"""From the records to the exact bytes of each signed document: composed once for the reservation, again by the signer.

Both sides call the same functions over the same committed rows, so what is signed can only be what was recorded.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from app.conformity.periods import instant_text, start_instant
from app.conformity.standing import LOOKS_BACK
from app.credentials.composition import Reserved, compose_certificate
from app.credentials.facts import CertificateFacts
from app.credentials.facts_json import facts_digest, facts_from_json
from app.credentials.jws import ALGORITHM, signing_input
from app.credentials.profile import check_profile
from app.credentials.statement import statement_input
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.keys.encoding import b64, b64u
from app.status.entry import Position, Purpose, status_entries
from app.storage import certifications
from app.storage.rows import Connection, Row

CERTIFICATE = "certificate"
EVENT = "akashi-standing-event-1"
MAX_DOCUMENT_BYTES = 65536
MAX_SHEET_BYTES = 262144


def recompose(connection: Connection, row: Row[Any], base_url: str) -> bytes:
    """The bytes that a committed reservation ought to hold, from the records that it rests on."""
    if row.statement == CERTIFICATE:
        return _certificate(connection, row, base_url)
    if row.statement == EVENT:
        return statement_input(_event(connection, row), row.thumbprint)
    return draft_input(row.document, row.thumbprint)


def draft_input(document: bytes, thumbprint: str) -> bytes:
    """The signing input of a statement that is exactly its confirmed draft."""
    return statement_input(parse_object(document, max_bytes=MAX_DOCUMENT_BYTES), thumbprint)


def certificate_input(facts: CertificateFacts, reserved: Reserved, thumbprint: str, chain: tuple[bytes, ...]) -> bytes:
    """The signing input of the credential, which has passed its profile (VC-JOSE-COSE; RFC 7515 §4.1.6)."""
    checked = check_profile(compose_certificate(facts, reserved))
    header = {
        "alg": ALGORITHM,
        "cty": "vc",
        "kid": thumbprint,
        "typ": "vc+jwt",
        "x5c": [b64(certificate) for certificate in chain],
    }
    return signing_input(header, checked.payload)


def positions_of(row: Row[Any]) -> tuple[Position, ...]:
    """The status positions of an issuance reservation."""
    return tuple(
        Position(purpose, getattr(row, f"{purpose.value}_list"), getattr(row, f"{purpose.value}_position"))
        for purpose in Purpose
    )


def _certificate(connection: Connection, row: Row[Any], base_url: str) -> bytes:
    reserved = certifications.find_issuance_reservation(connection, row.body_id, row.act_id)
    decision = certifications.find_decision(connection, row.body_id, row.draft_id)
    if reserved is None or decision is None:
        raise AkashiError("unknown_reservation")
    certification = certifications.certification_by_id(connection, row.body_id, reserved.certification_id)
    assert certification is not None  # noqa: S101, a foreign key leads there
    facts = facts_from_json(row.facts)
    check_columns(decision, facts)
    if parse_object(row.document, max_bytes=MAX_DOCUMENT_BYTES)["facts_sha256"] != facts_digest(facts):
        raise AkashiError("document_mismatch")
    entries = tuple(status_entries(base_url, positions_of(reserved)))
    at = Reserved(base_url, certification.public_id, reserved.version_no, entries)
    chain = certifications.chain_of(connection, row.body_id, row.thumbprint)
    return certificate_input(facts, at, row.thumbprint, chain)


def _event(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    decision = certifications.find_decision(connection, row.body_id, row.draft_id)
    assert decision is not None  # noqa: S101, the act's first commit wrote it
    certification = certifications.certification_by_id(connection, row.body_id, decision.certification_id)
    assert certification is not None  # noqa: S101, a foreign key leads there
    return next_event(connection, row.body_id, decision, certification, row.fixed_at)


def next_event(
    connection: Connection, body: UUID, decision: Row[Any], certification: Row[Any], fixed_at: datetime
) -> dict[str, Any]:
    """The payload of the event that carries out a decision, continuing the chain as it stands.

    Raises `no_such_transition`. `until`, zone and reason are those of the decision.
    """
    from_state, event_no, to_state = certifications.next_link(
        connection, body, certification.id, decision.act, decision.annuls_no
    )
    if to_state is None:
        raise AkashiError("no_such_transition", field="/act")
    decided = parse_object(decision.document, max_bytes=MAX_DOCUMENT_BYTES)
    return {
        "type": EVENT,
        "certification": certification.public_id,
        "body": str(body),
        "event_no": event_no,
        "previous_no": event_no - 1 or None,
        "act": decision.act,
        "from_state": from_state,
        "to_state": to_state,
        "decision": str(decision.id),
        "decision_sha256": b64u(hashlib.sha256(decision.document).digest()),
        "effective_at": instant_text(event_instant(decision, fixed_at)),
        "until": decided["until"],
        "time_zone": decided["time_zone"],
        "reason_commitment": decided["reason_commitment"],
    }


def event_instant(decision: Row[Any], fixed_at: datetime) -> datetime:
    """When an event takes effect: at the instant decided, else at the start of its day, but never before it was fixed.

    Only an annulment and what was decided elsewhere reach back.
    """
    if decision.effective_at is not None:
        instant: datetime = decision.effective_at
        return instant
    start = start_instant(decision.effective_on, decision.time_zone)
    moment = fixed_at.replace(microsecond=fixed_at.microsecond // 1000 * 1000)
    return start if decision.act in LOOKS_BACK else max(start, moment)


def check_columns(decision: Row[Any], facts: CertificateFacts) -> None:
    """The columns that the database judged are those of the facts that the credential asserts."""
    if facts_columns(facts) != {name: _plain(getattr(decision, name)) for name in facts_columns(facts)}:
        raise AkashiError("document_mismatch")


def facts_columns(facts: CertificateFacts) -> dict[str, Any]:
    """What the rules in the database read of the facts."""
    soa = facts.scope.soa
    return {
        "designation": facts.scheme.document.designation,
        "areas": list(facts.scope.areas),
        "countries": list(facts.scope.countries),
        "roles": list(facts.scope.roles),
        "criteria": list(facts.scope.criteria),
        "site_ids": [UUID(site.id) for site in facts.scope.sites],
        "soa_version": soa.version if soa else None,
        "soa_date": soa.dated_on if soa else None,
        "last_valid_day": facts.validity.last_valid_day,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else value
