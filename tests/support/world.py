"""A small world on a migrated database: bodies with real keys, people who can decide, an organisation to certify.

Everything is made by the acts themselves. A test asks for the fixture `world`, in which the certification body is
accredited and its key bound, or builds a `World` of its own at another time. Keys are made, and the bodies' beginnings
lived, once a session.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.access.actor import OPERATOR, Actor
from app.access.permissions import Scope
from app.keys.evidence import sign_evidence, sign_possession
from app.keys.keys import public_jwk
from app.keys.software import KeyFolder, SoftwareKey, generate_software_key
from app.registry import (
    accreditation,
    agreement,
    decision,
    issuance,
    key_binding,
    organisations,
    parties,
    people,
)
from app.registry.drafts import Draft
from app.registry.gathered_facts import Wanted
from app.registry.registry import Registry
from app.storage.database import Database
from app.trust.anchors import Anchors, KeyAnchor, Role
from app.trust.development import DevelopmentChain, Holder, write_development_chain
from tests.support.assessment import Assessment, WorldPerson
from tests.support.lending import Lent, Library
from tests.support.postgres import FreshDatabase, Server
from tests.support.template import url_for, urls

__all__ = ["World", "WorldPerson"]

ZONE = "Asia/Tokyo"
BASE_URL = "http://localhost:8000"
STANDARD = "ISO/IEC 42001:2023"
SECRET = "a secret of tests only"
PUBLIC_INFORMATION = {name: f"https://cb.example/{name}" for name in parties.PUBLIC_INFORMATION}
BODY_SCOPES = frozenset(scope.value for scope in Scope) - {Scope.ACCREDITATIONS.value, Scope.IDENTITIES.value}
ACCREDITATION_SCOPES = frozenset({Scope.ACCREDITATIONS.value, Scope.PEOPLE.value})
COMPETENT = ("auditor", "reviewer", "decider")
"""Functions for which people of a world are competent in every technical area."""
ACCREDITED = accreditation.AccreditedScope((STANDARD,), ("generative", "robotics"), ("JP", "US"))


@dataclass(frozen=True)
class KeyRing:
    """The session's keys: of the accreditation body, of certification bodies, of publication; and the chain's root."""

    keys: KeyFolder
    folder: Path
    accreditation: SoftwareKey
    certification: SoftwareKey
    publication: SoftwareKey

    @classmethod
    def make(cls, folder: Path) -> KeyRing:
        keys = KeyFolder(folder / "keys", SECRET)
        return cls(keys, folder, keys.create(), keys.create(), keys.create())


def certify_again_and_again(superuser_url: str, waived: str = "array_append(waived_rules, 'no_overlap')") -> None:
    """One client has many certificates of one scope in these worlds: the schemes waive that rule until a test keeps it."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"UPDATE akashi.scheme SET waived_rules = {waived}".encode())


