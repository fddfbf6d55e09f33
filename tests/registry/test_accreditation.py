"""An accreditation body states who is accredited for what, and takes it back; its officer confirms, its key signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.credentials.statement import check_statement, read_statement
from app.keys.evidence import sign_evidence
from app.registry import accreditation as act
from app.registry import key_binding
from app.registry.accreditation import Sanction
from tests.support.acts import begin_statement, count, refused, rows, said, tamper
from tests.support.world import ACCREDITATION_SCOPES, ACCREDITED, STANDARD


def draft_grant(world, **changes):
    facts = {
        "accredited": world.body,
        "scheme": "aims",
        "number": "FA-100",
        "scope": ACCREDITED,
        "effective_on": world.today,
        "valid_to": world.today + timedelta(days=1000),
        "officer": world.officer.id,
    }
    return act.draft_grant(world.registry, world.ab_actor, **(facts | changes))


def draft_change(world, kind, **changes):
    facts = {
        "accreditation": world.known_accreditation,
        "act": kind,
        "effective_on": world.today,
        "officer": world.officer.id,
    }
    return act.draft_change(world.registry, world.ab_actor, **(facts | changes))


def confirmations(world):
    return len(rows(world, "SELECT FROM akashi.confirmation WHERE body_id = %(b)s", b=world.accreditation_body))


# --- A grant ---


def test_a_statement_is_signed_by_the_accreditation_body_s_own_key(bare_world):
    stated = bare_world.confirm_statement(draft_grant(bare_world))
    payload = check_statement(read_statement(stated.jws), bare_world.ring.accreditation.public_key).payload
    assert (payload["accreditation"], payload["body"]) == (str(stated.accreditation), str(bare_world.body))


def test_a_statement_is_the_full_resulting_state(bare_world):
    payload = said(draft_grant(bare_world).document)
    assert payload["scope"] == {
        "documents": [STANDARD],
        "areas": ["generative", "robotics"],
        "countries": ["JP", "US"],
    }
    assert payload["criteria"] == ["ISO/IEC 17021-1:2015", "ISO/IEC 42006:2025"]
    assert (payload["statement_no"], payload["status"], payload["symbol_allowed"]) == (1, "active", True)
    assert (payload["suspended"], payload["time_zone"]) == (None, "Asia/Tokyo")
    assert [name["name"] for name in payload["body_names"]] == ["Fictional Certification", "架空認証機関"]


def test_a_draft_accredits_nobody(bare_world):
    draft_grant(bare_world)
    assert count(bare_world, "accreditation_statement") == 0


def test_confirming_twice_gives_the_same_statement(bare_world):
    draft = draft_grant(bare_world)
    assert bare_world.confirm_statement(draft) == bare_world.confirm_statement(draft)


def test_a_statement_left_between_its_commits_is_finished_later(bare_world):
    draft = draft_grant(bare_world)
    open_act = begin_statement(bare_world, draft)
    stated = act.finish_statement(bare_world.registry, bare_world.accreditation_body, open_act, draft.id)
    assert (stated.statement_no, stated.status) == (1, "active")


def test_the_number_of_an_abandoned_draft_is_free_for_the_next(bare_world):
    draft_grant(bare_world)
    corrected = replace(ACCREDITED, areas=("robotics",))
    stated = bare_world.confirm_statement(draft_grant(bare_world, scope=corrected))
    assert read_statement(stated.jws).payload["scope"]["areas"] == ["robotics"]


def test_the_number_of_an_accreditation_is_taken(bare_world):
    bare_world.confirm_statement(draft_grant(bare_world))
    with refused("accreditation_number_taken"):
        draft_grant(bare_world)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"accredited": uuid4()}, "unknown_party", "/body"),
        ({"scheme": "qms"}, "unknown_scheme", "/scheme"),
        ({"number": "FA\u202e1"}, "malformed_document", "/number"),
        ({"scope": replace(ACCREDITED, areas=())}, "malformed_document", "/scope"),
        ({"scope": replace(ACCREDITED, areas=("robotics", "robotics"))}, "malformed_document", "/scope"),
        ({"officer": uuid4()}, "unknown_reference", None),
    ],
)
def test_a_grant_that_makes_no_sense_is_not_drafted(bare_world, change, code, field):
    with refused(code, field):
        draft_grant(bare_world, **change)
    assert count(bare_world, "draft") == 0


def test_an_accreditation_body_is_accredited_by_nobody_here(bare_world):
    with refused("unknown_reference"):
        draft_grant(bare_world, accredited=bare_world.accreditation_body)


def test_an_accreditation_ends_after_it_begins(bare_world):
    with refused("accreditation_period", "/valid_to"):
        draft_grant(bare_world, valid_to=bare_world.today)


# --- Suspended, restored, withdrawn ---


def test_a_suspension_of_the_whole_forbids_the_symbol_and_keeps_the_scope(world):
    payload = said(draft_change(world, "suspend", sanction=Sanction()).document)
    assert (payload["suspended"], payload["symbol_allowed"], payload["permitted_acts"]) == ({"whole": True}, False, [])
    assert (payload["status"], payload["statement_no"], payload["scope"]["areas"]) == (
        "suspended",
        2,
        ["generative", "robotics"],
    )


def test_a_suspension_of_a_part_names_it_and_what_stays_permitted(world):
    sanction = Sanction(whole=False, areas=("generative",), permitted_acts=("grant",), symbol_allowed=True)
    stated = world.confirm_statement(draft_change(world, "suspend", sanction=sanction))
    payload = read_statement(stated.jws).payload
    assert payload["suspended"] == {"areas": ["generative"], "countries": []}
    assert (payload["permitted_acts"], payload["symbol_allowed"]) == (["grant"], True)


def test_a_suspension_may_be_widened(world):
    world.change_accreditation("suspend", sanction=Sanction(whole=False, areas=("generative",)))
    world.change_accreditation("suspend")
    assert [
        row.suspended_whole
        for row in rows(world, "SELECT suspended_whole FROM akashi.accreditation_statement ORDER BY statement_no")
    ] == [False, False, True]


def test_a_restoration_gives_the_symbol_back(world):
    world.change_accreditation("suspend")
    payload = said(draft_change(world, "restore").document)
    assert (payload["status"], payload["suspended"], payload["symbol_allowed"]) == ("active", None, True)


def test_after_a_withdrawal_nothing_more_is_stated(world):
    world.change_accreditation("withdraw")
    for kind in ("restore", "withdraw", "grant"):
        with refused("no_such_transition", "/act"):
            draft_change(world, kind)


@pytest.mark.parametrize("kind", ["restore", "grant", "extend"])
def test_an_active_accreditation_is_only_suspended_or_withdrawn(world, kind):
    with refused("no_such_transition", "/act"):
        draft_change(world, kind)


@pytest.mark.parametrize(
    ("kind", "sanction"),
    [
        ("suspend", None),
        ("suspend", Sanction(whole=False)),
        ("suspend", Sanction(areas=("generative",))),
        ("withdraw", Sanction()),
    ],
    ids=["suspension_of_nothing_named", "neither_whole_nor_part", "both_whole_and_part", "withdrawal_of_a_part"],
)
def test_a_suspension_and_nothing_else_says_clearly_what_it_takes_away(world, kind, sanction):
    with refused("suspension_names_its_scope", "/suspended"):
        draft_change(world, kind, sanction=sanction)


def test_only_acts_of_the_vocabulary_can_stay_permitted(world):
    with refused("malformed_document", "/permitted_acts"):
        draft_change(world, "suspend", sanction=Sanction(permitted_acts=("anything",)))


# --- Who may, and in which order ---


def test_a_draft_that_another_statement_has_overtaken_is_refused_and_leaves_no_confirmation(world):
    stale = draft_change(world, "suspend", sanction=Sanction())
    world.change_accreditation("withdraw")
    before = confirmations(world)
    with refused("event_out_of_order"):
        world.confirm_statement(stale)
    assert confirmations(world) == before


def test_a_person_without_the_officer_s_function_confirms_nothing(world):
    clerk = world.add_person(world.ab_actor)
    draft = draft_change(world, "withdraw", officer=clerk.id)
    before = confirmations(world)
    with refused("decider_not_competent"):
        act.confirm_statement(world.registry, world.ab_actor, draft.id, sign_evidence(clerk.key, draft.document))
    assert confirmations(world) == before


def test_an_officer_of_the_body_cannot_speak_for_another(world):
    draft = draft_change(world, "withdraw")
    with refused("evidence_of_unknown_key"):
        act.confirm_statement(
            world.registry, world.ab_actor, draft.id, sign_evidence(world.decider.key, draft.document)
        )


def test_another_accreditation_body_s_accreditation_is_unknown(world):
    other = Actor("machine", world.body, "cb", ACCREDITATION_SCOPES)
    with refused("unknown_accreditation", "/accreditation"):
        act.draft_change(
            world.registry,
            other,
            accreditation=world.known_accreditation,
            act="withdraw",
            effective_on=world.today,
            officer=world.decider.id,
        )


def test_a_client_without_the_scope_states_nothing(world):
    draft = draft_change(world, "withdraw")
    with refused("insufficient_scope"):
        act.confirm_statement(world.registry, world.actor, draft.id, sign_evidence(world.officer.key, draft.document))


def test_a_draft_of_another_kind_is_no_statement(world):
    draft = key_binding.draft_binding(
        world.registry,
        world.ab_actor,
        accreditation=world.known_accreditation,
        thumbprint=world.ring.certification.thumbprint,
        valid_from=world.now(),
        valid_to=world.now() + timedelta(days=10),
        officer=world.officer.id,
    )
    with refused("unknown_draft"):
        world.confirm_statement(draft)


def test_a_body_whose_own_key_is_not_registered_states_nothing(bare_world):
    draft = draft_grant(bare_world)
    tamper(bare_world, "DELETE FROM akashi.signing_key WHERE purpose = 'accredit'")
    with refused("key_not_bound"):
        bare_world.confirm_statement(draft)
