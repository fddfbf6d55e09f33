"""Notices of change: told by the holder, judged by a competent person; a successor is assessed before it is named."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import change_notice, organisations
from app.registry.change_notice import Disposition
from tests.support.acts import refused, rows


@pytest.fixture
def issued(world):
    return world.grant().public_id


def told(world, certification, kind="name", **more):
    return change_notice.receive_notice(
        world.registry,
        world.actor,
        certification=certification,
        kind=kind,
        detail="the register was changed",
        received_on=more.pop("received_on", world.today),
        **more,
    )


def judged(world, notice, consequence="amend", **more):
    by = more.pop("by", world.reviewer).id
    disposition = Disposition(consequence, by, "seen in the register", more.pop("on", world.today), **more)
    change_notice.dispose_of(world.registry, world.actor, notice, disposition)


def register(world, number):
    organisations.add_identifier(
        world.registry, world.actor, world.organisation, scheme="jp_corporate_number", value=number
    )


def merge(world):
    """The organisation goes on in another legal entity: another number of the register, another name."""
    world.rename("Successor K.K.")
    register(world, "7000000000002")


def test_a_notice_waits_until_a_competent_person_disposes_of_it_once(world, issued):
    notice = told(world, issued)
    judged(world, notice, "no_action")
    with refused("already_recorded"):
        judged(world, notice, "suspend")
    (kept,) = rows(world, "SELECT disposition, person_id FROM akashi.change_disposition")
    assert tuple(kept) == ("no_action", world.reviewer.id)


def test_who_only_audits_does_not_judge_what_a_change_means(world, issued):
    notice = told(world, issued)
    with refused("change_judged_without_competence"):
        judged(world, notice, by=world.auditor)


def test_a_change_is_judged_after_it_was_told_and_told_after_it_happened(world, issued):
    with refused("date_in_the_future"):
        told(world, issued, received_on=world.ago(-1))
    notice = told(world, issued)
    with refused("case_out_of_order"):
        judged(world, notice, on=world.ago(1))


def test_a_new_name_needs_only_an_amendment(world, issued):
    world.rename("Renamed Robotics K.K.")
    judged(world, told(world, issued, "name"))
    assert world.amend(issued).version_no == 2


def test_a_merger_that_nobody_assessed_changes_no_certificate(world, issued):
    told(world, issued, "merger")
    world.rename("Successor K.K.")
    with refused("successor_not_assessed"):
        world.amend(issued)


def test_another_legal_entity_is_not_named_even_if_nobody_told_of_a_merger(world, issued):
    merge(world)
    with refused("successor_not_assessed"):
        world.amend(issued)


def test_a_merger_found_to_be_the_end_changes_no_certificate_and_is_cancelled(world, issued):
    judged(world, told(world, issued, "merger"), "end")
    merge(world)
    with refused("successor_not_assessed"):
        world.amend(issued)
    assert world.cancel(issued).act == "cancel"


def test_a_merger_is_amended_for_only_with_its_assessment(world, issued):
    notice = told(world, issued, "merger")
    with refused("successor_not_assessed"):
        judged(world, notice, "amend")
    judged(world, notice, "amend", assessment="the successor runs the same system with the same people")
    merge(world)
    assert world.amend(issued).version_no == 2


def test_an_assessment_serves_one_succession(world, issued):
    judged(world, told(world, issued, "merger"), assessment="the same system")
    merge(world)
    world.amend(issued)
    register(world, "6000000000003")
    with refused("successor_not_assessed"):
        world.amend(issued)


def test_an_identifier_that_was_missing_is_no_succession(world, issued):
    organisations.add_identifier(world.registry, world.actor, world.organisation, scheme="other", value="DUNS 1")
    assert world.amend(issued).version_no == 2


def test_what_is_not_the_body_s_is_unknown(world, issued):
    with refused("unknown_certification"):
        told(world, "0000200004000080000G000050000A0000M")
    with refused("unknown_notice"):
        judged(world, uuid4())
    _, stranger = world.add_certification_body("A stranger")
    notice = told(world, issued)
    with refused("unknown_notice"):
        change_notice.dispose_of(
            world.registry, stranger, notice, Disposition("end", world.reviewer.id, "x", world.today)
        )
    with refused("unknown_person"):
        change_notice.dispose_of(world.registry, world.actor, notice, Disposition("end", uuid4(), "x", world.today))
