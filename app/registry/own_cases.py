"""What a body's own clients may read of its cases: notices of change, complaints, appeals, and how each was handled.

Nobody else sees any of it; another body's read as unknown (`own_records`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.permissions import Scope
from app.registry.own_records import Kind


@dataclass(frozen=True)
class OwnDisposition:
    """What a competent person found to follow from a notice."""

    consequence: str
    person: UUID
    reason: str
    assessment: str | None
    disposed_on: date


@dataclass(frozen=True)
class OwnChangeNotice:
    """A holder's notice of change; `disposition` is null while it is open."""

    id: UUID
    certification: str
    kind: str
    detail: str
    received_on: date
    carried_by: str
    disposition: OwnDisposition | None


@dataclass(frozen=True)
class OwnComplaintStep:
    """How a complaint was handled before it was decided."""

    step: str
    person: UUID
    done_on: date
    account: str


@dataclass(frozen=True)
class OwnComplaintDecision:
    """What was found about a complaint, and by whom."""

    outcome: str
    person: UUID
    reasons: str
    decided_on: date


@dataclass(frozen=True)
class OwnPublicity:
    """What one side agrees to make public."""

    side: str
    extent: str
    agreed_on: date


@dataclass(frozen=True)
class OwnComplaint:
    """A complaint and how it was handled; `certification` is null where it is about the body, `contact` once erased."""

    id: UUID
    reference: str
    kind: str
    certification: str | None
    origin: str
    subject: str
    received_on: date
    acknowledge_by: date
    decide_by: date
    carried_by: str
    contact: str | None
    involved: tuple[UUID, ...]
    steps: tuple[OwnComplaintStep, ...]
    decision: OwnComplaintDecision | None
    publicity: tuple[OwnPublicity, ...]


@dataclass(frozen=True)
class OwnAppeal:
    """An appeal against a decision; `event_no` is null for a refusal, `outcome` while it is open."""

    id: UUID
    certification: str
    decision: UUID
    act: str
    event_no: int | None
    grounds: str
    lodged_on: date
    acknowledge_by: date
    decide_by: date
    carried_by: str
    acknowledged_on: date | None
    panel: tuple[UUID, ...]
    outcome: str | None
    reasons: str | None
    decided_on: date | None
    may_be_known: bool


CHANGE_NOTICE = Kind("change_notice", OwnChangeNotice, Scope.CASES, "unknown_notice")
COMPLAINT = Kind("complaint", OwnComplaint, Scope.CASES, "unknown_complaint")
APPEAL = Kind("appeal", OwnAppeal, Scope.CASES, "unknown_appeal")
