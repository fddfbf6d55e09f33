"""What a body's own clients may read of its assessment work: programmes, times, plans, reviews, threats, entities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.access.permissions import Scope
from app.registry.own_records import Kind, OwnMember


@dataclass(frozen=True)
class OwnPlannedAudit:
    """An audit of a programme, by its kind and the year of the cycle."""

    kind: str
    year: int


@dataclass(frozen=True)
class OwnProgramme:
    """A version of a cycle's programme."""

    id: UUID
    certification: str
    cycle: int
    version: int
    established_on: date
    sites: tuple[UUID, ...]
    visited: tuple[UUID, ...]
    sampling: str | None
    justified_by: UUID
    audits: tuple[OwnPlannedAudit, ...]


@dataclass(frozen=True)
class OwnAdjustment:
    """Days more or fewer, and why."""

    days: str
    reason: str


@dataclass(frozen=True)
class OwnAuditTime:
    """A calculation of audit time; days are decimal numbers as text."""

    id: UUID
    certification: str
    method: str
    inputs: dict[str, Any]
    base_days: str
    adjustments: tuple[OwnAdjustment, ...]
    result_days: str
    justified_by: UUID
    calculated_on: date


@dataclass(frozen=True)
class OwnObjection:
    """An objection to a member; what belongs to its answer is null until it was answered."""

    person: UUID
    grounds: str
    received_on: date
    upheld: bool | None
    answer: str | None
    answered_on: date | None


@dataclass(frozen=True)
class OwnPlan:
    """A plan of an audit with its team and the client's objections."""

    id: UUID
    certifications: tuple[str, ...]
    kind: str
    objectives: str
    criteria: str
    method: str
    sent_on: date
    objections_until: date
    first_day: date
    last_day: date
    team: tuple[OwnMember, ...]
    objections: tuple[OwnObjection, ...]


@dataclass(frozen=True)
class OwnReview:
    """A technical review before a decision."""

    id: UUID
    certification: str
    audits: tuple[UUID, ...]
    reviewer: UUID
    sufficient: bool
    note: str
    reviewed_on: date


@dataclass(frozen=True)
class OwnMitigation:
    """What was done about a threat."""

    outcome: str
    measure: str
    person: UUID
    done_on: date


@dataclass(frozen=True)
class OwnThreat:
    """A threat to impartiality with what was done about it."""

    id: UUID
    source: str
    description: str
    organisation: UUID | None
    person: UUID | None
    identified_on: date
    mitigations: tuple[OwnMitigation, ...]


@dataclass(frozen=True)
class OwnEntityPerson:
    """A person who belongs to an entity."""

    person: UUID
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class OwnEntity:
    """An operating entity with its people."""

    id: UUID
    name: str
    country: str
    under_control: bool
    agreement_signed_on: date
    risk_assessed_on: date
    risk_assessment: str
    valid_from: date
    valid_to: date | None
    people: tuple[OwnEntityPerson, ...]


@dataclass(frozen=True)
class OwnRelation:
    """What an organisation is to the body beyond a client."""

    id: UUID
    organisation: UUID
    relation: str
    detail: str
    began_on: date | None
    ended_on: date | None


PROGRAMME = Kind("audit_programme", OwnProgramme, Scope.AUDITS, "unknown_programme")
AUDIT_TIME = Kind("audit_time", OwnAuditTime, Scope.AUDITS, "unknown_audit_time")
PLAN = Kind("audit_plan", OwnPlan, Scope.AUDITS, "unknown_plan")
REVIEW = Kind("review", OwnReview, Scope.AUDITS, "unknown_review")
THREAT = Kind("impartiality_threat", OwnThreat, Scope.PEOPLE, "unknown_threat")
ENTITY = Kind("operating_entity", OwnEntity, Scope.PEOPLE, "unknown_entity")
RELATION = Kind("client_relation", OwnRelation, Scope.ORGANISATIONS, "unknown_relation")
