"""The headers of every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.api.conditional import until_boundary
from app.pages.headers import (
    CONTENT_SECURITY_POLICY,
    SECURITY_HEADERS,
    entity_tag,
    revalidated_after,
    seconds_until,
)


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


@pytest.mark.parametrize(("away", "seconds"), [(None, 60), (3600, 60), (12, 12), (0.5, 0), (-3, 0)])
def test_no_page_outlives_the_next_moment_at_which_the_clock_changes_the_answer(away, seconds):
    """records §10: `max-age = min(60, seconds to the next boundary)`, as for the JSON of the same answer."""
    now = datetime(2026, 11, 24, 13, 50, tzinfo=UTC)
    boundary = None if away is None else now + timedelta(seconds=away)

    assert seconds_until(boundary, now) == seconds
    assert revalidated_after(seconds) == until_boundary(now, boundary)
