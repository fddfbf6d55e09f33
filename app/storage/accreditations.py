"""Queries of accreditations: their statements and the key bindings that rest on them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one, scalar


def add_accreditation(
    connection: Connection,
    *,
    body: UUID,
    accreditation: UUID,
    accredited: UUID,
    scheme: str,
    number: str,
    time_zone: str,
) -> None:
    """An accreditation without any statement yet: nobody is accredited by it."""
    insert(
        connection,
        "accreditation",
        body_id=body,
        id=accreditation,
        accredited_id=accredited,
        scheme_code=scheme,
        number=number,
        time_zone=time_zone,
    )


def unused_accreditation(connection: Connection, body: UUID, number: str, accredited: UUID, scheme: str) -> UUID | None:
    """The accreditation of this number, body and scheme about which nothing was ever stated."""
    accreditation: UUID | None = scalar(
        connection,
        "SELECT a.id FROM akashi.accreditation a WHERE a.body_id = :body AND a.number = :number "
        "AND a.accredited_id = :accredited AND a.scheme_code = :scheme AND NOT EXISTS "
        "(SELECT FROM akashi.accreditation_statement s WHERE s.body_id = a.body_id AND s.accreditation_id = a.id)",
        body=body,
        number=number,
        accredited=accredited,
        scheme=scheme,
    )
    return accreditation


def find_accreditation(connection: Connection, body: UUID, accreditation: UUID) -> Row[Any] | None:
    """An accreditation of this accreditation body."""
    return one(
        connection,
        "SELECT id, accredited_id, scheme_code, number, time_zone FROM akashi.accreditation "
        "WHERE body_id = :body AND id = :accreditation",
        body=body,
        accreditation=accreditation,
    )


def last_statement(connection: Connection, body: UUID, accreditation: UUID) -> Row[Any] | None:
    """The newest statement, which is the full state."""
    return one(
        connection,
        "SELECT * FROM akashi.accreditation_statement WHERE body_id = :body AND accreditation_id = :accreditation "
        "ORDER BY statement_no DESC LIMIT 1",
        body=body,
        accreditation=accreditation,
    )


def next_status(connection: Connection, from_status: str, act: str) -> str | None:
    """Where an act leads from a status, or None where the table has no such row."""
    status: str | None = scalar(
        connection,
        "SELECT to_status FROM akashi.accreditation_transition WHERE from_status = :from_status AND act = :act",
        from_status=from_status,
        act=act,
    )
    return status


def criteria(connection: Connection, scheme: str) -> tuple[str, ...]:
    """The accreditation criteria of a scheme, by designation."""
    rows = many(
        connection,
        "SELECT designation FROM akashi.normative_document WHERE scheme_code = :scheme "
        "AND use = 'accreditation_criteria' ORDER BY designation",
        scheme=scheme,
    )
    return tuple(row.designation for row in rows)


def add_statement(connection: Connection, *, body: UUID, accreditation: UUID, **columns: Any) -> None:
    """A signed statement takes its place in the chain."""
    insert(connection, "accreditation_statement", body_id=body, accreditation_id=accreditation, **columns)


def signing_key(connection: Connection, party: UUID, thumbprint: str) -> Row[Any] | None:
    """A body's registered key with its proof of possession."""
    return one(
        connection,
        "SELECT thumbprint, purpose, jwk, possession FROM akashi.signing_key "
        "WHERE party_id = :party AND thumbprint = :thumbprint",
        party=party,
        thumbprint=thumbprint,
    )


def add_identity_binding(connection: Connection, *, body: UUID, binding: UUID, **columns: Any) -> None:
    """A signed binding by identity is recorded."""
    insert(connection, "identity_binding", body_id=body, id=binding, **columns)


def add_binding(connection: Connection, *, body: UUID, binding: UUID, **columns: Any) -> None:
    """A signed key binding is recorded."""
    insert(connection, "key_binding", body_id=body, id=binding, **columns)


def letter_gap(
    connection: Connection, accreditation: UUID, purpose: str, subjects: list[bytes], effective_on: date
) -> str | None:
    """The code of what keeps the accreditation body from writing a letter about these certifications."""
    gap: str | None = scalar(
        connection,
        "SELECT akashi.letter_gap(:accreditation, :purpose, :subjects, :effective_on)",
        accreditation=accreditation,
        purpose=purpose,
        subjects=subjects,
        effective_on=effective_on,
    )
    return gap


def add_letter(connection: Connection, *, body: UUID, letter: UUID, **columns: Any) -> None:
    """A signed letter is recorded."""
    insert(connection, "accreditation_letter", body_id=body, id=letter, **columns)


def statements_of(connection: Connection, accreditation: UUID) -> tuple[Row[Any], ...]:
    """All statements about an accreditation, in the order of their numbers."""
    return many(
        connection,
        "SELECT s.*, a.scheme_code, a.time_zone FROM akashi.accreditation_statement s "
        "JOIN akashi.accreditation a ON a.body_id = s.body_id AND a.id = s.accreditation_id "
        "WHERE s.accreditation_id = :accreditation ORDER BY s.statement_no",
        accreditation=accreditation,
    )


def decisions_resting_on(connection: Connection, accreditation: UUID) -> tuple[Row[Any], ...]:
    """What rests on an accreditation, for its two parties alone; raises `unknown_accreditation` for others."""
    return many(connection, "SELECT * FROM akashi.decisions_resting_on(:accreditation)", accreditation=accreditation)


def blocked_acts(connection: Connection, permitted: tuple[str, ...]) -> tuple[str, ...]:
    """The acts that need an accreditation now, but for those that a sanction permits."""
    rows = many(
        connection,
        "SELECT act FROM akashi.requirement WHERE rule = 'accreditation_now' AND NOT act = ANY (:permitted) ORDER BY act",
        permitted=list(permitted),
    )
    return tuple(row.act for row in rows)
