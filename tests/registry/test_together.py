"""Many acts in a few commits: each with its own checks, one refusal undoing nothing of the others."""

from __future__ import annotations

from app.registry import decision
from app.registry.issuance import finish_issue
from app.registry.together import carry_out, issue_together
from tests.support.acts import begin_issue, count, refused
from tests.support.deciding import draft_grant


def test_what_nobody_confirmed_still_waits(world):
    draft = draft_grant(world, "TO-1")
    assert carry_out(world.registry, world.body, [draft.id]) == {draft.id: "awaited"}
    assert count(world, "decision") == 0


def test_what_was_decided_alone_is_decided_in_company_too(world):
    draft = draft_grant(world, "TO-2")
    decided = world.confirm(draft)
    assert isinstance(decided, decision.Decision)
    assert carry_out(world.registry, world.body, [draft.id]) == {draft.id: "decided"}
    assert count(world, "decision") == 1


def test_a_certificate_that_another_request_is_issuing_is_left_to_it(world):
    ready, taken = (world.confirm(draft_grant(world, f"TO-{number}")) for number in (3, 4))
    begin_issue(world, taken)
    issued = issue_together(world.registry, world.actor, [ready.id, taken.id], idempotency_key="together")
    assert (issued[ready.id].version_no, issued[taken.id].code) == (1, "act_under_way")


def test_a_key_stands_for_the_same_decisions(world):
    decided = world.confirm(draft_grant(world, "TO-5"))
    first = issue_together(world.registry, world.actor, [decided.id], idempotency_key="once")
    assert issue_together(world.registry, world.actor, [decided.id], idempotency_key="once") == first
    other = issue_together(world.registry, world.actor, [decided.id], idempotency_key="twice")
    assert other[decided.id].code == "already_issued"


def test_a_certificate_refused_at_the_second_commit_is_voided_alone(world):
    """The suspension of the accreditation lands between the commits of one and before those of the other."""
    ready = world.confirm(draft_grant(world, "TO-6"))
    act = begin_issue(world, ready, "begun/" + str(ready.id))
    world.change_accreditation("suspend")
    issued = issue_together(world.registry, world.actor, [ready.id], idempotency_key="begun")
    assert issued[ready.id].code == "accreditation_suspended_now"
    with refused("act_is_void"):
        finish_issue(world.registry, world.body, act, ready.id)
