"""What must agree within the decided facts: each breach is refused with its place, all of them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.credentials.facts import Cycle, Decision, Name, Text, validity_of
from app.credentials.facts_json import MalformedFacts, check_facts, facts_as_json, facts_from_json
from app.credentials.rules import rule_faults
from tests.support.certificate_facts import (
    ACCREDITATION,
    BRIDGED,
    DECLARED,
    FACTS,
    FACTS_JSON,
    HEAD_OFFICE,
    HEAD_OFFICE_ADDRESS,
    HOLDER,
    KINDS,
    OPERATIONS,
    PREVIOUS,
    REPORTED,
    SCOPE,
    TRANSFERRED,
    UNACCREDITED,
    changed,
    facts_with,
)


def faults_of(presented: object) -> set[tuple[str, str]]:
    with pytest.raises(MalformedFacts) as refused:
        facts_from_json(presented)
    return {(fault.code, fault.field) for fault in refused.value.faults}


@pytest.mark.parametrize("facts", KINDS.values(), ids=KINDS)
def test_the_fictional_facts_keep_every_rule(facts):
    assert rule_faults(facts) == ()


@pytest.mark.parametrize(
    ("pointer", "value", "code", "field"),
    [
        # ISO/IEC 17021-1 8.2.2: the effective date is not before the decision.
        ("/decision/decided_on", "2026-11-26", "effective_before_decision", "/validity/effective_on"),
        ("/decision/assessed_on", "2026-11-21", "assessed_after_decision", "/decision/assessed_on"),
        ("/validity/time_zone", "Asia/Atlantis", "unknown_time_zone", "/validity/time_zone"),
        ("/validity/valid_until", "2029-11-25T00:00:00Z", "instant_differs_from_day", "/validity/valid_until"),
        ("/validity/valid_from", "2026-11-25T00:00:00Z", "instant_differs_from_day", "/validity/valid_from"),
        ("/cycle/started_on", "2026-11-24", "cycle_out_of_order", "/cycle/started_on"),
        ("/cycle/recertify_by", "2029-11-25", "cycle_out_of_order", "/cycle/recertify_by"),
        ("/scope/roles", [], "required_by_scheme", "/scope/roles"),
        ("/scope/sites", [], "required_by_scheme", "/scope/sites"),
        ("/scope/soa", ..., "required_by_scheme", "/scope/soa"),
        ("/scope/sites/0/address", ..., "address_missing", "/scope/sites/0/address"),
        ("/scope/sites/1/id", HEAD_OFFICE.id, "said_twice", "/scope/sites"),
        ("/scope/statement/translations/0/language", "ja", "said_twice", "/scope/statement/translations"),
        ("/scheme/titles/1/language", "en", "said_twice", "/scheme/titles"),
        ("/accreditations/0/arrangement", "Mutual\u200brecognition", "text_invisible", "/accreditations/0/arrangement"),
        # Bidi control in a name (C091): the place is named.
        ("/holder/names/1/name", "Mizuho\u202edai", "text_bidi_control", "/holder/names/1/name"),
    ],
)
def test_facts_that_break_a_rule_are_refused_with_the_place(pointer, value, code, field):
    assert (code, field) in faults_of(changed(FACTS_JSON, pointer, value))


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        # A self-declaration can never pass for a certificate, nor claim somebody's accreditation.
        (replace(DECLARED, scheme=replace(DECLARED.scheme, activity="certification")), "assurance_differs", "activity"),
        (replace(FACTS, scheme=replace(FACTS.scheme, activity="declaration")), "assurance_differs", "activity"),
        (replace(DECLARED, accreditations=(ACCREDITATION,)), "accreditation_out_of_place", "accreditations"),
        (replace(UNACCREDITED, accreditations=(ACCREDITATION,)), "accreditation_out_of_place", "accreditations"),
        # History says that it is history, and nothing else does.
        (replace(REPORTED, provenance="issued", original_decided_on=None), "provenance_differs", "provenance"),
        (replace(FACTS, provenance="imported"), "provenance_differs", "provenance"),
        (replace(BRIDGED, provenance="imported"), "provenance_differs", "provenance"),
        (replace(FACTS, original_decided_on=date(2025, 2, 20)), "provenance_differs", "original_decided_on"),
        (replace(REPORTED, original_decided_on=date(2026, 11, 21)), "provenance_differs", "original_decided_on"),
        (replace(REPORTED, report=None), "provenance_differs", "report"),
        (replace(FACTS, report=REPORTED.report), "provenance_differs", "report"),
        (
            replace(REPORTED, report=replace(REPORTED.report, as_of=date(2026, 11, 21))),
            "report_from_the_future",
            "as_of",
        ),
        (
            replace(REPORTED, report=replace(REPORTED.report, as_of=date(2025, 2, 1))),
            "provenance_differs",
            "original_decided_on",
        ),
        (replace(REPORTED, original_decided_on=date(2025, 3, 2)), "effective_before_decision", "effective_on"),
        (
            replace(REPORTED, decision=Decision("import", date(2026, 11, 20), date(2025, 2, 21))),
            "assessed_after_decision",
            "assessed_on",
        ),
        # IAF MD 2: a transfer names what it continues.
        (replace(TRANSFERRED, previous=None), "previous_out_of_place", "previous"),
        (replace(FACTS, previous=PREVIOUS), "previous_out_of_place", "previous"),
    ],
)
def test_a_certificate_says_of_what_kind_and_origin_it_is(facts, code, field):
    assert (code, field) in {(fault.code, fault.field.rpartition("/")[2]) for fault in rule_faults(facts)}


def test_history_may_leave_open_what_its_standard_demands_of_a_certificate_decided_here():
    bare = replace(SCOPE, roles=(), soa=None, sites=())

    assert check_facts(replace(REPORTED, scope=bare, original_decided_on=None))
    assert ("required_by_scheme", "/scope/soa") in faults_of(facts_as_json(facts_with(scope=bare)))


def test_a_later_version_of_history_may_be_decided_here():
    day, old = date(2026, 12, 20), REPORTED.validity
    amended = replace(REPORTED, validity=validity_of(day, old.last_valid_day, old.time_zone))

    assert check_facts(replace(amended, decision=Decision("amend", day)))


def test_all_broken_rules_are_reported_at_once():
    presented = changed(FACTS_JSON, "/decision/decided_on", "2026-11-26")
    presented["scope"]["roles"] = []

    assert {code for code, _ in faults_of(presented)} == {"effective_before_decision", "required_by_scheme"}


def test_a_period_needs_at_least_one_day():
    backwards = facts_with(validity=validity_of(date(2026, 11, 25), date(2026, 11, 24), "Asia/Tokyo"))

    assert ("period_without_days", "/validity/last_valid_day") in faults_of(facts_as_json(backwards))


def test_a_lapse_that_was_bridged_states_both_of_its_dates():
    # ISO/IEC 17021-1 8.2.2: the first date may stay only beside the last expiry and the date of the audit.
    bridged = Cycle(date(2023, 11, 25), date(2026, 11, 25), date(2029, 11, 24), date(2026, 10, 1), date(2026, 11, 2))

    assert check_facts(facts_with(cycle=bridged)).cycle == bridged
    assert ("missing_member", "/cycle/recertification_audit_ended_on") in faults_of(
        facts_as_json(facts_with(cycle=replace(bridged, recertification_audit_ended_on=None)))
    )


def test_an_instant_written_under_an_older_law_of_the_zone_stays_good():
    # When a zone gives up summer time after signing, midnight moves by an hour; the signed instant stands.
    validity = replace(FACTS.validity, valid_until=FACTS.validity.valid_until.replace(hour=16))

    assert check_facts(facts_with(validity=validity))


def test_what_is_required_is_the_schemes_to_say_even_of_the_same_standard():
    bare = replace(SCOPE, roles=(), soa=None, sites=())
    other = replace(FACTS.scheme, code="other", required=("areas", "criteria"))

    assert check_facts(facts_with(scheme=other, scope=replace(bare, criteria=("P1",)))).scope.criteria == ("P1",)
    assert {field for _, field in faults_of(facts_as_json(facts_with(scheme=other, scope=bare)))} == {"/scope/criteria"}


def test_a_home_office_may_show_only_its_municipality():
    office = replace(HEAD_OFFICE, address=replace(HEAD_OFFICE_ADDRESS, street=None, postal_code=None))

    assert check_facts(facts_with(scope=replace(SCOPE, sites=(office, OPERATIONS))))


def test_a_self_declaration_names_its_declarant_and_nobody_else():
    of_another = replace(DECLARED, holder=replace(HOLDER, names=(Name("Somebody Else K.K.", "en", "Latn"),)))

    assert ("declared_for_another", "/holder/names") in faults_of(facts_as_json(of_another))


@pytest.mark.parametrize("claim", ["Sale of accredited AI", "人工知能を認証済", "ISO/IEC 42001 認定の取得"])
def test_no_certificate_calls_an_ai_certified_or_a_certification_an_accreditation(claim):
    claiming = replace(SCOPE, statement=replace(SCOPE.statement, translations=(Text(claim, "fr"),)))

    assert ("refused_claim", "/scope/statement/translations/0/text") in faults_of(
        facts_as_json(facts_with(scope=claiming))
    )
    titled = replace(FACTS.scheme, titles=(Text("Accredited AI", "en"),))
    assert ("refused_claim", "/scheme/titles/0/text") in faults_of(facts_as_json(facts_with(scheme=titled)))
