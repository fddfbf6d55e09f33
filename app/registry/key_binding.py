"""Key bindings: an accreditation body says, over proof of possession, what a body's key may sign, and how long.

X.509 says who holds a key; only the binding says what it may sign.
Registering a key grants nothing (trust, signer PKI).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.periods import deadline, instant_text
from app.credentials.canonical import canonical
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

BINDING = "akashi-key-binding-1"
LONGEST_MONTHS = 27
"""A body's key is bound anew before it is this old (trust, signer PKI)."""


@dataclass(frozen=True)
class KeyBinding:
    """A signed key binding."""

    id: UUID
    thumbprint: str
    jws: str


def draft_binding(
    registry: Registry,
    actor: Actor,
    *,
    accreditation: UUID,
    thumbprint: str,
    valid_from: datetime,
    valid_to: datetime,
    officer: UUID,
    request: Request | None = None,
) -> Draft:
    """A draft that would bind a registered key of the accredited body to certify; whole seconds in UTC."""
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    if not valid_from < valid_to or valid_to.date() > deadline(valid_from.date(), LONGEST_MONTHS):
        raise AkashiError("binding_period", field="/to")
    draft, sealing = uuid4(), commit_to(str(officer))

    def make(connection: Connection) -> UUID:
        row = accreditations.find_accreditation(connection, body, accreditation)
        if row is None:
            raise AkashiError("unknown_accreditation", field="/accreditation")
        key = accreditations.signing_key(connection, row.accredited_id, thumbprint)
        if key is None or key.purpose != "certify":
            raise AkashiError("unknown_key", field="/key")
        document = {
            "type": BINDING,
            "binding": str(draft),
            "accreditation_body": str(body),
            "body": str(row.accredited_id),
            "accreditation": str(accreditation),
            "key": thumbprint,
            "jwk": {member: key.jwk[member] for member in ("crv", "kty", "x", "y")},
            "purposes": ["certify"],
            "from": instant_text(valid_from.replace(microsecond=0)),
            "to": instant_text(valid_to.replace(microsecond=0)),
            "possession_sha256": b64u(hashlib.sha256(canonical(key.possession)).digest()),
        }
        keep_draft(
            connection, actor, draft=draft, kind="key_binding", document=document, people={officer: sealing.salt}
        )
        return draft

    return read_draft(registry, actor, once(registry, body, request, make))


def confirm_binding(registry: Registry, actor: Actor, draft: UUID, presented_evidence: object) -> KeyBinding:
    """The binding stands signed by the accreditation body; safe to repeat."""
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        kept = record_confirmation(connection, actor, draft, presented_evidence)
        if kept.kind != "key_binding":
            raise AkashiError("unknown_draft")
        act = envelopes.act_of_draft(connection, body, draft, "bind")
        if act is None:
            document = parse_object(kept.document, max_bytes=MAX_DOCUMENT_BYTES)
            act = reserve_statement(connection, body, kept, statement=BINDING, log_kind="key", about=document["key"])
    return finish_binding(registry, body, act, draft)


def finish_binding(registry: Registry, body: UUID, act: UUID, draft: UUID) -> KeyBinding:
    """Sign and store what the first commit reserved."""
    with registry.database.transaction(body=body) as connection:
        row = envelopes.find_draft(connection, body, draft)
    assert row is not None  # noqa: S101, the act rests on it
    document = parse_object(bytes(row.document), max_bytes=MAX_DOCUMENT_BYTES)

    def record(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
        accreditations.add_binding(
            connection,
            body=body,
            binding=UUID(document["binding"]),
            accreditation_id=UUID(document["accreditation"]),
            bound_body_id=UUID(document["body"]),
            thumbprint=document["key"],
            purposes=document["purposes"],
            valid_from=document["from"],
            valid_to=document["to"],
            draft_id=draft,
            envelope_id=sealed[BINDING].envelope,
        )

    sealed = seal_act(registry, body, act, record)
    return KeyBinding(draft, document["key"], sealed[BINDING].jws)
