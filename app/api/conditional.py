"""Answers that can be asked for again: strong ETags over the very bytes, 304, and an honest age (records: serving).

A mutable address says nothing for longer than a minute and never past its next boundary; an immutable one is cached
for ever. `If-Match` guards an act against a change since the caller read.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from app.credentials.encoding import b64u
from app.errors import AkashiError

LONGEST_AGE = 60
IMMUTABLE = "public, max-age=31536000, immutable"


def etag_of(body: bytes) -> str:
    """A strong ETag: the digest of the bytes."""
    return f'"{b64u(hashlib.sha256(body).digest()[:24])}"'


def until_boundary(now: datetime, boundary: datetime | None = None) -> str:
    """Cache-Control of a mutable address whose answer holds at most until `boundary`."""
    seconds = LONGEST_AGE if boundary is None else max(0, min(LONGEST_AGE, int((boundary - now).total_seconds())))
    return f"public, max-age={seconds}, must-revalidate"


def answer(
    request: Request, body: bytes, media_type: str, *, cache_control: str, headers: dict[str, str] | None = None
) -> Response:
    """The bytes with their ETag, or 304 if the caller has them."""
    etag = etag_of(body)
    fixed = {"ETag": etag, "Cache-Control": cache_control, **(headers or {})}
    if _matches(request.headers.get("if-none-match"), etag, weak=True):
        return Response(status_code=304, headers=fixed)
    return Response(body, media_type=media_type, headers=fixed)


def demand_match(request: Request, current_etag: str) -> None:
    """Raise `precondition_failed` if the caller names a state (`If-Match`) and it is not the current one."""
    presented = request.headers.get("if-match")
    if presented is not None and not _matches(presented, current_etag, weak=False):
        raise AkashiError("precondition_failed")


def _matches(presented: str | None, etag: str, *, weak: bool) -> bool:
    """RFC 9110 §13.1: `*` or a list; a weak mark made by a proxy matters to `If-Match` only."""
    if presented is None:
        return False
    listed = [part.strip() for part in presented.split(",")]
    return "*" in listed or etag in [part.removeprefix("W/") if weak else part for part in listed]
