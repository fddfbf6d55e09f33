"""The stage: bodies, people and keys of the demonstration, and the steps in which any certification goes its way.

Every step calls the acts that anybody's client would call. The stage keeps what the actors themselves would remember:
their ids, their own keys, which accreditation a body holds.
"""

from __future__ import annotations

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
    competence,
    key_binding,
    parties,
    people,
)
from app.registry.demonstration.cast import CastBody
from app.registry.drafts import Draft
from app.registry.registry import Registry
from app.trust.anchors import Anchors, KeyAnchor, Role
from app.trust.development import DevelopmentChain, Holder

STANDARD = "ISO/IEC 42001:2023"
SCHEME = "aims"
ACCREDITED_DAYS = 1460
BINDING_DAYS = 800
BODY_SCOPES = frozenset(scope.value for scope in Scope) - {Scope.ACCREDITATIONS.value, Scope.IDENTITIES.value}
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
        accreditor = self.companies[accreditation_body.key]
        thumbprint = self._certified_key(cast, party, accreditor, self._anchors_begin())
        company = Company(cast, party, Actor("process", party, "demonstration", BODY_SCOPES), thumbprint)
        self.companies[cast.key] = company
        for name, function in (
            ("auditor", "auditor"),
            ("reviewer", "reviewer"),
            ("decider", "decider"),
            ("second_decider", "decider"),
        ):
            self._add_player(company, name, function)

    def accredit(
        self, accreditation_body: CastBody, body: CastBody, number: str, *, days: int = ACCREDITED_DAYS
    ) -> None:
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
            valid_to=today + timedelta(days=days),
            officer=accreditor.people["officer"].id,
        )
        stated = self._confirm_statement(accreditor, draft)
        accredited.accreditations[accreditation_body.key] = stated.accreditation
        self._bind(accreditor, accredited)

    def renew_key(self, body: CastBody) -> None:
        """A body has another key from today, certified and bound by each of its accreditation bodies."""
        company = self.companies[body.key]
        accreditors = [self.companies[key] for key in company.accreditations]
        company.thumbprint = self._certified_key(company.cast, company.id, accreditors[0], self._now())
        for accreditor in accreditors:
            self._bind(accreditor, company)

    def _bind(self, accreditor: Company, accredited: Company) -> None:
        begin = self._now()
        binding = key_binding.draft_binding(
            self.registry,
            accreditor.actor,
            accreditation=accredited.accreditations[accreditor.cast.key],
            thumbprint=accredited.thumbprint,
            valid_from=begin,
            valid_to=begin + timedelta(days=BINDING_DAYS),
            officer=accreditor.people["officer"].id,
        )
        evidence = sign_evidence(accreditor.people["officer"].key, binding.document)
        key_binding.confirm_binding(self.registry, accreditor.actor, binding.id, evidence)

    def change_accreditation(
        self, accreditation_body: CastBody, body: CastBody, act: str, *, days: int | None = None
    ) -> None:
        """An accreditation is suspended as a whole, restored or withdrawn from today, or renewed for so many days."""
        accreditor = self.companies[accreditation_body.key]
        sanction = accreditation.Sanction() if act == "suspend" else None
        today = self.today(accreditor)
        valid_to = today + timedelta(days=days) if days else None
        draft = accreditation.draft_change(
            self.registry,
            accreditor.actor,
            accreditation=self.companies[body.key].accreditations[accreditation_body.key],
            change=accreditation.Change(act, today, sanction=sanction, valid_to=valid_to),
            officer=accreditor.people["officer"].id,
        )
        self._confirm_statement(accreditor, draft)

    # --- Parts of these steps ---

    def _now(self) -> datetime:
        return self.registry.database.now().replace(microsecond=0)

    def _certified_key(self, cast: CastBody, party: UUID, accreditor: Company, begin: datetime) -> str:
        """A new key of a body, registered with its certificates; its thumbprint."""
        key = self.registry.keys.create()
        chain = self.chain.issue(
            key.public_key,
            Holder(str(party), cast.en, cast.country),
            did_address=f"{self.registry.base_url}/bodies/{party}/did.json",
            accreditation_body=Holder(str(accreditor.id), accreditor.cast.en, accreditor.cast.country),
            not_before=begin,
        )
        self._register_key(party, key, "certify", chain)
        return key.thumbprint

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
        if function != "accreditation_officer":
            competence.give_competence(
                self.registry,
                company.actor,
                person=person,
                function=function,
                scheme=SCHEME,
                areas=AREAS,
                evidence="record of training and witnessed work",
                valid_from=self.today(company) - timedelta(days=365),
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


def _party_facts(cast: CastBody, information: dict[str, str]) -> parties.PartyFacts:
    names = [parties.PartyName(cast.en, "en")]
    if cast.ja:
        names.append(parties.PartyName(cast.ja, "ja"))
    return parties.PartyFacts(tuple(names), cast.country, cast.time_zone, information)
