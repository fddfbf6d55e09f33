"""Queries of transfers: what each party did, and what the transferred certification is in its own body's records.

Row-level security shows a transfer to both bodies and to the accreditation bodies of the issuing one, and to nobody else.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.storage.rows import Connection, Row, insert, many, one, scalar


def add_transfer(
    connection: Connection,
    *,
    body: UUID,
    transfer: UUID,
    application: UUID,
    source: str,
    previous: dict[str, Any] | None,
    requested_on: date,
    request_sha256: bytes,
) -> None:
    """The accepting body's notice; the database finds whose certification it is, and refuses a second one."""
    insert(
        connection,
        "transfer",
        body_id=body,
        id=transfer,
        application_id=application,
        source=source,
        previous=previous,
        requested_on=requested_on,
        request_sha256=request_sha256,
    )


def find_transfer(connection: Connection, transfer: UUID) -> Row[Any] | None:
    """A transfer that the body of this transaction may see, with its state and on whose word it stands."""
    return one(
        connection,
        "SELECT t.*, akashi.transfer_state(t) AS state, akashi.transfer_basis(t) AS basis FROM akashi.transfer t "
        "WHERE t.id = :transfer",
        transfer=transfer,
    )


def add_step(
    connection: Connection,
    *,
    body: UUID,
    transfer: Row[Any],
    step: str,
    done_on: date,
    person: UUID | None = None,
    ground: str | None = None,
    content: dict[str, Any] | None = None,
    envelope: UUID | None = None,
) -> None:
    """What a party did; the database gives number and states, and refuses a step that is not this party's now."""
    insert(
        connection,
        "transfer_step",
        body_id=body,
        to_body_id=transfer.body_id,
        transfer_id=transfer.id,
        step=step,
        done_on=done_on,
        person_id=person,
        ground=ground,
        content=content or {},
        envelope_id=envelope,
    )


def source_of(connection: Connection, transfer: UUID) -> dict[str, Any] | None:
    """What the transferred certificate says, for the accepting body, once it was given over."""
    says: dict[str, Any] | None = scalar(connection, "SELECT says FROM akashi.source_of(:transfer)", transfer=transfer)
    return says


def transfer_to(connection: Connection, body: UUID, certification: UUID) -> Row[Any] | None:
    """The transfer by which a certification of this body is to be taken over, with the day of its last review."""
    return one(
        connection,
        "SELECT t.id, t.previous, akashi.transfer_basis(t) AS basis, "
        "(akashi.last_step(t, 'reviewed')).done_on AS reviewed_on FROM akashi.certification c "
        "JOIN LATERAL akashi.transfer_for(c.body_id, c.application_id) t ON t.id IS NOT NULL "
        "WHERE c.body_id = :body AND c.id = :certification",
        body=body,
        certification=certification,
    )


def start_of_transfer(connection: Connection, body: UUID, certification: UUID) -> datetime | None:
    """The instant at which the certificate that continues this body's begins; None unless it lies ahead."""
    start: datetime | None = scalar(
        connection,
        "SELECT s.start FROM akashi.transfer_of(:body, :certification) t, akashi.start_of_transfer(t.body_id, t.id) s (start) "
        "WHERE s.start > akashi.now() AND akashi.transfer_state(t) <> 'completed'",
        body=body,
        certification=certification,
    )
    return start


def current_credential(connection: Connection, body: UUID, certification: UUID) -> Row[Any] | None:
    """The newest version of a certification of this body, as it was signed."""
    return one(
        connection,
        "SELECT r.signing_input, e.signature, f.facts FROM akashi.certificate_version v "
        "JOIN akashi.reservation r ON r.body_id = v.body_id AND r.id = v.envelope_id "
        "JOIN akashi.envelope e ON e.body_id = v.body_id AND e.id = v.envelope_id "
        "JOIN akashi.draft f ON f.body_id = v.body_id AND f.id = v.decision_id "
        "WHERE v.body_id = :body AND v.certification_id = :certification ORDER BY v.version_no DESC LIMIT 1",
        body=body,
        certification=certification,
    )


def audits_of(connection: Connection, body: UUID, certification: UUID) -> tuple[Row[Any], ...]:
    """The audits of a certification of this body, in the order of their dates."""
    return many(
        connection,
        "SELECT a.kind, a.first_day, a.last_day, a.report_sha256 FROM akashi.audit_certification l "
        "JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id "
        "WHERE l.body_id = :body AND l.certification_id = :certification ORDER BY a.last_day, a.recorded_at",
        body=body,
        certification=certification,
    )


def nonconformities_of(connection: Connection, body: UUID, certification: UUID) -> tuple[Row[Any], ...]:
    """The nonconformities that are not verified yet, and whether the plan for each was accepted."""
    return many(
        connection,
        "SELECT f.grade, f.clause, f.description, f.due_on, EXISTS (SELECT FROM akashi.finding_step p "
        "WHERE p.body_id = f.body_id AND p.finding_id = f.id AND p.step = 'plan_accepted') AS plan_accepted "
        "FROM akashi.audit_certification l JOIN akashi.finding f ON f.body_id = l.body_id AND f.audit_id = l.audit_id "
        "WHERE l.body_id = :body AND l.certification_id = :certification AND f.grade <> 'opportunity' "
        "AND NOT EXISTS (SELECT FROM akashi.finding_step s WHERE s.body_id = f.body_id AND s.finding_id = f.id "
        "AND s.step = 'verified') ORDER BY f.grade, f.due_on, f.id",
        body=body,
        certification=certification,
    )
