"""Around the application: rows written with plain SQL as the service's role, the way somebody with its password could.

An `Attempt` is a decision that keeps every rule until a test changes one thing; document, facts and columns follow one
another unless the test sets them apart. `refuses` asserts what PostgreSQL itself said and which code stands for it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from app.conformity.identifiers import subject_of
from app.conformity.periods import last_valid_day
from app.credentials.canonical import canonical, digest
from app.credentials.statement import statement_input
from app.errors import AkashiError, catalogue
from app.keys.evidence import sign_evidence
from app.registry.drafts import Draft, commitment
from app.registry.gathered_facts import Wanted
from app.storage.rows import Connection, insert, run
from tests.support.acts import rows
from tests.support.lending import Library
from tests.support.world import World, WorldPerson

RULE = "AKR01"
NUMBERS = itertools.count(1)


@contextmanager
def refuses(code: str, sqlstate: str = RULE, constraint: str | None = None) -> Iterator[None]:
    """PostgreSQL refuses what happens within, by this rule or constraint, and this code stands for it."""
    with pytest.raises(AkashiError) as caught:
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, DBAPIError), caught.value
    said = (caught.value.code, cause.orig.sqlstate, cause.orig.diag.constraint_name)  # type: ignore[union-attr]
    assert said == (code, sqlstate, constraint), (caught.value, caught.value.note)
    assert code in catalogue()


@pytest.fixture(scope="module")
def lasting_world(worlds: dict[str, World], world_libraries: dict[str, Library]) -> Iterator[World]:
    """A world that all tests of a module share; each works on certifications and accreditations of its own."""
    with world_libraries["accredited"].lend() as lent:
        yield worlds["accredited"].on(lent)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a world stay with one worker, so that it is made once."""
    for item in items:
        if "lasting_world" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@dataclass
