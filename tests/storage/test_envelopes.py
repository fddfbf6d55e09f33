"""Drafts, acts with their slot, reservations, envelopes: what one body writes, no other sees."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.storage import envelopes
from tests.support.acts import begin_decision, begin_issue, rows, tamper


@pytest.fixture
def open_act(world):
    """A withdrawal between its two commits: its certification's public ID, its draft and its act."""
    granted = world.grant()
    draft = world.draft(granted.public_id, "withdraw", reason=("agreement_broken", "x"))
    return granted.public_id, draft, begin_decision(world, draft)


def subject(world):
    return bytes(rows(world, "SELECT subject FROM akashi.certification")[0].subject)


def reading(world, query, *arguments, body=None):
    with world.database.transaction(body=body or world.body) as connection:
        return query(connection, *arguments)


def test_a_draft_and_its_people_are_found_by_their_own_body_only(world, open_act):
    _, draft, _ = open_act
    assert reading(world, envelopes.find_draft, world.body, draft.id).kind == "decision"
    (person,) = reading(world, envelopes.draft_people, world.body, draft.id)
    assert (person.person_id, person.evidence["key"]) == (world.decider.id, world.decider.key.thumbprint)

    other = world.accreditation_body
    assert reading(world, envelopes.find_draft, world.body, draft.id, body=other) is None
    assert reading(world, envelopes.draft_people, world.body, draft.id, body=other) == ()


def test_a_key_leads_to_the_person_who_enrolled_it(world):
    found = reading(world, envelopes.person_of_key, world.body, world.reviewer.key.thumbprint)
    assert found.person_id == world.reviewer.id
    assert reading(world, envelopes.person_of_key, world.body, world.officer.key.thumbprint) is None


def test_the_slot_names_the_act_under_way_and_what_it_decides(world, open_act):
    _, _, act = open_act
    holder = reading(world, envelopes.slot_holder, world.body, subject(world))
    assert (holder.id, holder.name, holder.decides) == (act, "decide", "withdraw")


def test_a_slot_is_taken_once_and_freed_with_its_act(world, open_act):
    _, _, act = open_act
    assert not reading(world, envelopes.take_slot, world.body, subject(world), act)
    reading(world, envelopes.free_slot, world.body, act)
    assert reading(world, envelopes.slot_holder, world.body, subject(world)) is None
    assert reading(world, envelopes.take_slot, world.body, subject(world), act)


def test_voiding_twice_keeps_the_first_reason(world, open_act):
    _, draft, act = open_act
    reading(world, envelopes.void_act, world.body, act, "first")
    reading(world, envelopes.void_act, world.body, act, "second")
    assert [row.reason for row in rows(world, "SELECT reason FROM akashi.act_void")] == ["first"]
    assert reading(world, envelopes.act_of_draft, world.body, draft.id, "decide") is None


def test_an_act_is_found_by_its_draft_and_by_its_key(world):
    opened = world.open()
    decided = world.decide_grant(opened.public_id, world.audits(opened.public_id))
    act = begin_issue(world, decided, "the key")
    assert reading(world, envelopes.act_of_draft, world.body, decided.id, "issue") == act
    found = reading(world, envelopes.act_by_key, world.body, "the key")
    assert (found.id, found.name, found.void, found.sealed) == (act, "issue", False, False)
    assert reading(world, envelopes.act_by_key, world.body, "another key") is None


def test_open_acts_are_those_neither_sealed_nor_void_oldest_first(world, open_act):
    _, _, first = open_act
    opened = world.open("FC-0002")
    second = begin_issue(world, world.decide_grant(opened.public_id, world.audits(opened.public_id)))

    def found():
        with world.database.transaction("jobs") as connection:
            return [act.id for act in envelopes.open_acts(connection)]

    assert found() == [first, second]
    reading(world, envelopes.void_act, world.body, first, "test")
    assert found() == [second]


def test_the_facts_of_an_act_come_in_their_order_unsigned_until_sealed(world, open_act):
    _, _, act = open_act
    facts = reading(world, envelopes.reservations_of, world.body, act)
    assert [(fact.ordinal, fact.statement, fact.signature) for fact in facts] == [
        (1, "akashi-decision-1", None),
        (2, "akashi-standing-event-1", None),
    ]


def test_the_keeper_reads_a_reservation_with_draft_and_standing_of_the_act(world, open_act):
    _, draft, act = open_act
    reservation = reading(world, envelopes.reservations_of, world.body, act)[0].id
    with world.database.transaction("keeper") as connection:
        row = envelopes.to_sign(connection, reservation)
        assert envelopes.to_sign(connection, uuid4()) is None
    assert (row.draft_id, row.act_name, row.open, row.bound) == (draft.id, "decide", True, True)
    assert bytes(row.document) == draft.document


def test_evidence_without_its_enrolled_key_is_shown_as_such(world, open_act):
    _, draft, _ = open_act
    tamper(world, "DELETE FROM akashi.person_key WHERE person_id = %(p)s", p=world.decider.id)
    (person,) = reading(world, envelopes.evidence_of, world.body, draft.id)
    assert person.evidence is not None
    assert person.jwk is None
