"""What wraps every request: an ID of its own, bounds, safe headers, HEAD, CORS, one log line; pure ASGI.

Headers are built, never echoed: a request ID sent by the caller is ignored. Nobody may take longer than ten seconds
to send a request. What goes wrong unexpectedly is answered as `internal_error`; the log then names the place and the
kind of the exception but not its text, which may hold a name or a secret.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.metrics import Metrics
from app.api.problems import respond
from app.errors import AkashiError

LONGEST_ARRIVAL = 10.0
"""Seconds in which a request must have arrived whole (trust, outside input)."""
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}
"""Defaults; a page or a cacheable answer sets its own."""
EXPOSED = "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Content-Language"

_log = structlog.get_logger("akashi.http")


def bind(scope: Scope, **facts: Any) -> None:
    """Facts about this request for the log line and the answer's headers: `client_id`, `headers`."""
    scope.setdefault("state", {}).update(facts)


class Accompanied:
    """Every request has an ID, a log line and a figure; every failure that nobody answered becomes a problem."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bind(scope, request_id=secrets.token_hex(8))
        watch = _Watch(send)
        try:
            await self._app(scope, receive, watch.send)
        except ClientDisconnect:  # nobody is left to answer
            _log.info("disconnected", request_id=scope["state"]["request_id"])
        except AkashiError as error:
            await self._answer(scope, receive, watch, error)
        except Exception as error:  # noqa: BLE001, the last place that can answer; what happened is logged without its text
            _log_defect(scope, error)
            await self._answer(scope, receive, watch, AkashiError("internal_error"))
        finally:
            self._account(scope, watch)

    async def _answer(self, scope: Scope, receive: Receive, watch: _Watch, error: AkashiError) -> None:
        if watch.status == 0:
            await respond(Request(scope), error)(scope, receive, watch.send)

    def _account(self, scope: Scope, watch: _Watch) -> None:
        method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
        route = scope["state"].get("route") or getattr(scope.get("route"), "path", "none")
        self._metrics.count(method, route, watch.status, watch.seconds)
        state: MutableMapping[str, Any] = scope["state"]
        facts = {"client_id": state["client_id"]} if "client_id" in state else {}
        _log.info(
            "request",
            method=method,
            route=route,
            status=watch.status,
            ms=round(watch.seconds * 1000, 1),
            request_id=state["request_id"],
            **facts,
        )


class _Watch:
    """Sees the answer begin."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._began = time.perf_counter()
        self.status = 0
        self.seconds = 0.0

    async def send(self, message: Message) -> None:
        """Pass the message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.seconds = time.perf_counter() - self._began
        await self._send(message)


class Bounded:
    """A request arrives whole within `LONGEST_ARRIVAL` seconds and no larger than `largest` bytes, or is refused.

    Nobody holds a place by being slow, and what declares itself too large is not even read.
    """

    def __init__(self, app: ASGIApp, largest: int, seconds: float = LONGEST_ARRIVAL) -> None:
        self._app = app
        self._largest = largest
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._seconds
        arrived, size = False, 0
        self._demand_size(_declared_size(scope))

        async def receive_in_time() -> Message:
            nonlocal arrived, size
            if arrived:  # only a disconnection can follow, and that may take as long as the answer does
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, deadline - loop.time()))
            except TimeoutError as error:
                raise AkashiError("request_too_slow") from error
            arrived = not message.get("more_body", False)
            size += len(message.get("body", b""))
            self._demand_size(size)
            return message

        await self._app(scope, receive_in_time, send)

    def _demand_size(self, size: int) -> None:
        if size > self._largest:
            raise AkashiError("body_too_large", note=f"at most {self._largest} bytes")


def _declared_size(scope: Scope) -> int:
    """What the header says, 0 where it says nothing usable; a server has checked its form already."""
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared[:12]) if declared.isdecimal() else 0


class Dressed:
    """Answers wear safe headers, HEAD is GET without its body, and public reading is open to every origin."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._defaults = {
            **SAFE_HEADERS,
            **({"Strict-Transport-Security": "max-age=63072000; includeSubDomains"} if https else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bind(scope)
        head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if head else scope
        reading = scope["method"] in {"GET", "HEAD", "OPTIONS"}

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(MutableHeaders(scope=message), scope, reading=reading)
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] == "OPTIONS":
            await _answer_preflight(dress)
        else:
            await self._app(inner, receive, dress)

    def _dress(self, headers: MutableHeaders, scope: Scope, *, reading: bool) -> None:
        state = scope.get("state", {})
        for name, value in {**state.get("headers", {}), **self._defaults}.items():
            headers.setdefault(name, value)
        if "request_id" in state:
            headers["X-Request-Id"] = state["request_id"]
        if reading:
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = EXPOSED


async def _answer_preflight(send: Send) -> None:
    """Reading is allowed to all origins; whoever writes is a machine and needs no browser's permission."""
    headers = [
        (b"access-control-allow-methods", b"GET, HEAD"),
        (b"access-control-allow-headers", b"Accept, Accept-Language, If-None-Match"),
        (b"access-control-max-age", b"86400"),
        (b"allow", b"GET, HEAD, POST, OPTIONS"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _log_defect(scope: Scope, error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    _log.error(
        "defect",
        exception=f"{type(error).__module__}.{type(error).__qualname__}",
        where=[f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
        request_id=scope["state"]["request_id"],
    )
