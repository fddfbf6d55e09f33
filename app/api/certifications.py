"""Certifications over HTTP: opened under a public ID and a number; nothing is public before there is a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, done_once, made, own_page, own_record, recorded
from app.api.pagination import PageAsked, page_asked
from app.api.shown import JSON
from app.registry.certification import open_certification
from app.registry.dossier import Dossier, read_dossier
from app.registry.overlap import confirm_overlap
from app.registry.own_records import CERTIFICATION, OwnCertification
from app.registry.verification import as_bytes

router = APIRouter(tags=["Certifications"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.APPLICATIONS)]


class NewCertification(Presented):
    """What is certified under which number; organisation and scheme only where there is no application."""

    number: Annotated[str, Field(min_length=1, max_length=60)]
    application: UUID | None = None
    organisation: UUID | None = None
    scheme: Annotated[str | None, Field(max_length=32)] = None
    agreement: UUID | None = None


class NewOverlap(Presented):
    """Another certification of the same client and scope, and who says why both are meant."""

    other: UUID
    person: UUID
    reason: Annotated[str, Field(min_length=1, max_length=4000)]
    confirmed_on: Day


@dataclass(frozen=True)
class Opened:
    """An opened certification: its id, the public ID that its certificates will carry, and its number."""

    id: UUID
    certificate_id: str
    number: str


@dataclass(frozen=True)
class CertificationList:
    """A page of certifications."""

    certifications: tuple[OwnCertification, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(
    "/v1/certifications",
    summary="Open a certification",
    status_code=CREATED,
    response_model=Opened,
    responses=REFUSALS,
)
def open_one(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewCertification, FromBody()], once: OnceOnly
) -> Response:
    """Give it a public ID; outside it stays unknown until a certificate is issued.

    A certification needs an accepted application; in a scheme that waives it, name organisation and scheme.
    """
    opened = open_certification(
        registry,
        actor,
        number=wanted.number,
        application=wanted.application,
        organisation=wanted.organisation,
        scheme=wanted.scheme,
        agreement=wanted.agreement,
        request=done_once(once),
    )
    shown = Opened(opened.id, opened.public_id, opened.number)
    return made(registry, f"/v1/certifications/{opened.id}", shown)


@router.get("/v1/certifications", summary="The body's certifications", response_model=CertificationList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's certifications, issued or not."""
    return own_page(request, registry, actor, CERTIFICATION, "certifications", asked)


@router.get(
    "/v1/certifications/{certification}",
    summary="One certification",
    response_model=OwnCertification,
    responses={404: {"description": "The body has no such certification."}},
)
def read(registry: TheRegistry, actor: Client, certification: UUID) -> Response:
    """Show a certification of one's own body."""
    return own_record(registry, actor, CERTIFICATION, certification)


@router.get(
    "/v1/certifications/{certification}/dossier",
    summary="All that the body keeps about a certification",
    response_model=Dossier,
    responses={404: {"description": "The body has no such certification."}},
)
def dossier(
    registry: TheRegistry,
    actor: Annotated[Actor, requires(Scope.CERTIFICATES_READ)],
    certification: UUID,
) -> Response:
    """Show decisions with reasons, refusals too, open drafts, audits, what is due, and every case."""
    return Response(as_bytes(read_dossier(registry, actor, certification)), media_type=JSON)


@router.post(
    "/v1/certifications/{certification}/overlaps",
    summary="Confirm that two certifications of one scope are meant",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def confirm(
    registry: TheRegistry, actor: Client, certification: UUID, wanted: Annotated[NewOverlap, FromBody()]
) -> Response:
    """Let this certification stand beside another of the same client and scope; the decision is made on its own."""
    confirm_overlap(registry, actor, certification, **dict(wanted))
    return recorded()
