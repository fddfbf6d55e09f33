"""Our own output is verified as a stranger would, by the same machines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.registry.output_check import check_output, check_readable
from app.trust.anchors import Anchors
from tests.support.acts import refused, said


@pytest.fixture
def issued(world):
    return world.grant()


def altered(signed: str) -> str:
    """The same document with the signature of another."""
    signing_input, _, signature = signed.rpartition(".")
    return f"{signing_input}.{signature[:10]}{'A' if signature[10] != 'A' else 'B'}{signature[11:]}"


def test_an_issued_certificate_is_accepted(world, issued):
    check_output(world.registry, issued.credential)


def test_a_certificate_with_another_signature_is_not(world, issued):
    with refused("bad_signature"):
        check_output(world.registry, altered(issued.credential))


def test_a_certificate_that_leads_to_no_anchor_of_the_registry_is_not(world, issued):
    with refused("chain_development"):
        check_output(replace(world.registry, anchors=Anchors((), ())), issued.credential)


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
