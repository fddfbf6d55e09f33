"""Agreements, and what the organisation consents to make public, field by field (ISO/IEC 17021-1 5.1.2, 8.1.2, 8.4).

The standing of a certification is public by its ID and needs no consent; name, scope and sites do. Consent has a date
and can end, which ends the serving and not the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.errors import AkashiError, Fault
from app.registry.drafts import carrier
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import assessment, organisations
from app.storage.rows import Connection

Field = Literal["holder", "identifiers", "scope", "sites", "soa", "directory"]
Clause = Literal["mark_use", "suspension", "disclosure"]
CLAUSES: tuple[Clause, ...] = ("mark_use", "suspension", "disclosure")
FIELDS: tuple[Field, ...] = ("holder", "identifiers", "scope", "sites", "soa", "directory")


def sign_agreement(
    registry: Registry,
    actor: Actor,
    *,
    organisation: UUID,
    signed_on: date,
    consented: Iterable[str] = (),
    clauses: tuple[Clause, ...] = (),
    sites: tuple[UUID, ...] = (),
    request: Request | None = None,
) -> UUID:
    """An enforceable agreement is on record, the next version with this organisation; returns its id.

    `consented` names the fields that the organisation agrees to publish; about every other field it has said no.
    `clauses` names what the contract settles; nothing is granted before all that the scheme demands is settled.
    `sites` are those that it covers; none named means all of the organisation.
    """
    demand(actor, Scope.APPLICATIONS)
    body = acting_party(actor)
    granted = _check_fields(consented)

    def make(connection: Connection) -> UUID:
        if organisations.find_organisation(connection, body, organisation) is None:
            raise AkashiError("unknown_organisation", field="/organisation")
        agreement = uuid4()
        version = assessment.latest_agreement_version(connection, body, organisation) + 1
        assessment.add_agreement(
            connection,
            body=body,
            agreement=agreement,
            organisation=organisation,
            version=version,
            clauses=clauses,
            sites=sites,
            signed_on=signed_on,
            carried_by=carrier(actor),
        )
        for name in FIELDS:
            assessment.add_consent(
                connection, body=body, agreement=agreement, field=name, granted=name in granted, given_on=signed_on
            )
        return agreement

    return once(registry, body, request, make)


def give_consent(registry: Registry, actor: Actor, *, agreement: UUID, field: str, given_on: date) -> None:
    """The field may be published from here on; giving it again changes nothing but the date."""
    _record(registry, actor, agreement, field, given_on, granted=True)


def end_consent(registry: Registry, actor: Actor, *, agreement: UUID, field: str, ended_on: date) -> None:
    """The field is no longer served; the record stays, and what others have copied cannot be called back."""
    _record(registry, actor, agreement, field, ended_on, granted=False)


def consented_fields(registry: Registry, actor: Actor, agreement: UUID) -> frozenset[str]:
    """The fields that may be published now."""
    demand(actor, Scope.APPLICATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, agreement)
        rows = assessment.consents(connection, body, agreement)
    return frozenset(row.field for row in rows if row.granted)


def _record(registry: Registry, actor: Actor, agreement: UUID, field: str, day: date, *, granted: bool) -> None:
    demand(actor, Scope.APPLICATIONS)
    body = acting_party(actor)
    _check_fields([field])
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, agreement)
        assessment.add_consent(connection, body=body, agreement=agreement, field=field, granted=granted, given_on=day)


def _demand_known(connection: Connection, body: UUID, agreement: UUID) -> None:
    if assessment.find_agreement(connection, body, agreement) is None:
        raise AkashiError("unknown_agreement", field="/agreement")


def _check_fields(presented: Iterable[str]) -> frozenset[str]:
    fields = frozenset(presented)
    faults = tuple(Fault("unknown_consent_field", "/consented", name[:64]) for name in sorted(fields - set(FIELDS)))
    if faults:
        raise AkashiError("unknown_consent_field", faults=faults)
    return fields
