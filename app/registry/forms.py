"""The forms of codes that several acts are given: countries, languages."""

from __future__ import annotations

import re

from app.conformity.countries import country_exists
from app.errors import AkashiError

_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check_country(country: str, field: str) -> str:
    """Two capital letters that ISO 3166-1 has assigned to a country."""
    if not _COUNTRY.fullmatch(country):
        raise AkashiError("malformed_country", field=field)
    if not country_exists(country):
        raise AkashiError("unknown_country", field=field)
    return country


def check_language(language: str, field: str) -> str:
    """A language tag such as `ja` or `pt-BR` (BCP 47)."""
    if not _LANGUAGE.fullmatch(language):
        raise AkashiError("malformed_language", field=field)
    return language
