"""The stage: bodies, people and keys of the demonstration, and the steps in which any certification goes its way.

Every step calls the acts that anybody's client would call. The stage keeps what the actors themselves would remember:
their ids, their own keys, which accreditation a body holds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.access.actor import OPERATOR, Actor
from app.access.permissions import Scope
from app.keys.evidence import sign_evidence, sign_possession
from app.keys.keys import public_jwk
from app.keys.software import KeyFolder, SoftwareKey
from app.registry import (
    accreditation,
    agreement,
    application,
    audit,
    certification,
    decision,
    issuance,
    key_binding,
    organisations,
    parties,
    people,
)
from app.registry.demonstration.cast import CastBody, CastOrganisation, CastSite
from app.registry.drafts import Draft
from app.registry.gathered_facts import Wanted
from app.registry.registry import Registry
from app.trust.anchors import Anchors, KeyAnchor, Role
from app.trust.development import DevelopmentChain, Holder

STANDARD = "ISO/IEC 42001:2023"
SCHEME = "aims"
BINDING_DAYS = 800
BODY_SCOPES = frozenset(scope.value for scope in Scope if scope is not Scope.ACCREDITATIONS)
ACCREDITATION_SCOPES = frozenset({Scope.ACCREDITATIONS.value, Scope.PEOPLE.value})
AREAS = ("generative", "decision_support", "perception", "robotics")
COUNTRIES = ("GB", "JP", "US")


@dataclass(frozen=True)
class Player:
    """A person with a key of their own."""

    id: UUID
    key: SoftwareKey


@dataclass
class Company:
    """A body on the stage: its id, who carries its requests, and its people by function."""

    cast: CastBody
    id: UUID
    actor: Actor
    thumbprint: str
    people: dict[str, Player] = field(default_factory=dict)
    accreditations: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A certification whose audits are done and about which nothing is decided."""

    public_id: str
    organisation: UUID
    sites: tuple[UUID, ...]
    audits: tuple[UUID, UUID]


