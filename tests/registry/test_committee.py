"""Committees: dated members, votes behind commitments, a quorum without those who audited (17021-1 9.5.1)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.registry.committee import appoint_member, end_membership, form_committee, read_committee
from app.registry.decision import Ballot, Decision
from tests.support.acts import refused, said
from tests.support.deciding import audits_led_by, draft_by_ballot


@pytest.fixture
def three(world):
    """A committee of three deciders; at least two thirds of those who may vote have to."""
    third = world.add_person(world.actor, "decider")
    committee = form_committee(world.registry, world.actor, name="Certification committee", quorum_percent=66)
    people = (world.decider, world.second_decider, third)
    for one in people:
        appoint_member(world.registry, world.actor, committee=committee, person=one.id, valid_from=world.ago(100))
    return committee, people


def voted(world, three, *votes):
    """A grant, decided by these votes and confirmed by all who voted."""
    committee, people = three
    opened = world.open(f"CO-{uuid4()}")
    ballot = Ballot(committee, {one.id: vote for one, vote in zip(people, votes, strict=True)})
    draft = draft_by_ballot(world, opened.public_id, ballot, world.audits(opened.public_id))
    done = draft
    for one, vote in zip(people, votes, strict=True):
        if vote != "abstained":
            done = world.confirm(draft, one)
    return draft, done


def test_a_majority_of_those_who_vote_decides(world, three):
    draft, done = voted(world, three, "for", "for", "against")
    assert isinstance(done, Decision)
    votes = said(draft.document)["committee"]["votes"]
    assert sorted(one["vote"] for one in votes) == ["against", "for", "for"]
    assert [one["member"] for one in votes] == sorted(said(draft.document)["deciders"])
    assert world.issue(done).version_no == 1


def test_a_committee_s_document_names_nobody(world, three):
    draft, _ = voted(world, three, "for", "for", "abstained")
    assert not any(str(one.id) in draft.document.decode() for one in three[1])


def test_every_member_who_voted_gives_evidence(world, three):
    committee, people = three
    opened = world.open("CO-1")
    ballot = Ballot(committee, {one.id: "for" for one in people})
    draft = draft_by_ballot(world, opened.public_id, ballot, world.audits(opened.public_id))
    assert set(draft.awaited) == {one.id for one in people}
    assert not isinstance(world.confirm(draft, people[0]), Decision)


def test_a_tie_decides_nothing(world, three):
    with refused("vote_not_carried"):
        voted(world, three, "for", "against", "abstained")


def test_too_few_votes_decide_nothing(world, three):
    with refused("quorum_not_reached"):
        voted(world, three, "for", "abstained", "abstained")


def test_a_member_who_audited_abstains_and_is_not_counted(world, three):
    committee, (first, second, _) = three
    auditor = world.add_person(world.actor, "auditor", "decider")
    appoint_member(world.registry, world.actor, committee=committee, person=auditor.id, valid_from=world.ago(100))
    opened = world.open("CO-2")
    audits = audits_led_by(world, opened.public_id, auditor)

    def attempt(vote):
        ballot = Ballot(committee, {first.id: "for", second.id: "for", auditor.id: vote})
        draft = draft_by_ballot(world, opened.public_id, ballot, audits)
        for one in (first, second, *((auditor,) if vote == "for" else ())):
            done = world.confirm(draft, one)
        return done

    with refused("decider_in_audit_team"):
        attempt("for")
    assert isinstance(attempt("abstained"), Decision)  # two of the three who may vote


def test_only_members_vote(world, three):
    committee, (_, _, third) = three
    end_membership(
        world.registry,
        world.actor,
        committee=committee,
        person=third.id,
        valid_from=world.ago(100),
        last_day=world.ago(1),
    )
    with refused("vote_not_allowed"):
        voted(world, three, "for", "for", "for")


def test_who_sat_on_a_committee_is_not_changed_after_it_decided(world, three):
    committee, people = three
    voted(world, three, "for", "for", "against")
    new = world.add_person(world.actor, "decider")
    with refused("committee_has_decided"):
        appoint_member(world.registry, world.actor, committee=committee, person=new.id, valid_from=world.today)
    appoint_member(
        world.registry, world.actor, committee=committee, person=new.id, valid_from=world.today + timedelta(days=1)
    )
    ended = {"committee": committee, "person": people[0].id, "valid_from": world.ago(100)}
    with refused("committee_has_decided"):
        end_membership(world.registry, world.actor, **ended, last_day=world.ago(1))
    end_membership(world.registry, world.actor, **ended, last_day=world.today)
    assert len(read_committee(world.registry, world.actor, committee).members) == 4


def test_a_decision_names_deciders_or_a_ballot(world, three):
    opened = world.open("CO-3")
    with refused("deciders_or_ballot", "/deciders"):
        draft_by_ballot(world, opened.public_id, None, world.audits(opened.public_id))


def test_another_body_s_committee_is_unknown(world, three):
    _, other = world.add_certification_body("Other Certification")
    with refused("unknown_committee"):
        read_committee(world.registry, other, three[0])
    with refused("unknown_committee"):
        appoint_member(world.registry, other, committee=three[0], person=uuid4(), valid_from=world.today)
