"""The two commits of every signed fact: reserve the exact bytes, sign, then seal (records §1).

Between the commits nothing is public. A crash there leaves an open act that is finished or voided, never a ghost: the
second commit repeats the rules, and a voided act can never be sealed. Suspension, withdrawal and annulment void what
is under way in the holder's favour instead of waiting for it.
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
from app.registry.output_check import Accepted, check_output
from app.registry.registry import Registry
from app.registry.signing import Signer
from app.storage import envelopes
from app.storage.database import attempt_each
from app.storage.rows import Connection, Row

STATEMENT_MEDIA_TYPE = "application/akashi-statement+jwt"
LONGEST_REASON = 200
OVERTAKING = frozenset({"suspend", "suspend_urgently", "withdraw", "annul"})
OVERTAKEN = frozenset(
    {
        "grant",
        "transfer_in",
        "maintain",
        "extend",
        "reduce",
        "amend",
        "correct",
        "translate",
        "renew",
        "transition",
        "restore",
        "restore_expired",
    }
)
"""What a body decides against a certification never waits for what it was about to do in its favour."""
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
Outcome = dict[str, Sealed] | AkashiError


def open_act(
    connection: Connection,
    *,
    body: UUID,
    act: UUID,
    name: str,
    draft: UUID,
    subject: bytes,
    decides: str | None = None,
    idempotency_key: str | None = None,
    request_digest: bytes | None = None,
) -> datetime:
    """The act holds its subject's slot; returns the instant at which it is fixed. Raises `act_under_way`.

    `decides` is the word of a decision that may overtake an open act of the same certification.
    """
    envelopes.lock_subject(connection, subject)
    holder = envelopes.slot_holder(connection, body, subject)
    if holder is not None and decides in OVERTAKING and holder.decides in OVERTAKEN:
        envelopes.void_act(connection, body, holder.id, f"overtaken: {decides} by draft {draft}")
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
    rows = [
        {"id": reservation, "ordinal": ordinal, "salt": secrets.token_bytes(SALT_BYTES), **vars(fact)}
        for ordinal, (reservation, fact) in enumerate(zip(ids, facts, strict=True), start=1)
    ]
    envelopes.add_reservations(connection, body=body, act=act, facts=rows)
    return ids


def seal_act(registry: Registry, body: UUID, act: UUID, record: Record) -> dict[str, Sealed]:
    """Sign what the act reserved and store it with what `record` adds, all in one commit; safe to repeat.

    1. What is sealed already, by an earlier try or by whoever finished it, is the answer.
    2. The body's key signs, and each document is read and verified as a stranger would.
    3. Second commit: the signatures, and what `record` makes of the sealed facts; the slot is free.

    A refusal voids the act and is raised; one of `PASSING` leaves it open for a retry.
    """
    with registry.database.transaction(body=body) as connection:
        reserved = envelopes.reservations_of(connection, body, act)
    if _is_sealed(reserved):
        return _answer(reserved)

    try:
        signatures = _sign(registry, reserved)

        return _second_commit(registry, body, act, reserved, signatures, record)
    except AkashiError as refusal:
        if refusal.code in PASSING or void(registry, body, act, f"refused: {refusal.code}"):
            raise
    with registry.database.transaction(body=body) as connection:
        return _answer(envelopes.reservations_of(connection, body, act))


def void(registry: Registry, body: UUID, act: UUID, reason: str) -> bool:
    """The act is void and its subject free, what it reserved is never signed; False if somebody had sealed it."""
    try:
        with registry.database.transaction(body=body) as connection:
            envelopes.void_act(connection, body, act, reason[:LONGEST_REASON])
    except AkashiError as error:
        if error.code != "act_is_sealed":
            raise
        return False
    return True


def secured(signing_input: bytes, signature: bytes) -> str:
    """The compact form of a signed document (RFC 7515, 3.1)."""
    return f"{signing_input.decode('ascii')}.{b64u(signature)}"


def seal_together(registry: Registry, body: UUID, acts: Mapping[UUID, Record]) -> dict[UUID, Outcome]:
    """The same for many acts in one pair of commits: for each what it sealed, or the refusal by which it was voided.

    What one act is refused, or found sealed already, changes nothing for the others.
    """
    with registry.database.transaction(body=body) as connection:
        found = envelopes.reservations_of(connection, body, *acts)
    reserved = {act: [row for row in found if row.act_id == act] for act in acts}
    outcomes: dict[UUID, Outcome] = {act: _answer(rows) for act, rows in reserved.items() if _is_sealed(rows)}
    fresh = {act: rows for act, rows in reserved.items() if act not in outcomes}

    signed = _signer(registry).sign_all([row.id for rows in fresh.values() for row in rows])

    accepted = Accepted()

    def store(act: UUID) -> dict[str, Sealed]:
        signatures = _checked(registry, fresh[act], signed, accepted)
        return _store(connection, body, act, fresh[act], signatures, acts[act])

    with registry.database.transaction(body=body) as connection:
        stored = attempt_each(connection, fresh, store)
        for act, outcome in stored.items():
            if isinstance(outcome, AkashiError) and outcome.code not in PASSING:
                envelopes.void_act(connection, body, act, f"refused: {outcome.code}"[:LONGEST_REASON])
    return outcomes | stored


def _signer(registry: Registry) -> Signer:
    return Signer(registry.database, registry.keys, registry.base_url)


def _sign(registry: Registry, reserved: Sequence[Row[Any]]) -> dict[UUID, bytes]:
    return _checked(registry, reserved, _signer(registry).sign_all([row.id for row in reserved]), Accepted())


def _checked(
    registry: Registry, reserved: Sequence[Row[Any]], signed: Mapping[UUID, bytes | AkashiError], accepted: Accepted
) -> dict[UUID, bytes]:
    """The signatures of one act, each document verified as a stranger would; raises what the signer refused."""
    signatures = {}
    for row in reserved:
        signature = signed[row.id]
        if isinstance(signature, AkashiError):
            raise signature
        check_output(registry, secured(row.signing_input, signature), accepted)
        signatures[row.id] = signature
    return signatures


def _second_commit(
    registry: Registry,
    body: UUID,
    act: UUID,
    reserved: Sequence[Row[Any]],
    signatures: Mapping[UUID, bytes],
    record: Record,
) -> dict[str, Sealed]:
    with registry.database.transaction(body=body) as connection:
        return _store(connection, body, act, reserved, signatures, record)


def _store(
    connection: Connection,
    body: UUID,
    act: UUID,
    reserved: Sequence[Row[Any]],
    signatures: Mapping[UUID, bytes],
    record: Record,
) -> dict[str, Sealed]:
    stored = envelopes.seal(connection, body=body, signatures={row.id: signatures[row.id] for row in reserved})
    sealed = {row.statement: _sealed(row, signatures[row.id], stored[row.id]) for row in reserved}
    record(connection, sealed)
    envelopes.free_slot(connection, body, act)
    return sealed


def _is_sealed(reserved: Sequence[Row[Any]]) -> bool:
    """Whether the second commit has happened: it seals all facts of an act or none."""
    return any(row.signature is not None for row in reserved)


def _answer(reserved: Sequence[Row[Any]]) -> dict[str, Sealed]:
    return {row.statement: _sealed(row, row.signature, row) for row in reserved}


def _sealed(reserved: Row[Any], signature: bytes, stored: Row[Any]) -> Sealed:
    return Sealed(reserved.id, secured(reserved.signing_input, signature), stored.n, stored.recorded_at)
