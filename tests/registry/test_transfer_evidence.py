"""A body that does not cooperate holds nobody: its accreditation body's signed evidence stands in for its word (MD 2)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from app.access.actor import OPERATOR
from app.credentials.jws import check_jws, split_jws
from app.credentials.strict_json import parse_object
from app.examiner.documents import read_transfer_evidence
from app.keys.evidence import sign_evidence
from app.registry import parties, verification
from app.registry.drafts import record_confirmation
from app.registry.recognition import Source, record_end
from app.registry.recovery import finish_open_acts
from app.registry.transfer_evidence import Finding, _reserve, confirm_evidence, draft_evidence, finish_evidence
from tests.support.acts import refused, rows
from tests.support.transfers import Accepting, recognise
from tests.support.ways import ask
from tests.support.world import ZONE

ANSWER_DAYS = 14
NUMBERS = itertools.count(1)


@pytest.fixture
def accepting(world) -> Accepting:
    return Accepting(world)


@pytest.fixture
def old(world) -> str:
    return world.grant(f"T-{next(NUMBERS):04}").public_id


def later(world, **delta) -> None:
    world.set_clock(world.now() + timedelta(**delta))


def last_step(world, moving):
    return rows(world, "SELECT * FROM akashi.transfer_step WHERE transfer_id = %(id)s ORDER BY n DESC LIMIT 1", id=moving)[0]  # fmt: skip


def attested(world, accepting, old, ground="refusal_without_ground", **more):
    """A transfer that goes on by the accreditation body's evidence, with the certification that is to take over."""
    applied = accepting.apply()
    moving = accepting.open(old, applied=applied)
    if ground == "refusal_without_ground":
        accepting.refuse(moving)
    accepting.evidence(moving, ground, **more)
    return moving, applied


def test_after_a_refusal_without_ground_the_certificate_moves_without_its_body_s_word(world, accepting, old):
    moving, applied = attested(world, accepting, old)
    accepting.review(moving)
    new = accepting.certification_of(applied)
    decided = accepting.take_over(new, effective_on=world.today)
    assert accepting.issue(decided).public_id == new
    (row,) = rows(world, "SELECT facts->'previous' AS previous FROM akashi.draft WHERE id = %(id)s", id=decided.id)
    assert (row.previous["basis"], row.previous["certificate_id"]) == ("no_cooperation", old)


def test_the_evidence_is_the_accreditation_body_s_own_signed_statement(world, accepting, old):
    moving = accepting.open(old)
    accepting.refuse(moving)
    evidence = accepting.evidence(moving, "refusal_without_ground")
    payload = check_jws(split_jws(evidence.jws), world.ring.accreditation.public_key).payload
    stated = read_transfer_evidence(parse_object(payload, max_bytes=65536))
    assert (stated.certification, stated.ground, stated.issuing_body) == (
        old,
        "refusal_without_ground",
        str(world.body),
    )
    assert (last_step(world, moving).step, last_step(world, moving).to_state) == ("no_cooperation", "attested")


def test_the_body_has_until_the_last_of_its_days_to_answer(world, accepting, old):
    moving = accepting.open(old)
    later(world, days=ANSWER_DAYS)
    with refused("answer_not_due"):
        accepting.evidence(moving, "no_answer")
    later(world, days=1)
    assert accepting.evidence(moving, "no_answer").ground == "no_answer"


def test_who_answered_in_time_did_not_fail_to_answer(world, accepting, old):
    moving = accepting.open(old)
    accepting.release(moving)
    later(world, days=ANSWER_DAYS + 1)
    with refused("answer_not_due"):
        accepting.evidence(moving, "no_answer")


@pytest.mark.parametrize("ground", ["refusal_without_ground", "suspension_without_ground", "body_ceased", "we say so"])
def test_a_ground_is_on_record_or_is_none(world, accepting, old, ground):
    moving = accepting.open(old)
    with refused("ground_not_given"):
        accepting.evidence(moving, ground)


