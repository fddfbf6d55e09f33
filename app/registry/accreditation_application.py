"""Applications for accreditation: received from a certification body, accepted, or declined with a reason.

ISO/IEC 17011 7.2, 7.3. Both bodies read an application and its review, nobody else does. An accepted application
accredits nobody: only a statement does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.accreditation import AccreditedScope
from app.registry.forms import check_country
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import accreditation_applications as applications
from app.storage import people, recorded_facts
from app.storage.rows import Connection, Row

Outcome = Literal["accepted", "declined"]
LONGEST_LIST = 1000
"""Of applications that one body reads at once; accreditation bodies have tens of applicants, not thousands."""


@dataclass(frozen=True)
class AccreditationApplication:
    """An application; what belongs to its review is null until it was reviewed."""

    id: UUID
    body: UUID
    accreditation_body: UUID
    scheme: str
    documents: tuple[str, ...]
    areas: tuple[str, ...]
    countries: tuple[str, ...]
    applied_on: date
    outcome: str | None
    reason: str | None
    reviewed_on: date | None


def apply_for_accreditation(
    registry: Registry,
    actor: Actor,
    *,
    accreditation_body: UUID,
    scheme: str,
    scope: AccreditedScope,
    applied_on: date,
    request: Request | None = None,
) -> UUID:
    """An application of the certification body at an accreditation body is on record; returns its id."""
    demand(actor, Scope.APPLICATIONS)
    body = acting_party(actor)
    for country in scope.countries:
        check_country(country, "/scope/countries")

    def make(connection: Connection) -> UUID:
        party = recorded_facts.party(connection, accreditation_body)
        if party is None or party.kind != "accreditation_body":
            raise AkashiError("unknown_party", field="/accreditation_body")
        if recorded_facts.scheme(connection, scheme) is None:
            raise AkashiError("unknown_scheme", field="/scheme")
        application = uuid4()
        applications.add_application(
            connection,
            body=body,
            application=application,
            accreditation_body_id=accreditation_body,
            scheme_code=scheme,
            documents=scope.documents,
            areas=scope.areas,
            countries=scope.countries,
            applied_on=applied_on,
        )
        return application

    return once(registry, body, request, make)


def review_application(
    registry: Registry,
    actor: Actor,
    *,
    application: UUID,
    officer: UUID,
    outcome: Outcome,
    reviewed_on: date,
    reason: str | None = None,
) -> None:
    """The accreditation body accepts the application, or declines it with a reason; once."""
    demand(actor, Scope.ACCREDITATIONS)
    body = acting_party(actor)
    if reason is not None:
        check_text(reason, "/reason")
    with registry.database.transaction(body=body) as connection:
        found = applications.find_application(connection, application)
        if found is None or found.accreditation_body != body:
            raise AkashiError("unknown_application", field="/application")
        if people.find_person(connection, body, officer) is None:
            raise AkashiError("unknown_person", field="/officer")
        applications.add_review(
            connection,
            body=body,
            application=application,
            officer_id=officer,
            outcome=outcome,
            reason=reason,
            reviewed_on=reviewed_on,
        )


def applications_of(registry: Registry, actor: Actor) -> tuple[AccreditationApplication, ...]:
    """The applications that the actor's body made or received, newest first."""
    _demand_either(actor)
    with registry.database.transaction(body=acting_party(actor)) as connection:
        rows = applications.applications(connection, LONGEST_LIST)
    return tuple(_shown(row) for row in rows)


def read_application(registry: Registry, actor: Actor, application: UUID) -> AccreditationApplication:
    """One of them; raises `unknown_application`."""
    _demand_either(actor)
    with registry.database.transaction(body=acting_party(actor)) as connection:
        row = applications.find_application(connection, application)
    if row is None:
        raise AkashiError("unknown_application")
    return _shown(row)


def _demand_either(actor: Actor) -> None:
    demand(actor, Scope.ACCREDITATIONS if Scope.ACCREDITATIONS in actor.scopes else Scope.APPLICATIONS)


def _shown(row: Row[Any]) -> AccreditationApplication:
    return AccreditationApplication(
        row.id,
        row.body,
        row.accreditation_body,
        row.scheme,
        tuple(row.documents),
        tuple(row.areas),
        tuple(row.countries),
        row.applied_on,
        row.outcome,
        row.reason,
        row.reviewed_on,
    )
