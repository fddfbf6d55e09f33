"""Bindings by identity: where no accreditation body speaks, the registry says whose key this is, in one scheme.

Evidence `identity_only`: it says who holds a key, over proof of possession and the registry's own record of the party,
and can never support a statement about accreditation (records, signing). An officer of the registry confirms it, as an
accreditation body's officer confirms a key binding; the registry decides nothing about anybody's certification.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.identifiers import subject_of
from app.conformity.periods import deadline, instant_text
from app.credentials.canonical import canonical
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.examiner.documents import IDENTITY_BINDING, IDENTITY_ONLY
from app.keys.encoding import b64u
from app.registry.drafts import Draft, commit_to, keep_draft, read_draft, record_confirmation
from app.registry.key_binding import LONGEST_MONTHS
from app.registry.recomposition import MAX_DOCUMENT_BYTES, draft_input
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.registry.sealing import Fact, Sealed, open_act, reserve, seal_act
from app.storage import accreditations, certifications, envelopes, recorded_facts
from app.storage.rows import Connection

KIND = "identity_binding"


@dataclass(frozen=True)
class IdentityBinding:
    """A signed binding by identity."""

    id: UUID
    thumbprint: str
    jws: str


def draft_identity(
    registry: Registry,
    actor: Actor,
    *,
    body: UUID,
    scheme: str,
    thumbprint: str,
    valid_from: datetime,
    valid_to: datetime,
    officer: UUID,
    request: Request | None = None,
) -> Draft:
    """A draft that would bind a registered key to its body or declarant in a scheme; whole seconds in UTC.

    1. The registry speaks, about a scheme of its records, for at most 27 months.
    2. The key is registered for that party, with proof of possession.
    3. The document is kept, with the names under which the registry knows the party.
    """
    demand(actor, Scope.IDENTITIES)
    speaker = acting_party(actor)
    if not valid_from < valid_to or valid_to.date() > deadline(valid_from.date(), LONGEST_MONTHS):
        raise AkashiError("binding_period", field="/to")

    draft, sealing = uuid4(), commit_to(str(officer))

    def make(connection: Connection) -> UUID:
        own = recorded_facts.party(connection, speaker)
        if own is None or own.kind != "registry":
            raise AkashiError("registry_only")
        if recorded_facts.scheme(connection, scheme) is None:
            raise AkashiError("unknown_scheme", field="/scheme")
        key = accreditations.signing_key(connection, body, thumbprint)
        if key is None or key.purpose != "certify":
            raise AkashiError("unknown_key", field="/key")

        document = {
            "type": IDENTITY_BINDING,
            "binding": str(draft),
            "registry": str(speaker),
            "body": str(body),
            "body_names": _names(connection, body),
            "scheme": scheme,
            "evidence": IDENTITY_ONLY,
            "key": thumbprint,
            "jwk": {member: key.jwk[member] for member in ("crv", "kty", "x", "y")},
            "purposes": ["certify"],
            "from": instant_text(valid_from.replace(microsecond=0)),
            "to": instant_text(valid_to.replace(microsecond=0)),
            "possession_sha256": b64u(hashlib.sha256(canonical(key.possession)).digest()),
            "confirmed_by_commitment": sealing.commitment,
        }
        keep_draft(connection, actor, draft=draft, kind=KIND, document=document, people={officer: sealing.salt})
        return draft

    return read_draft(registry, actor, once(registry, speaker, request, make))


def confirm_identity(registry: Registry, actor: Actor, draft: UUID, presented_evidence: object) -> IdentityBinding:
    """The binding stands signed by the registry; safe to repeat."""
    demand(actor, Scope.IDENTITIES)
    speaker = acting_party(actor)
    with registry.database.transaction(body=speaker) as connection:
        kept = record_confirmation(connection, actor, draft, presented_evidence)
        if kept.kind != KIND:
            raise AkashiError("unknown_draft")
        act = envelopes.act_of_draft(connection, speaker, draft, "identify") or _reserve(connection, speaker, kept)
    return finish_identity(registry, speaker, act, draft)


def finish_identity(registry: Registry, speaker: UUID, act: UUID, draft: UUID) -> IdentityBinding:
    """Sign and store what the first commit reserved."""
    with registry.database.transaction(body=speaker) as connection:
        row = envelopes.find_draft(connection, speaker, draft)
    assert row is not None  # noqa: S101, the act rests on it
    document = parse_object(bytes(row.document), max_bytes=MAX_DOCUMENT_BYTES)

    def record(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
        accreditations.add_identity_binding(
            connection,
            body=speaker,
            binding=UUID(document["binding"]),
            bound_body_id=UUID(document["body"]),
            scheme_code=document["scheme"],
            thumbprint=document["key"],
            purposes=document["purposes"],
            valid_from=document["from"],
            valid_to=document["to"],
            draft_id=draft,
            envelope_id=sealed[IDENTITY_BINDING].envelope,
        )

    sealed = seal_act(registry, speaker, act, record)
    return IdentityBinding(draft, document["key"], sealed[IDENTITY_BINDING].jws)


def _reserve(connection: Connection, speaker: UUID, kept: Draft) -> UUID:
    """The first commit: the act, and the exact bytes to be signed by the registry's own key."""
    key_named = parse_object(kept.document, max_bytes=MAX_DOCUMENT_BYTES)["key"]
    act, subject = uuid4(), subject_of(key_named)
    open_act(connection, body=speaker, act=act, name="identify", draft=kept.id, subject=subject)
    own = certifications.bound_key(connection, speaker, "identify")
    if own is None:
        raise AkashiError("key_not_bound")
    content = draft_input(kept.document, own.thumbprint)
    reserve(connection, speaker, act, [Fact(IDENTITY_BINDING, "key", subject, content, own.thumbprint)])
    return act


def _names(connection: Connection, party: UUID) -> list[dict[str, Any]]:
    return [{"name": row.name, "language": row.language} for row in recorded_facts.party_names(connection, party)]
