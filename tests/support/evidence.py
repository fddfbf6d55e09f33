"""A tiny world with real keys: one accreditation body, one certification body, one holder, and what they sign.

`World` is made once a run, for a development chain costs time; `Record` writes a history into it act by act, the way a
registry does, and hands out evidence, bundles and anchors. All bodies are fictional.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.conformity import periods
from app.conformity.identifiers import subject_of
from app.credentials.canonical import canonical, digest
from app.credentials.composition import Reserved, compose_certificate
from app.credentials.encoding import b64, b64u
from app.credentials.facts import CertificateFacts, Cycle, Decision, Report, StatementOfApplicability, validity_of
from app.credentials.facts_json import facts_digest
from app.credentials.jws import secure, signing_input
from app.credentials.statement import statement_input
from app.examiner.bundle import manifest_of, write_bundle
from app.examiner.evidence import Envelope, Evidence, Source
from app.keys.keys import Signer, public_jwk
from app.keys.software import KeyFolder, SoftwareKey, generate_software_key
from app.status.bitstring import Bitstring
from app.status.entry import Position, Purpose, list_address, status_entries
from app.status.list_credential import compose_status_list
from app.trust.anchors import Anchors, KeyAnchor, Role
from app.trust.development import DevelopmentChain, Holder, write_development_chain
from tests.support.certificate_facts import ACCREDITATION, BASE_URL, BODY, FACTS, PREVIOUS, REPORTED

PUBLIC_ID = "M30QP8774SQ3NQQWH2JPD102767GKH0H6PS"
OTHER_PUBLIC_ID = "K8QBGSPYTAQMXGN0TERPY7M1PW53BEFV7CX"
ZONE = "Asia/Tokyo"
BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""When the world begins: anchors, chain, accreditation and key binding."""
GRANTED = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
"""When the certificate is decided, recorded and, on that day, effective."""
NOW = datetime(2026, 11, 24, 13, 50, tzinfo=UTC)
SECOND = timedelta(seconds=1)

SCOPE = {"documents": ["ISO/IEC 42001:2023"], "areas": list(FACTS.scope.areas), "countries": ["JP"]}
COMMITMENT = digest(b"a salted commitment")


def uuid(number: int) -> str:
    """A UUID for a thing that has no story."""
    return f"00000000-0000-4000-8000-{number:012d}"


@dataclass(frozen=True)
class World:
    """The keys, and the certificates that say whose they are."""

    accreditation_key: SoftwareKey
    body_key: SoftwareKey
    publication_key: SoftwareKey
    stranger: SoftwareKey
    chain: tuple[bytes, ...]
    development: DevelopmentChain

    @property
    def anchors(self) -> Anchors:
        """What a verifier of this world trusts."""
        keys = (
            KeyAnchor(
                party=ACCREDITATION.body.id,
                role=Role.ACCREDITATION_BODY,
                key=self.accreditation_key.public_key,
                valid_from=BEGIN - timedelta(days=1),
                development=True,
            ),
            KeyAnchor(
                party="registry",
                role=Role.PUBLICATION,
                key=self.publication_key.public_key,
                valid_from=BEGIN - timedelta(days=1),
                development=True,
            ),
        )
        return Anchors(keys, (self.development.anchor,))

    def chain_for(
        self, key: SoftwareKey, party: str = BODY.id, name: str = "Kestrel Certification"
    ) -> tuple[bytes, ...]:
        """A chain of this world's authority for another key or party."""
        return _chain(self.development, key, Holder(party, name, "GB"))


@cache
def world() -> World:
    """The one world of a test run."""
    folder = Path(tempfile.mkdtemp(prefix="akashi-evidence-"))
    keys = KeyFolder(folder / "keys", "a secret of the tests")
    development = write_development_chain(folder / "certs", keys, not_before=BEGIN - timedelta(days=1))
    body_key = generate_software_key()
    chain = _chain(development, body_key, Holder(BODY.id, "Kestrel Certification", "GB"))
    return World(
        generate_software_key(), body_key, generate_software_key(), generate_software_key(), chain, development
    )


