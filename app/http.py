"""What every door on the network says alike: a status for a refusal, a language for a reader, an ETag, an honest age.

Programs and people get the same answer in different forms; these numbers and headers are its one source. No framework
is needed here, nothing is looked up, and nothing below a door may know this module (ADR 18).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from app.conformity.words import LANGUAGES
from app.credentials.encoding import b64u
from app.errors import Kind, explain

STATUS = {
    Kind.MALFORMED: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.UNKNOWN: 404,
    Kind.CONFLICT: 409,
    Kind.PRECONDITION: 412,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
    Kind.REFUSED: 422,
    Kind.LIMITED: 429,
    Kind.INTERNAL: 500,
    Kind.UNAVAILABLE: 503,
}
STATUS_OF_CODE = {"method_not_allowed": 405, "request_too_slow": 408}
"""HTTP knows two refusals more exactly than our kinds do."""

LONGEST_AGE = 60
"""Seconds: a suspension can come any minute, so nothing says "valid" for longer without asking (records, serving)."""
IMMUTABLE = "public, max-age=31536000, immutable"

DEFAULT_LANGUAGE = "en"
LONGEST_HEADER = 1000


def status_of(code: str) -> int:
    """The HTTP status of a stable code."""
    return STATUS_OF_CODE.get(code) or STATUS[explain(code).kind]


def preferred_language(accept_language: str | None) -> str:
    """The one of our languages that the header likes best: `ja-JP` means `ja`, nothing usable means English."""
    weights: dict[str, float] = {}
    for item in (accept_language or "")[:LONGEST_HEADER].split(","):
        tag, _, parameters = item.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in LANGUAGES:
            weights[primary] = max(weights.get(primary, 0.0), _weight(parameters))
    best = max(LANGUAGES, key=lambda language: (weights.get(language, 0.0), language == DEFAULT_LANGUAGE))
    return best if weights.get(best, 0.0) > 0 else DEFAULT_LANGUAGE


def etag_of(body: bytes) -> str:
    """A strong ETag: the digest of the bytes."""
    return f'"{b64u(hashlib.sha256(body).digest()[:24])}"'


def names_etag(presented: str | None, etag: str, *, weak: bool) -> bool:
    """RFC 9110 §13.1: `*` or a list; a weak mark made by a proxy matters to `If-Match` only."""
    if presented is None:
        return False
    listed = [part.strip() for part in presented.split(",")]
    return "*" in listed or etag in [part.removeprefix("W/") if weak else part for part in listed]


def until_boundary(now: datetime, boundary: datetime | None = None) -> str:
    """Cache-Control of a mutable address whose answer holds at most until `boundary`."""
    seconds = LONGEST_AGE if boundary is None else max(0, min(LONGEST_AGE, int((boundary - now).total_seconds())))
    return f"public, max-age={seconds}, must-revalidate"


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
