"""A preview says before the signature what verification says after it; earlier dates flag, and annul nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.registry.accreditation import Change, Sanction
from app.registry.oversight import flagged_decisions, preview
from app.registry.verification import verify
from tests.support.acts import count, refused
from tests.support.world import ACCREDITATION_SCOPES, ACCREDITED, STANDARD

PART = Sanction(whole=False, areas=("robotics",))
ELSEWHERE = Sanction(whole=False, areas=("generative",))
NARROW = replace(ACCREDITED, areas=("generative",))
CHANGES = {
    "suspended": ("suspend", {"sanction": Sanction()}, "accreditation_suspended"),
    "suspended in part": ("suspend", {"sanction": PART}, "accreditation_suspended"),
    "suspended elsewhere": ("suspend", {"sanction": ELSEWHERE}, None),
    "reduced": ("reduce", {"scope": NARROW}, "accreditation_reduced"),
    "reduced elsewhere": ("reduce", {"scope": replace(ACCREDITED, areas=("robotics",))}, None),
    "withdrawn": ("withdraw", {}, "accreditation_ended"),
    "given up": ("relinquish", {}, "accreditation_ended"),
    "ceased": ("cease", {}, "accreditation_ended"),
    "extended": ("extend", {"scope": replace(ACCREDITED, countries=("FR", "JP", "US"))}, None),
}


def previewed(world, act, *, effective_on=None, accreditation=None, **changes):
    change = Change(act, effective_on or world.today, **changes)
    return preview(world.registry, world.ab_actor, accreditation or world.known_accreditation, change)


def impaired_now(world, public_ids):
    """What verification says of each certificate's accreditation now."""
    reports = {one: verify(world.registry, one) for one in public_ids}
    return {one: report.check("accreditation_now").code for one, report in reports.items() if report.check("accreditation_now").result == "failed"}  # fmt: skip


def outside(world, public_ids):
    return {one for one in public_ids if verify(world.registry, one).check("accreditation_at_decision").result == "failed"}  # fmt: skip


@pytest.fixture
def certified(world):
    """Four certificates: decided in the past and yesterday, one withdrawn, one of them suspended by its body."""
    decided = [world.ago(9), world.ago(9), world.ago(1), world.ago(1)]
    ids = [world.grant(f"FC-{place}", on=day).public_id for place, day in enumerate(decided)]
    world.suspend(ids[1])
    world.withdraw(ids[3])
    return ids


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("days", [0, 5], ids=["today", "five days ago"])
def test_a_preview_equals_what_verification_says_after_the_signature(world, certified, change, days):
    """Domain §10, finding 4: impaired and flagged are derived, no certificate changes."""
    act, changes, reason = CHANGES[change]
    before = count(world, "standing_event"), count(world, "draft")
    would = previewed(world, act, effective_on=world.ago(days), **changes)
    assert (count(world, "standing_event"), count(world, "draft")) == before
    world.change_accreditation(act, effective_on=world.ago(days), **changes)

    living = certified[:3]
    assert {one.certificate_id: one.reason for one in would.impaired} == impaired_now(world, living)
    assert {one.reason for one in would.impaired} <= {reason, "not_accredited"}
    assert {one.certificate_id for one in would.flagged} == outside(world, certified)
    assert would.flagged == tuple(
        replace(one, stated_at=None) for one in flagged_decisions(world.registry, world.ab_actor, would.accreditation)
    )
    assert (would.impaired_count, would.flagged_count) == (len(would.impaired), len(would.flagged))


def test_a_preview_names_certificates_and_nothing_of_their_clients(world, certified):
    would = previewed(world, "suspend", sanction=Sanction(), effective_on=world.ago(5))
    assert [(one.certificate_id, one.number) for one in would.impaired] == list(zip(certified[:3], ("FC-0", "FC-1", "FC-2"), strict=True))  # fmt: skip
    flagged = would.flagged[0]
    assert (flagged.certificate_id, flagged.decided_on, flagged.areas, flagged.standing) == (
        certified[2],
        world.ago(1),
        ("robotics",),
        "active",
    )
    assert "Kasumi" not in repr(would)


