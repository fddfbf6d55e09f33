"""What is due by when: audits, recertification, ends of suspensions, cases (17021-1 8.5.3, 9.1.3, 9.6 to 9.8).

A day that is due is in time until it has ended in the body's zone. What is overdue is known to the body and, for
certificates that rest on its accreditation, to its accreditation body; the public reads a plain date, never an
accusation. Nothing here is a decision: only a person suspends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.registry.registry import Registry
from app.storage import due as queries
from app.storage.public_record import Place as Place  # noqa: PLC0414, doors name places, too
from app.storage.rows import Row

Task = Literal[
    "appeal_acknowledgement",
    "appeal_decision",
    "change_notice",
    "complaint_acknowledgement",
    "complaint_decision",
    "ratification",
    "recertification",
    "surveillance",
    "surveillance_conclusion",
    "surveillance_decision",
    "suspension",
]
OverseenTask = Literal[
    "appeal_acknowledgement", "appeal_decision", "ratification", "recertification", "surveillance", "suspension"
]


@dataclass(frozen=True)
class Due:
    """Something due; `certificate_id` is null where it is about the body, `item` is the case or the decision."""

    what: Task
    due_on: date
    overdue: bool
    body: UUID
    certificate_id: str | None
    item: UUID


@dataclass(frozen=True)
class Asked:
    """Which of what is due: of one kind, only what is overdue (or is not), from a place on."""

    what: str | None = None
    overdue: bool | None = None
    place: Place | None = None
    limit: int = 50


@dataclass(frozen=True)
class Told:
    """Plain facts that a body told of a certificate; nobody signed them, and they say nothing about its validity."""

    last_surveillance_reported: date | None
    under_appeal: bool


Placed = tuple[tuple[int, str], Due]
"""Something due, with its place in the list."""


def what_is_due(registry: Registry, actor: Actor, asked: Asked) -> tuple[Placed, ...]:
    """What the actor's body has to do by when, in the order of the days."""
    demand(actor, Scope.CERTIFICATES_READ)
    return _due(registry, acting_party(actor), asked, overseen=False)


def what_is_overseen(registry: Registry, actor: Actor, asked: Asked) -> tuple[Placed, ...]:
    """What those have to do whom the actor's body accredited, for certificates that rest on its accreditation."""
    demand(actor, Scope.ACCREDITATIONS)
    return _due(registry, acting_party(actor), asked, overseen=True)


def told(registry: Registry, public_id: str) -> Told:
    """What the body told of an issued certificate and anyone may know."""
    with registry.database.transaction("reader") as connection:
        row = queries.told(connection, public_id)
    return Told(None, under_appeal=False) if row is None else Told(row.last_surveillance_on, row.under_appeal)


def _due(registry: Registry, party: UUID, asked: Asked, *, overseen: bool) -> tuple[Placed, ...]:
    with registry.database.transaction(body=party) as connection:
        rows = queries.due(
            connection,
            party,
            overseen=overseen,
            what=asked.what,
            overdue=asked.overdue,
            place=asked.place,
            limit=asked.limit,
        )
    return tuple(((row.sequence, row.id), shown_due(row)) for row in rows)


def shown_due(row: Row[tuple[object, ...]]) -> Due:
    """Something due, from its row."""
    return Due(row.what, row.due_on, row.overdue, row.body_id, row.certificate_id, row.item_id)
