"""What routes of a body's own records share: lists with cursors, single records, and the answer to what was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.api.idempotency import Once
from app.api.pagination import PageAsked, link_header, page_members, page_of
from app.api.shown import JSON
from app.registry.directory import Place
from app.registry.own_records import Kind, list_own, read_own
from app.registry.registry import Registry
from app.registry.requests import Request as DoneOnce
from app.registry.verification import as_bytes

CREATED, NOTHING_TO_SAY = 201, 204
REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "The body has no such record."},
    409: {"description": "It stands in the records already."},
    422: {"description": "A rule refuses it, or the key was used for another request."},
}
"""What the contract says of every route that records something."""


@dataclass(frozen=True)
class Made:
    """The id of what was made."""

    id: UUID


def done_once(once: Once) -> DoneOnce:
    """The request as the acts remember it."""
    return DoneOnce(once.key, once.content)


def made(registry: Registry, address: str, content: Any) -> Response:
    """201 for what was made, with its address."""
    return Response(as_bytes(content), CREATED, {"Location": registry.base_url + address}, JSON)


def recorded() -> Response:
    """204: it stands in the records, and there is nothing more to say."""
    return Response(status_code=NOTHING_TO_SAY)


def own_page(
    request: Request, registry: Registry, actor: Actor, kind: Kind[Any], member: str, asked: PageAsked
) -> Response:
    """A page of the body's records, in the order of recording."""
    cursor = asked.cursor
    place = None if cursor is None else Place(cursor.sequence, cursor.id, cursor.backwards)
    rows = list_own(registry, actor, kind, place=place, limit=asked.rows_to_fetch)
    page = page_of(asked, rows, lambda row: (row[0], str(row[1].id)))
    content = {member: [record for _, record in page.rows], **page_members(request, page)}
    return Response(as_bytes(content), media_type=JSON, headers=link_header(request, page))


def own_record(registry: Registry, actor: Actor, kind: Kind[Any], record: UUID) -> Response:
    """One record of the body; another body's is unknown."""
    return Response(as_bytes(read_own(registry, actor, kind, record)), media_type=JSON)
