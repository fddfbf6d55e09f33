"""Our own output is verified as a stranger would, by the same machines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.registry import issuance
from app.registry.output_check import Accepted, check_output, check_readable
from app.registry.verification import verify
from app.trust.anchors import Anchors, Role
from tests.support.acts import count, refused, said


@pytest.fixture
def issued(world):
    return world.grant()


def altered(signed: str) -> str:
    """The same document with the signature of another."""
    signing_input, _, signature = signed.rpartition(".")
    return f"{signing_input}.{signature[:10]}{'A' if signature[10] != 'A' else 'B'}{signature[11:]}"


def test_an_issued_certificate_is_accepted(world, issued):
    check_output(world.registry, issued.credential)


def test_what_one_certificate_rests_on_is_looked_up_once_for_all_of_a_commit(world, issued):
    accepted = Accepted()
    check_output(world.registry, issued.credential, accepted)
    unaware = replace(world.registry, anchors=without_accreditation_keys(world.anchors))
    check_output(unaware, world.grant("FC-0002").credential, accepted)
    with refused("bad_signature"):
        check_output(world.registry, altered(issued.credential), accepted)


def test_a_certificate_with_another_signature_is_not(world, issued):
    with refused("bad_signature"):
        check_output(world.registry, altered(issued.credential))


def test_a_certificate_that_leads_to_no_anchor_of_the_registry_is_not(world, issued):
    with refused("chain_development"):
        check_output(replace(world.registry, anchors=Anchors((), ())), issued.credential)


def without_accreditation_keys(anchors: Anchors) -> Anchors:
    """The same anchors, to which no accreditation body was added."""
    return replace(anchors, keys=tuple(one for one in anchors.keys if one.role is not Role.ACCREDITATION_BODY))


def test_a_certificate_whose_accreditation_leads_to_no_anchor_is_not(world, issued):
    unaware = replace(world.registry, anchors=without_accreditation_keys(world.anchors))
    with refused("output_not_verifiable"):
        check_output(unaware, issued.credential)


def test_a_certificate_whose_anchors_begin_after_the_accreditation_is_not(world, issued):
    late = tuple(
        replace(one, valid_from=world.now()) if one.role is Role.ACCREDITATION_BODY else one
        for one in world.anchors.keys
    )
    with refused("output_not_verifiable"):
        check_output(replace(world.registry, anchors=replace(world.anchors, keys=late)), issued.credential)


def test_what_no_stranger_could_verify_is_not_issued_and_is_once_the_anchors_are_there(world):
    opened = world.open()
    decided = world.decide_grant(opened.public_id, world.audits(opened.public_id))
    complete = world.registry
    world.registry = replace(complete, anchors=without_accreditation_keys(world.anchors))
    with refused("output_not_verifiable"):
        world.issue(decided)
    assert count(world, "certificate_version") == 0

    world.registry = complete
    issued = issuance.issue(world.registry, world.actor, decided.id, idempotency_key="with the anchors")
    assert verify(world.registry, issued.public_id).verdict == "valid"


def test_a_suspension_does_not_wait_for_anchors(world, issued):
    world.registry = replace(world.registry, anchors=without_accreditation_keys(world.anchors))
    assert world.suspend(issued.public_id).event_jws


def test_signed_statements_are_accepted(world, issued):
    suspended = world.suspend(issued.public_id)
    check_output(world.registry, suspended.decision_jws)
    check_output(world.registry, suspended.event_jws)


def test_a_statement_with_another_signature_is_not(world, issued):
    with refused("bad_signature"):
        check_output(world.registry, altered(world.suspend(issued.public_id).event_jws))


def test_a_document_is_readable_or_the_members_at_fault_are_named(world):
    document = said(world.draft(world.open().public_id, "suspend", until=world.today).document)
    check_readable(document)
    with refused("malformed_document", "/act"):
        check_readable(document | {"act": "revoke"})
