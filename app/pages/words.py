"""The words of the pages: `words.toml`, read once, both languages side by side so that a translator needs one file.

A word that is missing raises at once. Values put into a sentence are escaped unless they are already markup.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.conformity.words import SELF_DECLARED, THIRD_PARTY

CATALOGUE_FILE = Path(__file__).with_name("words.toml")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All entries as `group.name` → language → text."""
    groups = tomllib.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))
    return {f"{group}.{name}": texts for group, entries in groups.items() for name, texts in entries.items()}


def word(key: str, language: str, **values: object) -> Markup:
    """The entry in `language` with its values filled in, safe to place into a page."""
    return Markup(catalogue()[key][language]).format(**values)  # noqa: S704 - the catalogue is ours, values are escaped


_BESIDE_ACCREDITATION = {SELF_DECLARED: "declared_", THIRD_PARTY: "unaccredited_"}


def own_key(assurance: str, key: str) -> str:
    """The key of the words that entries of this assurance have for it: `declared_facts.scope` for `facts.scope`."""
    own = f"{_BESIDE_ACCREDITATION.get(assurance, '')}{key}"
    return own if own in catalogue() else key


def title_of(terms: Mapping[str, Mapping[str, Mapping[str, str]]], vocabulary: str, code: str, language: str) -> str:
    """The title that a scheme gives to one of its codes; a code without one is shown as itself."""
    titles = terms.get(vocabulary, {}).get(code)
    return titles[language] if titles else code.replace("_", " ")


def word_or_code(key: str, code: str, language: str) -> str:
    """The entry for a code that comes from data; a code without an entry is shown as itself, in plain letters."""
    texts = catalogue().get(key)
    return texts[language] if texts else code.replace("_", " ")
