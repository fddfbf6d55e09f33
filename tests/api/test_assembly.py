"""A service without acts already refuses, signs in, and describes itself."""

from __future__ import annotations

from tests.support.door import app_over, client_of


def test_every_service_has_the_routes_that_need_no_act():
    contract = client_of(app_over()).get("/openapi.json").json()
    assert set(contract["paths"]) == {
        "/oauth/token",
        "/.well-known/oauth-authorization-server",
        "/.well-known/security.txt",
        "/.well-known/api-catalog",
        "/healthz",
        "/readyz",
        "/metrics",
    }


def test_an_address_with_a_slash_too_many_is_another_address():
    assert client_of(app_over()).get("/healthz/").status_code == 404


def test_no_third_party_page_is_served():
    client = client_of(app_over())
    assert client.get("/redoc").status_code == 404
    assert "cdn" not in client.get("/docs").text
