"""The headers of every page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.pages.headers import (
    CONTENT_SECURITY_POLICY,
    SECURITY_HEADERS,
    entity_tag,
    revalidated_after,
    seconds_to_next_boundary,
)
from tests.support.reports import report


def test_nothing_inline_nothing_from_elsewhere_never_framed():
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))

    assert directives["default-src"] == "'none'"
    assert set(directives.values()) <= {"'none'", "'self'"}
    assert directives["frame-ancestors"] == "'none'"
    assert SECURITY_HEADERS["Referrer-Policy"] == "no-referrer"
    assert SECURITY_HEADERS["Cross-Origin-Opener-Policy"] == "same-origin"


def test_equal_bytes_have_equal_tags_and_others_not():
    assert entity_tag(b"a") == entity_tag(b"a") != entity_tag(b"b")
    assert entity_tag(b"a").startswith('"')


@pytest.mark.parametrize(("seconds", "age"), [(5, 5), (60, 60), (4000, 60), (-3, 0)])
def test_a_page_is_kept_for_a_minute_at_most(seconds, age):
    assert revalidated_after(seconds) == f"public, max-age={age}, must-revalidate"


@pytest.mark.parametrize(
    ("name", "now", "seconds"),
    [
        ("valid", datetime(2026, 11, 24, 13, 50, tzinfo=UTC), 60),
        ("valid", datetime(2028, 11, 30, 14, 59, 48, tzinfo=UTC), 12),
        ("valid", datetime(2028, 11, 30, 15, 0, 1, tzinfo=UTC), 60),
        ("pending", datetime(2026, 12, 14, 14, 59, 30, tzinfo=UTC), 30),
        ("suspended", datetime(2027, 5, 3, 14, 59, 55, tzinfo=UTC), 5),
        ("unknown", datetime(2026, 11, 24, 13, 50, tzinfo=UTC), 60),
    ],
)
def test_no_page_outlives_the_next_moment_at_which_the_clock_changes_the_answer(name, now, seconds):
    """records §10: `max-age = min(60, seconds to the next boundary)`."""
    distance = seconds_to_next_boundary(report(name), now)

    assert min(60, distance) == seconds
