"""What routes may ask for: the registry, and who is calling with which scope.

`actor: Annotated[Actor, requires(Scope.AUDITS)]` is the whole access control of a route; the contract shows the scope.
A token comes in the Authorization header only, never in an address (RFC 6750 §2.3, RFC 9700 §4.3.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

from fastapi import Depends, Security, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from fastapi.security import OAuth2, SecurityScopes
from starlette.requests import Request

from app.access.actor import Actor
from app.access.permissions import MEANING, Scope, demand, demand_alive
from app.api.limits import ACTS, COMPUTING, Limiter
from app.api.metrics import Metrics
from app.api.middleware import bind
from app.credentials.strict_json import pointer_to
from app.errors import AkashiError, Fault
from app.registry import sign_in
from app.registry.registry import Registry

TOKEN_PATH = "/oauth/token"  # noqa: S105, an address
READING = frozenset({"GET", "HEAD"})
ERASING = "DELETE"
"""What is erased here are natural persons' data, which a body that ceased still has to erase."""
SCHEME = OAuth2(
    flows={
        "clientCredentials": {
            "tokenUrl": TOKEN_PATH,
            "scopes": {scope.value: meaning for scope, meaning in MEANING.items()},
        }
    },
    scheme_name="machine",
    description="Client credentials with private_key_jwt; tokens live five minutes.",
    auto_error=False,
)


@dataclass(frozen=True)
class Door:
    """What the routes of one service share; `unready` names what is missing, nothing when all is there."""

    registry: Registry
    unready: Callable[[], tuple[str, ...]]
    security_contact: str | None = None
    limiter: Limiter = field(default_factory=Limiter)
    metrics: Metrics = field(default_factory=Metrics)


def door_of(request: Request) -> Door:
    """The door through which this request came."""
    return cast("Door", request.app.state.door)


def registry_of(request: Request) -> Registry:
    """The registry that acts are done in."""
    return door_of(request).registry


TheDoor = Annotated[Door, Depends(door_of)]
TheRegistry = Annotated[Registry, Depends(registry_of)]


def current_actor(
    request: Request,
    required: SecurityScopes,
    door: TheDoor,
    authorization: Annotated[str | None, Depends(SCHEME)],
) -> Actor:
    """The machine whose live token came along, holding every scope that the route requires, within its limit.

    A body that has ceased reads, and erases; whatever else it asks for is refused before any act begins.
    """
    actor = sign_in.actor_of(door.registry, bearer_token(authorization))
    bind(request.scope, client_id=actor.client_id)
    for scope in required.scopes:
        demand(actor, Scope(scope))
    if request.method not in READING:
        if request.method != ERASING:
            demand_alive(actor)
        bind(request.scope, headers=door.limiter.take(ACTS, actor.party_id))
    return actor


def requires(*scopes: Scope) -> Any:
    """The caller is signed in and holds these scopes."""
    return Security(current_actor, scopes=[scope.value for scope in scopes])


def bearer_token(authorization: str | None) -> str:
    """The token of a Bearer header; raises `not_signed_in` where there is none."""
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise AkashiError("not_signed_in")
    return token.strip()


STRICT_ADDRESSES = ("/v1/", "/status/")
TIMES = frozenset({"at", "known_at", "time", "timestamp"})


def known_parameters_only(request: Request) -> None:
    """No parameter that the route does not declare is passed over in silence: the answer would be to another question.

    Addresses of files may carry what others add to a link, but never a time that would not be answered for.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    declared = {one.alias for one in get_flat_params(route.dependant) if isinstance(one.field_info, params.Query)}
    strict = request.url.path.startswith(STRICT_ADDRESSES)
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in declared]
    refused = [name for name in unknown if strict or name in TIMES]
    if refused:
        faults = tuple(Fault("unknown_parameter", pointer_to("", name), "in the query") for name in refused)
        raise AkashiError("unknown_parameter", faults=faults)


def within_computing_budget(request: Request, door: TheDoor) -> None:
    """Public computing stays within the budget of the process, whoever asks."""
    bind(request.scope, headers=door.limiter.take(COMPUTING, "everyone"))
