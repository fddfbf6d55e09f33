"""Strict base64: bytes have exactly one accepted text, and a text has exactly one accepted meaning.

Python's decoders ignore the unused bits of the last letter (sixteen letters decode alike), stray characters and, in
part, padding. Here every text must re-encode to itself, so that changing any character changes the bytes or is refused.
RFC 4648 §3.5, §4 (standard, with padding) and §5 (URL-safe, without padding: RFC 7515 §2).
"""

from __future__ import annotations

import base64
import re

from app.errors import AkashiError

_URL_SAFE = re.compile(r"[A-Za-z0-9_-]*")
_STANDARD = re.compile(r"[A-Za-z0-9+/]*={0,2}")


class MalformedBase64(AkashiError):
    """The text is not the one base64 form of any bytes; `note` says in plain words what was found."""

    def __init__(self, note: str) -> None:
        super().__init__("malformed_base64", note=note)


def b64u(content: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def b64u_decode(presented: str) -> bytes:
    """The bytes of a URL-safe, unpadded text; raises `MalformedBase64` for every other form."""
    if not _URL_SAFE.fullmatch(presented):
        raise MalformedBase64(_what_is_foreign(presented, url_safe=True))
    if len(presented) % 4 == 1:
        raise MalformedBase64("the length cannot occur: the text is truncated")
    content = base64.urlsafe_b64decode(presented + "=" * (-len(presented) % 4))
    if b64u(content) != presented:
        raise MalformedBase64("unused bits of the last letter are set")
    return content


def b64(content: bytes) -> str:
    """Standard base64 with padding, in one line."""
    return base64.b64encode(content).decode("ascii")


def b64_decode(presented: str) -> bytes:
    """The bytes of a standard, padded text without line breaks; raises `MalformedBase64` for every other form."""
    if not _STANDARD.fullmatch(presented):
        raise MalformedBase64(_what_is_foreign(presented, url_safe=False))
    if len(presented) % 4:
        raise MalformedBase64("padding is missing or the text is truncated")
    content = base64.b64decode(presented)
    if b64(content) != presented:
        raise MalformedBase64("unused bits of the last letter are set or padding is misplaced")
    return content


def _what_is_foreign(presented: str, *, url_safe: bool) -> str:
    """Name the usual mistake behind a character that does not belong."""
    if any(character.isspace() for character in presented):
        return "line breaks or spaces found"
    if url_safe and "=" in presented:
        return "padding found where none belongs"
    if url_safe and ("+" in presented or "/" in presented):
        return "standard base64 found, base64url expected"
    if not url_safe and ("-" in presented or "_" in presented):
        return "base64url found, standard base64 expected"
    return "a character outside the alphabet was found"
