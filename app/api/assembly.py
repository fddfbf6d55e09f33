"""The door put together: what wraps every request, how refusals are answered, and the routes that every service has."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends, FastAPI
from starlette.routing import BaseRoute

from app.api import health, oauth, problems, reference, wellknown
from app.api.bodies import LARGEST_BODY
from app.api.dependencies import Door, known_parameters_only
from app.api.middleware import Accompanied, Bounded, Dressed
from app.api.problems import ProblemPage

_INCLUDED: dict[int, BaseRoute] = {}  # by the identity of the router, which its route keeps alive


def bare_app(routers: Sequence[APIRouter], *, version: str) -> FastAPI:
    """The routes alone, those that every service has and these; the first that matches answers."""
    app = FastAPI(
        title="Akashi",
        summary="A registry of AI governance certificates in which nobody has to trust the registry",
        version=version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for router in (oauth.router, wellknown.router, health.router, reference.router, *routers):
        app.router.routes.append(_included(router))
    app.openapi = lambda: reference.describe(app)  # type: ignore[method-assign]  # as FastAPI documents it
    return app


def make_app(
    door: Door,
    *,
    version: str,
    routers: Sequence[APIRouter] = (),
    pages: APIRouter | None = None,
    problem_page: ProblemPage | None = None,
    style_address: str | None = None,
) -> FastAPI:
    """The routes over a door and this door's pages, with what wraps every request and answers for every refusal.

    `style_address` is the sheet of the pages, for the one page of this door.
    """
    app = bare_app(routers, version=version)
    if pages is not None:
        app.include_router(pages)
    app.state.door = door
    app.state.base_url = door.registry.base_url
    app.state.problem_page = problem_page
    app.state.style_address = style_address
    problems.install(app)
    # The last one added is the outermost.
    app.add_middleware(Bounded, largest=LARGEST_BODY)
    app.add_middleware(Accompanied, metrics=door.metrics)
    app.add_middleware(Dressed, https=door.registry.base_url.startswith("https:"))
    return app


def _included(router: APIRouter) -> BaseRoute:
    """A router of this program as every application includes it, the same object each time.

    FastAPI works out what each of its routes takes and gives at an application's first request, for half a second in
    all; applications that share the result (the contract's and the service's, each test's) pay once.
    """
    if id(router) not in _INCLUDED:
        carrier = APIRouter()
        carrier.include_router(router, dependencies=[Depends(known_parameters_only)])
        _INCLUDED[id(router)] = carrier.routes[0]
    return _INCLUDED[id(router)]
