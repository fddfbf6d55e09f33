"""Two bodies act on one transfer at once: exactly one lawful order wins (goal R5, invariant 14)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.conformity.identifiers import generate_public_id, subject_of
from app.registry.sealing import open_act
from app.storage import envelopes
from app.storage.rows import Connection, insert
from tests.support.acts import tamper
from tests.support.around import Attempt, lawful, like, seal
from tests.support.issuing import reserve_and_seal
from tests.support.many import Many
from tests.support.races import DONE, FEWER, Write, race
from tests.support.reconciled import breaches
from tests.support.transfers import LETTER, REVIEWED, Accepting
from tests.support.world import World


@dataclass
class Movers:
    """Certificates in force and transfers of them, all alike, written with plain SQL."""

    world: World
    accepting: Accepting
    many: Many
    taking: Attempt  # a lawful decision to take over, as the application drafts it
    closing: Attempt  # a lawful end of a certification, as the application drafts it

    def alone(self, body: UUID, write: Callable[[Connection], Any]) -> Any:
        """One transaction of a body."""
        with self.world.database.transaction(body=body) as connection:
            return write(connection)

    def granted(self) -> Any:
        """A certificate of the world's body."""
        return self.alone(self.world.body, self.many.grant_in_force)

    def applied(self, accepting: Accepting) -> UUID:
        """An application at an accepting body."""
        return self.alone(accepting.body, lambda connection: apply(connection, accepting))

    def reviewed(self, known: Any) -> tuple[UUID, UUID]:
        """A transfer of a certificate that was given over and reviewed in favour, and its application."""
        world, accepting, applied, moving = self.world, self.accepting, self.applied(self.accepting), uuid4()
        self.alone(accepting.body, notice(accepting, applied, known.public_id, moving))
        content = {name: [] for name in ("nonconformities", "complaints", "audits")}
        content |= {"certificate": "x", "cycle": {}, "planned_day": world.ago(-1).isoformat()}
        self.alone(world.body, step(accepting, world.body, moving, "released", world.reviewer.id, content))
        content = {
            "reviewed": sorted(REVIEWED),
            "conclusion": "accepted",
            "nonconformities_settled": True,
            "sites": {str(accepting.site): str(world.head_office)},
            "visited_on": None,
        }
        self.alone(accepting.body, step(accepting, accepting.body, moving, "reviewed", accepting.reviewer.id, content))
        return moving, applied

    def confirmed(self, known: Any, applied: UUID) -> Attempt:
        """A decision to take over, drafted and confirmed, so that only the act is left."""
        opened = self.alone(self.accepting.body, lambda connection: self._open(connection, applied))
        facts = deepcopy(self.taking.facts)
        assert facts is not None
        facts["previous"] |= {"certificate_id": known.public_id, "number": known.public_id}
        document = self.taking.document | {"certification": opened.public_id}
        attempt = Attempt(self.taking.world, document, facts, list(self.taking.deciders), known=opened)

        def prepare(connection: Connection) -> None:
            attempt.draft(connection)
            attempt.confirm(connection)

        self.alone(self.accepting.body, prepare)
        return attempt

    def ending(self, known: Any, **said: Any) -> Attempt:
        """A decision of the world's body about a certificate, drafted and confirmed."""
        document = self.closing.document | {"certification": known.public_id} | said
        reason = None if said["act"] == "transfer_out" else self.closing.reason
        attempt = Attempt(self.world, document, None, list(self.closing.deciders), reason, known=known)

        def prepare(connection: Connection) -> None:
            attempt.draft(connection)
            attempt.confirm(connection)

        self.alone(self.world.body, prepare)
        return attempt

    def _open(self, connection: Connection, applied: UUID) -> Any:
        pattern, body, day = self.taking.certification, self.accepting.body, self.world.today
        review = {
            "reviewer_id": self.accepting.reviewer.id,
            "outcome": "accepted",
            "reviewed_on": day,
            "carried_by": "x",
        }
        insert(connection, "application_review", body_id=body, application_id=applied, **review)
        public_id = generate_public_id()
        known = SimpleNamespace(id=uuid4(), public_id=public_id, subject=subject_of(public_id))
        copied = {
            "scheme_code": "aims",
            "organisation_id": pattern.organisation_id,
            "agreement_id": pattern.agreement_id,
        }
        named = {"application_id": applied, "number": public_id, "folded_number": public_id}
        insert(connection, "certification", body_id=body, **vars(known), **copied, **named)
        self.many.groundwork(connection, known.id, pattern.id)
        return known


def apply(connection: Connection, accepting: Accepting) -> UUID:
    applied = uuid4()
    said = {"organisation_id": accepting.organisation, "scheme_code": "aims", "scope_requested": "x", "carried_by": "x"}
    insert(connection, "application", body_id=accepting.body, id=applied, received_on=accepting.world.today, **said)
    return applied


def notice(accepting: Accepting, applied: UUID, source: str, moving: UUID | None = None) -> Write:
    said = {"requested_on": accepting.world.today, "request_sha256": LETTER}
    return lambda connection: insert(
        connection,
        "transfer",
        body_id=accepting.body,
        id=moving or uuid4(),
        application_id=applied,
        source=source,
        **said,
    )


