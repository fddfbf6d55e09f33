"""Letters of accreditation bodies about named certificates, signed like their statements (ISO/IEC 17011 7.6).

`bring_under`: certificates decided before the accreditation was obtained count under it from a date on; what was
accredited at their decision stays as it was, and both are shown. `accept_unaccredited`: the accreditation body accepts
that a certificate is issued without accreditation where the certification body is accredited (invariant 7). A letter
names certificates by their subjects, so that the evidence of one tells nothing of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.identifiers import parse_public_id, subject_of
from app.credentials.encoding import b64u_decode
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.keys.encoding import b64u
from app.registry.accreditation import reserve_statement
from app.registry.drafts import Draft, commit_to, keep_draft, read_draft, record_confirmation
from app.registry.recomposition import MAX_DOCUMENT_BYTES
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.registry.sealing import Sealed, seal_act
from app.storage import accreditations, envelopes
from app.storage.rows import Connection

LETTER = "akashi-accreditation-letter-1"
KIND = "accreditation_letter"

Purpose = Literal["bring_under", "accept_unaccredited"]


@dataclass(frozen=True)
class Letter:
    """A signed letter."""

    id: UUID
    accreditation: UUID
    jws: str


def draft_letter(
    registry: Registry,
    actor: Actor,
    *,
    accreditation: UUID,
    purpose: Purpose,
    certificates: tuple[str, ...],
    effective_on: date,
    officer: UUID,
    request: Request | None = None,
) -> Draft:
    """A draft of a letter about certificates of the accredited body, from a date on.

    Raises what keeps the accreditation body from writing it: `unknown_certification`, `not_yet_issued`, or what the
    accreditation does not cover on that date.
    """
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    subjects = sorted({subject_of(parse_public_id(one)) for one in certificates})
    draft, sealing = uuid4(), commit_to(str(officer))

    def make(connection: Connection) -> UUID:
        row = accreditations.find_accreditation(connection, body, accreditation)
        if row is None:
            raise AkashiError("unknown_accreditation", field="/accreditation")
        gap = accreditations.letter_gap(connection, accreditation, purpose, subjects, effective_on)
        if gap is not None:
            raise AkashiError(gap, field="/certificates")
        document = {
            "type": LETTER,
            "letter": str(draft),
            "purpose": purpose,
            "accreditation": str(accreditation),
            "accreditation_body": str(body),
            "body": str(row.accredited_id),
            "certifications": [b64u(subject) for subject in subjects],
            "effective_on": effective_on.isoformat(),
            "time_zone": row.time_zone,
            "confirmed_by_commitment": sealing.commitment,
        }
        keep_draft(connection, actor, draft=draft, kind=KIND, document=document, people={officer: sealing.salt})
        return draft

    return read_draft(registry, actor, once(registry, body, request, make))


def confirm_letter(registry: Registry, actor: Actor, draft: UUID, presented_evidence: object) -> Letter:
    """The letter stands signed by the accreditation body; safe to repeat.

    1. The officer's evidence is checked against the enrolled key and this document.
    2. First commit: the exact bytes of the letter, the next document of its accreditation.
    3. The accreditation body's key signs; second commit: the letter.
    """
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        kept = record_confirmation(connection, actor, draft, presented_evidence)
        if kept.kind != KIND:
            raise AkashiError("unknown_draft")
        act = envelopes.act_of_draft(connection, body, draft, "write")
        if act is None:
            about = parse_object(kept.document, max_bytes=MAX_DOCUMENT_BYTES)["accreditation"]
            act = reserve_statement(connection, body, kept, statement=LETTER, log_kind="accreditation", about=about)
    return finish_letter(registry, body, act, draft)


def finish_letter(registry: Registry, body: UUID, act: UUID, draft: UUID) -> Letter:
    """Sign and store what the first commit reserved."""
    with registry.database.transaction(body=body) as connection:
        row = envelopes.find_draft(connection, body, draft)
    assert row is not None  # noqa: S101, the act rests on it
    document = parse_object(bytes(row.document), max_bytes=MAX_DOCUMENT_BYTES)
    accreditation = UUID(document["accreditation"])

    def record(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
        accreditations.add_letter(
            connection,
            body=body,
            letter=UUID(document["letter"]),
            accreditation_id=accreditation,
            purpose=document["purpose"],
            subjects=[b64u_decode(one) for one in document["certifications"]],
            effective_on=document["effective_on"],
            draft_id=draft,
            envelope_id=sealed[LETTER].envelope,
        )

    sealed = seal_act(registry, body, act, record)
    return Letter(draft, accreditation, sealed[LETTER].jws)
