"""Issuing: a granted or amended certification becomes a signed certificate (ISO/IEC 17021-1 8.2, 9.5).

Between the two commits nothing is public. What was signed is verified as a stranger would before it is released. A
retry with the same idempotency key and content answers the same; with other content it is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.credentials.composition import Reserved
from app.credentials.facts_json import facts_from_json
from app.credentials.statement import statement_input
from app.errors import AkashiError
from app.registry.decision import record_event
from app.registry.recomposition import CERTIFICATE, EVENT, certificate_input, next_event
from app.registry.registry import Registry
from app.registry.sealing import Fact, Record, Sealed, open_act, reserve, seal_act, secured
from app.registry.status_publication import republish_status
from app.status.entry import Position, Purpose, status_entries
from app.storage import certifications, envelopes, requests
from app.storage.rows import Connection, Row

ISSUE = "issue"
CREDENTIAL_MEDIA_TYPE = "application/vc+jwt"


@dataclass(frozen=True)
class IssuedCertificate:
    """An issued version: its public ID, its number, and its credential as secured."""

    public_id: str
    version_no: int
    credential: str


def issue(registry: Registry, actor: Actor, decision: UUID, *, idempotency_key: str) -> IssuedCertificate:
    """The certificate that a decision granted or amended is issued; safe to repeat with the same key.

    1. A repeated key answers what it answered before; the same key for another decision is refused.
    2. First commit: the slot, three status positions, the exact bytes of credential and standing event.
    3. The body's key signs what the signer recomposed from the records; the result is verified as a stranger would.
    4. Second commit, after the rules once more: version and event, each with its log entry.
    5. Status lists are published before the answer.
    """
    demand(actor, Scope.CERTIFICATES_PREPARE)
    body = acting_party(actor)
    request = request_of(decision)
    with registry.database.transaction(body=body) as connection:
        envelopes.lock_idempotency_key(connection, body, idempotency_key)
        act = begun_before(connection, body, decision, idempotency_key, request)
        if act is None:
            act = reserve_version(registry, connection, body, decision, idempotency_key, request)
    return finish_issue(registry, body, act, decision)


def finish_issue(registry: Registry, body: UUID, act: UUID, decision: UUID) -> IssuedCertificate:
    """Sign, verify and store what the first commit reserved; for the act itself and whoever finds it unfinished."""
    seal_act(registry, body, act, recorder(body, act, decision))
    republish_status(registry)
    with registry.database.transaction(body=body) as connection:
        row = certifications.version_of_decision(connection, body, decision)
    assert row is not None  # noqa: S101, the second commit wrote it
    return issued(row)


def recorder(body: UUID, act: UUID, decision: UUID) -> Record:
    """What the second commit of an issue adds to its signatures: the version and its event."""

    def record(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
        reserved = certifications.find_issuance_reservation(connection, body, act)
        decided = certifications.find_decision(connection, body, decision)
        assert reserved is not None  # noqa: S101, the first commit wrote it
        assert decided is not None  # noqa: S101, the first commit wrote it
        validity = facts_from_json(decided.facts).validity
        certifications.add_version(
            connection,
            body=body,
            certification=reserved.certification_id,
            version_no=reserved.version_no,
            decision=decision,
            envelope=sealed[CERTIFICATE].envelope,
            effective_at=validity.valid_from,
            valid_until=validity.valid_until,
        )
        record_event(connection, body, decided, sealed[EVENT], reserved.version_no)

    return record


def request_of(decision: UUID) -> bytes:
    """The digest by which a repeated idempotency key is known to ask for the same."""
    return hashlib.sha256(str(decision).encode()).digest()


def begun_before(
    connection: Connection, body: UUID, decision: UUID, idempotency_key: str, request: bytes
) -> UUID | None:
    """The act that this key began; raises if the key stood for other content or its act was voided."""
    known = envelopes.act_by_key(connection, body, idempotency_key)
    if requests.find_request(connection, body, idempotency_key) is not None:
        raise AkashiError("idempotency_key_reused")
    if known is None:
        if certifications.version_of_decision(connection, body, decision) is not None:
            raise AkashiError("already_issued", field="/decision")
        return None
    if known.name != ISSUE or known.request_digest != request:
        raise AkashiError("idempotency_key_reused")
    if known.void:
        raise AkashiError("act_is_void")
    act: UUID = known.id
    return act


def reserve_version(
    registry: Registry, connection: Connection, body: UUID, decision: UUID, idempotency_key: str, request: bytes
) -> UUID:
    """The first commit of an issue, all within the caller's transaction."""
    decided = certifications.find_decision(connection, body, decision)
    if decided is None:
        raise AkashiError("unknown_decision", field="/decision")
    if decided.facts is None:
        raise AkashiError("decision_makes_no_certificate", field="/decision")
    certification = certifications.certification_by_id(connection, body, decided.certification_id)
    key = certifications.key_for_decision(connection, body, decision)
    assert certification is not None  # noqa: S101, a foreign key leads there
    if key is None:
        raise AkashiError("key_not_bound")
    act = uuid4()
    fixed_at = open_act(
        connection,
        body=body,
        act=act,
        name=ISSUE,
        draft=decision,
        subject=certification.subject,
        idempotency_key=idempotency_key,
        request_digest=request,
    )
    latest = certifications.last_version(connection, body, certification.id)
    places = _claim(connection, act)
    reserved = Reserved(
        registry.base_url,
        certification.public_id,
        (latest.version_no if latest else 0) + 1,
        tuple(status_entries(registry.base_url, places)),
    )
    chain = tuple(bytes(certificate) for certificate in key.chain)
    credential = certificate_input(facts_from_json(decided.facts), reserved, key.thumbprint, chain)
    event = statement_input(next_event(connection, body, decided, certification, fixed_at), key.thumbprint)
    subject = certification.subject
    ids = reserve(
        connection,
        body,
        act,
        [
            Fact(CERTIFICATE, "certification", subject, credential, key.thumbprint, CREDENTIAL_MEDIA_TYPE),
            Fact(EVENT, "certification", subject, event, key.thumbprint),
        ],
    )
    certifications.add_issuance_reservation(
        connection,
        body=body,
        reservation=ids[0],
        act_id=act,
        certification_id=certification.id,
        version_no=reserved.version_no,
        decision_id=decision,
        **_columns(places),
    )
    return act


def _claim(connection: Connection, act: UUID) -> tuple[Position, ...]:
    """One position for each purpose, drawn at random."""
    drawn = certifications.claim_positions(connection, [purpose.value for purpose in Purpose], act)
    return tuple(Position(Purpose(row.purpose), row.list_no, row.position) for row in drawn)


def _columns(places: tuple[Position, ...]) -> dict[str, int]:
    """The positions as an issuance reservation keeps them."""
    return {
        name: value
        for place in places
        for name, value in (
            (f"{place.purpose.value}_list", place.list_number),
            (f"{place.purpose.value}_position", place.index),
        )
    }


def issued(row: Row[Any]) -> IssuedCertificate:
    """An issued version from its row."""
    return IssuedCertificate(row.public_id, row.version_no, secured(row.signing_input, row.signature))
