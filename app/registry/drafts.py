"""Deciding in two steps: a draft is the exact document a person is asked to confirm, a confirmation is their evidence.

Any client of the body may carry either; only the evidence of the named persons, over the SHA-256 of the document,
makes it an act (records, deciding in two steps). Documents name persons and reasons by salted commitments only.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import acting_party
from app.credentials.canonical import canonical
from app.errors import AkashiError
from app.keys.encoding import b64u
from app.keys.evidence import check_evidence
from app.keys.keys import key_from_jwk
from app.registry.output_check import check_readable
from app.registry.registry import Registry
from app.storage import envelopes
from app.storage.rows import Connection

SALT_BYTES = 32
COMMITMENT = b"akashi-entry-v1\n"


@dataclass(frozen=True)
class Draft:
    """A document that awaits confirmation; `sha256` is what the person checks and signs over."""

    id: UUID
    kind: str
    document: bytes
    confirmed_by: tuple[UUID, ...]
    awaited: tuple[UUID, ...]

    @property
    def sha256(self) -> str:
        """Base64url SHA-256 of the document."""
        return b64u(digest_of(self.document))


@dataclass(frozen=True)
class Sealing:
    """A salted secret: what stands in the document, and what opens it."""

    commitment: str
    salt: bytes


def digest_of(document: bytes) -> bytes:
    """SHA-256 of a draft's exact document."""
    return hashlib.sha256(document).digest()


def commit_to(content: str) -> Sealing:
    """A fresh commitment to a text; without its salt it says nothing."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Sealing(commitment(content.encode(), salt), salt)


def commitment(content: bytes, salt: bytes) -> str:
    """Base64url of SHA-256 over the purpose, the salt and the content's digest."""
    return b64u(hashlib.sha256(COMMITMENT + salt + hashlib.sha256(content).digest()).digest())


def keep_draft(
    connection: Connection,
    actor: Actor,
    *,
    draft: UUID,
    kind: str,
    document: dict[str, Any],
    people: dict[UUID, bytes],
    facts: dict[str, Any] | None = None,
    late_reason: str | None = None,
) -> bytes:
    """The document's canonical bytes, kept with the salts of those who are to confirm it.

    Raises `malformed_document` for what our own reader would refuse.
    """
    body = acting_party(actor)
    check_readable(document)
    exact = canonical(document)
    envelopes.add_draft(
        connection,
        body=body,
        draft=draft,
        kind=kind,
        document=exact,
        facts=facts,
        late_reason=late_reason,
        carried_by=carrier(actor),
    )
    for person, salt in people.items():
        envelopes.add_draft_person(connection, body=body, draft=draft, person=person, salt=salt)
    return exact


def read_draft(registry: Registry, actor: Actor, draft: UUID) -> Draft:
    """A draft of the actor's body; another body's is unknown."""
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        return load_draft(connection, body, draft)


def load_draft(connection: Connection, body: UUID, draft: UUID) -> Draft:
    """The same within a transaction."""
    row = envelopes.find_draft(connection, body, draft)
    if row is None:
        raise AkashiError("unknown_draft")
    people = envelopes.draft_people(connection, body, draft)
    done = tuple(person.person_id for person in people if person.evidence is not None)
    awaited = tuple(person.person_id for person in people if person.evidence is None)
    return Draft(draft, row.kind, row.document, done, awaited)


def record_confirmation(connection: Connection, actor: Actor, draft: UUID, presented_evidence: object) -> Draft:
    """One person's evidence is recorded, checked against their enrolled key and this very document; safe to repeat.

    Until the transaction ends no other confirmation of the draft is looked at, so one of two deciders who confirm at
    the same moment sees the other's.
    """
    body = acting_party(actor)
    envelopes.lock_draft(connection, body, draft)
    kept = load_draft(connection, body, draft)
    key = presented_evidence.get("key") if isinstance(presented_evidence, dict) else None
    person = envelopes.person_of_key(connection, body, key) if isinstance(key, str) else None
    if person is None:
        raise AkashiError("evidence_of_unknown_key", field="/evidence/key")
    check_evidence(presented_evidence, key_from_jwk(person.jwk), kept.document)
    if person.person_id in kept.confirmed_by:
        return kept
    if person.person_id not in kept.awaited:
        raise AkashiError("not_a_named_decider", field="/evidence/key")
    assert isinstance(presented_evidence, dict)  # noqa: S101, check_evidence refused all else
    envelopes.add_confirmation(
        connection,
        body=body,
        draft=draft,
        person=person.person_id,
        thumbprint=str(key),
        evidence=presented_evidence,
        carried_by=carrier(actor),
    )
    return load_draft(connection, body, draft)


def carrier(actor: Actor) -> str:
    """Who carried the request, for the record: a client's id, or the kind of actor."""
    return actor.client_id or actor.kind
