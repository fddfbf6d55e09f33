"""Accreditations with their statements, and the keys that rest on them."""

from __future__ import annotations

from uuid import uuid4

from app.registry import accreditation as act
from app.storage import accreditations
from tests.support.world import ACCREDITED


def reading(world, query, *arguments, body=None):
    with world.database.transaction(body=body or world.accreditation_body) as connection:
        return query(connection, *arguments)


def test_an_accreditation_is_found_by_the_body_that_gave_it(world):
    found = reading(world, accreditations.find_accreditation, world.accreditation_body, world.known_accreditation)
    assert (found.accredited_id, found.number, found.scheme_code) == (world.body, "FA-001", "aims")
    assert reading(world, accreditations.find_accreditation, world.body, world.known_accreditation) is None


def test_the_last_statement_is_the_state(world):
    world.change_accreditation("suspend")
    last = reading(world, accreditations.last_statement, world.accreditation_body, world.known_accreditation)
    assert (last.statement_no, last.status, last.suspended_whole) == (2, "suspended", True)
    assert reading(world, accreditations.last_statement, world.accreditation_body, uuid4()) is None


def test_a_number_without_any_statement_is_unused(world):
    draft = act.draft_grant(
        world.registry,
        world.ab_actor,
        accredited=world.body,
        scheme="aims",
        number="FA-009",
        scope=ACCREDITED,
        effective_on=world.today,
        valid_to=world.ago(-100),
        officer=world.officer.id,
    )
    asked = (world.accreditation_body, "FA-009", world.body, "aims")
    assert reading(world, accreditations.unused_accreditation, *asked) is not None
    world.confirm_statement(draft)
    assert reading(world, accreditations.unused_accreditation, *asked) is None
    used = (world.accreditation_body, "FA-001", world.body, "aims")
    assert reading(world, accreditations.unused_accreditation, *used) is None


def test_the_table_of_accreditation_leads_on_or_nowhere(world):
    assert reading(world, accreditations.next_status, "none", "grant") == "active"
    assert reading(world, accreditations.next_status, "withdrawn", "restore") is None


def test_the_criteria_of_a_scheme_are_those_of_its_accreditation_not_of_its_certificates(world):
    assert reading(world, accreditations.criteria, "aims") == ("ISO/IEC 17021-1:2015", "ISO/IEC 42006:2025")
    assert reading(world, accreditations.criteria, "qms") == ()


def test_a_registered_key_is_found_with_its_proof(world):
    found = reading(world, accreditations.signing_key, world.body, world.ring.certification.thumbprint)
    assert (found.purpose, set(found.possession)) == ("certify", {"nonce", "signature"})
    assert reading(world, accreditations.signing_key, world.accreditation_body, found.thumbprint) is None
