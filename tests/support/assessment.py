"""What comes before a decision in a world: competence, application, agreement, programme, time, plans and audits.

Every record is made by the acts themselves, lawful as it stands; a test that breaks a rule leaves out or changes one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from app.access.actor import Actor
from app.keys.software import SoftwareKey
from app.registry import (
    agreement,
    application,
    audit,
    audit_plan,
    audit_programme,
    audit_time,
    certification,
    competence,
    findings,
    impartiality,
    people,
)
from app.registry.gathered_facts import Wanted
from app.registry.registry import Registry
from app.storage.clock import set_clock
from app.storage.database import Database

if TYPE_CHECKING:
    from tests.support.postgres import FreshDatabase

RESTS_ON_AUDITS = frozenset({"grant", "renew", "extend", "transition", "restore_expired", "transfer_in"})
"""Acts for which programme and time are laid down."""


@dataclass(frozen=True)
class WorldPerson:
    """A person of a body with the key that they have enrolled."""

    id: UUID
    key: SoftwareKey


class Assessment:
    """The part of a world in which applications become certifications and audits take place."""

    scheme = "aims"
    """In which scheme people act, applications are made and bodies accredited."""

    fresh: FreshDatabase
    migrator_url: str
    database: Database
    registry: Registry
    actor: Actor
    auditor: WorldPerson
    reviewer: WorldPerson

    if TYPE_CHECKING:

        @property
        def zone(self) -> str:
            """Where the bodies are."""

        @property
        def organisation(self) -> UUID:
            """The organisation to be certified."""

    @property
    def areas(self) -> tuple[str, ...]:
        """Every technical area of the scheme."""
        with psycopg.connect(self.fresh.superuser_url) as connection:
            rows = connection.execute(
                "SELECT code FROM akashi.scheme_term WHERE scheme_code = %s AND vocabulary = 'technical_area' ORDER BY 1",
                [self.scheme],
            )
            return tuple(str(code) for (code,) in rows)

    # --- Time ---

    def now(self) -> datetime:
        """The database's clock."""
        return self.database.now()

    @property
    def today(self) -> date:
        """The date where the bodies are."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()

    def ago(self, days: int) -> date:
        """A day before today."""
        return self.today - timedelta(days=days)

    def set_clock(self, instant: datetime) -> None:
        """The database's clock reads this instant now and runs on."""
        set_clock(self.migrator_url, instant)

    # --- People ---

    def give_function(self, person: UUID, function: Any, **more: Any) -> None:
        """The person has this function since long ago."""
        facts = {"scheme": self.scheme, "valid_from": self.ago(400), "basis": "witnessed audit", **more}
        people.give_function(self.registry, self.actor, person=person, function=function, **facts)

    def declare(self, person: UUID, *, kind: Any = "consultancy", **period: Any) -> UUID:
        """The person's interest in the organisation, on record."""
        return impartiality.declare_interest(
            self.registry,
            self.actor,
            person=person,
            organisation=self.organisation,
            kind=kind,
            detail="told by the person",
            **period,
        )

    def make_competent(self, person: UUID, function: Any, *areas: str, actor: Actor | None = None, **more: Any) -> None:
        """The person is competent in these areas, or in all, since long ago."""
        facts = {"scheme": self.scheme, "evidence": "witnessed audit", "valid_from": self.ago(400), **more}
        competence.give_competence(
            self.registry, actor or self.actor, person=person, function=function, areas=areas or self.areas, **facts
        )

    # --- Application and agreement ---

    def open(
        self,
        number: str = "FC-0001",
        *,
        consented: tuple[str, ...] = agreement.FIELDS,
        agreed: UUID | None = None,
        **more: Any,
    ) -> certification.OpenedCertification:
        """An accepted application with an agreement, opened under a public ID; `more` is said in the application."""
        applied = self.apply(**more)
        application.review(
            self.registry,
            self.actor,
            application=applied,
            reviewer=self.reviewer.id,
            outcome="accepted",
            reviewed_on=self.ago(35),
        )
        return certification.open_certification(
            self.registry,
            self.actor,
            application=applied,
            agreement=agreed or self.agree(consented=consented),
            number=number,
        )

    def apply(self, **more: Any) -> UUID:
        """The organisation's application, for every area unless it says otherwise."""
        facts = {"scheme": self.scheme, "areas": self.areas, "received_on": self.ago(40), **more}
        return application.receive(
            self.registry, self.actor, organisation=self.organisation, scope_requested="Design of robots", **facts
        )

    def agree(self, **more: Any) -> UUID:
        """The next agreement with the organisation, settling every clause."""
        facts = {"signed_on": self.ago(34), "clauses": agreement.CLAUSES, **more}
        return agreement.sign_agreement(self.registry, self.actor, organisation=self.organisation, **facts)

    # --- Programme and time ---

    def lay_groundwork(self, public_id: str, act: str, decided_on: date, wanted: Wanted | None, **by: Any) -> None:
        """Programme and time for an act that rests on audits, dated before it; `by` another body where it is given."""
        if act in RESTS_ON_AUDITS and wanted is not None:
            laid_on = decided_on - timedelta(days=15 if act == "grant" else 0)
            laid_on = min(laid_on, self.ago(0))
            self.establish(public_id, wanted.site_ids, established_on=laid_on, cycle=self._cycle(public_id, act), **by)
            self.calculate(public_id, calculated_on=laid_on, **by)

    def establish(
        self, public_id: str, sites: tuple[UUID, ...], *, actor: Actor | None = None, **more: Any
    ) -> UUID | None:
        """The programme of a cycle with these sites, all visited; none where a site or the certification is unknown."""
        facts = {"established_on": self.ago(33), "justified_by": self.reviewer.id, **more}
        if not self._knows(public_id, sites):
            return None
        programme = audit_programme.ProgrammeFacts(certification=public_id, sites=sites, **facts)
        return audit_programme.establish_programme(self.registry, actor or self.actor, programme)

    def calculate(self, public_id: str, *, actor: Actor | None = None, **more: Any) -> UUID | None:
        """A calculation of audit time."""
        facts = {
            "method": "IAF MD 5 with ISO/IEC 42006",
            "inputs": {"headcount": 40},
            "base_days": Decimal(5),
            "adjustments": (audit_time.Adjustment(Decimal("-0.5"), "mature management system"),),
            "justified_by": self.reviewer.id,
            "calculated_on": self.ago(33),
            **more,
        }
        if not self._knows(public_id, ()):
            return None
        return audit_time.calculate_audit_time(
            self.registry, actor or self.actor, audit_time.AuditTimeFacts(certification=public_id, **facts)
        )

    # --- Audits ---

    def audits(self, public_id: str, *, findings: tuple[audit.Finding, ...] = ()) -> tuple[UUID, UUID]:
        """Stage 1 and stage 2, led by the auditor; findings belong to stage 2."""
        first = self.audit(public_id, "stage_1", last_day=self.ago(20))
        second = self.audit(public_id, "stage_2", last_day=self.ago(10), stage_1=first.id, findings=findings)
        return first.id, second.id

    def audit(self, public_id: str, kind: Any, *, last_day: date | None = None, **more: Any) -> audit.RecordedAudit:
        """A planned audit of two days, led by the auditor."""
        ended = last_day or self.ago(1)
        more.setdefault("team", (audit.TeamMember(self.auditor.id, "team_leader"),))
        more.setdefault("first_day", ended - timedelta(days=1))
        if "plan" not in more:
            more["plan"] = self.plan(public_id, kind, first_day=more["first_day"], last_day=ended, team=more["team"])
        facts = audit.AuditFacts(
            serves=more.pop("serves", (audit.Served(public_id),)),
            kind=kind,
            last_day=ended,
            report_sha256=hashlib.sha256(f"{kind} {public_id}".encode()).digest(),
            **more,
        )
        return audit.record_audit(self.registry, self.actor, facts)

    def plan(self, public_id: str, kind: Any, **more: Any) -> UUID:
        """The plan of an audit that begins tomorrow, or another day, sent two weeks before it."""
        first_day = more.pop("first_day", self.ago(-1))
        facts = {
            "certifications": (public_id,),
            "objectives": "Conformity with the criteria",
            "criteria": "ISO/IEC 42001:2023",
            "method": "on_site",
            "sent_on": first_day - timedelta(days=14),
            "objections_until": first_day - timedelta(days=7),
            "last_day": first_day + timedelta(days=1),
            "team": (audit.TeamMember(self.auditor.id, "team_leader"),),
            **more,
        }
        plan = audit_plan.PlanFacts(kind=kind, first_day=first_day, **facts)
        return audit_plan.plan_audit(self.registry, self.actor, plan)

    def resolve(self, finding: UUID, upto: findings.Step = "verified", *, done_on: date | None = None) -> None:
        """Every step up to this one, by the auditor, yesterday or on another day."""
        for step in findings.STEPS[: findings.STEPS.index(upto) + 1]:
            findings.record_step(
                self.registry,
                self.actor,
                finding=finding,
                step=step,
                person=self.auditor.id,
                done_on=done_on or self.ago(1),
            )

    # --- Parts ---

    def _cycle(self, public_id: str, act: str) -> int:
        """The cycle in which an act falls: one more than those that acts have begun, if it begins one itself."""
        with psycopg.connect(self.fresh.superuser_url) as connection:
            row = connection.execute(
                "SELECT count(*) FILTER (WHERE y.act = d.act), bool_or(y.act = %(act)s) "
                "FROM (SELECT DISTINCT act FROM akashi.cycle_audit WHERE scheme_code = %(scheme)s) y "
                "LEFT JOIN (SELECT e.act FROM akashi.standing_event e JOIN akashi.certification c ON c.id = e.certification_id "
                "WHERE c.public_id = %(id)s) d ON d.act = y.act",
                {"id": public_id, "act": act, "scheme": self.scheme},
            ).fetchone()
        assert row is not None
        return max(1, int(row[0]) + bool(row[1]))

    def _knows(self, public_id: str, sites: tuple[UUID, ...]) -> bool:
        with psycopg.connect(self.fresh.superuser_url) as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM akashi.site WHERE id = ANY (%s)), "
                "(SELECT count(*) FROM akashi.certification WHERE public_id = %s)",
                [list(sites), public_id],
            ).fetchone()
        return row == (len(sites), 1)
