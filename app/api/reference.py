"""The contract and its reference page: `/openapi.json` and `/docs`, plain HTML without scripts or third parties.

The page lists every operation, every error code under the anchor that problem documents point to, and the limits.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response

from app.api.conditional import answer
from app.api.dependencies import STRICT_ADDRESSES
from app.api.limits import ACTS, BULK, COMPLAINTS, COMPUTING, SIGN_IN
from app.errors import catalogue
from app.http import until_boundary

PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors", "doc", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail", "remedy"],
                "properties": {
                    name: {"type": "string"} for name in ("field", "code", "detail", "remedy", "clause", "note")
                },
            },
        },
        "doc": {"type": "string"},
        "request_id": {"type": "string"},
    },
}

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    """The published contract."""
    body = json.dumps(request.app.openapi(), ensure_ascii=False).encode()
    return answer(request, body, "application/json", cache_control=until_boundary(datetime.now(UTC)))


@router.get("/docs")
async def page(request: Request) -> Response:
    """The contract as a page to read."""
    body = _render(request.app).encode()
    headers = {"Content-Security-Policy": PAGE_POLICY, "Content-Language": "en"}
    return answer(
        request, body, "text/html; charset=utf-8", cache_control=until_boundary(datetime.now(UTC)), headers=headers
    )


def describe(app: FastAPI) -> dict[str, Any]:
    """The contract of all routes that are part of it; every refusal is the one problem document."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM
        for name in ("HTTPValidationError", "ValidationError"):  # the framework's own refusals, which we never give
            schemas.pop(name, None)
        for name, operation in _operations(schema):
            _state_refusals(operation, strict=name.partition(" ")[2].startswith(STRICT_ADDRESSES))
        app.openapi_schema = schema
    return app.openapi_schema


def _state_refusals(operation: dict[str, Any], *, strict: bool) -> None:
    """Name the problem document for each refusal, and ours in place of the framework's 422 for a malformed request."""
    responses = operation["responses"]
    generated = responses.get("422", {}).get("description") == "Validation Error"
    if generated:
        del responses["422"]
    if strict or "requestBody" in operation or "parameters" in operation:
        responses.setdefault("400", {"description": "The request is malformed; every fault is listed."})
    if "requestBody" in operation:
        for status, description in (("413", "The body is too large."), ("415", "The body has another media type.")):
            responses.setdefault(status, {"description": description})
    if "security" in operation:
        for status, description in (
            ("401", "No live token came along."),
            ("403", "The token lacks the scope."),
            ("429", "Too many acts in a short time."),
        ):
            responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if status[0] in "45" and "content" not in response:
            response["content"] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _operations(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict)
    ]


@cache
def _render(app: FastAPI) -> str:
    operations = "".join(_operation(name, operation) for name, operation in _operations(describe(app)))
    codes = "".join(
        f'<dt id="{escape(code)}"><code>{escape(code)}</code></dt><dd>{escape(entry.en)} {escape(entry.remedy_en)}'
        f'<br><span lang="ja">{escape(entry.ja)}{escape(entry.remedy_ja)}</span></dd>'
        for code, entry in sorted(catalogue().items())
    )
    limits = "".join(
        f"<dt>{escape(policy.name)}</dt><dd>{policy.quota} {policy.unit} in {policy.window} seconds</dd>"
        for policy in (ACTS, SIGN_IN, COMPUTING, BULK, COMPLAINTS)
    )
    style = app.state.style_address
    sheet = f'<link rel="stylesheet" href="{escape(style)}">' if style else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Akashi: HTTP reference</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{sheet}</head><body class="reference">'
        '<main><h1 class="plain">HTTP reference</h1><p class="lead">The contract for programs is '
        '<a href="/openapi.json">/openapi.json</a> (OpenAPI).</p><nav aria-label="On this page"><ul>'
        '<li><a href="#operations">Operations</a></li><li><a href="#limits">Limits</a></li>'
        '<li><a href="#codes">Error codes</a></li></ul></nav>'
        f'<section><h2 id="operations">Operations</h2>{operations}</section><section><h2 id="limits">Limits</h2>'
        "<p>What is published is never limited. For the rest, every answer says in RateLimit how much is left:</p>"
        f'<dl class="facts">{limits}</dl></section><section><h2 id="codes">Error codes</h2><dl class="facts">{codes}'
        "</dl></section></main></body></html>"
    )


def _operation(name: str, operation: dict[str, Any]) -> str:
    scopes = [scope for choice in operation.get("security", []) for names in choice.values() for scope in names]
    answers = "".join(
        f"<dt>{status}</dt><dd>{escape(response['description'])}</dd>"
        for status, response in operation["responses"].items()
    )
    needed = f"<p>Scope: {escape(', '.join(scopes))}</p>" if scopes else ""
    return (
        f"<h3><code>{escape(name)}</code></h3><p>{escape(operation.get('summary', ''))}. "
        f'{escape(operation.get("description", ""))}</p>{needed}<dl class="facts">{answers}</dl>'
    )
