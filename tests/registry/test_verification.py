"""Verifying by ID: the registry adds nothing to its evidence, and the same publication is the same bytes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.conformity.identifiers import MalformedPublicId
from app.examiner.bundle import read_bundle
from app.examiner.evidence import Source
from app.examiner.examine import examine
from app.registry import agreement
from app.registry.verification import (
    bundle,
    credential,
    gather,
    look_up,
    next_boundary,
    published,
    report_jws,
    verify,
)
from app.storage.database import now
from tests.support.acts import refused
from tests.support.service import UNKNOWN_ID


def evidence_of(world, public_id):
    found = look_up(world.registry, public_id).evidence
    assert found is not None
    return found


def test_the_registry_answers_what_a_stranger_finds_in_the_bundle(world):
    issued = world.grant()
    stranger = examine(read_bundle(bundle(world.registry, issued.public_id)), world.anchors, now=world.now())
    own = verify(world.registry, issued.public_id)
    assert (stranger.verdict, stranger.holder, stranger.scope) == (own.verdict, own.holder, own.scope)


def test_a_bundle_of_one_publication_is_byte_equal(world):
    issued = world.grant()
    world.set_clock(world.now().replace(second=1) + timedelta(minutes=1))
    first = bundle(world.registry, issued.public_id)
    assert bundle(world.registry, issued.public_id) == first
    world.set_clock(world.now() + timedelta(minutes=1))
    assert bundle(world.registry, issued.public_id) != first


def test_an_answer_is_as_of_the_later_of_the_minute_and_the_newest_fact(world):
    issued = world.grant()
    evidence = evidence_of(world, issued.public_id)
    assert evidence.as_of == max(one.recorded_at for one in evidence.envelopes) or evidence.as_of > max(
        one.recorded_at for one in evidence.envelopes
    )
    world.set_clock(world.now().replace(second=30) + timedelta(minutes=2))
    assert evidence_of(world, issued.public_id).as_of == world.now().replace(second=0, microsecond=0)


def test_an_answer_of_a_moment_ago_is_not_given_after_something_happened(world):
    issued = world.grant()
    assert published(world.registry, issued.public_id).report.verdict == "valid"
    world.suspend(issued.public_id)
    assert published(world.registry, issued.public_id).report.verdict == "not_currently_valid"


def test_the_end_of_consent_counts_in_the_very_next_answer(world):
    issued = world.grant()
    assert published(world.registry, issued.public_id).report.holder is not None
    with world.database.transaction(body=world.body) as connection:
        from app.storage.own_records import own_records

        (row,) = own_records(connection, "agreement", world.body, None, 2)
    agreement.end_consent(world.registry, world.actor, agreement=row.id, field="holder", ended_on=world.today)
    assert published(world.registry, issued.public_id).report.holder is None


def test_an_answer_holds_until_the_first_turn_of_the_calendar(world):
    issued = world.grant()
    report = published(world.registry, issued.public_id).report
    ends = next_boundary(evidence_of(world, issued.public_id))
    assert ends == report.validity.valid_until
    world.suspend(issued.public_id, until=world.ago(-3))
    assert next_boundary(evidence_of(world, issued.public_id)) < world.now() + timedelta(days=5)


def test_an_accreditation_statement_to_come_is_such_a_turn(world):
    issued = world.grant()
    world.change_accreditation("withdraw", effective_on=world.ago(-7))
    assert next_boundary(evidence_of(world, issued.public_id)) < world.now() + timedelta(days=8)


def test_the_report_that_is_signed_is_the_published_one(world):
    issued = world.grant()
    signed, answer = report_jws(world.registry, issued.public_id)
    assert answer.content == published(world.registry, issued.public_id).content
    assert signed == report_jws(world.registry, issued.public_id)[0]


def test_the_current_credential_is_the_highest_that_has_begun(world):
    issued = world.grant()
    tomorrow = world.ago(-1)
    world.amend(issued.public_id, effective_on=tomorrow)
    assert credential(world.registry, issued.public_id) == issued.credential
    world.set_clock(world.now() + timedelta(days=2))
    assert credential(world.registry, issued.public_id) != issued.credential
    assert credential(world.registry, issued.public_id, 1) == issued.credential


def test_a_pending_first_version_is_the_one_there_is(world):
    issued = world.grant(effective_on=world.ago(-5))
    assert credential(world.registry, issued.public_id) == issued.credential
    assert verify(world.registry, issued.public_id).standing.state == "pending"


def test_what_is_not_there_is_unknown(world):
    assert look_up(world.registry, UNKNOWN_ID).evidence is None
    assert verify(world.registry, UNKNOWN_ID).verdict == "unknown"
    issued = world.grant()
    with refused("unknown_version"):
        credential(world.registry, issued.public_id, 2)
    for question in (bundle, credential):
        with refused("unknown_certificate"):
            question(world.registry, UNKNOWN_ID)
    with pytest.raises(MalformedPublicId):
        verify(world.registry, "nonsense")


def test_a_signed_file_is_withheld_whole(world):
    issued = world.grant(consented=("holder",))
    for question in (bundle, credential):
        with refused("withheld"):
            question(world.registry, issued.public_id)


def test_evidence_carries_its_source(world):
    issued = world.grant()
    with world.database.transaction("reader") as connection:
        gathered = gather(connection, issued.public_id, now(connection), Source.BUNDLE)
    assert gathered.evidence.source is Source.BUNDLE
