"""Queries of interests, of the body's own relations to clients, and of threats to impartiality; columns by their names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.storage.rows import insert, scalar


def add_interest(connection: Connection, **row: Any) -> None:
    """What a person has to do with a client."""
    insert(connection, "interest", **row)


def has_interest(connection: Connection, body: UUID, interest: UUID) -> bool:
    """Whether the body knows this interest."""
    return _has(connection, "SELECT 1 FROM akashi.interest WHERE body_id = :body AND id = :id", body, interest)


def end_interest(connection: Connection, **row: Any) -> None:
    """The day on which an interest ended, learned after it was declared."""
    insert(connection, "interest_end", **row)


def add_relation(connection: Connection, **row: Any) -> None:
    """What an organisation is to the body beyond a client."""
    insert(connection, "client_relation", **row)


def has_relation(connection: Connection, body: UUID, relation: UUID) -> bool:
    """Whether the body knows this relation."""
    return _has(connection, "SELECT 1 FROM akashi.client_relation WHERE body_id = :body AND id = :id", body, relation)


def end_relation(connection: Connection, **row: Any) -> None:
    """The day on which a relation ended."""
    insert(connection, "client_relation_end", **row)


def add_threat(connection: Connection, **row: Any) -> None:
    """A threat to impartiality."""
    insert(connection, "impartiality_threat", **row)


def has_threat(connection: Connection, body: UUID, threat: UUID) -> bool:
    """Whether the body knows this threat."""
    return _has(connection, "SELECT 1 FROM akashi.impartiality_threat WHERE body_id = :body AND id = :id", body, threat)


def add_mitigation(connection: Connection, **row: Any) -> None:
    """What was done about a threat."""
    insert(connection, "threat_mitigation", **row)


def _has(connection: Connection, statement: str, body: UUID, identity: UUID) -> bool:
    return scalar(connection, statement, body=body, id=identity) is not None
