"""A second certification body in the world, and the steps by which a certificate moves to it."""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.access.actor import OPERATOR
from app.keys.evidence import sign_evidence
from app.registry import agreement, application, certification, decision, issuance, organisations, transfer
from app.registry.drafts import Draft
from app.registry.gathered_facts import Wanted
from app.registry.recognition import Observed, Source, record_recognition
from app.registry.transfer_evidence import Finding, TransferEvidence, confirm_evidence, draft_evidence
from tests.support.world import ACCREDITED, World, WorldPerson

LETTER = hashlib.sha256(b"the client's letter").digest()
FIRST = "FA-900"
REVIEWED = ("audit_reports", "certificate", "complaints", "cycle", "nonconformities")


def recognise(world: World) -> UUID:
    """The accreditation body is a signatory of the arrangement of its time, as the operator copied it."""
    begun = date(2026, 1, 1)
    code, since = ("gac-mra", begun) if world.today >= begun else ("iaf-mla", date(2020, 1, 1))
    source = Source("https://arrangement.example/members", hashlib.sha256(b"fetched").digest(), world.ago(1))
    observed = Observed(world.accreditation_body, code, "L5", "ISO/IEC 42001", since, None, source)
    return record_recognition(world.registry, OPERATOR, observed)


class Accepting:
    """Another accredited body, with a client that is certified by the world's body."""

    def __init__(self, world: World, *, name: str = "Accepting Certification", number: str = FIRST) -> None:
        self.world, self.registry = world, world.registry
        self.key = key = world.keys.create()
        self.body, self.actor = world.add_certification_body(name, key)
        self.accreditation = world.accredit(body=self.body, number=number, scope=ACCREDITED)
        world.bind_key(key.thumbprint, bound_by=self.accreditation)
        if number == FIRST:
            recognise(world)
        self.reviewer: WorldPerson = world.add_person(self.actor, "reviewer")
        self.decider: WorldPerson = world.add_person(self.actor, "decider")
        self.organisation = organisations.register_organisation(
            self.registry,
            self.actor,
            names=(organisations.OrganisationName("Kasumi Robotics K.K.", "en", "Latn", "articles of incorporation"),),
            country="JP",
            identifiers=(("jp_corporate_number", "8000000000001"),),
        )
        self.site = self.add_site("Head office")
        self._numbers = 0

    @property
    def world_of_its_own(self) -> World:
        """The same world with this body in the place of the world's own, for rows written by hand."""
        mine = copy(self.world)
        mine.body, mine.actor = self.body, self.actor
        mine.ring = replace(self.world.ring, certification=self.key)
        mine.reviewer, mine.decider, mine.accreditation = self.reviewer, self.decider, self.accreditation
        return mine

    def add_site(self, name: str, country: str = "JP") -> UUID:
        """A site of the client in this body's records."""
        facts = organisations.SiteFacts(
            names=(organisations.SiteName(name, "en", "Latn"),),
            country=country,
            addresses=(organisations.SiteAddress("Chiyoda-ku", "en", street="1-2-3 Kasumi", postal_code="100-0000"),),
        )
        return organisations.add_site(self.registry, self.actor, self.organisation, facts)

    def apply(self) -> UUID:
        """The client's application."""
        return application.receive(
            self.registry,
            self.actor,
            organisation=self.organisation,
            scheme="aims",
            scope_requested="Design of robots",
            received_on=self.world.ago(5),
        )

    def open(self, certificate: Any, *, applied: UUID | None = None, **said: Any) -> UUID:
        """Notice of the client's request about a certificate, here by its ID."""
        opening = transfer.Opening(
            application=applied or self.apply(),
            requested_on=said.pop("requested_on", self.world.ago(2)),
            request_sha256=LETTER,
            certificate=certificate,
        )
        return transfer.open_transfer(self.registry, self.actor, opening, **said)

    def release(self, moving: UUID, *, planned_day: date | None = None, **said: Any) -> None:
        """The world's body gives over, ready from tomorrow on."""
        world = self.world
        given = transfer.Release(world.reviewer.id, world.today, planned_day or world.ago(-1), **said)
        transfer.release(self.registry, world.actor, moving, given)

    def refuse(self, moving: UUID, ground: str = "client_did_not_ask") -> None:
        """The world's body refuses."""
        world = self.world
        refusal = transfer.Refusal(world.reviewer.id, world.today, ground)
        transfer.refuse_release(self.registry, world.actor, moving, refusal)

    def evidence(self, moving: UUID, ground: str, *, event_no: int | None = None) -> TransferEvidence:
        """The accreditation body states that the world's body does not cooperate."""
        world = self.world
        finding = Finding(ground, world.today, world.known_accreditation, event_no)
        draft = draft_evidence(self.registry, world.ab_actor, moving, finding, world.officer.id)
        signed = sign_evidence(world.officer.key, draft.document)
        return confirm_evidence(self.registry, world.ab_actor, draft.id, signed)

    def review(self, moving: UUID, **said: Any) -> None:
        """The pre-transfer review, in favour unless said otherwise."""
        said.setdefault("sites", {self.site: str(self.world.head_office)})
        facts: dict[str, Any] = {
            "reviewer": self.reviewer.id,
            "done_on": self.world.today,
            "reviewed": REVIEWED,
            "conclusion": "accepted",
            "nonconformities_settled": True,
        }
        transfer.review_transfer(self.registry, self.actor, moving, transfer.Review(**(facts | said)))

    def withdraw(self, moving: UUID, ground: str = "client_request") -> None:
        """The accepting body gives the transfer up."""
        transfer.withdraw_transfer(
            self.registry, self.actor, moving, person=self.reviewer.id, done_on=self.world.today, ground=ground
        )

    def certification_of(self, applied: UUID) -> str:
        """The application is accepted and opened under an ID of this body."""
        self._numbers += 1
        application.review(
            self.registry,
            self.actor,
            application=applied,
            reviewer=self.reviewer.id,
            outcome="accepted",
            reviewed_on=self.world.ago(1),
        )
        signed = agreement.sign_agreement(
            self.registry,
            self.actor,
            organisation=self.organisation,
            signed_on=self.world.ago(1),
            consented=agreement.FIELDS,
            clauses=agreement.CLAUSES,
        )
        opened = certification.open_certification(
            self.registry, self.actor, application=applied, agreement=signed, number=f"AC-{self._numbers:04}"
        )
        return opened.public_id

    def wanted(self, **changes: Any) -> Wanted:
        """What the world's certificates say, with this body's site."""
        return self.world.wanted(**({"site_ids": (self.site,)} | changes))

    def draft_in(self, public_id: str, *, effective_on: date | None = None, **more: Any) -> Draft:
        """A draft that would take over, from tomorrow on."""
        more.setdefault("certificate", self.wanted())
        by = {"actor": self.actor, "justified_by": self.reviewer.id}
        self.world.lay_groundwork(public_id, "transfer_in", self.world.today, more["certificate"], **by)
        proposal = decision.Proposal(
            public_id,
            "transfer_in",
            self.world.today,
            (self.decider.id,),
            effective_on=effective_on or self.world.ago(-1),
            accreditations=(self.accreditation,),
            **more,
        )
        return decision.draft_decision(self.registry, self.actor, proposal)

    def decide(self, draft: Draft) -> decision.Decision:
        """The decider's evidence is handed in."""
        evidence = sign_evidence(self.decider.key, draft.document)
        done = decision.confirm_decision(self.registry, self.actor, draft.id, evidence)
        assert isinstance(done, decision.Decision)
        return done

    def take_over(self, public_id: str, **more: Any) -> decision.Decision:
        """The decision to take over."""
        return self.decide(self.draft_in(public_id, **more))

    def issue(self, decided: decision.Decision, key: str | None = None) -> issuance.IssuedCertificate:
        """The new certificate."""
        return issuance.issue(self.registry, self.actor, decided.id, idempotency_key=key or f"issue-{decided.id}")

    def accepted(self, certificate: str) -> tuple[UUID, str]:
        """A transfer that was given over and reviewed in favour, with the certification that is to take over."""
        applied = self.apply()
        moving = self.open(certificate, applied=applied)
        self.release(moving)
        self.review(moving)
        return moving, self.certification_of(applied)
