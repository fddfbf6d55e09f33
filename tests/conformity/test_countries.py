"""Countries are those of ISO 3166-1, in the code and in the database."""

from __future__ import annotations

import pytest

from app.conformity.countries import country_codes, country_exists


@pytest.mark.parametrize("code", ["JP", "US", "GB", "FR", "VN", "TW", "SS"])
def test_a_country_is_named_by_its_two_letters(code):
    assert country_exists(code)


@pytest.mark.parametrize("code", ["ZZ", "XX", "AA", "UK", "EU", "SU", "jp", "J", "JPN", "", "# "])
def test_codes_that_are_assigned_to_no_country_are_none(code):
    assert not country_exists(code)


def test_there_are_as_many_as_iso_publishes():
    assert len(country_codes()) == 249  # ISO/TC 46 N1127 (2024-02-29)
