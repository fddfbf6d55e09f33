"""Competence per function, scheme and area, on the day of the act: together in a team, one by one otherwise (17021-1 7)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.keys.evidence import sign_evidence
from app.registry import application, competence
from app.registry.committee import appoint_member, form_committee
from app.registry.decision import Ballot, Decision
from app.registry.decision_sheet import confirm_sheet, draft_sheet
from tests.support.acts import refused, rows
from tests.support.deciding import draft_by_ballot


def person(world, function, *areas):
    """Somebody with a function and competence in these areas only."""
    made = world.add_person(world.actor)
    world.give_function(made.id, function)
    if areas:
        world.make_competent(made.id, function, *areas)
    return made


def test_each_area_stands_with_its_evidence(bare_world):
    shown = {"evidence": "witnessed audit of May", "evidence_sha256": b"e" * 32, "valid_from": bare_world.ago(9)}
    someone = bare_world.add_person(bare_world.actor)
    bare_world.make_competent(someone.id, "reviewer", "robotics", "generative", **shown)
    kept = rows(bare_world, "SELECT * FROM akashi.competence WHERE person_id = %(p)s ORDER BY area", p=someone.id)
    assert [(row.area, row.evidence, row.evidence_sha256, row.carried_by) for row in kept] == [
        (area, shown["evidence"], b"e" * 32, "cb-client") for area in ("generative", "robotics")
    ]


def test_the_same_competence_is_recorded_once(bare_world):
    with refused("already_recorded"):
        bare_world.make_competent(bare_world.auditor.id, "auditor", "robotics")


def test_an_area_is_one_of_the_scheme(bare_world):
    with refused("unknown_reference"):
        bare_world.make_competent(bare_world.auditor.id, "auditor", "alchemy", valid_from=bare_world.ago(1))


def test_a_period_has_days(bare_world):
    with refused("period_without_days", "/valid_to"):
        bare_world.make_competent(bare_world.auditor.id, "auditor", "robotics", valid_to=bare_world.ago(401))


def test_nobody_unknown_is_competent(bare_world):
    with refused("unknown_person", "/person"):
        bare_world.make_competent(uuid4(), "auditor")


def test_an_application_is_reviewed_by_somebody_competent_in_every_area_applied_for(bare_world):
    narrow = person(bare_world, "reviewer", "robotics")
    done = {"reviewer": narrow.id, "outcome": "accepted", "reviewed_on": bare_world.ago(1)}
    with refused("reviewer_lacks_area"):
        application.review(bare_world.registry, bare_world.actor, application=bare_world.apply(), **done)
    application.review(bare_world.registry, bare_world.actor, application=bare_world.apply(areas=("robotics",)), **done)


@pytest.mark.parametrize(("area", "code"), [("generative", "decider_lacks_area"), ("robotics", None)])
def test_a_decider_covers_the_areas_of_the_decision(world, area, code):
    narrow = person(world, "decider", area)
    public_id = world.open().public_id
    audits = world.audits(public_id)
    if code is None:
        assert world.decide_grant(public_id, audits, deciders=(narrow,)).act == "grant"
    else:
        with refused(code):
            world.decide_grant(public_id, audits, deciders=(narrow,))


def test_a_decider_covers_the_areas_in_force_of_an_act_that_names_none(world):
    issued = world.grant()
    with refused("decider_lacks_area"):
        world.withdraw(issued.public_id, deciders=(person(world, "decider", "generative"),))
    assert world.withdraw(issued.public_id, deciders=(person(world, "decider", "robotics"),)).act == "withdraw"


@pytest.mark.parametrize(("last_day", "code"), [(1, "decider_lacks_area"), (0, None)])
def test_competence_holds_until_its_last_day(world, last_day, code):
    ended = {"function": "decider", "scheme": "aims", "area": "robotics", "valid_from": world.ago(400)}
    competence.end_competence(
        world.registry, world.actor, person=world.decider.id, **ended, last_day=world.ago(last_day)
    )
    public_id = world.open().public_id
    audits = world.audits(public_id)
    if code is None:
        assert world.decide_grant(public_id, audits).act == "grant"
    else:
        with refused(code):
            world.decide_grant(public_id, audits)


@pytest.mark.parametrize(("area", "code"), [("generative", "decider_lacks_area"), ("robotics", None)])
def test_each_member_of_a_committee_who_votes_covers_the_areas(world, area, code):
    members = (world.decider, world.second_decider, person(world, "decider", area))
    committee = form_committee(world.registry, world.actor, name="Certification committee", quorum_percent=66)
    for one in members:
        appoint_member(world.registry, world.actor, committee=committee, person=one.id, valid_from=world.ago(100))
    public_id = world.open().public_id
    ballot = Ballot(committee, {one.id: "for" for one in members})
    draft = draft_by_ballot(world, public_id, ballot, world.audits(public_id))
    for one in members[:2]:
        world.confirm(draft, one)
    if code is None:
        assert isinstance(world.confirm(draft, members[2]), Decision)
    else:
        with refused(code):
            world.confirm(draft, members[2])


def test_each_item_of_a_sheet_asks_for_its_own_areas(world):
    narrow = person(world, "decider", "robotics")
    drafts = []
    for number, area in enumerate(("robotics", "generative")):
        public_id = world.open(f"FC-{number}").public_id
        facts = {"accreditations": (world.known_accreditation,), "certificate": world.wanted(areas=(area,))}
        drafts.append(
            world.draft(public_id, "grant", deciders=(narrow,), relied_on=world.audits(public_id), **facts).id
        )
    sheet = draft_sheet(world.registry, world.actor, tuple(drafts))
    done = confirm_sheet(world.registry, world.actor, sheet.id, sign_evidence(narrow.key, sheet.document))
    assert [(one.result, one.code) for one in done.items] == [("decided", None), ("refused", "decider_lacks_area")]
