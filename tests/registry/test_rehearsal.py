"""A drafted decision is tried out: all faults at once, nothing changed, and the confirmation stays the authority."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.registry.rehearsal import faults_of
from tests.support.acts import count, refused, rows
from tests.support.around import lawful_grant, opened
from tests.support.world import World


@pytest.fixture
def settled(lasting_world: World) -> World:
    """A world that these tests share; trying out changes nothing."""
    return lasting_world


def drafted_grant(world: World, **more):
    """A lawful grant of a fresh certification, drafted; or another, by what is given."""
    public_id, audits = opened(world)
    more.setdefault("relied_on", audits)
    more.setdefault("certificate", world.wanted())
    return world.draft(public_id, "grant", accreditations=(world.known_accreditation,), **more)


def faults(world: World, draft) -> dict[str, str]:
    """Field by code."""
    return {fault.code: fault.field for fault in faults_of(world.registry, world.actor, draft.id)}


def test_a_lawful_draft_has_no_fault_though_its_evidence_is_awaited(settled):
    draft = drafted_grant(settled)
    assert faults(settled, draft) == {}
    assert settled.confirm(draft).act == "grant"
    assert faults(settled, draft) == {}


def test_every_rule_that_is_broken_is_told_at_once_with_its_field_and_clause(settled):
    public_id, audits = opened(settled)
    draft = settled.draft(
        public_id,
        "grant",
        until=settled.ago(-30),
        deciders=(settled.auditor,),
        relied_on=audits[:1],
        certificate=settled.wanted(areas=("biometric",)),
        accreditations=(settled.known_accreditation,),
    )
    found = faults_of(settled.registry, settled.actor, draft.id)
    assert {fault.code: fault.field for fault in found} == {
        "suspension_without_end": "/until",
        "decider_not_competent": "/deciders",
        "decider_in_audit_team": "/deciders",
        "decider_lacks_area": "/deciders",
        "team_lacks_area": "/relied_on",
        "audit_missing": "/relied_on",
        "outside_accreditation_at_decision": "/accreditations",
        "outside_accreditation_now": "/accreditations",
    }
    assert all("17021-1" in fault.note or "invariant" in fault.note for fault in found)


def test_what_a_constraint_refuses_is_told_like_what_a_rule_refuses(settled):
    public_id = settled.grant("R-constraint").public_id
    draft = settled.draft(public_id, "cancel", effective_on=settled.ago(1))
    assert faults(settled, draft) == {"reason_missing": "/reason", "effective_before_decision": "/effective_on"}


def test_too_few_deciders_are_a_fault_of_the_draft_and_missing_evidence_is_none(settled):
    public_id = settled.grant("R-eyes").public_id
    annulment = {"annuls": 1, "reason": ("issued_in_error", "x")}
    alone = settled.draft(public_id, "annul", deciders=(settled.decider,), **annulment)
    both = settled.draft(public_id, "annul", deciders=(settled.decider, settled.second_decider), **annulment)
    assert faults(settled, alone) == {"not_confirmed": "/deciders"}
    assert faults(settled, both) == {}


def test_trying_out_changes_nothing(settled):
    tables = ("decision", "act", "slot", "reservation", "rehearsal", "standing_event")
    draft = drafted_grant(settled)
    before = [count(settled, table) for table in tables]
    faults(settled, draft)
    assert [count(settled, table) for table in tables] == before


def test_what_was_lawful_at_the_draft_is_judged_anew_by_the_day(world):
    public_id = world.grant().public_id
    draft = world.draft(public_id, "cancel", reason=("holder_request", "x"))
    assert faults(world, draft) == {}
    world.set_clock(world.now() + timedelta(days=32))
    assert faults(world, draft) == {"late_without_reason": "/late_reason"}
    with refused("late_without_reason"):
        world.confirm(draft)


def test_another_body_s_draft_is_unknown(settled):
    draft = drafted_grant(settled)
    _, stranger = settled.add_certification_body("Stranger of R")
    with refused("unknown_draft"):
        faults_of(settled.registry, stranger, draft.id)


def test_a_rehearsed_decision_is_still_to_be_written_by_its_act(settled):
    """The confirmation is the authority: what was tried out leaves no row that it could find."""
    attempt = lawful_grant(settled)
    with settled.database.transaction(body=settled.body) as connection:
        attempt.draft(connection)
    assert faults_of(settled.registry, settled.actor, attempt.id) == ()
    assert rows(settled, "SELECT FROM akashi.decision WHERE id = %(id)s", id=attempt.id) == []
