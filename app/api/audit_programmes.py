"""Programme, time, plan and review of audits over HTTP (ISO/IEC 17021-1 9.1.3 to 9.2.3, 9.5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.audits import Member
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, Made, done_once, made, own_page, own_record, recorded
from app.api.pagination import PageAsked, page_asked
from app.conformity.identifiers import parse_public_id
from app.registry import audit, audit_plan, audit_programme, audit_time, technical_review
from app.registry.own_assessment import (
    AUDIT_TIME,
    PLAN,
    PROGRAMME,
    REVIEW,
    OwnAuditTime,
    OwnPlan,
    OwnProgramme,
    OwnReview,
)

router = APIRouter(tags=["Audit programmes"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.AUDITS)]
PublicId = Annotated[str, Field(max_length=200, description="The certification's public ID.")]
Words = Annotated[str, Field(min_length=1, max_length=4000)]
Days = Annotated[
    str, Field(pattern=r"^-?(0|[1-9]\d{0,2})(\.\d{1,2})?$", description="Days as a decimal number, as text.")
]


class PlannedAudit(Presented):
    """An audit beyond those that the scheme foresees, by year of the cycle."""

    kind: audit.Kind
    year: Annotated[int, Field(ge=0, le=10)]


class NewProgramme(Presented):
    """A cycle's programme; `visited` absent means every site, a smaller sample is justified."""

    certification: PublicId
    established_on: Day
    sites: Annotated[tuple[UUID, ...], Field(max_length=1000)]
    justified_by: UUID
    visited: Annotated[tuple[UUID, ...], Field(max_length=1000)] | None = None
    sampling: Words | None = None
    cycle: Annotated[int, Field(ge=1, le=100)] = 1
    further_audits: Annotated[tuple[PlannedAudit, ...], Field(max_length=50)] = ()

    def vocabulary(self) -> audit_programme.ProgrammeFacts:
        """The same in the vocabulary of the acts."""
        further = tuple((one.kind, one.year) for one in self.further_audits)
        said = {**dict(self), "certification": parse_public_id(self.certification), "further_audits": further}
        return audit_programme.ProgrammeFacts(**said)


class NewAdjustment(Presented):
    """Days more, or with a minus fewer, and why."""

    days: Days
    reason: Words


class NewAuditTime(Presented):
    """How the time of the audits was calculated; the result is the registry's own sum."""

    certification: PublicId
    method: Annotated[str, Field(min_length=1, max_length=300)]
    inputs: Annotated[dict[str, str | int], Field(max_length=100)]
    base_days: Days
    justified_by: UUID
    calculated_on: Day
    adjustments: Annotated[tuple[NewAdjustment, ...], Field(max_length=100)] = ()

    def vocabulary(self) -> audit_time.AuditTimeFacts:
        """The same in the vocabulary of the acts."""
        return audit_time.AuditTimeFacts(
            certification=parse_public_id(self.certification),
            method=self.method,
            inputs=self.inputs,
            base_days=Decimal(self.base_days),
            justified_by=self.justified_by,
            calculated_on=self.calculated_on,
            adjustments=tuple(audit_time.Adjustment(Decimal(one.days), one.reason) for one in self.adjustments),
        )


class NewPlan(Presented):
    """What is audited when, by whom, and until when the client may object to members of the team."""

    certifications: Annotated[tuple[PublicId, ...], Field(min_length=1, max_length=20)]
    kind: audit.Kind
    objectives: Words
    criteria: Words
    method: audit_plan.Method
    sent_on: Day
    objections_until: Day
    first_day: Day
    last_day: Day
    team: Annotated[tuple[Member, ...], Field(min_length=1, max_length=50)]

    def vocabulary(self) -> audit_plan.PlanFacts:
        """The same in the vocabulary of the acts."""
        said = {
            **dict(self),
            "certifications": tuple(parse_public_id(one) for one in self.certifications),
            "team": tuple(audit.TeamMember(member.person, member.function) for member in self.team),
        }
        return audit_plan.PlanFacts(**said)


class NewObjection(Presented):
    """What the client has against a member of the team."""

    person: UUID
    grounds: Words
    received_on: Day


class NewAnswer(Presented):
    """What the body answered; upheld, the objection keeps the person out."""

    upheld: bool
    answer: Words
    answered_on: Day


class NewTechnicalReview(Presented):
    """Whether what the audit team reported suffices to decide."""

    certification: PublicId
    audits: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    reviewer: UUID
    sufficient: bool
    note: Words
    reviewed_on: Day

    def vocabulary(self) -> technical_review.ReviewFacts:
        """The same in the vocabulary of the acts."""
        return technical_review.ReviewFacts(**{**dict(self), "certification": parse_public_id(self.certification)})


@dataclass(frozen=True)
class ProgrammeList:
    """A page of programmes."""

    programmes: tuple[OwnProgramme, ...]
    limit: int
    next: str | None
    prev: str | None


@dataclass(frozen=True)
class AuditTimeList:
    """A page of audit times."""

    audit_times: tuple[OwnAuditTime, ...]
    limit: int
    next: str | None
    prev: str | None


@dataclass(frozen=True)
class PlanList:
    """A page of plans."""

    plans: tuple[OwnPlan, ...]
    limit: int
    next: str | None
    prev: str | None