class World(Assessment):
    """One accreditation body, one certification body, their people, one organisation with two sites."""

    def __init__(self, fresh: FreshDatabase, ring: KeyRing, *, start: datetime | None = None) -> None:
        self.fresh = fresh
        self.ring = ring
        self.keys = ring.keys
        self.migrator_url = url_for(fresh.superuser_url, "migrator")
        self.database = Database.connect(urls(fresh.superuser_url))
        certify_again_and_again(fresh.superuser_url)
        if start is not None:
            self.set_clock(start)
        self.start = self.now().replace(microsecond=0)
        self.chain = self._chain()
        self.registry = Registry(
            self.database,
            self.keys,
            Anchors((), (self.chain.anchor,)),
            BASE_URL,
            ring.publication.thumbprint,
            development=True,
        )
        self.accreditation_body = self.add_accreditation_body()
        self.ab_actor = Actor("machine", self.accreditation_body, "ab-client", ACCREDITATION_SCOPES)
        self.anchors = self._anchors()
        self.registry = replace(self.registry, anchors=self.anchors)
        self.body, self.actor = self.add_certification_body("Fictional Certification", ring.certification)
        self.officer = self.add_person(self.ab_actor, "accreditation_officer")
        self.auditor, self.second_auditor = (self.add_person(self.actor, "auditor") for _ in range(2))
        self.reviewer = self.add_person(self.actor, "reviewer")
        self.decider, self.second_decider = (self.add_person(self.actor, "decider") for _ in range(2))
        self.accreditation: UUID | None = None

    @property
    def zone(self) -> str:
        """Where the bodies are."""
        return ZONE

    def on(self, lent: Lent) -> World:
        """The same world on a copy of its database."""
        copied = copy(self)
        copied.fresh = lent.fresh
        copied.migrator_url = url_for(lent.fresh.superuser_url, "migrator")
        copied.database = lent.database
        copied.registry = replace(self.registry, database=copied.database)
        return copied

    # --- Parties and people ---

    def add_accreditation_body(self, name: str = "Fictional Accreditation", key: SoftwareKey | None = None) -> UUID:
        """An accreditation body with its key, the session's unless another is given."""
        names = (parties.PartyName(name, "en"), parties.PartyName("架空認定機関", "ja"))
        party = parties.register_accreditation_body(self.registry, OPERATOR, parties.PartyFacts(names, "JP", self.zone))
        self.register_key(party, key or self.ring.accreditation, "accredit")
        return party

    def add_certification_body(self, name: str, key: SoftwareKey | None = None) -> tuple[UUID, Actor]:
        """A certification body with a registered key and an actor that may carry everything for it."""
        names = (parties.PartyName(name, "en"), parties.PartyName("架空認証機関", "ja"))
        facts = parties.PartyFacts(names, "JP", self.zone, PUBLIC_INFORMATION)
        party = parties.register_certification_body(self.registry, OPERATOR, facts)
        key = key or self.keys.create()
        self.register_key(party, key, "certify", self.issue_chain(party, name, key))
        return party, Actor("machine", party, "cb-client", BODY_SCOPES)

    def register_key(self, party: UUID, key: SoftwareKey, purpose: Any, chain: tuple[bytes, ...] = ()) -> None:
        """The party's key is registered with proof of possession."""
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

    def issue_chain(self, party: UUID, name: str, key: SoftwareKey) -> tuple[bytes, ...]:
        """A development chain for a body's key, leaf first."""
        return self.chain.issue(
            key.public_key,
            Holder(str(party), name, "JP"),
            did_address=f"{BASE_URL}/bodies/{party}/did.json",
            accreditation_body=Holder(str(self.accreditation_body), "Fictional Accreditation", "JP"),
            not_before=self.start - timedelta(days=30),
        )

    def add_person(
        self, actor: Actor, *functions: Any, relation: Any = "employee", name: str = "Sakura Test"
    ) -> WorldPerson:
        """A person with functions since long ago and an enrolled key."""
        person = people.add_person(self.registry, actor, relation=relation, name=name)
        for function in functions:
            people.give_function(
                self.registry,
                actor,
                person=person,
                function=function,
                scheme=self.scheme,
                valid_from=self.ago(400),
                basis="witnessed audit",
            )
            if function in COMPETENT:
                self.make_competent(person, function, actor=actor)
        key = generate_software_key()
        nonce = people.enrolment_nonce(self.registry, actor, person)
        people.enrol_key(
            self.registry,
            actor,
            person=person,
            jwk=public_jwk(key.public_key),
            presented_possession=sign_possession(key, person, nonce),
            nonce=nonce,
        )
        return WorldPerson(person, key)

    # --- Accreditation ---

    def accredit(
        self,
        *,
        body: UUID | None = None,
        number: str = "FA-001",
        scope: accreditation.AccreditedScope = ACCREDITED,
        effective_on: date | None = None,
        valid_to: date | None = None,
    ) -> UUID:
        """The certification body is accredited; later grants rest on the newest such accreditation of its own."""
        draft = accreditation.draft_grant(
            self.registry,
            self.ab_actor,
            accredited=body or self.body,
            scheme=self.scheme,
            number=number,
            scope=scope,
            effective_on=effective_on or self.ago(300),
            valid_to=valid_to or self.ago(-1200),
            officer=self.officer.id,
        )
        stated = self.confirm_statement(draft).accreditation
        if body in {None, self.body}:
            self.accreditation = stated
        return stated

    def change_accreditation(self, act: str, **changes: Any) -> accreditation.AccreditationStatement:
        """The accreditation is suspended (wholly, without a `sanction`), restored, withdrawn and so on, from today."""
        return self.confirm_statement(self.draft_statement(act, **changes))

    def draft_statement(
        self,
        act: str,
        *,
        effective_on: date | None = None,
        officer: UUID | None = None,
        **changes: Any,
    ) -> Draft:
        """A draft of the next statement, not yet confirmed."""
        if act == "suspend":
            changes.setdefault("sanction", accreditation.Sanction())
        return accreditation.draft_change(
            self.registry,
            self.ab_actor,
            accreditation=changes.pop("accreditation", None) or self.known_accreditation,
            change=accreditation.Change(act, effective_on or self.today, **changes),
            officer=officer or self.officer.id,
        )

    def confirm_statement(self, draft: Draft) -> accreditation.AccreditationStatement:
        """The officer confirms an accreditation body's draft."""
        evidence = sign_evidence(self.officer.key, draft.document)
        return accreditation.confirm_statement(self.registry, self.ab_actor, draft.id, evidence)

    def bind_key(
        self,
        thumbprint: str | None = None,
        *,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        bound_by: UUID | None = None,
    ) -> key_binding.KeyBinding:
        """The accreditation body binds the certification body's key, for 27 months less a little."""
        begin = (valid_from or self.now() - timedelta(days=60)).replace(microsecond=0)
        draft = key_binding.draft_binding(
            self.registry,
            self.ab_actor,
            accreditation=bound_by or self.known_accreditation,
            thumbprint=thumbprint or self.ring.certification.thumbprint,
            valid_from=begin,
            valid_to=valid_to or begin + timedelta(days=800),
            officer=self.officer.id,
        )
        evidence = sign_evidence(self.officer.key, draft.document)
        return key_binding.confirm_binding(self.registry, self.ab_actor, draft.id, evidence)

    @property
    def known_accreditation(self) -> UUID:
        """The accreditation of the certification body."""
        assert self.accreditation is not None, "call accredit() first"
        return self.accreditation

    # --- The organisation ---

    @cached_property
    def organisation(self) -> UUID:
        """An organisation with a Latin and a Japanese name."""
        return organisations.register_organisation(
            self.registry,
            self.actor,
            names=(
                organisations.OrganisationName("Kasumi Robotics K.K.", "en", "Latn", "articles of incorporation"),
                organisations.OrganisationName("霞ロボティクス株式会社", "ja", "Jpan", "登記簿"),
            ),
            country="JP",
            identifiers=(("lei", "00000FICTIONALTEST57"), ("jp_corporate_number", "8000000000001")),
        )

    @cached_property
    def head_office(self) -> UUID:
        """Its central site."""
        return self.add_site("Head office", "本社", "Chiyoda-ku", "千代田区", central_function=True)

    @cached_property
    def laboratory(self) -> UUID:
        """Another site."""
        return self.add_site("Laboratory", "研究所", "Tsukuba", "つくば市")

    def add_site(
        self, name: str, name_ja: str, locality: str, locality_ja: str, *, country: str = "JP", **more: Any
    ) -> UUID:
        """A site with names and address in English and Japanese."""
        facts = organisations.SiteFacts(
            names=(organisations.SiteName(name, "en", "Latn"), organisations.SiteName(name_ja, "ja", "Jpan")),
            country=country,
            addresses=(
                organisations.SiteAddress(locality, "en", street="1-2-3 Kasumi", postal_code="100-0000"),
                organisations.SiteAddress(locality_ja, "ja", street="霞1-2-3", postal_code="100-0000"),
            ),
            **more,
        )
        return organisations.add_site(self.registry, self.actor, self.organisation, facts)

    def rename(self, name: str, *, last_day: date | None = None) -> None:
        """The organisation's Latin name ended yesterday (or on `last_day`); from the next day it has another."""
        ended = last_day or self.ago(1)
        organisations.end_name(
            self.registry,
            self.actor,
            self.organisation,
            name="Kasumi Robotics K.K.",
            language="en",
            script="Latn",
            last_day=ended,
        )
        changed = organisations.OrganisationName(name, "en", "Latn", "register", valid_from=ended + timedelta(days=1))
        organisations.add_name(self.registry, self.actor, self.organisation, changed)

    # --- Decisions ---

    def wanted(self, **changes: Any) -> Wanted:
        """What a certificate says: one role, one area, the head office."""
        facts: dict[str, Any] = {
            "designation": STANDARD,
            "statement": "Design and operation of AI functions in service robots",
            "language": "en",
            "translations": (("ja", "サービスロボットにおけるAI機能の設計及び運用"),),
            "roles": ("provider",),
            "areas": ("robotics",),
            "site_ids": (self.head_office,),
            "soa_version": "1.0",
            "soa_date": self.ago(50),
        }
        return Wanted(**{**facts, **changes})

    def draft(
        self, public_id: str, act: str, *, deciders: tuple[WorldPerson, ...] = (), on: date | None = None, **more: Any
    ) -> Draft:
        """A draft decided on today (or `on`) by the decider (or by these)."""
        named = tuple(person.id for person in deciders or (self.decider,))
        proposal = decision.Proposal(public_id, act, on or self.today, named, **more)
        self.lay_groundwork(public_id, act, proposal.decided_on, more.get("certificate"))
        return decision.draft_decision(self.registry, self.actor, proposal)

    def confirm(self, draft: Draft, person: WorldPerson | None = None) -> decision.Decision | Draft:
        """A person's evidence over a draft is handed in."""
        evidence = sign_evidence((person or self.decider).key, draft.document)
        return decision.confirm_decision(self.registry, self.actor, draft.id, evidence)

    def decide(
        self, public_id: str, act: str, *, deciders: tuple[WorldPerson, ...] = (), **more: Any
    ) -> decision.Decision:
        """A decision, drafted and confirmed by all its deciders."""
        draft = self.draft(public_id, act, deciders=deciders, **more)
        done: decision.Decision | Draft = draft
        for person in deciders or (self.decider,):
            done = self.confirm(draft, person)
        assert isinstance(done, decision.Decision), "a decider is missing"
        return done

    def decide_grant(self, public_id: str, audits: tuple[UUID, ...], **more: Any) -> decision.Decision:
        """A grant is decided, resting on these audits and the accreditation; not yet issued."""
        if "accreditations" not in more:
            more["accreditations"] = (self.known_accreditation,)
        more.setdefault("certificate", self.wanted())
        return self.decide(public_id, "grant", relied_on=audits, **more)

    def issue(self, decided: decision.Decision) -> issuance.IssuedCertificate:
        """The certificate of a decision."""
        return issuance.issue(self.registry, self.actor, decided.id, idempotency_key=f"issue-{decided.id}")

    def grant(
        self, number: str = "FC-0001", *, consented: tuple[str, ...] = agreement.FIELDS, **more: Any
    ) -> issuance.IssuedCertificate:
        """The whole way: opened, audited, decided, issued."""
        opened = self.open(number, consented=consented)
        return self.issue(self.decide_grant(opened.public_id, self.audits(opened.public_id), **more))

    def suspend(self, public_id: str, *, until: date | None = None, **more: Any) -> decision.Decision:
        """Suspended for a month, or until another day."""
        more.setdefault("reason", ("nonconformity_persists", "corrective action is overdue"))
        return self.decide(public_id, "suspend", until=until or self.ago(-30), **more)

    def restore(self, public_id: str, **more: Any) -> decision.Decision:
        """The suspension is over."""
        return self.decide(public_id, "restore", **more)

    def withdraw(self, public_id: str, **more: Any) -> decision.Decision:
        """Withdrawn for breach of the agreement."""
        more.setdefault("reason", ("agreement_broken", "mark used after suspension"))
        return self.decide(public_id, "withdraw", **more)

    def cancel(self, public_id: str, **more: Any) -> decision.Decision:
        """Ended at the holder's request."""
        more.setdefault("reason", ("holder_request", "letter of the holder"))
        return self.decide(public_id, "cancel", **more)

    def annul(self, public_id: str, *, event_no: int = 1, **more: Any) -> decision.Decision:
        """Annulled by both deciders."""
        more.setdefault("reason", ("issued_in_error", "no decision had been taken"))
        more.setdefault("deciders", (self.decider, self.second_decider))
        return self.decide(public_id, "annul", annuls=event_no, **more)

    def amend(self, public_id: str, **more: Any) -> issuance.IssuedCertificate:
        """A new version with names and addresses as they are recorded now."""
        return self.issue(self.decide(public_id, "amend", **more))

    # --- Made once ---

    def close(self) -> None:
        """No connection is left open."""
        self.database.close()

    def _chain(self) -> DevelopmentChain:
        """A root that was valid before this world began; worlds of the same day share it."""
        folder = self.ring.folder / f"pki-{self.start.date().isoformat()}"
        return write_development_chain(folder, self.keys, not_before=self.start - timedelta(days=400))

    def _anchors(self) -> Anchors:
        begin = self.start - timedelta(days=400)
        keys = (
            (str(self.accreditation_body), Role.ACCREDITATION_BODY, self.ring.accreditation),
            (BASE_URL, Role.PUBLICATION, self.ring.publication),
        )
        return Anchors(
            tuple(
                KeyAnchor(party=party, valid_from=begin, role=role, key=key.public_key, development=True)
                for party, role, key in keys
            ),
            (self.chain.anchor,),
        )


