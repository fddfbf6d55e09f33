"""Findings: corrected, their cause acted upon, the plan accepted, all of it verified (ISO/IEC 17021-1 9.4.9, 9.5.2).

The steps come in this order. A minor blocks a decision until its plan is accepted, a major until it is verified; an
auditor or reviewer of the body accepts and verifies, nobody else.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.known import known_person
from app.registry.registry import Registry
from app.storage import assessment

Step = Literal["corrected", "corrective_action", "plan_accepted", "verified"]
STEPS: tuple[Step, ...] = ("corrected", "corrective_action", "plan_accepted", "verified")


def record_step(
    registry: Registry,
    actor: Actor,
    *,
    finding: UUID,
    step: Step,
    person: UUID,
    done_on: date,
    note: str | None = None,
) -> None:
    """A step was done, by whom and when; each step of a finding is recorded once."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    if note is not None:
        check_text(note, "/note")
    with registry.database.transaction(body=body) as connection:
        if assessment.find_finding(connection, body, finding) is None:
            raise AkashiError("unknown_finding", field="/finding")
        known_person(connection, body, person)
        assessment.add_finding_step(
            connection,
            body=body,
            finding=finding,
            step=step,
            person=person,
            done_on=done_on,
            note=note,
            carried_by=carrier(actor),
        )
