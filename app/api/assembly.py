"""The door put together: what wraps every request, how refusals are answered, and the routes that every service has."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends, FastAPI

from app.api import health, oauth, problems, reference, wellknown
from app.api.bodies import LARGEST_BODY
from app.api.dependencies import Door, known_parameters_only
from app.api.middleware import Accompanied, Bounded, Dressed
from app.api.problems import ProblemPage


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
        app.include_router(router, dependencies=[Depends(known_parameters_only)])
    app.openapi = lambda: reference.describe(app)  # type: ignore[method-assign]  # as FastAPI documents it
    return app


def make_app(
    door: Door,
    *,
    version: str,
    routers: Sequence[APIRouter] = (),
    problem_page: ProblemPage | None = None,
    style_address: str | None = None,
) -> FastAPI:
    """The routes over a door, with what wraps every request and with answers for every refusal.

    `style_address` is the sheet of the pages, for the one page of this door.
    """
    app = bare_app(routers, version=version)
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
