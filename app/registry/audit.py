"""Audits: recorded when they have ended, with team, dates, report by digest and findings (ISO/IEC 17021-1 9.2 to 9.4).

An audit is recorded whole or not at all; it may serve several certifications of one organisation. Whoever decided on it
can never join its team, and whoever was in its team can never decide on it; the database refuses both, in either order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4, uuid5

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_name, check_text
from app.errors import AkashiError
from app.registry.drafts import carrier
from app.registry.known import known_certification, known_person
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import assessment, people, programmes
from app.storage.rows import Connection, Row

Kind = Literal["stage_1", "stage_2", "surveillance", "recertification", "extension", "follow_up", "short_notice"]
TeamFunction = Literal["team_leader", "auditor", "technical_expert", "observer"]
Grade = Literal["major", "minor", "opportunity"]
SHA256_BYTES = 32


@dataclass(frozen=True)
class TeamMember:
    """A person and their function in the audit."""

    person: UUID
    function: TeamFunction


@dataclass(frozen=True)
class Finding:
    """What was found against which clause or control; a nonconformity has a date by which it is due."""

    grade: Grade
    clause: str
    description: str
    due_on: date | None = None


@dataclass(frozen=True)
class Served:
    """A certification that an audit serves (by its public ID); no areas means those applied for."""

    certification: str
    areas: tuple[str, ...] | None = None
    sites: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class AuditFacts:
    """A concluded audit; stage 2 names the stage 1 that it follows, or says why none is needed after an expiry."""

    serves: tuple[Served, ...]
    kind: Kind
    first_day: date
    last_day: date
    report_sha256: bytes
    team: tuple[TeamMember, ...]
    findings: tuple[Finding, ...] = ()
    stage_1: UUID | None = None
    stage_1_not_required: str | None = None
    plan: UUID | None = None
    entity: UUID | None = None


@dataclass(frozen=True)
class RecordedAudit:
    """An audit in the records, and its findings in the order in which they were given."""

    id: UUID
    findings: tuple[UUID, ...]


def record_audit(
    registry: Registry, actor: Actor, audit: AuditFacts, *, request: Request | None = None
) -> RecordedAudit:
    """The audit stands in the records.

    1. Its certifications, stage 1, plan and people are the body's own.
    2. One transaction records the audit, what it serves, its team with one leader, and its findings.
    3. The team covers the areas together; the database is asked before the end of the transaction.
    """
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    _check(audit)

    def make(connection: Connection) -> UUID:
        serves = [
            (known_certification(connection, body, served.certification, f"/serves/{place}/certification"), served)
            for place, served in enumerate(audit.serves)
        ]
        if audit.stage_1 is not None and assessment.find_audit(connection, body, audit.stage_1) is None:
            raise AkashiError("unknown_audit", field="/stage_1")
        if audit.plan is not None and programmes.find_plan(connection, body, audit.plan) is None:
            raise AkashiError("unknown_plan", field="/plan")
        if audit.entity is not None and people.find_entity(connection, body, audit.entity) is None:
            raise AkashiError("unknown_entity", field="/entity")

        recorded = uuid4()
        assessment.add_audit(
            connection,
            body_id=body,
            id=recorded,
            organisation_id=serves[0][0].organisation_id,
            kind=audit.kind,
            stage_1_id=audit.stage_1,
            stage_1_not_required=audit.stage_1_not_required,
            plan_id=audit.plan,
            entity_id=audit.entity,
            first_day=audit.first_day,
            last_day=audit.last_day,
            report_sha256=audit.report_sha256,
            carried_by=carrier(actor),
        )
        for certification, served in serves:
            _serve(connection, body, recorded, certification, served)
        for place, member in enumerate(audit.team):
            _join(connection, body, recorded, member, f"/team/{place}/person")
        for number, finding in enumerate(audit.findings):
            assessment.add_finding(
                connection,
                body=body,
                finding=finding_id(recorded, number),
                audit=recorded,
                grade=finding.grade,
                clause=finding.clause,
                description=finding.description,
                due_on=finding.due_on,
            )

        programmes.judge_now(connection)
        return recorded

    recorded = once(registry, body, request, make)
    return RecordedAudit(recorded, tuple(finding_id(recorded, number) for number in range(len(audit.findings))))


def add_team_member(registry: Registry, actor: Actor, audit: UUID, member: TeamMember) -> None:
    """A planned member who took part is added; refused for whoever was not planned or decided on this audit."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        if assessment.find_audit(connection, body, audit) is None:
            raise AkashiError("unknown_audit", field="/audit")
        _join(connection, body, audit, member, "/person")


def finding_id(audit: UUID, number: int) -> UUID:
    """The id of an audit's finding, by its place; so a retry knows the same findings."""
    return uuid5(audit, str(number))


def check_leader(team: tuple[TeamMember, ...]) -> None:
    """A team has one leader."""
    leaders = sum(member.function == "team_leader" for member in team)
    if leaders != 1:
        raise AkashiError("team_leader_missing" if leaders == 0 else "second_team_leader", field="/team")


def _check(audit: AuditFacts) -> None:
    if audit.last_day < audit.first_day:
        raise AkashiError("audit_ends_before_it_begins", field="/last_day")
    if audit.stage_1_not_required is not None:
        check_text(audit.stage_1_not_required, "/stage_1_not_required")
    if len(audit.report_sha256) != SHA256_BYTES:
        raise AkashiError("malformed_digest", field="/report_sha256")
    check_leader(audit.team)
    for place, finding in enumerate(audit.findings):
        check_name(finding.clause, f"/findings/{place}/clause")
        check_text(finding.description, f"/findings/{place}/description")
        if finding.grade != "opportunity" and finding.due_on is None:
            raise AkashiError("due_date_missing", field=f"/findings/{place}/due_on")


def _serve(connection: Connection, body: UUID, audit: UUID, certification: Row[Any], served: Served) -> None:
    areas = served.areas
    if areas is None:
        areas = programmes.applied_areas(connection, body, certification.id)
    assessment.add_audited(
        connection,
        body=body,
        audit=audit,
        certification=certification.id,
        organisation=certification.organisation_id,
        areas=areas,
        sites=served.sites,
    )


def _join(connection: Connection, body: UUID, audit: UUID, member: TeamMember, at: str) -> None:
    known_person(connection, body, member.person, at)
    assessment.add_team_member(connection, body=body, audit=audit, person=member.person, function=member.function)
