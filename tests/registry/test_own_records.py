"""A body's own records: complete, in the order of recording, and nobody else's."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from app.registry.own_records import (
    AGREEMENT,
    APPLICATION,
    AUDIT,
    CERTIFICATION,
    ORGANISATION,
    PERSON,
    list_own,
    read_own,
    signed_on,
)
from app.storage.public_record import Place
from tests.support.acts import refused

KINDS = (PERSON, ORGANISATION, APPLICATION, AGREEMENT, CERTIFICATION, AUDIT)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_listed_and_read_alike(world, kind):
    world.grant()
    listed = list_own(world.registry, world.actor, kind, place=None, limit=100)
    assert listed
    for _, record in listed:
        assert read_own(world.registry, world.actor, kind, record.id) == record


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_another_bodys_records_are_unknown_and_not_listed(world, kind):
    world.grant()
    _, stranger = world.add_certification_body("Another Body")
    (_, record), *_ = list_own(world.registry, world.actor, kind, place=None, limit=1)
    with refused(kind.unknown):
        read_own(world.registry, stranger, kind, record.id)
    with refused(kind.unknown):
        read_own(world.registry, world.actor, kind, uuid4())
    assert list_own(world.registry, stranger, kind, place=None, limit=100) == ()


def test_parts_have_their_types(world):
    world.grant()
    (_, organisation), *_ = list_own(world.registry, world.actor, ORGANISATION, place=None, limit=1)
    assert {name.script for name in organisation.names} == {"Latn", "Jpan"}
    assert isinstance(organisation.sites[0].id, UUID)
    (_, audit), *_ = list_own(world.registry, world.actor, AUDIT, place=None, limit=1)
    assert isinstance(audit.first_day, date)
    assert isinstance(audit.team[0].person, UUID)


def test_a_place_leads_on_and_back(world):
    rows = list_own(world.registry, world.actor, PERSON, place=None, limit=100)
    (sequence, middle) = rows[2]
    after = list_own(world.registry, world.actor, PERSON, place=Place(sequence, str(middle.id)), limit=100)
    before = list_own(
        world.registry, world.actor, PERSON, place=Place(sequence, str(middle.id), backwards=True), limit=100
    )
    assert after == rows[3:]
    assert before == rows[1::-1]


def test_what_was_signed_on_a_draft_is_in_the_order_of_signing(world):
    opened = world.open()
    decided = world.decide_grant(opened.public_id, world.audits(opened.public_id))
    world.issue(decided)
    signed = signed_on(world.registry, world.actor, decided.id)
    assert [one.statement for one in signed] == ["akashi-decision-1", "certificate", "akashi-standing-event-1"]
    assert signed_on(world.registry, world.actor, uuid4()) == ()
