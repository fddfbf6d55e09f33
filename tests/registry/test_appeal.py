"""Appeals: against one decision, by a panel that neither audited nor decided; an upheld one overturns that very event."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import appeal
from tests.support.acts import count, refused, rows


@pytest.fixture
def issued(world):
    return world.grant().public_id


@pytest.fixture
def suspended(world, issued):
    return world.suspend(issued)


@pytest.fixture
def panel(world):
    return tuple(world.add_person(world.actor, "appeal_handler") for _ in range(2))


def lodged(world, decision, **more):
    return appeal.lodge_appeal(
        world.registry,
        world.actor,
        decision=decision,
        grounds="the action was not overdue",
        lodged_on=more.pop("lodged_on", world.today),
        **more,
    )


def handled(world, decision, panel):
    """Lodged and acknowledged, with its panel."""
    case = lodged(world, decision)
    appeal.acknowledge_appeal(world.registry, world.actor, case, person=world.reviewer.id, done_on=world.today)
    for member in panel:
        appeal.join_panel(world.registry, world.actor, case, member.id)
    return case


def decide(world, case, outcome="upheld", on=None):
    appeal.decide_appeal(
        world.registry, world.actor, case, outcome=outcome, reasons="it was closed", decided_on=on or world.today
    )


def test_an_appeal_is_lodged_acknowledged_handled_and_decided(world, suspended, panel):
    case = handled(world, suspended.id, panel)
    decide(world, case)
    with refused("already_recorded"):
        decide(world, case, "dismissed")
    assert count(world, "appeal_outcome") == 1


def test_a_decision_is_appealed_once_and_not_before_it_was_taken(world, suspended):
    with refused("case_out_of_order"):
        lodged(world, suspended.id, lodged_on=world.ago(1))
    lodged(world, suspended.id)
    with refused("already_appealed"):
        lodged(world, suspended.id)


@pytest.mark.parametrize("involved", ["auditor", "decider"])
def test_who_audited_or_decided_is_not_on_the_panel(world, suspended, involved):
    case, person = lodged(world, suspended.id), getattr(world, involved)
    from app.registry import people

    people.give_function(
        world.registry,
        world.actor,
        person=person.id,
        function="appeal_handler",
        scheme="aims",
        valid_from=world.ago(10),
        basis="training",
    )
    with refused("appeal_handler_involved"):
        appeal.join_panel(world.registry, world.actor, case, person.id)


def test_the_panel_is_competent_for_appeals(world, suspended):
    case = lodged(world, suspended.id)
    with refused("appeal_handler_not_competent"):
        appeal.join_panel(world.registry, world.actor, case, world.second_decider.id)


def test_there_is_no_outcome_without_acknowledgement_and_panel(world, suspended, panel):
    case = lodged(world, suspended.id)
    with refused("case_out_of_order"):
        decide(world, case)
    appeal.acknowledge_appeal(world.registry, world.actor, case, person=world.reviewer.id, done_on=world.today)
    with refused("appeal_without_panel"):
        decide(world, case)


def test_nobody_joins_the_panel_after_the_outcome(world, suspended, panel):
    case = handled(world, suspended.id, panel[:1])
    decide(world, case, "dismissed")
    with refused("appeal_decided"):
        appeal.join_panel(world.registry, world.actor, case, panel[1].id)


def test_who_handles_an_appeal_decides_nothing_else_about_the_certification_meanwhile(world, issued, suspended):
    both = world.add_person(world.actor, "appeal_handler", "decider")
    case = handled(world, suspended.id, (both,))
    with refused("appeal_handler_involved"):
        world.withdraw(issued, deciders=(both,))
    decide(world, case, "dismissed")
    assert world.withdraw(issued, deciders=(both,)).act == "withdraw"


def test_who_handles_an_appeal_joins_no_audit_of_the_certification(world, issued, suspended):
    from app.registry import audit
    from app.registry.audit import TeamMember

    both = world.add_person(world.actor, "appeal_handler", "auditor")
    earlier = rows(world, "SELECT id FROM akashi.audit WHERE kind = 'stage_2'")[0].id
    case = handled(world, suspended.id, (both,))
    team = (TeamMember(world.auditor.id, "team_leader"), TeamMember(both.id, "auditor"))
    with refused("appeal_handler_involved"):
        world.audit(issued, "follow_up", team=team)
    decide(world, case, "dismissed")
    with refused("appeal_handler_involved"):
        audit.add_team_member(world.registry, world.actor, earlier, TeamMember(both.id, "observer"))


def test_what_is_not_the_body_s_is_unknown(world, suspended, panel):
    with refused("unknown_decision"):
        lodged(world, uuid4())
    with refused("unknown_appeal"):
        decide(world, uuid4())
    _, stranger = world.add_certification_body("A stranger")
    with refused("unknown_appeal"):
        appeal.join_panel(world.registry, stranger, lodged(world, suspended.id), panel[0].id)


def test_the_appellant_s_latest_word_says_whether_the_appeal_may_be_known(world, suspended):
    case = lodged(world, suspended.id, may_be_known=True)
    appeal.agree_to_be_known(world.registry, world.actor, case, agreed=False, agreed_on=world.today)
    said = rows(world, "SELECT agreed FROM akashi.appeal_publicity ORDER BY sequence")
    assert [row.agreed for row in said] == [True, False]
