"""Deciding in two steps: who may confirm what, and what a refused confirmation leaves behind."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.access.actor import OPERATOR, Actor
from app.credentials.canonical import canonical
from app.keys.encoding import b64u
from app.keys.evidence import sign_evidence
from app.keys.software import generate_software_key
from app.registry import decision
from app.registry.drafts import Draft, commitment, read_draft
from app.storage import envelopes
from tests.support.acts import count, refused, rows, said


@pytest.fixture
def draft(world) -> Draft:
    """A grant that awaits its decider."""
    opened = world.open()
    return world.draft(
        opened.public_id,
        "grant",
        relied_on=world.audits(opened.public_id),
        accreditations=(world.known_accreditation,),
        certificate=world.wanted(),
    )


def confirm(world, draft, evidence):
    return decision.confirm_decision(world.registry, world.actor, draft.id, evidence)


def test_a_draft_is_the_exact_canonical_document_and_its_digest(draft):
    assert draft.document == canonical(said(draft.document))
    assert draft.sha256 == b64u(hashlib.sha256(draft.document).digest())


def test_a_draft_decides_nothing_and_awaits_whom_it_names(world, draft):
    assert (draft.confirmed_by, draft.awaited) == ((), (world.decider.id,))
    assert count(world, "decision") == 0


def test_a_document_names_its_deciders_by_salted_commitment_alone(world, draft):
    (person,) = rows(world, "SELECT * FROM akashi.draft_person WHERE draft_id = %(id)s", id=draft.id)
    assert str(world.decider.id).encode() not in draft.document
    assert said(draft.document)["deciders"] == [commitment(str(world.decider.id).encode(), person.salt)]


def test_a_document_states_its_reason_by_salted_commitment_alone(world):
    granted = world.grant()
    draft = world.draft(
        granted.public_id, "withdraw", reason=("misuse_of_mark", "a mark on a product"), deciders=(world.decider,)
    )
    (kept,) = rows(world, "SELECT * FROM akashi.draft_reason WHERE draft_id = %(id)s", id=draft.id)
    assert b"mark on a product" not in draft.document
    assert said(draft.document)["reason_commitment"] == commitment(
        b"misuse_of_mark\na mark on a product", bytes(kept.salt)
    )


def test_a_draft_of_another_body_is_unknown(world, draft):
    _, other = world.add_certification_body("Another Certification")
    with refused("unknown_draft"):
        read_draft(world.registry, other, draft.id)
    with refused("unknown_draft"):
        decision.confirm_decision(world.registry, other, draft.id, sign_evidence(world.decider.key, draft.document))


def test_a_document_that_our_own_reader_would_refuse_is_not_kept(world):
    opened = world.open()
    first, second = world.add_person(world.actor, "decider"), world.decider
    proposal = decision.Proposal(
        opened.public_id, "annul", world.today, (first.id, second.id), annuls=-1, reason=("issued_in_error", "x")
    )
    with refused("malformed_document", "/annuls"):
        decision.draft_decision(world.registry, world.actor, proposal)
    assert rows(world, "SELECT FROM akashi.draft WHERE kind = 'decision'") == []


def test_evidence_by_a_key_that_nobody_enrolled_is_refused(world, draft):
    with refused("evidence_of_unknown_key", "/evidence/key"):
        confirm(world, draft, sign_evidence(generate_software_key(), draft.document))


@pytest.mark.parametrize("evidence", [None, "yes", {}, {"key": 7}])
def test_what_is_no_evidence_at_all_is_refused(world, draft, evidence):
    with refused("evidence_of_unknown_key", "/evidence/key"):
        confirm(world, draft, evidence)


def test_evidence_by_a_person_who_is_not_named_is_refused(world, draft):
    with refused("not_a_named_decider", "/evidence/key"):
        confirm(world, draft, sign_evidence(world.second_decider.key, draft.document))


def test_evidence_over_another_document_is_refused(world, draft):
    with refused("bad_signature"):
        confirm(world, draft, sign_evidence(world.decider.key, draft.document + b" "))


def test_evidence_with_a_member_too_many_is_refused(world, draft):
    evidence = sign_evidence(world.decider.key, draft.document) | {"comment": "yes"}
    with refused("malformed_evidence"):
        confirm(world, draft, evidence)


def test_a_refused_confirmation_leaves_no_confirmation(world, draft):
    before = count(world, "confirmation")
    world.change_accreditation("suspend")
    stated = count(world, "confirmation") - before
    with refused("accreditation_suspended_at_decision"):
        world.confirm(draft)
    assert count(world, "confirmation") == before + stated
    assert read_draft(world.registry, world.actor, draft.id).awaited == (world.decider.id,)


def test_confirming_twice_gives_the_same_decision(world, draft):
    assert world.confirm(draft) == world.confirm(draft)
    assert len(rows(world, "SELECT FROM akashi.confirmation WHERE draft_id = %(id)s", id=draft.id)) == 1


def test_one_of_two_deciders_alone_decides_nothing(world):
    granted = world.grant()
    both = (world.decider, world.second_decider)
    draft = world.draft(granted.public_id, "annul", deciders=both, annuls=1, reason=("issued_in_error", "x"))

    half = world.confirm(draft)

    assert isinstance(half, Draft)
    assert (half.confirmed_by, half.awaited) == ((world.decider.id,), (world.second_decider.id,))
    assert world.confirm(draft) == half, "the same person again changes nothing"


def test_of_two_deciders_who_confirm_at_the_same_moment_one_completes_the_decision(world):
    granted = world.grant()
    both = (world.decider, world.second_decider)
    draft = world.draft(granted.public_id, "annul", deciders=both, annuls=1, reason=("issued_in_error", "x"))

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda person: world.confirm(draft, person), both))

    assert sum(isinstance(answer, decision.Decision) for answer in answers) == 1


def test_a_decided_draft_takes_nobody_else_in(world, draft):
    world.confirm(draft)
    with refused("draft_is_closed"), world.database.transaction(body=world.body) as connection:
        envelopes.add_draft_person(
            connection, body=world.body, draft=draft.id, person=world.second_decider.id, salt=bytes(32)
        )


def test_the_record_tells_which_client_carried_draft_and_confirmation(world, draft):
    world.confirm(draft)
    (kept,) = rows(
        world,
        "SELECT d.carried_by AS drafted, c.carried_by AS confirmed FROM akashi.draft d "
        "JOIN akashi.confirmation c ON c.draft_id = d.id WHERE d.id = %(id)s",
        id=draft.id,
    )
    assert kept == ("cb-client", "cb-client")


def test_a_process_of_our_own_is_recorded_as_such(world, draft):
    evidence = sign_evidence(world.decider.key, draft.document)
    decision.confirm_decision(world.registry, Actor("process", world.body), draft.id, evidence)
    assert rows(world, "SELECT carried_by FROM akashi.confirmation WHERE draft_id = %(id)s", id=draft.id) == [
        ("process",)
    ]


def test_a_client_without_the_scope_carries_nothing(world, draft):
    reader = replace(world.actor, scopes=frozenset({"certificates:read"}))
    with refused("insufficient_scope"):
        decision.confirm_decision(world.registry, reader, draft.id, sign_evidence(world.decider.key, draft.document))


def test_who_acts_for_no_body_has_no_drafts(world, draft):
    with refused("acts_for_no_party"):
        read_draft(world.registry, OPERATOR, draft.id)
