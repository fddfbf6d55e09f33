"""An accreditation body states something of named certificates: both facts are shown, nothing is rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.credentials.statement import read_statement
from app.examiner.bundle import read_bundle
from app.examiner.examine import examine
from app.keys.evidence import sign_evidence
from app.registry import accreditation as statements
from app.registry.accreditation import reserve_statement
from app.registry.drafts import record_confirmation
from app.registry.letters import LETTER, confirm_letter, draft_letter
from app.registry.oversight import flagged_decisions, preview
from app.registry.recovery import finish_open_acts
from app.registry.verification import bundle, verify
from tests.support.acts import refused, rows
from tests.support.around import lawful_grant, refuses
from tests.support.world import ACCREDITED

NARROW = replace(ACCREDITED, areas=("generative",))


def draft(world, *public_ids, purpose="bring_under", **changes):
    facts = {
        "accreditation": world.known_accreditation,
        "purpose": purpose,
        "certificates": public_ids,
        "effective_on": world.today,
        "officer": world.officer.id,
    }
    return draft_letter(world.registry, world.ab_actor, **(facts | changes))


def write(world, *public_ids, **changes):
    drafted = draft(world, *public_ids, **changes)
    evidence = sign_evidence(world.officer.key, drafted.document)
    return confirm_letter(world.registry, world.ab_actor, drafted.id, evidence)


def left_outside(world, number="FC-1"):
    """A certificate that the accreditation did not cover when it was decided, and covers now."""
    public_id = world.grant(number, on=world.ago(3)).public_id
    world.change_accreditation("reduce", scope=NARROW, effective_on=world.ago(5))
    world.change_accreditation("extend", scope=ACCREDITED)
    return public_id


def codes(report):
    return {notice.code for notice in report.notices}


def test_a_certificate_brought_under_the_accreditation_shows_both_facts(world):
    public_id = left_outside(world)
    assert "brought_under_accreditation" not in codes(verify(world.registry, public_id))
    write(world, public_id)
    report = verify(world.registry, public_id)
    assert report.check("accreditation_at_decision").code == "not_accredited"
    assert report.check("accreditation_now").result == "passed"
    assert {"outside_accreditation", "brought_under_accreditation"} <= codes(report)
    assert report.verdict == "valid_with_notice"
    assert any(said.says.en.startswith("This certificate is brought under") for said in report.statements)


def test_a_bundle_carries_the_letter_and_verifies_offline(world):
    public_id = left_outside(world)
    other = world.grant("FC-2").public_id
    write(world, public_id)
    for one, told in ((public_id, True), (other, False)):
        report = examine(read_bundle(bundle(world.registry, one)), world.anchors, now=world.now())
        assert (report.check("signature").result, report.check("accreditation_now").result) == ("passed", "passed")
        assert ("brought_under_accreditation" in codes(report)) is told
        assert not any("brought under" in said.says.en for said in report.statements) or told


def test_a_letter_names_certificates_by_their_subjects_alone(world):
    public_id = left_outside(world)
    letter = write(world, public_id)
    assert public_id not in letter.jws
    assert public_id not in str(read_statement(letter.jws).payload)


def test_before_its_date_and_before_it_was_known_a_letter_says_nothing(world):
    public_id = left_outside(world)
    before = world.now()
    write(world, public_id, effective_on=world.today + timedelta(days=30))
    assert "brought_under_accreditation" not in codes(verify(world.registry, public_id))
    write(world, public_id)
    assert "brought_under_accreditation" in codes(verify(world.registry, public_id))
    assert "brought_under_accreditation" not in codes(verify(world.registry, public_id, known_at=before))


def test_a_statement_after_a_letter_leaves_no_gap(world):
    public_id = left_outside(world)
    write(world, public_id)
    world.change_accreditation("suspend")
    assert verify(world.registry, public_id).check("accreditation_now").code == "accreditation_suspended"


def test_what_was_brought_under_is_in_the_preview_and_marked_in_the_queue(world):
    public_id = left_outside(world)
    write(world, public_id)
    (flagged,) = flagged_decisions(world.registry, world.actor, world.known_accreditation)
    assert (flagged.certificate_id, flagged.brought_under_from) == (public_id, world.today)
    would = preview(
        world.registry, world.ab_actor, world.known_accreditation, statements.Change("withdraw", world.today)
    )
    assert [one.certificate_id for one in would.impaired] == [public_id]


def test_another_accreditation_may_take_a_certificate_under_it(world):
    """Its letter alone leads to it: neither the decision nor the key rests on it."""
    public_id = world.grant(on=world.ago(1)).public_id
    first = world.known_accreditation
    second = world.accredit(number="FA-002", effective_on=world.today)
    write(world, public_id, accreditation=second)
    world.change_accreditation("withdraw", accreditation=first)
    report = verify(world.registry, public_id)
    held = {one.number: (one.at_decision, one.now) for one in report.accreditations}
    assert held == {"FA-001": ("active", "withdrawn"), "FA-002": ("none", "active")}
    assert report.check("accreditation_now").result == "passed"
    assert {"accreditation_ended", "brought_under_accreditation"} <= codes(report)
    would = preview(world.registry, world.ab_actor, second, statements.Change("withdraw", world.today))
    assert [one.certificate_id for one in would.impaired] == [public_id]
    offline = examine(read_bundle(bundle(world.registry, public_id)), world.anchors, now=world.now())
    assert offline.check("accreditation_now").result == "passed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"certificates": ("M30QP8774SQ3NQQWH2JPD102767GKH0H6PS",)}, "unknown_certification"),
        ({"effective_on": "long ago"}, "not_accredited_now"),
    ],
)
def test_a_letter_about_what_is_not_there_is_refused(world, change, code):
    public_id = world.grant().public_id
    if change.get("effective_on"):
        change = {"effective_on": world.ago(400)}
    with refused(code, "/certificates"):
        draft(world, public_id, **change)


def test_a_certificate_that_the_accreditation_does_not_cover_is_not_brought_under_it(world):
    public_id = world.grant().public_id
    world.change_accreditation("reduce", scope=NARROW)
    with refused("outside_accreditation_now"):
        draft(world, public_id)


def test_nothing_is_brought_under_before_it_is_issued(world):
    with refused("not_yet_issued"):
        draft(world, world.open().public_id)


def test_an_ended_accreditation_writes_no_letters(world):
    public_id = world.grant().public_id
    drafted = draft(world, public_id)
    world.change_accreditation("withdraw")
    with refuses("not_accredited"):
        confirm_letter(world.registry, world.ab_actor, drafted.id, sign_evidence(world.officer.key, drafted.document))
    assert rows(world, "SELECT FROM akashi.accreditation_letter") == []


def test_confirming_twice_gives_the_same_letter(world):
    public_id = world.grant().public_id
    drafted = draft(world, public_id)
    evidence = sign_evidence(world.officer.key, drafted.document)
    first = confirm_letter(world.registry, world.ab_actor, drafted.id, evidence)
    assert confirm_letter(world.registry, world.ab_actor, drafted.id, evidence) == first


def test_a_letter_left_between_its_commits_is_finished_at_the_next_start(world):
    drafted = draft(world, world.grant().public_id)
    body, about = world.accreditation_body, str(world.known_accreditation)
    with world.database.transaction(body=body) as connection:
        kept = record_confirmation(
            connection, world.ab_actor, drafted.id, sign_evidence(world.officer.key, drafted.document)
        )
        reserve_statement(connection, body, kept, statement=LETTER, log_kind="accreditation", about=about)
    finish_open_acts(world.registry)
    (row,) = rows(world, "SELECT id FROM akashi.accreditation_letter")
    assert row.id == drafted.id


# Invariant 7: no unaccredited certificate in an accredited scope, except one that the accreditation body accepted.


def unaccredited(world):
    grant = lawful_grant(world)
    grant.document["accreditations"] = grant.facts["accreditations"] = []
    return grant


def test_an_unaccredited_certificate_in_a_scheme_that_needs_accreditation_is_refused(world):
    with refuses("not_accredited"):
        unaccredited(world).attempt()


def test_an_unaccredited_certificate_is_granted_where_the_accreditation_body_accepted_it_in_writing(world):
    grant = unaccredited(world)
    write(world, grant.document["certification"], purpose="accept_unaccredited")
    grant.attempt()


def test_the_acceptance_of_a_later_day_accepts_nothing_yet(world):
    grant = unaccredited(world)
    day = world.today + timedelta(days=1)
    write(world, grant.document["certification"], purpose="accept_unaccredited", effective_on=day)
    with refuses("not_accredited"):
        grant.attempt()
