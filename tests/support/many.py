"""Many certifications quickly: the rows of audits, decisions and both commits of an issue in plain SQL.

One of each is drafted by the application and then copied with ids of its own. Decisions and evidence are true; the
body's signatures are invented, which PostgreSQL cannot tell.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from app.conformity.identifiers import generate_public_id, subject_of
from app.credentials.canonical import canonical
from app.credentials.statement import statement_input
from app.keys.encoding import b64u
from app.keys.evidence import sign_evidence
from app.registry.accreditation import STATEMENT
from app.registry.drafts import commitment
from app.registry.gathered_facts import Wanted
from app.storage.rows import Connection, insert, run
from tests.support.around import Attempt, digest_of, hold, lawful_grant, reserve, seal
from tests.support.issuing import Issue, decided_grant, decision_row
from tests.support.world import World, WorldPerson

KIND = "accreditation_statement"


COPIED_AUDITS = (
    """
    INSERT INTO akashi.audit_plan (body_id, id, organisation_id, certification_ids, kind, objectives, criteria,
        method, sent_on, objections_until, first_day, last_day, carried_by)
    SELECT p.body_id, c.new, p.organisation_id, ARRAY[CAST(:certification AS uuid)], p.kind, p.objectives,
        p.criteria, p.method, p.sent_on, p.objections_until, p.first_day, p.last_day, p.carried_by
    FROM akashi.audit a
    JOIN unnest(:old, :new) c (old, new) ON c.old = a.id
    JOIN akashi.audit_plan p ON p.body_id = a.body_id AND p.id = a.plan_id
    """,
    """
    INSERT INTO akashi.plan_member (body_id, plan_id, person_id, function)
    SELECT m.body_id, c.new, m.person_id, m.function
    FROM akashi.audit a
    JOIN unnest(:old, :new) c (old, new) ON c.old = a.id
    JOIN akashi.plan_member m ON m.body_id = a.body_id AND m.plan_id = a.plan_id
    """,
    """
    INSERT INTO akashi.audit (body_id, id, organisation_id, kind, stage_1_id, plan_id, first_day, last_day,
        report_sha256, carried_by)
    SELECT a.body_id, c.new, a.organisation_id, a.kind, s.new, c.new, a.first_day, a.last_day, a.report_sha256,
        a.carried_by
    FROM akashi.audit a
    JOIN unnest(:old, :new) c (old, new) ON c.old = a.id
    LEFT JOIN unnest(:old, :new) s (old, new) ON s.old = a.stage_1_id ORDER BY a.kind
    """,
    """
    INSERT INTO akashi.audit_certification (body_id, audit_id, certification_id, organisation_id, areas, site_ids)
    SELECT l.body_id, c.new, :certification, l.organisation_id, l.areas, l.site_ids
    FROM akashi.audit_certification l
    JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id
    JOIN unnest(:old, :new) c (old, new) ON c.old = a.id ORDER BY a.kind
    """,
    """
    INSERT INTO akashi.audit_member (body_id, audit_id, person_id, function)
    SELECT m.body_id, c.new, m.person_id, m.function
    FROM akashi.audit_member m
    JOIN unnest(:old, :new) c (old, new) ON c.old = m.audit_id
    """,
)
COPIED_GROUNDWORK = (
    """
    INSERT INTO akashi.audit_programme (body_id, id, certification_id, cycle, version, established_on, site_ids,
        visited_site_ids, person_id, carried_by)
    SELECT body_id, :new, :certification, cycle, version, established_on, site_ids, visited_site_ids,
        person_id, carried_by
    FROM akashi.audit_programme
    WHERE certification_id = :pattern ORDER BY cycle DESC, version DESC LIMIT 1
    """,
    """
    INSERT INTO akashi.programme_audit (body_id, programme_id, kind, year)
    SELECT DISTINCT p.body_id, CAST(:new AS uuid), a.kind, a.year
    FROM akashi.audit_programme p
    JOIN akashi.programme_audit a ON a.body_id = p.body_id AND a.programme_id = p.id
    WHERE p.certification_id = :pattern
    """,
    """
    INSERT INTO akashi.audit_time (body_id, id, certification_id, method, inputs, base_days, adjustments,
        person_id, calculated_on, carried_by)
    SELECT body_id, :time, :certification, method, inputs, base_days, adjustments, person_id, calculated_on,
        carried_by
    FROM akashi.audit_time
    WHERE certification_id = :pattern ORDER BY recorded_at DESC LIMIT 1
    """,
)
"""A plan has the id of the audit that follows it."""


@dataclass(frozen=True)
class Many:
    """Certifications of one world, all alike."""

    world: World
    grant: Attempt
    issue: Issue
    certification: Any

    @classmethod
    def of(cls, world: World, accreditation: UUID | None = None, *, certificate: Wanted | None = None) -> Many:
        """With what the application drafts and issues as the pattern, resting on an accreditation."""
        said: dict[str, Any] = {"accreditations": (accreditation or world.known_accreditation,)}
        grant = lawful_grant(world, certificate, **said)
        issue = Issue.of(world, decided_grant(world, **said, certificate=certificate or world.wanted()))
        return cls(world, grant, issue, grant.certification)

    def open(
        self,
        connection: Connection,
        *,
        decider: WorldPerson | None = None,
        planned: WorldPerson | None = None,
        accreditation: UUID | None = None,
    ) -> Attempt:
        """A certification with both audits, and its lawful grant, not yet written, on another accreditation if given.

        `planned` stands in the plans and did not take part.
        """
        body, identity, application, public_id = self.world.body, uuid4(), uuid4(), generate_public_id()
        copied = {"body_id": body, "scheme_code": "aims", "organisation_id": self.certification.organisation_id}
        day = self.world.ago(30)  # before the audits, so that decisions may have days of their own
        insert(
            connection, "application", id=application, scope_requested="x", received_on=day, carried_by="many", **copied
        )
        reviewed = {
            "reviewer_id": self.world.reviewer.id,
            "outcome": "accepted",
            "reviewed_on": day,
            "carried_by": "many",
        }
        insert(connection, "application_review", body_id=body, application_id=application, **reviewed)
        known = SimpleNamespace(id=identity, public_id=public_id, subject=subject_of(public_id))
        insert(
            connection,
            "certification",
            **copied,
            **vars(known),
            application_id=application,
            agreement_id=self.certification.agreement_id,
            number=public_id,
            folded_number=public_id,
        )
        self.groundwork(connection, identity)
        audits = self.audits(connection, identity)
        for plan, person in ((plan, person) for person in filter(None, [planned]) for plan in audits):
            expert = {"person_id": person.id, "function": "technical_expert"}
            insert(connection, "plan_member", body_id=body, plan_id=plan, **expert)
        document = self.grant.document | {"certification": public_id, "relied_on": sorted(str(one) for one in audits)}
        deciders = [decider or self.world.decider]
        grant = Attempt(self.world, document, deepcopy(self.grant.facts), deciders, known=known)
        return grant.resting_on(accreditation) if accreditation else grant

    def audits(self, connection: Connection, certification: UUID) -> list[UUID]:
        """Stage 1 and stage 2 of another certification, copied with their plans and leaders."""
        copies = {UUID(one): uuid4() for one in self.grant.document["relied_on"]}
        named = {"certification": certification, "old": list(copies), "new": list(copies.values())}
        for statement in COPIED_AUDITS:
            run(connection, statement, **named)
        return list(copies.values())

    def groundwork(self, connection: Connection, certification: UUID, pattern: UUID | None = None) -> None:
        """The newest programme and time of the pattern, or of another certification, copied."""
        copied = pattern or self.certification.id
        named = {"certification": certification, "pattern": copied, "new": uuid4(), "time": uuid4()}
        for statement in COPIED_GROUNDWORK:
            run(connection, statement, **named)

    def decide(self, connection: Connection, accreditation: UUID | None = None) -> Attempt:
        """A grant that stands signed, ready to be issued."""
        grant = self.open(connection, accreditation=accreditation)
        grant.decide(connection)
        seal(connection, self.world.body, grant.reserve(connection))
        self.free(connection, grant.act)
        return grant

    def begin(self, connection: Connection, accreditation: UUID | None = None) -> Issue:
        """An issue after its first commit."""
        grant = self.decide(connection, accreditation)
        public_id = grant.document["certification"]
        pattern = json.dumps(self.issue.credential).replace(self.issue.row.public_id, public_id)
        event = self.issue.event | {
            "certification": public_id,
            "decision": str(grant.id),
            "decision_sha256": b64u(digest_of(grant.bytes())),
        }
        row = decision_row(self.world, grant.id, connection)
        issue = Issue(self.world, grant.id, row, self.issue.header, json.loads(pattern), event)
        issue.first_commit(connection)
        return issue

    def grant_in_force(self, connection: Connection, accreditation: UUID | None = None) -> Any:
        """A certificate in force; returns its certification."""
        issue = self.begin(connection, accreditation)
        issue.second_commit(connection)
        self.free(connection, issue.act)
        row = issue.row
        return SimpleNamespace(id=row.certification_id, public_id=row.public_id, subject=bytes(row.subject))

    def free(self, connection: Connection, act: UUID) -> None:
        """The slot that an act held."""
        run(connection, "UPDATE akashi.slot SET act_id = NULL WHERE act_id = :act", act=act)


def audited(
    connection: Connection, world: World, certification: UUID, kind: str, day: date, *, planned: bool = True
) -> UUID:
    """An audit of one day, led by the auditor, that follows a plan or none."""
    body, identity = world.body, uuid4()
    served = {"organisation_id": world.organisation}
    leader = {"person_id": world.auditor.id, "function": "team_leader"}
    if planned:
        sent = {"sent_on": day - timedelta(days=14), "objections_until": day - timedelta(days=7)}
        said = {"objectives": "x", "criteria": "x", "method": "both", "carried_by": "around", **sent}
        days = {"first_day": day, "last_day": day}
        insert(connection, "audit_plan", body_id=body, id=identity, certification_ids=[certification], kind=kind, **served, **said, **days)  # fmt: skip
        insert(connection, "plan_member", body_id=body, plan_id=identity, **leader)
    recorded = {"first_day": day, "last_day": day, "report_sha256": b"r" * 32, "plan_id": identity if planned else None}
    insert(connection, "audit", body_id=body, id=identity, kind=kind, carried_by="around", **served, **recorded)
    insert(connection, "audit_certification", body_id=body, audit_id=identity, certification_id=certification, **served)
    insert(connection, "audit_member", body_id=body, audit_id=identity, **leader)
    return identity


ACTIVE = {"status": "active", "suspended": None, "symbol_allowed": True}
ENDED = {"suspended": None, "symbol_allowed": False}
STATED: dict[str, tuple[str, dict[str, Any]]] = {
    "grant": ("none", ACTIVE),
    "suspend": ("active", {}),
    "restore": ("suspended", ACTIVE),
    "reduce": ("active", ACTIVE),
    "extend": ("active", ACTIVE),
    "withdraw": ("active", ENDED | {"status": "withdrawn"}),
    "cease": ("active", ENDED | {"status": "ceased"}),
}
"""From which status each act leads, and what its document says otherwise than the suspension that is the pattern."""


@dataclass
class Statements:
    """Statements about one accreditation, each written with plain SQL in one transaction."""

    world: World
    accreditation: UUID
    pattern: dict[str, Any]
    number: int

    @classmethod
    def about(cls, world: World, accreditation: UUID) -> Statements:
        """Continuing what the application stated; a draft of it is the pattern."""
        draft = world.draft_statement("suspend", accreditation=accreditation)
        pattern = json.loads(draft.document)
        return cls(world, accreditation, pattern, pattern["statement_no"])

    def another(self) -> Statements:
        """About an accreditation of its own, granted just now."""
        made, body = uuid4(), self.world.accreditation_body
        fresh = Statements(self.world, made, self.pattern | {"accreditation": str(made), "number": f"FA-{made}"}, 1)
        with self.world.database.transaction(body=body) as connection:
            insert(
                connection,
                "accreditation",
                body_id=body,
                id=made,
                accredited_id=self.world.body,
                scheme_code="aims",
                number=f"FA-{made}",
                time_zone=self.pattern["time_zone"],
            )
            fresh.make(connection, "grant")
        fresh.made()
        return fresh

    def make(self, connection: Connection, act: str, **changes: Any) -> None:
        """The next statement, with a scope where the act changes it."""
        world, body, identity, doing = self.world, self.world.accreditation_body, uuid4(), uuid4()
        document = self._document(act, changes)
        exact = canonical(document)
        officer = world.officer
        insert(connection, "draft", body_id=body, id=identity, kind=KIND, document=exact, carried_by="around")
        insert(connection, "draft_person", body_id=body, draft_id=identity, person_id=officer.id, salt=b"s" * 32)
        evidence = {"thumbprint": officer.key.thumbprint, "evidence": sign_evidence(officer.key, exact)}
        named = {"body_id": body, "draft_id": identity, "person_id": officer.id}
        insert(connection, "confirmation", **named, **evidence, carried_by="around")
        about = subject_of(str(self.accreditation))
        hold(connection, body, doing, "state", identity, about)
        key = world.ring.accreditation.thumbprint
        signed = statement_input(json.loads(exact), key)
        reservation = reserve(
            connection, body=body, act=doing, statement=STATEMENT, subject=about, signing_input=signed, thumbprint=key
        )
        seal(connection, body, reservation)
        row = self._row(act, document)
        insert(connection, "accreditation_statement", **row, draft_id=identity, envelope_id=reservation)
        run(connection, "UPDATE akashi.slot SET act_id = NULL WHERE act_id = :act", act=doing)

    def made(self) -> None:
        """The statement committed; the next has the next number."""
        self.number += 1

    def _document(self, act: str, changes: dict[str, Any]) -> dict[str, Any]:
        salted = commitment(str(self.world.officer.id).encode(), b"s" * 32)
        numbered = {"statement_no": self.number, "act": act, "confirmed_by_commitment": salted}
        return self.pattern | numbered | STATED[act][1] | changes

    def _row(self, act: str, document: dict[str, Any]) -> dict[str, Any]:
        copied = ("statement_no", "act", "status", "criteria", "permitted_acts", "symbol_allowed", "effective_on")
        return {
            "body_id": self.world.accreditation_body,
            "accreditation_id": self.accreditation,
            "from_status": STATED[act][0],
            "suspended_whole": act == "suspend",
            "valid_to": document["valid_to"],
            **document["scope"],
            **{name: document[name] for name in copied},
        }
