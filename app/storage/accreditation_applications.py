"""Queries of applications for accreditation; row-level security shows them to the two bodies alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one

_APPLICATION = (
    "SELECT a.id, a.body_id AS body, a.accreditation_body_id AS accreditation_body, a.scheme_code AS scheme, a.documents, "
    "a.areas, a.countries, a.applied_on, r.outcome, r.reason, r.reviewed_on FROM akashi.accreditation_application a "
    "LEFT JOIN akashi.accreditation_application_review r ON r.body_id = a.accreditation_body_id AND r.application_id = a.id "
)


def add_application(connection: Connection, *, body: UUID, application: UUID, **columns: Any) -> None:
    """An application of the body."""
    insert(connection, "accreditation_application", body_id=body, id=application, **columns)


def add_review(connection: Connection, *, body: UUID, application: UUID, **columns: Any) -> None:
    """How the accreditation body's review ended."""
    insert(connection, "accreditation_application_review", body_id=body, application_id=application, **columns)


def find_application(connection: Connection, application: UUID) -> Row[Any] | None:
    """An application with its review, if the body of the transaction is one of the two."""
    return one(connection, f"{_APPLICATION} WHERE a.id = :application", application=application)


def applications(connection: Connection, limit: int) -> tuple[Row[Any], ...]:
    """All that the body of the transaction made or received, newest first."""
    return many(connection, f"{_APPLICATION} ORDER BY a.recorded_at DESC, a.id LIMIT :limit", limit=limit)
