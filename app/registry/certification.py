"""A certification is opened: an accepted application and an agreement get a public ID and the body's own number.

A scheme may waive the application (a declarant applies to nobody), and history from elsewhere had its own there: then
organisation and scheme are named instead. What is imported says so from here on, and its first act is an import.
Nothing is public yet. The ID is unknown to everybody outside until a first certificate is issued (records, issuing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.identifiers import generate_public_id, subject_of
from app.conformity.names import check_name
from app.conformity.numbers import fold_number
from app.credentials.facts import IMPORTED, ISSUED
from app.errors import AkashiError
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import assessment, certifications, recorded_facts
from app.storage.rows import Connection

LONGEST_NUMBER = 60


@dataclass(frozen=True)
class OpenedCertification:
    """A certification in which nothing is decided yet."""

    id: UUID
    public_id: str
    number: str


@dataclass(frozen=True)
class Opening:
    """What a certification begins with: an application, or where there is none organisation and scheme themselves."""

    number: str
    application: UUID | None = None
    organisation: UUID | None = None
    scheme: str | None = None
    agreement: UUID | None = None
    imported: bool = False


def open_certification(
    registry: Registry, actor: Actor, *, request: Request | None = None, **begun_with: Any
) -> OpenedCertification:
    """The certification exists under a fresh public ID; the database demands what its scheme does not waive.

    An application opens one certification; a number that reads the same as another of the body's is refused.
    `begun_with`: the members of an `Opening`.
    """
    demand(actor, Scope.APPLICATIONS)
    body, opening = acting_party(actor), Opening(**begun_with)
    opened = once(registry, body, request, lambda connection: make_certification(connection, body, opening))
    with registry.database.transaction(body=body) as connection:
        row = certifications.certification_by_id(connection, body, opened)
    assert row is not None  # noqa: S101, it was made above or before
    return OpenedCertification(opened, row.public_id, row.number)


def make_certification(connection: Connection, body: UUID, opening: Opening) -> UUID:
    """The same within the caller's transaction; returns its internal id."""
    check_name(opening.number, "/number")
    folded = fold_number(opening.number)
    if len(opening.number) > LONGEST_NUMBER or not folded:
        raise AkashiError("malformed_number", field="/number")
    organisation, scheme = _whom(connection, body, opening)
    if opening.agreement is not None and assessment.find_agreement(connection, body, opening.agreement) is None:
        raise AkashiError("unknown_agreement", field="/agreement")
    certification, public_id = uuid4(), generate_public_id()
    assessment.add_certification(
        connection,
        body=body,
        certification=certification,
        public_id=public_id,
        subject=subject_of(public_id),
        scheme=scheme,
        organisation=organisation,
        application=opening.application,
        agreement=opening.agreement,
        number=opening.number,
        folded_number=folded,
        provenance=IMPORTED if opening.imported else ISSUED,
    )
    return certification


def _whom(connection: Connection, body: UUID, opening: Opening) -> tuple[UUID, str]:
    """The organisation and the scheme: those of the application, or where none is named these themselves."""
    if opening.application is not None:
        applied = assessment.find_application(connection, body, opening.application)
        if applied is None:
            raise AkashiError("unknown_application", field="/application")
        return applied.organisation_id, applied.scheme_code
    organisation, scheme = opening.organisation, opening.scheme
    if organisation is None or recorded_facts.organisation(connection, body, organisation) is None:
        raise AkashiError("unknown_organisation", field="/organisation")
    if scheme is None or recorded_facts.scheme(connection, scheme) is None:
        raise AkashiError("unknown_scheme", field="/scheme")
    return organisation, scheme
