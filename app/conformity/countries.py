"""Countries by their two letters: ISO 3166-1 alpha-2 as the time zone database publishes it, and nothing else.

Codes for users of one's own (`ZZ`, `XX`) name no country. `akashi.country` holds the same codes, and a test compares.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tzdata


def country_exists(code: str) -> bool:
    """Whether `code`, letter for letter, is assigned to a country."""
    return code in country_codes()


@cache
def country_codes() -> frozenset[str]:
    """All codes; the table is part of the package `tzdata`, in the public domain."""
    table = Path(tzdata.__file__).parent / "zoneinfo" / "iso3166.tab"
    lines = table.read_text(encoding="utf-8").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines if line and not line.startswith("#"))
