"""The review before a decision: whether what the audit team reported suffices (ISO/IEC 17021-1 9.5.2).

The reviewer was not in the team; in a small body the reviewer may be the decider, whose decision then is the review.
A review that found the report insufficient holds until a later one says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_text
from app.registry.drafts import carrier
from app.registry.known import known_audit, known_certification, known_person
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import programmes
from app.storage.rows import Connection


@dataclass(frozen=True)
class ReviewFacts:
    """Who reviewed which audits of a certification (by its public ID), and whether they suffice to decide."""

    certification: str
    audits: tuple[UUID, ...]
    reviewer: UUID
    sufficient: bool
    note: str
    reviewed_on: date


def record_review(registry: Registry, actor: Actor, review: ReviewFacts, *, request: Request | None = None) -> UUID:
    """The review stands in the records; returns its id."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    check_text(review.note, "/note")

    def make(connection: Connection) -> UUID:
        certification = known_certification(connection, body, review.certification)
        known_person(connection, body, review.reviewer, "/reviewer")
        for place, audit in enumerate(review.audits):
            known_audit(connection, body, audit, f"/audits/{place}")
        made = uuid4()
        programmes.add_review(
            connection,
            body_id=body,
            id=made,
            certification_id=certification.id,
            audit_ids=review.audits,
            reviewer_id=review.reviewer,
            sufficient=review.sufficient,
            note=review.note,
            reviewed_on=review.reviewed_on,
            carried_by=carrier(actor),
        )
        return made

    return once(registry, body, request, make)
