"""Beside accreditation: the registry as a party, a declarant, and bodies whose keys it knows by identity alone."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.access.actor import OPERATOR, Actor
from app.access.permissions import Scope
from app.keys.evidence import sign_evidence, sign_possession
from app.keys.keys import public_jwk
from app.keys.software import SoftwareKey, generate_software_key
from app.registry import agreement, certification, decision, identity_binding, issuance, organisations, parties, people
from app.registry.drafts import Draft
from app.registry.gathered_facts import Wanted
from app.storage import certifications
from app.trust.anchors import Anchors, KeyAnchor, Role
from tests.support.world import BODY_SCOPES, ZONE, World, WorldPerson

THIRD_PARTY, DECLARATION = "aims-third-party", "ai-governance-declaration"
REGISTRY_SCOPES = frozenset({Scope.IDENTITIES.value, Scope.PEOPLE.value})


@dataclass(frozen=True)
class RegistryParty:
    """The registry's operator as a party, with the officer who confirms its bindings."""

    world: World
    party: UUID
    actor: Actor
    officer: WorldPerson
    key: SoftwareKey

    def draft(self, body: UUID, thumbprint: str, scheme: str, **dates: Any) -> Draft:
        """A binding by identity, for 26 months unless other dates are given."""
        begin = dates.get("valid_from") or (self.world.now() - timedelta(days=60)).replace(microsecond=0)
        return identity_binding.draft_identity(
            self.world.registry,
            self.actor,
            body=body,
            scheme=scheme,
            thumbprint=thumbprint,
            valid_from=begin,
            valid_to=dates.get("valid_to") or begin + timedelta(days=790),
            officer=self.officer.id,
        )

    def identify(self, body: UUID, thumbprint: str, scheme: str, **dates: Any) -> identity_binding.IdentityBinding:
        """The key is its party's own in this scheme, by the registry's word."""
        drafted = self.draft(body, thumbprint, scheme, **dates)
        evidence = sign_evidence(self.officer.key, drafted.document)
        return identity_binding.confirm_identity(self.world.registry, self.actor, drafted.id, evidence)


def add_registry(world: World) -> RegistryParty:
    """The registry stands in its own records; its key joins the anchors of the world."""
    facts = parties.PartyFacts((parties.PartyName("Fictional Registry", "en"),), "JP", ZONE)
    party = parties.register_registry(world.registry, OPERATOR, facts)
    key = world.keys.create()
    world.register_key(party, key, "identify")
    anchor = KeyAnchor(
        party=str(party),
        valid_from=world.start - timedelta(days=400),
        role=Role.REGISTRY,
        key=key.public_key,
        development=True,
    )
    world.anchors = Anchors((*world.anchors.keys, anchor), world.anchors.authorities)
    world.registry = replace(world.registry, anchors=world.anchors)
    actor = Actor("machine", party, "registry-client", REGISTRY_SCOPES)
    officer = add_person(world, actor, {"identity_officer": (DECLARATION, "aims")})
    return RegistryParty(world, party, actor, officer, key)


def add_person(world: World, actor: Actor, functions: dict[str, tuple[str, ...]]) -> WorldPerson:
    """A person with an enrolled key and functions, each in these schemes."""
    person = people.add_person(world.registry, actor, relation="employee", name="Aoi Test")
    for function, schemes in functions.items():
        for scheme in schemes:
            give(world, actor, person, function, scheme)
    key = generate_software_key()
    nonce = people.enrolment_nonce(world.registry, actor, person)
    people.enrol_key(
        world.registry,
        actor,
        person=person,
        jwk=public_jwk(key.public_key),
        presented_possession=sign_possession(key, person, nonce),
        nonce=nonce,
    )
    return WorldPerson(person, key)


def give(world: World, actor: Actor, person: UUID, function: Any, scheme: str) -> None:
    """A person's function in a scheme, since long ago."""
    people.give_function(
        world.registry,
        actor,
        person=person,
        function=function,
        scheme=scheme,
        valid_from=world.ago(400),
        basis="witnessed work",
    )


def certifying_in(world: World, registry_party: RegistryParty, scheme: str = THIRD_PARTY) -> World:
    """The same world with its certification body at work in a scheme that nobody accredits."""
    other = copy(world)
    other.scheme = scheme
    give(world, registry_party.actor, registry_party.officer.id, "identity_officer", scheme)
    registry_party.identify(world.body, world.ring.certification.thumbprint, scheme)
    for person, function in (
        (world.auditor, "auditor"),
        (world.reviewer, "reviewer"),
        (world.decider, "decider"),
        (world.second_decider, "decider"),
    ):
        give(other, other.actor, person.id, function, scheme)
        other.make_competent(person.id, function)
    return other


