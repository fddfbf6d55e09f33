"""Retries: the `Idempotency-Key` of a request and the digest of what it asks, from which acts know a repetition.

The store is the act's own (it survives a restart, because the reservation does). Same key and same content is the
same act; same key and other content is refused there. Content is compared by canonical JSON: a client may serialise
its retry differently (draft-ietf-httpapi-idempotency-key-header).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request

from app.api.bodies import LARGEST_BODY
from app.credentials.canonical import canonical, digest
from app.credentials.strict_json import parse_json
from app.errors import AkashiError

_KEY = re.compile(r'"([\x21\x23-\x7e]{8,128})"|([\x21\x23-\x7e]{8,128})')


@dataclass(frozen=True)
class Once:
    """A request that is to be done once: the caller's key, and the digest of what it asks for."""

    key: str
    content: str


def parse_key(presented: str) -> str:
    """The key itself: 8 to 128 visible characters, with or without the quotes of a structured field."""
    found = _KEY.fullmatch(presented)
    if found is None:
        raise AkashiError("malformed_header", note="Idempotency-Key: 8 to 128 visible characters")
    return found[1] or found[2]


async def once(
    request: Request,
    idempotency_key: Annotated[str | None, Header(description="New for each act, the same for its retries.")] = None,
) -> Once:
    """The dependency of routes that act; without a key they are refused."""
    if idempotency_key is None:
        raise AkashiError("idempotency_key_missing")
    body = await request.body()
    asked = parse_json(body, max_bytes=LARGEST_BODY) if body else None
    return Once(parse_key(idempotency_key), digest(canonical([request.method, request.url.path, asked])))


OnceOnly = Annotated[Once, Depends(once)]
