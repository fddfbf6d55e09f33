"""What acts are told about is the body's own, or unknown: one refusal for what is another body's and what never was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.errors import AkashiError
from app.storage import assessment, certifications, organisations, people
from app.storage.rows import Connection, Row


def known_person(connection: Connection, body: UUID, person: UUID, at: str = "/person") -> None:
    """Raises `unknown_person` for anybody else."""
    if people.find_person(connection, body, person) is None:
        raise AkashiError("unknown_person", field=at)


def known_organisation(connection: Connection, body: UUID, organisation: UUID) -> None:
    """Raises `unknown_organisation` for any other."""
    if organisations.find_organisation(connection, body, organisation) is None:
        raise AkashiError("unknown_organisation", field="/organisation")


def known_certification(connection: Connection, body: UUID, public_id: str, at: str = "/certification") -> Row[Any]:
    """The certification of this public ID; raises `unknown_certification`."""
    found = certifications.find_certification(connection, body, public_id)
    if found is None:
        raise AkashiError("unknown_certification", field=at)
    return found


def known_audit(connection: Connection, body: UUID, audit: UUID, at: str = "/audit") -> None:
    """Raises `unknown_audit` for any other."""
    if assessment.find_audit(connection, body, audit) is None:
        raise AkashiError("unknown_audit", field=at)
