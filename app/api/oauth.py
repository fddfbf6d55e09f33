"""Tokens for machines: `POST /oauth/token` (RFC 6749 §4.4 with private_key_jwt) and its metadata (RFC 8414).

The answer to a refusal is both what OAuth clients read (`error`, `error_description`, RFC 6749 §5.2) and a problem of
ours with code, fields and remedies. The client is told by its assertion alone; a `client_id` beside it must agree.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.access.clients import ALGORITHMS, split_assertion
from app.access.permissions import Scope
from app.api.bodies import demand_media_type, read_bounded
from app.api.dependencies import TOKEN_PATH, Door, door_of
from app.api.limits import SIGN_IN
from app.api.middleware import bind
from app.api.problems import describe, refusal_headers
from app.errors import AkashiError, Fault, Kind, explain
from app.http import preferred_language, status_of
from app.registry import sign_in

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
MAX_FORM = 16 * 1024
_PARAMETERS = frozenset({"grant_type", "client_assertion_type", "client_assertion", "scope", "client_id"})
_NEEDED = ("grant_type", "client_assertion_type", "client_assertion")
_OAUTH_ERRORS = {
    "unsupported_grant_type": "unsupported_grant_type",
    "unknown_scope": "invalid_scope",
    "scope_not_granted": "invalid_scope",
}
_REFUSAL = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
"""A refusal here is a problem with the two members of OAuth, in the media type that its clients expect."""

router = APIRouter(tags=["Sign-in"])


@router.post(
    TOKEN_PATH,
    summary="A token for a machine client",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": list(_NEEDED),
                        "properties": {
                            "grant_type": {"const": "client_credentials"},
                            "client_assertion_type": {"const": ASSERTION_TYPE},
                            "client_assertion": {"type": "string"},
                            "scope": {"type": "string"},
                        },
                    }
                }
            },
        }
    },
    responses={
        status: {"description": description, "content": _REFUSAL}
        for status, description in (
            (400, "The request or its scope is refused (RFC 6749 §5.2)."),
            (401, "The client is not authenticated."),
            (413, "The form is too large."),
            (415, "Not a form."),
            (429, "Too many attempts."),
        )
    },
)
async def token(request: Request) -> Response:
    """Give a token to the client that signed the assertion."""
    try:
        form = _read_form(await _read(request))
        granted = await run_in_threadpool(_grant, request, door_of(request), form)
    except AkashiError as error:
        return _refusal(request, error)
    body = {
        "access_token": granted.token,
        "token_type": "Bearer",
        "expires_in": granted.expires_in,
        "scope": " ".join(granted.scopes),
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@router.get("/.well-known/oauth-authorization-server", summary="How machines sign in (RFC 8414)")
async def metadata(request: Request) -> JSONResponse:
    """Say how, where and with which algorithms a client signs in."""
    base_url = door_of(request).registry.base_url
    described = {
        "issuer": base_url,
        "token_endpoint": base_url + TOKEN_PATH,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": [name for names in ALGORITHMS.values() for name in names],
        "service_documentation": f"{base_url}/docs",
    }
    return JSONResponse(described, headers={"Cache-Control": "public, max-age=60, must-revalidate"})


async def _read(request: Request) -> bytes:
    body = await read_bounded(request, MAX_FORM)
    demand_media_type(request, FORM)
    return body


def _read_form(body: bytes) -> dict[str, str]:
    """The parameters that we know, each at most once; others are ignored (RFC 6749 §3.2)."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict")
    except ValueError as error:
        raise AkashiError("malformed_token_request") from error
    known = [(name, value) for name, value in pairs if name in _PARAMETERS]
    form = dict(known)
    faults = [Fault("malformed_token_request", f"/{name}", "twice") for name in form if _count(known, name) > 1]
    faults += [Fault("missing_member", f"/{name}") for name in _NEEDED if not form.get(name)]
    if faults:
        raise AkashiError("malformed_token_request", faults=tuple(faults))
    if form["grant_type"] != "client_credentials":
        raise AkashiError("unsupported_grant_type", field="/grant_type")
    if form["client_assertion_type"] != ASSERTION_TYPE:
        raise AkashiError("malformed_assertion", field="/client_assertion_type", note=ASSERTION_TYPE)
    return form


def _count(pairs: list[tuple[str, str]], wanted: str) -> int:
    return sum(name == wanted for name, _ in pairs)


def _grant(request: Request, door: Door, form: dict[str, str]) -> sign_in.AccessToken:
    claimed = split_assertion(form["client_assertion"]).client_id
    if form.get("client_id", claimed) != claimed:
        raise AkashiError("malformed_assertion", field="/client_id", note="it differs from the assertion's sub")
    address = request.client.host if request.client else ""
    bind(request.scope, headers=door.limiter.take(SIGN_IN, (claimed, address)))
    scopes = form["scope"].split() if "scope" in form else None
    granted = sign_in.grant_token(door.registry, form["client_assertion"], scopes)
    bind(request.scope, client_id=granted.client_id)
    return granted


def _refusal(request: Request, error: AkashiError) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    body: dict[str, Any] = {
        "error": _oauth_error(error),
        "error_description": explain(error.code).en + (f" ({error.note})" if error.note else ""),
        **describe(request, error, language),
    }
    headers = {**refusal_headers(error, language), **getattr(error, "headers", {})}
    content = json.dumps(body, ensure_ascii=False).encode("utf-8")
    return Response(content, status_of(error.code), headers, media_type="application/json")


def _oauth_error(error: AkashiError) -> str:
    kind = explain(error.code).kind
    if kind is Kind.UNAUTHENTICATED:
        return "invalid_client"
    if kind in {Kind.UNAVAILABLE, Kind.LIMITED}:
        return "temporarily_unavailable"
    return _OAUTH_ERRORS.get(error.code, "server_error" if kind is Kind.INTERNAL else "invalid_request")
