"""Applications: received, then reviewed by a competent person and accepted, or declined with reasons (17021-1 9.1)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import assessment, organisations, people, recorded_facts
from app.storage.rows import Connection

Outcome = Literal["accepted", "declined"]


def receive(
    registry: Registry,
    actor: Actor,
    *,
    organisation: UUID,
    scheme: str,
    scope_requested: str,
    received_on: date,
    areas: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
    headcount: int | None = None,
    sites: tuple[UUID, ...] = (),
    request: Request | None = None,
) -> UUID:
    """An application of an organisation for a scheme is on record; returns its id.

    `areas` and `roles` are codes of the scheme, `headcount` the people who work under the organisation's control.
    """
    demand(actor, Scope.APPLICATIONS)
    body = acting_party(actor)
    check_text(scope_requested, "/scope_requested")

    def make(connection: Connection) -> UUID:
        if organisations.find_organisation(connection, body, organisation) is None:
            raise AkashiError("unknown_organisation", field="/organisation")
        if recorded_facts.scheme(connection, scheme) is None:
            raise AkashiError("unknown_scheme", field="/scheme")
        application = uuid4()
        assessment.add_application(
            connection,
            body=body,
            application=application,
            organisation=organisation,
            scheme=scheme,
            scope_requested=scope_requested,
            areas=areas,
            roles=roles,
            headcount=headcount,
            sites=sites,
            received_on=received_on,
            carried_by=carrier(actor),
        )
        return application

    return once(registry, body, request, make)


def review(
    registry: Registry,
    actor: Actor,
    *,
    application: UUID,
    reviewer: UUID,
    outcome: Outcome,
    reviewed_on: date,
    reason: str | None = None,
) -> None:
    """The application is accepted, or declined with a reason; an application is reviewed once."""
    demand(actor, Scope.APPLICATIONS)
    body = acting_party(actor)
    if reason is not None:
        check_text(reason, "/reason")
    with registry.database.transaction(body=body) as connection:
        if assessment.find_application(connection, body, application) is None:
            raise AkashiError("unknown_application", field="/application")
        if people.find_person(connection, body, reviewer) is None:
            raise AkashiError("unknown_person", field="/reviewer")
        assessment.add_review(
            connection,
            body=body,
            application=application,
            reviewer=reviewer,
            outcome=outcome,
            reason=reason,
            reviewed_on=reviewed_on,
            carried_by=carrier(actor),
        )
