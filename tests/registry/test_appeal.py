"""Appeals: against one decision, by a panel that neither audited nor decided; an upheld one overturns that very event."""

from __future__ import annotations

from datetime import timedelta
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


def upheld(world, decision, panel):
    case = handled(world, decision, panel)
    decide(world, case)
    return case


def states(world):
    return [
        (row.event_no, row.act, row.to_state)
        for row in rows(world, "SELECT event_no, act, to_state FROM akashi.standing_event ORDER BY event_no")
    ]


def test_an_upheld_appeal_lets_its_panel_overturn_the_suspension_which_stays_in_the_history(
    world, issued, suspended, panel
):
    upheld(world, suspended.id, panel)
    world.decide(issued, "overturn_suspension", deciders=panel, annuls=2)
    assert states(world) == [
        (1, "grant", "active"),
        (2, "suspend", "suspended"),
        (3, "overturn_suspension", "active"),
    ]


@pytest.mark.parametrize("before", ["active", "suspended"])
def test_an_overturned_withdrawal_leads_back_to_the_state_before_it_with_a_new_version(world, issued, panel, before):
    if before == "suspended":
        world.suspend(issued)
    withdrawn = world.withdraw(issued)
    upheld(world, withdrawn.id, panel)
    number = len(states(world))
    overturned = world.decide(issued, "overturn_withdrawal", deciders=panel, annuls=number)
    assert world.issue(overturned).version_no == 2
    assert states(world)[-1] == (number + 1, "overturn_withdrawal", before)


def test_nothing_is_overturned_without_an_upheld_appeal_about_that_very_event(world, issued, suspended, panel):
    with refused("appeal_not_upheld"):
        world.decide(issued, "overturn_suspension", deciders=panel, annuls=2)
    case = handled(world, suspended.id, panel)
    with refused("appeal_not_upheld"):
        world.decide(issued, "overturn_suspension", deciders=panel, annuls=2)
    decide(world, case, "dismissed")
    with refused("appeal_not_upheld"):
        world.decide(issued, "overturn_suspension", deciders=panel, annuls=2)


def test_an_appeal_about_an_earlier_suspension_overturns_no_later_one(world, issued, suspended, panel):
    upheld(world, suspended.id, panel)
    world.restore(issued)
    world.suspend(issued)
    with refused("appeal_not_upheld"):
        world.decide(issued, "overturn_suspension", deciders=panel, annuls=4)


def test_what_overturns_is_decided_by_the_whole_panel_and_nobody_else(world, issued, suspended, panel):
    upheld(world, suspended.id, panel)
    third = world.add_person(world.actor, "appeal_handler")
    for deciders in (panel[:1], (*panel, third), (third,)):
        with refused("decided_outside_the_panel"):
            world.decide(issued, "overturn_suspension", deciders=deciders, annuls=2)


def test_who_audited_since_the_outcome_does_not_overturn(world, issued, suspended, panel):
    from app.registry.audit import TeamMember

    both = world.add_person(world.actor, "appeal_handler", "auditor")
    upheld(world, suspended.id, (both,))
    world.set_clock(world.now() + timedelta(days=5))
    world.audit(issued, "follow_up", last_day=world.today, team=(TeamMember(both.id, "team_leader"),))
    with refused("appeal_handler_involved"):
        world.decide(issued, "overturn_suspension", deciders=(both,), annuls=2)


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
