"""Queries from the application to the findings: what a decision may rest on."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.storage.rows import insert, many, one


def add_application(
    connection: Connection,
    *,
    body: UUID,
    application: UUID,
    organisation: UUID,
    scheme: str,
    scope_requested: str,
    areas: tuple[str, ...],
    roles: tuple[str, ...],
    headcount: int | None,
    sites: tuple[UUID, ...],
    received_on: date,
    carried_by: str,
) -> None:
    """A received application."""
    insert(
        connection,
        "application",
        body_id=body,
        id=application,
        organisation_id=organisation,
        scheme_code=scheme,
        scope_requested=scope_requested,
        areas=areas,
        roles=roles,
        headcount=headcount,
        site_ids=sites,
        received_on=received_on,
        carried_by=carried_by,
    )


def find_application(connection: Connection, body: UUID, application: UUID) -> Row[Any] | None:
    """An application of this body."""
    return one(
        connection,
        "SELECT id, organisation_id, scheme_code, received_on FROM akashi.application "
        "WHERE body_id = :body AND id = :application",
        body=body,
        application=application,
    )


def add_review(
    connection: Connection,
    *,
    body: UUID,
    application: UUID,
    reviewer: UUID,
    outcome: str,
    reason: str | None,
    reviewed_on: date,
    carried_by: str,
) -> None:
    """How the review of an application ended."""
    insert(
        connection,
        "application_review",
        body_id=body,
        application_id=application,
        reviewer_id=reviewer,
        outcome=outcome,
        reason=reason,
        reviewed_on=reviewed_on,
        carried_by=carried_by,
    )


def add_agreement(
    connection: Connection,
    *,
    body: UUID,
    agreement: UUID,
    organisation: UUID,
    version: int,
    clauses: tuple[str, ...],
    sites: tuple[UUID, ...],
    signed_on: date,
    carried_by: str,
) -> None:
    """A signed agreement."""
    insert(
        connection,
        "agreement",
        body_id=body,
        id=agreement,
        organisation_id=organisation,
        version=version,
        clauses=clauses,
        site_ids=sites,
        signed_on=signed_on,
        carried_by=carried_by,
    )


def find_agreement(connection: Connection, body: UUID, agreement: UUID) -> Row[Any] | None:
    """An agreement of this body."""
    return one(
        connection,
        "SELECT id, organisation_id, version, signed_on FROM akashi.agreement WHERE body_id = :body AND id = :agreement",
        body=body,
        agreement=agreement,
    )


def latest_agreement_version(connection: Connection, body: UUID, organisation: UUID) -> int:
    """The number of the newest agreement with an organisation, 0 before the first."""
    row = one(
        connection,
        "SELECT coalesce(max(version), 0) AS latest FROM akashi.agreement "
        "WHERE body_id = :body AND organisation_id = :organisation",
        body=body,
        organisation=organisation,
    )
    return int(row.latest) if row else 0


def add_consent(
    connection: Connection, *, body: UUID, agreement: UUID, field: str, granted: bool, given_on: date
) -> None:
    """The newest word about one field; it holds until the next."""
    insert(
        connection,
        "disclosure_consent",
        body_id=body,
        agreement_id=agreement,
        field=field,
        granted=granted,
        given_on=given_on,
    )


def consents(connection: Connection, body: UUID, agreement: UUID) -> tuple[Row[Any], ...]:
    """The word that holds for each field about which there is one."""
    return many(
        connection,
        "SELECT DISTINCT ON (field) field, granted, given_on FROM akashi.disclosure_consent "
        "WHERE body_id = :body AND agreement_id = :agreement ORDER BY field, sequence DESC",
        body=body,
        agreement=agreement,
    )


def add_certification(
    connection: Connection,
    *,
    body: UUID,
    certification: UUID,
    public_id: str,
    subject: bytes,
    scheme: str,
    organisation: UUID,
    application: UUID | None,
    agreement: UUID | None,
    number: str,
    folded_number: str,
    provenance: str,
) -> None:
    """A certification in which nothing is decided yet."""
    insert(
        connection,
        "certification",
        body_id=body,
        id=certification,
        public_id=public_id,
        subject=subject,
        scheme_code=scheme,
        organisation_id=organisation,
        application_id=application,
        agreement_id=agreement,
        number=number,
        folded_number=folded_number,
        provenance=provenance,
    )


def add_audit(connection: Connection, *, stage_1_not_required: str | None, **row: Any) -> None:
    """A concluded audit, columns by their names; without stage 1 it says why none was needed."""
    basis = None if stage_1_not_required is None else "not_required_post_expiry"
    insert(connection, "audit", stage_1_basis=basis, stage_1_reason=stage_1_not_required, **row)


def add_audited(
    connection: Connection,
    *,
    body: UUID,
    audit: UUID,
    certification: UUID,
    organisation: UUID,
    areas: tuple[str, ...],
    sites: tuple[UUID, ...],
) -> None:
    """A certification that the audit serves, with what was audited for it."""
    insert(
        connection,
        "audit_certification",
        body_id=body,
        audit_id=audit,
        certification_id=certification,
        organisation_id=organisation,
        areas=areas,
        site_ids=sites,
    )


def find_audit(connection: Connection, body: UUID, audit: UUID) -> Row[Any] | None:
    """An audit of this body."""
    return one(
        connection,
        "SELECT id, organisation_id, kind, first_day, last_day FROM akashi.audit WHERE body_id = :body AND id = :audit",
        body=body,
        audit=audit,
    )


def add_team_member(connection: Connection, *, body: UUID, audit: UUID, person: UUID, function: str) -> None:
    """Somebody who carried out the audit, and as what."""
    insert(connection, "audit_member", body_id=body, audit_id=audit, person_id=person, function=function)


def add_finding(
    connection: Connection,
    *,
    body: UUID,
    finding: UUID,
    audit: UUID,
    grade: str,
    clause: str,
    description: str,
    due_on: date | None,
) -> None:
    """What an audit found."""
    insert(
        connection,
        "finding",
        body_id=body,
        id=finding,
        audit_id=audit,
        grade=grade,
        clause=clause,
        description=description,
        due_on=due_on,
    )


def find_finding(connection: Connection, body: UUID, finding: UUID) -> Row[Any] | None:
    """A finding of this body's audits, with the end of its audit."""
    return one(
        connection,
        "SELECT f.id, f.grade, f.audit_id, a.last_day FROM akashi.finding f "
        "JOIN akashi.audit a ON a.body_id = f.body_id AND a.id = f.audit_id "
        "WHERE f.body_id = :body AND f.id = :finding",
        body=body,
        finding=finding,
    )


def add_finding_step(
    connection: Connection,
    *,
    body: UUID,
    finding: UUID,
    step: str,
    person: UUID,
    done_on: date,
    note: str | None,
    carried_by: str,
) -> None:
    """What was done about a finding, by whom."""
    insert(
        connection,
        "finding_step",
        body_id=body,
        finding_id=finding,
        step=step,
        person_id=person,
        done_on=done_on,
        note=note,
        carried_by=carried_by,
    )
