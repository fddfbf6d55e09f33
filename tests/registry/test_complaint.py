"""Complaints and reports of misuse: from anyone, handled in order, by people who are not involved in their subject."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.access.permissions import Scope
from app.registry import complaint
from app.registry.complaint import Complaint
from tests.support.acts import count, refused, rows


@pytest.fixture
def issued(world):
    return world.grant().public_id


@pytest.fixture
def outsider(world):
    return world.add_person(world.actor, "reviewer")


def received(world, certification=None, kind="complaint", **more):
    return complaint.receive_complaint(
        world.registry,
        world.actor,
        Complaint(kind, "the robot has no risk assessment", certification, more.pop("contact", None)),
        origin="third_party",
        received_on=more.pop("received_on", world.ago(3)),
        **more,
    ).id


def step(world, case, name, by, on=None):
    complaint.record_step(
        world.registry, world.actor, case, step=name, person=by.id, done_on=on or world.ago(2), account="told"
    )


def decide(world, case, by, on=None):
    complaint.decide_complaint(
        world.registry,
        world.actor,
        case,
        outcome="justified",
        person=by.id,
        decided_on=on or world.today,
        reasons="so it is",
    )


def test_a_complaint_is_acknowledged_investigated_and_decided(world, issued, outsider):
    case = received(world, issued)
    step(world, case, "acknowledged", world.auditor)
    step(world, case, "investigated", outsider)
    decide(world, case, outsider)
    with refused("already_recorded"):
        decide(world, case, outsider)
    assert count(world, "complaint_decision") == 1


def test_nothing_is_decided_before_it_was_acknowledged_and_investigated(world, outsider):
    case = received(world)
    step(world, case, "acknowledged", world.auditor)
    with refused("case_out_of_order"):
        decide(world, case, outsider)
    with refused("case_out_of_order"):
        step(world, case, "investigated", outsider, on=world.ago(4))
    step(world, case, "investigated", outsider)
    with refused("case_out_of_order"):
        decide(world, case, outsider, on=world.ago(3))


@pytest.mark.parametrize("involved", ["auditor", "decider"])
def test_who_audited_or_decided_neither_investigates_nor_decides(world, issued, outsider, involved):
    case, person = received(world, issued), getattr(world, involved)
    with refused("involved_in_complaint"):
        step(world, case, "investigated", person)
    step(world, case, "acknowledged", person)
    step(world, case, "investigated", outsider)
    with refused("involved_in_complaint"):
        decide(world, case, person)


def test_whom_a_complaint_about_the_body_names_handles_none_of_it(world, outsider):
    case = received(world)
    complaint.name_involved(world.registry, world.actor, case, outsider.id)
    with refused("involved_in_complaint"):
        step(world, case, "investigated", outsider)
    step(world, case, "acknowledged", outsider)
    step(world, case, "investigated", world.reviewer)
    with refused("involved_in_complaint"):
        complaint.name_involved(world.registry, world.actor, case, world.reviewer.id)


def test_anyone_may_complain_and_gets_a_reference_alone(world, issued):
    got = complaint.receive_from_anyone(world.registry, world.body, Complaint("misuse", "<b>copied</b>", issued, "me"))
    (kept,) = rows(world, "SELECT * FROM akashi.complaint")
    assert (kept.reference, kept.subject, kept.origin, kept.carried_by) == (
        got.reference,
        "<b>copied</b>",
        "third_party",
        "anyone",
    )
    assert kept.received_on == world.today


def test_nobody_complains_to_whoever_certifies_nothing(world):
    for body in (world.accreditation_body, uuid4()):
        with refused("unknown_body"):
            complaint.receive_from_anyone(world.registry, body, Complaint("complaint", "x"))


def test_another_bodys_certificate_is_unknown_to_the_one_complained_to(world, issued):
    other, _ = world.add_certification_body("Another")
    with refused("unknown_certification"):
        complaint.receive_from_anyone(world.registry, other, Complaint("misuse", "x", issued))


def test_text_that_hides_something_is_refused(world):
    with refused("text_bidi_control"):
        complaint.receive_from_anyone(world.registry, world.body, Complaint("complaint", "a\u202eb"))


def test_who_complained_can_be_erased_and_the_complaint_stays(world):
    case = received(world, contact="Hanako, 03-0000-0000")
    complaint.erase_contact(world.registry, world.actor, case)
    complaint.erase_contact(world.registry, world.actor, case)
    assert (count(world, "complaint_contact"), count(world, "complaint")) == (0, 1)


def test_each_side_has_its_latest_word_about_publicity(world):
    case = received(world)
    for extent in ("resolution", "nothing"):
        complaint.agree_publicity(
            world.registry, world.actor, case, side="complainant", extent=extent, agreed_on=world.today
        )
    said = rows(world, "SELECT extent FROM akashi.complaint_publicity ORDER BY sequence")
    assert [row.extent for row in said] == ["resolution", "nothing"]


def test_a_retry_records_no_second_complaint(world):
    from app.registry.requests import Request

    request = Request("complained-once", "x")
    asked = {"origin": "holder", "received_on": world.today, "request": request}
    answers = {
        complaint.receive_complaint(world.registry, world.actor, Complaint("complaint", "x"), **asked) for _ in range(2)
    }
    assert len(answers) == 1


def test_what_is_not_the_body_s_is_unknown(world, outsider):
    _, stranger = world.add_certification_body("A stranger")
    case = received(world)
    with refused("unknown_complaint"):
        complaint.erase_contact(world.registry, stranger, case)
    with refused("unknown_person"):
        complaint.name_involved(world.registry, world.actor, case, uuid4())


def test_a_client_without_the_scope_records_nothing(world):
    from dataclasses import replace

    lesser = replace(world.actor, scopes=world.actor.scopes - {Scope.CASES.value})
    with refused("insufficient_scope"):
        complaint.receive_complaint(
            world.registry, lesser, Complaint("complaint", "x"), origin="holder", received_on=world.today
        )
