"""Decisions: drafted, confirmed by persons, judged by the rules, signed by the body; most tests here are refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.credentials.facts_json import MalformedFacts
from app.credentials.statement import check_statement, read_statement
from app.keys.evidence import sign_evidence
from app.registry import audit, decision
from app.registry.accreditation import Sanction
from app.registry.drafts import Draft
from app.registry.rehearsal import faults_of
from app.registry.verification import verify
from tests.support.acts import begin_decision, count, refused, said
from tests.support.world import ACCREDITED

REASON = ("nonconformity_persists", "corrective action is overdue")


@pytest.fixture(scope="module")
def settled(worlds, world_libraries):
    """A world of which every test leaves the certificates as it found them: refusals change nothing."""
    with world_libraries["accredited"].lend() as lent:
        yield worlds["accredited"].on(lent)


@pytest.fixture(scope="module")
def certificate(settled):
    """The public ID of an issued certificate of the settled world."""
    return settled.grant("FC-0000").public_id


def open_new(world):
    return world.open(f"FC-{uuid4().hex[:12]}")


def left_behind(world):
    return [count(world, table) for table in ("decision", "confirmation", "act", "reservation")]


def refuse_grant(world, code, *, audits=None, findings=(), **more):
    """A grant is drafted as asked and told what it breaks; its confirmation is refused and leaves nothing behind."""
    opened = open_new(world)
    relied_on = world.audits(opened.public_id, findings=findings) if audits is None else audits(opened.public_id)
    more.setdefault("accreditations", (world.known_accreditation,))
    more.setdefault("certificate", world.wanted())
    _refuse(world, code, world.draft(opened.public_id, "grant", relied_on=relied_on, **more), more.get("deciders", ()))


def refuse(world, code, public_id, act, *, deciders=(), **more):
    """An act on a certificate is refused at its confirmation, which leaves nothing behind."""
    _refuse(world, code, world.draft(public_id, act, deciders=deciders, **more), deciders)


def _refuse(world, code, draft, deciders):
    before = left_behind(world)
    foreseen = {fault.code for fault in faults_of(world.registry, world.actor, draft.id)}
    assert left_behind(world) == before
    with refused(code):
        world.confirm(draft, *deciders[:1])
    assert code in foreseen
    assert left_behind(world) == before


# --- What a decision is ---


def test_a_confirmed_decision_is_signed_by_the_body(world):
    opened = world.open()
    decided = world.decide_grant(opened.public_id, world.audits(opened.public_id))
    payload = check_statement(read_statement(decided.decision_jws), world.ring.certification.public_key).payload
    assert (payload["decision"], payload["certification"]) == (str(decided.id), opened.public_id)


def test_a_grant_and_an_amendment_stand_with_their_version_and_make_no_event_of_their_own(world):
    granted = world.grant()
    assert world.decide(granted.public_id, "amend").event_jws is None


def test_a_suspension_takes_effect_with_its_confirmation(world):
    granted = world.grant()
    suspended = world.suspend(granted.public_id)
    event = check_statement(read_statement(suspended.event_jws), world.ring.certification.public_key).payload
    assert (event["decision"], event["to_state"]) == (str(suspended.id), "suspended")
    assert verify(world.registry, granted.public_id).standing.state == "suspended"


def test_a_decision_that_takes_effect_later_is_pending_until_then(world):
    granted = world.grant()
    world.suspend(granted.public_id, effective_on=world.ago(-3))
    assert verify(world.registry, granted.public_id).standing.state == "active"
    world.set_clock(world.now() + timedelta(days=4))
    assert verify(world.registry, granted.public_id).standing.state == "suspended"


def test_an_act_on_a_certificate_stands_on_the_accreditations_of_its_version(settled, certificate):
    document = said(settled.draft(certificate, "restore").document)
    assert document["accreditations"] == [str(settled.known_accreditation)]


def test_confirming_again_after_the_event_gives_the_same_decision(world):
    granted = world.grant()
    draft = world.draft(granted.public_id, "suspend", until=world.ago(-30), reason=REASON)
    assert world.confirm(draft) == world.confirm(draft)
    assert count(world, "standing_event") == 2


def test_a_decision_left_between_its_commits_is_finished_later(world):
    granted = world.grant()
    draft = world.draft(granted.public_id, "suspend", until=world.ago(-30), reason=REASON)
    act = begin_decision(world, draft)
    assert verify(world.registry, granted.public_id).standing.state == "active"
    decision.finish_decision(world.registry, world.body, act, draft.id)
    assert verify(world.registry, granted.public_id).standing.state == "suspended"


# --- What is not even drafted ---


def test_an_unknown_certification_is_not_decided_on(settled):
    with refused("unknown_certification", "/certification"):
        settled.draft("0" * 35, "suspend")


def test_another_body_s_certification_is_unknown(settled, certificate):
    _, other = settled.add_certification_body("Another Certification")
    proposal = decision.Proposal(certificate, "withdraw", settled.today, (uuid4(),), reason=REASON)
    with refused("unknown_certification", "/certification"):
        decision.draft_decision(settled.registry, other, proposal)


def test_an_act_that_the_registry_does_not_know_is_not_drafted(settled):
    with refused("unknown_act", "/act"):
        settled.draft(open_new(settled).public_id, "revoke")


def test_a_grant_says_what_the_certificate_says(settled):
    with refused("certificate_content_missing", "/certificate"):
        settled.draft(open_new(settled).public_id, "grant")


def test_a_certificate_that_begins_before_its_decision_is_not_drafted(settled):
    opened = open_new(settled)
    with pytest.raises(MalformedFacts) as caught:
        settled.draft(
            opened.public_id,
            "grant",
            effective_on=settled.ago(30),
            relied_on=settled.audits(opened.public_id),
            accreditations=(settled.known_accreditation,),
            certificate=settled.wanted(),
        )
    assert caught.value.faults[0].code == "effective_before_decision"


def test_an_audit_of_nobody_is_not_relied_on(settled):
    with refused("unknown_reference"):
        settled.draft(open_new(settled).public_id, "withdraw", relied_on=(uuid4(),))


def test_an_audit_is_relied_on_once(settled):
    opened = open_new(settled)
    first, _ = settled.audits(opened.public_id)
    with refused("malformed_document", "/relied_on"):
        settled.draft(opened.public_id, "withdraw", relied_on=(first, first))


def test_a_decider_of_nobody_is_not_named(settled):
    with refused("unknown_reference"):
        decision.draft_decision(
            settled.registry,
            settled.actor,
            decision.Proposal(open_new(settled).public_id, "withdraw", settled.today, (uuid4(),)),
        )


def test_a_client_without_the_scope_drafts_nothing(settled):
    with refused("insufficient_scope"):
        decision.draft_decision(
            settled.registry,
            replace(settled.actor, scopes=frozenset({"audits"})),
            decision.Proposal(open_new(settled).public_id, "withdraw", settled.today, (settled.decider.id,)),
        )


def test_a_draft_of_another_kind_is_no_decision(settled):
    accredited = replace(settled.ab_actor, scopes=frozenset({"certificates:prepare"}))
    draft = settled.draft_statement("withdraw")
    with refused("unknown_draft"):
        decision.confirm_decision(
            settled.registry, accredited, draft.id, sign_evidence(settled.officer.key, draft.document)
        )


# --- Dates ---


def test_no_decision_is_dated_in_the_future(settled):
    refuse_grant(settled, "decided_in_the_future", on=settled.ago(-1))


def test_a_decision_recorded_late_needs_a_reason(settled, certificate):
    refuse(settled, "late_without_reason", certificate, "cancel", on=settled.ago(31), reason=("holder_request", "x"))


def test_a_decision_recorded_late_with_a_reason_stands(world):
    granted = world.grant()
    late = world.cancel(granted.public_id, on=world.ago(31), late_reason="the file was found")
    assert late.act == "cancel"


def test_lateness_is_measured_at_the_confirmation_not_at_the_draft(world):
    granted = world.grant()
    draft = world.draft(granted.public_id, "cancel", reason=("holder_request", "x"))
    world.set_clock(world.now() + timedelta(days=32))
    with refused("late_without_reason"):
        world.confirm(draft)


def test_a_decision_follows_the_end_of_its_audits(settled):
    def audits(public_id):
        first = settled.audit(public_id, "stage_1", last_day=settled.ago(20))
        return first.id, settled.audit(public_id, "follow_up", last_day=settled.today).id

    with pytest.raises(MalformedFacts) as caught:
        refuse_grant(settled, "", audits=audits, on=settled.ago(1), effective_on=settled.today)
    assert caught.value.faults[0].code == "assessed_after_decision"


def test_a_suspension_relies_on_no_audit_that_ends_after_it(settled, certificate):
    later = settled.audit(certificate, "surveillance", last_day=settled.today)
    refuse(
        settled,
        "decision_before_audit_end",
        certificate,
        "suspend",
        on=settled.ago(1),
        effective_on=settled.today,
        until=settled.ago(-30),
        reason=REASON,
        relied_on=(later.id,),
    )


def test_nothing_takes_effect_before_it_is_decided(settled, certificate):
    refuse(
        settled,
        "effective_before_decision",
        certificate,
        "cancel",
        effective_on=settled.ago(1),
        reason=("holder_request", "x"),
    )


def test_a_certificate_lasts_no_longer_than_the_scheme_allows(settled):
    beyond = settled.today + timedelta(days=1097)
    refuse_grant(settled, "validity_beyond_maximum", certificate=settled.wanted(last_valid_day=beyond))


# --- Deciders ---


def test_whoever_audited_does_not_decide(settled):
    both = settled.add_person(settled.actor, "auditor", "decider")

    def audits(public_id):
        team = (audit.TeamMember(both.id, "team_leader"),)
        first = settled.audit(public_id, "stage_1", last_day=settled.ago(20))
        return first.id, settled.audit(public_id, "stage_2", last_day=settled.ago(10), stage_1=first.id, team=team).id

    refuse_grant(settled, "decider_in_audit_team", audits=audits, deciders=(both,))


def test_whoever_has_not_the_function_does_not_decide(settled):
    refuse_grant(settled, "decider_not_competent", deciders=(settled.reviewer,))


def test_decisions_are_not_outsourced(settled):
    hired = settled.add_person(settled.actor, "decider", relation="outsourced")
    refuse_grant(settled, "decision_outsourced", deciders=(hired,))


def test_an_annulment_needs_two_deciders(settled, certificate):
    refuse(settled, "not_confirmed", certificate, "annul", annuls=1, reason=("issued_in_error", "x"))


def test_an_annulment_by_two_deciders_awaits_the_second(world):
    granted = world.grant()
    both = (world.decider, world.second_decider)
    draft = world.draft(granted.public_id, "annul", deciders=both, annuls=1, reason=("issued_in_error", "x"))
    assert isinstance(world.confirm(draft), Draft)
    assert isinstance(world.confirm(draft, world.second_decider), decision.Decision)


# --- Audits, findings, facts ---


def test_a_grant_needs_both_stages(settled):
    refuse_grant(settled, "audit_missing", audits=lambda public_id: settled.audits(public_id)[:1])


def test_a_grant_relies_on_audits_of_its_own_certification(settled):
    other = open_new(settled)
    theirs = settled.audits(other.public_id)
    refuse_grant(settled, "audit_of_another_certification", audits=lambda public_id: theirs)


@pytest.mark.parametrize("grade", ["major", "minor"])
def test_an_open_finding_keeps_a_certificate_from_being_granted(settled, grade):
    finding = audit.Finding(grade, "8.2", "No impact assessment", due_on=settled.ago(-60))
    refuse_grant(settled, f"open_{grade}_finding", findings=(finding,))


def test_roles_and_areas_are_those_of_the_scheme(settled):
    refuse_grant(settled, "unknown_scheme_term", certificate=settled.wanted(roles=("wizard",)))


# --- Accreditation ---


@pytest.mark.parametrize(
    "change",
    [
        {"areas": ("robotics", "biometric")},
        {"areas": ("generative", "safety_component")},
    ],
)
def test_an_area_outside_the_accreditation_is_refused(settled, change):
    refuse_grant(settled, "outside_accreditation_at_decision", certificate=settled.wanted(**change))


def test_a_country_outside_the_accreditation_is_refused(settled):
    abroad = settled.add_site("Paris laboratory", "パリ研究所", "Paris", "パリ", country="FR")
    refuse_grant(
        settled,
        "outside_accreditation_at_decision",
        certificate=settled.wanted(site_ids=(settled.head_office, abroad)),
    )


def test_a_certificate_rests_on_an_accreditation(settled):
    refuse_grant(settled, "not_accredited", accreditations=())


def test_another_body_s_accreditation_supports_nothing(world):
    other, _ = world.add_certification_body("Another Certification")
    theirs = world.accredit(body=other, number="FA-002")
    refuse_grant(world, "not_accredited_at_decision", accreditations=(theirs,))


def test_a_decision_on_the_day_of_a_suspension_is_outside(world):
    world.change_accreditation("suspend")
    opened = world.open()
    draft = world.draft(
        opened.public_id,
        "grant",
        relied_on=world.audits(opened.public_id),
        accreditations=(world.known_accreditation,),
        certificate=world.wanted(),
    )
    with refused("accreditation_suspended_at_decision"):
        world.confirm(draft)


def test_a_decision_before_a_suspension_is_still_refused_now(world):
    world.change_accreditation("suspend")
    refuse_grant(world, "accreditation_suspended_now", on=world.ago(1), effective_on=world.today)


def test_an_act_that_the_sanction_permits_is_decided(world):
    world.change_accreditation("suspend", sanction=Sanction(permitted_acts=("grant",)))
    opened = world.open()
    assert world.decide_grant(opened.public_id, world.audits(opened.public_id)).act == "grant"


def test_a_suspension_of_another_area_does_not_matter(world):
    world.change_accreditation("suspend", sanction=Sanction(whole=False, areas=("generative",)))
    opened = world.open()
    assert world.decide_grant(opened.public_id, world.audits(opened.public_id)).act == "grant"


def test_suspending_withdrawing_and_amending_never_need_accreditation_now(world):
    granted = world.grant()
    world.change_accreditation("withdraw")
    assert world.amend(granted.public_id).version_no == 2
    assert world.suspend(granted.public_id).act == "suspend"
    assert world.withdraw(granted.public_id).act == "withdraw"


def test_restoring_needs_accreditation_now(world):
    granted = world.grant()
    world.suspend(granted.public_id)
    world.change_accreditation("suspend")
    refuse(world, "accreditation_suspended_now", granted.public_id, "restore")


def test_each_of_two_accreditations_must_cover(world):
    narrow = world.known_accreditation
    both = world.accredit(number="FA-002", scope=replace(ACCREDITED, areas=("generative",)))
    refuse_grant(world, "outside_accreditation_at_decision", accreditations=(narrow, both))


# --- Standing ---


def test_a_suspension_has_an_end(settled, certificate):
    refuse(settled, "suspension_without_end", certificate, "suspend", reason=REASON)


def test_a_suspension_ends_after_it_begins(settled, certificate):
    refuse(settled, "suspension_ends_before_it_begins", certificate, "suspend", reason=REASON, until=settled.ago(1))


def test_a_suspension_is_no_longer_than_the_scheme_allows(settled, certificate):
    refuse(settled, "suspension_too_long", certificate, "suspend", reason=REASON, until=settled.ago(-190))


@pytest.mark.parametrize("reason", [None, ("because", "we felt like it")], ids=["none", "not_of_the_list"])
def test_a_suspension_states_a_coded_reason(settled, certificate, reason):
    refuse(settled, "reason_missing", certificate, "suspend", reason=reason, until=settled.ago(-30))


def test_what_was_withdrawn_is_not_restored(world):
    granted = world.grant()
    world.withdraw(granted.public_id)
    for act in ("restore", "withdraw", "cancel"):
        refuse(world, "no_such_transition", granted.public_id, act, reason=("agreement_broken", "x"))


def test_what_was_never_issued_is_not_suspended(settled):
    opened = open_new(settled)
    refuse(settled, "no_such_transition", opened.public_id, "suspend", reason=REASON, until=settled.ago(-30))


def test_after_expiry_nothing_but_an_annulment(world):
    granted = world.grant(certificate=world.wanted(last_valid_day=world.ago(-100)))
    world.set_clock(world.now() + timedelta(days=101))
    refuse(world, "certificate_expired", granted.public_id, "suspend", reason=REASON, until=world.ago(-30))
    assert world.annul(granted.public_id).act == "annul"


def test_an_annulment_names_the_event_that_it_annuls(world):
    granted = world.grant()
    both = (world.decider, world.second_decider)
    for annuls in (None, 9):
        draft = world.draft(granted.public_id, "annul", deciders=both, annuls=annuls, reason=("issued_in_error", "x"))
        world.confirm(draft)
        with refused("annulled_event_unknown"):
            world.confirm(draft, world.second_decider)
