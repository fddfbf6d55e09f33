"""The bodies of a scene at their own doors: how a certification body works, and how its accreditation body does.

What the scenario does not speak about is lawful and ordinary: two stages led by the auditor, programme, time and plans
laid down before, an independent decider, a certificate for one area. A step takes the words of the contract and sends
them as they stand, so a scenario can say anything that a client could.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.keys.evidence import sign_possession
from app.keys.keys import public_jwk
from app.keys.software import SoftwareKey, generate_software_key
from app.registry.agreement import CLAUSES, FIELDS
from tests.support.scene import Party, Refused, Scene, id_of
from tests.support.transfers import REVIEWED
from tests.support.unaccredited import REGISTRY_SCOPES, add_registry
from tests.support.world import ACCREDITATION_SCOPES, BODY_SCOPES, STANDARD, WorldPerson

DIGEST = "A" * 43
SAYS_ANEW = frozenset(
    {"grant", "extend", "reduce", "correct", "translate", "renew", "transition", "restore_expired", "transfer_in"}
)
"""Acts whose decision says what the certificate will say."""
MAKES_A_VERSION = SAYS_ANEW | {"amend", "overturn_withdrawal"}
REASONS = {
    "suspend": "nonconformity_persists",
    "withdraw": "agreement_broken",
    "cancel": "holder_request",
    "reduce": "holder_request",
    "annul": "issued_in_error",
}
OVERSIGHT_SCOPES = ACCREDITATION_SCOPES | {"transfers"}


@dataclass
class Certified:
    """A certification as its body knows it: the public ID, the client, what the certificate says so far."""

    id: str
    number: str
    organisation: str
    sites: dict[str, str]
    says: dict[str, Any]
    audits: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Client:
    """A client whom a body had before it came here."""

    organisation: str
    site: str
    agreement: str


@dataclass(frozen=True)
class Audited:
    """An audit on record with its findings."""

    id: str
    findings: list[str]
    last_day: date


@dataclass(frozen=True)
class Moving:
    """A transfer by its address: the old certificate, and the client at the new body."""

    address: str
    old: Certified
    organisation: str
    application: str
    site: str


class Body(Party):
    """What any body has: people, each with a key of their own."""

    def hires(self, *functions: str, scheme: str = "aims") -> WorldPerson:
        """A person with these functions since long ago, competent in every area, with an enrolled key."""
        person = self.tells("/v1/people", {"relation": "employee", "name": "Sakura Test"})["id"]
        for function in functions:
            self.gives_function(person, function, scheme)
            if function in {"auditor", "reviewer", "decider"}:
                self.gives_competence(person, function, scheme)
        key = generate_software_key()
        nonce = self.tells(f"/v1/people/{person}/nonces")["nonce"]
        shown = {"jwk": public_jwk(key.public_key), "nonce": nonce}
        proof = {"possession": sign_possession(key, UUID(person), nonce)}
        self.tells(f"/v1/people/{person}/keys", shown | proof)
        return WorldPerson(UUID(person), key)

    def gives_function(self, person: Any, function: str, scheme: str) -> None:
        """A person has a function in a scheme, since long ago."""
        since = {"function": function, "scheme": scheme, **self._on("valid_from", 1000)}
        self.tells(f"/v1/people/{_person(person)}/functions", since | {"basis": "witnessed work"})

    def gives_competence(self, person: Any, function: str, scheme: str) -> None:
        """A person is competent in every area of a scheme, since long ago."""
        since = {"function": function, "scheme": scheme, **self._on("valid_from", 1000)}
        shown = {"areas": self.scene.areas(scheme), "evidence": "witnessed audit"}
        self.tells(f"/v1/people/{_person(person)}/competences", since | shown)

    def _on(self, name: str, days_ago: int) -> dict[str, str]:
        return {name: self.clock.ago(days_ago).isoformat()}


class CertificationBody(Body):
    """A certification body with an auditor, a reviewer and two deciders."""

    def __init__(self, scene: Scene, party: UUID, key: SoftwareKey) -> None:
        super().__init__(scene, party, BODY_SCOPES)
        self.key = key
        self.accreditations: list[str] = []

    def staffed(self, **people: WorldPerson) -> CertificationBody:
        """With these people, and the rest hired now."""
        self.auditor = people.get("auditor") or self.hires("auditor")
        self.reviewer = people.get("reviewer") or self.hires("reviewer")
        self.decider = people.get("decider") or self.hires("decider")
        self.second_decider = people.get("second_decider") or self.hires("decider")
        return self

    def declares(self, person: WorldPerson, organisation: str, kind: str, *, ended_on: date) -> None:
        """What a person of the body had to do with a client, and until when."""
        interest = {"organisation": organisation, "kind": kind, "detail": "told by the person"}
        self.tells(f"/v1/people/{person.id}/interests", interest | {"ended_on": ended_on.isoformat()})

    # --- Before a decision ---

    def registers(self, name: str, *, number: str = "8000000000001") -> str:
        """An organisation by its name and corporate number; returns its id."""
        names = [{"name": name, "language": "en", "script": "Latn", "source": "register"}]
        identifiers = [{"scheme": "jp_corporate_number", "value": number}]
        wanted = {"names": names, "country": "JP", "identifiers": identifiers}
        return str(self.tells("/v1/organisations", wanted)["id"])

    def adds_site(self, organisation: str, name: str, *, country: str = "JP") -> str:
        """A place of the organisation; returns its id."""
        address = {"locality": "Chiyoda-ku", "language": "en", "street": "1-2-3 Kasumi", "postal_code": "100-0000"}
        wanted = {"names": [{"name": name, "language": "en"}], "country": country, "addresses": [address]}
        return str(self.tells(f"/v1/organisations/{organisation}/sites", wanted)["id"])

    def accepts(
        self,
        name: str = "Kasumi Robotics K.K.",
        *,
        number: str = "FC-0001",
        registration: str = "8000000000001",
        sites: tuple[str, ...] = ("Head office",),
        country: str = "JP",
        consented: tuple[str, ...] = FIELDS,
        scheme: str = "aims",
        **says: Any,
    ) -> Certified:
        """A client's application, reviewed and accepted, under an agreement; nothing is decided yet."""
        organisation = self.registers(name, number=registration)
        places = {site: self.adds_site(organisation, site, country=country) for site in sites}
        application = self.receives(organisation, scheme=scheme)
        review = {"reviewer": str(self.reviewer.id), "outcome": "accepted"}
        self.tells(f"/v1/applications/{application}/review", review | {"reviewed_on": self.clock.ago(35).isoformat()})
        opened = self.opens(application, organisation, number, consented)
        content = self.content(places.values()) | says
        return Certified(opened, number, organisation, places, content)

    def receives(self, organisation: str, *, scheme: str = "aims") -> str:
        """An application for every area; returns its id."""
        wanted = {"organisation": organisation, "scheme": scheme, "scope_requested": "Design of robots"}
        areas = {"areas": self.scene.areas(scheme), **self._on("received_on", 40)}
        return str(self.tells("/v1/applications", wanted | areas)["id"])

    def opens(self, application: str, organisation: str, number: str, consented: tuple[str, ...] = FIELDS) -> str:
        """An agreement, and a certification under it; returns the public ID."""
        agreement = self._agrees(organisation, consented)
        wanted = {"number": number, "application": application, "agreement": agreement}
        return str(self.tells("/v1/certifications", wanted)["certificate_id"])

    def _agrees(self, organisation: str, consented: tuple[str, ...]) -> str:
        agreed = {"organisation": organisation, "clauses": list(CLAUSES), "consented": list(consented)}
        return str(self.tells("/v1/agreements", agreed | self._on("signed_on", 34))["id"])

    def content(self, sites: Any) -> dict[str, Any]:
        """What an ordinary certificate says."""
        return {
            "document": STANDARD,
            "statement": {"text": "Design of AI functions in service robots", "language": "en"},
            "roles": ["provider"],
            "areas": ["robotics"],
            "sites": [{"id": site} for site in sites],
            "soa": {"version": "1.0", "date": self.clock.ago(50).isoformat()},
        }

    def prepares(self, certified: Certified, *, days_ago: int = 33, cycle: int = 1) -> None:
        """The programme of a cycle with all sites that the certificate names, and the audit time."""
        named = {"certification": certified.id, "justified_by": str(self.reviewer.id)}
        sites = {"sites": [site["id"] for site in certified.says["sites"]], "cycle": cycle}
        self.tells("/v1/audit-programmes", named | sites | self._on("established_on", days_ago))
        time = {"method": "IAF MD 5", "inputs": {"headcount": 40}, "base_days": "5"}
        self.tells("/v1/audit-times", named | time | self._on("calculated_on", days_ago))

    def audits(
        self,
        certified: Certified,
        kind: str,
        *,
        ended: int = 1,
        leader: WorldPerson | None = None,
        found: tuple[str, ...] = (),
        **said: Any,
    ) -> Audited:
        """A planned audit of two days that ended some days ago, with findings of these grades."""
        last_day = self.clock.ago(ended)
        days = {"first_day": (last_day - timedelta(days=1)).isoformat(), "last_day": last_day.isoformat()}
        team = {"team": [{"person": str((leader or self.auditor).id), "function": "team_leader"}]}
        plan = {
            "certifications": [certified.id],
            "objectives": "Conformity with the criteria",
            "criteria": STANDARD,
            "method": "on_site",
            **self._on("sent_on", ended + 15),
            **self._on("objections_until", ended + 8),
        }
        planned = self.tells("/v1/audit-plans", {"kind": kind} | days | team | plan)["id"]
        findings = [
            {"grade": grade, "clause": "8.2", "description": "not done", "due_on": self.clock.ahead(60).isoformat()}
            for grade in found
        ]
        audit = {"serves": [{"certification": certified.id}], "kind": kind, "report_sha256": DIGEST, "plan": planned}
        recorded = self.tells("/v1/audits", audit | days | team | {"findings": findings} | said)
        certified.audits.append(recorded["id"])
        return Audited(recorded["id"], recorded["findings"], last_day)

    def audits_both_stages(self, certified: Certified, *, found: tuple[str, ...] = (), ended: int = 10) -> Audited:
        """Stage 1, then stage 2 with what was found there; returns stage 2."""
        first = self.audits(certified, "stage_1", ended=ended + 10)
        return self.audits(certified, "stage_2", ended=ended, found=found, stage_1=first.id)

    def resolves(self, finding: str, *steps: str, days_ago: int = 0) -> None:
        """These steps of a finding are done: corrected, corrective_action, plan_accepted, verified."""
        done = {"person": str(self.auditor.id), **self._on("done_on", days_ago)}
        for step in steps:
            self.tells(f"/v1/findings/{finding}/steps", done | {"step": step})

    def concludes(self, surveillance: Audited, *, positive: bool) -> None:
        """What the team leader concluded from surveillance."""
        said = {"leader": str(self.auditor.id), "positive": positive, "conclusion": "as reported"}
        self.tells(f"/v1/audits/{surveillance.id}/conclusion", said | self._on("concluded_on", 0))

    # --- Decisions ---

    def decides(
        self,
        act: str,
        certified: Certified,
        *,
        deciders: tuple[WorldPerson, ...] = (),
        says: dict[str, Any] | None = None,
        **said: Any,
    ) -> None:
        """A decision, drafted without a fault, confirmed by all its deciders, and, if it makes a version, issued."""
        four_eyes = (self.decider, self.second_decider) if act in {"annul", "correct"} else (self.decider,)
        people = deciders or four_eyes
        wanted = self._wanted(act, certified, says) | {"deciders": [str(one.id) for one in people]} | said
        drafted = self.tells("/v1/decisions", _as_json(wanted))
        self.confirms("/v1/decisions", drafted, *people)
        assert drafted["faults"] == []
        if act in MAKES_A_VERSION:
            self.tells("/v1/certificates", {"decision": drafted["id"]})
        certified.says |= says or {}

    def certifies(
        self, name: str = "Kasumi Robotics K.K.", *, last_valid_day: date | None = None, **client: Any
    ) -> Certified:
        """An organisation with a granted certificate: the whole way from its application to the issue."""
        certified = self.accepts(name, **client)
        self.prepares(certified)
        self.audits_both_stages(certified)
        self.decides("grant", certified, says={"last_valid_day": last_valid_day} if last_valid_day else None)
        return certified

    def _wanted(self, act: str, certified: Certified, says: dict[str, Any] | None) -> dict[str, Any]:
        """What is asked for, unless the scenario says something else."""
        wanted: dict[str, Any] = {"certification": certified.id, "act": act, "decided_on": self.clock.today}
        if act in REASONS:
            wanted["reason"] = {"code": REASONS[act], "text": "told to the holder"}
        if act == "suspend":
            wanted["until"] = self.clock.ahead(90)
        if act in {"grant", "transfer_in"}:
            wanted["accreditations"] = self.accreditations
        if act == "grant":
            wanted["relied_on"] = certified.audits
        if act in SAYS_ANEW:
            kept = {name: value for name, value in certified.says.items() if name != "last_valid_day" or act == "grant"}
            wanted["certificate"] = kept | (says or {})
        return wanted

    def has_client(self, name: str) -> Client:
        """A client of long ago: the organisation, its one site, and the agreement about what is shown."""
        organisation = self.registers(name)
        return Client(organisation, self.adds_site(organisation, "Head office"), self._agrees(organisation, FIELDS))

    def imports(self, client: Client, number: str, *, decided_on: date, **said: Any) -> Certified:
        """A certificate that was granted elsewhere long ago, under a plan that says where that is on record."""
        content = {name: value for name, value in self.content([client.site]).items() if name != "soa"}
        row = {
            "organisation": client.organisation,
            "scheme": "aims",
            "number": number,
            "certificate": content | {"roles": [], "last_valid_day": self.clock.ahead(200)},
            "effective_on": decided_on,
            "original_decided_on": decided_on,
            "agreement": client.agreement,
        }
        plan = {"source": "register of the body", "as_of": self.clock.ago(1), "refresh_days": 30}
        wanted = {"plan": plan, "rows": [row | said], "decided_on": self.clock.today, "decider": str(self.decider.id)}
        drafted = self.tells("/v1/imports", _as_json(wanted))
        (done,) = self.confirms("/v1/imports", drafted, self.decider)["rows"]
        if done["certificate"] is None:
            raise Refused(done["code"])
        issued = done["certificate"]["public_id"]
        return Certified(issued, number, client.organisation, {"Head office": client.site}, content)

    # --- Transfers ---

    def is_asked_to_take_over(self, old: Certified, name: str) -> Moving:
        """A client applies with a certificate of another body, which gets notice of its written request."""
        organisation = self.registers(name)
        site, application = self.adds_site(organisation, "Head office"), self.receives(organisation)
        wanted = {"application": application, "certificate": old.id, "request_sha256": DIGEST}
        transfer = self.tells("/v1/transfers", wanted | self._on("requested_on", 1))["id"]
        return Moving(f"/v1/transfers/{transfer}", old, organisation, application, site)

    def releases(self, moving: Moving) -> None:
        """The issuing body gives over, ready to close from tomorrow on."""
        said = {"answer": "released", "person": str(self.reviewer.id), **self._on("done_on", 0)}
        self.tells(f"{moving.address}/answer", said | self._on("planned_day", -1))

    def reviews(self, moving: Moving, **said: Any) -> None:
        """The pre-transfer review, in favour, with the sites matched."""
        (was,) = moving.old.sites.values()
        favour = {"reviewed": list(REVIEWED), "conclusion": "accepted", "nonconformities_settled": True}
        named = {"reviewer": str(self.reviewer.id), **self._on("done_on", 0)}
        sites = {"sites": [{"site": moving.site, "was": was}]}
        self.tells(f"{moving.address}/review", _as_json(named | favour | sites | said))

    def takes_over(self, moving: Moving) -> Certified:
        """The application accepted, and decided and issued from today on with what the old certificate says."""
        review = {"reviewer": str(self.reviewer.id), "outcome": "accepted", **self._on("reviewed_on", 0)}
        self.tells(f"/v1/applications/{moving.application}/review", review)
        number, says = f"NC-{moving.old.number}", moving.old.says | {"sites": [{"id": moving.site}]}
        opened = self.opens(moving.application, moving.organisation, number)
        new = Certified(opened, number, moving.organisation, {"Head office": moving.site}, says)
        self.prepares(new, days_ago=0)
        self.decides("transfer_in", new)
        return new


