"""Decision sheets: one evidence over the list confirms each decision; each is judged, signed and refused by itself."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.keys.evidence import sign_evidence
from app.registry.audit import Finding
from app.registry.decision_sheet import confirm_sheet, draft_sheet
from app.registry.together import issue_together
from tests.support.acts import count, refused, rows, said
from tests.support.deciding import draft_grant


@pytest.fixture
def drafts(world):
    """Three grants, drafted for one decider."""
    return [draft_grant(world, f"SH-{number}") for number in range(3)]


def sheet_of(world, drafts):
    return draft_sheet(world.registry, world.actor, tuple(one.id for one in drafts))


def confirmed(world, sheet, person=None):
    evidence = sign_evidence((person or world.decider).key, sheet.document)
    return confirm_sheet(world.registry, world.actor, sheet.id, evidence)


def test_one_evidence_confirms_every_decision_of_the_sheet(world, drafts):
    sheet = sheet_of(world, drafts)
    assert [item["decision"] for item in said(sheet.document)["items"]] == [str(one.id) for one in drafts]
    done = confirmed(world, sheet)
    assert [(one.decision, one.result) for one in done.items] == [(one.id, "decided") for one in drafts]


def test_a_sheet_is_safe_to_confirm_again(world, drafts):
    sheet = sheet_of(world, drafts)
    assert confirmed(world, sheet).items == confirmed(world, sheet).items
    assert count(world, "decision") == len(drafts)


def test_one_refused_item_does_not_hold_up_the_others(world, drafts):
    major = Finding("major", "9.2", "No internal audit was held", world.ago(-30))
    refusable = draft_grant(world, "SH-9", findings=(major,))
    done = confirmed(world, sheet_of(world, [drafts[0], refusable, drafts[1]]))
    assert [(one.result, one.code) for one in done.items] == [
        ("decided", None),
        ("refused", "open_major_finding"),
        ("decided", None),
    ]


def test_a_decision_of_two_waits_for_the_second_evidence(world, drafts):
    granted = world.grant("SH-A")
    annulment = world.draft(
        granted.public_id,
        "annul",
        deciders=(world.decider, world.second_decider),
        annuls=1,
        reason=("issued_in_error", "x"),
    )
    sheet = sheet_of(world, [drafts[0], annulment])
    assert [one.result for one in confirmed(world, sheet).items] == ["decided", "awaited"]
    assert [one.result for one in confirmed(world, sheet, world.second_decider).items] == ["decided", "decided"]


def test_evidence_over_another_sheet_confirms_nothing(world, drafts):
    sheet, other = sheet_of(world, drafts[:1]), sheet_of(world, drafts[1:])
    with refused("bad_signature"):
        confirm_sheet(world.registry, world.actor, sheet.id, sign_evidence(world.decider.key, other.document))


def test_a_draft_stands_on_one_sheet(world, drafts):
    sheet_of(world, drafts)
    with refused("already_on_a_sheet", "/decisions/0"):
        sheet_of(world, drafts[:1])


def test_a_sheet_lists_drafts_of_the_body_alone(world, drafts):
    with refused("unknown_draft", "/decisions/0"):
        draft_sheet(world.registry, world.actor, (uuid4(),))
    with refused("sheet_without_items"):
        draft_sheet(world.registry, world.actor, ())
    with refused("unknown_draft"):
        confirm_sheet(world.registry, world.actor, drafts[0].id, sign_evidence(world.decider.key, drafts[0].document))


def test_certificates_of_a_sheet_are_issued_together(world, drafts):
    confirmed(world, sheet_of(world, drafts))
    decisions = [one.id for one in drafts]
    issued = issue_together(world.registry, world.actor, decisions, idempotency_key="sheet-1")
    again = issue_together(world.registry, world.actor, decisions, idempotency_key="sheet-1")
    assert issued == again
    assert {one.version_no for one in issued.values()} == {1}
    assert len({one.public_id for one in issued.values()}) == len(drafts)
    assert count(world, "certificate_version") == len(drafts)


def test_what_was_not_decided_is_not_issued_with_the_others(world, drafts):
    confirmed(world, sheet_of(world, drafts[:1]))
    issued = issue_together(world.registry, world.actor, [one.id for one in drafts[:2]], idempotency_key="sheet-2")
    assert issued[drafts[0].id].version_no == 1
    assert issued[drafts[1].id].code == "unknown_decision"


def test_the_evidence_of_an_item_names_its_sheet(world, drafts):
    sheet = sheet_of(world, drafts[:1])
    confirmed(world, sheet)
    (kept,) = rows(world, "SELECT evidence FROM akashi.confirmation WHERE draft_id = %(id)s", id=drafts[0].id)
    assert (kept.evidence["type"], kept.evidence["sheet"]) == ("sheet", str(sheet.id))
