"""Impartiality and operating entities over HTTP: interests, relations, threats, entities (ISO/IEC 17021-1 5.2, 6.2)."""

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
from app.registry import impartiality, operating_entities
from app.registry.own_assessment import ENTITY, RELATION, THREAT, OwnEntity, OwnRelation, OwnThreat

router = APIRouter(tags=["Impartiality"], route_class=StrictRoute)

ForPeople = Annotated[Actor, requires(Scope.PEOPLE)]
ForClients = Annotated[Actor, requires(Scope.ORGANISATIONS)]
Words = Annotated[str, Field(min_length=1, max_length=4000)]


class NewInterest(Presented):
    """What a person has, or had, to do with a client; without an end it lasts."""

    organisation: UUID
    kind: impartiality.InterestKind
    detail: Words
    began_on: Day | None = None
    ended_on: Day | None = None


class Ended(Presented):
    """The day on which an interest or a relation ended."""

    ended_on: Day


class NewRelation(Presented):
    """What the organisation is, or was, to the body beyond a client."""

    relation: impartiality.Relation
    detail: Words
    began_on: Day | None = None
    ended_on: Day | None = None


class NewThreat(Presented):
    """A threat to impartiality; one that names a client bars its certification until it is mitigated."""

    source: impartiality.Source
    description: Words
    identified_on: Day
    organisation: UUID | None = None
    person: UUID | None = None


class NewMitigation(Presented):
    """What was done about a threat, and what is left of it."""

    outcome: impartiality.Outcome
    measure: Words
    person: UUID
    done_on: Day


class NewEntity(Presented):
    """A branch, agent or franchise with its agreement and its assessed risks."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    country: Annotated[str, Field(min_length=2, max_length=2)]
    under_control: bool
    agreement_signed_on: Day
    risk_assessed_on: Day
    risk_assessment: Words
    valid_from: Day
    valid_to: Day | None = None


class NewEntityPerson(Presented):
    """Since when a person belongs to an entity."""

    person: UUID
    valid_from: Day
    valid_to: Day | None = None


@dataclass(frozen=True)
class RelationList:
    """A page of relations."""

    relations: tuple[OwnRelation, ...]
    limit: int
    next: str | None
    prev: str | None


@dataclass(frozen=True)
class ThreatList:
    """A page of threats."""

    threats: tuple[OwnThreat, ...]
    limit: int
    next: str | None
    prev: str | None


@dataclass(frozen=True)
class EntityList:
    """A page of operating entities."""

    entities: tuple[OwnEntity, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(
    "/v1/people/{person}/interests",
    summary="Declare an interest of a person",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def declare(
    registry: TheRegistry, actor: ForPeople, person: UUID, wanted: Annotated[NewInterest, FromBody()], once: OnceOnly
) -> Response:
    """Record an interest; it bars the person from work about this client until two years after its end."""
    declared = impartiality.declare_interest(registry, actor, person=person, request=done_once(once), **dict(wanted))
    return made(registry, f"/v1/people/{person}", Made(declared))


@router.post(
    "/v1/interests/{interest}/end",
    summary="Record that an interest ended",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end_interest(
    registry: TheRegistry, actor: ForPeople, interest: UUID, ended: Annotated[Ended, FromBody()]
) -> Response:
    """Record the day from which the two years count."""
    impartiality.end_interest(registry, actor, interest=interest, ended_on=ended.ended_on)
    return recorded()


@router.post(
    "/v1/organisations/{organisation}/relations",
    summary="Record a relation of the body to an organisation",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def relate(
    registry: TheRegistry,
    actor: ForClients,
    organisation: UUID,
    wanted: Annotated[NewRelation, FromBody()],
    once: OnceOnly,
) -> Response:
    """Record what the organisation is to the body; the scheme says whether that bars its certification."""
    related = impartiality.record_relation(
        registry, actor, organisation=organisation, request=done_once(once), **dict(wanted)
    )
    return made(registry, f"/v1/relations/{related}", Made(related))


@router.get("/v1/relations", summary="The body's relations to organisations", response_model=RelationList)
def list_relations(
    request: Request, registry: TheRegistry, actor: ForClients, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's relations."""
    return own_page(request, registry, actor, RELATION, "relations", asked)


