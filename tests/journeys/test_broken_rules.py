"""Rule after rule, broken over HTTP as a client would: refused with its code and its clause (docs/rules.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.registry.audit import Finding, TeamMember
from tests.support.deciding import audits_led_by
from tests.support.transfers import Accepting
from tests.support.unaccredited import add_registry, certifying_in
from tests.support.world import BODY_SCOPES, certify_again_and_again


@pytest.fixture
def opened(world):
    """A certification with its audits, over which nothing is decided."""
    public_id = world.open().public_id
    return public_id, world.audits(public_id)


@pytest.fixture
def granted(world):
    return world.grant().public_id


def wanted(world, public_id, act, **more):
    """The body of a request that drafts any act."""
    reasons = {"suspend": "nonconformity_persists", "suspend_urgently": "harm_imminent", "withdraw": "agreement_broken"}
    reason = {"code": reasons.get(act, "nonconformity_persists"), "text": "told to the holder"}
    return {
        "certification": public_id,
        "act": act,
        "decided_on": world.today.isoformat(),
        "deciders": [str(world.decider.id)],
        **({"reason": reason} if act in reasons else {}),
        **({"until": world.ago(-30).isoformat()} if act.startswith("suspend") else {}),
        **more,
    }


def answer_to(service, asked, *people):
    """What answers a decision in the end: its draft, or the last of its deciders' confirmations.

    What the confirmation refuses, the draft told (docs/adr/0023).
    """
    answer = service.body.post("/v1/decisions", asked)
    drafted = answer.json()
    for person in people or (service.world.decider,):
        if answer.is_success:
            answer = service.confirm(service.body, "/v1/decisions", drafted, person)
            told = {fault["code"] for fault in drafted["faults"]}
            assert answer.is_success or answer.json()["code"] in told, (answer.json()["code"], told)
    return answer


def refused(answer, code):
    """The answer refuses by this code and says which clause, or which rule of the registry, was broken."""
    problem = answer.json()
    told = {fault["code"]: fault for fault in problem["errors"]}
    assert 400 <= answer.status_code < 500, answer.text
    assert code in told, problem
    assert told[code].get("clause"), told[code]


def days_later(world, days):
    world.set_clock(world.now() + timedelta(days=days))


# --- When ---


def test_nothing_is_effective_before_its_decision(service, world, opened):
    asked = service.grant_wanted(*opened, effective_on=world.ago(30).isoformat())
    refused(answer_to(service, asked), "effective_before_decision")


@pytest.mark.parametrize(("days_ago", "code"), [(9, "assessed_after_decision"), (-1, "decided_in_the_future")])
def test_nobody_decides_before_the_audit_ends_or_after_today(service, world, days_ago, code):
    public_id = world.open().public_id
    first = world.audit(public_id, "stage_1", last_day=world.ago(20)).id
    audits = (first, world.audit(public_id, "stage_2", last_day=world.ago(8), stage_1=first).id)
    asked = service.grant_wanted(public_id, audits, decided_on=world.ago(days_ago).isoformat())
    refused(answer_to(service, asked), code)


def test_a_certificate_outlasts_no_cycle(service, world, opened):
    asked = service.grant_wanted(*opened)
    asked["certificate"]["last_valid_day"] = world.ago(-1100).isoformat()
    refused(answer_to(service, asked), "validity_beyond_maximum")


def test_what_has_expired_is_not_renewed(service, world):
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-5))).public_id
    days_later(world, 10)
    audit = world.audit(public_id, "recertification", last_day=world.ago(1))
    said = service.grant_wanted(public_id, (audit.id,))
    refused(answer_to(service, said | {"act": "renew"}), "certificate_expired")


# --- Who ---


def test_whoever_audited_does_not_decide(service, world):
    both = world.add_person(world.actor, "auditor", "decider")
    public_id = world.open().public_id
    asked = service.grant_wanted(public_id, audits_led_by(world, public_id, both), deciders=[str(both.id)])
    refused(answer_to(service, asked, both), "decider_in_audit_team")


def test_decisions_are_not_outsourced(service, world, opened):
    outsider = world.add_person(world.actor, "decider", relation="outsourced")
    refused(
        answer_to(service, service.grant_wanted(*opened, deciders=[str(outsider.id)]), outsider), "decision_outsourced"
    )


def test_whoever_has_not_the_function_does_not_decide(service, world, opened):
    asked = service.grant_wanted(*opened, deciders=[str(world.reviewer.id)])
    refused(answer_to(service, asked, world.reviewer), "decider_not_competent")


def test_a_member_who_audited_does_not_vote(service, world):
    both = world.add_person(world.actor, "auditor", "decider")
    committee = service.body.post("/v1/committees", {"name": "Committee", "quorum_percent": 50}).json()["id"]
    people = (world.decider, world.second_decider, both)
    for one in people:
        member = {"person": str(one.id), "valid_from": world.ago(5).isoformat()}
        service.body.post(f"/v1/committees/{committee}/members", member)
    public_id = world.open().public_id
    votes = [{"member": str(one.id), "vote": "for"} for one in people]
    asked = service.grant_wanted(
        public_id, audits_led_by(world, public_id, both), ballot={"committee": committee, "votes": votes}
    )
    del asked["deciders"]
    answer = answer_to(service, asked, *people)
    assert {fault["code"] for fault in answer.json()["errors"]} & {"decider_in_audit_team", "vote_not_allowed"}


def test_whoever_decides_knows_every_area_of_the_decision(service, world, opened):
    narrow = world.add_person(world.actor)
    world.give_function(narrow.id, "decider")
    world.make_competent(narrow.id, "decider", "generative")
    asked = service.grant_wanted(*opened, deciders=[str(narrow.id)])
    refused(answer_to(service, asked, narrow), "decider_lacks_area")


def test_a_person_of_an_entity_beyond_the_body_s_control_decides_nothing(service, world, opened):
    lent = world.add_person(world.actor, "decider", relation="controlled_entity")
    refused(answer_to(service, service.grant_wanted(*opened, deciders=[str(lent.id)]), lent), "entity_not_controlled")


def test_whoever_has_an_interest_in_the_client_does_not_decide(service, world, opened):
    world.declare(world.decider.id, ended_on=world.ago(600))
    refused(answer_to(service, service.grant_wanted(*opened)), "interest_in_client")
    world.declare(world.second_decider.id, ended_on=world.ago(760))
    asked = service.grant_wanted(*opened, deciders=[str(world.second_decider.id)])
    assert answer_to(service, asked, world.second_decider).status_code == 200


def test_nothing_is_certified_under_a_threat_that_nobody_mitigated(service, world, opened):
    threat = {"source": "familiarity", "description": "the same auditor for years", "identified_on": "2026-01-05"}
    service.body.post("/v1/threats", threat | {"organisation": str(world.organisation)})
    refused(answer_to(service, service.grant_wanted(*opened)), "threat_not_mitigated")


def test_whoever_audited_does_not_review(service, world, opened):
    both = world.add_person(world.actor, "auditor", "reviewer")
    audits = audits_led_by(world, world.open("FC-0002").public_id, both)
    public_id = service.body.get("/v1/certifications").json()["certifications"][-1]["certificate_id"]
    review = {
        "certification": public_id,
        "audits": [str(one) for one in audits],
        "reviewer": str(both.id),
        "sufficient": True,
        "note": "complete",
        "reviewed_on": world.today.isoformat(),
    }
    refused(service.body.post("/v1/technical-reviews", review), "reviewer_in_audit_team")


def test_a_name_is_kept_while_a_cycle_rests_on_the_person(service, world, granted):
    """Three years of validity, and one full cycle more."""
    refused(service.body.delete(f"/v1/people/{world.decider.id}/name"), "name_retained")
    days_later(world, 6 * 366)
    assert service.caller(world.body, BODY_SCOPES).delete(f"/v1/people/{world.decider.id}/name").status_code == 204
    assert service.get(f"/v1/certificates/{granted}").status_code == 200


# --- On which ground ---


@pytest.mark.parametrize("grade", ["major", "minor"])
def test_no_certificate_over_an_open_nonconformity(service, world, grade):
    public_id = world.open().public_id
    found = Finding(grade, "6.1.2", "risks of the new service are not assessed", due_on=world.ago(-30))
    asked = service.grant_wanted(public_id, world.audits(public_id, findings=(found,)))
    refused(answer_to(service, asked), f"open_{grade}_finding")


def test_a_grant_rests_on_both_stages(service, opened):
    public_id, (first, _) = opened
    refused(answer_to(service, service.grant_wanted(public_id, (first,))), "audit_missing")


@pytest.mark.parametrize("field", ["roles", "areas", "sites", "soa"])
def test_a_certificate_without_what_its_scheme_requires_is_refused(service, opened, field):
    asked = service.grant_wanted(*opened)
    asked["certificate"][field] = None if field == "soa" else []
    refused(answer_to(service, asked), "required_by_scheme")


def test_a_standard_without_its_edition_is_certified_by_nobody(service, opened):
    asked = service.grant_wanted(*opened)
    asked["certificate"]["document"] = "ISO/IEC 42001"
    refused(answer_to(service, asked), "unknown_normative_document")


def test_outside_its_accreditation_nothing_is_granted(service, opened):
    asked = service.grant_wanted(*opened)
    asked["certificate"]["areas"] = ["biometric"]
    refused(answer_to(service, asked), "outside_accreditation_at_decision")


def test_of_two_accreditations_each_must_cover(service, world, opened):
    first = world.known_accreditation
    second = world.accredit(number="FA-002")
    world.change_accreditation("suspend", accreditation=second)
    both = [str(first), str(second)]
    refused(
        answer_to(service, service.grant_wanted(*opened, accreditations=both)), "accreditation_suspended_at_decision"
    )


def test_where_it_is_accredited_a_body_grants_nothing_unaccredited(service, world, opened):
    """In the accredited scheme it needs an accreditation; in another, of the same standard, it would be beside it."""
    refused(answer_to(service, service.grant_wanted(*opened, accreditations=[])), "not_accredited")
    beside = certifying_in(world, add_registry(world))
    public_id = beside.open("FC-0002").public_id
    asked = service.grant_wanted(public_id, beside.audits(public_id), accreditations=[])
    asked["certificate"] |= {"roles": ["supplier"], "areas": ["manufacturing"], "soa": None}
    refused(answer_to(service, asked), "unaccredited_in_accredited_scope")


def test_a_body_whose_key_is_not_bound_decides_nothing(service, world, opened):
    world.change_accreditation("cease")
    refused(answer_to(service, service.grant_wanted(*opened)), "body_has_ceased")


# --- What becomes of the scope ---


def test_scope_creep_as_a_correction_is_refused(service, world, granted):
    """The typo that adds generative services to a certificate of robots."""
    corrected = service.grant_wanted(granted, ())["certificate"]
    corrected["areas"] = ["generative", "robotics"]
    people = (world.decider, world.second_decider)
    asked = wanted(world, granted, "correct", deciders=[str(one.id) for one in people], certificate=corrected)
    refused(answer_to(service, asked, *people), "correction_changes_scope")


def test_a_reduction_adds_nothing(service, world, granted):
    reduced = service.grant_wanted(granted, ())["certificate"]
    reduced["sites"].append({"id": str(world.laboratory)})
    asked = wanted(world, granted, "reduce", certificate=reduced, reason={"code": "site_closed", "text": "closed"})
    refused(answer_to(service, asked), "reduction_does_not_reduce")


def test_what_was_decided_on_an_older_version_is_not_issued(service, world):
    wide = world.wanted(areas=("generative", "robotics"))
    public_id = world.grant(certificate=wide).public_id
    older = world.decide(public_id, "amend")
    world.issue(world.decide(public_id, "reduce", certificate=world.wanted(), reason=("holder_request", "asked")))
    refused(service.body.post("/v1/certificates", {"decision": str(older.id)}), "decision_overtaken")


# --- How standing moves ---


def test_what_was_withdrawn_is_not_restored(service, world, granted):
    world.withdraw(granted)
    refused(answer_to(service, wanted(world, granted, "restore")), "no_such_transition")


@pytest.mark.parametrize(("left_out", "code"), [("until", "suspension_without_end"), ("reason", "reason_missing")])
def test_a_suspension_has_an_end_and_a_reason(service, world, granted, left_out, code):
    asked = wanted(world, granted, "suspend")
    del asked[left_out]
    refused(answer_to(service, asked), code)


def test_a_suspension_beyond_the_limit_takes_a_second_person(service, world, granted):
    asked = wanted(world, granted, "suspend", until=world.ago(-250).isoformat())
    refused(answer_to(service, asked), "suspension_too_long")
    people = (world.decider, world.second_decider)
    asked["deciders"] = [str(one.id) for one in people]
    assert answer_to(service, asked, *people).status_code == 200


def test_an_urgent_suspension_is_ratified_by_another(service, world, granted):
    assert answer_to(service, wanted(world, granted, "suspend_urgently")).status_code == 200
    refused(answer_to(service, wanted(world, granted, "ratify", ratifies=2)), "ratified_by_the_same")
    other = wanted(world, granted, "ratify", ratifies=2, deciders=[str(world.second_decider.id)])
    assert answer_to(service, other, world.second_decider).status_code == 200
    assert service.verification(granted)["standing"]["state"] == "suspended"


def test_a_suspension_is_lifted_only_when_its_cause_is_resolved(service, world, granted):
    world.suspend(granted)
    found = Finding("major", "9.2", "internal audits were not made", due_on=world.ago(-30))
    world.audit(granted, "follow_up", findings=(found,))
    refused(answer_to(service, wanted(world, granted, "restore")), "open_major_finding")


def test_whoever_made_the_follow_up_audit_does_not_restore(service, world, granted):
    world.suspend(granted)
    both = world.add_person(world.actor, "auditor", "decider")
    audit = world.audit(granted, "follow_up", team=(TeamMember(both.id, "team_leader"),))
    asked = wanted(world, granted, "restore", deciders=[str(both.id)], relied_on=[str(audit.id)])
    refused(answer_to(service, asked, both), "decider_in_audit_team")


def test_an_overdue_suspension_is_work_for_the_body_and_ends_by_a_decision(service, world, granted):
    world.suspend(granted, until=world.ago(-5))
    days_later(world, 6)
    assert service.verification(granted)["standing"]["state"] == "suspended"
    due = {row["what"] for row in service.body.get("/v1/due").json()["due"]}
    assert "suspension" in due
    assert answer_to(service, wanted(world, granted, "withdraw")).status_code == 200


def test_what_expired_while_suspended_needs_both_cures(service, world):
    """The recertification that was outstanding, and what the certificate was suspended for."""
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-20))).public_id
    found = Finding("major", "9.2", "internal audits were not made", due_on=world.ago(-10))
    open_major = world.audit(public_id, "short_notice", findings=(found,)).findings[0]
    world.suspend(public_id)
    days_later(world, 30)
    surveyed = world.audit(public_id, "surveillance", last_day=world.ago(1))
    restoring = service.grant_wanted(public_id, (surveyed.id,)) | {"act": "restore_expired"}
    refused(answer_to(service, restoring), "audit_missing")
    recertified = world.audit(public_id, "recertification", last_day=world.ago(1))
    restoring["relied_on"] = [str(recertified.id)]
    refused(answer_to(service, restoring), "open_major_finding")
    world.resolve(open_major, done_on=world.today)
    assert answer_to(service, restoring).status_code == 200


def test_a_refusal_is_seen_by_its_body_alone(service, world, opened):
    public_id, _ = opened
    reason = {"code": "requirements_not_met", "text": "no impact assessment"}
    done = answer_to(service, wanted(world, public_id, "refuse", reason=reason)).json()
    assert [one["statement"] for one in done["signed"]] == ["akashi-decision-1"]
    assert service.verification(public_id)["verdict"] == "unknown"
    assert service.get(f"/v1/certificates/{public_id}").status_code == 404
    assert service.body.get(f"/v1/decisions/{done['id']}").status_code == 200


def test_an_annulment_names_an_event_and_removes_none(service, world, granted):
    people = (world.decider, world.second_decider)
    reason = {"code": "issued_in_error", "text": "no decision had been taken"}
    asked = wanted(world, granted, "annul", reason=reason, deciders=[str(one.id) for one in people])
    refused(answer_to(service, asked, *people), "annulled_event_unknown")
    assert answer_to(service, asked | {"annuls": 1}, *people).status_code == 200
    events = service.get(f"/v1/certificates/{granted}/events").json()["events"]
    assert [event["act"] for event in events] == ["grant", "annul"]


# --- Under whose sanction, to which body ---


def test_a_sanction_stops_growth_and_nothing_that_reduces(service, world, opened):
    public_id = world.grant("FC-0002").public_id
    world.change_accreditation("suspend")
    refused(answer_to(service, service.grant_wanted(*opened)), "accreditation_suspended_at_decision")
    assert answer_to(service, wanted(world, public_id, "suspend")).status_code == 200
    assert answer_to(service, wanted(world, public_id, "withdraw")).status_code == 200
    assert service.verification(public_id)["verdict"] == "no_longer_valid"


def test_a_suspended_certificate_is_not_transferred(service, world, granted):
    accepting = Accepting(world)
    world.suspend(granted)
    client = service.caller(accepting.body, BODY_SCOPES)
    notice = {
        "application": str(accepting.apply()),
        "requested_on": world.today.isoformat(),
        "request_sha256": "A" * 43,
        "certificate": granted,
    }
    refused(client.post("/v1/transfers", notice), "transfer_of_suspended")


# --- What could be taken for another ---


def test_one_scope_is_certified_twice_only_if_a_person_means_it(service, world):
    certify_again_and_again(world.fresh.superuser_url, "array_remove(waived_rules, 'no_overlap')")
    world.grant("FC-0001")
    (first,) = service.body.get("/v1/certifications").json()["certifications"]
    second = world.open("FC-0002")
    asked = service.grant_wanted(second.public_id, world.audits(second.public_id))
    refused(answer_to(service, asked), "overlap_not_confirmed")
    said = {
        "other": first["id"],
        "person": str(world.reviewer.id),
        "reason": "two systems",
        "confirmed_on": world.today.isoformat(),
    }
    assert service.body.post(f"/v1/certifications/{second.id}/overlaps", said).status_code == 204
    assert answer_to(service, asked).status_code == 200
    kept = service.body.get(f"/v1/certifications/{second.id}/dossier").json()["overlaps"]
    assert [one["number"] for one in kept] == ["FC-0001"]


@pytest.mark.parametrize("number", ["fc 0001", "FC-OOO1", "FC-000l"])
def test_a_number_that_looks_like_another_is_taken(service, world, number):
    """Whether case, a letter for a digit, or a hyphen: a reader would take the one for the other."""
    world.open("FC-0001")
    applied = {
        "organisation": str(world.organisation),
        "scheme": "aims",
        "scope_requested": "Design of robots",
        "received_on": world.ago(40).isoformat(),
    }
    asked = service.body.post("/v1/applications", applied).headers["location"]
    accepted = {
        "reviewer": str(world.reviewer.id),
        "outcome": "accepted",
        "reviewed_on": world.ago(35).isoformat(),
    }
    service.body.post(f"{asked}/review", accepted)
    signed = {"organisation": str(world.organisation), "signed_on": world.ago(34).isoformat(), "consented": []}
    agreement = service.body.post("/v1/agreements", signed).json()["id"]
    opening = {"application": asked.rpartition("/")[2], "agreement": agreement, "number": number}
    refused(service.body.post("/v1/certifications", opening), "certificate_number_taken")
