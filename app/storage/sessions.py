"""Machine clients, their spent assertions and the digests of their tokens, through the functions made for them.

The service role may read no row of these tables across bodies: each function answers one question about one client or
one token. A token's digest goes in, never the token.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Client:
    """A machine client as registered: its public key, for whom it acts, and its widest scopes."""

    client_id: str
    body_id: UUID
    jwk: dict[str, Any]
    scopes: frozenset[str]


@dataclass(frozen=True)
class Session:
    """For whom a live token acts, with which scopes, and whether that body has ceased."""

    client_id: str
    body_id: UUID
    scopes: frozenset[str]
    ceased: bool


def find_client(connection: Connection, client_id: str) -> Client | None:
    """The client of this ID, unless it has ended."""
    row = connection.execute(
        text("SELECT body_id, jwk, scopes FROM akashi.client_for(:client_id)"), {"client_id": client_id}
    ).one_or_none()
    return None if row is None else Client(client_id, row.body_id, row.jwk, frozenset(row.scopes))


def spend_assertion(connection: Connection, client_id: str, jti: str, remember_until: datetime) -> bool:
    """Whether this was the first use of the client's `jti`; of two at once, one waits for the other and loses."""
    spent: bool = connection.execute(
        text("SELECT akashi.use_assertion(:client_id, :jti, :remember_until)"),
        {"client_id": client_id, "jti": jti, "remember_until": remember_until},
    ).scalar_one()
    return spent


def keep_token(
    connection: Connection, digest: bytes, client_id: str, scopes: Iterable[str], expires_at: datetime
) -> None:
    """The token of this digest acts for the client's body until `expires_at`."""
    connection.execute(
        text("SELECT akashi.keep_token(:digest, :client_id, :scopes, :expires_at)"),
        {"digest": digest, "client_id": client_id, "scopes": sorted(scopes), "expires_at": expires_at},
    )


def find_session(connection: Connection, digest: bytes) -> Session | None:
    """What the token of this digest stands for, if it lives."""
    row = connection.execute(
        text(
            "SELECT b.client_id, b.body_id, b.scopes, akashi.body_has_ceased(b.body_id) AS ceased "
            "FROM akashi.bind_token(:digest) b"
        ),
        {"digest": digest},
    ).one_or_none()
    return None if row is None else Session(row.client_id, row.body_id, frozenset(row.scopes), row.ceased)


def add_client(connection: Connection, client: Client) -> None:
    """The client may sign in from the commit on; the transaction acts for the client's body."""
    connection.execute(
        text(
            "INSERT INTO akashi.oauth_client (client_id, body_id, jwk, scopes)"
            " VALUES (:client_id, :body_id, CAST(:jwk AS jsonb), :scopes)"
        ),
        {
            "client_id": client.client_id,
            "body_id": client.body_id,
            "jwk": json.dumps(client.jwk),
            "scopes": sorted(client.scopes),
        },
    )


def end_client(connection: Connection, client_id: str) -> bool:
    """Whether a client of the transaction's body ended just now; its tokens end with it."""
    ended = connection.execute(
        text(
            "INSERT INTO akashi.oauth_client_end (client_id, body_id)"
            " SELECT client_id, body_id FROM akashi.oauth_client WHERE client_id = :client_id"
            " ON CONFLICT DO NOTHING RETURNING client_id"
        ),
        {"client_id": client_id},
    ).one_or_none()
    return ended is not None


def list_clients(connection: Connection) -> tuple[Client, ...]:
    """The living clients of the transaction's body, oldest first."""
    rows = connection.execute(
        text(
            "SELECT client_id, body_id, jwk, scopes FROM akashi.oauth_client AS c"
            " WHERE NOT EXISTS (SELECT FROM akashi.oauth_client_end AS e WHERE e.client_id = c.client_id)"
            " ORDER BY created_at, client_id"
        )
    )
    return tuple(Client(row.client_id, row.body_id, row.jwk, frozenset(row.scopes)) for row in rows)


def forget_sign_ins(connection: Connection) -> int:
    """Spent assertions and tokens whose time is long over are gone; for the role of the jobs."""
    forgotten: int = connection.execute(text("SELECT akashi.forget_sign_ins()")).scalar_one()
    return forgotten
