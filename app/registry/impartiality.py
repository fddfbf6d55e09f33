"""Impartiality: what ties people and the body itself to clients, and what threatens it (ISO/IEC 17021-1 5.2).

An interest of a person bars them from auditing, reviewing, deciding and handling appeals about that client until two
years after its end. A declaration is always accepted, also late: what it concerns and is not decided yet is then
refused. A relation of the body itself, and a threat that is not mitigated, bar the certification.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.known import known_organisation, known_person
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import impartiality
from app.storage.rows import Connection

InterestKind = Literal["consultancy", "internal_audit", "employment", "financial", "family", "other"]
Relation = Literal["certification_body", "related_body", "consultancy_by_body", "internal_audit_by_body"]
Source = Literal["self_interest", "self_review", "familiarity", "intimidation"]
Outcome = Literal["eliminated", "minimised", "unacceptable"]


def declare_interest(
    registry: Registry,
    actor: Actor,
    *,
    person: UUID,
    organisation: UUID,
    kind: InterestKind,
    detail: str,
    began_on: date | None = None,
    ended_on: date | None = None,
    request: Request | None = None,
) -> UUID:
    """What a person has, or had, to do with a client is on record; without an end it lasts. Returns its id."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_text(detail, "/detail")
    _check_period(began_on, ended_on)

    def make(connection: Connection) -> UUID:
        known_person(connection, body, person)
        known_organisation(connection, body, organisation)
        declared = uuid4()
        impartiality.add_interest(
            connection,
            body_id=body,
            id=declared,
            person_id=person,
            organisation_id=organisation,
            kind=kind,
            detail=detail,
            began_on=began_on,
            ended_on=ended_on,
            carried_by=carrier(actor),
        )
        return declared

    return once(registry, body, request, make)


def end_interest(registry: Registry, actor: Actor, *, interest: UUID, ended_on: date) -> None:
    """The interest ended on that day; from it the two years count. An end is recorded once."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        if not impartiality.has_interest(connection, body, interest):
            raise AkashiError("unknown_interest", field="/interest")
        impartiality.end_interest(
            connection, body_id=body, interest_id=interest, ended_on=ended_on, carried_by=carrier(actor)
        )


def record_relation(
    registry: Registry,
    actor: Actor,
    *,
    organisation: UUID,
    relation: Relation,
    detail: str,
    began_on: date | None = None,
    ended_on: date | None = None,
    request: Request | None = None,
) -> UUID:
    """What the organisation is, or was, to the body beyond a client is on record; returns its id.

    Whether it bars a certification is said by the scheme: a body certifies no other body's QMS, its AIMS it may.
    """
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    check_text(detail, "/detail")
    _check_period(began_on, ended_on)

    def make(connection: Connection) -> UUID:
        known_organisation(connection, body, organisation)
        made = uuid4()
        impartiality.add_relation(
            connection,
            body_id=body,
            id=made,
            organisation_id=organisation,
            relation=relation,
            detail=detail,
            began_on=began_on,
            ended_on=ended_on,
            carried_by=carrier(actor),
        )
        return made

    return once(registry, body, request, make)


def end_relation(registry: Registry, actor: Actor, *, relation: UUID, ended_on: date) -> None:
    """The relation ended on that day. An end is recorded once."""
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        if not impartiality.has_relation(connection, body, relation):
            raise AkashiError("unknown_relation", field="/relation")
        impartiality.end_relation(
            connection, body_id=body, relation_id=relation, ended_on=ended_on, carried_by=carrier(actor)
        )


def record_threat(
    registry: Registry,
    actor: Actor,
    *,
    source: Source,
    description: str,
    identified_on: date,
    organisation: UUID | None = None,
    person: UUID | None = None,
    request: Request | None = None,
) -> UUID:
    """A threat to impartiality is on record; returns its id. One that concerns a client bars until it is mitigated."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_text(description, "/description")

    def make(connection: Connection) -> UUID:
        if organisation is not None:
            known_organisation(connection, body, organisation)
        if person is not None:
            known_person(connection, body, person)
        threat = uuid4()
        impartiality.add_threat(
            connection,
            body_id=body,
            id=threat,
            source=source,
            description=description,
            organisation_id=organisation,
            person_id=person,
            identified_on=identified_on,
            carried_by=carrier(actor),
        )
        return threat

    return once(registry, body, request, make)


def mitigate(
    registry: Registry, actor: Actor, *, threat: UUID, outcome: Outcome, measure: str, person: UUID, done_on: date
) -> None:
    """What was done about a threat, by whom; the newest word holds."""
    demand(actor, Scope.PEOPLE)
    body = acting_party(actor)
    check_text(measure, "/measure")
    with registry.database.transaction(body=body) as connection:
        if not impartiality.has_threat(connection, body, threat):
            raise AkashiError("unknown_threat", field="/threat")
        known_person(connection, body, person)
        impartiality.add_mitigation(
            connection,
            body_id=body,
            threat_id=threat,
            outcome=outcome,
            measure=measure,
            person_id=person,
            done_on=done_on,
            carried_by=carrier(actor),
        )


def _check_period(began_on: date | None, ended_on: date | None) -> None:
    if began_on is not None and ended_on is not None and ended_on < began_on:
        raise AkashiError("period_without_days", field="/ended_on")
