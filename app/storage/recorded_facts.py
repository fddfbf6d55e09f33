"""Queries that gather what a certificate says from the records: names, sites, scheme, accreditations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import many, one, scalar


def organisation(connection: Connection, body: UUID, organisation_id: UUID) -> Row[Any] | None:
    """The organisation's country."""
    return one(
        connection,
        "SELECT id, country FROM akashi.organisation WHERE body_id = :body AND id = :organisation",
        body=body,
        organisation=organisation_id,
    )


def organisation_names(connection: Connection, body: UUID, organisation_id: UUID, day: Any) -> tuple[Row[Any], ...]:
    """The names that hold on a day, as registered, in the order of their recording."""
    return many(
        connection,
        "SELECT n.name, n.language, n.script FROM akashi.organisation_name n "
        "LEFT JOIN akashi.organisation_name_end e USING (body_id, organisation_id, language, script, name) "
        "WHERE n.body_id = :body AND n.organisation_id = :organisation AND coalesce(n.valid_from, '-infinity') <= :day "
        "AND :day <= coalesce(e.last_day, n.valid_to, 'infinity') "
        "ORDER BY n.recorded_at, n.language, n.script, n.name",
        body=body,
        organisation=organisation_id,
        day=day,
    )


def organisation_identifiers(connection: Connection, body: UUID, organisation_id: UUID) -> tuple[Row[Any], ...]:
    """LEI, corporate number and others."""
    return many(
        connection,
        "SELECT scheme, value FROM akashi.organisation_identifier i WHERE body_id = :body AND organisation_id = :organisation "
        "AND NOT EXISTS (SELECT FROM akashi.organisation_identifier_end e WHERE e.body_id = i.body_id "
        "AND e.organisation_id = i.organisation_id AND e.scheme = i.scheme AND e.value = i.value) "
        "ORDER BY scheme, value",
        body=body,
        organisation=organisation_id,
    )


def site(connection: Connection, body: UUID, organisation_id: UUID, site_id: UUID) -> Row[Any] | None:
    """A site of the organisation."""
    return one(
        connection,
        "SELECT id, names, address, country, virtual, central_function FROM akashi.site "
        "WHERE body_id = :body AND organisation_id = :organisation AND id = :site",
        body=body,
        organisation=organisation_id,
        site=site_id,
    )


def party(connection: Connection, party_id: UUID) -> Row[Any] | None:
    """A body's country and time zone."""
    return one(connection, "SELECT id, kind, country, time_zone FROM akashi.party WHERE id = :party", party=party_id)


def party_names(connection: Connection, party_id: UUID) -> tuple[Row[Any], ...]:
    """The names that a body bears today, by its own calendar, in the order of their recording."""
    return many(
        connection,
        "SELECT name, language FROM akashi.party_name WHERE party_id = :party "
        "AND coalesce(valid_from, '-infinity') <= akashi.body_today(:party) "
        "AND akashi.body_today(:party) <= coalesce(valid_to, 'infinity') ORDER BY recorded_at, language, name",
        party=party_id,
    )


def scheme(connection: Connection, code: str) -> Row[Any] | None:
    """A scheme with its limits."""
    return one(connection, "SELECT * FROM akashi.scheme WHERE code = :code", code=code)


def normative_document(connection: Connection, scheme_code: str, designation: str) -> Row[Any] | None:
    """A standard of the scheme with its edition."""
    return one(
        connection,
        "SELECT * FROM akashi.normative_document WHERE scheme_code = :scheme AND designation = :designation "
        "AND use = 'requirements'",
        scheme=scheme_code,
        designation=designation,
    )


def accreditation(connection: Connection, accreditation_id: UUID) -> Row[Any] | None:
    """An accreditation with its body."""
    return one(
        connection,
        "SELECT id, body_id, accredited_id, scheme_code, number, time_zone FROM akashi.accreditation WHERE id = :accreditation",
        accreditation=accreditation_id,
    )


def audits_end(connection: Connection, body: UUID, audits: tuple[UUID, ...]) -> Any:
    """The last day of the audits relied on, or None."""
    return scalar(
        connection,
        "SELECT max(last_day) FROM akashi.audit WHERE body_id = :body AND id = ANY (:audits)",
        body=body,
        audits=list(audits),
    )


def recognised_under(connection: Connection, party_id: UUID, scheme_code: str, day: Any) -> str | None:
    """The arrangement under which an accreditation body was recognised on a day for documents of a scheme.

    At the level of the standard at least, as observed; what the body objects to does not count.
    """
    found: str | None = scalar(
        connection,
        "SELECT a.title_en FROM akashi.recognition r JOIN akashi.recognition_arrangement a ON a.code = r.arrangement_code "
        "LEFT JOIN akashi.recognition_end e ON e.recognition_id = r.id "
        "WHERE r.party_id = :party AND r.level <> 'L2' AND greatest(r.valid_from, a.valid_from) <= :day "
        "AND :day <= coalesce(least(r.valid_to, a.valid_to, e.last_day), 'infinity') "
        "AND EXISTS (SELECT FROM akashi.normative_document d WHERE d.scheme_code = :scheme "
        "            AND (d.designation = r.scope OR starts_with(d.designation, r.scope || ':'))) "
        "AND NOT EXISTS (SELECT FROM akashi.recognition_objection o WHERE o.recognition_id = r.id) "
        "ORDER BY r.level DESC, a.valid_from DESC, r.id LIMIT 1",
        party=party_id,
        scheme=scheme_code,
        day=day,
    )
    return found
