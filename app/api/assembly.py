"""The door put together: what wraps every request, how refusals are answered, and the routes that every service has."""

from __future__ import annotations

from fastapi import FastAPI

from app.api import health, oauth, problems, reference, wellknown
from app.api.bodies import LARGEST_BODY
from app.api.dependencies import Door
from app.api.middleware import Accompanied, Bounded, Dressed


def make_app(door: Door, *, version: str) -> FastAPI:
    """An application without acts; routers are included into it by whoever assembles the service."""
    app = FastAPI(
        title="Akashi",
        summary="A registry of AI governance certificates in which nobody has to trust the registry",
        version=version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=LARGEST_BODY,
    )
    app.state.door = door
    app.state.base_url = door.registry.base_url
    app.openapi = lambda: reference.describe(app)  # type: ignore[method-assign]  # as FastAPI documents it
    problems.install(app)
    # The last one added is the outermost.
    app.add_middleware(Bounded)
    app.add_middleware(Accompanied, metrics=door.metrics)
    app.add_middleware(Dressed, https=door.registry.base_url.startswith("https:"))
    for router in (oauth.router, wellknown.router, health.router, reference.router):
        app.include_router(router)
    return app
