"""Queries of the one envelope: drafts and confirmations, acts with their slot, reservations, sealed facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, insert_all, many, one, run, scalar


def add_draft(
    connection: Connection,
    *,
    body: UUID,
    draft: UUID,
    kind: str,
    document: bytes,
    facts: dict[str, Any] | None,
    late_reason: str | None,
    carried_by: str,
) -> None:
    """A draft that decides nothing yet."""
    insert(
        connection,
        "draft",
        body_id=body,
        id=draft,
        kind=kind,
        document=document,
        facts=facts,
        late_reason=late_reason,
        carried_by=carried_by,
    )


def add_draft_person(connection: Connection, *, body: UUID, draft: UUID, person: UUID, salt: bytes) -> None:
    """Who is to confirm, behind the document's commitment."""
    insert(connection, "draft_person", body_id=body, draft_id=draft, person_id=person, salt=salt)


def add_draft_reason(connection: Connection, *, body: UUID, draft: UUID, code: str, text: str, salt: bytes) -> None:
    """The reason behind the document's commitment."""
    insert(connection, "draft_reason", body_id=body, draft_id=draft, code=code, text=text, salt=salt)


def find_draft(connection: Connection, body: UUID, draft: UUID) -> Row[Any] | None:
    """Kind, document and facts of a draft of this body."""
    return one(
        connection,
        "SELECT kind, document, facts, late_reason, recorded_at FROM akashi.draft WHERE body_id = :body AND id = :draft",
        body=body,
        draft=draft,
    )


def draft_people(connection: Connection, body: UUID, draft: UUID) -> tuple[Row[Any], ...]:
    """Everyone who is to confirm, with the evidence of those who did."""
    return many(
        connection,
        "SELECT p.person_id, p.salt, c.thumbprint, c.evidence FROM akashi.draft_person p "
        "LEFT JOIN akashi.confirmation c ON c.body_id = p.body_id AND c.draft_id = p.draft_id AND c.person_id = p.person_id "
        "WHERE p.body_id = :body AND p.draft_id = :draft ORDER BY p.person_id",
        body=body,
        draft=draft,
    )


def person_of_key(connection: Connection, body: UUID, thumbprint: str) -> Row[Any] | None:
    """The person of this body whose enrolled key this is."""
    return one(
        connection,
        "SELECT person_id, jwk FROM akashi.person_key WHERE body_id = :body AND thumbprint = :thumbprint",
        body=body,
        thumbprint=thumbprint,
    )


def add_confirmation(
    connection: Connection,
    *,
    body: UUID,
    draft: UUID,
    person: UUID,
    thumbprint: str,
    evidence: dict[str, Any],
    carried_by: str,
) -> None:
    """One person's evidence over the draft."""
    insert(
        connection,
        "confirmation",
        body_id=body,
        draft_id=draft,
        person_id=person,
        thumbprint=thumbprint,
        evidence=evidence,
        carried_by=carried_by,
    )


def begin_act(
    connection: Connection,
    *,
    body: UUID,
    act: UUID,
    name: str,
    draft: UUID,
    subject: bytes,
    idempotency_key: str | None = None,
    request_digest: bytes | None = None,
) -> datetime:
    """An act between its two commits; returns the instant at which it was fixed."""
    fixed: datetime = scalar(
        connection,
        "INSERT INTO akashi.act (body_id, id, name, draft_id, subject, idempotency_key, request_digest) "
        "VALUES (:body, :act, :name, :draft, :subject, :idempotency_key, :request_digest) RETURNING recorded_at",
        body=body,
        act=act,
        name=name,
        draft=draft,
        subject=subject,
        idempotency_key=idempotency_key,
        request_digest=request_digest,
    )
    return fixed


def lock_subject(connection: Connection, subject: bytes) -> None:
    """Nobody else writes about this subject until the transaction ends."""
    run(connection, "SELECT akashi.lock_subject(:subject)", subject=subject)


