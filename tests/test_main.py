"""The service assembled: one list of routes behind the application, the contract and its published copy."""

from __future__ import annotations

import json
import socket
import threading
import time
import tomllib
from pathlib import Path

import httpx2
import pytest
import yaml

from app.main import VERSION, configure_log, contract, create_app, make_server
from app.pages.render import style_address
from app.settings import Settings
from tests.support.door import client_of, registry_over
from tests.support.service import UNKNOWN_ID

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "openapi" / "openapi.yaml"


@pytest.fixture
def app(store):
    """The service over an empty registry."""
    return create_app(Settings(), registry_over(store))


def test_the_published_contract_is_what_is_served(app):
    published = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    assert client_of(app).get("/openapi.json").json() == published == json.loads(json.dumps(contract()))


def test_the_contract_carries_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert contract()["info"]["version"] == VERSION == project["version"]


def test_a_reader_gets_a_page_about_a_refusal_and_a_program_a_problem(app):
    client = client_of(app)
    page = client.get("/no/such/page", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = client.get("/no/such/page", headers={"Accept": "*/*"})
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")


def test_the_front_page_is_served_beside_the_interface(app):
    client = client_of(app)
    assert client.get("/", headers={"Accept": "text/html"}).headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/healthz").json() == {"status": "alive"}


def test_every_page_is_counted_by_its_template_and_never_by_an_id(app):
    client = client_of(app)
    for path in (
        f"/en/c/{UNKNOWN_ID}",
        f"/c/{UNKNOWN_ID}/v1",
        f"/C/{UNKNOWN_ID}/",
        "/ja",
        "/find?q=x",
        style_address(),
    ):
        client.get(path, headers={"Accept": "text/html"})
    client.post("/en/check-a-file")
    figures = app.state.door.metrics.render().decode()
    for template in ("/en/c/{presented}", "/C/{presented}/", "/find", "/static/{file}", "/en/check-a-file"):
        assert f'route="{template}"' in figures
    assert UNKNOWN_ID not in figures
    assert 'route="none"' not in figures


def test_the_log_is_one_line_of_escaped_json_for_each_event(capsys):
    import structlog

    configure_log("warning")
    try:
        structlog.get_logger("akashi.test").info("quiet")
        structlog.get_logger("akashi.test").warning("loud", value='line\nbreak "quoted" \x1b[31m')
    finally:
        structlog.reset_defaults()
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["value"] == 'line\nbreak "quoted" \x1b[31m'
    assert "\x1b" not in line


def test_the_server_answers_on_its_port_and_says_nothing_about_itself(app, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("AKASHI_PORT", str(port))
    server = make_server(app, Settings())
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        for _ in range(200):
            if server.started:
                break
            time.sleep(0.02)
        answer = httpx2.get(f"http://127.0.0.1:{port}/healthz")
    finally:
        server.should_exit = True
        thread.join(10)
    assert answer.json() == {"status": "alive"}
    assert "server" not in answer.headers


def test_the_server_tells_when_it_answers(app, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        ready = threading.Event()
        server = make_server(app, Settings(), when_ready=ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert ready.wait(10)
            assert httpx2.get(f"{address}/healthz").json() == {"status": "alive"}
        finally:
            server.should_exit = True
            thread.join(10)
