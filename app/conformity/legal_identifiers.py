"""Identifiers of organisations: kept as text exactly as given, their check digits verified (C080).

LEI: ISO 17442-1, 20 characters, ISO/IEC 7064 MOD 97-10. Japanese corporate number: 13 digits, the first of which
checks the other twelve. That a number is well formed says nothing about whose it is; no register is asked.
"""

from __future__ import annotations

import re

from app.errors import AkashiError

LEI = "lei"
CORPORATE_NUMBER = "jp_corporate_number"

_LEI_FORM = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_CORPORATE_NUMBER_FORM = re.compile(r"[1-9][0-9]{12}")
_OTHER_FORM = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z./: -]{0,62}[0-9A-Za-z])?")


def check_identifier(scheme: str, value: str, field: str) -> str:
    """The identifier as it is, right by the rules of its scheme where we know them; else raises with the field."""
    if scheme == LEI:
        sound, code = is_lei(value), "malformed_lei"
    elif scheme == CORPORATE_NUMBER:
        sound, code = is_corporate_number(value), "malformed_corporate_number"
    else:
        sound, code = bool(_OTHER_FORM.fullmatch(value)), "malformed_identifier"
    if not sound:
        raise AkashiError(code, field=field)
    return value


def is_lei(value: str) -> bool:
    """Whether `value` has the form and the check digits of a Legal Entity Identifier."""
    if not _LEI_FORM.fullmatch(value):
        return False
    return int("".join(str(int(character, 36)) for character in value)) % 97 == 1


def is_corporate_number(value: str) -> bool:
    """Whether `value` has the form and the check digit of a Japanese corporate number (法人番号).

    The first is nine minus the sum modulo nine of the others, which from the right count once and twice in turn.
    """
    if not _CORPORATE_NUMBER_FORM.fullmatch(value):
        return False
    weighted = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value[1:])))
    return int(value[0]) == 9 - weighted % 9