class Attempt:
    """A decision about to be written with plain SQL."""

    world: World
    document: dict[str, Any]
    facts: dict[str, Any] | None
    deciders: list[WorldPerson]
    reason: tuple[str, str] | None = None
    late_reason: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)  # where the row is to differ from document and facts
    links: dict[str, list[str]] = field(default_factory=dict)  # likewise audits and accreditations
    id: UUID = field(default_factory=uuid4)
    salts: dict[UUID, bytes] = field(default_factory=dict)
    act: UUID = field(default_factory=uuid4)
    known: Any = None  # the certification's row, where the test has it already

    @property
    def certification(self) -> Any:
        """The row of the certification decided about."""
        if self.known is not None:
            return self.known
        (row,) = rows(
            self.world,
            "SELECT * FROM akashi.certification WHERE public_id = %(id)s",
            id=self.document["certification"],
        )
        return row

    def dated(self, decided_on: date, effective_on: date | None = None) -> Attempt:
        """Decided on another day, effective that day or another."""
        effective = effective_on or decided_on
        self.document |= {"decided_on": decided_on.isoformat(), "effective_on": effective.isoformat()}
        if self.facts is not None:
            self.facts["decision"]["decided_on"] = decided_on.isoformat()
            self.facts["validity"] |= {
                "effective_on": effective.isoformat(),
                "valid_from": f"{effective.isoformat()}T00:00:00+09:00",
            }
            self.until(last_valid_day(effective, 36))
        return self

    def until(self, day: date) -> Attempt:
        """With another last valid day."""
        assert self.facts is not None
        end = date.fromordinal(day.toordinal() + 1)
        self.facts["validity"] |= {
            "last_valid_day": day.isoformat(),
            "valid_until": f"{end.isoformat()}T00:00:00+09:00",
        }
        return self

    def resting_on(self, *accreditations: UUID) -> Attempt:
        """Resting on other accreditations."""
        self.document["accreditations"] = sorted(str(one) for one in accreditations)
        if self.facts is not None:
            shown = self.facts["accreditations"][0]
            self.facts["accreditations"] = [{**shown, "id": str(one)} for one in accreditations]
        return self

    def bytes(self) -> bytes:
        """The exact document, with what it commits to."""
        if not self.salts:
            self.salts = {person.id: secrets.token_bytes(32) for person in self.deciders}
            committed = {
                "decision": str(self.id),
                "deciders": sorted(commitment(str(one).encode(), salt) for one, salt in self.salts.items()),
                "facts_sha256": digest(canonical(self.facts)) if self.facts else None,
                "reason_commitment": commitment("\n".join(self.reason).encode(), b"s" * 32) if self.reason else None,
            }
            self.document = {
                name: committed.get(name, value) for name, value in self.document.items()
            }  # what a test removed stays away
        return canonical(self.document)

    def draft(self, connection: Connection) -> None:
        """The draft with everything that it names."""
        body = self.world.body
        exact = self.bytes()
        insert(
            connection,
            "draft",
            body_id=body,
            id=self.id,
            kind="decision",
            document=exact,
            facts=self.facts,
            late_reason=self.late_reason,
            carried_by="around",
        )
        for person, salt in self.salts.items():
            insert(connection, "draft_person", body_id=body, draft_id=self.id, person_id=person, salt=salt)
        if self.reason:
            code, words = self.reason
            insert(connection, "draft_reason", body_id=body, draft_id=self.id, code=code, text=words, salt=b"s" * 32)
        for audit in self.links.get("audits", self.document.get("relied_on", [])):
            insert(connection, "draft_audit", body_id=body, draft_id=self.id, audit_id=audit)
        for one in self.links.get("accreditations", self.document.get("accreditations", [])):
            insert(connection, "draft_accreditation", body_id=body, draft_id=self.id, accreditation_id=one)

    def confirm(self, connection: Connection, *people: WorldPerson) -> None:
        """True evidence of these deciders, or of all."""
        for person in people or self.deciders:
            insert(
                connection,
                "confirmation",
                body_id=self.world.body,
                draft_id=self.id,
                person_id=person.id,
                thumbprint=person.key.thumbprint,
                evidence=sign_evidence(person.key, self.bytes()),
                carried_by="around",
            )

    def begin(self, connection: Connection, name: str = "decide") -> None:
        """The act about the certification, holding its slot."""
        hold(connection, self.world.body, self.act, name, self.id, bytes(self.certification.subject))

    def decide(self, connection: Connection) -> None:
        """All of it up to the row of the decision, which the rules judge."""
        self.draft(connection)
        self.confirm(connection)
        self.begin(connection)
        self.judge(connection)

    def judge(self, connection: Connection) -> None:
        """The row of the decision."""
        insert(connection, "decision", body_id=self.world.body, id=self.id, **self.row())

    def row(self) -> dict[str, Any]:
        """What document and facts say in columns, but for what the test sets apart."""
        said = {
            "certification_id": self.certification.id,
            "act": self.document["act"],
            "decided_on": self.document["decided_on"],
            "time_zone": self.document["time_zone"],
            "effective_on": self.document["effective_on"],
            "until": self.document["until"],
            "annuls_no": self.document["annuls"],
            "ratifies_no": self.document["ratifies"],
            "effective_at": self.document["effective_at"],
            "late_reason": self.late_reason,
        }
        return said | facts_columns(self.facts) | self.columns

    def reserve(self, connection: Connection, **other: Any) -> UUID:
        """The reservation of the signed decision, with other values where given; returns its id."""
        key = self.world.ring.certification.thumbprint
        values: dict[str, Any] = {
            "body": self.world.body,
            "act": self.act,
            "statement": "akashi-decision-1",
            "subject": bytes(self.certification.subject),
            "signing_input": statement_input(json.loads(self.bytes()), key),
            "thumbprint": key,
        }
        return reserve(connection, **(values | other))

    def attempt(self) -> None:
        """Everything in one transaction, as the service's role."""
        with self.world.database.transaction(body=self.world.body) as connection:
            self.decide(connection)


def facts_columns(facts: dict[str, Any] | None) -> dict[str, Any]:
    """What the rules read of the facts, taken from their JSON."""
    if facts is None:
        return {}
    scope = facts["scope"]
    return {
        "designation": facts["scheme"]["document"]["designation"],
        "areas": scope.get("areas", []),
        "countries": scope.get("countries", []),
        "roles": scope.get("roles", []),
        "criteria": scope.get("criteria", []),
        "site_ids": [UUID(site["id"]) for site in scope.get("sites", [])],
        "soa_version": scope.get("soa", {}).get("version"),
        "soa_date": scope.get("soa", {}).get("dated_on"),
        "last_valid_day": facts["validity"]["last_valid_day"],
    }


