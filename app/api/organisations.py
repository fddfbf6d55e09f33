"""Organisations over HTTP: dated names as registered, identifiers and sites, kept by each body for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
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
from app.registry import organisations
from app.registry.own_records import ORGANISATION, OwnOrganisation

router = APIRouter(tags=["Organisations"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.ORGANISATIONS)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Language = Annotated[str, Field(min_length=2, max_length=35, examples=["ja"])]
Script = Annotated[str, Field(min_length=4, max_length=4, examples=["Jpan"])]
Country = Annotated[str, Field(min_length=2, max_length=2, examples=["JP"])]


class NewName(Presented):
    """A name exactly as registered, where it was read, and the days on which it holds."""

    name: Name
    language: Language
    script: Script
    source: Name
    valid_from: Day | None = None
    valid_to: Day | None = None

    def vocabulary(self) -> organisations.OrganisationName:
        """The same in the vocabulary of the acts."""
        return organisations.OrganisationName(**dict(self))


class EndedName(Presented):
    """Which name ended, and the last day on which it held."""

    name: Name
    language: Language
    script: Script
    last_day: Day


class NewIdentifier(Presented):
    """A registration of the organisation elsewhere."""

    scheme: Literal["lei", "jp_corporate_number", "other"]
    value: Annotated[str, Field(min_length=1, max_length=100)]


class EndedIdentifier(NewIdentifier):
    """A registration, and the last day on which it holds."""

    last_day: Day


class NewOrganisation(Presented):
    """An organisation with at least one name."""

    names: Annotated[tuple[NewName, ...], Field(min_length=1, max_length=50)]
    country: Country
    identifiers: Annotated[tuple[NewIdentifier, ...], Field(max_length=20)] = ()


class SiteName(Presented):
    """What a site is called, in one language."""

    name: Name
    language: Language
    script: Script | None = None


class SiteAddress(Presented):
    """A postal address in one language."""

    locality: Name
    language: Language
    region: Name | None = None
    street: Name | None = None
    postal_code: Annotated[str, Field(min_length=1, max_length=20)] | None = None


class NewSite(Presented):
    """A place of the organisation; its first name and address prevail, a virtual one has no address."""

    names: Annotated[tuple[SiteName, ...], Field(min_length=1, max_length=20)]
    country: Country
    addresses: Annotated[tuple[SiteAddress, ...], Field(max_length=20)] = ()
    virtual: bool = False
    central_function: bool = False

    def vocabulary(self) -> organisations.SiteFacts:
        """The same in the vocabulary of the acts."""
        return organisations.SiteFacts(
            names=tuple(organisations.SiteName(**dict(name)) for name in self.names),
            country=self.country,
            addresses=tuple(organisations.SiteAddress(**dict(address)) for address in self.addresses),
            virtual=self.virtual,
            central_function=self.central_function,
        )


@dataclass(frozen=True)
class OrganisationList:
    """A page of organisations."""

    organisations: tuple[OwnOrganisation, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(
    "/v1/organisations",
    summary="Record an organisation",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def add(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewOrganisation, FromBody()], once: OnceOnly
) -> Response:
    """Record an organisation with its names, in each script exactly as registered."""
    organisation = organisations.register_organisation(
        registry,
        actor,
        names=tuple(name.vocabulary() for name in wanted.names),
        country=wanted.country,
        identifiers=tuple((one.scheme, one.value) for one in wanted.identifiers),
        request=done_once(once),
    )
    return made(registry, f"/v1/organisations/{organisation}", Made(organisation))


@router.get("/v1/organisations", summary="The body's organisations", response_model=OrganisationList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List the organisations that one's own body keeps."""
    return own_page(request, registry, actor, ORGANISATION, "organisations", asked)


@router.get(
    "/v1/organisations/{organisation}",
    summary="One organisation",
    response_model=OwnOrganisation,
    responses={404: {"description": "The body has no such organisation."}},
)
def read(registry: TheRegistry, actor: Client, organisation: UUID) -> Response:
    """Show an organisation with every name it had, its identifiers and its sites."""
    return own_record(registry, actor, ORGANISATION, organisation)


@router.post(
    "/v1/organisations/{organisation}/names",
    summary="Record a further name",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def add_name(
    registry: TheRegistry, actor: Client, organisation: UUID, wanted: Annotated[NewName, FromBody()]
) -> Response:
    """Record a further name; the one it replaces is ended by its own request."""
    organisations.add_name(registry, actor, organisation, wanted.vocabulary())
    return recorded()


@router.post(
    "/v1/organisations/{organisation}/ended-names",
    summary="Record that a name ended",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end_name(
    registry: TheRegistry, actor: Client, organisation: UUID, ended: Annotated[EndedName, FromBody()]
) -> Response:
    """Record the last day of a name, which stays in the records."""
    organisations.end_name(
        registry,
        actor,
        organisation,
        name=ended.name,
        language=ended.language,
        script=ended.script,
        last_day=ended.last_day,
    )
    return recorded()


@router.post(
    "/v1/organisations/{organisation}/identifiers",
    summary="Record a further registration",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def add_identifier(
    registry: TheRegistry, actor: Client, organisation: UUID, wanted: Annotated[NewIdentifier, FromBody()]
) -> Response:
    """Record a registration learned of later, or that of a legal successor."""
    organisations.add_identifier(registry, actor, organisation, scheme=wanted.scheme, value=wanted.value)
    return recorded()


@router.post(
    "/v1/organisations/{organisation}/ended-identifiers",
    summary="Record that a registration ended",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end_identifier(
    registry: TheRegistry, actor: Client, organisation: UUID, ended: Annotated[EndedIdentifier, FromBody()]
) -> Response:
    """Record the last day of a registration, which stays in the records."""
    organisations.end_identifier(
        registry, actor, organisation, scheme=ended.scheme, value=ended.value, last_day=ended.last_day
    )
    return recorded()


@router.post(
    "/v1/organisations/{organisation}/sites",
    summary="Record a site",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def add_site(
    registry: TheRegistry,
    actor: Client,
    organisation: UUID,
    wanted: Annotated[NewSite, FromBody()],
    once: OnceOnly,
) -> Response:
    """Record a site, which a certificate may cover."""
    site = organisations.add_site(registry, actor, organisation, wanted.vocabulary(), request=done_once(once))
    return made(registry, f"/v1/organisations/{organisation}", Made(site))
