from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.credentials.facts import Statement, Text
from app.examiner.differences import FIELDS, SITE_FIELDS, changes_in_words, differences
from app.examiner.evidence import open_case
from tests.support.certificate_facts import HEAD_OFFICE, OPERATIONS
from tests.support.evidence import GRANTED, granted

DAY = timedelta(days=1)


def two_versions():
    record = granted()
    facts = record.versions[0]
    scope = replace(
        facts.scope,
        statement=replace(facts.scope.statement, text="介護用ロボットのAI機能の設計"),
        roles=("ai_producer",),
    )
    record.amend(GRANTED + DAY, scope=scope, holder=replace(facts.holder, country="FR"))
    return [one.document for one in open_case(record.evidence()).versions]


def test_every_field_that_differs_is_named_in_order_with_both_values() -> None:
    old, new = two_versions()
    found = differences(old, new, frozenset())
    assert [one.field for one in found] == ["holder.country", "scope.statement", "scope.roles", "validity.effective_on"]
    assert (found[0].this, found[0].current) == ("JP", "FR")
    assert changes_in_words(found).en == "holder's country, scope statement, AI roles, effective date"
    assert changes_in_words(found).ja == "登録組織の国・地域、認証範囲、AIに関する役割、発効日"


def test_what_is_withheld_is_not_compared() -> None:
    old, new = two_versions()
    found = differences(old, new, frozenset({"holder", "scope"}))
    assert [one.field for one in found] == ["validity.effective_on"]


def test_equal_versions_differ_in_nothing() -> None:
    old, _ = two_versions()
    assert differences(old, old, frozenset()) == ()
    assert changes_in_words(()).en == "nothing that is shown here"


def test_fields_are_places_in_the_report() -> None:
    parts = {"holder", "scope", "scheme", "accreditations", "origin", "validity", "cycle"}
    assert all(field.partition(".")[0] in parts for field in (*FIELDS, *SITE_FIELDS))


def sites_of(*sites, before=None):
    """The differences where only the places differ; `before` are those of the first version."""
    record = granted()
    facts = record.versions[0]
    record = granted(scope=replace(facts.scope, sites=before or facts.scope.sites))
    record.follow("reduce", GRANTED + DAY, scope=replace(facts.scope, sites=sites))
    old, new = (one.document for one in open_case(record.evidence()).versions)
    return [one for one in differences(old, new, frozenset()) if one.field.startswith("scope")]


def test_a_place_that_went_shows_as_a_difference_of_the_whole_list() -> None:
    (found,) = sites_of(HEAD_OFFICE)
    assert (found.field, len(found.this), len(found.current)) == ("scope.sites", 2, 1)


def test_a_change_of_one_place_names_it_and_what_changed() -> None:
    moved = replace(HEAD_OFFICE, address=replace(HEAD_OFFICE.address, street="架空町4-5-6"))
    narrowed = replace(OPERATIONS, statement=Statement("Operation of robots", "en"))
    address, scope = sites_of(moved, narrowed)
    assert (address.field, address.site[0].name) == ("scope.sites.addresses", "本社")
    assert address.current[0].street == "架空町4-5-6"
    assert (scope.field, scope.site[0].name) == ("scope.sites.scope", "Remote operations")
    assert scope.this[0].text == "Operation of robots in service"
    assert changes_in_words([address, scope]).en == "site's address, site's own scope"


def test_a_translation_a_new_statement_of_applicability_and_new_dates_show() -> None:
    record = granted()
    facts = record.versions[0]
    statement = replace(facts.scope.statement, translations=(*facts.scope.statement.translations, Text("护理", "zh")))
    soa = replace(facts.scope.soa, version="3.0")
    record.renew(GRANTED + DAY, scope=replace(facts.scope, statement=statement, soa=soa))
    old, new = (one.document for one in open_case(record.evidence()).versions)
    assert [one.field for one in differences(old, new, frozenset())] == [
        "scope.statement",
        "scope.soa",
        "validity.effective_on",
        "validity.last_valid_day",
        "cycle.recertify_by",
    ]