@router.get(
    "/v1/relations/{relation}",
    summary="One relation",
    response_model=OwnRelation,
    responses={404: {"description": "The body has no such relation."}},
)
def read_relation(registry: TheRegistry, actor: ForClients, relation: UUID) -> Response:
    """Show a relation."""
    return own_record(registry, actor, RELATION, relation)


@router.post(
    "/v1/relations/{relation}/end",
    summary="Record that a relation ended",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def end_relation(
    registry: TheRegistry, actor: ForClients, relation: UUID, ended: Annotated[Ended, FromBody()]
) -> Response:
    """Record the day on which a relation ended."""
    impartiality.end_relation(registry, actor, relation=relation, ended_on=ended.ended_on)
    return recorded()


@router.post(
    "/v1/threats",
    summary="Record a threat to impartiality",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def threaten(
    registry: TheRegistry, actor: ForPeople, wanted: Annotated[NewThreat, FromBody()], once: OnceOnly
) -> Response:
    """Record a threat in the log."""
    threat = impartiality.record_threat(registry, actor, request=done_once(once), **dict(wanted))
    return made(registry, f"/v1/threats/{threat}", Made(threat))


@router.get("/v1/threats", summary="The log of threats to impartiality", response_model=ThreatList)
def list_threats(
    request: Request, registry: TheRegistry, actor: ForPeople, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's threats with their mitigations."""
    return own_page(request, registry, actor, THREAT, "threats", asked)


@router.get(
    "/v1/threats/{threat}",
    summary="One threat",
    response_model=OwnThreat,
    responses={404: {"description": "The body has no such threat."}},
)
def read_threat(registry: TheRegistry, actor: ForPeople, threat: UUID) -> Response:
    """Show a threat with what was done about it."""
    return own_record(registry, actor, THREAT, threat)


@router.post(
    "/v1/threats/{threat}/mitigations",
    summary="Record what was done about a threat",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def mitigate(
    registry: TheRegistry, actor: ForPeople, threat: UUID, wanted: Annotated[NewMitigation, FromBody()]
) -> Response:
    """Record the newest word about a threat."""
    impartiality.mitigate(registry, actor, threat=threat, **dict(wanted))
    return recorded()


@router.post(
    "/v1/entities",
    summary="Record an operating entity",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def register_entity(
    registry: TheRegistry, actor: ForPeople, wanted: Annotated[NewEntity, FromBody()], once: OnceOnly
) -> Response:
    """Record a branch, agent or franchise through which the body acts."""
    facts = operating_entities.EntityFacts(**dict(wanted))
    entity = operating_entities.register_entity(registry, actor, facts, request=done_once(once))
    return made(registry, f"/v1/entities/{entity}", Made(entity))


@router.get("/v1/entities", summary="The body's operating entities", response_model=EntityList)
def list_entities(
    request: Request, registry: TheRegistry, actor: ForPeople, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's entities."""
    return own_page(request, registry, actor, ENTITY, "entities", asked)


@router.get(
    "/v1/entities/{entity}",
    summary="One operating entity",
    response_model=OwnEntity,
    responses={404: {"description": "The body has no such entity."}},
)
def read_entity(registry: TheRegistry, actor: ForPeople, entity: UUID) -> Response:
    """Show an entity with its people."""
    return own_record(registry, actor, ENTITY, entity)


@router.post(
    "/v1/entities/{entity}/people",
    summary="Record that a person belongs to an entity",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def join_entity(
    registry: TheRegistry, actor: ForPeople, entity: UUID, wanted: Annotated[NewEntityPerson, FromBody()]
) -> Response:
    """Record since when a person belongs to an entity."""
    operating_entities.join_entity(registry, actor, entity=entity, **dict(wanted))
    return recorded()
