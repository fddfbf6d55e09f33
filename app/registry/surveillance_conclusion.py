"""Surveillance ends in the team leader's conclusion, and a sample of conclusions is monitored (ISO/IEC 17021-1 9.6.1).

A positive conclusion keeps the certification running without a decision. A negative one, or a major nonconformity,
demands a decision by somebody independent; beside a major no positive conclusion stands.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.known import known_audit, known_person
from app.registry.registry import Registry
from app.storage import programmes


def conclude_surveillance(
    registry: Registry,
    actor: Actor,
    *,
    audit: UUID,
    leader: UUID,
    positive: bool,
    conclusion: str,
    concluded_on: date,
) -> None:
    """What the leader of the team concluded from the audit is on record, once."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    check_text(conclusion, "/conclusion")
    with registry.database.transaction(body=body) as connection:
        known_audit(connection, body, audit)
        known_person(connection, body, leader, "/leader")
        programmes.add_conclusion(
            connection,
            body_id=body,
            audit_id=audit,
            person_id=leader,
            positive=positive,
            conclusion=conclusion,
            concluded_on=concluded_on,
            carried_by=carrier(actor),
        )


def monitor_conclusion(
    registry: Registry,
    actor: Actor,
    *,
    audit: UUID,
    person: UUID,
    confirmed: bool,
    note: str,
    monitored_on: date,
) -> None:
    """Somebody who was not in the team has looked at the conclusion, once."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    check_text(note, "/note")
    with registry.database.transaction(body=body) as connection:
        if not programmes.has_conclusion(connection, body, audit):
            raise AkashiError("unknown_conclusion", field="/audit")
        known_person(connection, body, person)
        programmes.add_monitoring(
            connection,
            body_id=body,
            audit_id=audit,
            person_id=person,
            confirmed=confirmed,
            note=note,
            monitored_on=monitored_on,
            carried_by=carrier(actor),
        )
