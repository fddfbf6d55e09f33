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
from app.registry.verification import verify
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
    changes.setdefault("sanction", None)
    return world.draft_statement(kind, **changes)


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
        ({"number": "FA\u202e1"}, "text_bidi_control", "/number"),
        ({"scope": replace(ACCREDITED, areas=())}, "malformed_document", "/scope"),
        ({"scope": replace(ACCREDITED, areas=("robotics", "robotics"))}, "malformed_document", "/scope"),
        ({"officer": uuid4()}, "unknown_reference", None),
    ],
)
def test_a_grant_that_makes_no_sense_is_not_drafted(bare_world, change, code, field):
    """C091 among them: a number that reads as another one."""
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
    for kind in ("restore", "withdraw", "grant", "relinquish"):
        with refused("no_such_transition", "/act"):
            draft_change(world, kind)


@pytest.mark.parametrize("kind", ["restore", "grant", "bless"])
def test_an_active_accreditation_is_not_granted_again_nor_restored(world, kind):
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


# --- Extended, reduced, renewed, given up, ceased ---

NARROW = replace(ACCREDITED, areas=("robotics",))
WIDE = replace(ACCREDITED, countries=("FR", "JP", "US"))


def test_a_reduction_leaves_the_smaller_scope_and_an_extension_the_larger(world):
    world.change_accreditation("reduce", scope=NARROW)
    assert states(world)[-1] == ("active", ["robotics"], ["JP", "US"])
    world.change_accreditation("extend", scope=replace(NARROW, countries=("FR", "JP", "US")))
    assert states(world)[-1] == ("active", ["robotics"], ["FR", "JP", "US"])


def states(world):
    found = rows(world, "SELECT status, areas, countries FROM akashi.accreditation_statement ORDER BY statement_no")
    return [(row.status, row.areas, row.countries) for row in found]


@pytest.mark.parametrize(
    ("kind", "scope", "code"),
    [
        ("reduce", ACCREDITED, "scope_not_reduced"),
        ("reduce", WIDE, "scope_not_reduced"),
        ("reduce", replace(NARROW, countries=("FR",)), "scope_not_reduced"),
        ("extend", ACCREDITED, "scope_not_extended"),
        ("extend", NARROW, "scope_not_extended"),
        ("extend", replace(NARROW, countries=("FR", "JP", "US")), "scope_not_extended"),
        ("reduce", None, "accreditation_scope_changed"),
        ("restore", WIDE, "accreditation_scope_changed"),
    ],
)
def test_a_scope_changes_only_as_the_act_says(world, kind, scope, code):
    with refused(code, "/scope"):
        draft_change(world, kind, scope=scope)


def test_a_country_that_is_none_is_not_accredited_for(world):
    with refused("unknown_country", "/scope/countries"):
        draft_change(world, "extend", scope=replace(ACCREDITED, countries=("JP", "US", "ZZ")))
    with refused("unknown_country", "/scope/countries"):
        draft_grant(world, scope=replace(ACCREDITED, countries=("ZZ",)))


def test_what_is_not_accredited_cannot_be_suspended(world):
    with refused("suspension_outside_scope", "/suspended"):
        draft_change(world, "suspend", sanction=Sanction(whole=False, areas=("biometric",)))


def test_a_renewal_moves_the_last_valid_day_and_nothing_else(world):
    (first,) = rows(world, "SELECT valid_to FROM akashi.accreditation_statement")
    later = first.valid_to + timedelta(days=365)
    world.change_accreditation("renew", valid_to=later)
    (_, second) = rows(world, "SELECT * FROM akashi.accreditation_statement ORDER BY statement_no")
    assert (second.valid_to, second.status, second.areas) == (later, "active", ["generative", "robotics"])
    for day in (later, first.valid_to, None):
        with refused("renewal_not_later", "/valid_to"):
            draft_change(world, "renew", valid_to=day)


def test_a_suspension_goes_on_through_a_reduction_and_a_renewal(world):
    sanction = Sanction(whole=False, areas=("generative",), permitted_acts=("grant",))
    world.change_accreditation("suspend", sanction=sanction)
    world.change_accreditation("reduce", scope=replace(ACCREDITED, countries=("JP",)))
    world.change_accreditation("renew", valid_to=world.ago(-2000))
    last = rows(world, "SELECT * FROM akashi.accreditation_statement ORDER BY statement_no")[-1]
    assert (last.status, last.suspended_areas, last.permitted_acts) == ("suspended", ["generative"], ["grant"])


def test_an_area_that_was_suspended_and_then_removed_leaves_nothing_to_restore_but_the_sanction(world):
    world.change_accreditation("suspend", sanction=Sanction(whole=False, areas=("generative",)))
    world.change_accreditation("reduce", scope=NARROW)
    world.change_accreditation("restore")
    assert states(world)[-1] == ("active", ["robotics"], ["JP", "US"])


