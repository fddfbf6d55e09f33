"""Verifying by ID: the registry adds nothing to its evidence, and the same publication is the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.conformity.identifiers import MalformedPublicId, group_public_id
from app.credentials.jws import check_jws, split_jws
from app.examiner.bundle import read_bundle
from app.examiner.evidence import Source
from app.examiner.examine import examine
from app.registry import agreement
from app.registry.own_records import AGREEMENT, list_own
from app.registry.verification import (
    bundle,
    credential,
    gather,
    look_up,
    moment_of,
    next_boundary,
    published,
    published_report,
    report_jws,
    verify,
)
from app.storage.database import now
from tests.support.acts import refused
from tests.support.service import UNKNOWN_ID
from tests.support.world import STANDARD


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


def begin_minute(world, second=10):
    """The next minute but one has begun: nothing was recorded in it."""
    minute = world.now().replace(second=0, microsecond=0) + timedelta(minutes=2)
    world.set_clock(minute.replace(second=second))
    return minute


def test_everybody_who_asks_within_a_minute_is_answered_by_the_same_bytes(world):
    issued = world.grant()
    minute = begin_minute(world, second=2)
    first = published(world.registry, issued.public_id).content
    world.set_clock(minute.replace(second=55))
    assert published(replace(world.registry), issued.public_id).content == first  # one that remembers nothing
    world.set_clock(minute + timedelta(minutes=1))
    assert published(world.registry, issued.public_id).content != first


def test_the_same_answer_is_given_for_a_certificate_that_is_not_there(world):
    minute = begin_minute(world, second=2)
    first = published(world.registry, UNKNOWN_ID)
    world.set_clock(minute.replace(second=55))
    assert published(world.registry, UNKNOWN_ID).content == first.content
    assert (first.report.verdict, first.until) == ("unknown", None)


def test_a_published_answer_does_not_say_when_it_was_asked_for(world):
    issued = world.grant()
    assert published_report(world.registry, issued.public_id).checked_at is None
    assert verify(world.registry, issued.public_id).checked_at is not None


def test_an_answer_is_as_of_the_current_minute(world):
    issued = world.grant()
    minute = begin_minute(world)
    evidence = evidence_of(world, issued.public_id)
    assert (evidence.as_of, evidence.publication) == (minute, int(minute.timestamp() * 1000))


def test_an_answer_is_as_of_the_newest_fact_that_it_rests_on_where_that_is_later(world):
    issued = world.grant()
    minute = begin_minute(world)
    world.suspend(issued.public_id)
    evidence = evidence_of(world, issued.public_id)
    assert evidence.as_of > minute
    assert evidence.as_of >= max(one.recorded_at for one in evidence.envelopes)


def test_a_question_about_the_past_is_answered_by_what_counted_then(world):
    issued = world.grant()
    before = world.now()
    world.set_clock(before + timedelta(days=2))
    world.withdraw(issued.public_id)
    assert verify(world.registry, issued.public_id, at=before).verdict == "valid"
    assert verify(world.registry, issued.public_id, known_at=before).verdict == "valid"
    assert verify(world.registry, issued.public_id).verdict == "no_longer_valid"


def test_the_version_that_is_asked_for_is_the_one_reported(world):
    issued = world.grant()
    world.amend(issued.public_id)
    reported = [verify(world.registry, issued.public_id, version=number).version for number in (1, 2, None)]
    assert reported == [1, 2, 2]
    assert published(world.registry, issued.public_id, 1).report.version == 1


def test_an_id_may_be_grouped_and_in_small_letters(world):
    issued = world.grant()
    asked = group_public_id(issued.public_id).lower()
    assert verify(world.registry, asked).certificate_id == issued.public_id


def test_an_answer_of_a_moment_ago_is_not_given_after_something_happened(world):
    issued = world.grant()
    assert published(world.registry, issued.public_id).report.verdict == "valid"
    world.suspend(issued.public_id)
    assert published(world.registry, issued.public_id).report.verdict == "not_currently_valid"


def test_the_end_of_consent_counts_in_the_very_next_answer(world):
    issued = world.grant()
    assert published(world.registry, issued.public_id).report.holder is not None
    ((_, signed),) = list_own(world.registry, world.actor, AGREEMENT, place=None, limit=2)
    agreement.end_consent(world.registry, world.actor, agreement=signed.id, field="holder", ended_on=world.today)
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


def test_evidence_that_cannot_be_opened_has_no_turn(world):
    evidence = evidence_of(world, world.grant().public_id)
    altered = replace(evidence.envelopes[-1], jws="eyJ.e.e")
    assert next_boundary(replace(evidence, envelopes=(*evidence.envelopes[:-1], altered))) is None


def test_the_publication_key_signs_the_published_report_s_very_bytes(world):
    issued = world.grant()
    begin_minute(world)
    signed, answer = report_jws(world.registry, issued.public_id)
    checked = check_jws(split_jws(signed), world.ring.publication.public_key)
    assert checked.payload == answer.content == published(world.registry, issued.public_id).content


def test_a_signed_report_is_the_same_for_everybody(world):
    issued = world.grant()
    begin_minute(world)
    assert report_jws(world.registry, issued.public_id)[0] == report_jws(world.registry, issued.public_id)[0]


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


def test_whoever_withholds_is_answered_by_standing_body_and_standard(world):
    report = verify(world.registry, world.grant(consented=()).public_id)
    assert (report.verdict, report.confidential, report.holder) == ("valid", True, None)
    assert (report.standing.state, report.body.id, report.scheme.document) == ("active", str(world.body), STANDARD)


def test_a_signed_file_is_withheld_whole(world):
    issued = world.grant(consented=("holder",))
    for question in (bundle, credential):
        with refused("withheld"):
            question(world.registry, issued.public_id)


def test_the_clock_of_an_answer_is_the_database_s(world):
    world.set_clock(world.now() + timedelta(days=3))
    before = world.now()
    assert before <= moment_of(world.registry) <= world.now()


def test_evidence_carries_its_source(world):
    issued = world.grant()
    with world.database.transaction("reader") as connection:
        gathered = gather(connection, issued.public_id, now(connection), Source.BUNDLE)
    assert gathered.evidence.source is Source.BUNDLE
