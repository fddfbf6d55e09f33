"""Applications and agreements over HTTP: received and reviewed; signed, with consent field by field (17021-1 9.1)."""

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
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, Made, done_once, made, own_page, own_record, recorded
from app.api.pagination import PageAsked, page_asked
from app.registry import agreement, application
from app.registry.own_records import AGREEMENT, APPLICATION, OwnAgreement, OwnApplication

router = APIRouter(tags=["Applications and agreements"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.APPLICATIONS)]
Code = Annotated[str, Field(min_length=1, max_length=64)]


class NewApplication(Presented):
    """What an organisation applied for."""

    organisation: UUID
    scheme: Annotated[str, Field(min_length=1, max_length=32)]
    scope_requested: Annotated[str, Field(min_length=1, max_length=4000)]
    received_on: Day
    areas: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    roles: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    headcount: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    sites: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()


class NewReview(Presented):
    """How the review ended; declined needs a reason."""

    reviewer: UUID
    outcome: application.Outcome
    reviewed_on: Day
    reason: Annotated[str, Field(min_length=1, max_length=4000)] | None = None


class NewAgreement(Presented):
    """A signed agreement, what it settles, the sites that it covers (none: all), and the fields consented to show."""

    organisation: UUID
    signed_on: Day
    clauses: tuple[agreement.Clause, ...] = ()
    sites: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()
    consented: tuple[agreement.Field, ...] = ()


class Consent(Presented):
    """Consent to show a field, given or ended on a day."""

    field: agreement.Field
    granted: bool
    on: Day


@dataclass(frozen=True)
class ApplicationList:
    """A page of applications."""

    applications: tuple[OwnApplication, ...]
    limit: int
    next: str | None
    prev: str | None


@dataclass(frozen=True)
class AgreementList:
    """A page of agreements."""

    agreements: tuple[OwnAgreement, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(
    "/v1/applications", summary="Record an application", status_code=CREATED, response_model=Made, responses=REFUSALS
)
def receive(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewApplication, FromBody()], once: OnceOnly
) -> Response:
    """Record what was applied for; nothing is promised."""
    received = application.receive(
        registry,
        actor,
        organisation=wanted.organisation,
        scheme=wanted.scheme,
        scope_requested=wanted.scope_requested,
        received_on=wanted.received_on,
        areas=wanted.areas,
        roles=wanted.roles,
        headcount=wanted.headcount,
        sites=wanted.sites,
        request=done_once(once),
    )
    return made(registry, f"/v1/applications/{received}", Made(received))


@router.get("/v1/applications", summary="The body's applications", response_model=ApplicationList)
def list_applications(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List the applications to one's own body."""
    return own_page(request, registry, actor, APPLICATION, "applications", asked)


@router.get(
    "/v1/applications/{application_id}",
    summary="One application",
    response_model=OwnApplication,
    responses={404: {"description": "The body has no such application."}},
)
def read_application(registry: TheRegistry, actor: Client, application_id: UUID) -> Response:
    """Show an application with its review."""
    return own_record(registry, actor, APPLICATION, application_id)


@router.post(
    "/v1/applications/{application_id}/review",
    summary="Record the review of an application",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def review(
    registry: TheRegistry, actor: Client, application_id: UUID, wanted: Annotated[NewReview, FromBody()]
) -> Response:
    """Record that the application was accepted, or declined with a reason; once."""
    application.review(
        registry,
        actor,
        application=application_id,
        reviewer=wanted.reviewer,
        outcome=wanted.outcome,
        reviewed_on=wanted.reviewed_on,
        reason=wanted.reason,
    )
    return recorded()


@router.post(
    "/v1/agreements", summary="Record an agreement", status_code=CREATED, response_model=Made, responses=REFUSALS
)
def sign(registry: TheRegistry, actor: Client, wanted: Annotated[NewAgreement, FromBody()], once: OnceOnly) -> Response:
    """Record the agreement with consent for the fields named, and none for the others."""
    signed = agreement.sign_agreement(
        registry,
        actor,
        organisation=wanted.organisation,
        signed_on=wanted.signed_on,
        consented=wanted.consented,
        clauses=wanted.clauses,
        sites=wanted.sites,
        request=done_once(once),
    )
    return made(registry, f"/v1/agreements/{signed}", Made(signed))


@router.get("/v1/agreements", summary="The body's agreements", response_model=AgreementList)
def list_agreements(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's agreements."""
    return own_page(request, registry, actor, AGREEMENT, "agreements", asked)


@router.get(
    "/v1/agreements/{agreement_id}",
    summary="One agreement",
    response_model=OwnAgreement,
    responses={404: {"description": "The body has no such agreement."}},
)
def read_agreement(registry: TheRegistry, actor: Client, agreement_id: UUID) -> Response:
    """Show an agreement and what is consented now."""
    return own_record(registry, actor, AGREEMENT, agreement_id)


@router.post(
    "/v1/agreements/{agreement_id}/consents",
    summary="Record that consent was given or ended",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def consent(
    registry: TheRegistry, actor: Client, agreement_id: UUID, wanted: Annotated[Consent, FromBody()]
) -> Response:
    """Record the newest word about a field; the end of consent ends the serving, not the record."""
    if wanted.granted:
        agreement.give_consent(registry, actor, agreement=agreement_id, field=wanted.field, given_on=wanted.on)
    else:
        agreement.end_consent(registry, actor, agreement=agreement_id, field=wanted.field, ended_on=wanted.on)
    return recorded()
