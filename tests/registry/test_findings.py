"""Findings are corrected, acted upon, accepted and verified in this order, by those who may (17021-1 9.4.9, 9.5.2)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import findings
from app.registry.audit import Finding
from tests.support.acts import refused, rows


def found(world, grade="minor"):
    """A finding of an audit that ended five days ago."""
    public_id = world.open().public_id
    finding = Finding(grade, "A.6.2.4", "Validation is not recorded", world.ago(-30))
    return world.audit(public_id, "stage_1", last_day=world.ago(5), findings=(finding,)).findings[0]


def step(world, finding, name, **changes):
    said = {"person": world.auditor.id, "done_on": world.ago(1), **changes}
    findings.record_step(world.registry, world.actor, finding=finding, step=name, **said)


def granted_with(world, grade):
    """A certification whose stage 2 found something, its audits, and what was found."""
    public_id = world.open().public_id
    finding = Finding(grade, "A.6.2.4", "Validation is not recorded", world.ago(-30))
    audits = world.audits(public_id, findings=(finding,))
    [row] = rows(world, "SELECT id FROM akashi.finding")
    return public_id, audits, row.id


def test_every_step_is_on_record_with_its_person_and_note(bare_world):
    finding = found(bare_world)
    for name in findings.STEPS:
        step(bare_world, finding, name, note=f"{name}, as seen in the records")
    kept = rows(bare_world, "SELECT step, person_id, note FROM akashi.finding_step ORDER BY recorded_at")
    assert [(row.step, row.person_id) for row in kept] == [(name, bare_world.auditor.id) for name in findings.STEPS]


@pytest.mark.parametrize(
    ("name", "before"),
    [("plan_accepted", ()), ("plan_accepted", ("corrected",)), ("verified", ("corrective_action", "plan_accepted"))],
)
def test_no_step_comes_before_those_it_rests_on(bare_world, name, before):
    finding = found(bare_world)
    for earlier in before:
        step(bare_world, finding, earlier)
    with refused("step_out_of_order"):
        step(bare_world, finding, name)


def test_nothing_is_accepted_on_a_day_before_it_was_proposed(bare_world):
    finding = found(bare_world)
    step(bare_world, finding, "corrective_action", done_on=bare_world.ago(1))
    with refused("step_out_of_order"):
        step(bare_world, finding, "plan_accepted", done_on=bare_world.ago(2))


@pytest.mark.parametrize("name", ["plan_accepted", "verified"])
def test_no_outsider_accepts_or_verifies(bare_world, name):
    finding = found(bare_world)
    for earlier in findings.STEPS[: findings.STEPS.index(name)]:
        step(bare_world, finding, earlier)
    with refused("resolver_not_competent"):
        step(bare_world, finding, name, person=bare_world.decider.id)


def test_a_finding_is_resolved_after_it_was_found_and_not_in_the_future(bare_world):
    finding = found(bare_world)
    with refused("step_before_audit"):
        step(bare_world, finding, "corrected", done_on=bare_world.ago(7))
    with refused("date_in_the_future"):
        step(bare_world, finding, "corrected", done_on=bare_world.ago(-1))


def test_what_is_not_the_body_s_reads_as_unknown(bare_world):
    with refused("unknown_finding", "/finding"):
        step(bare_world, uuid4(), "corrected")
    with refused("unknown_person", "/person"):
        step(bare_world, found(bare_world), "corrected", person=bare_world.officer.id)


@pytest.mark.parametrize(("grade", "enough"), [("minor", "plan_accepted"), ("major", "verified")])
def test_a_nonconformity_blocks_a_grant_until_it_is_resolved_far_enough(world, grade, enough):
    public_id, audits, finding = granted_with(world, grade)
    for name in findings.STEPS[: findings.STEPS.index(enough) + 1]:
        with refused(f"open_{grade}_finding"):
            world.decide_grant(public_id, audits)
        step(world, finding, name)
    assert world.decide_grant(public_id, audits).act == "grant"
