"""An accreditation body's evidence that a body does not cooperate in a transfer (IAF MD 2, escalation).

Drafted, confirmed by an officer's own key and signed like every statement of an accreditation body. It stands in for
the issuing body's word in that one transfer and says nothing about any certificate's validity: only its body ends a
certification. It becomes public with the certificate that rests on it, not before (17021-1 8.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.identifiers import subject_of
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.examiner.documents import TRANSFER_EVIDENCE
from app.registry.drafts import Draft, commit_to, keep_draft, read_draft, record_confirmation
from app.registry.recomposition import MAX_DOCUMENT_BYTES, draft_input
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.registry.sealing import Fact, Sealed, open_act, reserve, seal_act
from app.storage import accreditations, certifications, envelopes, transfers
from app.storage.rows import Connection

KIND = "transfer_evidence"
ATTEST = "attest"


@dataclass(frozen=True)
class Finding:
    """What the accreditation body found: its ground, on which day, and the suspension that it found without ground."""

    ground: str
    stated_on: date
    accreditation: UUID
    event_no: int | None = None


@dataclass(frozen=True)
class TransferEvidence:
    """Signed evidence in a transfer."""

    id: UUID
    transfer: UUID
    ground: str
    jws: str


def draft_evidence(
    registry: Registry, actor: Actor, transfer: UUID, finding: Finding, officer: UUID, *, request: Request | None = None
) -> Draft:
    """A draft that would state that the issuing body does not cooperate; nobody has stated anything yet."""
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    draft, sealing = uuid4(), commit_to(str(officer))

    def make(connection: Connection) -> UUID:
        row = transfers.find_transfer(connection, transfer)
        if row is None or row.from_body_id is None:
            raise AkashiError("unknown_transfer")
        accreditation = accreditations.find_accreditation(connection, body, finding.accreditation)
        if accreditation is None or accreditation.accredited_id != row.from_body_id:
            raise AkashiError("unknown_accreditation", field="/accreditation")
        document = {
            "type": TRANSFER_EVIDENCE,
            "evidence": str(draft),
            "accreditation_body": str(body),
            "accreditation": str(finding.accreditation),
            "certification": row.source,
            "issuing_body": str(row.from_body_id),
            "accepting_body": str(row.body_id),
            "transfer": str(transfer),
            "ground": finding.ground,
            "event_no": finding.event_no,
            "stated_on": finding.stated_on.isoformat(),
            "time_zone": accreditation.time_zone,
            "confirmed_by_commitment": sealing.commitment,
        }
        keep_draft(connection, actor, draft=draft, kind=KIND, document=document, people={officer: sealing.salt})
        return draft

    return read_draft(registry, actor, once(registry, body, request, make))


def confirm_evidence(registry: Registry, actor: Actor, draft: UUID, presented_evidence: object) -> TransferEvidence:
    """The evidence stands signed by the accreditation body, and the transfer goes on with it; safe to repeat.

    1. The officer's evidence is checked against the enrolled key and this document.
    2. First commit: the exact bytes, judged by the rules.
    3. The accreditation body's key signs; second commit: the step in the transfer's record.
    """
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        kept = record_confirmation(connection, actor, draft, presented_evidence)
        if kept.kind != KIND:
            raise AkashiError("unknown_draft")
        act = envelopes.act_of_draft(connection, body, draft, ATTEST)
        if act is None:
            act = _reserve(connection, body, kept)
    return finish_evidence(registry, body, act, draft)


def finish_evidence(registry: Registry, body: UUID, act: UUID, draft: UUID) -> TransferEvidence:
    """Sign and store what the first commit reserved."""
    with registry.database.transaction(body=body) as connection:
        row = envelopes.find_draft(connection, body, draft)
    assert row is not None  # noqa: S101, the act rests on it
    document = parse_object(bytes(row.document), max_bytes=MAX_DOCUMENT_BYTES)

    def record(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
        transfer = transfers.find_transfer(connection, UUID(document["transfer"]))
        assert transfer is not None  # noqa: S101, the draft was made for it
        transfers.add_step(
            connection,
            body=body,
            transfer=transfer,
            step="no_cooperation",
            done_on=document["stated_on"],
            ground=document["ground"],
            content={} if document["event_no"] is None else {"event_no": document["event_no"]},
            envelope=sealed[TRANSFER_EVIDENCE].envelope,
        )

    sealed = seal_act(registry, body, act, record)
    return TransferEvidence(draft, UUID(document["transfer"]), document["ground"], sealed[TRANSFER_EVIDENCE].jws)


def _reserve(connection: Connection, body: UUID, kept: Draft) -> UUID:
    """The first commit. The evidence is a subject of its own: whoever knows the certificate's ID does not find it."""
    act, subject = uuid4(), subject_of(str(kept.id))
    open_act(connection, body=body, act=act, name=ATTEST, draft=kept.id, subject=subject)
    key = certifications.bound_key(connection, body, "accredit")
    if key is None:
        raise AkashiError("key_not_bound")
    signed = draft_input(kept.document, key.thumbprint)
    reserve(connection, body, act, [Fact(TRANSFER_EVIDENCE, "accreditation", subject, signed, key.thumbprint)])
    return act