def test_c094_a_suspension_the_day_after_the_notice_is_shown_to_both_and_to_the_accreditation_body(
    world, accepting, old
):
    moving = accepting.open(old)
    world.suspend(old, reason=("nonconformity_persists", "they are leaving"))
    step = last_step(world, moving)
    assert (step.step, step.content["act"], step.content["event_no"]) == ("source_changed", "suspend", 2)
    assert step.content["reason"] == "nonconformity_persists"
    for party in (world.body, accepting.body, world.accreditation_body):
        with world.database.transaction(body=party) as connection:
            seen = connection.exec_driver_sql("SELECT FROM akashi.transfer_step WHERE step = 'source_changed'").fetchall()  # fmt: skip
        assert len(seen) == 1, party


def test_c094_a_suspension_without_ground_does_not_stop_the_review(world, accepting, old):
    applied = accepting.apply()
    moving = accepting.open(old, applied=applied)
    world.suspend(old)
    with refused("transfer_of_suspended"):
        accepting.release(moving)
    accepting.evidence(moving, "suspension_without_ground", event_no=2)
    accepting.review(moving)
    decided = accepting.take_over(accepting.certification_of(applied), effective_on=world.today)
    assert accepting.issue(decided).version_no == 1


def test_c094_a_suspension_without_a_reason_code_is_none(world, accepting, old):
    accepting.open(old)
    with refused("reason_missing"):
        world.suspend(old, reason=None)


def test_evidence_about_one_suspension_excuses_no_other(world, accepting, old):
    applied = accepting.apply()
    moving = accepting.open(old, applied=applied)
    world.suspend(old)
    accepting.evidence(moving, "suspension_without_ground", event_no=2)
    world.restore(old)
    world.suspend(old)
    accepting.review(moving)
    draft = accepting.draft_in(accepting.certification_of(applied))
    with refused("transfer_of_suspended"):
        accepting.decide(draft)


def test_evidence_after_the_decision_leads_to_a_new_review_and_a_new_decision(world, accepting, old):
    moving, new = accepting.accepted(old)
    first = accepting.take_over(new)
    world.suspend(old)
    accepting.evidence(moving, "suspension_without_ground", event_no=2)
    draft = accepting.draft_in(new, effective_on=world.today)
    with refused("transfer_not_reviewed"):
        accepting.decide(draft)
    accepting.review(moving)
    second = accepting.take_over(new, effective_on=world.today)
    with refused("no_open_transfer"):
        accepting.issue(first)
    assert accepting.issue(second).version_no == 1


def test_another_accreditation_body_knows_of_no_transfer(world, accepting, old):
    moving = accepting.open(old)
    accepting.refuse(moving)
    facts = parties.PartyFacts((parties.PartyName("Another Accreditation", "en"),), "JP", ZONE)
    other = parties.register_accreditation_body(world.registry, OPERATOR, facts)
    finding = Finding("refusal_without_ground", world.today, world.known_accreditation)
    with refused("unknown_transfer"):
        draft_evidence(world.registry, replace(world.ab_actor, party_id=other), moving, finding, world.officer.id)


def test_evidence_is_about_the_issuing_body_s_accreditation(world, accepting, old):
    moving = accepting.open(old)
    finding = Finding("refusal_without_ground", world.today, accepting.accreditation)
    with refused("unknown_accreditation", "/accreditation"):
        draft_evidence(world.registry, world.ab_actor, moving, finding, world.officer.id)


def test_evidence_needs_an_officer(world, accepting, old):
    moving = accepting.open(old)
    accepting.refuse(moving)
    clerk = world.add_person(world.ab_actor)
    finding = Finding("refusal_without_ground", world.today, world.known_accreditation)
    draft = draft_evidence(world.registry, world.ab_actor, moving, finding, clerk.id)
    with refused("decider_not_competent"):
        confirm_evidence(world.registry, world.ab_actor, draft.id, sign_evidence(clerk.key, draft.document))


def test_confirming_again_says_the_same_again(world, accepting, old):
    moving = accepting.open(old)
    accepting.refuse(moving)
    finding = Finding("refusal_without_ground", world.today, world.known_accreditation)
    draft = draft_evidence(world.registry, world.ab_actor, moving, finding, world.officer.id)
    evidence = sign_evidence(world.officer.key, draft.document)
    once = confirm_evidence(world.registry, world.ab_actor, draft.id, evidence)
    assert confirm_evidence(world.registry, world.ab_actor, draft.id, evidence) == once


