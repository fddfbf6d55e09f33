"""The contract is complete about refusals, and its page explains every code without scripts or third parties."""

from __future__ import annotations

import re
from typing import Annotated

import pytest
from fastapi import APIRouter

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import requires
from app.api.fields import Day
from app.errors import catalogue
from tests.support.door import app_over, client_of


class Fact(Presented):
    day: Day


@pytest.fixture
def client():
    app = app_over()
    router = APIRouter(route_class=StrictRoute)

    @router.post("/v1/facts", summary="Record a <fact>")
    def record(fact: Annotated[Fact, FromBody()], actor: Annotated[Actor, requires(Scope.AUDITS)]):
        """Record & keep."""

    app.include_router(router)
    return client_of(app)


def test_the_contract_shows_body_scope_and_every_refusal(client):
    contract = client.get("/openapi.json").json()
    operation = contract["paths"]["/v1/facts"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Fact"}
    assert contract["components"]["schemas"]["Fact"]["properties"]["day"]["format"] == "date"
    assert contract["components"]["schemas"]["Fact"]["additionalProperties"] is False
    assert operation["security"] == [{"machine": ["audits"]}]
    assert {"400", "401", "403", "413", "415", "429"} <= set(operation["responses"])
    assert "422" not in operation["responses"]


def test_the_contract_lists_all_scopes(client):
    scheme = client.get("/openapi.json").json()["components"]["securitySchemes"]["machine"]
    assert set(scheme["flows"]["clientCredentials"]["scopes"]) == set(Scope)


def test_every_code_has_its_place_on_the_page(client):
    page = client.get("/docs").text
    assert set(re.findall(r'<dt id="([a-z0-9_]+)">', page)) == set(catalogue())


def test_the_page_escapes_what_it_shows_and_asks_nobody_else(client):
    answer = client.get("/docs")
    assert "Record a &lt;fact&gt;" in answer.text
    assert "Record &amp; keep." in answer.text
    assert "<script" not in answer.text
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
