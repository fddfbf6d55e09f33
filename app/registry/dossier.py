"""The dossier of a certification: all that its body keeps about it, in one reading, for the body alone.

Decisions with their reasons (refusals too), drafts that nobody has confirmed yet, audits, what is due by when, notices
of change, complaints, appeals, overlaps that somebody confirmed. The public reads elsewhere what the holder consents
to; another body reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.errors import AkashiError
from app.registry.due import Due, shown_due
from app.registry.own_cases import OwnAppeal, OwnChangeNotice, OwnComplaint
from app.registry.own_records import OwnAudit, OwnCertification, made_of
from app.registry.registry import Registry
from app.storage import certifications, due, own_records
from app.storage import dossier as queries
from app.storage.rows import Connection


@dataclass(frozen=True)
class OwnDecision:
    """A decision with its reason; what brings about no event or no version has none."""

    id: UUID
    act: str
    decided_on: date
    effective_on: date
    until: date | None
    late_reason: str | None
    annuls: int | None
    ratifies: int | None
    reason_code: str | None
    reason: str | None
    deciders: tuple[UUID, ...]
    event_no: int | None
    state: str | None
    version: int | None


@dataclass(frozen=True)
class OpenDraft:
    """A draft that decides nothing yet, and whose evidence it awaits."""

    id: UUID
    act: str
    decided_on: date
    carried_by: str
    awaited: tuple[UUID, ...]


@dataclass(frozen=True)
class ConfirmedOverlap:
    """Another certification of the same client and scope, and who said why both are meant."""

    other: str
    number: str
    person: UUID
    reason: str
    confirmed_on: date


@dataclass(frozen=True)
class Dossier:
    """One certification; `state` is `none` before its first event, and expiry is arithmetic on its versions."""

    certification: OwnCertification
    state: str
    decisions: tuple[OwnDecision, ...]
    drafts: tuple[OpenDraft, ...]
    audits: tuple[OwnAudit, ...]
    due: tuple[Due, ...]
    change_notices: tuple[OwnChangeNotice, ...]
    complaints: tuple[OwnComplaint, ...]
    appeals: tuple[OwnAppeal, ...]
    overlaps: tuple[ConfirmedOverlap, ...]


PARTS = {
    "decisions": OwnDecision,
    "drafts": OpenDraft,
    "change_notices": OwnChangeNotice,
    "complaints": OwnComplaint,
    "appeals": OwnAppeal,
    "overlaps": ConfirmedOverlap,
}


def read_dossier(registry: Registry, actor: Actor, certification: UUID) -> Dossier:
    """All that the body keeps about a certification; another body's is as unknown as none.

    1. The certification is the body's own.
    2. Its parts are read in one transaction, each in the order of recording.
    """
    demand(actor, Scope.CERTIFICATES_READ)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        row = own_records.own_record(connection, "certification", body, certification)
        if row is None:
            raise AkashiError("unknown_certification")

        last = certifications.last_event(connection, body, certification)
        return Dossier(
            certification=made_of(OwnCertification, row._mapping),  # noqa: SLF001, SQLAlchemy's public name
            state=last.to_state if last else "none",
            audits=tuple(
                made_of(OwnAudit, one._mapping)  # noqa: SLF001
                for one in queries.audits_in_dossier(connection, body, certification)
            ),
            due=_due(connection, body, certification),
            **{
                part: tuple(
                    made_of(kind, one._mapping)  # noqa: SLF001
                    for one in queries.part_of_dossier(connection, part, body, row.certificate_id)
                )
                for part, kind in PARTS.items()
            },
        )


def _due(connection: Connection, body: UUID, certification: UUID) -> tuple[Due, ...]:
    rows = due.due(
        connection,
        body,
        overseen=False,
        what=None,
        overdue=None,
        place=None,
        limit=None,
        certification=certification,
    )
    return tuple(shown_due(row) for row in rows)
