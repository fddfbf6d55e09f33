"""Scopes are codes: what an accreditation names it covers, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.conformity.scope import Scope, covers, touches, uncovered

AIMS = "ISO/IEC 42001:2023"
codes = st.frozensets(st.sampled_from("ABCDE"), max_size=4)
scopes = st.builds(Scope, codes, codes, codes)


def test_a_scope_covers_what_it_names_and_tells_what_it_does_not():
    outer = Scope.of([AIMS], ["generative", "biometric"], ["JP", "DE"])
    assert covers(outer, Scope.of([AIMS], ["generative"], ["JP"]))
    assert uncovered(outer, Scope.of([AIMS, "ISO/IEC 27001:2022"], ["generative"], ["US"])) == Scope.of(
        ["ISO/IEC 27001:2022"], [], ["US"]
    )


def test_another_edition_is_another_document():
    assert not covers(Scope.of(["ISO/IEC 42001:2023"]), Scope.of(["ISO/IEC 42001:2031"]))


def test_an_empty_list_names_nothing():
    assert not covers(Scope.of([AIMS], [], ["JP"]), Scope.of([AIMS], ["generative"], ["JP"]))
    assert not Scope()


def test_a_part_touches_by_area_by_country_or_by_document():
    held = Scope.of([AIMS], ["generative"], ["JP"])
    assert touches(Scope.of(areas=["generative"]), held)
    assert touches(Scope.of(countries=["JP", "DE"]), held)
    assert touches(Scope.of(documents=[AIMS]), held)
    assert not touches(Scope.of(areas=["biometric"], countries=["DE"]), held)


@given(scopes, scopes, scopes)
def test_covering_is_an_order(one, two, three):
    assert covers(one, one)
    assert not (covers(one, two) and covers(two, three)) or covers(one, three)
    assert covers(one, two) == (not uncovered(one, two))


@given(scopes, scopes)
def test_touching_goes_both_ways(one, two):
    assert touches(one, two) == touches(two, one)