@dataclass
class Stage:
    """Everything that plays together; `registry` learns its anchors when the accreditation bodies have keys."""

    registry: Registry
    personal_keys: KeyFolder
    chain: DevelopmentChain
    companies: dict[str, Company] = field(default_factory=dict)
    prepared: dict[str, Prepared] = field(default_factory=dict)

    def today(self, company: Company) -> date:
        """The date where a body is, by the database's clock."""
        return self.registry.database.now().astimezone(ZoneInfo(company.cast.time_zone)).date()

    # --- Bodies ---

    def register_accreditation_body(self, cast: CastBody) -> None:
        """An accreditation body with its key and an officer; its key becomes an anchor of the demonstration."""
        party = parties.register_accreditation_body(self.registry, OPERATOR, _party_facts(cast, {}))
        key = self.registry.keys.create()
        self._register_key(party, key, "accredit", ())
        anchor = KeyAnchor(
            party=str(party),
            role=Role.ACCREDITATION_BODY,
            key=key.public_key,
            valid_from=self._anchors_begin(),
            name=cast.en,
            development=True,
        )
        known = self.registry.anchors
        self.registry = replace(self.registry, anchors=Anchors((*known.keys, anchor), known.authorities))
        company = Company(cast, party, Actor("process", party, "demonstration", ACCREDITATION_SCOPES), key.thumbprint)
        self.companies[cast.key] = company
        self._add_player(company, "officer", "accreditation_officer")

    def register_certification_body(self, cast: CastBody, accreditation_body: CastBody) -> None:
        """A certification body with a certified key and the people that it needs."""
        information = {name: f"https://{cast.key}.example/{name}" for name in parties.PUBLIC_INFORMATION}
        party = parties.register_certification_body(self.registry, OPERATOR, _party_facts(cast, information))
        key = self.registry.keys.create()
        accreditor = self.companies[accreditation_body.key]
        chain = self.chain.issue(
            key.public_key,
            Holder(str(party), cast.en, cast.country),
            did_address=f"{self.registry.base_url}/bodies/{party}/did.json",
            accreditation_body=Holder(str(accreditor.id), accreditor.cast.en, accreditor.cast.country),
            not_before=self._anchors_begin(),
        )
        self._register_key(party, key, "certify", chain)
        company = Company(cast, party, Actor("process", party, "demonstration", BODY_SCOPES), key.thumbprint)
        self.companies[cast.key] = company
        for name, function in (
            ("auditor", "auditor"),
            ("reviewer", "reviewer"),
            ("decider", "decider"),
            ("second_decider", "decider"),
        ):
            self._add_player(company, name, function)

    def accredit(self, accreditation_body: CastBody, body: CastBody, number: str) -> None:
        """A body is accredited for the standard from today, and its key is bound to that accreditation."""
        accreditor, accredited = self.companies[accreditation_body.key], self.companies[body.key]
        today = self.today(accreditor)
        draft = accreditation.draft_grant(
            self.registry,
            accreditor.actor,
            accredited=accredited.id,
            scheme=SCHEME,
            number=number,
            scope=accreditation.AccreditedScope((STANDARD,), AREAS, COUNTRIES),
            effective_on=today,
            valid_to=today + timedelta(days=1460),
            officer=accreditor.people["officer"].id,
        )
        stated = self._confirm_statement(accreditor, draft)
        accredited.accreditations[accreditation_body.key] = stated.accreditation
        begin = self.registry.database.now().replace(microsecond=0)
        binding = key_binding.draft_binding(
            self.registry,
            accreditor.actor,
            accreditation=stated.accreditation,
            thumbprint=accredited.thumbprint,
            valid_from=begin,
            valid_to=begin + timedelta(days=BINDING_DAYS),
            officer=accreditor.people["officer"].id,
        )
        evidence = sign_evidence(accreditor.people["officer"].key, binding.document)
        key_binding.confirm_binding(self.registry, accreditor.actor, binding.id, evidence)

    def change_accreditation(self, accreditation_body: CastBody, body: CastBody, act: str) -> None:
        """An accreditation is suspended as a whole, restored or withdrawn from today."""
        accreditor = self.companies[accreditation_body.key]
        draft = accreditation.draft_change(
            self.registry,
            accreditor.actor,
            accreditation=self.companies[body.key].accreditations[accreditation_body.key],
            act=act,
            effective_on=self.today(accreditor),
            officer=accreditor.people["officer"].id,
            sanction=accreditation.Sanction() if act == "suspend" else None,
        )
        self._confirm_statement(accreditor, draft)

    # --- Certifications ---

    def assess(self, body: CastBody, cast: CastOrganisation, number: str, *, confidential: bool = False) -> None:
        """From the application to the end of stage 2, with the agreement and what its organisation consents to."""
        company = self.companies[body.key]
        today = self.today(company)
        organisation = organisations.register_organisation(
            self.registry, company.actor, names=_names(cast), country=cast.country
        )
        sites = tuple(
            organisations.add_site(self.registry, company.actor, organisation, _site_facts(site)) for site in cast.sites
        )
        applied = application.receive(
            self.registry,
            company.actor,
            organisation=organisation,
            scheme=SCHEME,
            scope_requested=cast.scope,
            received_on=today - timedelta(days=60),
        )
        application.review(
            self.registry,
            company.actor,
            application=applied,
            reviewer=company.people["reviewer"].id,
            outcome="accepted",
            reviewed_on=today - timedelta(days=55),
        )
        signed = agreement.sign_agreement(
            self.registry,
            company.actor,
            organisation=organisation,
            signed_on=today - timedelta(days=50),
            consented=() if confidential else agreement.FIELDS,
        )
        opened = certification.open_certification(
            self.registry, company.actor, application=applied, agreement=signed, number=number
        )
        stage_1 = self._audit(company, opened.public_id, "stage_1", today - timedelta(days=30))
        stage_2 = self._audit(company, opened.public_id, "stage_2", today - timedelta(days=10), stage_1)
        self.prepared[cast.key] = Prepared(opened.public_id, organisation, sites, (stage_1, stage_2))

    def grant(
        self,
        body: CastBody,
        cast: CastOrganisation,
        *,
        effective_on: date | None = None,
        last_valid_day: date | None = None,
    ) -> str:
        """The certification is granted by an independent decider and its certificate issued; returns the public ID."""
        company, prepared = self.companies[body.key], self.prepared[cast.key]
        today = self.today(company)
        wanted = Wanted(
            designation=STANDARD,
            statement=cast.scope,
            language="en",
            translations=(("ja", cast.scope_ja),) if cast.scope_ja else (),
            roles=cast.roles,
            areas=cast.areas,
            site_ids=prepared.sites,
            soa_version="1.2",
            soa_date=today - timedelta(days=45),
            last_valid_day=last_valid_day,
        )
        return self.decide(
            body,
            cast,
            "grant",
            relied_on=prepared.audits,
            accreditations=tuple(company.accreditations.values()),
            certificate=wanted,
            effective_on=effective_on,
        )

    def decide(self, body: CastBody, cast: CastOrganisation, act: str, **more: Any) -> str:
        """A decision is drafted, confirmed by its deciders' own keys and carried out; returns the public ID."""
        company, prepared = self.companies[body.key], self.prepared[cast.key]
        deciders = [company.people["decider"]]
        if act == "annul":
            deciders.append(company.people["second_decider"])
        proposal = decision.Proposal(
            prepared.public_id, act, self.today(company), tuple(player.id for player in deciders), **more
        )
        draft = decision.draft_decision(self.registry, company.actor, proposal)
        for player in deciders:
            evidence = sign_evidence(player.key, draft.document)
            decision.confirm_decision(self.registry, company.actor, draft.id, evidence)
        if act in {"grant", "amend"}:
            issuance.issue(self.registry, company.actor, draft.id, idempotency_key=f"demonstration-{draft.id}")
        return prepared.public_id

    def rename(self, body: CastBody, cast: CastOrganisation, name: str) -> None:
        """The organisation's English name ended yesterday; from today it has another."""
        company, prepared = self.companies[body.key], self.prepared[cast.key]
        today = self.today(company)
        organisations.end_name(
            self.registry,
            company.actor,
            prepared.organisation,
            name=cast.en,
            language="en",
            script="Latn",
            last_day=today - timedelta(days=1),
        )
        changed = organisations.OrganisationName(name, "en", "Latn", "register", valid_from=today)
        organisations.add_name(self.registry, company.actor, prepared.organisation, changed)

    # --- Parts of these steps ---

    def _anchors_begin(self) -> datetime:
        return self.chain.root.not_valid_before_utc

    def _register_key(self, party: UUID, key: SoftwareKey, purpose: Any, chain: tuple[bytes, ...]) -> None:
        nonce = parties.possession_nonce(self.registry, OPERATOR, party)
        parties.register_signing_key(
            self.registry,
            OPERATOR,
            party=party,
            jwk=public_jwk(key.public_key),
            presented_possession=sign_possession(key, party, nonce),
            nonce=nonce,
            purpose=purpose,
            chain=chain,
        )

    def _add_player(self, company: Company, name: str, function: Any) -> None:
        person = people.add_person(
            self.registry, company.actor, relation="employee", name=f"{name.replace('_', ' ').title()} Fictional"
        )
        people.give_function(
            self.registry,
            company.actor,
            person=person,
            function=function,
            scheme=SCHEME,
            valid_from=self.today(company) - timedelta(days=365),
            basis="demonstrated before acting",
        )
        key = self.personal_keys.create()
        nonce = people.enrolment_nonce(self.registry, company.actor, person)
        people.enrol_key(
            self.registry,
            company.actor,
            person=person,
            jwk=public_jwk(key.public_key),
            presented_possession=sign_possession(key, person, nonce),
            nonce=nonce,
        )
        company.people[name] = Player(person, key)

    def _confirm_statement(self, accreditor: Company, draft: Draft) -> accreditation.AccreditationStatement:
        evidence = sign_evidence(accreditor.people["officer"].key, draft.document)
        return accreditation.confirm_statement(self.registry, accreditor.actor, draft.id, evidence)

    def _audit(self, company: Company, public_id: str, kind: Any, last_day: date, stage_1: UUID | None = None) -> UUID:
        facts = audit.AuditFacts(
            certification=public_id,
            kind=kind,
            first_day=last_day - timedelta(days=2),
            last_day=last_day,
            report_sha256=hashlib.sha256(f"{kind} of {public_id}".encode()).digest(),
            team=(audit.TeamMember(company.people["auditor"].id, "team_leader"),),
            stage_1=stage_1,
        )
        return audit.record_audit(self.registry, company.actor, facts).id


