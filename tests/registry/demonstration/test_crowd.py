"""The crowd is as fictional as the cast, says so in every name, and repeats for the same numbers."""

from __future__ import annotations

from random import Random

import pytest

from app.conformity.names import check_name, check_text
from app.registry.demonstration.cast import FICTIONAL_EN, FICTIONAL_JA
from app.registry.demonstration.crowd import MOST_SITES, somebody
from app.registry.demonstration.stage import AREAS


@pytest.mark.parametrize("country", ["JP", "GB", "US"])
def test_every_name_says_that_it_is_fictional_and_is_one_that_the_registry_takes(country: str) -> None:
    for number in (1, 7, 400, 15_000, 60_000, 1_000_000):
        one = somebody(Random(number), number, country, AREAS)
        assert one.en.endswith(FICTIONAL_EN)
        assert check_name(one.en, "/en") == one.en
        assert (one.ja is None) == (country != "JP")
        assert one.ja is None or (one.ja.endswith(FICTIONAL_JA) and check_name(one.ja, "/ja") == one.ja)
        assert check_text(one.scope, "/scope") == one.scope
        assert 1 <= len(one.sites) <= MOST_SITES
        assert one.sites[0].central
        assert {site.country for site in one.sites} == {country}


def test_names_are_distinct_by_number_alone() -> None:
    names = {somebody(Random(1), number, "JP", AREAS).en for number in range(20_000)}
    assert len(names) == 20_000


def test_the_same_number_and_chance_give_the_same_organisation() -> None:
    assert somebody(Random(3), 5, "JP", AREAS) == somebody(Random(3), 5, "JP", AREAS)