@dataclass(frozen=True)
class ReviewList:
    """A page of technical reviews."""

    reviews: tuple[OwnReview, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(
    "/v1/audit-programmes",
    summary="Establish the programme of a cycle",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def establish(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewProgramme, FromBody()], once: OnceOnly
) -> Response:
    """Record the audits and sites of a whole cycle; the newest version holds."""
    programme = audit_programme.establish_programme(registry, actor, wanted.vocabulary(), request=done_once(once))
    return made(registry, f"/v1/audit-programmes/{programme}", Made(programme))


@router.get("/v1/audit-programmes", summary="The body's programmes", response_model=ProgrammeList)
def list_programmes(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's programmes."""
    return own_page(request, registry, actor, PROGRAMME, "programmes", asked)


@router.get(
    "/v1/audit-programmes/{programme}",
    summary="One programme",
    response_model=OwnProgramme,
    responses={404: {"description": "The body has no such programme."}},
)
def read_programme(registry: TheRegistry, actor: Client, programme: UUID) -> Response:
    """Show a programme with its audits and sites."""
    return own_record(registry, actor, PROGRAMME, programme)


@router.post(
    "/v1/audit-times",
    summary="Record a calculation of audit time",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def calculate(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewAuditTime, FromBody()], once: OnceOnly
) -> Response:
    """Record inputs, adjustments with their reasons, and who justifies them."""
    time = audit_time.calculate_audit_time(registry, actor, wanted.vocabulary(), request=done_once(once))
    return made(registry, f"/v1/audit-times/{time}", Made(time))


@router.get("/v1/audit-times", summary="The body's calculations of audit time", response_model=AuditTimeList)
def list_times(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's calculations."""
    return own_page(request, registry, actor, AUDIT_TIME, "audit_times", asked)


@router.get(
    "/v1/audit-times/{time}",
    summary="One calculation of audit time",
    response_model=OwnAuditTime,
    responses={404: {"description": "The body has no such calculation."}},
)
def read_time(registry: TheRegistry, actor: Client, time: UUID) -> Response:
    """Show a calculation with its result."""
    return own_record(registry, actor, AUDIT_TIME, time)


@router.post(
    "/v1/audit-plans", summary="Record an audit plan", status_code=CREATED, response_model=Made, responses=REFUSALS
)
def plan(registry: TheRegistry, actor: Client, wanted: Annotated[NewPlan, FromBody()], once: OnceOnly) -> Response:
    """Record the plan as it was sent, with its team."""
    planned = audit_plan.plan_audit(registry, actor, wanted.vocabulary(), request=done_once(once))
    return made(registry, f"/v1/audit-plans/{planned}", Made(planned))


@router.get("/v1/audit-plans", summary="The body's audit plans", response_model=PlanList)
def list_plans(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's plans."""
    return own_page(request, registry, actor, PLAN, "plans", asked)


@router.get(
    "/v1/audit-plans/{plan_id}",
    summary="One audit plan",
    response_model=OwnPlan,
    responses={404: {"description": "The body has no such plan."}},
)
def read_plan(registry: TheRegistry, actor: Client, plan_id: UUID) -> Response:
    """Show a plan with its team and the client's objections."""
    return own_record(registry, actor, PLAN, plan_id)


@router.post(
    "/v1/audit-plans/{plan_id}/team",
    summary="Plan another member",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def join(registry: TheRegistry, actor: Client, plan_id: UUID, member: Annotated[Member, FromBody()]) -> Response:
    """Add a member before the first day of the audit; from then on the team is frozen."""
    audit_plan.join_plan(registry, actor, plan_id, audit.TeamMember(member.person, member.function))
    return recorded()


@router.post(
    "/v1/audit-plans/{plan_id}/objections",
    summary="Record the client's objection to a member",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def object_to(
    registry: TheRegistry, actor: Client, plan_id: UUID, wanted: Annotated[NewObjection, FromBody()]
) -> Response:
    """Record an objection that came in time; it is answered before the audit is recorded."""
    audit_plan.record_objection(registry, actor, plan=plan_id, **dict(wanted))
    return recorded()


@router.post(
    "/v1/audit-plans/{plan_id}/objections/{person}/answer",
    summary="Answer an objection",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def answer(
    registry: TheRegistry, actor: Client, plan_id: UUID, person: UUID, wanted: Annotated[NewAnswer, FromBody()]
) -> Response:
    """Record the answer, once."""
    audit_plan.answer_objection(registry, actor, plan=plan_id, person=person, **dict(wanted))
    return recorded()


@router.post(
    "/v1/technical-reviews",
    summary="Record a review before a decision",
    status_code=CREATED,
    response_model=Made,
    responses=REFUSALS,
)
def review(
    registry: TheRegistry, actor: Client, wanted: Annotated[NewTechnicalReview, FromBody()], once: OnceOnly
) -> Response:
    """Record whether what the audit team reported suffices to decide."""
    done = technical_review.record_review(registry, actor, wanted.vocabulary(), request=done_once(once))
    return made(registry, f"/v1/technical-reviews/{done}", Made(done))


@router.get("/v1/technical-reviews", summary="The body's reviews", response_model=ReviewList)
def list_reviews(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's reviews."""
    return own_page(request, registry, actor, REVIEW, "reviews", asked)


@router.get(
    "/v1/technical-reviews/{review_id}",
    summary="One review",
    response_model=OwnReview,
    responses={404: {"description": "The body has no such review."}},
)
def read_review(registry: TheRegistry, actor: Client, review_id: UUID) -> Response:
    """Show a review."""
    return own_record(registry, actor, REVIEW, review_id)
