"""Codes of countries and languages have one form."""

from __future__ import annotations

import pytest

from app.registry.forms import check_country, check_language
from tests.support.acts import refused


def test_codes_in_their_form_are_given_back():
    assert check_country("JP", "/country") == "JP"
    assert [check_language(tag, "/language") for tag in ("ja", "pt-BR", "zh-Hant")] == ["ja", "pt-BR", "zh-Hant"]


@pytest.mark.parametrize("country", ["jp", "JPN", "J", "", "ＪＰ", "JP\n"])
def test_another_country_is_refused(country):
    with refused("malformed_country", "/country"):
        check_country(country, "/country")


@pytest.mark.parametrize("language", ["JA", "japanese", "", "ja_JP", "ja-", "ja\n"])
def test_another_language_is_refused(language):
    with refused("malformed_language", "/language"):
        check_language(language, "/language")
