"""Audits over HTTP: recorded whole when they have ended, their findings resolved step by step (17021-1 9.2 to 9.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import Scope
from app.api.bodies import FromBody, Presented, StrictRoute
from app.api.dependencies import TheRegistry, requires
from app.api.fields import Day
from app.api.idempotency import OnceOnly
from app.api.own import CREATED, NOTHING_TO_SAY, REFUSALS, done_once, made, own_page, own_record, recorded
from app.api.pagination import PageAsked, page_asked
from app.conformity.identifiers import parse_public_id
from app.credentials.encoding import b64u_decode
from app.registry import audit, findings, surveillance_conclusion
from app.registry.own_records import AUDIT, OwnAudit

router = APIRouter(tags=["Audits"], route_class=StrictRoute)

Client = Annotated[Actor, requires(Scope.AUDITS)]


class Member(Presented):
    """A person and their function in the audit."""

    person: UUID
    function: audit.TeamFunction


class NewFinding(Presented):
    """What was found; a nonconformity has a date by which it is due."""

    grade: audit.Grade
    clause: Annotated[str, Field(min_length=1, max_length=40)]
    description: Annotated[str, Field(min_length=1, max_length=4000)]
    due_on: Day | None = None


class Served(Presented):
    """A certification that the audit serves; no areas means those applied for."""

    certification: Annotated[str, Field(max_length=200, description="The certification's public ID.")]
    areas: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=100)] | None = None
    sites: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()


class NewAudit(Presented):
    """A concluded audit; the report is named by the base64url SHA-256 of its bytes."""

    serves: Annotated[tuple[Served, ...], Field(min_length=1, max_length=20)]
    kind: audit.Kind
    first_day: Day
    last_day: Day
    report_sha256: Annotated[str, Field(min_length=43, max_length=43)]
    team: Annotated[tuple[Member, ...], Field(min_length=1, max_length=50)]
    findings: Annotated[tuple[NewFinding, ...], Field(max_length=200)] = ()
    stage_1: UUID | None = None
    stage_1_not_required: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    plan: UUID | None = None
    entity: UUID | None = None

    def vocabulary(self) -> audit.AuditFacts:
        """The same in the vocabulary of the acts."""
        return audit.AuditFacts(
            serves=tuple(audit.Served(parse_public_id(one.certification), one.areas, one.sites) for one in self.serves),
            kind=self.kind,
            first_day=self.first_day,
            last_day=self.last_day,
            report_sha256=b64u_decode(self.report_sha256),
            team=tuple(audit.TeamMember(member.person, member.function) for member in self.team),
            findings=tuple(audit.Finding(**dict(finding)) for finding in self.findings),
            stage_1=self.stage_1,
            stage_1_not_required=self.stage_1_not_required,
            plan=self.plan,
            entity=self.entity,
        )


class Step(Presented):
    """How a finding was resolved, by whom and when."""

    step: findings.Step
    person: UUID
    done_on: Day
    note: Annotated[str, Field(min_length=1, max_length=4000)] | None = None


class NewConclusion(Presented):
    """What the team leader concluded; beside a major nonconformity nothing positive."""

    leader: UUID
    positive: bool
    conclusion: Annotated[str, Field(min_length=1, max_length=4000)]
    concluded_on: Day


class NewMonitoring(Presented):
    """How the conclusion looked to somebody who was not in the team."""

    person: UUID
    confirmed: bool
    note: Annotated[str, Field(min_length=1, max_length=4000)]
    monitored_on: Day


@dataclass(frozen=True)
class RecordedAudit:
    """The ids of an audit and of its findings, in the order in which they were given."""

    id: UUID
    findings: tuple[UUID, ...]


@dataclass(frozen=True)
class AuditList:
    """A page of audits."""

    audits: tuple[OwnAudit, ...]
    limit: int
    next: str | None
    prev: str | None


@router.post(
    "/v1/audits",
    summary="Record a concluded audit",
    status_code=CREATED,
    response_model=RecordedAudit,
    responses=REFUSALS,
)
def record(registry: TheRegistry, actor: Client, wanted: Annotated[NewAudit, FromBody()], once: OnceOnly) -> Response:
    """Record the audit whole: its dates, team, report by digest, and findings."""
    done = audit.record_audit(registry, actor, wanted.vocabulary(), request=done_once(once))
    return made(registry, f"/v1/audits/{done.id}", RecordedAudit(done.id, done.findings))


@router.get("/v1/audits", summary="The body's audits", response_model=AuditList)
def list_all(
    request: Request, registry: TheRegistry, actor: Client, asked: Annotated[PageAsked, Depends(page_asked)]
) -> Response:
    """List one's own body's audits."""
    return own_page(request, registry, actor, AUDIT, "audits", asked)


@router.get(
    "/v1/audits/{audit_id}",
    summary="One audit",
    response_model=OwnAudit,
    responses={404: {"description": "The body has no such audit."}},
)
def read(registry: TheRegistry, actor: Client, audit_id: UUID) -> Response:
    """Show an audit with its team, its findings and how they were resolved."""
    return own_record(registry, actor, AUDIT, audit_id)


@router.post(
    "/v1/audits/{audit_id}/team",
    summary="Add somebody who took part",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def join(registry: TheRegistry, actor: Client, audit_id: UUID, member: Annotated[Member, FromBody()]) -> Response:
    """Add a planned member who took part; whoever was not planned, or decided on this audit, is refused."""
    audit.add_team_member(registry, actor, audit_id, audit.TeamMember(member.person, member.function))
    return recorded()


@router.post(
    "/v1/findings/{finding}/steps",
    summary="Resolve a finding",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def resolve(registry: TheRegistry, actor: Client, finding: UUID, step: Annotated[Step, FromBody()]) -> Response:
    """Record correction, corrective action, its acceptance or verification, in this order."""
    findings.record_step(
        registry, actor, finding=finding, step=step.step, person=step.person, done_on=step.done_on, note=step.note
    )
    return recorded()


@router.post(
    "/v1/audits/{audit_id}/conclusion",
    summary="Record what the team leader concluded from surveillance",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def conclude(
    registry: TheRegistry, actor: Client, audit_id: UUID, wanted: Annotated[NewConclusion, FromBody()]
) -> Response:
    """Record the conclusion: a positive one keeps the certification running, any other demands a decision."""
    surveillance_conclusion.conclude_surveillance(registry, actor, audit=audit_id, **dict(wanted))
    return recorded()


@router.post(
    "/v1/audits/{audit_id}/monitoring",
    summary="Record that a conclusion was monitored",
    status_code=NOTHING_TO_SAY,
    responses=REFUSALS,
)
def monitor(
    registry: TheRegistry, actor: Client, audit_id: UUID, wanted: Annotated[NewMonitoring, FromBody()]
) -> Response:
    """Record how the conclusion looked to somebody who was not in the team."""
    surveillance_conclusion.monitor_conclusion(registry, actor, audit=audit_id, **dict(wanted))
    return recorded()
