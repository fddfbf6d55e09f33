"""Decisions, versions and the chain of standing, as their own body reads them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from cryptography import x509

from app.keys.keys import thumbprint
from app.storage import certifications
from tests.support.acts import begin_issue


@pytest.fixture
def issued(world):
    return world.grant()


def reading(world, query, *arguments, body=None):
    with world.database.transaction(body=body or world.body) as connection:
        return query(connection, *arguments)


def internal_id(world, issued):
    return reading(world, certifications.find_certification, world.body, issued.public_id).id


def test_a_certification_is_found_by_its_own_body_with_the_body_s_zone(world, issued):
    found = reading(world, certifications.find_certification, world.body, issued.public_id)
    assert (found.number, found.time_zone, found.scheme_code) == ("FC-0001", "Asia/Tokyo", "aims")
    assert reading(world, certifications.certification_by_id, world.body, found.id) == found
    other = world.accreditation_body
    assert reading(world, certifications.find_certification, world.body, issued.public_id, body=other) is None


def test_before_the_grant_there_is_neither_event_nor_version(world):
    opened = world.open()
    certification = reading(world, certifications.find_certification, world.body, opened.public_id).id
    assert reading(world, certifications.last_event, world.body, certification) is None
    assert reading(world, certifications.last_version, world.body, certification) is None


def test_the_last_event_and_the_last_version_are_those_of_highest_number(world, issued):
    world.amend(issued.public_id)
    world.suspend(issued.public_id)
    certification = internal_id(world, issued)
    event = reading(world, certifications.last_event, world.body, certification)
    version = reading(world, certifications.last_version, world.body, certification)
    assert (event.event_no, event.to_state) == (3, "suspended")
    assert (version.version_no, version.facts["decision"]["act"]) == (2, "amend")


def test_a_decision_names_its_accreditations_and_carries_document_and_facts(world, issued):
    version = reading(world, certifications.last_version, world.body, internal_id(world, issued))
    decision = reading(world, certifications.find_decision, world.body, version.decision_id)
    assert (decision.act, decision.facts) == ("grant", version.facts)
    assert reading(world, certifications.accreditations_of, world.body, decision.id) == (world.known_accreditation,)


def test_the_transition_table_leads_on_or_nowhere(world):
    nobody = (world.body, uuid4())
    assert reading(world, certifications.next_link, *nobody, "grant", None) == ("none", 1, "active")
    assert reading(world, certifications.next_link, *nobody, "restore", None) == ("none", 1, None)
    assert reading(world, certifications.decision_type, "amend").makes_version
    assert not reading(world, certifications.decision_type, "suspend").makes_version
    assert reading(world, certifications.decision_type, "revoke") is None


def test_a_version_is_found_by_its_decision_with_its_signed_bytes(world, issued):
    version = reading(world, certifications.last_version, world.body, internal_id(world, issued))
    found = reading(world, certifications.version_of_decision, world.body, version.decision_id)
    assert (found.public_id, found.version_no) == (issued.public_id, 1)
    assert issued.credential.startswith(found.signing_input.decode())
    suspended = world.suspend(issued.public_id)
    assert reading(world, certifications.version_of_decision, world.body, suspended.id) is None


def test_positions_of_an_act_are_drawn_once_for_each_purpose(world):
    opened = world.open()
    act = begin_issue(world, world.decide_grant(opened.public_id, world.audits(opened.public_id)))
    reserved = reading(world, certifications.find_issuance_reservation, world.body, act)
    assert (reserved.revocation_list, reserved.suspension_list, reserved.refresh_list) == (1, 2, 3)
    assert all(0 <= getattr(reserved, f"{p}_position") < 131072 for p in ("revocation", "suspension", "refresh"))


def test_the_bound_key_is_the_newest_that_is_bound_now(bare_world):
    bare_world.accredit()
    assert reading(bare_world, certifications.bound_key, bare_world.body) is None
    bare_world.bind_key()
    first = reading(bare_world, certifications.bound_key, bare_world.body)
    assert first.thumbprint == bare_world.ring.certification.thumbprint

    newer = bare_world.keys.create()
    chain = bare_world.issue_chain(bare_world.body, "Fictional Certification", newer)
    bare_world.register_key(bare_world.body, newer, "certify", chain)
    assert reading(bare_world, certifications.bound_key, bare_world.body).thumbprint == first.thumbprint
    bare_world.bind_key(newer.thumbprint)
    assert reading(bare_world, certifications.bound_key, bare_world.body).thumbprint == newer.thumbprint


def test_an_accreditation_body_s_key_needs_no_binding(bare_world):
    own = reading(bare_world, certifications.bound_key, bare_world.accreditation_body, "accredit")
    assert own.thumbprint == bare_world.ring.accreditation.thumbprint


def test_the_chain_of_a_key_is_leaf_first_and_empty_where_there_is_none(world):
    chain = reading(world, certifications.chain_of, world.body, world.ring.certification.thumbprint)
    leaf = x509.load_der_x509_certificate(chain[0])
    assert thumbprint(leaf.public_key()) == world.ring.certification.thumbprint
    assert reading(world, certifications.chain_of, world.body, "x" * 43) == ()
