"""Operating entities: branches, agents and franchises through which a body acts (ISO/IEC 17021-1 6.2, IAF MD 23).

An entity stands with its risk assessment and its agreement; both come before it begins. People of an entity may audit;
they decide only where the entity is under the body's own control, which the database demands of each decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_name, check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.forms import check_country
from app.registry.known import known_person
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import people
from app.storage.rows import Connection


@dataclass(frozen=True)
class EntityFacts:
    """An entity with its assessed risks; `under_control` says whether the body controls it as its own."""

    name: str
    country: str
    under_control: bool
    agreement_signed_on: date
    risk_assessed_on: date
    risk_assessment: str
    valid_from: date
    valid_to: date | None = None


def register_entity(registry: Registry, actor: Actor, entity: EntityFacts, *, request: Request | None = None) -> UUID:
    """The entity stands in the body's records; returns its id."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_name(entity.name, "/name")
    check_country(entity.country, "/country")
    check_text(entity.risk_assessment, "/risk_assessment")
    if entity.valid_to is not None and entity.valid_to < entity.valid_from:
        raise AkashiError("period_without_days", field="/valid_to")

    def make(connection: Connection) -> UUID:
        made = uuid4()
        people.add_entity(connection, body_id=body, id=made, carried_by=carrier(actor), **vars(entity))
        return made

    return once(registry, body, request, make)


def join_entity(
    registry: Registry, actor: Actor, *, person: UUID, entity: UUID, valid_from: date, valid_to: date | None = None
) -> None:
    """The person belongs to the entity from a day on."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    if valid_to is not None and valid_to < valid_from:
        raise AkashiError("period_without_days", field="/valid_to")
    with registry.database.transaction(body=body) as connection:
        known_person(connection, body, person)
        if people.find_entity(connection, body, entity) is None:
            raise AkashiError("unknown_entity", field="/entity")
        people.join_entity(
            connection,
            body_id=body,
            person_id=person,
            entity_id=entity,
            valid_from=valid_from,
            valid_to=valid_to,
            carried_by=carrier(actor),
        )
