"""Alive is not ready: readiness names what is missing."""

from __future__ import annotations

from tests.support.door import app_over, client_of


def test_a_process_that_answers_is_alive_whatever_else_is_missing():
    client = client_of(app_over(unready=("database",)))
    assert client.get("/healthz").json() == {"status": "alive"}


def test_readiness_names_what_is_missing():
    answer = client_of(app_over(unready=("database", "status lists"))).get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert "database, status lists" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "5"


def test_a_service_with_all_it_needs_is_ready():
    assert client_of(app_over()).get("/readyz").json() == {"status": "ready"}


def test_health_is_never_cached():
    client = client_of(app_over())
    assert {client.get(path).headers["cache-control"] for path in ("/healthz", "/readyz", "/metrics")} == {"no-store"}
