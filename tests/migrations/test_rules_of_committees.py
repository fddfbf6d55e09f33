"""Ballots with plain SQL: whoever audited does not vote, the quorum is counted, a membership that decided stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.registry.committee import appoint_member, form_committee
from app.registry.drafts import commitment
from app.storage.rows import Connection, insert
from tests.support.around import Attempt, like, refuses
from tests.support.deciding import audits_led_by
from tests.support.world import WorldPerson

SALT = b"v" * 32


@dataclass
class Ballot(Attempt):
    """A decision by these votes; its deciders are those who voted."""

    committee: UUID | None = None
    votes: dict[UUID, str] = field(default_factory=dict)

    def bytes(self) -> bytes:
        said = [{"member": commitment(str(one).encode(), SALT), "vote": vote} for one, vote in self.votes.items()]
        self.document["committee"] = {"votes": sorted(said, key=lambda one: one["member"])}
        return super().bytes()

    def draft(self, connection: Connection) -> None:
        super().draft(connection)
        for one, vote in self.votes.items():
            values: dict[str, Any] = {"committee_id": self.committee, "person_id": one, "vote": vote, "salt": SALT}
            insert(connection, "draft_vote", body_id=self.world.body, draft_id=self.id, **values)


@pytest.fixture(scope="module")
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def auditor(world) -> WorldPerson:
    """A member who leads the audits."""
    return world.add_person(world.actor, "auditor", "decider")


@pytest.fixture(scope="module")
def members(world, auditor) -> tuple[WorldPerson, ...]:
    return world.decider, world.second_decider, auditor


@pytest.fixture
def committee(world, members) -> UUID:
    """Three members, of whom more than half of those who may vote have to."""
    made = form_committee(world.registry, world.actor, name="Committee", quorum_percent=50)
    for one in members:
        appoint_member(world.registry, world.actor, committee=made, person=one.id, valid_from=world.ago(100))
    return made


def ballot(world, committee, auditor, votes: dict[WorldPerson, str]) -> Ballot:
    """A grant on audits that the auditor led, put to the vote."""
    public_id = world.open(f"BA-{committee}"[:60]).public_id
    audits = audits_led_by(world, public_id, auditor)
    grounds = {"relied_on": audits, "accreditations": (world.known_accreditation,), "certificate": world.wanted()}
    lawful = like(world, world.draft(public_id, "grant", **grounds))
    voters = [one for one, vote in votes.items() if vote != "abstained"]
    cast = {one.id: vote for one, vote in votes.items()}
    return Ballot(world, lawful.document, lawful.facts, voters, committee=committee, votes=cast)


def test_a_lawful_ballot_may_be_written_with_plain_sql(world, committee, auditor):
    """Of the two who may vote both did; the third audited."""
    cast = {world.decider: "for", world.second_decider: "for", auditor: "abstained"}
    ballot(world, committee, auditor, cast).attempt()


def test_a_member_who_audited_does_not_vote(world, committee, auditor):
    """Refused for the deciders and for the ballot alike."""
    cast = {world.decider: "for", world.second_decider: "for", auditor: "for"}
    with refuses("decider_in_audit_team"):
        ballot(world, committee, auditor, cast).attempt()


def test_nobody_from_outside_votes(world, committee, auditor):
    stranger = world.add_person(world.actor, "decider")
    with refuses("vote_not_allowed"):
        ballot(world, committee, auditor, {world.decider: "for", stranger: "for"}).attempt()


def test_too_few_votes_decide_nothing(world, committee, auditor):
    with refuses("quorum_not_reached"):
        ballot(world, committee, auditor, {world.decider: "for", world.second_decider: "abstained"}).attempt()


def test_a_tie_decides_nothing(world, committee, auditor):
    with refuses("vote_not_carried"):
        ballot(world, committee, auditor, {world.decider: "for", world.second_decider: "against"}).attempt()


def test_a_vote_is_the_one_that_the_document_commits_to(world, committee, auditor):
    attempt = ballot(world, committee, auditor, {world.decider: "for", world.second_decider: "against"})
    attempt.bytes()
    attempt.votes[world.second_decider.id] = "for"
    exact = Attempt.bytes(attempt)
    attempt.bytes = lambda: exact  # type: ignore[method-assign]
    with refuses("document_mismatch"):
        attempt.attempt()


def test_nobody_joins_for_a_day_that_was_decided(world, committee, auditor):
    ballot(world, committee, auditor, {world.decider: "for", world.second_decider: "for"}).attempt()
    stranger = world.add_person(world.actor, "decider")
    membership = {"committee_id": committee, "person_id": stranger.id, "valid_from": world.today}
    with refuses("committee_has_decided"), world.database.transaction(body=world.body) as connection:
        insert(connection, "committee_member", body_id=world.body, **membership)
