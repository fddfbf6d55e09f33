"""Canonical JSON: one value, one sequence of bytes (JCS, RFC 8785), and the digest by which bytes are named.

Members sort by UTF-16 code units, numbers take their ECMAScript form, text stays raw UTF-8. A value whose number
would change on the way, a lone surrogate or a value deeper than `MAX_DEPTH` stops with an error; nothing is replaced.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import rfc8785

from app.errors import AkashiError
from app.keys.encoding import b64u

MAX_DEPTH = 64
_SAFE_INTEGER = 2**53 - 1
_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


class NotCanonical(AkashiError):
    """The value has no canonical form, or bytes that must be canonical are not."""

    def __init__(self, note: str) -> None:
        super().__init__("not_canonical", note=note)


def canonical(value: object) -> bytes:
    """The bytes of RFC 8785; raises `NotCanonical` where no such form exists."""
    try:
        if _is_plain(value):
            return _PLAIN.encode(value).encode()
        return rfc8785.dumps(_representable(value, 1))  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError as error:
        raise NotCanonical(str(error)) from error
    except UnicodeEncodeError as error:
        raise NotCanonical("a text or a member's name holds a lone surrogate") from error


def digest(content: bytes) -> str:
    """Name of some bytes: base64url SHA-256."""
    return b64u(hashlib.sha256(content).digest())


def _is_plain(value: object) -> bool:
    """Whether Python's own writer gives the form of RFC 8785: no fractions, no large integers, names in plain ASCII.

    Then code points sort like UTF-16 code units, and both escape the same characters in the same way. That is nearly
    all that is ever signed here, at a tenth of the library's price (goals, what the measurements taught, 6).
    """
    level, depth = [value], 0
    while level:
        depth += 1
        below: list[object] = []
        for one in level:
            kind = type(one)
            if kind is str or kind is bool or one is None:
                continue
            if isinstance(one, dict) and kind is dict and depth <= MAX_DEPTH:
                if not all(type(name) is str and name.isascii() for name in one):
                    return False
                below.extend(one.values())
            elif isinstance(one, list | tuple) and depth <= MAX_DEPTH:
                below.extend(one)
            elif not (isinstance(one, int) and abs(one) <= _SAFE_INTEGER):
                return False
        level = below
    return True


def _representable(value: object, depth: int) -> object:
    """The value with integers above 2⁵³ as the double they are, and refused when they would become another number.

    The library refuses every large integer, though RFC 8785 §3.2.2.3 gives it a form (C008); and it recurses without
    end, so depth is counted here first.
    """
    if isinstance(value, dict | list | tuple) and depth > MAX_DEPTH:
        raise NotCanonical(f"deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        return {member: _representable(inner, depth + 1) for member, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_representable(inner, depth + 1) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE_INTEGER:
        return _as_double(value)
    return value


def _as_double(value: int) -> float:
    """A large integer as a double, if its canonical text still is that number."""
    try:
        double = float(value)
    except OverflowError as error:
        raise NotCanonical("an integer beyond the range of a double") from error
    if Decimal(rfc8785.dumps(double).decode()) != value:
        raise NotCanonical("an integer that a double cannot hold exactly: write it as a text")
    return double
