"""Queries of what reaches a body around its decisions: notices of change, complaints, appeals.

Rules about who may handle what, and in which order, are the database's; here rows are written and found.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from app.storage.rows import Connection, Row, insert, one, run, scalar

# --- Notices of change ---


def add_notice(
    connection: Connection,
    *,
    body: UUID,
    notice: UUID,
    certification: UUID,
    kind: str,
    detail: str,
    received_on: date,
    carried_by: str,
) -> None:
    """A holder's notice about its certification."""
    insert(
        connection,
        "change_notice",
        body_id=body,
        id=notice,
        certification_id=certification,
        kind=kind,
        detail=detail,
        received_on=received_on,
        carried_by=carried_by,
    )


def find_notice(connection: Connection, body: UUID, notice: UUID) -> Row[Any] | None:
    """A notice that this body received."""
    return one(
        connection,
        "SELECT id, certification_id, kind FROM akashi.change_notice WHERE body_id = :body AND id = :notice",
        body=body,
        notice=notice,
    )


def add_disposition(
    connection: Connection,
    *,
    body: UUID,
    notice: UUID,
    person: UUID,
    disposition: str,
    reason: str,
    assessment: str | None,
    disposed_on: date,
) -> None:
    """What follows from a notice, found by a competent person."""
    insert(
        connection,
        "change_disposition",
        body_id=body,
        notice_id=notice,
        person_id=person,
        disposition=disposition,
        reason=reason,
        assessment=assessment,
        disposed_on=disposed_on,
    )


# --- Complaints ---


def add_complaint(
    connection: Connection,
    *,
    body: UUID,
    complaint: UUID,
    reference: str,
    kind: str,
    certification: UUID | None,
    origin: str,
    subject: str,
    received_on: date,
    carried_by: str,
) -> None:
    """A complaint, or a report of misuse, under its reference."""
    insert(
        connection,
        "complaint",
        body_id=body,
        id=complaint,
        reference=reference,
        kind=kind,
        certification_id=certification,
        origin=origin,
        subject=subject,
        received_on=received_on,
        carried_by=carried_by,
    )


def body_has_ceased(connection: Connection, body: UUID) -> bool:
    """Whether an accreditation body stated that the body ceased, while no accreditation of it is alive."""
    return bool(scalar(connection, "SELECT akashi.body_has_ceased(:body)", body=body))


def find_complaint(connection: Connection, body: UUID, complaint: UUID) -> Row[Any] | None:
    """A complaint that this body received."""
    return one(
        connection,
        "SELECT id, reference FROM akashi.complaint WHERE body_id = :body AND id = :complaint",
        body=body,
        complaint=complaint,
    )


def add_contact(connection: Connection, *, body: UUID, complaint: UUID, contact: str) -> None:
    """Who complained, kept apart."""
    insert(connection, "complaint_contact", body_id=body, complaint_id=complaint, contact=contact)


def erase_contact(connection: Connection, *, body: UUID, complaint: UUID) -> None:
    """Who complained is no longer known."""
    run(
        connection,
        "DELETE FROM akashi.complaint_contact WHERE body_id = :body AND complaint_id = :complaint",
        body=body,
        complaint=complaint,
    )


def add_involved(connection: Connection, *, body: UUID, complaint: UUID, person: UUID) -> None:
    """A person of the body whom the complaint is about."""
    insert(connection, "complaint_involved", body_id=body, complaint_id=complaint, person_id=person)


def add_complaint_step(
    connection: Connection, *, body: UUID, complaint: UUID, step: str, person: UUID, done_on: date, account: str
) -> None:
    """The complaint was acknowledged, or investigated."""
    insert(
        connection,
        "complaint_step",
        body_id=body,
        complaint_id=complaint,
        step=step,
        person_id=person,
        done_on=done_on,
        account=account,
    )


def add_complaint_decision(
    connection: Connection,
    *,
    body: UUID,
    complaint: UUID,
    person: UUID,
    outcome: str,
    reasons: str,
    decided_on: date,
) -> None:
    """What was found about the complaint."""
    insert(
        connection,
        "complaint_decision",
        body_id=body,
        complaint_id=complaint,
        person_id=person,
        outcome=outcome,
        reasons=reasons,
        decided_on=decided_on,
    )


def add_complaint_publicity(
    connection: Connection, *, body: UUID, complaint: UUID, side: str, extent: str, agreed_on: date
) -> None:
    """The newest word of one side about what may become public."""
    insert(
        connection,
        "complaint_publicity",
        body_id=body,
        complaint_id=complaint,
        side=side,
        extent=extent,
        agreed_on=agreed_on,
    )


# --- Appeals ---


def find_appealed(connection: Connection, body: UUID, decision: UUID) -> Row[Any] | None:
    """The decision that an appeal is about."""
    return one(
        connection,
        "SELECT d.id, d.certification_id FROM akashi.decision d WHERE d.body_id = :body AND d.id = :decision",
        body=body,
        decision=decision,
    )


def add_appeal(
    connection: Connection,
    *,
    body: UUID,
    appeal: UUID,
    certification: UUID,
    decision: UUID,
    grounds: str,
    lodged_on: date,
    carried_by: str,
) -> None:
    """An appeal against one decision."""
    insert(
        connection,
        "appeal",
        body_id=body,
        id=appeal,
        certification_id=certification,
        decision_id=decision,
        grounds=grounds,
        lodged_on=lodged_on,
        carried_by=carried_by,
    )


def find_appeal(connection: Connection, body: UUID, appeal: UUID) -> Row[Any] | None:
    """An appeal that this body received."""
    return one(
        connection,
        "SELECT id, certification_id, decision_id FROM akashi.appeal WHERE body_id = :body AND id = :appeal",
        body=body,
        appeal=appeal,
    )


def add_acknowledgement(connection: Connection, *, body: UUID, appeal: UUID, person: UUID, done_on: date) -> None:
    """The appellant knows that the appeal was received."""
    insert(connection, "appeal_acknowledgement", body_id=body, appeal_id=appeal, person_id=person, done_on=done_on)


def add_panel_member(connection: Connection, *, body: UUID, appeal: UUID, person: UUID) -> None:
    """Somebody who handles the appeal."""
    insert(connection, "appeal_panel", body_id=body, appeal_id=appeal, person_id=person)


def add_outcome(
    connection: Connection, *, body: UUID, appeal: UUID, outcome: str, reasons: str, decided_on: date
) -> None:
    """What the panel found."""
    insert(
        connection,
        "appeal_outcome",
        body_id=body,
        appeal_id=appeal,
        outcome=outcome,
        reasons=reasons,
        decided_on=decided_on,
    )


def add_appeal_publicity(connection: Connection, *, body: UUID, appeal: UUID, agreed: bool, agreed_on: date) -> None:
    """The appellant's newest word about whether the appeal may be known."""
    insert(connection, "appeal_publicity", body_id=body, appeal_id=appeal, agreed=agreed, agreed_on=agreed_on)