@pytest.mark.parametrize(
    ("kind", "status"), [("withdraw", "withdrawn"), ("relinquish", "relinquished"), ("cease", "ceased")]
)
def test_an_accreditation_ends_from_force_or_suspension_and_stays_ended(world, kind, status):
    world.change_accreditation("suspend")
    world.change_accreditation(kind)
    assert states(world)[-1][0] == status
    for further in ("restore", "renew", "extend", "grant", "suspend"):
        with refused("no_such_transition", "/act"):
            draft_change(
                world,
                further,
                scope=WIDE if further == "extend" else None,
                valid_to=world.ago(-4000) if further == "renew" else None,
                sanction=Sanction() if further == "suspend" else None,
            )


@pytest.mark.parametrize("kind", ["withdraw", "relinquish"])
def test_a_body_without_accreditation_may_still_cease(world, kind):
    world.change_accreditation(kind)
    world.change_accreditation("cease")
    assert states(world)[-1][0] == "ceased"


def test_no_sanction_changes_a_certificate(world):
    issued = world.grant()
    before = count(world, "standing_event"), count(world, "certificate_version")
    for kind, changes in (("suspend", {}), ("restore", {}), ("reduce", {"scope": NARROW}), ("withdraw", {})):
        world.change_accreditation(kind, **changes)
    assert (count(world, "standing_event"), count(world, "certificate_version")) == before
    report = verify(world.registry, issued.public_id)
    assert (report.standing.state, report.verdict) == ("active", "valid_with_notice")


# --- A body that ceased: its keys are frozen ---


def test_a_body_that_ceased_decides_nothing_more_not_even_a_withdrawal(world):
    issued = world.grant(on=world.ago(1))
    world.change_accreditation("cease")
    with refused("key_not_bound"):
        world.withdraw(issued.public_id)
    report = verify(world.registry, issued.public_id)
    assert report.standing.state == "active"
    assert {"accreditation_ended", "transfer_until", "body_ceased"} <= {notice.code for notice in report.notices}


def test_a_cessation_of_a_later_day_freezes_nothing_before(world):
    issued = world.grant()
    world.change_accreditation("cease", effective_on=world.today + timedelta(days=30))
    assert world.suspend(issued.public_id).act == "suspend"


@pytest.mark.parametrize(("second", "code"), [("active", None), ("withdrawn", "key_not_bound")])
def test_another_accreditation_keeps_the_key_only_while_it_is_alive(world, second, code):
    issued = world.grant()
    first = world.known_accreditation
    other = world.accredit(number="FA-002")
    world.bind_key(bound_by=other)
    if second == "withdrawn":
        world.change_accreditation("withdraw", accreditation=other)
    world.change_accreditation("cease", accreditation=first)
    if code is None:
        assert world.suspend(issued.public_id).act == "suspend"
        assert verify(world.registry, issued.public_id).verdict == "not_currently_valid"
        return
    with refused(code):
        world.suspend(issued.public_id)


# --- Several accreditations ---


def test_of_two_accreditations_each_has_its_own_then_and_now(world):
    """Dual accreditation (invariant 6): one ends, the certificate stays accredited by the other, and both are told."""
    first = world.known_accreditation
    second = world.accredit(number="FA-002")
    issued = world.grant(accreditations=(first, second), on=world.ago(1))
    world.change_accreditation("withdraw", accreditation=first)
    report = verify(world.registry, issued.public_id)
    held = {one.number: (one.at_decision, one.now) for one in report.accreditations}
    assert held == {"FA-001": ("active", "withdrawn"), "FA-002": ("active", "active")}
    assert (report.check("accreditation_now").result, report.verdict) == ("passed", "valid_with_notice")
    assert "transfer_until" not in {notice.code for notice in report.notices}
    world.change_accreditation("suspend", accreditation=second)
    report = verify(world.registry, issued.public_id)
    assert report.check("accreditation_now").result == "failed"


def test_every_accreditation_that_a_decision_names_is_asked(world):
    second = world.accredit(number="FA-002")
    world.change_accreditation("suspend", accreditation=second)
    world.accreditation = world.accredit(number="FA-003")
    with refused("accreditation_suspended_at_decision"):
        world.grant(accreditations=(world.known_accreditation, second))
    assert world.grant("FC-2").version_no == 1


# --- A decision under a sanction, as its statement permits (JAB's practice; domain §10) ---


def test_what_a_sanction_permits_is_issued_unaccredited_and_without_the_symbol(world):
    sanction = Sanction(permitted_acts=("grant",))
    world.change_accreditation("suspend", sanction=sanction, effective_on=world.ago(5))
    issued = world.grant(on=world.ago(1))
    report = verify(world.registry, issued.public_id)
    assert report.check("accreditation_at_decision").code == "accredited_by_permission"
    assert "issued_during_sanction" in {notice.code for notice in report.notices}
    (held,) = report.accreditations
    assert (held.at_decision, held.now, report.verdict) == ("suspended", "suspended", "valid_with_notice")
    world.change_accreditation("restore")
    report = verify(world.registry, issued.public_id)
    assert "issued_during_sanction" in {notice.code for notice in report.notices}
    assert report.verdict == "valid_with_notice"


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
            change=act.Change("withdraw", world.today),
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