def test_evidence_left_between_its_commits_is_finished_by_the_next_start(world, accepting, old):
    moving = accepting.open(old)
    accepting.refuse(moving)
    finding = Finding("refusal_without_ground", world.today, world.known_accreditation)
    draft = draft_evidence(world.registry, world.ab_actor, moving, finding, world.officer.id)
    with world.database.transaction(body=world.accreditation_body) as connection:
        signed = sign_evidence(world.officer.key, draft.document)
        kept = record_confirmation(connection, world.ab_actor, draft.id, signed)
        _reserve(connection, world.accreditation_body, kept)
    assert finish_open_acts(world.registry).finished == 1
    assert last_step(world, moving).to_state == "attested"


def test_an_answer_that_lands_between_the_commits_wins(world, accepting, old):
    moving = accepting.open(old)
    later(world, days=ANSWER_DAYS + 1)
    finding = Finding("no_answer", world.today, world.known_accreditation)
    draft = draft_evidence(world.registry, world.ab_actor, moving, finding, world.officer.id)
    with world.database.transaction(body=world.accreditation_body) as connection:
        signed = sign_evidence(world.officer.key, draft.document)
        kept = record_confirmation(connection, world.ab_actor, draft.id, signed)
        act = _reserve(connection, world.accreditation_body, kept)
    accepting.release(moving)
    with refused("answer_not_due"):
        finish_evidence(world.registry, world.accreditation_body, act, draft.id)
    assert last_step(world, moving).to_state == "released"


# A body that is no more.


def test_a_client_of_a_body_that_ceased_is_taken_over_within_six_months(world, accepting, old):
    world.change_accreditation("cease")
    moving, applied = attested(world, accepting, old, "body_ceased")
    accepting.review(moving)
    new = accepting.certification_of(applied)
    draft = accepting.draft_in(new, effective_on=world.today)
    with refused("accreditation_body_not_told"):
        accepting.decide(draft)
    accepting.review(moving, accreditation_body_told_on=world.today)
    decided = accepting.decide(draft)
    assert accepting.issue(decided).version_no == 1


@pytest.mark.parametrize(("days", "late"), [(180, False), (183, True)])
def test_the_window_after_the_loss_of_accreditation_closes(world, accepting, old, days, late):
    """Six months from 25 November end on 25 May; the day counts."""
    world.change_accreditation("withdraw")
    moving, applied = attested(world, accepting, old)
    later(world, days=days)
    accepting.review(moving, accreditation_body_told_on=world.ago(days))
    draft = accepting.draft_in(accepting.certification_of(applied), effective_on=world.today)
    if late:
        with refused("transfer_window_closed"):
            accepting.decide(draft)
    else:
        assert accepting.decide(draft).act == "transfer_in"


def test_a_window_that_closes_between_decision_and_issue_stops_the_issue(world, accepting, old):
    world.change_accreditation("withdraw")
    moving, applied = attested(world, accepting, old)
    accepting.review(moving, accreditation_body_told_on=world.today)
    decided = accepting.take_over(accepting.certification_of(applied), effective_on=world.today)
    later(world, days=190)
    with refused("transfer_window_closed"):
        accepting.issue(decided)


def test_an_accreditation_body_that_is_no_signatory_any_more_carries_no_transfer(world, old):
    accepting = Accepting(world, number="FA-901")  # nobody copied a recognition
    recognition = recognise(world)
    _, new = accepting.accepted(old)
    draft = accepting.draft_in(new)
    source = Source("https://arrangement.example/members", b"x" * 32, world.today)
    record_end(world.registry, OPERATOR, recognition, last_day=world.ago(1), source=source)
    with refused("transfer_not_recognised"):
        accepting.decide(draft)


# What is left to the old body.


def taken_over(world, accepting, old):
    moving, applied = attested(world, accepting, old)
    accepting.review(moving)
    new = accepting.certification_of(applied)
    accepting.issue(accepting.take_over(new, effective_on=world.today))
    return moving, new


