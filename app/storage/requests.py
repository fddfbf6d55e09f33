"""Queries of answered requests: what an idempotency key has made before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, one


def find_request(connection: Connection, body: UUID, idempotency_key: str) -> Row[Any] | None:
    """The content and answer of the request that this key stood for."""
    return one(
        connection,
        "SELECT content, answer FROM akashi.request WHERE body_id = :body AND idempotency_key = :key",
        body=body,
        key=idempotency_key,
    )


def add_request(connection: Connection, *, body: UUID, idempotency_key: str, content: str, answer: UUID) -> None:
    """The request is answered, in the transaction of what it made."""
    insert(connection, "request", body_id=body, idempotency_key=idempotency_key, content=content, answer=answer)
