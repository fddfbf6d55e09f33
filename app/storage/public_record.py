"""Queries of the public record, run as `akashi_reader`: it sees the views of schema public_record and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import many, one


def certification(connection: Connection, public_id: str) -> Row[Any] | None:
    """An issued certification with what its holder consented to show."""
    return one(
        connection, "SELECT * FROM public_record.certification WHERE public_id = :public_id", public_id=public_id
    )


def envelopes(connection: Connection, subjects: list[bytes]) -> tuple[Row[Any], ...]:
    """Every signed fact about these subjects, in their order and by ordinal."""
    return many(
        connection,
        "SELECT e.subject, e.n, e.statement, e.thumbprint, e.signing_input, e.signature, e.recorded_at "
        "FROM public_record.envelope e WHERE e.subject = ANY (:subjects) "
        "ORDER BY array_position(:subjects, e.subject), e.n",
        subjects=subjects,
    )


def versions(connection: Connection, body: UUID, certification_id: UUID) -> tuple[Row[Any], ...]:
    """All issued versions with their status positions and credentials."""
    return many(
        connection,
        "SELECT v.*, e.signing_input, e.signature FROM public_record.certificate_version v "
        "JOIN public_record.envelope e ON e.body_id = v.body_id AND e.id = v.envelope_id "
        "WHERE v.body_id = :body AND v.certification_id = :certification ORDER BY v.version_no",
        body=body,
        certification=certification_id,
    )


def events(connection: Connection, body: UUID, certification_id: UUID) -> tuple[Row[Any], ...]:
    """The chain of standing."""
    return many(
        connection,
        "SELECT * FROM public_record.standing_event WHERE body_id = :body AND certification_id = :certification "
        "ORDER BY event_no",
        body=body,
        certification=certification_id,
    )


def by_number(connection: Connection, folded_number: str, body: UUID | None) -> tuple[Row[Any], ...]:
    """Certifications whose holder consented to the directory, by the body's own number as folded."""
    return many(
        connection,
        "SELECT c.public_id, c.number, c.body_id, c.scheme_code, c.country FROM public_record.certification c "
        "WHERE c.folded_number = :number AND 'directory' = ANY (c.consented) "
        "AND (CAST(:body AS uuid) IS NULL OR c.body_id = :body) ORDER BY c.public_id",
        number=folded_number,
        body=body,
    )


def parties(connection: Connection, kind: str | None = None) -> tuple[Row[Any], ...]:
    """All bodies, or those of one kind."""
    return many(
        connection,
        "SELECT id, kind, country, time_zone, public_information FROM public_record.party "
        "WHERE CAST(:kind AS text) IS NULL OR kind = :kind ORDER BY id",
        kind=kind,
    )


def party(connection: Connection, party_id: UUID) -> Row[Any] | None:
    """One body."""
    return one(
        connection,
        "SELECT id, kind, country, time_zone, public_information FROM public_record.party WHERE id = :party",
        party=party_id,
    )


def party_names(connection: Connection, party_ids: list[UUID]) -> tuple[Row[Any], ...]:
    """Names of bodies."""
    return many(
        connection,
        "SELECT party_id, name, language, valid_from, valid_to FROM public_record.party_name "
        "WHERE party_id = ANY (:parties) ORDER BY party_id, language, name",
        parties=party_ids,
    )


def signing_keys(connection: Connection, party_id: UUID) -> tuple[Row[Any], ...]:
    """A body's registered keys, for its DID document."""
    return many(
        connection,
        "SELECT thumbprint, purpose, jwk FROM public_record.signing_key WHERE party_id = :party ORDER BY thumbprint",
        party=party_id,
    )


def bound_thumbprints(connection: Connection, party_id: UUID) -> frozenset[str]:
    """The keys of a body that any accreditation body ever bound."""
    rows = many(
        connection, "SELECT thumbprint FROM public_record.key_binding WHERE bound_body_id = :party", party=party_id
    )
    return frozenset(row.thumbprint for row in rows)


def accreditation(connection: Connection, accreditation_id: UUID) -> Row[Any] | None:
    """One accreditation."""
    return one(connection, "SELECT * FROM public_record.accreditation WHERE id = :id", id=accreditation_id)


def accreditations_of(connection: Connection, party_id: UUID) -> tuple[Row[Any], ...]:
    """The accreditations that a body holds or gave."""
    return many(
        connection,
        "SELECT * FROM public_record.accreditation WHERE accredited_id = :party OR accreditation_body_id = :party ORDER BY id",
        party=party_id,
    )


def statements(connection: Connection, accreditation_id: UUID) -> tuple[Row[Any], ...]:
    """The statements of an accreditation."""
    return many(
        connection,
        "SELECT * FROM public_record.accreditation_statement WHERE accreditation_id = :id ORDER BY statement_no",
        id=accreditation_id,
    )


def schemes(connection: Connection) -> tuple[Row[Any], ...]:
    """All schemes."""
    return many(connection, "SELECT * FROM public_record.scheme ORDER BY code")


def table(connection: Connection, view: str) -> tuple[Row[Any], ...]:
    """All rows of a view of scheme data; the view's name is a constant of ours."""
    return many(connection, f"SELECT * FROM public_record.{view}")
