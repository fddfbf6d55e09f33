"""An accreditation changes while somebody relies on it: one lawful order, whoever comes first (goal R5, invariants 6, 17)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.credentials.canonical import canonical
from app.credentials.statement import statement_input
from app.keys.evidence import sign_evidence
from app.registry import key_binding
from app.storage.rows import insert, run
from tests.support.acts import tamper
from tests.support.around import Attempt, hold, lawful, reserve, seal, subject
from tests.support.contenders import about as decision_about
from tests.support.contenders import carry_out, confirmed, second_commit
from tests.support.many import Many, Statements
from tests.support.races import DONE, FEWER, race


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def many(lasting_world) -> Many:
    return Many.of(lasting_world)


@pytest.fixture(scope="module")
def suspension(lasting_world) -> Attempt:
    """The pattern of a suspension of a certificate."""
    return lawful(lasting_world, lasting_world.grant(f"race {uuid4()}").public_id, "suspend")


@pytest.fixture(scope="module")
def statements(lasting_world, many, suspension) -> Statements:
    """The pattern of statements; their signatures will be invented, so nothing is issued by the acts any more."""
    return Statements.about(lasting_world, lasting_world.known_accreditation)


@pytest.mark.parametrize("act", ["withdraw", "cease"])
def test_r5_an_accreditation_ends_while_a_certificate_is_issued(world, many, statements, act):
    def prepare(connection):
        about = statements.another()
        issue = many.begin(connection, about.accreditation)
        return lambda connection: about.make(connection, act), second_commit(many, issue)

    race(
        world,
        prepare,
        rounds=FEWER,
        lawful={(DONE, DONE), (DONE, "not_accredited_now")},
        bodies=(world.accreditation_body, world.body),
    )


def test_r5_an_accreditation_is_reduced_while_a_certificate_is_issued(world, many, statements):
    about = statements.another()
    whole = about.pattern["scope"]
    narrow = whole | {"areas": ["generative"]}

    def prepare(connection):
        issue = many.begin(connection, about.accreditation)
        return lambda connection: about.make(connection, "reduce", scope=narrow), second_commit(many, issue)

    def extended(_ended):
        about.made()
        with world.database.transaction(body=world.accreditation_body) as connection:
            about.make(connection, "extend", scope=whole)
        about.made()

    race(
        world,
        prepare,
        rounds=FEWER,
        lawful={(DONE, DONE), (DONE, "outside_accreditation_now")},
        bodies=(world.accreditation_body, world.body),
        afterwards=extended,
    )


class Binding:
    """A key binding after its first commit, written with plain SQL."""

    def __init__(self, world, about: Statements) -> None:
        self.world, self.about, self.draft, self.act = world, about, uuid4(), uuid4()
        self.key, self.body = world.ring.certification.thumbprint, world.accreditation_body
        self.document = {
            "type": key_binding.BINDING,
            "binding": str(self.draft),
            "accreditation_body": str(self.body),
            "body": str(world.body),
            "accreditation": str(about.accreditation),
            "key": self.key,
            "jwk": {},
            "purposes": ["certify"],
            "from": "2026-01-01T00:00:00Z",
            "to": "2028-01-01T00:00:00Z",
            "possession_sha256": "x" * 43,
        }
        with world.database.transaction(body=self.body) as connection:
            self._begin(connection)

    def _begin(self, connection) -> None:
        exact, officer = canonical(self.document), self.world.officer
        insert(
            connection, "draft", body_id=self.body, id=self.draft, kind="key_binding", document=exact, carried_by="x"
        )
        named = {"body_id": self.body, "draft_id": self.draft, "person_id": officer.id}
        insert(connection, "draft_person", **named, salt=b"s" * 32)
        evidence = {"thumbprint": officer.key.thumbprint, "evidence": sign_evidence(officer.key, exact)}
        insert(connection, "confirmation", **named, **evidence, carried_by="x")
        hold(connection, self.body, self.act, "bind", self.draft, subject(self.key))
        accredit = self.world.ring.accreditation.thumbprint
        self.envelope = reserve(
            connection, body=self.body, act=self.act, statement=key_binding.BINDING, subject=subject(self.key),
            signing_input=statement_input(self.document, accredit), thumbprint=accredit,
        )  # fmt: skip

    def second_commit(self, connection) -> None:
        seal(connection, self.body, self.envelope)
        insert(
            connection, "key_binding", body_id=self.body, id=self.draft, accreditation_id=self.about.accreditation,
            bound_body_id=self.world.body, thumbprint=self.key, purposes=["certify"], draft_id=self.draft,
            valid_from=self.document["from"], valid_to=self.document["to"], envelope_id=self.envelope,
        )  # fmt: skip
        run(connection, "UPDATE akashi.slot SET act_id = NULL WHERE act_id = :act", act=self.act)

    def void(self) -> None:
        """Refused at its second commit: as the act would do it."""
        with self.world.database.transaction(body=self.body) as connection:
            insert(connection, "act_void", body_id=self.body, act_id=self.act, reason="refused")


def test_r5_a_key_is_bound_while_its_body_ceases(world, statements):
    begun = []

    def prepare(_connection):
        about = statements.another()
        begun.append(Binding(world, about))
        return lambda connection: about.make(connection, "cease"), begun[-1].second_commit

    def voided(ended):
        if ended[1] != DONE:
            begun[-1].void()

    race(
        world,
        prepare,
        rounds=FEWER,
        lawful={(DONE, DONE), (DONE, "not_accredited")},
        bodies=(world.accreditation_body, world.accreditation_body),
        afterwards=voided,
    )


@pytest.fixture
def unbound(world):
    """The body's key certifies by no binding but those of the test."""
    tamper(world, "UPDATE akashi.key_binding SET purposes = '{suspend}'")
    yield
    tamper(world, "UPDATE akashi.key_binding SET purposes = '{certify}'")


@pytest.mark.usefixtures("unbound")
def test_r5_a_body_ceases_while_it_suspends_a_certificate(world, many, statements, suspension):
    """The key rests on the accreditation that ceases and on no other that is alive; the certificate rests elsewhere."""
    kept, pattern = world.known_accreditation, suspension

    def prepare(_connection):
        about = statements.another()
        binding = Binding(world, about)
        with world.database.transaction(body=world.accreditation_body) as connection:
            binding.second_commit(connection)
        with world.database.transaction(body=world.body) as connection:
            known = many.grant_in_force(connection, kept)
            suspend = carry_out(confirmed(decision_about(known, pattern), connection))

        return lambda connection: about.make(connection, "cease"), suspend

    race(
        world,
        prepare,
        lawful={(DONE, DONE), (DONE, "key_not_bound")},
        bodies=(world.accreditation_body, world.body),
    )
