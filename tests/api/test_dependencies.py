"""How a route asks who is calling; the whole way with real tokens is in test_oauth.py."""

from __future__ import annotations

import pytest
from fastapi import Depends

from app.api.dependencies import SCHEME, bearer_token, within_computing_budget
from app.api.limits import COMPUTING, Limiter
from app.errors import AkashiError
from tests.support.door import app_over, client_of


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER  abc "])
def test_the_scheme_is_named_in_any_case(header):
    assert bearer_token(header) == "abc"


@pytest.mark.parametrize("header", [None, "", "abc", "Bearer", "Basic abc"])
def test_without_a_bearer_header_nobody_is_signed_in(header):
    with pytest.raises(AkashiError, match="not_signed_in"):
        bearer_token(header)


def test_the_contract_names_each_scope_with_its_meaning():
    described = SCHEME.model.model_dump(exclude_none=True)["flows"]["clientCredentials"]
    assert described["tokenUrl"] == "/oauth/token"
    assert all(described["scopes"].values())


def test_public_computing_has_a_budget_for_all_together():
    limiter = Limiter(clock=lambda: 0.0)
    app = app_over(limiter=limiter)

    @app.post("/compute", dependencies=[Depends(within_computing_budget)])
    def compute():
        return {}

    first = client_of(app).post("/compute")
    assert (first.status_code, first.headers["ratelimit-policy"]) == (200, COMPUTING.header)
    for _ in range(COMPUTING.quota - 1):
        limiter.take(COMPUTING, "everyone")
    last = client_of(app).post("/compute")
    assert (last.status_code, last.json()["code"]) == (429, "rate_limited")
