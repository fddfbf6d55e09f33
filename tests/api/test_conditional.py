"""Answers have strong ETags, an honest age, and are not sent twice; an act can be guarded against change."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from app.api.conditional import answer, demand_match
from app.errors import AkashiError
from app.http import etag_of

BODY = b"the very bytes"
ETAG = etag_of(BODY)


def asked(**headers):
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


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


def test_an_act_on_the_state_that_was_read_goes_on():
    demand_match(asked(if_match=ETAG), ETAG)
    demand_match(asked(if_match="*"), ETAG)
    demand_match(asked(), ETAG)


@pytest.mark.parametrize("presented", ['"older"', f"W/{ETAG}", ""])
def test_an_act_on_another_state_is_refused(presented):
    with pytest.raises(AkashiError, match="precondition_failed"):
        demand_match(asked(if_match=presented), ETAG)
