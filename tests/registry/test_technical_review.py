"""The review before a decision: by somebody competent who was not in the team, and who may decide (17021-1 9.5.2)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import technical_review
from app.registry.audit import TeamMember
from app.registry.technical_review import ReviewFacts
from tests.support.acts import refused


@pytest.fixture
def audited(world):
    public_id = world.open().public_id
    return public_id, world.audits(public_id)


def review(world, audited, **changes):
    public_id, audits = audited
    said = {"sufficient": True, "note": "complete", "reviewed_on": world.today, "reviewer": world.reviewer.id}
    facts = ReviewFacts(**{"certification": public_id, "audits": audits, **said, **changes})
    return technical_review.record_review(world.registry, world.actor, facts)


def test_a_report_that_does_not_suffice_stops_a_decision_until_one_does(world, audited):
    review(world, audited, sufficient=False)
    with refused("review_insufficient"):
        world.decide_grant(*audited)
    review(world, audited)
    assert world.decide_grant(*audited).act == "grant"


def test_the_reviewer_may_decide(world, audited):
    both = world.add_person(world.actor, "reviewer", "decider")
    review(world, audited, reviewer=both.id)
    assert world.decide_grant(*audited, deciders=(both,)).act == "grant"


def test_nobody_of_the_team_reviews(world):
    both = world.add_person(world.actor, "auditor", "reviewer")
    public_id = world.open().public_id
    audit = world.audit(public_id, "stage_1", team=(TeamMember(both.id, "team_leader"),)).id
    with refused("reviewer_in_audit_team"):
        review(world, (public_id, (audit,)), reviewer=both.id)


def test_a_review_follows_its_own_audits(world, audited):
    other = world.open("FC-0002").public_id
    with refused("review_date_impossible"):
        review(world, audited, reviewed_on=world.ago(11))
    with refused("audit_of_another_certification"):
        review(world, (other, audited[1]))
    with refused("unknown_audit", "/audits/0"):
        review(world, (other, (uuid4(),)))


def test_the_reviewer_is_competent_in_every_area_and_has_no_interest(world, audited):
    with refused("reviewer_not_competent"):
        review(world, audited, reviewer=world.decider.id)
    narrow = world.add_person(world.actor)
    world.give_function(narrow.id, "reviewer")
    world.make_competent(narrow.id, "reviewer", "robotics")
    with refused("reviewer_lacks_area"):
        review(world, audited, reviewer=narrow.id)
    world.declare(world.reviewer.id)
    with refused("interest_in_client"):
        review(world, audited)
