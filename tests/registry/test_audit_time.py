"""Audit time is calculated, adjusted with reasons, justified and recorded before anything is granted (17021-1 9.1.4)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from app.registry.audit_time import Adjustment
from tests.support.acts import refused, rows


def grant(world, public_id):
    """Decided with whatever calculation there is."""
    world.lay_groundwork = lambda *_: None
    world.establish(public_id, (world.head_office,))
    return world.decide_grant(public_id, world.audits(public_id))


def test_the_result_is_the_database_s_own_sum(bare_world):
    adjustments = (Adjustment(Decimal("1.5"), "many AI systems"), Adjustment(Decimal("-0.25"), "mature"))
    bare_world.calculate(bare_world.open().public_id, base_days=Decimal("5.5"), adjustments=adjustments)
    [kept] = rows(bare_world, "SELECT result_days, inputs, carried_by FROM akashi.audit_time")
    assert kept == (Decimal("6.75"), {"headcount": 40}, "cb-client")


@pytest.mark.parametrize(("reduced", "code"), [("-1.5", None), ("-1.51", "time_reduced_too_far")])
def test_the_scheme_limits_the_reduction(bare_world, reduced, code):
    public_id = bare_world.open().public_id
    adjustments = (Adjustment(Decimal(reduced), "mature"),)
    if code is None:
        assert bare_world.calculate(public_id, adjustments=adjustments)
    else:
        with refused(code):
            bare_world.calculate(public_id, adjustments=adjustments)


def test_an_adjustment_changes_something(bare_world):
    with refused("adjustment_without_reason"):
        bare_world.calculate(bare_world.open().public_id, adjustments=(Adjustment(Decimal(0), "none"),))


def test_time_is_justified_by_a_reviewer_or_an_auditor(bare_world):
    public_id = bare_world.open().public_id
    for person in (bare_world.reviewer, bare_world.auditor):
        assert bare_world.calculate(public_id, justified_by=person.id)
    with refused("planner_not_competent"):
        bare_world.calculate(public_id, justified_by=bare_world.decider.id)
    with refused("unknown_person", "/justified_by"):
        bare_world.calculate(public_id, justified_by=uuid4())
    with refused("date_in_the_future"):
        bare_world.calculate(public_id, calculated_on=bare_world.ago(-1))


def test_nothing_is_granted_without_a_calculation(world):
    public_id = world.open().public_id
    with refused("audit_time_missing"):
        grant(world, public_id)
    world.calculate(public_id)
    assert grant(world, public_id).act == "grant"
