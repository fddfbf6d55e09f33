"""The dossier: all that a body keeps about a certification, and nothing to anybody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.registry import appeal, change_notice, complaint
from app.registry.dossier import read_dossier
from tests.support.acts import refused, rows


@pytest.fixture
def certification(world):
    """A certificate with something of everything about it."""
    issued = world.grant().public_id
    world.draft(issued, "amend")
    told = {"kind": "name", "detail": "x", "received_on": world.today}
    change_notice.receive_notice(world.registry, world.actor, certification=issued, **told)
    complaint.receive_from_anyone(world.registry, world.body, complaint.Complaint("misuse", "x", issued))
    suspended = world.suspend(issued)
    appeal.lodge_appeal(world.registry, world.actor, decision=suspended.id, grounds="x", lodged_on=world.today)
    return id_of(world, issued)


def id_of(world, public_id):
    return rows(world, "SELECT id FROM akashi.certification WHERE public_id = %(id)s", id=public_id)[0].id


def test_a_dossier_holds_every_part_in_the_order_of_recording(world, certification):
    dossier = read_dossier(world.registry, world.actor, certification)
    assert [(one.act, one.event_no, one.state, one.version) for one in dossier.decisions] == [
        ("grant", 1, "active", 1),
        ("suspend", 2, "suspended", None),
    ]
    assert dossier.decisions[1].reason_code == "nonconformity_persists"
    assert dossier.decisions[1].deciders == (world.decider.id,)
    assert [(one.act, one.awaited) for one in dossier.drafts] == [("amend", (world.decider.id,))]
    assert [one.kind for one in dossier.audits] == ["stage_1", "stage_2"]
    assert (dossier.state, len(dossier.change_notices), len(dossier.complaints)) == ("suspended", 1, 1)
    assert dossier.appeals[0].event_no == 2
    assert {one.what for one in dossier.due} >= {"surveillance", "suspension", "appeal_decision", "complaint_decision"}
    assert {one.certificate_id for one in dossier.due} == {dossier.certification.certificate_id}


def test_a_refusal_stands_in_the_dossier_with_its_reason_and_brings_nothing_about(world):
    opened = world.open()
    world.audits(opened.public_id)
    world.decide(opened.public_id, "refuse", reason=("requirements_not_met", "no risk assessment"))
    dossier = read_dossier(world.registry, world.actor, opened.id)
    (refusal,) = dossier.decisions
    assert (refusal.act, refusal.reason, refusal.event_no, refusal.version) == (
        "refuse",
        "no risk assessment",
        None,
        None,
    )
    assert (dossier.state, dossier.due) == ("none", ())


def test_a_refusal_is_appealed_like_any_other_decision(world):
    opened = world.open()
    refusal = world.decide(opened.public_id, "refuse", reason=("requirements_not_met", "no risk assessment"))
    appeal.lodge_appeal(world.registry, world.actor, decision=refusal.id, grounds="x", lodged_on=world.today)
    (lodged,) = read_dossier(world.registry, world.actor, opened.id).appeals
    assert (lodged.act, lodged.event_no) == ("refuse", None)


def test_what_belongs_to_another_certification_is_not_in_it(world, certification):
    other = world.open("FC-0002")
    dossier = read_dossier(world.registry, world.actor, other.id)
    assert dossier.decisions == dossier.drafts == dossier.audits == dossier.due == dossier.complaints == ()


def test_another_body_s_dossier_is_unknown_and_reading_needs_its_scope(world, certification):
    _, stranger = world.add_certification_body("A stranger")
    with refused("unknown_certification"):
        read_dossier(world.registry, stranger, certification)
    with refused("insufficient_scope"):
        read_dossier(world.registry, replace(world.actor, scopes=frozenset({"audits"})), certification)
