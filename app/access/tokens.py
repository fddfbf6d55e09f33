"""Access tokens: 256 random bits with our prefix, short-lived, kept only as their SHA-256.

A token says nothing by itself and cannot be forged with any key of ours (ADR 0008). Whoever reads the store learns
no token. The prefix lets secret scanners recognise one that leaked.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from app.errors import AkashiError

LIFE = timedelta(minutes=5)
_FORM = re.compile(r"akashi_at_[A-Za-z0-9_-]{43}\Z")


def make_token(random_text: Callable[[int], str] = secrets.token_urlsafe) -> str:
    """A new token that nobody can guess."""
    return "akashi_at_" + random_text(32)


def token_digest(presented: str) -> bytes:
    """What the store knows of a token; text of another form is refused before any look-up."""
    if not _FORM.match(presented):
        raise AkashiError("token_not_accepted")
    return hashlib.sha256(presented.encode("ascii")).digest()
