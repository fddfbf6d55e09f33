"""What a certificate will say, gathered from the records at the draft of a decision and fixed there.

The caller names what is decided (scope wording, roles, areas, sites, statement of applicability, period); names,
identifiers, addresses, scheme and accreditations come from the records and from nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.conformity.periods import last_valid_day
from app.credentials import facts as f
from app.credentials.facts_json import check_facts, facts_from_json
from app.errors import AkashiError
from app.storage import certifications, recorded_facts
from app.storage.rows import Connection, Row


@dataclass(frozen=True)
class Wanted:
    """What the body decides that the certificate says; `last_valid_day` absent means the scheme's maximum."""

    designation: str
    statement: str
    language: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    site_ids: tuple[UUID, ...]
    soa_version: str | None = None
    soa_date: date | None = None
    translations: tuple[tuple[str, str], ...] = ()
    site_statements: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    last_valid_day: date | None = None


def granted_facts(
    connection: Connection,
    *,
    body: UUID,
    certification: Row[Any],
    wanted: Wanted,
    decided_on: date,
    effective_on: date,
    audits: tuple[UUID, ...],
    accreditations: tuple[UUID, ...],
) -> f.CertificateFacts:
    """The facts of a first version; raises `MalformedFacts` with every fault, or what the records lack."""
    scheme = recorded_facts.scheme(connection, certification.scheme_code)
    assert scheme is not None  # noqa: S101, a foreign key leads there
    ends = wanted.last_valid_day or last_valid_day(effective_on, scheme.maximum_months)
    assessed_on = recorded_facts.audits_end(connection, body, audits) or decided_on
    return check_facts(
        f.CertificateFacts(
            holder=_holder(connection, body, certification.organisation_id, decided_on),
            body=_body(connection, body),
            scheme=_scheme(connection, scheme, wanted.designation),
            scope=_scope(connection, body, certification.organisation_id, wanted),
            decision=f.Decision("grant", decided_on, assessed_on),
            cycle=f.Cycle(effective_on, effective_on, ends),
            validity=f.validity_of(effective_on, ends, certification.time_zone),
            accreditations=tuple(_accreditation(connection, one) for one in accreditations),
        )
    )


def amended_facts(
    connection: Connection, *, body: UUID, certification: Row[Any], decided_on: date, effective_on: date
) -> f.CertificateFacts:
    """The facts of the latest version with names, addresses and identifiers as the records have them now."""
    latest = certifications.last_version(connection, body, certification.id)
    if latest is None:
        raise AkashiError("no_such_transition")
    old = facts_from_json(latest.facts)
    sites = tuple(
        replace(_site(connection, body, certification.organisation_id, UUID(site.id)), statement=site.statement)
        for site in old.scope.sites
    )
    return check_facts(
        replace(
            old,
            holder=_holder(connection, body, certification.organisation_id, effective_on),
            body=_body(connection, body),
            scope=replace(old.scope, sites=sites),
            decision=f.Decision("amend", decided_on, old.decision.assessed_on),
            validity=f.validity_of(effective_on, old.validity.last_valid_day, certification.time_zone),
        )
    )


def _holder(connection: Connection, body: UUID, organisation: UUID, day: date) -> f.Holder:
    row = recorded_facts.organisation(connection, body, organisation)
    names = recorded_facts.organisation_names(connection, body, organisation, day)
    if row is None or not names:
        raise AkashiError("organisation_without_name")
    identifiers = recorded_facts.organisation_identifiers(connection, body, organisation)
    return f.Holder(
        id=str(organisation),
        names=tuple(f.Name(name.name, name.language, name.script) for name in names),
        country=row.country,
        identifiers=tuple(f.Identifier(one.scheme, one.value) for one in identifiers),
    )


def _body(connection: Connection, party: UUID) -> f.Body:
    row = recorded_facts.party(connection, party)
    assert row is not None  # noqa: S101, a foreign key leads there
    names = recorded_facts.party_names(connection, party)
    return f.Body(str(party), tuple(f.Name(name.name, name.language) for name in names), row.country)


def _scheme(connection: Connection, scheme: Row[Any], designation: str) -> f.Scheme:
    document = recorded_facts.normative_document(connection, scheme.code, designation)
    if document is None:
        raise AkashiError("unknown_normative_document", field="/certificate/document")
    return f.Scheme(
        code=scheme.code,
        titles=_titles(scheme),
        document=f.NormativeDocument(designation, _titles(document), tuple(document.identical_adoptions)),
        activity=scheme.activity,
        object=scheme.object,
    )


def _titles(row: Row[Any]) -> tuple[f.Text, ...]:
    return (f.Text(row.title_en, "en"), f.Text(row.title_ja, "ja"))


def _scope(connection: Connection, body: UUID, organisation: UUID, wanted: Wanted) -> f.Scope:
    sites = tuple(_wanted_site(connection, body, organisation, site, wanted) for site in wanted.site_ids)
    soa = None
    if wanted.soa_version is not None and wanted.soa_date is not None:
        soa = f.StatementOfApplicability(wanted.soa_version, wanted.soa_date)
    return f.Scope(
        statement=f.Statement(
            wanted.statement, wanted.language, tuple(f.Text(text, language) for language, text in wanted.translations)
        ),
        roles=wanted.roles,
        areas=wanted.areas,
        countries=tuple(sorted({site.country for site in sites})),
        sites=sites,
        soa=soa,
    )


def _wanted_site(connection: Connection, body: UUID, organisation: UUID, site: UUID, wanted: Wanted) -> f.Site:
    own = wanted.site_statements.get(site)
    statement = f.Statement(own[1], own[0]) if own else None
    return replace(_site(connection, body, organisation, site), statement=statement)


def _site(connection: Connection, body: UUID, organisation: UUID, site: UUID) -> f.Site:
    row = recorded_facts.site(connection, body, organisation, site)
    if row is None:
        raise AkashiError("unknown_site", field="/certificate/sites")
    addresses = [f.Address(**address) for address in row.address.get("addresses", [])]
    return f.Site(
        id=str(site),
        names=tuple(f.Name(**name) for name in row.names),
        country=row.country,
        virtual=row.virtual,
        central_function=row.central_function,
        address=addresses[0] if addresses else None,
        address_translations=tuple(addresses[1:]),
    )


def _accreditation(connection: Connection, accreditation: UUID) -> f.Accreditation:
    row = recorded_facts.accreditation(connection, accreditation)
    if row is None:
        raise AkashiError("unknown_accreditation", field="/accreditations")
    return f.Accreditation(str(row.id), row.number, _body(connection, row.body_id))
