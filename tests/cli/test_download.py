from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from app.cli.download import DownloadRefused, download_bundle
from app.examiner.bundle import MAX_BUNDLE_BYTES
from tests.support.evidence import PUBLIC_ID


@contextmanager
def registry(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[str]]]:
    """A small HTTP server on this machine; its address and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status: int, content: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def test_one_request_gets_the_bundle() -> None:
    with registry(answering(200, b"{}")) as (address, asked):
        assert download_bundle(f"{address}/", PUBLIC_ID) == b"{}"
    assert asked == [f"/c/{PUBLIC_ID}.bundle.json"]


def test_no_record_is_no_bundle() -> None:
    with registry(answering(404)) as (address, _):
        assert download_bundle(address, PUBLIC_ID) is None


@pytest.mark.parametrize(
    ("status", "code"), [(403, "bundle_withheld"), (500, "registry_unreachable"), (429, "registry_unreachable")]
)
def test_other_answers_are_told_apart(status: int, code: str) -> None:
    with registry(answering(status)) as (address, _), pytest.raises(DownloadRefused) as refused:
        download_bundle(address, PUBLIC_ID)
    assert refused.value.code == code


def test_a_redirect_is_not_followed() -> None:
    with registry(answering(302, Location="/elsewhere")) as (address, asked):
        with pytest.raises(DownloadRefused):
            download_bundle(address, PUBLIC_ID)
        assert asked == [f"/c/{PUBLIC_ID}.bundle.json"]


def test_no_more_is_read_than_a_bundle_can_have() -> None:
    with registry(answering(200, b"x" * (MAX_BUNDLE_BYTES + 10_000))) as (address, _):
        assert len(download_bundle(address, PUBLIC_ID) or b"") == MAX_BUNDLE_BYTES + 1


def test_nobody_there_is_no_verdict() -> None:
    with registry(answering(200)) as (address, _):
        pass
    with pytest.raises(DownloadRefused) as refused:
        download_bundle(address, PUBLIC_ID)
    assert refused.value.code == "registry_unreachable"


@pytest.mark.parametrize(
    "address",
    [
        "http://registry.example",
        "ftp://registry.example",
        "file:///etc/passwd",
        "https://",
        "https://user@registry.example",
        "https://registry.example/?x=1",
        "https://registry.example:notaport",
        "registry.example",
        "http://127.0.0.1.example",
    ],
)
def test_only_https_or_this_machine_is_asked(address: str) -> None:
    with pytest.raises(DownloadRefused) as refused:
        download_bundle(address, PUBLIC_ID)
    assert refused.value.code == "registry_address"