@pytest.fixture(scope="session")
def key_ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """The keys of all worlds of a session."""
    return KeyRing.make(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def worlds(postgres: Server, template: str, key_ring: KeyRing) -> Iterator[dict[str, World]]:
    """The two worlds of a session, lived once; each test lives on in a copy of their database."""
    made = {}
    for name in ("bare", "accredited"):
        made[name] = World(FreshDatabase(postgres, postgres.create_database(template)), key_ring)
        if name == "accredited":
            made[name].accredit()
            made[name].bind_key()
        made[name].close()
    yield made
    for one in made.values():
        postgres.drop_database(one.fresh.name)


@pytest.fixture(scope="session")
def world_libraries(postgres: Server, worlds: dict[str, World]) -> Iterator[dict[str, Library]]:
    """What lends the databases of the two worlds."""
    libraries = {name: Library.of(postgres, lived.fresh.name) for name, lived in worlds.items()}
    yield libraries
    for library in libraries.values():
        library.close()


@pytest.fixture
def bare_world(worlds: dict[str, World], world_libraries: dict[str, Library]) -> Iterator[World]:
    """Bodies and people, but nobody is accredited."""
    with world_libraries["bare"].lend() as lent:
        yield worlds["bare"].on(lent)


@pytest.fixture
def world(worlds: dict[str, World], world_libraries: dict[str, Library]) -> Iterator[World]:
    """Bodies and people; the certification body is accredited and its key bound."""
    with world_libraries["accredited"].lend() as lent:
        yield worlds["accredited"].on(lent)