def lock_draft(connection: Connection, body: UUID, draft: UUID) -> None:
    """Nobody else confirms or carries out this draft until the transaction ends."""
    run(connection, "SELECT akashi.lock_draft(:body, :draft)", body=body, draft=draft)


def lock_idempotency_key(connection: Connection, body: UUID, key: str) -> None:
    """Of several requests with one key the first goes on, the others wait and then find what it began."""
    run(connection, "SELECT akashi.lock_idempotency_key(:body, :key)", body=body, key=key)


def slot_holder(connection: Connection, body: UUID, subject: bytes) -> Row[Any] | None:
    """The act that holds the subject's slot with what it decides or carries out; call under `lock_subject`."""
    return one(
        connection,
        "SELECT a.id, a.name, d.act AS decides FROM akashi.slot s JOIN akashi.act a ON a.body_id = s.body_id AND a.id = s.act_id "
        "LEFT JOIN akashi.decision d ON d.body_id = a.body_id AND d.id = a.draft_id "
        "WHERE s.body_id = :body AND s.subject = :subject",
        body=body,
        subject=subject,
    )


def take_slot(connection: Connection, body: UUID, subject: bytes, act: UUID) -> bool:
    """Whether this act now holds the subject's slot."""
    run(
        connection,
        "INSERT INTO akashi.slot (body_id, subject) VALUES (:body, :subject) ON CONFLICT DO NOTHING",
        body=body,
        subject=subject,
    )
    return (
        run(
            connection,
            "UPDATE akashi.slot SET act_id = :act WHERE body_id = :body AND subject = :subject AND act_id IS NULL",
            body=body,
            subject=subject,
            act=act,
        )
        == 1
    )


def free_slot(connection: Connection, body: UUID, act: UUID) -> None:
    """The subject is open for the next act."""
    run(connection, "UPDATE akashi.slot SET act_id = NULL WHERE body_id = :body AND act_id = :act", body=body, act=act)


def void_act(connection: Connection, body: UUID, act: UUID, reason: str) -> None:
    """The act is void for ever and its slot free; refused once any of it is sealed, nothing new if it was void."""
    run(
        connection,
        "INSERT INTO akashi.act_void (body_id, act_id, reason) VALUES (:body, :act, :reason) ON CONFLICT DO NOTHING",
        body=body,
        act=act,
        reason=reason,
    )


def add_reservations(connection: Connection, *, body: UUID, act: UUID, facts: Sequence[Mapping[str, Any]]) -> None:
    """The exact bytes to be signed of each fact of an act; `facts` has the other columns of `reservation`."""
    insert_all(connection, "reservation", [{"body_id": body, "act_id": act, **fact} for fact in facts])


def seal(connection: Connection, *, body: UUID, signatures: Mapping[UUID, bytes]) -> dict[UUID, Row[Any]]:
    """The signatures by reservation are stored in this order; for each the ordinal `n` of its subject, and when."""
    rows = many(
        connection,
        "INSERT INTO akashi.envelope (body_id, id, signature) "
        "SELECT :body, s.id, s.signature FROM unnest(CAST(:ids AS uuid[]), CAST(:signatures AS bytea[])) "
        "WITH ORDINALITY s (id, signature, place) ORDER BY s.place RETURNING id, n, recorded_at",
        body=body,
        ids=list(signatures),
        signatures=list(signatures.values()),
    )
    return {row.id: row for row in rows}


def reservations_of(connection: Connection, body: UUID, *acts: UUID) -> tuple[Row[Any], ...]:
    """The facts of these acts, each act's in their order, sealed or not."""
    return many(
        connection,
        "SELECT r.act_id, r.id, r.ordinal, r.statement, r.subject, r.signing_input, r.thumbprint, e.signature, e.n, "
        "e.recorded_at FROM akashi.reservation r LEFT JOIN akashi.envelope e USING (body_id, id) "
        "WHERE r.body_id = :body AND r.act_id = ANY (:acts) ORDER BY r.act_id, r.ordinal",
        body=body,
        acts=list(acts),
    )


