"""Requests that are done once: the same key with the same content gets the answer of the first time.

The answer is kept in the transaction that made what was asked for, so a retry after any failure finds either both or
neither. Acts with two commits keep their own key (`issuance`); these are the acts of one commit.
One key stands for one request of a body, of whichever kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.errors import AkashiError
from app.registry.registry import Registry
from app.storage import envelopes, requests
from app.storage.rows import Connection


@dataclass(frozen=True)
class Request:
    """The caller's key, and a digest of what is asked for."""

    key: str
    content: str


def once(registry: Registry, body: UUID, request: Request | None, make: Callable[[Connection], UUID]) -> UUID:
    """What `make` made in one transaction of the body, now or when the request came first.

    Raises `idempotency_key_reused` for the same key with other content, or that of an issue; without a request, `make`
    is simply done.
    """
    with registry.database.transaction(body=body) as connection:
        if request is None:
            return make(connection)
        envelopes.lock_idempotency_key(connection, body, request.key)
        if envelopes.act_by_key(connection, body, request.key) is not None:
            raise AkashiError("idempotency_key_reused")
        known = requests.find_request(connection, body, request.key)
        if known is not None:
            if known.content != request.content:
                raise AkashiError("idempotency_key_reused")
            answer: UUID = known.answer
            return answer
        made = make(connection)
        requests.add_request(connection, body=body, idempotency_key=request.key, content=request.content, answer=made)
        return made
