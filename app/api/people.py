"""A body's people over HTTP: who they are to it, for what they are competent, and the keys that are their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path
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
from app.api.shown import JSON
from app.credentials.encoding import b64u_decode
from app.registry import competence, people
from app.registry.own_records import PERSON, OwnPerson
from app.registry.verification import as_bytes

router = APIRouter(tags=["People"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.PEOPLE)]


class NewPerson(Presented):
    """A person and how they stand to the body."""

    relation: people.Relation
    name: Annotated[str, Field(min_length=1, max_length=300)]


class NewFunction(Presented):
    """A function for a scheme, from a day on, and what showed the competence."""

    function: people.Function
    scheme: Annotated[str, Field(min_length=1, max_length=32)]
    valid_from: Day
    valid_to: Day | None = None
    basis: Annotated[str, Field(min_length=1, max_length=4000)]


class EndedFunction(Presented):
    """A function as it was recorded, and the last day on which it holds."""

    function: people.Function
    scheme: Annotated[str, Field(min_length=1, max_length=32)]
    valid_from: Day
    last_day: Day


class NewCompetence(Presented):
    """Where the person is competent, from a day on; the document that shows it may be named by its digest."""

    function: competence.Function
    scheme: Annotated[str, Field(min_length=1, max_length=32)]
    areas: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(min_length=1, max_length=100)
    ]
    evidence: Annotated[str, Field(min_length=1, max_length=4000)]
    evidence_sha256: Annotated[str, Field(min_length=43, max_length=43)] | None = None
    valid_from: Day
    valid_to: Day | None = None


class EndedCompetence(Presented):
    """A competence as it was recorded, and the last day on which it holds."""

    function: competence.Function
    scheme: Annotated[str, Field(min_length=1, max_length=32)]
    area: Annotated[str, Field(min_length=1, max_length=64)]
    valid_from: Day
    last_day: Day


class EndedKey(Presented):
    """Why a key confirms nothing any more: lost, or its owner left."""

    reason: Annotated[str, Field(min_length=1, max_length=4000)]


class NewKey(Presented):
    """A key of the person's own, with the proof that they hold it (`akashi keys possession`)."""

    jwk: dict[str, Any]
    possession: Annotated[str, Field(max_length=200)]
    nonce: Annotated[str, Field(max_length=100)]


@dataclass(frozen=True)
class Nonce:
    """What the person signs with the key to be enrolled; good for a day, once."""

    nonce: str


@dataclass(frozen=True)
class EnrolledKey:
    """The name of an enrolled key."""

    thumbprint: str


@dataclass(frozen=True)
class PeopleList:
    """A page of people."""

    people: tuple[OwnPerson, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post("/v1/people", summary="Record a person", status_code=CREATED, response_model=Made, responses=REFUSALS)
def add(registry: TheRegistry, actor: Client, wanted: Annotated[NewPerson, FromBody()], once: OnceOnly) -> Response:
    """Record a person without any function yet."""
    person = people.add_person(registry, actor, relation=wanted.relation, name=wanted.name, request=done_once(once))
    return made(registry, f"/v1/people/{person}", Made(person))


@router.get("/v1/people", summary="The body's people", response_model=PeopleList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List the people of one's own body."""
    return own_page(request, registry, actor, PERSON, "people", asked)


@router.get(
    "/v1/people/{person}",
    summary="One person",
    response_model=OwnPerson,
    responses={404: {"description": "The body has no such person."}},
)
def read(registry: TheRegistry, actor: Client, person: UUID) -> Response:
    """Show a person of one's own body."""
    return own_record(registry, actor, PERSON, person)


@router.post(
    "/v1/people/{person}/functions",
    summary="Record a function of a person",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def give_function(
    registry: TheRegistry, actor: Client, person: UUID, wanted: Annotated[NewFunction, FromBody()]
) -> Response:
    """Record that the person is competent from a day on."""
    people.give_function(
        registry,
        actor,
        person=person,
        function=wanted.function,
        scheme=wanted.scheme,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        basis=wanted.basis,
    )
    return recorded()


@router.post(
    "/v1/people/{person}/ended-functions",
    summary="Record that a function ended",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end_function(
    registry: TheRegistry, actor: Client, person: UUID, ended: Annotated[EndedFunction, FromBody()]
) -> Response:
    """Record the last day of a function; what the person decided until then stands."""
    people.end_function(
        registry,
        actor,
        person=person,
        function=ended.function,
        scheme=ended.scheme,
        valid_from=ended.valid_from,
        last_day=ended.last_day,
    )
    return recorded()


@router.post(
    "/v1/people/{person}/competences",
    summary="Record where a person is competent",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def give_competence(
    registry: TheRegistry, actor: Client, person: UUID, wanted: Annotated[NewCompetence, FromBody()]
) -> Response:
    """Record the technical areas in which the person is competent for a function, and what showed it."""
    shown = None if wanted.evidence_sha256 is None else b64u_decode(wanted.evidence_sha256)
    competence.give_competence(registry, actor, person=person, **{**dict(wanted), "evidence_sha256": shown})
    return recorded()


@router.post(
    "/v1/people/{person}/ended-competences",
    summary="Record that a competence ended",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end_competence(
    registry: TheRegistry, actor: Client, person: UUID, ended: Annotated[EndedCompetence, FromBody()]
) -> Response:
    """Record the last day of a competence; what the person did until then stands."""
    competence.end_competence(registry, actor, person=person, **dict(ended))
    return recorded()


@router.post(
    "/v1/people/{person}/nonces",
    summary="A nonce for enrolling a key",
    status_code=CREATED,
    response_model=Nonce,
    responses={404: {"description": "The body has no such person."}},
)
def give_nonce(registry: TheRegistry, actor: Client, person: UUID) -> Response:
    """Give a nonce that the person signs with the key to be enrolled."""
    nonce = people.enrolment_nonce(registry, actor, person)
    return Response(as_bytes(Nonce(nonce)), CREATED, media_type=JSON)


@router.post(
    "/v1/people/{person}/keys",
    summary="Enrol a person's own key",
    status_code=CREATED,
    response_model=EnrolledKey,
    responses=REFUSALS,
)
def enrol(registry: TheRegistry, actor: Client, person: UUID, wanted: Annotated[NewKey, FromBody()]) -> Response:
    """Enrol the key whose possession was shown: what it signs is this person's evidence."""
    thumbprint = people.enrol_key(
        registry,
        actor,
        person=person,
        jwk=wanted.jwk,
        presented_possession=wanted.possession,
        nonce=wanted.nonce,
    )
    return made(registry, f"/v1/people/{person}", EnrolledKey(thumbprint))


@router.post(
    "/v1/people/{person}/keys/{thumbprint}/end",
    summary="End a person's key",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end_key(
    registry: TheRegistry,
    actor: Client,
    person: UUID,
    thumbprint: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{43}$")],
    ended: Annotated[EndedKey, FromBody()],
) -> Response:
    """End a lost key or that of somebody who left; what it confirmed before stays evidence."""
    people.end_key(registry, actor, person=person, thumbprint=thumbprint, reason=ended.reason)
    return recorded()


@router.delete(
    "/v1/people/{person}/name",
    summary="Erase a person's name",
    status_code=NOTHING_TO_SAY,
    responses={
        404: {"description": "The body has no such person."},
        422: {"description": "The name is still to be kept."},
    },
)
def erase_name(registry: TheRegistry, actor: Client, person: UUID) -> Response:
    """Erase the name; what the person decided stays attributable."""
    people.erase_name(registry, actor, person)
    return recorded()