def test_a_preview_says_which_acts_would_stop_and_where(world):
    growing = ("extend", "grant", "renew", "restore", "restore_expired", "transfer_in", "transition")
    whole = previewed(world, "withdraw").blocked
    assert (whole.acts, whole.whole) == (growing, True)
    part = previewed(world, "suspend", sanction=replace(PART, permitted_acts=("grant",))).blocked
    assert ("grant" in part.acts, part.whole, part.areas) == (False, False, ("robotics",))
    reduced = previewed(world, "reduce", scope=NARROW).blocked
    assert (reduced.whole, reduced.areas, reduced.countries) == (False, ("robotics",), ())
    assert previewed(world, "renew", valid_to=world.ago(-3000)).blocked is None


def test_what_is_dated_later_flags_nothing_and_impairs_what_will_still_stand(world, certified):
    day = world.today + timedelta(days=30)
    would = previewed(world, "withdraw", effective_on=day)
    assert (would.impaired_count, would.flagged_count) == (3, 0)
    after_their_end = world.today + timedelta(days=365 * 3 + 5)
    world.change_accreditation("renew", valid_to=after_their_end + timedelta(days=365))
    assert previewed(world, "withdraw", effective_on=after_their_end).impaired == ()


@pytest.mark.parametrize(
    ("act", "changes", "code"),
    [
        ("restore", {}, "no_such_transition"),
        ("suspend", {}, "suspension_names_its_scope"),
        ("reduce", {"scope": ACCREDITED}, "scope_not_reduced"),
    ],
)
def test_a_preview_refuses_what_the_draft_would_refuse(world, act, changes, code):
    with refused(code):
        previewed(world, act, **changes)


def test_only_the_accreditation_body_previews_and_only_its_own(world):
    with refused("insufficient_scope"):
        preview(world.registry, world.actor, world.known_accreditation, Change("withdraw", world.today))
    stranger = Actor("machine", world.body, "x", ACCREDITATION_SCOPES)
    with refused("unknown_accreditation"):
        preview(world.registry, stranger, world.known_accreditation, Change("withdraw", world.today))


# The queue of what earlier dates have left outside.


def test_both_parties_read_the_queue_and_nobody_else_does(world, certified):
    world.change_accreditation("withdraw", effective_on=world.ago(5))
    made = world.known_accreditation
    for actor in (world.ab_actor, world.actor):
        found = flagged_decisions(world.registry, actor, made)
        assert [one.certificate_id for one in found] == [certified[2], certified[3]]
    stranger, actor = world.add_certification_body(f"Stranger {uuid4()}")
    assert stranger != world.body
    with refused("unknown_accreditation"):
        flagged_decisions(world.registry, actor, made)


def test_a_flagged_decision_says_both_dates_and_leaves_the_queue_when_it_is_annulled(world, certified):
    world.change_accreditation("suspend", effective_on=world.ago(5))
    (one, _) = flagged_decisions(world.registry, world.actor, world.known_accreditation)
    assert (one.decided_on, one.effective_on, one.accreditation_act) == (world.ago(1), world.ago(5), "suspend")
    assert one.stated_at is not None
    world.annul(certified[2])
    assert [one.certificate_id for one in flagged_decisions(world.registry, world.actor, world.known_accreditation)] == [certified[3]]  # fmt: skip


def test_a_decision_is_flagged_once_and_not_again_by_the_next_statement(world, certified):
    world.change_accreditation("suspend", effective_on=world.ago(5))
    assert previewed(world, "withdraw", effective_on=world.ago(5)).flagged == ()
    assert STANDARD in flagged_decisions(world.registry, world.actor, world.known_accreditation)[0].documents
