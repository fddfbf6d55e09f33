"""The HTTP door for tests: a real application with its middleware, over a registry that may lack a database."""

from __future__ import annotations

from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.api.assembly import make_app
from app.api.dependencies import Door
from app.api.limits import Limiter
from app.keys.software import KeyFolder
from app.registry.registry import Registry
from app.storage.database import Database
from app.trust.anchors import Anchors

BASE_URL = "https://registry.example"
NO_DATABASE = Database({})


def registry_over(database: Database = NO_DATABASE, base_url: str = BASE_URL) -> Registry:
    """A registry without keys and anchors; without a database only what needs none can be asked."""
    return Registry(database, KeyFolder(Path("/nonexistent"), "a secret of tests only"), Anchors(), base_url, "")


def app_over(
    database: Database = NO_DATABASE,
    *,
    base_url: str = BASE_URL,
    limiter: Limiter | None = None,
    unready: tuple[str, ...] = (),
) -> FastAPI:
    """The infrastructure of the door; tests add routes of their own."""
    registry = registry_over(database, base_url)
    door = Door(registry, lambda: unready, "mailto:security@registry.example", limiter or Limiter())
    return make_app(door, version="0.0.0")


def client_of(app: FastAPI) -> TestClient:
    """A client that follows no redirect, so that each answer is seen."""
    return TestClient(app, base_url=BASE_URL, follow_redirects=False)


async def converse(
    app: FastAPI, method: str, path: str, messages: AsyncIterator[dict[str, Any]], headers: dict[str, str]
) -> tuple[int, bytes]:
    """Status and body of one request whose body arrives message by message, as a server would hand it over."""
    status, body = 0, b""

    async def receive() -> dict[str, Any]:
        return await anext(messages)

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    raw_headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": raw_headers,
    }
    await app({**scope, "http_version": "1.1", "scheme": "https", "server": ("registry.example", 443)}, receive, send)
    return status, body


def add_party(database: Database) -> UUID:
    """A registered party, for tests of sign-in: the least that the schema accepts."""
    party = uuid4()
    with database.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO akashi.party (id, kind, country, time_zone, public_information)"
                " VALUES (:id, 'accreditation_body', 'JP', 'Asia/Tokyo', '{}')"
            ),
            {"id": party},
        )
    return party
