"""The service assembled: settings and a registry in, an application and its server out.

Whoever starts the service (command line, demo, tests) makes the registry and asks here for the rest. This is the one
place that knows every router; the contract in `openapi/openapi.yaml` is made of the same list.
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app.api import (
    accreditations,
    appeals,
    applications,
    audit_programmes,
    audits,
    certificates,
    certifications,
    change_notices,
    committees,
    complaints,
    decision_sheets,
    decisions,
    directory,
    due,
    formats,
    identities,
    impartiality,
    imports,
    log,
    organisations,
    oversight,
    people,
    published,
    transfers,
    verification,
)
from app.api.assembly import bare_app, make_app
from app.api.dependencies import Door
from app.api.reference import describe
from app.errors import AkashiError
from app.pages import routes as pages
from app.pages.answering import problem_response, wants_a_page
from app.pages.registry_questions import questions_of
from app.pages.render import style_address
from app.pages.site import Site
from app.registry.registry import Registry
from app.registry.upkeep import unready
from app.settings import Settings

VERSION = "0.1.0"
"""As in pyproject.toml, compared by a test: a service run from its folder has no package metadata."""
ROUTERS: tuple[APIRouter, ...] = (
    verification.router,
    directory.router,
    certificates.router,
    formats.router,
    published.router,
    people.router,
    impartiality.router,
    organisations.router,
    applications.router,
    certifications.router,
    audit_programmes.router,
    audits.router,
    change_notices.router,
    complaints.router,
    appeals.router,
    due.router,
    accreditations.router,
    oversight.router,
    identities.router,
    imports.router,
    log.router,
    decisions.router,
    decision_sheets.router,
    committees.router,
    transfers.router,
)
"""The routers of the HTTP door, in the order in which they are asked."""
KEEP_ALIVE = 15
DRAIN = 20
"""Seconds: how long an idle connection is kept, and how long requests under way may take at the end."""


def create_app(settings: Settings, registry: Registry) -> FastAPI:
    """The whole application over one registry: the HTTP door, and the pages."""
    questions = questions_of(registry)
    site = Site(
        base_url=registry.base_url,
        operator=settings.operator or registry.base_url,
        version=VERSION,
        publication_keys=(registry.publication_key,) if registry.publication_key else (),
        time_zone=settings.time_zone,
        demonstration=registry.development,
        security_contact=settings.security_contact is not None,
    )

    def page(request: Request, error: AkashiError) -> Response | None:
        return problem_response(request, site, error, questions.now()) if wants_a_page(request) else None

    return make_app(
        Door(registry, partial(unready, registry), settings.security_contact),
        version=VERSION,
        routers=ROUTERS,
        pages=pages.router(questions, site),
        problem_page=page,
        style_address=style_address(),
    )


def contract() -> dict[str, Any]:
    """The published contract, as `/openapi.json` serves it; it depends on no setting."""
    return describe(bare_app(ROUTERS, version=VERSION))


class Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then tell."""
        await super().startup(sockets)
        if self.started:
            self._when_ready()


def make_server(app: FastAPI, settings: Settings, *, when_ready: Callable[[], None] = lambda: None) -> Server:
    """The server of the application: our own log instead of an access log, which would hold certificate IDs."""
    configure_log(settings.log_level)
    return Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            server_header=False,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=DRAIN,
            h11_max_incomplete_event_size=16 * 1024,
            ws="none",
        ),
        when_ready,
    )


def configure_log(level: str) -> None:
    """Afterwards every event is one line of JSON on the error stream, its values escaped."""
    numeric = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stream of the moment, not of the start
    )