def certify(world: World, number: str = "FC-0001", **changes: Any) -> issuance.IssuedCertificate:
    """The whole way of a certificate without accreditation: role, area and site in the words of its scheme."""
    facts = {"roles": ("supplier",), "areas": ("manufacturing",), "soa_version": None, "soa_date": None}
    return world.grant(number, accreditations=(), certificate=world.wanted(**{**facts, **changes}))


@dataclass(frozen=True)
class Declarant:
    """An organisation that speaks for itself: as a party, as the holder of its own entries, with who decides there."""

    world: World
    party: UUID
    actor: Actor
    organisation: UUID
    decider: WorldPerson
    agreement: UUID

    def open(self, number: str = "SD-0001", **other: Any) -> certification.OpenedCertification:
        """An entry in which nothing is declared yet; no application comes before it."""
        facts: dict[str, Any] = {"scheme": DECLARATION, "organisation": self.organisation, "agreement": self.agreement}
        return certification.open_certification(self.world.registry, self.actor, **{**facts, "number": number, **other})

    def wanted(self, **changes: Any) -> Wanted:
        """All four action goals, declared of the whole company."""
        facts: dict[str, Any] = {
            "designation": "AI Governance Action Goals 1.0",
            "statement": "全社におけるAIの開発及び利用",
            "language": "ja",
            "translations": (("en", "Development and use of AI in the whole company"),),
            "roles": (),
            "areas": (),
            "site_ids": (),
            "criteria": ("G1", "G2", "G3", "G4"),
        }
        return Wanted(**{**facts, **changes})

    def decide(self, public_id: str, act: str, **more: Any) -> decision.Decision:
        """Decided and confirmed by the declarant's own person."""
        proposal = decision.Proposal(public_id, act, self.world.today, (self.decider.id,), **more)
        drafted = decision.draft_decision(self.world.registry, self.actor, proposal)
        evidence = sign_evidence(self.decider.key, drafted.document)
        done = decision.confirm_decision(self.world.registry, self.actor, drafted.id, evidence)
        assert isinstance(done, decision.Decision)
        return done

    def declare(self, number: str = "SD-0001", **changes: Any) -> issuance.IssuedCertificate:
        """The whole way of a self-declaration."""
        decided = self.decide(self.open(number).public_id, "grant", certificate=self.wanted(**changes))
        return issuance.issue(self.world.registry, self.actor, decided.id, idempotency_key=f"issue-{decided.id}")


def add_declarant(world: World, registry_party: RegistryParty, name: str = "架空商事株式会社") -> Declarant:
    """A declarant whose key the registry has identified."""
    identifiers = (("jp_corporate_number", "8000000000001"),)
    names = (parties.PartyName(name, "ja"), parties.PartyName("Fictional Trading K.K.", "en"))
    facts = parties.PartyFacts(names, "JP", ZONE, {}, identifiers)
    party = parties.register_declarant(world.registry, OPERATOR, facts)
    key = world.keys.create()
    world.register_key(party, key, "certify", world.issue_chain(party, "Fictional Trading", key))
    actor = Actor("machine", party, "declarant-client", BODY_SCOPES)
    registry_party.identify(party, key.thumbprint, DECLARATION)
    organisation = organisations.register_organisation(
        world.registry,
        actor,
        names=(
            organisations.OrganisationName(name, "ja", "Jpan", "登記簿"),
            organisations.OrganisationName("Fictional Trading K.K.", "en", "Latn", "articles"),
        ),
        country="JP",
        identifiers=identifiers,
    )
    signed = agreement.sign_agreement(
        world.registry,
        actor,
        organisation=organisation,
        signed_on=world.ago(3),
        clauses=agreement.CLAUSES,
        consented=agreement.FIELDS,
    )
    decider = add_person(world, actor, {"decider": (DECLARATION,)})
    return Declarant(world, party, actor, organisation, decider, signed)


def key_for(world: World, body: UUID, decided: UUID) -> str | None:
    """The thumbprint of the key with which a body would sign what it decided."""
    with world.database.transaction(body=body) as connection:
        row = certifications.key_for_decision(connection, body, decided)
    return row.thumbprint if row else None