class RegistryOffice(Body):
    """The registry as a party, which knows keys by identity where no accreditation body binds them."""

    def __init__(self, scene: Scene) -> None:
        self._registered = add_registry(scene.world)
        super().__init__(scene, self._registered.party, REGISTRY_SCOPES)
        scene.starts_again()

    def identifies(self, body: CertificationBody, scheme: str) -> None:
        """The key of a body is its own in a scheme, by the registry's word."""
        officer = self._registered.officer
        self.gives_function(officer, "identity_officer", scheme)
        begin = (self.clock.now() - timedelta(days=60)).replace(microsecond=0)
        period = {"valid_from": _instant(begin), "valid_to": _instant(begin + timedelta(days=790))}
        named = {"body": str(body.party), "scheme": scheme, "key": body.key.thumbprint, "officer": str(officer.id)}
        drafted = self.tells("/v1/identity-bindings", named | period)
        self.confirms("/v1/identity-bindings", drafted, officer)


def another_body(scene: Scene, name: str) -> CertificationBody:
    """A further certification body that the operator registered, with people of its own; nobody accredited it yet."""
    key = scene.world.keys.create()
    party, _ = scene.world.add_certification_body(name, key)
    return CertificationBody(scene, party, key).staffed()


class AccreditationBody(Body):
    """An accreditation body with an officer."""

    def __init__(self, scene: Scene, party: UUID, officer: WorldPerson) -> None:
        super().__init__(scene, party, OVERSIGHT_SCOPES)
        self.officer = officer

    def accredits(
        self,
        body: CertificationBody,
        number: str,
        *,
        scheme: str = "aims",
        effective_on: date | None = None,
        **scope: list[str],
    ) -> str:
        """A certification body is accredited for a scope, and its key bound; returns the accreditation's id."""
        covered = {"documents": [STANDARD], "areas": ["generative", "robotics"], "countries": ["JP", "US"]}
        grant = {"act": "grant", "body": str(body.party), "scheme": scheme, "number": number, "scope": covered | scope}
        since = effective_on or self.clock.ago(300)
        days = {"effective_on": since.isoformat(), "valid_to": self.clock.ahead(1200).isoformat()}
        drafted = self._draft("/v1/accreditations/statements", grant | days)
        accreditation = str(drafted["document"]["accreditation"])
        body.accreditations.append(accreditation)
        begin = (self.clock.now() - timedelta(days=60)).replace(microsecond=0)
        bound = {"accreditation": accreditation, "key": body.key.thumbprint}
        period = {"valid_from": _instant(begin), "valid_to": _instant(begin + timedelta(days=800))}
        self._draft("/v1/key-bindings", bound | period)
        return accreditation

    def states(self, act: str, accreditation: str, **said: Any) -> None:
        """The accreditation is suspended, restored, withdrawn, …, from today."""
        from_today = {"effective_on": self.clock.today}
        self._draft("/v1/accreditations/statements", from_today | {"act": act, "accreditation": accreditation} | said)

    def previews(self, act: str, accreditation: str, **said: Any) -> dict[str, Any]:
        """What a statement would do, before anybody signs it."""
        wanted = {"act": act, "effective_on": self.clock.today} | said
        would: dict[str, Any] = self.tells(f"/v1/accreditations/{accreditation}/preview", _as_json(wanted))
        return would

    def attests(self, moving: Moving, ground: str, accreditation: str, **said: Any) -> None:
        """Signed evidence that the issuing body does not cooperate."""
        found = {"transfer": moving.address.rpartition("/")[2], "ground": ground, "accreditation": accreditation}
        self._draft("/v1/transfer-evidence", found | {"stated_on": self.clock.today} | said)

    def writes(self, purpose: str, accreditation: str, *certificates: Any, **said: Any) -> None:
        """A signed letter about named certificates."""
        named = {"purpose": purpose, "accreditation": accreditation}
        about = {"certificates": [id_of(one) for one in certificates], "effective_on": self.clock.today}
        self._draft("/v1/accreditation-letters", named | about | said)

    def _draft(self, address: str, wanted: dict[str, Any]) -> dict[str, Any]:
        drafted: dict[str, Any] = self.tells(address, _as_json(wanted | {"officer": str(self.officer.id)}))
        self.confirms(address, drafted, self.officer)
        return drafted


def _as_json(value: Any) -> Any:
    """Days and people as the contract writes them; what is not said is left out."""
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _instant(moment: Any) -> str:
    return str(moment.isoformat().replace("+00:00", "Z"))


def _person(person: Any) -> str:
    return str(getattr(person, "id", person))
