"""`akashi serve` as an operator runs it: a process that takes its port, says where it answers, and ends when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.cli.opening import read_settings
from app.cli.serve import listen
from app.credentials.jws import split_jws
from tests.support.acts import refused

PATIENCE = 60
HEAD = b"POST /v1/verifications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture
def port(installed, monkeypatch):
    """A free port, set for whatever runs `akashi` here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    monkeypatch.setenv("AKASHI_HOST", "127.0.0.1")
    monkeypatch.setenv("AKASHI_PORT", str(number))
    return number


def command() -> dict[str, Any]:
    """Arguments of a process that serves, with the settings of this test."""
    return {
        "args": [sys.executable, "-c", "from app.cli.main import main; raise SystemExit(main(['serve']))"],
        "env": {**os.environ, "PYTHONPATH": str(Path.cwd())},
        "stderr": subprocess.PIPE,
        "text": True,
    }


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves, from the line that says where on."""
    with subprocess.Popen(**command()) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            while said.startswith("{"):  # its log
                said = process.stderr.readline()
            yield process, said
        finally:
            process.kill()


def ask(port: int, path: str) -> bytes:
    """What is answered with status 200; anything else fails the test."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        content: bytes = answer.read()
        return content


def test_everything_is_there_from_the_line_on_that_says_where(port):
    with serving() as (_, said):
        assert said == f"Serving http://localhost:8000 on 127.0.0.1:{port}; Ctrl-C ends it.\n"
        assert ask(port, "/readyz") == b'{"status":"ready"}'
        assert split_jws(ask(port, "/status/1").decode()).header["typ"] == "vc+jwt"


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_told_to_end_it_ends_well(port, told):
    with serving() as (process, _):
        process.send_signal(told)
        assert process.wait(PATIENCE) == 0


def test_a_request_under_way_is_answered_before_the_end(port):
    body = b'{"credential": "eyJ"}'
    with serving() as (process, _), socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(HEAD + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(body))
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")  # the application waits for the body
        process.send_signal(signal.SIGTERM)
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        assert process.wait(PATIENCE) == 0


def test_a_port_that_is_taken_is_refused_in_words(port):
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(**command(), timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert "[port_in_use]" in done.stderr
    assert f"127.0.0.1:{port}: Address already in use" in done.stderr


def test_the_port_is_taken_before_anything_else_is_begun(port, monkeypatch, installed):
    monkeypatch.delenv("AKASHI_KEY_SECRET")  # else the first thing to be refused
    with socket.create_server(("127.0.0.1", port)):
        assert installed.refused("serve") == "port_in_use"


def test_an_address_that_is_not_this_machine_s_is_refused(installed, monkeypatch):
    monkeypatch.setenv("AKASHI_HOST", "192.0.2.1")
    with refused("port_in_use"):
        listen(read_settings())


def test_it_listens_on_either_family_of_addresses(port, monkeypatch):
    monkeypatch.setenv("AKASHI_HOST", "::1")
    with listen(read_settings()) as listening:
        assert (listening.family, listening.getsockname()[:2]) == (socket.AF_INET6, ("::1", port))


def test_it_takes_no_arguments(installed, capsys):
    with pytest.raises(SystemExit) as ended:
        installed.run("serve", "--port", "80")
    assert ended.value.code == 64
