"""In which language a page answers (C103)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.language import other_language, preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("JA-jp-x-private", "ja"),
        ("fr, ja;q=0.4", "ja"),
        ("en;q=0.3, ja;q=0.8", "ja"),
        ("ja;q=0.3, en-GB;q=0.8", "en"),
        ("ja;q=0", "en"),
        ("en, ja", "en"),
        ("*", "en"),
        ("jam, de", "en"),
        ("ja;q=many", "en"),
        ("ja;q=9", "en"),
        ("ja;level=1", "ja"),
    ],
)
def test_a_header_chooses_the_language_that_it_likes_best(header, language):
    assert preferred(header) == language


@given(st.text())
def test_no_header_breaks_the_choice(header):
    assert preferred(header) in {"en", "ja"}


def test_the_switch_leads_to_the_other_language():
    assert (other_language("en"), other_language("ja")) == ("ja", "en")
