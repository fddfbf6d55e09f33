from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.examiner.differences import FIELDS, changes_in_words, differences
from app.examiner.evidence import open_case
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
    assert all(
        field.partition(".")[0] in {"holder", "scope", "scheme", "accreditations", "validity"} for field in FIELDS
    )
