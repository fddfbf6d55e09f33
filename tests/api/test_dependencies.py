"""How a route asks who is calling; the whole way with real tokens is in test_oauth.py."""

from __future__ import annotations

import pytest
from fastapi import Depends

from app.api.dependencies import SCHEME, bearer_token, within_computing_budget
from app.api.limits import COMPUTING, Limiter
from app.errors import AkashiError
from tests.support.door import app_over, client_of
from tests.support.service import UNKNOWN_ID


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


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/v1/certificates?number=1&lang=ja&name=x", ["/lang", "/name"]),
        (f"/v1/certificates/{UNKNOWN_ID}/verification?timestamp=1", ["/timestamp"]),
        ("/status/1?moment=1800000000", ["/moment"]),
        ("/status/1/1?timestamp=2026-11-25T00:00:00Z", ["/timestamp"]),
        (f"/c/{UNKNOWN_ID}.json?at=2026-11-25T00:00:00Z", ["/at"]),
    ],
)
def test_a_parameter_that_is_not_read_is_refused(service, address, names):
    """C029: an answer to another question than the one asked would be believed."""
    answer = service.get(address)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert [error["field"] for error in answer.json()["errors"]] == names


@pytest.mark.parametrize("address", [f"/c/{UNKNOWN_ID}.json?utm_source=x", f"/badge/{UNKNOWN_ID}.svg?lang=ja&x=1"])
def test_what_others_add_to_a_link_does_no_harm(service, address):
    assert service.get(address).status_code == 404


def test_a_body_that_ceased_reads_and_erases_and_acts_no_more(service):
    """The cascade of an accreditation: keys are frozen, records are not."""
    world = service.world
    issued = world.grant().public_id
    person = service.body.post("/v1/people", {"relation": "employee", "name": "Hanako"}).json()["id"]
    world.change_accreditation("cease")
    assert service.body.get("/v1/due").status_code == 200
    assert service.body.get("/v1/certifications").json()["certifications"][0]["certificate_id"] == issued
    for address, content in (("/v1/people", {"relation": "employee", "name": "Taro"}), ("/v1/decisions", {})):
        answer = service.body.post(address, content)
        assert (answer.status_code, answer.json()["code"]) == (403, "body_has_ceased")
    assert service.body.delete(f"/v1/people/{person}/name").status_code == 204
    complaint = service.http.post(f"/v1/bodies/{world.body}/complaints", json={"subject": "x"})
    assert complaint.json()["code"] == "body_has_ceased"
    assert service.accreditation_body.get("/v1/oversight/due").status_code == 200
    (held,) = service.http.get(f"/v1/bodies/{world.body}").json()["accreditations"]
    assert held["status"] == "ceased"
