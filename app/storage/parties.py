"""Queries of parties: bodies with their names, identifiers and keys, and the nonces over which possession is shown."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one


def add_party(
    connection: Connection, *, party: UUID, kind: str, country: str, time_zone: str, public_information: dict[str, str]
) -> None:
    """A body without names yet."""
    insert(
        connection,
        "party",
        id=party,
        kind=kind,
        country=country,
        time_zone=time_zone,
        public_information=public_information,
    )


def add_party_name(
    connection: Connection, *, party: UUID, name: str, language: str, valid_from: date | None, valid_to: date | None
) -> None:
    """One of a body's names, exactly as registered."""
    insert(
        connection,
        "party_name",
        party_id=party,
        name=name,
        language=language,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def add_party_identifier(connection: Connection, *, party: UUID, scheme: str, value: str) -> None:
    """One of a body's registrations elsewhere."""
    insert(connection, "party_identifier", party_id=party, scheme=scheme, value=value)


def find_party(connection: Connection, party: UUID) -> Row[Any] | None:
    """What kind of body it is, and where."""
    return one(
        connection,
        "SELECT id, kind, country, time_zone, public_information FROM akashi.party WHERE id = :party",
        party=party,
    )


def list_parties(connection: Connection) -> tuple[Row[Any], ...]:
    """Every body with its first name and its keys, in the order of registration."""
    return many(
        connection,
        "SELECT p.id, p.kind, p.country, p.time_zone, "
        "(SELECT n.name FROM akashi.party_name n WHERE n.party_id = p.id ORDER BY n.recorded_at, n.language LIMIT 1) AS name, "
        "ARRAY(SELECT k.thumbprint FROM akashi.signing_key k WHERE k.party_id = p.id ORDER BY k.recorded_at) AS keys "
        "FROM akashi.party p ORDER BY p.recorded_at, p.id",
    )


def add_nonce(connection: Connection, *, body: UUID, holder: UUID, nonce: str) -> None:
    """A nonce given to a body, or to one of its people."""
    insert(connection, "possession_nonce", body_id=body, holder_id=holder, nonce=nonce)


def spend_nonce(connection: Connection, *, body: UUID, holder: UUID, nonce: str, thumbprint: str) -> None:
    """The nonce is spent on a key; the database refuses one that is unknown, old, or spent already."""
    insert(connection, "possession_use", body_id=body, holder_id=holder, nonce=nonce, thumbprint=thumbprint)


def add_signing_key(
    connection: Connection,
    *,
    party: UUID,
    thumbprint: str,
    purpose: str,
    jwk: dict[str, str],
    chain: tuple[bytes, ...],
    possession: dict[str, str],
) -> None:
    """A body's public key, whose possession was shown."""
    insert(
        connection,
        "signing_key",
        party_id=party,
        thumbprint=thumbprint,
        purpose=purpose,
        jwk=jwk,
        chain=chain,
        possession=possession,
    )
