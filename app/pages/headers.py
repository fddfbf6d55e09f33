"""The headers of every page: nothing inline, nothing from elsewhere, never framed, no address told to others.

Cacheable for a minute at most and never past the next moment at which the answer changes by the clock (records §10).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.conformity.periods import end_instant
from app.pages.dates import parse_day, parse_instant

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


def seconds_to_next_boundary(report: Mapping[str, Any], now: datetime) -> int:
    """Seconds until the clock alone changes this report: the start or end of validity, the end of a time limit."""
    distances = (int((boundary - now).total_seconds()) for boundary in _boundaries(report))
    return min((distance for distance in distances if distance >= 0), default=LONGEST_AGE)


def _boundaries(report: Mapping[str, Any]) -> Iterator[datetime]:
    validity, standing = report.get("validity"), report.get("standing")
    if not validity:
        return
    yield parse_instant(validity["valid_from"])
    yield parse_instant(validity["valid_until"])
    if standing and standing["until"]:
        yield end_instant(parse_day(standing["until"]), validity["time_zone"])
