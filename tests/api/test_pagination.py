"""Pages of lists show every row exactly once, whatever happens to the list meanwhile (C104)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import pytest
from fastapi import Depends
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse

from app.api.pagination import Cursor, PageAsked, link_header, page_asked, page_members, page_of, parse_cursor
from app.credentials.encoding import b64u
from app.errors import AkashiError
from tests.support.door import app_over, client_of


class Shelf:
    """A list ordered by (sequence, id), as a query over an index would read it."""

    def __init__(self, rows):
        self.rows = sorted(rows)

    def fetch(self, asked):
        if asked.cursor is None:
            return self.rows[: asked.rows_to_fetch]
        place = (asked.cursor.sequence, asked.cursor.id)
        if asked.cursor.backwards:
            return [row for row in reversed(self.rows) if row < place][: asked.rows_to_fetch]
        return [row for row in self.rows if row > place][: asked.rows_to_fetch]


APP = app_over()
CLIENT = client_of(APP)


@APP.get("/rows")
def rows(request: Request, asked: Annotated[PageAsked, Depends(page_asked)]):
    page = page_of(asked, APP.state.shelf.fetch(asked), lambda row: row)
    return JSONResponse({"items": page.rows, **page_members(request, page)}, headers=link_header(request, page))


def made(shelf):
    APP.state.shelf = shelf
    return CLIENT


def walk(client, first, rel="next"):
    answer = client.get(first)
    while True:
        yield from answer.json()["items"] if rel == "next" else reversed(answer.json()["items"])
        if rel not in answer.links:
            return
        parts = urlsplit(answer.links[rel]["url"])
        answer = client.get(f"{parts.path}?{parts.query}")


def test_500_rows_of_one_instant_come_exactly_once():
    rows = [(7, f"id-{number:03}") for number in range(500)]
    assert [tuple(row) for row in walk(made(Shelf(rows)), "/rows?limit=50")] == rows


def test_rows_that_arrive_meanwhile_neither_shift_nor_repeat_others():
    shelf = Shelf([(number, "a") for number in range(0, 100, 2)])
    seen = []
    for row in walk(made(shelf), "/rows?limit=7"):
        seen.append(tuple(row))
        shelf.rows = sorted({*shelf.rows, (row[0] - 1, "late"), (1000 + row[0], "new")} - {(row[0] + 2, "never")})
        if len(seen) > 200:
            break
    assert [row for row in seen if row[1] == "a"] == [(number, "a") for number in range(0, 100, 2)]
    assert len(seen) == len(set(seen))


def test_a_cursor_works_after_its_row_is_gone():
    shelf = Shelf([(number, "a") for number in range(10)])
    client = made(shelf)
    following = urlsplit(client.get("/rows?limit=3").links["next"]["url"])
    shelf.rows = [row for row in shelf.rows if row[0] > 2]
    assert client.get(f"/rows?{following.query}").json()["items"] == [[3, "a"], [4, "a"], [5, "a"]]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 20), st.sampled_from("abcdef")), max_size=20), st.integers(1, 9))
def test_forwards_and_backwards_show_the_same_rows(rows, limit):
    client = made(Shelf(rows))
    forwards = [tuple(row) for row in walk(client, f"/rows?limit={limit}")]
    assert forwards == sorted(rows)
    if rows:
        last = Cursor(*max(rows), backwards=True)
        backwards = [tuple(row) for row in walk(client, f"/rows?limit={limit}&cursor={last}", "prev")]
        assert backwards == sorted(rows - {max(rows)}, reverse=True)


def test_the_first_page_has_no_previous_and_the_last_no_next():
    client = made(Shelf([(1, "a"), (2, "a")]))
    assert set(client.get("/rows?limit=2").links) == set()
    first = client.get("/rows?limit=1")
    assert set(first.links) == {"next"}
    assert set(client.get(first.json()["next"]).links) == {"prev"}


def test_the_limit_is_always_said_and_other_parameters_are_kept():
    answer = made(Shelf([(n, "a") for n in range(60)])).get("/rows?q=a%26b&limit=20")
    assert answer.json()["limit"] == 20
    assert "q=a%26b" in answer.links["next"]["url"]
    assert made(Shelf([])).get("/rows").json() == {"items": [], "limit": 50, "next": None, "prev": None}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1e2", "9" * 400])
def test_a_limit_out_of_range_is_refused_and_not_silently_changed(limit):
    answer = made(Shelf([])).get(f"/rows?limit={limit}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "/limit"


@given(st.integers(0, 2**63 - 1), st.from_regex(r"[0-9A-Za-z-]{1,64}", fullmatch=True), st.booleans())
def test_a_cursor_is_read_from_what_was_given(sequence, id, backwards):
    cursor = Cursor(sequence, id, backwards)
    assert parse_cursor(str(cursor)) == cursor


@pytest.mark.parametrize(
    "presented",
    [
        "",
        "!",
        b64u(b">1.a") + "=",
        b64u(b">01.a"),
        b64u(b">-1.a"),
        b64u(b">1"),
        b64u(b">1."),
        b64u(b">1.a\n"),
        b64u(b">9999999999999999999.a"),
        b64u(b">1.' OR 1"),
        b64u(b"\xff"),
        "PjEuYR",
    ],
)
def test_a_cursor_that_was_not_given_is_refused(presented):
    with pytest.raises(AkashiError, match="malformed_cursor"):
        parse_cursor(presented)
