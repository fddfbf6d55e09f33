"""The two commits of every signed fact: reserve the exact bytes, sign, then seal (records §1).

Between the commits nothing is public. A crash there leaves an open act that is finished or voided, never a ghost: the
second commit repeats the rules, and a voided act can never be sealed. Suspension, withdrawal and annulment void an
open issue instead of waiting for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.errors import AkashiError
from app.keys.encoding import b64u
from app.registry.drafts import SALT_BYTES
from app.registry.registry import Registry
from app.registry.signing import Signer
from app.storage import envelopes
from app.storage.rows import Connection, Row

STATEMENT_MEDIA_TYPE = "application/akashi-statement+jwt"
ISSUE = "issue"
PASSING = frozenset({"outcome_unknown", "database_unavailable", "try_again", "storage_full"})
"""Failures after which the act is still open and a retry, or the next start, finishes it."""


@dataclass(frozen=True)
class Fact:
    """A document about to be reserved."""

    statement: str
    log_kind: str
    subject: bytes
    signing_input: bytes
    thumbprint: str
    media_type: str = STATEMENT_MEDIA_TYPE


@dataclass(frozen=True)
class Sealed:
    """A stored fact: its envelope, its secured form, the subject's ordinal and the instant of recording."""

    envelope: UUID
    jws: str
    n: int
    recorded_at: datetime


Record = Callable[[Connection, Mapping[str, Sealed]], None]


def open_act(
    connection: Connection,
    *,
    body: UUID,
    act: UUID,
    name: str,
    draft: UUID,
    subject: bytes,
    preempts: bool = False,
    idempotency_key: str | None = None,
    request_digest: bytes | None = None,
) -> datetime:
    """The act holds its subject's slot; returns the instant at which it is fixed. Raises `act_under_way`."""
    envelopes.lock_subject(connection, subject)
    holder = envelopes.slot_holder(connection, body, subject)
    if holder is not None and preempts and holder.name == ISSUE:
        envelopes.void_act(connection, body, holder.id, f"overtaken by {name} {act}")
        holder = None
    if holder is not None:
        raise AkashiError("act_under_way")
    fixed = envelopes.begin_act(
        connection,
        body=body,
        act=act,
        name=name,
        draft=draft,
        subject=subject,
        idempotency_key=idempotency_key,
        request_digest=request_digest,
    )
    if not envelopes.take_slot(connection, body, subject, act):
        raise AkashiError("act_under_way")
    return fixed


def reserve(connection: Connection, body: UUID, act: UUID, facts: list[Fact]) -> list[UUID]:
    """The facts' exact bytes stand in the records, each with its salt; returns their ids in order."""
    ids = [uuid4() for _ in facts]
    for ordinal, (reservation, fact) in enumerate(zip(ids, facts, strict=True), start=1):
        envelopes.add_reservation(
            connection,
            body=body,
            reservation=reservation,
            act=act,
            ordinal=ordinal,
            log_kind=fact.log_kind,
            statement=fact.statement,
            subject=fact.subject,
            media_type=fact.media_type,
            signing_input=fact.signing_input,
            salt=secrets.token_bytes(SALT_BYTES),
            thumbprint=fact.thumbprint,
        )
    return ids


def seal_act(registry: Registry, body: UUID, act: UUID, record: Record) -> dict[str, Sealed]:
    """Sign what the act reserved and store it with what `record` adds, all in one commit; safe to repeat.

    `record` gets the sealed facts by statement, in the second commit's transaction, before the slot is freed.
    """
    with registry.database.transaction(body=body) as connection:
        reserved = envelopes.reservations_of(connection, body, act)
    if any(row.signature is not None for row in reserved):
        return {row.statement: _sealed(row, row.signature, row) for row in reserved}
    signer = Signer(registry.database, registry.keys, registry.base_url)
    try:
        signatures = {row.id: signer.sign(row.id) for row in reserved}
        return _second_commit(registry, body, act, reserved, signatures, record)
    except AkashiError as refusal:
        if refusal.code not in PASSING:
            void(registry, body, act, f"refused: {refusal.code}")
        raise


def _second_commit(
    registry: Registry,
    body: UUID,
    act: UUID,
    reserved: Sequence[Row[Any]],
    signatures: Mapping[UUID, bytes],
    record: Record,
) -> dict[str, Sealed]:
    with registry.database.transaction(body=body) as connection:
        sealed = {}
        for row in reserved:
            stored = envelopes.seal(connection, body=body, reservation=row.id, signature=signatures[row.id])
            sealed[row.statement] = _sealed(row, signatures[row.id], stored)
        record(connection, sealed)
        envelopes.free_slot(connection, body, act)
    return sealed


def void(registry: Registry, body: UUID, act: UUID, reason: str) -> None:
    """The act is void and its subject free; what it reserved is never signed, its positions never used again."""
    with registry.database.transaction(body=body) as connection:
        envelopes.void_act(connection, body, act, reason[:200])


def _sealed(reserved: Row[Any], signature: bytes, stored: Row[Any]) -> Sealed:
    secured = f"{bytes(reserved.signing_input).decode('ascii')}.{b64u(bytes(signature))}"
    return Sealed(reserved.id, secured, stored.n, stored.recorded_at)
