"""Audit time: from which inputs it was calculated, with which adjustments, who justifies it (ISO/IEC 17021-1 9.1.4).

The result is the database's own sum. Every adjustment has a reason; how far time may be reduced is the scheme's limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_name, check_text
from app.registry.drafts import carrier
from app.registry.known import known_certification, known_person
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import programmes
from app.storage.rows import Connection


@dataclass(frozen=True)
class Adjustment:
    """Days more, or with a minus fewer, and why."""

    days: Decimal
    reason: str


@dataclass(frozen=True)
class AuditTimeFacts:
    """A calculation for a certification (by its public ID): the method, its inputs by name, days, adjustments."""

    certification: str
    method: str
    inputs: dict[str, str | int]
    base_days: Decimal
    justified_by: UUID
    calculated_on: date
    adjustments: tuple[Adjustment, ...] = ()


def calculate_audit_time(
    registry: Registry, actor: Actor, time: AuditTimeFacts, *, request: Request | None = None
) -> UUID:
    """The calculation stands in the records; returns its id. Nothing that rests on audits is decided without one."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    check_name(time.method, "/method")
    for place, adjustment in enumerate(time.adjustments):
        check_text(adjustment.reason, f"/adjustments/{place}/reason")

    def make(connection: Connection) -> UUID:
        certification = known_certification(connection, body, time.certification)
        known_person(connection, body, time.justified_by, "/justified_by")
        made = uuid4()
        programmes.add_audit_time(
            connection,
            body_id=body,
            id=made,
            certification_id=certification.id,
            method=time.method,
            inputs=time.inputs,
            base_days=time.base_days,
            adjustments=[{"days": str(one.days), "reason": one.reason} for one in time.adjustments],
            person_id=time.justified_by,
            calculated_on=time.calculated_on,
            carried_by=carrier(actor),
        )
        return made

    return once(registry, body, request, make)
