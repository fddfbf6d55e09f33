"""Two versions side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.examiner.differences import FIELDS, SITE_FIELDS
from app.pages.differences import change_rows, compared, difference_rows
from tests.support.pages import DIFFERENCES, TERMS
from tests.support.reports import KASUMI


def rows(language: str):
    return {
        row.label.unescape(): (row.this.striptags(), row.current.striptags())
        for row in difference_rows(DIFFERENCES, language, TERMS)
    }


def test_each_field_is_named_and_shown_as_the_page_shows_it():
    assert rows("en") == {
        "Scope statement": rows("en")["Scope statement"],
        "Sites": ("not stated", "Head officeTakasaki warehouse"),
        "AI roles": ("AI producer (developer)AI provider", "AI producer (developer)"),
        "Statement of Applicability": ("version 3, 30 September 2025", "version 4, 11 May 2026"),
        "Holder's country": ("Japan", "Singapore"),
        "Effective date": ("1 December 2025", "1 June 2026"),
    }
    assert rows("ja")["事業所"] == ("記載なし", "本社高崎倉庫")


def test_wordings_of_one_language_are_compared_word_by_word():
    old, new = compared("development of robots", "development and sale of robots")

    assert old == "development of robots"
    assert new == "development<ins> and sale</ins> of robots"


def test_japanese_is_compared_letter_by_letter():
    old, new = compared("開発及び運用", "開発及び保守")

    assert (old, new) == ("開発及び<del>運用</del>", "開発及び<ins>保守</ins>")


@given(st.text(max_size=60), st.text(max_size=60))
def test_marking_never_alters_either_text(old, new):
    shown_old, shown_new = compared(old, new)

    assert shown_old.replace("<del>", "").replace("</del>", "").unescape() == old
    assert shown_new.replace("<ins>", "").replace("</ins>", "").unescape() == new


def test_very_long_texts_stand_in_full_without_marks():
    old, new = compared("word " * 900, "other " * 900)

    assert "<" not in old + new


def test_a_wording_that_one_side_lacks_stands_alone():
    english = [{"text": "Only here", "language": "en", "authoritative": True}]
    (row,) = difference_rows([{"field": "scope.statement", "this": None, "current": english}], "en", TERMS)

    assert (row.this.striptags(), row.current) == ("not stated", '<p lang="en">Only here</p>')


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("holder.names", KASUMI[:1], '<bdi lang="ja"><span class="unbroken">株式会社霞ロ</span>ボティクス</bdi>'),
        ("holder.identifiers", [{"scheme": "lei", "value": "5493"}], "lei, 5493"),
        ("scope.countries", ["JP", "SG"], "Japan<br>Singapore"),
        ("accreditations", ["AAC-MS-0107"], "AAC-MS-0107"),
        ("scheme.document", "ISO/IEC 42001:2023", "ISO/IEC 42001:2023"),
        ("validity.last_valid_day", "2028-11-30", '<time datetime="2028-11-30">30 November 2028</time>'),
        ("scope.soa", None, "not stated"),
    ],
)
def test_every_kind_of_value_has_its_form(field, value, shown):
    (row,) = difference_rows([{"field": field, "this": value, "current": None}], "en", TERMS)

    assert field in FIELDS
    assert row.this == shown


@pytest.mark.parametrize("field", SITE_FIELDS)
def test_what_changed_of_a_place_names_the_place(field):
    """Sites have scopes and addresses of their own; a change of one is not a change of all."""
    values = {
        "scope.sites.names": (KASUMI[:1], KASUMI),
        "scope.sites.addresses": ([], [{"country": "JP", "region": None, "locality": "Tsukuba", "street": "1-2-3", "postal_code": None, "language": "en"}]),
        "scope.sites.scope": ([], [{"text": "Storage", "language": "en", "authoritative": True}]),
        "scope.sites.virtual": (False, True),
        "scope.sites.central_function": (False, True),
        "scope.sites.country": ("JP", "SG"),
    }  # fmt: skip
    before, after = values[field]
    (row,) = change_rows([{"field": field, "before": before, "after": after, "site": KASUMI}], "en", TERMS)
    assert row.label.striptags().endswith(": Kasumi Robotics")
    assert row.this != row.current
    shown = {"scope.sites.addresses": "1-2-3, Tsukuba", "scope.sites.scope": "Storage", "scope.sites.virtual": "yes"}
    assert shown.get(field, "") in row.current.striptags()


def test_markup_in_a_value_stays_text():
    (row,) = difference_rows([{"field": "scope.areas", "this": ["<script>"], "current": None}], "en", TERMS)

    assert row.this == "&lt;script&gt;"
