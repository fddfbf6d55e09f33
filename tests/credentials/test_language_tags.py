"""Language and script as one BCP 47 tag, and back without loss."""

from __future__ import annotations

import pytest

from app.credentials.language_tags import language_and_script, language_tag


@pytest.mark.parametrize(
    ("language", "script", "tag"),
    [
        ("ja", "Jpan", "ja-jpan"),
        ("ja", "Latn", "ja-latn"),
        ("ja", None, "ja"),
        ("pt-BR", None, "pt-br"),
        ("zh-TW", "Hant", "zh-hant-tw"),
    ],
)
def test_a_tag_gives_back_what_it_was_made_of(language, script, tag):
    assert language_tag(language, script) == tag
    assert language_and_script(tag) == (language, script)