def _chain(development: DevelopmentChain, key: SoftwareKey, holder: Holder) -> tuple[bytes, ...]:
    return development.issue(
        key.public_key,
        holder,
        did_address=f"{BASE_URL}/bodies/{holder.party}/did.json",
        accreditation_body=Holder(ACCREDITATION.body.id, "Northern Accreditation Council", "GB"),
        not_before=BEGIN,
    )


@dataclass
class Record:
    """A registry's record of one certification, written act by act; `signer` of an act may be a wrong one."""

    public_id: str = PUBLIC_ID
    signers: World = field(default_factory=world)
    envelopes: list[Envelope] = field(default_factory=list)
    versions: list[CertificateFacts] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    statements: int = 0
    decisions: int = 0

    # --- what the accreditation body says ---

    def state(self, at: datetime = BEGIN, signer: Signer | None = None, **changes: Any) -> None:
        """An accreditation statement: a grant unless changed."""
        self.statements += 1
        payload: dict[str, Any] = {
            "type": "akashi-accreditation-statement-1",
            "accreditation": ACCREDITATION.id,
            "number": ACCREDITATION.number,
            "statement_no": self.statements,
            "accreditation_body": ACCREDITATION.body.id,
            "accreditation_body_names": [{"name": "Northern Accreditation Council", "language": "en"}],
            "body": BODY.id,
            "body_names": [
                {"name": "Kestrel Certification", "language": "en"},
                {"name": "ケストレル認証", "language": "ja"},
            ],
            "act": "grant",
            "status": "active",
            "scheme": "aims",
            "criteria": ["ISO/IEC 17021-1:2015", "ISO/IEC 42006:2025"],
            "scope": SCOPE,
            "suspended": None,
            "permitted_acts": [],
            "symbol_allowed": True,
            "effective_on": at.date().isoformat(),
            "time_zone": "Europe/London",
            "valid_to": "2029-12-31",
            "confirmed_by_commitment": COMMITMENT,
        } | changes
        self.file(payload, payload["accreditation"], at, signer or self.signers.accreditation_key)

    def suspend_accreditation(self, at: datetime, **changes: Any) -> None:
        """The accreditation is suspended as a whole."""
        sanction: dict[str, Any] = {
            "act": "suspend",
            "status": "suspended",
            "suspended": {"whole": True},
            "symbol_allowed": False,
        }
        self.state(at, **(sanction | changes))

    def withdraw_accreditation(self, at: datetime) -> None:
        """The accreditation is withdrawn."""
        self.state(at, act="withdraw", status="withdrawn", symbol_allowed=False)

    def bind(self, at: datetime = BEGIN, signer: Signer | None = None, **changes: Any) -> None:
        """A key binding for the body's key."""
        key = self.signers.body_key
        payload: dict[str, Any] = {
            "type": "akashi-key-binding-1",
            "binding": uuid(500 + len(self.envelopes)),
            "accreditation_body": ACCREDITATION.body.id,
            "body": BODY.id,
            "accreditation": ACCREDITATION.id,
            "key": key.thumbprint,
            "jwk": public_jwk(key.public_key),
            "purposes": ["certify"],
            "from": "2026-01-01T00:00:00Z",
            "to": "2028-01-01T00:00:00Z",
            "possession_sha256": COMMITMENT,
        } | changes
        self.file(payload, payload["key"], at, signer or self.signers.accreditation_key)

    def take_over(self, at: datetime, signer: Signer | None = None, **changes: Any) -> None:
        """Evidence that the body does not cooperate in a transfer to another."""
        payload: dict[str, Any] = {
            "type": "akashi-transfer-evidence-1",
            "evidence": uuid(900 + len(self.envelopes)),
            "accreditation_body": ACCREDITATION.body.id,
            "accreditation": ACCREDITATION.id,
            "certification": self.public_id,
            "issuing_body": BODY.id,
            "accepting_body": uuid(77),
            "transfer": uuid(78),
            "ground": "no_answer",
            "event_no": None,
            "stated_on": at.date().isoformat(),
            "time_zone": "Europe/London",
            "confirmed_by_commitment": COMMITMENT,
        } | changes
        self.file(payload, payload["evidence"], at, signer or self.signers.accreditation_key)

    # --- what the certification body says ---

    def grant(
        self, at: datetime = GRANTED, *, effective_on: date | None = None, months: int = 36, **changes: Any
    ) -> None:
        """A grant: decision, version 1, event 1."""
        day = periods.local_day(at, ZONE)
        begins = effective_on or day
        facts = replace(
            FACTS,
            decision=Decision("grant", day, day - timedelta(days=20)),
            cycle=replace(
                FACTS.cycle,
                initially_certified_on=begins,
                started_on=begins,
                recertify_by=periods.last_valid_day(begins, months),
            ),
            validity=validity_of(begins, periods.last_valid_day(begins, months), ZONE),
            scope=replace(FACTS.scope, soa=StatementOfApplicability("2.1", date(2025, 12, 1))),
        )
        self.issue("grant", at, replace(facts, **changes))

    def transfer_in(self, at: datetime = GRANTED, **changes: Any) -> None:
        """A certification taken over from a body outside."""
        facts = granted(at=at).versions[0]
        decision = replace(facts.decision, act="transfer_in")
        self.issue("transfer_in", at, replace(facts, decision=decision, previous=PREVIOUS, **changes))

    def report(self, at: datetime = GRANTED, **changes: Any) -> None:
        """History from elsewhere, reported by its body: an import."""
        day = periods.local_day(at, ZONE)
        facts = replace(
            REPORTED,
            decision=Decision("import", day),
            cycle=Cycle(date(2025, 3, 1), date(2025, 3, 1), date(2028, 2, 29)),
            validity=validity_of(date(2025, 3, 1), date(2028, 2, 29), ZONE),
            report=Report("register of Kestrel Certification", day - timedelta(days=1), refresh_days=30),
        )
        self.issue("import", at, replace(facts, **changes))

    def amend(self, at: datetime, **changes: Any) -> None:
        """An amendment: a new version with some facts replaced, effective that day."""
        self.follow("amend", at, **changes)

    def follow(self, act: str, at: datetime, effective_on: date | None = None, **changes: Any) -> None:
        """A further version by an act that keeps the end: some facts replaced, effective that day unless told."""
        last, day = self.versions[-1], periods.local_day(at, ZONE)
        facts = replace(
            last,
            decision=replace(last.decision, act=act, decided_on=day),
            validity=validity_of(effective_on or day, last.validity.last_valid_day, ZONE),
        )
        self.issue(act, at, replace(facts, **changes))

    def renew(self, at: datetime, months: int = 36, **changes: Any) -> None:
        """A timely renewal: a new cycle from the end of the old one."""
        last, day = self.versions[-1], periods.local_day(at, ZONE)
        starts = last.validity.last_valid_day + timedelta(days=1)
        ends = periods.last_valid_day(starts, months)
        made: dict[str, Any] = {
            "decision": Decision("renew", day, day - timedelta(days=20)),
            "cycle": replace(last.cycle, started_on=starts, recertify_by=ends),
            "validity": validity_of(day, ends, ZONE),
            "provenance": "issued",
            "original_decided_on": None,
            "report": None,
        }
        self.follow("renew", at, **(made | changes))

    def restore_expired(self, at: datetime, months: int = 36, **changes: Any) -> None:
        """A restoration after expiry: the lapse is stated for ever."""
        last, day = self.versions[-1], periods.local_day(at, ZONE)
        ended = last.validity.last_valid_day
        ends = periods.last_valid_day(ended + timedelta(days=1), months)
        cycle = Cycle(last.cycle.initially_certified_on, day, ends, ended, day - timedelta(days=20))
        decision = Decision("restore_expired", day, day - timedelta(days=20))
        made: dict[str, Any] = {"decision": decision, "cycle": cycle, "validity": validity_of(day, ends, ZONE)}
        self.follow("restore_expired", at, **(made | changes))

    def issue(self, act: str, at: datetime, facts: CertificateFacts, **decided: Any) -> None:
        """Decision, version and event of an act that makes a version."""
        stated = {
            "facts_sha256": facts_digest(facts),
            "effective_on": facts.validity.effective_on.isoformat(),
            "accreditations": [held.id for held in facts.accreditations],
        }
        decision = self.decide(act, at, **(stated | decided))
        self.versions.append(facts)
        self.certify(facts, len(self.versions), at)
        self.move(act, at, decision, effective_at=max(facts.validity.valid_from, at), **self._back(act, decision))

    def act(self, act: str, at: datetime, **changes: Any) -> None:
        """Decision and event of an act that makes no version; `annuls`, `ratifies`, `committee` … are the decision's."""
        decided = {name: changes.pop(name) for name in _OF_DECISIONS if name in changes}
        if act == "annul":
            decided.setdefault("annuls", 1)
        self.move(act, at, self.decide(act, at, until=changes.get("until"), **decided), **changes)

    def _back(self, act: str, decision: dict[str, Any]) -> dict[str, Any]:
        """An overturned withdrawal leads back to the state before the event that it annuls."""
        if act != "overturn_withdrawal":
            return {}
        return {"to_state": self.events[decision["annuls"] - 1]["from_state"]}

    def decide(self, act: str, at: datetime, signer: Signer | None = None, **changes: Any) -> dict[str, Any]:
        """A decision document of the body, filed."""
        self.decisions += 1
        payload = {
            "type": "akashi-decision-1",
            "decision": uuid(self.decisions),
            "body": BODY.id,
            "certification": self.public_id,
            "act": act,
            "decided_on": periods.local_day(at, ZONE).isoformat(),
            "time_zone": ZONE,
            "effective_on": None,
            "effective_at": None,
            "until": None,
            "facts_sha256": None,
            "relied_on": [],
            "accreditations": [ACCREDITATION.id],
            "deciders": [COMMITMENT],
            "reason_commitment": None,
            "annuls": None,
            "ratifies": None,
            "committee": None,
        } | changes
        self.file(payload, self.public_id, at, signer or self.signers.body_key)
        return payload

    def certify(
        self,
        facts: CertificateFacts,
        version_no: int,
        at: datetime,
        signer: Signer | None = None,
        chain: tuple[bytes, ...] | None = None,
        **header: Any,
    ) -> str:
        """A certificate version, filed; the JWS."""
        key = signer or self.signers.body_key
        credential = compose_certificate(facts, self.reserved(version_no))
        names = {
            "alg": "ES256",
            "kid": key.thumbprint,
            "typ": "vc+jwt",
            "x5c": _x5c(chain or self.signers.chain),
        } | header
        jws = secure(signing_input(names, canonical(credential)), key)
        self.keep(jws, self.public_id, at)
        return jws

    def reserved(self, version_no: int) -> Reserved:
        """What the reservation of this version fixed."""
        positions = [Position(purpose, number, 1000 + version_no) for number, purpose in enumerate(Purpose, start=1)]
        return Reserved(BASE_URL, self.public_id, version_no, tuple(status_entries(BASE_URL, positions)))

    def move(
        self, act: str, at: datetime, decision: dict[str, Any], /, signer: Signer | None = None, **changes: Any
    ) -> dict[str, Any]:
        """A standing event of the body, filed."""
        number = len(self.events) + 1
        before = self.events[-1]["to_state"] if self.events else "none"
        stays = before if act in _STAY else "active"
        effective_at = changes.pop("effective_at", at)
        payload = {
            "type": "akashi-standing-event-1",
            "certification": self.public_id,
            "body": BODY.id,
            "event_no": number,
            "previous_no": number - 1 or None,
            "act": act,
            "from_state": before,
            "to_state": _LEAD_TO.get(act, stays),
            "decision": decision["decision"],
            "decision_sha256": digest(canonical(decision)),
            "effective_at": _instant(effective_at),
            "until": None,
            "time_zone": ZONE,
            "reason_commitment": None,
        } | changes
        self.events.append(payload)
        self.file(payload, self.public_id, at, signer or self.signers.body_key)
        return payload

    # --- what the registry keeps and hands out ---

    def file(self, payload: dict[str, Any], about: str, at: datetime, signer: Signer) -> None:
        """A statement, signed and kept."""
        self.keep(secure(statement_input(payload, signer.thumbprint), signer), about, at)

    def keep(self, jws: str, about: str, at: datetime) -> None:
        """An envelope with the subject's next ordinal."""
        subject = subject_of(about)
        n = 1 + sum(envelope.subject == subject for envelope in self.envelopes)
        self.envelopes.append(Envelope(jws, n, subject, at))

    def bits(self, purpose: Purpose, at: datetime = NOW) -> set[int]:
        """The versions whose bit is set at a time, by the events and versions that are effective then."""
        effective = [event for event in self.events if event["effective_at"] <= _instant(at)]
        state = effective[-1]["to_state"] if effective else "none"
        versions = set(range(1, len(self.versions) + 1))
        if purpose is Purpose.SUSPENSION:
            return versions if state == "suspended" else set()
        replaced = {number - 1 for number in versions if self._replaces(number, purpose, at)} - {0}
        if purpose is Purpose.REVOCATION and state in {"withdrawn", "cancelled", "transferred", "annulled"}:
            return versions
        if purpose is Purpose.REVOCATION and any(event["act"] == "overturn_withdrawal" for event in effective):
            return replaced | set(range(1, self._overturned()))
        return replaced

    def _replaces(self, number: int, purpose: Purpose, at: datetime) -> bool:
        facts = self.versions[number - 1]
        wanted = Purpose.REVOCATION if facts.decision.act in _REVOKING else Purpose.REFRESH
        return facts.validity.valid_from <= at and purpose is wanted

    def _overturned(self) -> int:
        """The version that an overturned withdrawal brought: all before it stay revoked."""
        acts = [facts.decision.act for facts in self.versions]
        return len(acts) - acts[::-1].index("overturn_withdrawal")

    def status_lists(self, at: datetime, signer: Signer | None = None) -> tuple[str, ...]:
        """The three lists as published at a time."""
        return tuple(
            self.status_list(number, purpose, self.bits(purpose, at), at, signer)
            for number, purpose in enumerate(Purpose, start=1)
        )

    def status_list(
        self, number: int, purpose: Purpose, versions: Iterable[int], at: datetime, signer: Signer | None = None
    ) -> str:
        """One list with the bits of these versions set."""
        key = signer or self.signers.publication_key
        bits = Bitstring()
        for version in versions:
            bits.set(1000 + version)
        payload = compose_status_list(BASE_URL, number, purpose, bits, issuer="did:web:registry.example", valid_from=at)
        header = {"alg": "ES256", "kid": key.thumbprint, "typ": "vc+jwt"}
        return secure(signing_input(header, canonical(payload)), key)

    def evidence(self, as_of: datetime = NOW, **changes: Any) -> Evidence:
        """What the registry hands to the examiner."""
        given: dict[str, Any] = {
            "certificate_id": self.public_id,
            "envelopes": tuple(self.envelopes),
            "status_lists": self.status_lists(as_of) if self.versions else (),
            "as_of": as_of,
            "publication": 7,
            "source": Source.REGISTRY,
        } | changes
        return Evidence(**given)

    def manifest(self, evidence: Evidence, signer: Signer | None = None, **changes: Any) -> str:
        """The manifest of a bundle of this evidence."""
        key = signer or self.signers.publication_key
        return secure(statement_input(manifest_of(evidence) | changes, key.thumbprint), key)

    def bundle(self, as_of: datetime = NOW, **changes: Any) -> bytes:
        """The bundle of this record."""
        evidence = self.evidence(as_of, **changes)
        return write_bundle(evidence, self.manifest(evidence))


_LEAD_TO = {
    "suspend": "suspended",
    "suspend_urgently": "suspended",
    "withdraw": "withdrawn",
    "cancel": "cancelled",
    "transfer_out": "transferred",
    "annul": "annulled",
}
_STAY = frozenset({"ratify", "amend", "correct", "translate"})
"""Acts that leave the state as they find it."""
_REVOKING = frozenset({"reduce", "correct", "overturn_withdrawal"})
_OF_DECISIONS = ("annuls", "ratifies", "committee", "deciders", "decided_on", "effective_on")


def granted(**changes: Any) -> Record:
    """A record with accreditation, key binding and a certificate in force."""
    record = Record()
    record.state()
    record.bind()
    record.grant(**changes)
    return record


def list_address_of(number: int) -> str:
    """The address of one of the world's lists."""
    return list_address(BASE_URL, number)


def sha256_of(content: bytes) -> str:
    """Base64url SHA-256."""
    return b64u(hashlib.sha256(content).digest())


def _x5c(chain: tuple[bytes, ...]) -> list[str]:
    return [b64(der) for der in chain]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00").replace(".000", "") + "Z"
