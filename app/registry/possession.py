"""Proof of possession in two steps: a nonce is given, then the holder signs it with the key to be registered.

Whoever registers a public key has shown to hold the private one, for this party or person and no other, over a nonce
that is fresh for a day and spent once. A copied proof is therefore worthless (trust, signer PKI).
"""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from app.keys.evidence import check_possession
from app.keys.keys import key_from_jwk, public_jwk, thumbprint
from app.registry.registry import Registry
from app.storage import parties
from app.storage.rows import Connection

NONCE_BYTES = 32


def give_nonce(registry: Registry, body: UUID, holder: UUID) -> str:
    """A nonce for this body or one of its people; asking again gives another, and the earlier ones stay good."""
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    with registry.database.transaction(body=body) as connection:
        parties.add_nonce(connection, body=body, holder=holder, nonce=nonce)
    return nonce


def accept_possession(
    connection: Connection, *, body: UUID, holder: UUID, jwk: Any, presented_possession: Any, nonce: str
) -> tuple[str, dict[str, str], dict[str, str]]:
    """Thumbprint, JWK and proof as they are stored; the nonce is spent with the caller's transaction.

    Raises `malformed_key`, `malformed_evidence`, `bad_signature`, or what the database says about the nonce.
    """
    key = key_from_jwk(jwk)
    check_possession(presented_possession, key, holder, nonce)
    name = thumbprint(key)
    parties.spend_nonce(connection, body=body, holder=holder, nonce=nonce, thumbprint=name)
    return name, public_jwk(key), {"nonce": nonce, "signature": presented_possession}
