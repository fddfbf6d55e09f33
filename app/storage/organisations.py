"""Queries of organisations: dated names as registered beside their search key, identifiers, sites."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Row

from app.storage.rows import insert, one


def add_organisation(connection: Connection, *, body: UUID, organisation: UUID, country: str) -> None:
    """An organisation known to this body alone."""
    insert(connection, "organisation", body_id=body, id=organisation, country=country)


def find_organisation(connection: Connection, body: UUID, organisation: UUID) -> Row[Any] | None:
    """An organisation of this body."""
    return one(
        connection,
        "SELECT id, country FROM akashi.organisation WHERE body_id = :body AND id = :organisation",
        body=body,
        organisation=organisation,
    )


def add_name(
    connection: Connection,
    *,
    body: UUID,
    organisation: UUID,
    name: str,
    folded: str,
    language: str,
    script: str,
    source: str,
    valid_from: date | None,
    valid_to: date | None,
) -> None:
    """A name exactly as registered, with the key under which search finds it."""
    insert(
        connection,
        "organisation_name",
        body_id=body,
        organisation_id=organisation,
        name=name,
        folded=folded,
        language=language,
        script=script,
        source=source,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def end_name(
    connection: Connection, *, body: UUID, organisation: UUID, name: str, language: str, script: str, last_day: date
) -> None:
    """The last day of a name, learned after it was recorded."""
    insert(
        connection,
        "organisation_name_end",
        body_id=body,
        organisation_id=organisation,
        name=name,
        language=language,
        script=script,
        last_day=last_day,
    )


def add_identifier(connection: Connection, *, body: UUID, organisation: UUID, scheme: str, value: str) -> None:
    """One of the organisation's registrations."""
    insert(
        connection, "organisation_identifier", body_id=body, organisation_id=organisation, scheme=scheme, value=value
    )


def end_identifier(
    connection: Connection, *, body: UUID, organisation: UUID, scheme: str, value: str, last_day: date
) -> None:
    """The last day of a registration."""
    insert(
        connection,
        "organisation_identifier_end",
        body_id=body,
        organisation_id=organisation,
        scheme=scheme,
        value=value,
        last_day=last_day,
    )


def add_site(
    connection: Connection,
    *,
    body: UUID,
    organisation: UUID,
    site: UUID,
    names: list[dict[str, str]],
    addresses: list[dict[str, str]],
    country: str,
    virtual: bool,
    central_function: bool,
) -> None:
    """A place of the organisation; its first name and its first address prevail."""
    insert(
        connection,
        "site",
        body_id=body,
        id=site,
        organisation_id=organisation,
        names=Jsonb(names),
        address={"addresses": addresses},
        country=country,
        virtual=virtual,
        central_function=central_function,
    )
