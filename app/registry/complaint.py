"""Complaints and reports of misuse, from anyone, decided by people who are not involved (ISO/IEC 17021-1 8.3, 9.8).

Each is acknowledged and investigated before it is decided, and made public as far as all sides agree. Whoever
complained is known to the body alone and can be erased. Somebody who has no account here may complain too: that is
`receive_from_anyone`, and its answer is a reference and nothing else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.identifiers import ALPHABET
from app.conformity.names import check_text
from app.conformity.periods import local_day
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import cases, certifications, parties, people
from app.storage.database import now
from app.storage.rows import Connection

ComplaintKind = Literal["complaint", "misuse"]
Origin = Literal["holder", "third_party", "accreditation_body", "authority"]
Step = Literal["acknowledged", "investigated"]
Outcome = Literal["justified", "partly_justified", "not_justified"]
Side = Literal["body", "holder", "complainant"]
Extent = Literal["nothing", "subject", "resolution"]
REFERENCE_LETTERS = 12
"""Sixty random bits: a reference names a complaint and guesses at none."""


@dataclass(frozen=True)
class Complaint:
    """What somebody complains about; without a certification it is about the body itself."""

    kind: ComplaintKind
    subject: str
    certification: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class ReceivedComplaint:
    """A complaint in the records, and the reference that its sender may quote."""

    id: UUID
    reference: str


def receive_complaint(
    registry: Registry,
    actor: Actor,
    complaint: Complaint,
    *,
    origin: Origin,
    received_on: date,
    request: Request | None = None,
) -> ReceivedComplaint:
    """A complaint that reached the body stands in its records."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    _check(complaint)

    def make(connection: Connection) -> UUID:
        return _record(connection, body, complaint, origin, received_on, carrier(actor)).id

    received = once(registry, body, request, make)
    with registry.database.transaction(body=body) as connection:
        row = cases.find_complaint(connection, body, received)
    assert row is not None  # noqa: S101, it was recorded just now, or when the request came first
    return ReceivedComplaint(received, row.reference)


def receive_from_anyone(registry: Registry, body: UUID, complaint: Complaint) -> ReceivedComplaint:
    """A third party's complaint stands in the records of a certification body, received today in its zone.

    1. The body is one that certifies, and has not ceased.
    2. What is said is text that can be read; the certificate, if one is named, is the body's.
    3. It is recorded as a third party's, carried by nobody.

    Not idempotent: whoever sends it twice has complained twice.
    """
    with registry.database.transaction(body=body) as connection:
        party = parties.find_party(connection, body)
        if party is None or party.kind != "certification_body":
            raise AkashiError("unknown_body")
        if cases.body_has_ceased(connection, body):
            raise AkashiError("body_has_ceased")

        _check(complaint)

        today = local_day(now(connection), party.time_zone)
        return _record(connection, body, complaint, "third_party", today, "anyone")


def name_involved(registry: Registry, actor: Actor, complaint: UUID, person: UUID) -> None:
    """The complaint is about this person of the body, who handles none of it."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, complaint, person)
        cases.add_involved(connection, body=body, complaint=complaint, person=person)


def record_step(
    registry: Registry, actor: Actor, complaint: UUID, *, step: Step, person: UUID, done_on: date, account: str
) -> None:
    """The complaint was acknowledged, or investigated by somebody who is not involved; each once."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    check_text(account, "/account")
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, complaint, person)
        cases.add_complaint_step(
            connection, body=body, complaint=complaint, step=step, person=person, done_on=done_on, account=account
        )


def decide_complaint(
    registry: Registry, actor: Actor, complaint: UUID, *, outcome: Outcome, person: UUID, decided_on: date, reasons: str
) -> None:
    """Somebody who was never involved in its subject decided the complaint, after its investigation; once."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    check_text(reasons, "/reasons")
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, complaint, person)
        cases.add_complaint_decision(
            connection,
            body=body,
            complaint=complaint,
            person=person,
            outcome=outcome,
            reasons=reasons,
            decided_on=decided_on,
        )


def agree_publicity(
    registry: Registry, actor: Actor, complaint: UUID, *, side: Side, extent: Extent, agreed_on: date
) -> None:
    """One side's newest word about what may become public; the least of the three sides' counts."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, complaint)
        cases.add_complaint_publicity(
            connection, body=body, complaint=complaint, side=side, extent=extent, agreed_on=agreed_on
        )


def erase_contact(registry: Registry, actor: Actor, complaint: UUID) -> None:
    """Who complained is no longer known; the complaint and how it was handled stay. Erasing again changes nothing."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        _demand_known(connection, body, complaint)
        cases.erase_contact(connection, body=body, complaint=complaint)


def _check(complaint: Complaint) -> None:
    check_text(complaint.subject, "/subject")
    if complaint.contact is not None:
        check_text(complaint.contact, "/contact")


def _record(
    connection: Connection, body: UUID, complaint: Complaint, origin: Origin, received_on: date, carried_by: str
) -> ReceivedComplaint:
    certification = None
    if complaint.certification is not None:
        known = certifications.find_certification(connection, body, complaint.certification)
        if known is None:
            raise AkashiError("unknown_certification", field="/certification")
        certification = known.id
    received = ReceivedComplaint(uuid4(), "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LETTERS)))
    cases.add_complaint(
        connection,
        body=body,
        complaint=received.id,
        reference=received.reference,
        kind=complaint.kind,
        certification=certification,
        origin=origin,
        subject=complaint.subject,
        received_on=received_on,
        carried_by=carried_by,
    )
    if complaint.contact is not None:
        cases.add_contact(connection, body=body, complaint=received.id, contact=complaint.contact)
    return received


def _demand_known(connection: Connection, body: UUID, complaint: UUID, person: UUID | None = None) -> None:
    if cases.find_complaint(connection, body, complaint) is None:
        raise AkashiError("unknown_complaint", field="/complaint")
    if person is not None and people.find_person(connection, body, person) is None:
        raise AkashiError("unknown_person", field="/person")
