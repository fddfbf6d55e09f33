"""The decided facts as JSON: exact both ways, strict, and with one digest on every machine."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.credentials.facts import Cycle, Name, Site, Statement, Text, validity_of
from app.credentials.facts_json import MalformedFacts, check_facts, facts_as_json, facts_digest, facts_from_json
from app.errors import Fault
from tests.support.certificate_facts import (
    FACTS,
    HEAD_OFFICE,
    HEAD_OFFICE_ADDRESS,
    HOLDER,
    OPERATIONS,
    SCOPE,
    facts_with,
)


def faults_of(presented: object) -> set[tuple[str, str]]:
    with pytest.raises(MalformedFacts) as refused:
        facts_from_json(presented)
    return {(fault.code, fault.field) for fault in refused.value.faults}


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The JSON of the fictional facts with one place changed, or removed where the value is `...`."""
    facts = facts_as_json(FACTS)
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    place: Any = facts
    for step in path:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return facts


def test_the_json_form_gives_the_same_facts_back():
    assert facts_from_json(facts_as_json(FACTS)) == FACTS


def test_the_json_form_survives_being_stored_as_json():
    assert facts_from_json(json.loads(json.dumps(facts_as_json(FACTS)))) == FACTS


def test_the_digest_is_the_same_for_ever():
    # A changed digest would part every stored decision from its certificate: add a format, do not touch this one.
    assert facts_digest(FACTS) == "DL6-H2Z5jat2ZAYDh2K8vQLdTl8FNZZAkwWMcwL80zY"


def test_the_digest_does_not_depend_on_the_order_of_members():
    backwards = dict(reversed(facts_as_json(FACTS).items()))

    assert facts_digest(facts_from_json(backwards)) == facts_digest(FACTS)


def test_what_is_not_stated_is_absent_and_never_null():
    bare = facts_with(holder=replace(HOLDER, names=(Name("Kanade", "en"),), identifiers=()))

    assert facts_as_json(bare)["holder"]["names"] == [{"name": "Kanade", "language": "en"}]
    assert faults_of(changed("/holder/names/0/script", None)) == {("wrong_type", "/holder/names/0/script")}


def test_a_member_that_may_be_absent_may_be_left_out():
    assert facts_from_json(changed("/holder/identifiers", ...)).holder.identifiers == ()


def test_all_faults_of_shape_are_reported_at_once():
    presented = changed("/decision/act", "bless")
    del presented["holder"]["country"]
    presented["scope"]["rolls"] = []
    presented["validity"]["effective_on"] = "2026-02-30"

    assert faults_of(presented) == {
        ("unknown_value", "/decision/act"),
        ("missing_member", "/holder/country"),
        ("unknown_member", "/scope/rolls"),
        ("wrong_form", "/validity/effective_on"),
    }


def test_a_fault_never_repeats_what_was_presented():
    with pytest.raises(MalformedFacts) as refused:
        facts_from_json(changed("/decision/act", "a secret reason"))

    assert "secret" not in str(refused.value.faults)


@pytest.mark.parametrize("presented", [None, [], "facts", 7, {}, {"format": "akashi-certificate-facts-2"}])
def test_what_is_no_object_of_facts_is_refused(presented):
    assert faults_of(presented)


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
    assert (code, field) in faults_of(changed(pointer, value))


def test_all_broken_rules_are_reported_at_once():
    presented = changed("/decision/decided_on", "2026-11-26")
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


def test_other_standards_may_do_without_roles_soa_and_sites():
    quality = replace(FACTS.scheme, document=replace(FACTS.scheme.document, designation="ISO 9001:2015"))
    bare = replace(SCOPE, roles=(), soa=None, sites=())

    assert check_facts(facts_with(scheme=quality, scope=bare)).scope == bare


def test_a_home_office_may_show_only_its_municipality():
    office = replace(HEAD_OFFICE, address=replace(HEAD_OFFICE_ADDRESS, street=None, postal_code=None))

    assert check_facts(facts_with(scope=replace(SCOPE, sites=(office, OPERATIONS))))


def test_a_validity_ends_with_the_instant_after_its_last_day_in_its_zone():
    validity = validity_of(date(2027, 3, 1), date(2030, 2, 28), "Asia/Tokyo")

    assert validity.valid_from.isoformat() == "2027-02-28T15:00:00+00:00"
    assert validity.valid_until.isoformat() == "2030-02-28T15:00:00+00:00"


def test_a_presented_form_is_never_changed():
    presented = facts_as_json(FACTS)
    before = copy.deepcopy(presented)

    facts_from_json(presented)

    assert presented == before


words = st.text(st.sampled_from("aé髙﨑𠮷葛カー・"), max_size=20).map(lambda rest: f"辻{rest}")
languages = st.sampled_from(["ja", "en", "pt-BR", "zh-TW", "mn"])
names = st.builds(Name, words, languages, st.none() | st.sampled_from(["Jpan", "Latn", "Kana", "Cyrl"]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(names, min_size=1, max_size=4, unique=True),
    st.lists(st.builds(Text, words, languages), max_size=3, unique_by=lambda text: text.language),
)
def test_whatever_the_names_and_languages_nothing_is_lost_or_normalised(chosen, texts):
    translations = tuple(text for text in texts if text.language != "ja")
    site: Site = replace(OPERATIONS, statement=Statement("概要", "ja", translations))
    facts = facts_with(
        holder=replace(HOLDER, names=tuple(chosen)),
        scope=replace(SCOPE, sites=(site,)),
    )

    assert facts_from_json(facts_as_json(facts)) == facts


def test_faults_are_the_error_type_of_the_project():
    with pytest.raises(MalformedFacts) as refused:
        facts_from_json({})

    assert all(isinstance(fault, Fault) for fault in refused.value.faults)
    assert refused.value.code == "malformed_facts"
