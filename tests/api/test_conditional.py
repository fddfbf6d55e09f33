"""Answers have strong ETags, an honest age, and are not sent twice; an act can be guarded against change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request

from app.api.conditional import answer, demand_match, etag_of, until_boundary
from app.errors import AkashiError

NOW = datetime(2026, 11, 25, tzinfo=UTC)
BODY = b"the very bytes"
ETAG = etag_of(BODY)


def asked(**headers):
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


def test_the_etag_is_strong_and_over_the_bytes():
    assert ETAG.startswith('"')
    assert etag_of(BODY) == ETAG != etag_of(BODY + b" ")


@pytest.mark.parametrize("presented", [ETAG, f'"other", {ETAG}', f"W/{ETAG}", "*"])
def test_who_has_the_bytes_is_told_so(presented):
    response = answer(asked(if_none_match=presented), BODY, "text/plain", cache_control="public")
    assert (response.status_code, response.body) == (304, b"")
    assert (response.headers["etag"], response.headers["cache-control"]) == (ETAG, "public")


@pytest.mark.parametrize(
    "headers", [{}, {"if_none_match": '"other"'}, {"if_none_match": ETAG.strip('"')}, {"if_none_match": ""}]
)
def test_who_has_other_bytes_gets_these(headers):
    response = answer(asked(**headers), BODY, "text/plain", cache_control="public")
    assert (response.status_code, response.body, response.headers["etag"]) == (200, BODY, ETAG)


@pytest.mark.parametrize(
    ("seconds", "age"), [(None, 60), (3600, 60), (60, 60), (59.9, 59), (1, 1), (0.5, 0), (0, 0), (-5, 0)]
)
def test_nothing_is_said_for_longer_than_a_minute_nor_past_its_boundary(seconds, age):
    boundary = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert until_boundary(NOW, boundary) == f"public, max-age={age}, must-revalidate"


def test_an_act_on_the_state_that_was_read_goes_on():
    demand_match(asked(if_match=ETAG), ETAG)
    demand_match(asked(if_match="*"), ETAG)
    demand_match(asked(), ETAG)


@pytest.mark.parametrize("presented", ['"older"', f"W/{ETAG}", ""])
def test_an_act_on_another_state_is_refused(presented):
    with pytest.raises(AkashiError, match="precondition_failed"):
        demand_match(asked(if_match=presented), ETAG)
