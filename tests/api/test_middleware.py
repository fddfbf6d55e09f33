"""What wraps every request: an ID of ours, bounds in time, safe headers, HEAD, CORS, a log without names."""

from __future__ import annotations

import asyncio
import json

import pytest
from starlette.responses import HTMLResponse, StreamingResponse

from app.api.bodies import read_bounded
from app.api.middleware import Bounded, Dressed
from app.api.problems import install
from tests.support.door import app_over, client_of, converse


@pytest.fixture
def app():
    made = app_over()

    @made.get("/certificates/{id}")
    def read(id: str):
        return {"id": id}

    @made.get("/page")
    def page():
        return HTMLResponse("<p>", headers={"Content-Security-Policy": "default-src 'self'", "Cache-Control": "public"})

    @made.get("/broken")
    def broken():
        def content():
            yield b"begun"
            raise RuntimeError("too late to answer")

        return StreamingResponse(content())

    return made


@pytest.fixture
def client(app):
    return client_of(app)


def test_the_request_id_is_ours_and_never_the_callers(client):
    first, second = (
        client.get("/healthz", headers={"X-Request-Id": "evil\x7f"}).headers["x-request-id"] for _ in range(2)
    )
    assert first != second
    assert "evil" not in first + second


def test_a_page_is_counted_by_its_template(app, client):
    """Figures hold no certificate's ID, and a page is no request to nowhere."""

    async def page(request):
        request.state.route = "/c/{presented}"
        return HTMLResponse("<p>")

    app.add_route("/c/{presented}", page)
    client.get("/c/ABCDE")
    figures = app.state.door.metrics.render()
    assert b'route="/c/{presented}"' in figures
    assert b"ABCDE" not in figures


def test_answers_wear_safe_headers(client):
    headers = client.get("/certificates/x").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"].startswith("max-age=63072000")


def test_an_answer_may_set_its_own_policy_and_age(client):
    headers = client.get("/page").headers
    assert (headers["content-security-policy"], headers["cache-control"]) == ("default-src 'self'", "public")


def test_without_https_nothing_is_said_about_https():
    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    seen = []

    async def send(message):
        seen.append(message)

    asyncio.run(Dressed(inner, https=False)({"type": "http", "method": "GET", "headers": []}, None, send))
    assert b"strict-transport-security" not in dict(seen[0]["headers"])


def test_head_is_get_without_its_body(client):
    get, head = client.get("/certificates/x"), client.head("/certificates/x")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert client.head("/nowhere").status_code == 404


def test_every_origin_may_read_and_none_may_write(client):
    assert (
        client.get("/certificates/x", headers={"Origin": "https://a.example"}).headers["access-control-allow-origin"]
        == "*"
    )
    assert "access-control-allow-origin" not in client.post("/certificates/x").headers
    preflight = client.options(
        "/certificates/x", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in preflight.headers


def test_a_request_that_does_not_arrive_is_refused_after_its_time():
    app = app_over()
    install(app)

    async def read(scope, receive, send):
        from starlette.requests import Request

        await read_bounded(Request(scope, receive), 100)

    async def never():
        yield {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.sleep(60)

    app.router.default = Bounded(read, largest=1000, seconds=0.05)
    status, body = asyncio.run(asyncio.wait_for(converse(app, "POST", "/slow", never(), {}), 5))
    assert (status, json.loads(body)["code"]) == (408, "request_too_slow")


def test_one_byte_at_a_time_buys_no_time():
    app = app_over()

    async def read(scope, receive, send):
        from starlette.requests import Request

        await read_bounded(Request(scope, receive), 10_000)

    async def dripping():
        while True:
            await asyncio.sleep(0.01)
            yield {"type": "http.request", "body": b" ", "more_body": True}

    app.router.default = Bounded(read, largest=1000, seconds=0.1)
    status, _ = asyncio.run(asyncio.wait_for(converse(app, "POST", "/slow", dripping(), {}), 5))
    assert status == 408


def test_a_caller_who_hangs_up_is_no_defect(capfd):
    app = app_over()

    async def gone():
        yield {"type": "http.disconnect"}

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert asyncio.run(converse(app, "POST", "/oauth/token", gone(), headers)) == (0, b"")
    assert "defect" not in "".join(capfd.readouterr())


def test_the_log_knows_the_route_and_never_the_certificate(client, capfd):
    client.get("/certificates/SECRETID?q=NAME")
    logged = "".join(capfd.readouterr())
    assert "/certificates/{id}" in logged
    assert "SECRETID" not in logged
    assert "NAME" not in logged


def test_figures_know_the_route_and_never_the_certificate(client):
    client.get("/certificates/SECRETID")
    client.get("/SECRETPATH")
    client.request("SECRETMETHOD", "/healthz")
    figures = client.get("/metrics").text
    assert 'akashi_requests_total{method="GET",route="/certificates/{id}",status="200"} 1.0' in figures
    assert "SECRET" not in figures


def test_an_answer_that_breaks_off_is_not_continued_with_a_problem(client, capfd):
    with pytest.raises(BaseException):  # noqa: B017, PT011, how a client notices is its own affair
        assert "internal_error" in client.get("/broken").text
    assert "too late to answer" not in "".join(capfd.readouterr())
