"""The headers of every page: nothing inline, nothing from elsewhere, never framed, no address told to others.

Cacheable for a minute at most and never past the next moment at which the answer changes by the clock (records §10).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime

LONGEST_AGE = 60
FOR_EVER = "public, max-age=31536000, immutable"
NEVER = "no-store"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def entity_tag(body: bytes) -> str:
    """A strong ETag over the exact bytes."""
    return '"' + base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:18]).decode() + '"'


def revalidated_after(seconds: int) -> str:
    """The Cache-Control of a mutable address."""
    return f"public, max-age={max(0, min(LONGEST_AGE, seconds))}, must-revalidate"


def seconds_until(boundary: datetime | None, now: datetime) -> int:
    """For how long a page holds: to the instant at which the calendar changes its answer, a minute at most."""
    return LONGEST_AGE if boundary is None else max(0, min(LONGEST_AGE, int((boundary - now).total_seconds())))
