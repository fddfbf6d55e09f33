"""Answers that can be asked for again: strong ETags over the very bytes, 304, and an honest age (records: serving).

A mutable address says nothing for longer than a minute and never past its next boundary; an immutable one is cached
for ever. `If-Match` guards an act against a change since the caller read.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.errors import AkashiError
from app.http import etag_of, names_etag


def answer(
    request: Request, body: bytes, media_type: str, *, cache_control: str, headers: dict[str, str] | None = None
) -> Response:
    """The bytes with their ETag, or 304 if the caller has them."""
    etag = etag_of(body)
    fixed = {"ETag": etag, "Cache-Control": cache_control, **(headers or {})}
    if names_etag(request.headers.get("if-none-match"), etag, weak=True):
        return Response(status_code=304, headers=fixed)
    return Response(body, media_type=media_type, headers=fixed)


def demand_match(request: Request, current_etag: str) -> None:
    """Raise `precondition_failed` if the caller names a state (`If-Match`) and it is not the current one."""
    presented = request.headers.get("if-match")
    if presented is not None and not names_etag(presented, current_etag, weak=False):
        raise AkashiError("precondition_failed")