def step(
    accepting: Accepting, body: UUID, moving: UUID, name: str, person: UUID, content: Any = None, **said: Any
) -> Write:
    return lambda connection: insert(
        connection,
        "transfer_step",
        body_id=body,
        to_body_id=accepting.body,
        transfer_id=moving,
        step=name,
        done_on=accepting.world.today,
        person_id=person,
        content=content or {},
        **said,
    )


def hold_and(attempt: Attempt, *writes: Callable[[Connection], Any]) -> Write:
    """The act of a confirmed draft, its decision, and what follows it in the same transaction."""

    def write(connection: Connection) -> None:
        subject, body = bytes(attempt.certification.subject), attempt.world.body
        open_act(connection, body=body, act=attempt.act, name="decide", draft=attempt.id, subject=subject)
        attempt.judge(connection)
        for one in writes:
            one(connection)

    return write


def carried_out(attempt: Attempt) -> Write:
    """The decision with its event."""
    return hold_and(
        attempt,
        lambda connection: reserve_and_seal(connection, attempt),
        lambda connection: envelopes.free_slot(connection, attempt.world.body, attempt.act),
    )


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def accepting(lasting_world) -> Accepting:
    return Accepting(lasting_world)


@pytest.fixture(scope="module")
def movers(lasting_world, accepting) -> Movers:
    world = lasting_world
    _, new = accepting.accepted(world.grant("race-pattern").public_id)
    taking = like(accepting.world_of_its_own, accepting.draft_in(new))
    closing = lawful(world, world.grant("race-ending").public_id, "suspend")
    return Movers(world, accepting, Many.of(world), taking, closing)


def test_r5_two_bodies_open_a_transfer_of_one_certification(world, accepting, movers):
    other = Accepting(world, name="Another Accepting Body", number="FA-901")

    def prepare(_connection):
        known = movers.granted()
        return tuple(notice(one, movers.applied(one), known.public_id) for one in (accepting, other))

    race(
        world,
        prepare,
        lawful={(DONE, "transfer_already_open"), ("transfer_already_open", DONE)},
        bodies=(accepting.body, other.body),
    )


def test_r5_a_certificate_is_suspended_while_it_is_taken_over(world, accepting, movers):
    def prepare(_connection):
        known = movers.granted()
        _, applied = movers.reviewed(known)
        return carried_out(movers.ending(known, act="suspend")), hold_and(movers.confirmed(known, applied))

    race(
        world,
        prepare,
        rounds=FEWER,
        lawful={(DONE, DONE), (DONE, "transfer_of_suspended")},
        bodies=(world.body, accepting.body),
    )


def test_r5_a_certificate_is_closed_while_its_transfer_is_withdrawn(world, accepting, movers):
    """Either nothing is closed, or what was closed may be taken back."""
    assert movers.taking.facts is not None
    begins = movers.taking.facts["validity"]

    def prepare(_connection):
        known = movers.granted()
        moving, applied = movers.reviewed(known)
        taking = movers.confirmed(known, applied)
        movers.alone(
            accepting.body,
            hold_and(
                taking,
                lambda connection: seal(connection, accepting.body, taking.reserve(connection)),
                lambda connection: envelopes.free_slot(connection, accepting.body, taking.act),
            ),
        )
        closing = movers.ending(
            known,
            act="transfer_out",
            until=None,
            effective_at=begins["valid_from"],
            effective_on=begins["effective_on"],
        )
        gone = step(accepting, accepting.body, moving, "withdrawn", accepting.reviewer.id, ground="client_request")
        return carried_out(closing), gone

    race(
        world,
        prepare,
        rounds=FEWER,
        lawful={(DONE, DONE), ("no_open_transfer", DONE)},
        bodies=(world.body, accepting.body),
    )


PLANTED = {
    "two at once": "UPDATE akashi.transfer_step SET to_state = 'reviewed' WHERE to_state = 'withdrawn'",
    "another instant": "UPDATE akashi.standing_event SET effective_at = effective_at + interval '1 hour' WHERE act = 'transfer_out'",
    "never closed": "DELETE FROM akashi.transfer_step WHERE step = 'closed'",
    "a longer life": "UPDATE akashi.decision SET last_valid_day = last_valid_day + 1 WHERE act = 'transfer_in'",
    "a wider scope": "UPDATE akashi.decision SET areas = areas || ARRAY['generative'] WHERE act = 'transfer_in'",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_checker_names_a_breach_of_a_transfer_that_was_planted(bare_world, planted):
    """Otherwise an empty list would prove nothing."""
    world = bare_world
    world.accredit()
    world.bind_key()
    accepting, old = Accepting(world), world.grant().public_id
    accepting.withdraw(accepting.open(old))
    accepting.withdraw(accepting.open(old))
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    accepting.issue(decided)
    assert breaches(world.fresh.superuser_url) == []
    tamper(world, PLANTED[planted])
    assert breaches(world.fresh.superuser_url) != []
