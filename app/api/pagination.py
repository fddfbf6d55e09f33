"""Pages of lists: an opaque cursor over (sequence number, id), so that every row comes exactly once (C104).

A cursor names a place, not a row: it still works after its row is gone, and rows that arrive meanwhile neither shift
nor repeat anything. It is strict base64url of one form and no secret. Links are RFC 8288; the limit is always said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from starlette.requests import Request

from app.credentials.encoding import MalformedBase64, b64u, b64u_decode
from app.errors import AkashiError

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200
_FORM = re.compile(rb"([<>])(0|[1-9]\d{0,18})\.([0-9A-Za-z-]{1,64})")

Row = TypeVar("Row")


@dataclass(frozen=True)
class Cursor:
    """The place after (or, backwards, before) the row with this sequence number and id."""

    sequence: int
    id: str
    backwards: bool = False

    def __str__(self) -> str:
        return b64u(f"{'<' if self.backwards else '>'}{self.sequence}.{self.id}".encode("ascii"))


@dataclass(frozen=True)
class PageAsked:
    """Which page the caller asked for: `limit` rows after (or before) the cursor, or from the beginning."""

    limit: int
    cursor: Cursor | None

    @property
    def rows_to_fetch(self) -> int:
        """One row more than shown tells whether there is a further page."""
        return self.limit + 1


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows to show, in order, and the cursors of the neighbouring pages."""

    rows: Sequence[Row]
    limit: int
    next: Cursor | None
    prev: Cursor | None


def parse_cursor(presented: str) -> Cursor:
    """The cursor of a text that this service gave; raises `malformed_cursor` for any other."""
    try:
        found = _FORM.fullmatch(b64u_decode(presented))
    except MalformedBase64 as error:
        raise AkashiError("malformed_cursor", field="/cursor", note="in the query") from error
    if found is None or int(found[2]) >= 2**63:
        raise AkashiError("malformed_cursor", field="/cursor", note="in the query")
    return Cursor(int(found[2]), found[3].decode("ascii"), backwards=found[1] == b"<")


def page_asked(
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="Rows on a page.")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=200, description="From a Link header, unchanged.")] = None,
) -> PageAsked:
    """The dependency that reads `?limit=` and `?cursor=`."""
    return PageAsked(limit, None if cursor is None else parse_cursor(cursor))


def page_of(asked: PageAsked, fetched: Sequence[Row], place: Callable[[Row], tuple[int, str]]) -> Page[Row]:
    """The page made of up to `rows_to_fetch` rows, fetched in the direction asked for, nearest to the cursor first."""
    backwards = asked.cursor is not None and asked.cursor.backwards
    more = len(fetched) > asked.limit
    shown = list(fetched[: asked.limit])
    if backwards:
        shown.reverse()
    before = more if backwards else asked.cursor is not None
    after = asked.cursor is not None if backwards else more
    first = Cursor(*place(shown[0]), backwards=True) if shown and before else None
    last = Cursor(*place(shown[-1])) if shown and after else None
    return Page(shown, asked.limit, last, first)


def link_header(request: Request, page: Page[Any]) -> dict[str, str]:
    """`Link` with rel next and prev, keeping the rest of the query; empty where there is only this page."""
    links = [
        f'<{_address(request, cursor, page.limit)}>; rel="{rel}"'
        for rel, cursor in (("next", page.next), ("prev", page.prev))
        if cursor is not None
    ]
    return {"Link": ", ".join(links)} if links else {}


def page_members(request: Request, page: Page[Any]) -> dict[str, Any]:
    """What every list says about itself in JSON: its limit and the addresses of its neighbours."""
    return {
        "limit": page.limit,
        "next": None if page.next is None else _address(request, page.next, page.limit),
        "prev": None if page.prev is None else _address(request, page.prev, page.limit),
    }


def _address(request: Request, cursor: Cursor, limit: int) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in {"cursor", "limit"}]
    query = urlencode([*kept, ("limit", limit), ("cursor", str(cursor))])
    return f"{request.app.state.base_url}{request.url.path}?{query}"
