"""Sign-in of machines: an assertion signed with the client's key becomes a token, a token becomes an actor.

Every answer is one transaction on the database's clock. An assertion is spent before its token exists, so nothing is
given twice; a client that lost the answer makes a new assertion, which is always safe.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.access.clients import check_assertion, check_client_key, split_assertion
from app.access.permissions import parse_scopes
from app.access.tokens import LIFE, make_token, token_digest
from app.errors import AkashiError, Fault
from app.registry.registry import Registry
from app.storage import sessions
from app.storage.database import now


@dataclass(frozen=True)
class AccessToken:
    """A token and what was granted with it; the only place where the token's own text exists on our side."""

    token: str
    client_id: str
    scopes: tuple[str, ...]
    expires_in: int

    def __repr__(self) -> str:
        return f"AccessToken(client_id={self.client_id!r}, scopes={self.scopes!r})"


def grant_token(
    registry: Registry, presented_assertion: str, presented_scopes: Iterable[str] | None = None
) -> AccessToken:
    """A token for the client that signed the assertion.

    1. The assertion is read strictly, and its client looked up.
    2. Its signature and claims are checked against the registered key.
    3. The scopes asked for (none: all that are registered) are within the client's.
    4. The assertion is spent; a second use ends here.
    5. A token is made and its digest kept.
    """
    unverified = split_assertion(presented_assertion)
    with registry.database.transaction() as connection:
        client = sessions.find_client(connection, unverified.client_id)

        moment = now(connection)
        checked = check_assertion(unverified, client.jwk if client else None, issuer=registry.base_url, now=moment)

        granted = _within(client, presented_scopes)

        if not sessions.spend_assertion(connection, checked.client_id, checked.jti, checked.remember_until):
            raise AkashiError("assertion_replayed")

        token = make_token()
        sessions.keep_token(connection, token_digest(token), checked.client_id, granted, moment + LIFE)
    return AccessToken(token, checked.client_id, granted, int(LIFE.total_seconds()))


def actor_of(registry: Registry, presented_token: str) -> Actor:
    """For whom a token acts; raises `token_not_accepted` for any that is malformed, unknown or over."""
    digest = token_digest(presented_token)
    with registry.database.transaction() as connection:
        session = sessions.find_session(connection, digest)
    if session is None:
        raise AkashiError("token_not_accepted")
    return Actor("machine", session.body_id, session.client_id, session.scopes, session.ceased)


def register_client(registry: Registry, party_id: UUID, jwk: Any, scopes: Iterable[str]) -> str:
    """A new client of this party may sign in with the key; returns its ID. An act of the operator."""
    client_id = f"client-{secrets.token_hex(8)}"
    granted = frozenset(scope.value for scope in parse_scopes(scopes))
    client = sessions.Client(client_id, party_id, check_client_key(jwk), granted)
    with registry.database.transaction(body=party_id) as connection:
        sessions.add_client(connection, client)
    return client_id


def end_client(registry: Registry, party_id: UUID, client_id: str) -> None:
    """The client can no longer sign in and its tokens are over; ending it twice is `unknown_client`."""
    with registry.database.transaction(body=party_id) as connection:
        if not sessions.end_client(connection, client_id):
            raise AkashiError("unknown_client")


def list_clients(registry: Registry, party_id: UUID) -> tuple[sessions.Client, ...]:
    """The living clients of a party, oldest first."""
    with registry.database.transaction(body=party_id) as connection:
        return sessions.list_clients(connection)


def forget_sign_ins(registry: Registry) -> int:
    """Spent assertions and tokens that are long over are gone; how many. A job, safe at any time."""
    with registry.database.transaction("jobs") as connection:
        return sessions.forget_sign_ins(connection)


def _within(client: sessions.Client | None, presented: Iterable[str] | None) -> tuple[str, ...]:
    assert client is not None  # noqa: S101, without a client check_assertion has refused
    if presented is None:
        return tuple(sorted(client.scopes))
    asked = parse_scopes(presented)
    faults = tuple(
        Fault("scope_not_granted", "/scope", scope.value) for scope in sorted(asked) if scope not in client.scopes
    )
    if faults:
        raise AkashiError("scope_not_granted", faults=faults)
    return tuple(sorted(scope.value for scope in asked))
