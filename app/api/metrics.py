"""Counters and durations for operators, without a trace of who asked about which certificate.

A request is known by its route's template, never by its path: paths hold certificate IDs, and there is no per-verifier
log. Each service has a registry of its own, so nothing is shared by import.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """What one service counts."""

    def __init__(self) -> None:
        self._collected = CollectorRegistry()
        self._requests = Counter(
            "akashi_requests", "Requests answered.", ("method", "route", "status"), registry=self._collected
        )
        self._seconds = Histogram(
            "akashi_request_seconds", "Time until the answer began.", ("route",), registry=self._collected
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def render(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self._collected)