def _party_facts(cast: CastBody, information: dict[str, str]) -> parties.PartyFacts:
    names = [parties.PartyName(cast.en, "en")]
    if cast.ja:
        names.append(parties.PartyName(cast.ja, "ja"))
    return parties.PartyFacts(tuple(names), cast.country, cast.time_zone, information)


def _names(cast: CastOrganisation) -> tuple[organisations.OrganisationName, ...]:
    names = [organisations.OrganisationName(cast.en, "en", "Latn", "register")]
    if cast.ja:
        names.append(organisations.OrganisationName(cast.ja, "ja", "Jpan", "登記簿"))
    return tuple(names)


def _site_facts(site: CastSite) -> organisations.SiteFacts:
    names = [organisations.SiteName(site.en, "en", "Latn")]
    addresses = [organisations.SiteAddress(site.locality, "en", street=site.street)]
    if site.ja:
        names.append(organisations.SiteName(site.ja, "ja", "Jpan"))
    if site.locality_ja:
        addresses.append(organisations.SiteAddress(site.locality_ja, "ja", street=site.street_ja))
    return organisations.SiteFacts(
        names=tuple(names),
        country=site.country,
        addresses=() if site.virtual else tuple(addresses),
        virtual=site.virtual,
        central_function=site.central,
    )
