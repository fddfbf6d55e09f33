"""How fast one may go: a token bucket for each account, in this process, told in every answer it concerns (C106).

What is published has no limit. Acts are limited by the party that acts, sign-in by client ID and address together,
complaints of anyone by the body that they go to, public computing by a budget of the whole process: never by address
alone, since one address may be a ministry.
Several processes allow several times as much; the limits protect a process, they are no accounting.
Headers as in draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from app.errors import AkashiError

MAX_ACCOUNTS = 10_000
"""Buckets kept at once, a few megabytes; full ones are dropped first, since a full bucket is like none."""


@dataclass(frozen=True)
class Policy:
    """At most `quota` requests at once, given back evenly over `window` seconds."""

    name: str
    quota: int
    window: int
    unit: str = "requests"

    @property
    def header(self) -> str:
        """The policy as `RateLimit-Policy` states it."""
        return f'"{self.name}";q={self.quota};w={self.window}'


ACTS = Policy("acts", quota=600, window=60)
SIGN_IN = Policy("sign-in", quota=60, window=60)
COMPUTING = Policy("computing", quota=1200, window=60)
COMPLAINTS = Policy("complaints", quota=60, window=3600)
BULK = Policy("bulk", quota=20_000, window=600, unit="certificates")
"""Certificates asked about in lists: two full lists at once, then one every five minutes (C106)."""


class RateLimited(AkashiError):
    """The account has used up its quota; `headers` say when to come back."""

    def __init__(self, headers: dict[str, str], seconds: int) -> None:
        super().__init__("rate_limited", note=f"{seconds} s")
        self.headers = {**headers, "Retry-After": str(seconds)}


@dataclass
class _Bucket:
    left: float
    since: float


class Limiter:
    """The buckets of one process; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, Hashable], _Bucket] = {}
        self._lock = Lock()

    def take(self, policy: Policy, account: Hashable, units: int = 1) -> dict[str, str]:
        """So much of the account is used up; returns the headers to answer with, or raises `RateLimited`."""
        with self._lock:
            bucket = self._bucket(policy, account)
            granted = bucket.left >= units
            bucket.left -= units if granted else 0
            left = bucket.left
        per_second = policy.quota / policy.window
        headers = {
            "RateLimit-Policy": policy.header,
            "RateLimit": f'"{policy.name}";r={int(left)};t={math.ceil((policy.quota - left) / per_second)}',
        }
        if not granted:
            raise RateLimited(headers, math.ceil((units - left) / per_second))
        return headers

    def _bucket(self, policy: Policy, account: Hashable) -> _Bucket:
        now = self._clock()
        if len(self._buckets) >= MAX_ACCOUNTS:
            self._drop_oldest()
        bucket = self._buckets.setdefault((policy.name, account), _Bucket(policy.quota, now))
        regained = (now - bucket.since) * policy.quota / policy.window
        bucket.left, bucket.since = min(policy.quota, bucket.left + regained), now
        return bucket

    def _drop_oldest(self) -> None:
        """Half of the buckets go, those not used for longest: after a window they would be full again anyway."""
        by_age = sorted(self._buckets, key=lambda name: self._buckets[name].since)
        for name in by_age[: MAX_ACCOUNTS // 2]:
            del self._buckets[name]
