"""deploy/nginx/nginx.conf, run by nginx itself before a small server. Skipped by name on machines without nginx."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.service import free_port
from tests.support.shared import PROJECT
from tests.support.tls import write_certificate

CONFIGURATION = (PROJECT / "deploy" / "nginx" / "nginx.conf").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
HOST = "registry.example"
DATE = "Wed, 25 Nov 2026 00:00:00 GMT"
MAY_BE_KEPT = "public, max-age=60, must-revalidate"
needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed here; deploy/README.md says what was run"
)


@dataclass
class Behind:
    """The server behind the proxy: answers with the Cache-Control that the path names, and remembers what it was asked."""

    server: ThreadingHTTPServer
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Proxy:
    """A running nginx."""

    plain: int
    secure: int
    behind: Behind
    log: Path

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.secure), timeout=10) as tcp:
            connection = http.client.HTTPConnection(HOST)
            connection.sock = context.wrap_socket(tcp, server_hostname=HOST)
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer


@pytest.fixture
def behind() -> Iterator[Behind]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response_only(200)
            self.send_header("Date", DATE)
            self.send_header("Cache-Control", MAY_BE_KEPT if self.path.startswith("/c/") else "no-store")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: Any) -> None:
            """Nothing is said."""

    known = Behind(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    thread = threading.Thread(target=known.server.serve_forever)
    thread.start()
    yield known
    known.server.shutdown()
    known.server.server_close()
    thread.join()


@pytest.fixture
def proxy(behind: Behind, tmp_path: Path) -> Iterator[Proxy]:
    plain, secure, log = free_port(), free_port(), tmp_path / "error.log"
    write_certificate(tmp_path / "tls_certificate", tmp_path / "tls_key", HOST)
    file = tmp_path / "nginx.conf"
    file.write_text(adapted(tmp_path, plain, secure, behind.server.server_port, log), encoding="utf-8")
    command = [str(NGINX), "-c", str(file), "-p", str(tmp_path)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    wait_until_listening(secure)
    yield Proxy(plain, secure, behind, log)
    process.terminate()
    process.wait(timeout=10)


def adapted(folder: Path, plain: int, secure: int, upstream: int, log: Path) -> str:
    """The configuration for a process of this machine: other ports, other folders, nothing else."""
    replaced = {
        "/tmp/": f"{folder}/",
        "/dev/stderr": str(log),
        "/var/cache/nginx": str(folder),
        "/run/secrets/": f"{folder}/",
        "/etc/nginx/mime.types": str(folder / "mime.types"),
        "service:8000": f"127.0.0.1:{upstream}",
        "127.0.0.1:8081": f"127.0.0.1:{free_port()}",
        "8080": str(plain),
        "8443": str(secure),
    }
    (folder / "mime.types").write_text("types {}\n", encoding="utf-8")
    text = CONFIGURATION
    for here, there in replaced.items():
        assert here in text, here
        text = text.replace(here, there)
    return text if os.geteuid() else f"user root;\n{text}"


def wait_until_listening(port: int) -> None:
    patience = time.monotonic() + 10
    while time.monotonic() < patience:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx does not listen")


@needs_nginx
def test_a_public_answer_is_kept_with_its_own_date_and_only_as_it_says(proxy: Proxy) -> None:
    first, second = proxy.ask("/c/ID"), proxy.ask("/c/ID")
    assert (first.status, second.status) == (200, 200)
    assert second.headers["Date"] == DATE, "whoever gets it from the cache sees how old it is"
    assert second.headers["Cache-Control"] == MAY_BE_KEPT
    assert len(proxy.behind.asked) == 1

    proxy.ask("/v1/decisions/1")
    proxy.ask("/v1/decisions/1")
    assert len(proxy.behind.asked) == 3


@needs_nginx
def test_who_comes_with_a_token_or_a_cookie_is_neither_served_nor_kept_from_the_cache(proxy: Proxy) -> None:
    proxy.ask("/c/ID", Authorization="Bearer t")
    proxy.ask("/c/ID", Cookie="language=ja")
    proxy.ask("/c/ID")
    assert len(proxy.behind.asked) == 3


@needs_nginx
def test_the_callers_word_about_itself_is_dropped(proxy: Proxy) -> None:
    proxy.ask("/v1/x", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="http")
    _, headers = proxy.behind.asked[-1]
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"] == HOST


@needs_nginx
def test_what_is_too_large_or_not_for_outside_ends_at_the_proxy(proxy: Proxy) -> None:
    assert proxy.ask("/v1/verifications", "POST", b"x" * (3 * 1024 * 1024)).status == 413
    assert proxy.ask("/v1/x", A="x" * 40_000).status == 400
    assert proxy.ask("/metrics").status == 404
    assert proxy.behind.asked == []


@needs_nginx
def test_plain_http_is_sent_to_https_and_another_name_nowhere(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    connection.request("GET", "/c/ID", headers={"Host": HOST})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{HOST}/c/ID")
    connection.close()
    stranger = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    stranger.request("GET", "/c/ID", headers={"Host": "elsewhere.example"})
    with pytest.raises(ConnectionResetError):
        stranger.getresponse()
    stranger.close()


@needs_nginx
def test_no_log_names_a_certificate_not_even_when_the_registry_is_gone(proxy: Proxy) -> None:
    proxy.ask("/c/M30QP-CANARY")
    proxy.behind.server.socket.close()
    assert proxy.ask("/c/M30QP-CANARY?again=1").status in {502, 504}
    assert "CANARY" not in (proxy.log.read_text(encoding="utf-8") if proxy.log.exists() else "")


def test_the_configuration_never_serves_what_is_stale_and_never_logs_addresses() -> None:
    directives = dict(re.findall(r"^ *([a-z_]+) ([^;{\n]+);", CONFIGURATION, re.MULTILINE))
    assert directives["access_log"] == "off"
    assert directives["error_log"] == "/dev/stderr crit"
    assert directives["proxy_cache_use_stale"] == "off"
    assert directives["ssl_protocols"] == "TLSv1.2 TLSv1.3"
    assert "proxy_ignore_headers" not in directives
    assert "limit_req" not in directives, "publishing is never limited by rate"
