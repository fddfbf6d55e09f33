"""In which language a page answers.

`/en/…` and `/ja/…` say it themselves and never vary. A bare address follows `Accept-Language` and says so with `Vary`.
A choice is remembered in the address: every link of a `/ja/` page stays in `/ja/`, so that no cookie is ever needed;
`?lang=ja` on a bare address redirects there.
"""

from __future__ import annotations

from app.conformity.words import LANGUAGES

DEFAULT = "en"
LONGEST_HEADER = 1000


def preferred(accept_language: str | None) -> str:
    """The one of our languages that the header likes best: `ja-JP` means `ja`, nothing usable means English."""
    weights: dict[str, float] = {}
    for item in (accept_language or "")[:LONGEST_HEADER].split(","):
        tag, _, parameters = item.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in LANGUAGES:
            weights[primary] = max(weights.get(primary, 0.0), _weight(parameters))
    best = max(LANGUAGES, key=lambda language: (weights.get(language, 0.0), language == DEFAULT))
    return best if weights.get(best, 0.0) > 0 else DEFAULT


def _weight(parameters: str) -> float:
    """The `q` of RFC 9110 §12.4.2: 1 when absent, 0 when it is no weight."""
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def other_language(language: str) -> str:
    """The language that the switch on a page leads to."""
    return next(candidate for candidate in LANGUAGES if candidate != language)
