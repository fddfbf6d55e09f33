"""In which language a page answers.

`/en/…` and `/ja/…` say it themselves and never vary. A bare address follows `Accept-Language` (`app.http`) and says so
with `Vary`. A choice is remembered in the address: every link of a `/ja/` page stays in `/ja/`, so that no cookie is
ever needed; `?lang=ja` on a bare address redirects there (C103).
"""

from __future__ import annotations

from app.conformity.words import LANGUAGES


def other_language(language: str) -> str:
    """The language that the switch on a page leads to."""
    return next(candidate for candidate in LANGUAGES if candidate != language)
