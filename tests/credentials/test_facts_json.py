"""The decided facts as JSON: exact both ways, strict, and with one digest on every machine."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.credentials.facts import Name, Site, Statement, Text
from app.credentials.facts_json import MalformedFacts, facts_as_json, facts_digest, facts_from_json
from app.errors import Fault
from tests.support.certificate_facts import (
    FACTS,
    FACTS_JSON,
    HOLDER,
    KINDS,
    OPERATIONS,
    SCOPE,
    changed,
    facts_with,
)


def faults_of(presented: object) -> set[tuple[str, str]]:
    with pytest.raises(MalformedFacts) as refused:
        facts_from_json(presented)
    return {(fault.code, fault.field) for fault in refused.value.faults}


@pytest.mark.parametrize("facts", KINDS.values(), ids=KINDS)
def test_the_json_form_gives_the_same_facts_back(facts):
    assert facts_from_json(facts_as_json(facts)) == facts


def test_the_json_form_survives_being_stored_as_json():
    assert facts_from_json(json.loads(json.dumps(facts_as_json(FACTS)))) == FACTS


def test_the_digest_is_the_same_for_ever():
    # A changed digest would part every stored decision from its certificate: add a format, do not touch this one.
    assert facts_digest(FACTS) == "DKJdCslXmO81kDIYKs9emdBKtYV3BgLgMOuUmnSwwx0"


def test_the_digest_does_not_depend_on_the_order_of_members():
    backwards = dict(reversed(facts_as_json(FACTS).items()))

    assert facts_digest(facts_from_json(backwards)) == facts_digest(FACTS)


def test_what_is_not_stated_is_absent_and_never_null():
    bare = facts_with(holder=replace(HOLDER, names=(Name("Kanade", "en"),), identifiers=()))

    assert facts_as_json(bare)["holder"]["names"] == [{"name": "Kanade", "language": "en"}]
    assert faults_of(changed(FACTS_JSON, "/holder/names/0/script", None)) == {("wrong_type", "/holder/names/0/script")}


def test_a_member_that_may_be_absent_may_be_left_out():
    assert facts_from_json(changed(FACTS_JSON, "/holder/identifiers", ...)).holder.identifiers == ()


def test_all_faults_of_shape_are_reported_at_once():
    presented = changed(FACTS_JSON, "/decision/act", "bless")
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
        facts_from_json(changed(FACTS_JSON, "/decision/act", "a secret reason"))

    assert "secret" not in str(refused.value.faults)


@pytest.mark.parametrize("presented", [None, [], "facts", 7, {}, {"format": "akashi-certificate-facts-2"}])
def test_what_is_no_object_of_facts_is_refused(presented):
    assert faults_of(presented)


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


def test_facts_that_break_a_rule_are_refused_as_those_without_shape_are():
    assert ("required_by_scheme", "/scope/roles") in faults_of(changed(FACTS_JSON, "/scope/roles", []))


def test_faults_are_the_error_type_of_the_project():
    with pytest.raises(MalformedFacts) as refused:
        facts_from_json({})

    assert all(isinstance(fault, Fault) for fault in refused.value.faults)
    assert refused.value.code == "malformed_facts"
