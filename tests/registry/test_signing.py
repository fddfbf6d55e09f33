"""The keeper signs what the records say and nothing else; each test changes one record behind the rules."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.keys.keys import check_signature
from app.keys.software import KeyFolder
from app.registry.signing import Signer
from tests.support.acts import begin_decision, begin_issue, refused, rows, tamper


@pytest.fixture
def decided(world):
    """A signed grant that is not issued yet."""
    opened = world.open()
    return world.decide_grant(opened.public_id, world.audits(opened.public_id))


@pytest.fixture
def certificate(world, decided):
    """The reservation of a certificate that waits for its signature."""
    return reserved(world, begin_issue(world, decided), "certificate")


def reserved(world, act, statement):
    (row,) = rows(
        world,
        "SELECT * FROM akashi.reservation WHERE act_id = %(act)s AND statement = %(statement)s",
        act=act,
        statement=statement,
    )
    return row


def sign(world, reservation):
    return Signer(world.database, world.keys, world.registry.base_url).sign(reservation.id)


def test_the_reserved_bytes_are_signed_by_the_key_that_they_name(world, certificate):
    signature = sign(world, certificate)
    check_signature(world.ring.certification.public_key, bytes(certificate.signing_input), signature)


def test_what_was_never_reserved_is_not_signed(world):
    with refused("unknown_reservation"):
        Signer(world.database, world.keys, world.registry.base_url).sign(uuid4())


def test_a_voided_act_is_not_signed(world, certificate):
    tamper(
        world,
        "INSERT INTO akashi.act_void VALUES (%(body)s, %(act)s, 'test', now())",
        body=world.body,
        act=certificate.act_id,
    )
    with refused("act_is_void"):
        sign(world, certificate)


def test_a_key_whose_binding_is_gone_does_not_sign(world, certificate):
    tamper(world, "DELETE FROM akashi.key_binding")
    with refused("key_not_bound"):
        sign(world, certificate)


def test_a_decision_without_its_decider_s_evidence_is_not_signed(world, certificate):
    tamper(world, "DELETE FROM akashi.confirmation WHERE body_id = %(body)s", body=world.body)
    with refused("not_confirmed"):
        sign(world, certificate)


def test_evidence_confirmed_at_the_end_of_its_key_or_later_is_not_signed(world, certificate):
    tamper(
        world,
        "INSERT INTO akashi.person_key_end SELECT body_id, thumbprint, 'lost', recorded_at FROM akashi.confirmation "
        "WHERE body_id = %(body)s",
        body=world.body,
    )
    with refused("person_key_ended"):
        sign(world, certificate)


def test_a_decision_that_names_nobody_is_not_signed(world, certificate):
    tamper(world, "DELETE FROM akashi.confirmation WHERE body_id = %(body)s", body=world.body)
    tamper(world, "DELETE FROM akashi.draft_person WHERE body_id = %(body)s", body=world.body)
    with refused("not_confirmed"):
        sign(world, certificate)


def test_a_document_changed_after_the_confirmation_is_not_signed(world, certificate):
    tamper(world, "UPDATE akashi.draft SET document = document || ' ' WHERE kind = 'decision'")
    with refused("bad_signature"):
        sign(world, certificate)


def test_a_person_exchanged_behind_the_commitment_is_noticed(world, certificate):
    tamper(world, "UPDATE akashi.draft_person SET salt = sha256(salt) WHERE body_id = %(body)s", body=world.body)
    with refused("document_mismatch"):
        sign(world, certificate)


def test_facts_changed_after_the_decision_are_not_signed(world, certificate):
    tamper(
        world,
        "UPDATE akashi.draft SET facts = jsonb_set(facts, '{holder,names,0,name}', '\"Other K.K.\"') "
        "WHERE kind = 'decision'",
    )
    with refused("document_mismatch"):
        sign(world, certificate)


def test_columns_that_the_rules_judged_and_facts_that_are_signed_are_the_same(world, certificate):
    tamper(world, "UPDATE akashi.decision SET areas = '{generative}'")
    with refused("document_mismatch"):
        sign(world, certificate)


def test_bytes_that_the_records_do_not_give_are_not_signed(world, certificate):
    tamper(world, "UPDATE akashi.reservation SET signing_input = signing_input || 'x' WHERE statement = 'certificate'")
    with refused("document_mismatch"):
        sign(world, certificate)


def test_an_event_that_does_not_continue_the_chain_is_not_signed(world):
    granted = world.grant()
    draft = world.draft(granted.public_id, "withdraw", reason=("agreement_broken", "x"))
    event = reserved(world, begin_decision(world, draft), "akashi-standing-event-1")
    tamper(world, "UPDATE akashi.standing_event SET to_state = 'suspended'")
    with refused("document_mismatch"):
        sign(world, event)


def test_a_key_that_is_not_held_here_cannot_sign(world, certificate, tmp_path):
    elsewhere = KeyFolder(tmp_path / "keys", "another secret of tests")
    with refused("key_not_here"):
        Signer(world.database, elsewhere, world.registry.base_url).sign(certificate.id)


def test_what_is_sealed_is_not_signed_again(world):
    world.grant()
    (certificate,) = rows(world, "SELECT id FROM akashi.reservation WHERE statement = 'certificate'")
    with refused("act_is_sealed"):
        sign(world, certificate)
