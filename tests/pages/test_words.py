"""The catalogue: both languages say the same things, in the words of the field."""

from __future__ import annotations

import re
import string

import pytest
from markupsafe import Markup

from app.conformity.words import makes_refused_claim
from app.pages.words import catalogue, title_of, word, word_or_code
from tests.support.pages import TERMS

ENTRIES = sorted(catalogue().items())


@pytest.mark.parametrize(("key", "texts"), ENTRIES)
def test_each_entry_has_both_languages_with_the_same_values(key, texts):
    placeholders = {
        language: {name for _, name, _, _ in string.Formatter().parse(text) if name} for language, text in texts.items()
    }

    assert set(texts) == {"en", "ja"}
    if "answer." not in key:  # English needs a possessive where Japanese needs the name itself
        assert placeholders["en"] == placeholders["ja"]


@pytest.mark.parametrize(("key", "texts"), ENTRIES)
def test_no_entry_shouts_praises_or_confuses_accreditation_with_certification(key, texts):
    assert "!" not in texts["en"]
    assert "！" not in texts["ja"]
    assert not makes_refused_claim(texts["en"])
    assert not makes_refused_claim(texts["ja"])
    assert not re.search(r"\binvalid\b|\brevoke|\bverified\b", texts["en"].replace("temporarily invalid", ""))
    if "認定" in texts["ja"] and "認証" not in texts["ja"]:
        assert re.search("accredit|nobody", (key + texts["en"]).casefold())


def test_values_are_escaped_unless_they_are_markup():
    assert word("moment.since", "en", day="<b>") == "since &lt;b&gt;"
    assert word("moment.since", "en", day=Markup("<time>1</time>")) == "since <time>1</time>"


def test_a_missing_word_or_value_raises():
    with pytest.raises(KeyError):
        word("moment.nowhere", "en")
    with pytest.raises(KeyError):
        word("moment.since", "en")


def test_a_code_without_an_entry_is_shown_as_itself():
    assert word_or_code("identifier.vat_number", "vat_number", "ja") == "vat number"
    assert word_or_code("identifier.jp_corporate_number", "jp_corporate_number", "ja") == "法人番号"


def test_the_words_of_a_scheme_are_data():
    assert title_of(TERMS, "role", "provider", "ja") == "AI提供者"
    assert title_of(TERMS, "role", "some_new_role", "ja") == "some new role"
    assert title_of({}, "area", "perception", "en") == "perception"