def act_by_key(connection: Connection, body: UUID, idempotency_key: str) -> Row[Any] | None:
    """The act that this key began, with its digest and whether it was voided or sealed."""
    return one(
        connection,
        "SELECT a.id, a.name, a.draft_id, a.request_digest, "
        "EXISTS (SELECT FROM akashi.act_void v WHERE v.body_id = a.body_id AND v.act_id = a.id) AS void, "
        "EXISTS (SELECT FROM akashi.reservation r JOIN akashi.envelope e USING (body_id, id) "
        "        WHERE r.body_id = a.body_id AND r.act_id = a.id) AS sealed "
        "FROM akashi.act a WHERE a.body_id = :body AND a.idempotency_key = :key",
        body=body,
        key=idempotency_key,
    )


def open_acts(connection: Connection) -> tuple[Row[Any], ...]:
    """Acts of all bodies that are neither sealed nor void, oldest first; for the process that finishes them."""
    return many(
        connection,
        "SELECT a.body_id, a.id, a.name, a.draft_id, a.recorded_at FROM akashi.act a "
        "WHERE NOT EXISTS (SELECT FROM akashi.act_void v WHERE v.body_id = a.body_id AND v.act_id = a.id) "
        "AND NOT EXISTS (SELECT FROM akashi.reservation r JOIN akashi.envelope e USING (body_id, id) "
        "                WHERE r.body_id = a.body_id AND r.act_id = a.id) ORDER BY a.recorded_at",
    )


def to_sign(connection: Connection, reservation: UUID) -> Row[Any] | None:
    """What the keeper reads before it signs: the reservation, its act and draft; its role sees all bodies."""
    return one(
        connection,
        "SELECT r.body_id, r.id, r.act_id, r.statement, r.signing_input, r.thumbprint, a.name AS act_name, "
        "a.recorded_at AS fixed_at, d.id AS draft_id, d.kind, d.document, d.facts, akashi.act_is_open(r.body_id, r.act_id) AS open, "
        "akashi.act_is_sealed(r.body_id, r.act_id) AS sealed, "
        "akashi.key_is_bound(r.body_id, r.thumbprint, akashi.now()) AS bound "
        "FROM akashi.reservation r JOIN akashi.act a ON a.body_id = r.body_id AND a.id = r.act_id "
        "JOIN akashi.draft d ON d.body_id = a.body_id AND d.id = a.draft_id WHERE r.id = :reservation",
        reservation=reservation,
    )


def evidence_of(connection: Connection, body: UUID, draft: UUID) -> tuple[Row[Any], ...]:
    """Each named decider with evidence and enrolled key, and whether the key had ended by then; None where missing."""
    return many(
        connection,
        "SELECT p.person_id, p.salt, c.evidence, k.jwk, x.recorded_at <= c.recorded_at AS key_ended FROM akashi.draft_person p "
        "LEFT JOIN akashi.confirmation c ON c.body_id = p.body_id AND c.draft_id = p.draft_id AND c.person_id = p.person_id "
        "LEFT JOIN akashi.person_key k ON k.body_id = c.body_id AND k.thumbprint = c.thumbprint AND k.person_id = c.person_id "
        "LEFT JOIN akashi.person_key_end x ON x.body_id = c.body_id AND x.thumbprint = c.thumbprint "
        "WHERE p.body_id = :body AND p.draft_id = :draft ORDER BY p.person_id",
        body=body,
        draft=draft,
    )


def act_of_draft(connection: Connection, body: UUID, draft: UUID, name: str) -> UUID | None:
    """The act of that name that rests on a draft and was not voided."""
    act: UUID | None = scalar(
        connection,
        "SELECT a.id FROM akashi.act a WHERE a.body_id = :body AND a.draft_id = :draft AND a.name = :name "
        "AND akashi.act_is_open(a.body_id, a.id) ORDER BY a.recorded_at DESC LIMIT 1",
        body=body,
        draft=draft,
        name=name,
    )
    return act