def hold(connection: Connection, body: UUID, act: UUID, name: str, draft: UUID, subject: bytes) -> None:
    """An act that holds the slot of a subject."""
    insert(connection, "act", body_id=body, id=act, name=name, draft_id=draft, subject=subject)
    run(
        connection,
        "INSERT INTO akashi.slot (body_id, subject, act_id) VALUES (:body, :subject, :act) "
        "ON CONFLICT (body_id, subject) DO UPDATE SET act_id = :act",
        body=body,
        subject=subject,
        act=act,
    )


def reserve(
    connection: Connection,
    *,
    body: UUID,
    act: UUID,
    statement: str,
    subject: bytes,
    signing_input: bytes,
    thumbprint: str,
    ordinal: int = 1,
    log_kind: str | None = None,
) -> UUID:
    """Bytes to be signed."""
    reservation = uuid4()
    kind = {
        "akashi-accreditation-statement-1": "accreditation",
        "akashi-key-binding-1": "key",
        "akashi-identity-binding-1": "key",
    }
    insert(
        connection,
        "reservation",
        body_id=body,
        id=reservation,
        act_id=act,
        ordinal=ordinal,
        log_kind=log_kind or kind.get(statement, "certification"),
        statement=statement,
        subject=subject,
        media_type="application/test",
        signing_input=signing_input,
        salt=secrets.token_bytes(32),
        thumbprint=thumbprint,
    )
    return reservation


def seal(connection: Connection, body: UUID, reservation: UUID, signature: bytes = b"\1" * 64) -> None:
    """A signature over reserved bytes; without one given, an invented one."""
    insert(connection, "envelope", body_id=body, id=reservation, signature=signature)


def opened(world: World) -> tuple[str, tuple[UUID, UUID]]:
    """A certification of its own with both audits."""
    public_id = world.open(f"A-{next(NUMBERS):05}").public_id
    return public_id, world.audits(public_id)


def lawful_grant(world: World, wanted: Wanted | None = None, **proposal: Any) -> Attempt:
    """The grant of a fresh certification, lawful as it stands."""
    public_id, audits = opened(world)
    proposal.setdefault("accreditations", (world.known_accreditation,))
    return like(
        world,
        world.draft(public_id, "grant", relied_on=audits, certificate=wanted or world.wanted(), **proposal),
    )


def lawful(world: World, public_id: str, act: str, **proposal: Any) -> Attempt:
    """Another decision about a certification, lawful as it stands."""
    reasons = {
        "suspend": ("nonconformity_persists", "overdue"),
        "suspend_urgently": ("harm_imminent", "people may be hurt"),
        "withdraw": ("agreement_broken", "broken"),
        "cancel": ("holder_request", "asked"),
        "annul": ("issued_in_error", "no decision"),
    }
    proposal.setdefault("reason", reasons.get(act))
    if act in {"suspend", "suspend_urgently"}:
        proposal.setdefault("until", world.ago(-30))
    if act == "annul":
        proposal.setdefault("annuls", 1)
        proposal.setdefault("deciders", (world.decider, world.second_decider))
    return like(world, world.draft(public_id, act, **proposal), deciders=proposal.get("deciders"))


def like(world: World, draft: Draft, *, deciders: tuple[WorldPerson, ...] | None = None) -> Attempt:
    """An attempt at what a lawful draft of the application would decide."""
    (kept,) = rows(world, "SELECT facts, late_reason FROM akashi.draft WHERE id = %(id)s", id=draft.id)
    reasons = rows(world, "SELECT code, text FROM akashi.draft_reason WHERE draft_id = %(id)s", id=draft.id)
    return Attempt(
        world,
        json.loads(draft.document),
        deepcopy(kept.facts),
        list(deciders or (world.decider,)),
        tuple(reasons[0]) if reasons else None,
        kept.late_reason,
    )


def digest_of(content: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(content).digest()


def subject(identifier: UUID | str) -> bytes:
    """The subject of an accreditation, a key or a certification."""
    return subject_of(str(identifier))
