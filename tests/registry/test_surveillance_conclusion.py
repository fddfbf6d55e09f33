"""The team leader's conclusion keeps a certification running, unless there is a major (ISO/IEC 17021-1 9.6.1)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import surveillance_conclusion
from app.registry.audit import Finding
from app.storage import assessment
from tests.support.acts import refused, rows


@pytest.fixture
def opened(bare_world):
    return bare_world.open().public_id


def conclude(world, audit, **changes):
    said = {
        "leader": world.auditor.id,
        "positive": True,
        "conclusion": "goes on",
        "concluded_on": world.today,
        **changes,
    }
    surveillance_conclusion.conclude_surveillance(world.registry, world.actor, audit=audit, **said)


def monitor(world, audit, **changes):
    said = {
        "person": world.reviewer.id,
        "confirmed": True,
        "note": "as reported",
        "monitored_on": world.today,
        **changes,
    }
    surveillance_conclusion.monitor_conclusion(world.registry, world.actor, audit=audit, **said)


def major(world):
    return Finding("major", "9.2", "no internal audit was held", world.ago(-30))


@pytest.mark.parametrize("kind", ["surveillance", "follow_up", "short_notice"])
def test_the_leader_concludes_once(bare_world, opened, kind):
    audit = bare_world.audit(opened, kind).id
    conclude(bare_world, audit)
    with refused("already_recorded"):
        conclude(bare_world, audit, positive=False)
    assert [row.positive for row in rows(bare_world, "SELECT positive FROM akashi.surveillance_conclusion")] == [True]


def test_other_audits_end_in_a_decision(bare_world, opened):
    with refused("conclusion_of_no_surveillance"):
        conclude(bare_world, bare_world.audit(opened, "stage_1").id)


def test_nobody_else_concludes_and_nobody_before_the_end(bare_world, opened):
    audit = bare_world.audit(opened, "surveillance").id
    with refused("conclusion_by_another"):
        conclude(bare_world, audit, leader=bare_world.second_auditor.id)
    with refused("conclusion_before_audit_end"):
        conclude(bare_world, audit, concluded_on=bare_world.ago(2))
    with refused("unknown_audit", "/audit"):
        conclude(bare_world, uuid4())


def test_beside_a_major_nothing_positive_is_concluded(bare_world, opened):
    audit = bare_world.audit(opened, "surveillance", findings=(major(bare_world),)).id
    with refused("major_demands_a_decision"):
        conclude(bare_world, audit)
    conclude(bare_world, audit, positive=False)


def test_nor_is_a_major_found_after_a_positive_conclusion(bare_world, opened):
    audit = bare_world.audit(opened, "surveillance").id
    conclude(bare_world, audit)
    found = {"finding": uuid4(), "audit": audit, "clause": "9.2", "description": "x", "due_on": bare_world.today}
    with refused("major_demands_a_decision"), bare_world.database.transaction(body=bare_world.body) as connection:
        assessment.add_finding(connection, body=bare_world.body, grade="major", **found)
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assessment.add_finding(connection, body=bare_world.body, grade="minor", **found)


def test_conclusions_are_monitored_by_others(bare_world, opened):
    audit = bare_world.audit(opened, "surveillance").id
    with refused("unknown_conclusion", "/audit"):
        monitor(bare_world, audit)
    conclude(bare_world, audit)
    with refused("monitor_in_audit_team"):
        monitor(bare_world, audit, person=bare_world.auditor.id)
    monitor(bare_world, audit, confirmed=False)
    assert [row.confirmed for row in rows(bare_world, "SELECT confirmed FROM akashi.conclusion_monitoring")] == [False]