def test_what_was_taken_over_is_not_carried_on_by_its_old_body(world, accepting, old):
    taken_over(world, accepting, old)
    with refused("certification_transferred"):
        world.decide(old, "amend")


def test_what_its_old_body_had_decided_before_is_not_issued_after_the_takeover(world, accepting, old):
    amended = world.decide(old, "amend")
    taken_over(world, accepting, old)
    with refused("certification_transferred"):
        world.issue(amended)


def test_what_only_reduces_or_ends_is_left_to_its_old_body(world, accepting, old):
    taken_over(world, accepting, old)
    assert world.suspend(old).event_jws is not None
    assert world.withdraw(old).event_jws is not None


def test_a_body_that_comes_round_closes_late(world, accepting, old):
    moving, _ = taken_over(world, accepting, old)
    closed = world.decide(old, "transfer_out")
    assert closed.event_jws is not None
    assert (last_step(world, moving).step, last_step(world, moving).to_state) == ("closed", "completed")


def test_the_public_finds_the_evidence_with_the_new_certificate_and_not_before(world, accepting, old):
    moving, applied = attested(world, accepting, old)
    assert rows(world, "SELECT FROM public_record.takeover WHERE from_public_id = %(o)s", o=old) == []
    accepting.review(moving)
    new = accepting.certification_of(applied)
    accepting.issue(accepting.take_over(new, effective_on=world.today))
    (link,) = rows(world, "SELECT public_id, evidence_id FROM public_record.takeover WHERE from_public_id = %(o)s", o=old)  # fmt: skip
    stated = [row.envelope_id for row in rows(world, "SELECT envelope_id FROM akashi.transfer_step WHERE step = 'no_cooperation'")]  # fmt: skip
    assert (link.public_id, [link.evidence_id]) == (new, stated)


# What strangers read.


def test_the_old_id_says_on_evidence_that_another_body_took_over_and_leads_there(world, accepting, old):
    _, new = taken_over(world, accepting, old)
    report = ask(world, old)
    told = {one.code: one.detail.en for one in report.notices}["taken_over"]
    assert report.verdict == "valid_with_notice"
    assert "Fictional Accreditation states" in told
    assert "Fictional Certification did not cooperate" in told
    assert verification.verify(world.registry, old).links["continued_by"].endswith(f"/c/{new}")
    assert any(one.says.en.startswith("Fictional Certification does not cooperate") for one in report.statements)


def test_before_the_takeover_nobody_outside_learns_of_the_transfer(world, accepting, old):
    attested(world, accepting, old)
    report = ask(world, old)
    assert report.verdict == "valid"
    assert "continued_by" not in verification.verify(world.registry, old).links


def test_what_was_known_before_the_takeover_stays_the_answer(world, accepting, old):
    attested(world, accepting, old)
    before = world.now()
    moving, applied = rows(world, "SELECT id, application_id FROM akashi.transfer")[0]
    accepting.review(moving)
    accepting.issue(accepting.take_over(accepting.certification_of(applied), effective_on=world.today))
    report = verification.verify(world.registry, old, known_at=before)
    assert ("taken_over" in {one.code for one in report.notices}, "continued_by" in report.links) == (False, False)


def test_the_new_certificate_names_the_old_one(world, accepting, old):
    _, new = taken_over(world, accepting, old)
    report = ask(world, new)
    assert report.verdict == "valid"
    assert report.origin.previous.certificate_id == old
    assert verification.verify(world.registry, new).links["continues"].endswith(f"/c/{old}")


# An accepting body that is silent.


def test_of_a_late_issue_and_the_way_back_only_the_first_counts(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    with refused("transfer_not_failed"):
        world.decide(old, "overturn_transfer", annuls=2)
    later(world, days=33)
    back = world.decide(old, "overturn_transfer", annuls=2)
    assert accepting.issue(decided).version_no == 1
    with refused("transfer_not_failed"):
        world.issue(back)


def test_what_was_taken_back_from_a_silent_body_is_not_issued_by_it(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    world.decide(old, "transfer_out")
    later(world, days=33)
    assert world.issue(world.decide(old, "overturn_transfer", annuls=2)).version_no == 2
    with refused("no_open_transfer"):
        accepting.issue(decided)
