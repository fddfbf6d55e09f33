"""Addresses that strangers and programs look for by name: security.txt (RFC 9116) and the API catalogue (RFC 9727)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api.conditional import answer
from app.api.dependencies import door_of
from app.errors import AkashiError
from app.http import until_boundary

CATALOGUE_TYPE = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
HALF_A_YEAR = 6

router = APIRouter(tags=["Well known"])


@router.get(
    "/.well-known/security.txt",
    summary="Where to report a weakness",
    response_class=Response,
    responses={404: {"description": "This installation names no contact."}},
)
async def security(request: Request) -> Response:
    """Name the contact for reports of weaknesses, valid for half a year from the current month."""
    door = door_of(request)
    if door.security_contact is None:
        raise AkashiError("no_such_address")
    lines = [
        f"Contact: {door.security_contact}",
        f"Expires: {_expiry(datetime.now(UTC)):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, ja",
        f"Canonical: {door.registry.base_url}/.well-known/security.txt",
    ]
    return answer(
        request,
        ("\n".join(lines) + "\n").encode(),
        "text/plain; charset=utf-8",
        cache_control=until_boundary(datetime.now(UTC)),
    )


@router.get("/.well-known/api-catalog", summary="What interfaces exist here", response_class=Response)
async def catalogue(request: Request) -> Response:
    """Point to the contract, its documentation and the service's health."""
    base_url = door_of(request).registry.base_url
    links = {
        "anchor": base_url,
        "service-desc": [{"href": f"{base_url}/openapi.json", "type": "application/json"}],
        "service-doc": [{"href": f"{base_url}/docs", "type": "text/html"}],
        "status": [{"href": f"{base_url}/readyz", "type": "application/json"}],
    }
    headers = {"Link": f'<{base_url}/.well-known/api-catalog>; rel="api-catalog"'}
    body = json.dumps({"linkset": [links]}).encode()
    return answer(request, body, CATALOGUE_TYPE, cache_control=until_boundary(datetime.now(UTC)), headers=headers)


def _expiry(now: datetime) -> datetime:
    months = now.year * 12 + now.month - 1 + HALF_A_YEAR
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
