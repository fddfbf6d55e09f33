"""Audits: recorded when they have ended, with team, dates, report by digest and findings (ISO/IEC 17021-1 9.2 to 9.4).

An audit is recorded whole or not at all. Whoever decided on it can never join its team, and whoever was in its team
can never decide on it; the database refuses both, in either order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID, uuid4, uuid5

from app.access.actor import Actor
from app.access.permissions import Scope, acting_party, demand
from app.conformity.names import check_name, check_text
from app.errors import AkashiError
from app.registry.registry import Registry
from app.registry.requests import Request, once
from app.storage import assessment, certifications, people
from app.storage.rows import Connection

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
class AuditFacts:
    """A concluded audit of a certification (by its public ID); stage 2 names the stage 1 that it follows."""

    certification: str
    kind: Kind
    first_day: date
    last_day: date
    report_sha256: bytes
    team: tuple[TeamMember, ...]
    findings: tuple[Finding, ...] = ()
    stage_1: UUID | None = None


@dataclass(frozen=True)
class RecordedAudit:
    """An audit in the records, and its findings in the order in which they were given."""

    id: UUID
    findings: tuple[UUID, ...]


def record_audit(
    registry: Registry, actor: Actor, audit: AuditFacts, *, request: Request | None = None
) -> RecordedAudit:
    """The audit stands in the records.

    1. Its certification, stage 1 and people are the body's own.
    2. One transaction records the audit, its team with one leader, and its findings.
    """
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    _check(audit)

    def make(connection: Connection) -> UUID:
        certification = certifications.find_certification(connection, body, audit.certification)
        if certification is None:
            raise AkashiError("unknown_certification", field="/certification")
        if audit.stage_1 is not None and assessment.find_audit(connection, body, audit.stage_1) is None:
            raise AkashiError("unknown_audit", field="/stage_1")

        recorded = uuid4()
        assessment.add_audit(
            connection,
            body=body,
            audit=recorded,
            certification=certification.id,
            kind=audit.kind,
            stage_1=audit.stage_1,
            first_day=audit.first_day,
            last_day=audit.last_day,
            report_sha256=audit.report_sha256,
        )
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
        return recorded

    recorded = once(registry, body, request, make)
    return RecordedAudit(recorded, tuple(finding_id(recorded, number) for number in range(len(audit.findings))))


def add_team_member(registry: Registry, actor: Actor, audit: UUID, member: TeamMember) -> None:
    """A person who took part is added to the team; refused for whoever decided on this audit."""
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        if assessment.find_audit(connection, body, audit) is None:
            raise AkashiError("unknown_audit", field="/audit")
        _join(connection, body, audit, member, "/person")


def accept_plan(registry: Registry, actor: Actor, *, finding: UUID, person: UUID, done_on: date) -> None:
    """The plan for a minor nonconformity is accepted (ISO/IEC 17021-1 9.5.2)."""
    _resolve(registry, actor, finding, "plan_accepted", person, done_on)


def verify_finding(registry: Registry, actor: Actor, *, finding: UUID, person: UUID, done_on: date) -> None:
    """Correction and corrective action of a finding are verified (ISO/IEC 17021-1 9.5.2)."""
    _resolve(registry, actor, finding, "verified", person, done_on)


def finding_id(audit: UUID, number: int) -> UUID:
    """The id of an audit's finding, by its place; so a retry knows the same findings."""
    return uuid5(audit, str(number))


def _check(audit: AuditFacts) -> None:
    if audit.last_day < audit.first_day:
        raise AkashiError("audit_ends_before_it_begins", field="/last_day")
    if len(audit.report_sha256) != SHA256_BYTES:
        raise AkashiError("malformed_digest", field="/report_sha256")
    leaders = sum(member.function == "team_leader" for member in audit.team)
    if leaders != 1:
        raise AkashiError("team_leader_missing" if leaders == 0 else "second_team_leader", field="/team")
    for place, finding in enumerate(audit.findings):
        check_name(finding.clause, f"/findings/{place}/clause")
        check_text(finding.description, f"/findings/{place}/description")
        if finding.grade != "opportunity" and finding.due_on is None:
            raise AkashiError("due_date_missing", field=f"/findings/{place}/due_on")


def _join(connection: Connection, body: UUID, audit: UUID, member: TeamMember, at: str) -> None:
    if people.find_person(connection, body, member.person) is None:
        raise AkashiError("unknown_person", field=at)
    assessment.add_team_member(connection, body=body, audit=audit, person=member.person, function=member.function)


def _resolve(registry: Registry, actor: Actor, finding: UUID, step: str, person: UUID, done_on: date) -> None:
    demand(actor, Scope.AUDITS)
    body = acting_party(actor)
    with registry.database.transaction(body=body) as connection:
        if assessment.find_finding(connection, body, finding) is None:
            raise AkashiError("unknown_finding", field="/finding")
        if people.find_person(connection, body, person) is None:
            raise AkashiError("unknown_person", field="/person")
        assessment.add_finding_step(connection, body=body, finding=finding, step=step, person=person, done_on=done_on)
