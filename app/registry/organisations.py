"""Organisations: dated names in each script as registered, identifiers, and the sites that a certificate may cover.

A name is stored exactly as given and never repaired; search uses a folded key beside it. A name that ends stays in the
records and findable. Each body keeps the organisations that it assesses; no other body sees them.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.legal_identifiers import check_identifier
from app.conformity.names import check_name, fold
from app.errors import AkashiError
from app.registry.forms import check_country, check_language
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import organisations
from app.storage.rows import Connection

_SCRIPT = re.compile(r"[A-Z][a-z]{3}")


@dataclass(frozen=True)
class OrganisationName:
    """A name exactly as registered: language (BCP 47), script (ISO 15924), where it was read, the days it holds."""

    name: str
    language: str
    script: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class SiteName:
    """What a site is called, in one language."""

    name: str
    language: str
    script: str | None = None


@dataclass(frozen=True)
class SiteAddress:
    """A postal address in one language; a home office may stop at its municipality."""

    locality: str
    language: str
    region: str | None = None
    street: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True)
class SiteFacts:
    """A place of an organisation; its first name and its first address prevail, a virtual one has no address."""

    names: tuple[SiteName, ...]
    country: str
    addresses: tuple[SiteAddress, ...] = ()
    virtual: bool = False
    central_function: bool = False


def register_organisation(
    registry: Registry,
    actor: Actor,
    *,
    names: tuple[OrganisationName, ...],
    country: str,
    identifiers: tuple[tuple[str, str], ...] = (),
    request: Request | None = None,
) -> UUID:
    """An organisation stands in the body's records with its names and identifiers; returns its id.

    `identifiers` are pairs of scheme (`lei`, `jp_corporate_number`, `other`) and value.
    """
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    if not names:
        raise AkashiError("name_missing", field="/names")
    for place, name in enumerate(names):
        _check_organisation_name(name, f"/names/{place}")
    check_country(country, "/country")
    for place, (scheme, value) in enumerate(identifiers):
        check_identifier(scheme, value, f"/identifiers/{place}/value")

    def make(connection: Connection) -> UUID:
        organisation = uuid4()
        organisations.add_organisation(connection, body=body, organisation=organisation, country=country)
        for name in names:
            _record_name(connection, body, organisation, name)
        for scheme, value in identifiers:
            organisations.add_identifier(connection, body=body, organisation=organisation, scheme=scheme, value=value)
        return organisation

    return once(registry, body, request, make)


def add_name(registry: Registry, actor: Actor, organisation: UUID, name: OrganisationName) -> None:
    """The organisation has a further name; one that it replaces is ended by `end_name`."""
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    _check_organisation_name(name, "")
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, organisation)
        _record_name(connection, body, organisation, name)


def end_name(
    registry: Registry, actor: Actor, organisation: UUID, *, name: str, language: str, script: str, last_day: date
) -> None:
    """The name holds until that day and no longer; issued certificates keep it, an amendment drops it."""
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, organisation)
        organisations.end_name(
            connection,
            body=body,
            organisation=organisation,
            name=name,
            language=language,
            script=script,
            last_day=last_day,
        )


def add_identifier(registry: Registry, actor: Actor, organisation: UUID, *, scheme: str, value: str) -> None:
    """The organisation has a further registration: one learned of later, or its legal successor's.

    A certificate names another legal entity only after the body's assessment (`change_notice`).
    """
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    check_identifier(scheme, value, "/value")
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, organisation)
        organisations.add_identifier(connection, body=body, organisation=organisation, scheme=scheme, value=value)


def end_identifier(
    registry: Registry, actor: Actor, organisation: UUID, *, scheme: str, value: str, last_day: date
) -> None:
    """The registration holds until that day and no longer; issued certificates keep it, a further version drops it."""
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, organisation)
        organisations.end_identifier(
            connection, body=body, organisation=organisation, scheme=scheme, value=value, last_day=last_day
        )


def add_site(
    registry: Registry, actor: Actor, organisation: UUID, site: SiteFacts, *, request: Request | None = None
) -> UUID:
    """The organisation has a site, which a certificate may cover; returns its id."""
    demand(actor, Scope.ORGANISATIONS)
    body = acting_party(actor)
    _check_site(site)

    def make(connection: Connection) -> UUID:
        _demand_known(connection, body, organisation)
        made = uuid4()
        organisations.add_site(
            connection,
            body=body,
            organisation=organisation,
            site=made,
            names=[_stated(name) for name in site.names],
            addresses=[_stated(address) for address in site.addresses],
            country=site.country,
            virtual=site.virtual,
            central_function=site.central_function,
        )
        return made

    return once(registry, body, request, make)


def _demand_known(connection: Connection, body: UUID, organisation: UUID) -> None:
    if organisations.find_organisation(connection, body, organisation) is None:
        raise AkashiError("unknown_organisation", field="/organisation")


def _record_name(connection: Connection, body: UUID, organisation: UUID, name: OrganisationName) -> None:
    organisations.add_name(
        connection,
        body=body,
        organisation=organisation,
        name=name.name,
        folded=fold(name.name),
        language=name.language,
        script=name.script,
        source=name.source,
        valid_from=name.valid_from,
        valid_to=name.valid_to,
    )


def _check_organisation_name(name: OrganisationName, at: str) -> None:
    check_name(name.name, f"{at}/name")
    check_language(name.language, f"{at}/language")
    _check_script(name.script, f"{at}/script")
    check_name(name.source, f"{at}/source")
    if name.valid_from and name.valid_to and name.valid_to < name.valid_from:
        raise AkashiError("period_without_days", field=f"{at}/valid_to")


def _check_script(script: str, at: str) -> None:
    if not _SCRIPT.fullmatch(script):
        raise AkashiError("malformed_script", field=at)


def _check_site(site: SiteFacts) -> None:
    if not site.names:
        raise AkashiError("name_missing", field="/names")
    for place, name in enumerate(site.names):
        check_name(name.name, f"/names/{place}/name")
        check_language(name.language, f"/names/{place}/language")
        if name.script is not None:
            _check_script(name.script, f"/names/{place}/script")
    check_country(site.country, "/country")
    if site.virtual == bool(site.addresses):
        raise AkashiError("address_missing" if not site.virtual else "address_of_virtual_site", field="/addresses")
    for place, address in enumerate(site.addresses):
        check_language(address.language, f"/addresses/{place}/language")
        for member, value in _stated(address).items():
            check_name(value, f"/addresses/{place}/{member}")


def _stated(value: SiteName | SiteAddress) -> dict[str, str]:
    """What is stated, in the form in which the records keep it; what is not stated is absent."""
    return {member: content for member, content in asdict(value).items() if content is not None}
