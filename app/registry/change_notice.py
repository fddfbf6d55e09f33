"""Notices of change: what a holder tells, and what a competent person finds to follow (ISO/IEC 17021-1 8.5.3).

A disposition decides nothing: the special audit, the amendment or the suspension that it calls for is an act of its
own. A certificate names a legal successor only after the body recorded its assessment; the database refuses it before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import cases, certifications, people
from app.storage.rows import Connection

ChangeKind = Literal[
    "legal_status",
    "ownership",
    "name",
    "management",
    "address",
    "site_opened",
    "site_closed",
    "scope",
    "system",
    "merger",
]
Consequence = Literal["no_action", "special_audit", "scope_change", "suspend", "amend", "end"]


@dataclass(frozen=True)
class Disposition:
    """What follows from a notice, who found it and why; `assessment`: whether a legal successor still conforms."""

    consequence: Consequence
    person: UUID
    reason: str
    disposed_on: date
    assessment: str | None = None


def receive_notice(
    registry: Registry,
    actor: Actor,
    *,
    certification: str,
    kind: ChangeKind,
    detail: str,
    received_on: date,
    request: Request | None = None,
) -> UUID:
    """A holder's notice stands in the records and waits for a competent person; returns its id."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    check_text(detail, "/detail")

    def make(connection: Connection) -> UUID:
        known = certifications.find_certification(connection, body, certification)
        if known is None:
            raise AkashiError("unknown_certification", field="/certification")
        notice = uuid4()
        cases.add_notice(
            connection,
            body=body,
            notice=notice,
            certification=known.id,
            kind=kind,
            detail=detail,
            received_on=received_on,
            carried_by=carrier(actor),
        )
        return notice

    return once(registry, body, request, make)


def dispose_of(registry: Registry, actor: Actor, notice: UUID, disposition: Disposition) -> None:
    """What follows from the notice is on record, once: a retry is `already_recorded` and changes nothing."""
    demand(actor, Scope.CASES)
    body = acting_party(actor)
    check_text(disposition.reason, "/reason")
    if disposition.assessment is not None:
        check_text(disposition.assessment, "/assessment")
    with registry.database.transaction(body=body) as connection:
        if cases.find_notice(connection, body, notice) is None:
            raise AkashiError("unknown_notice", field="/notice")
        if people.find_person(connection, body, disposition.person) is None:
            raise AkashiError("unknown_person", field="/person")
        cases.add_disposition(
            connection,
            body=body,
            notice=notice,
            person=disposition.person,
            disposition=disposition.consequence,
            reason=disposition.reason,
            assessment=disposition.assessment,
            disposed_on=disposition.disposed_on,
        )
