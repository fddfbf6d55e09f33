"""What every door on the network says alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Kind
from app.http import STATUS, etag_of, names_etag, preferred_language, status_of, until_boundary

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ETAG = etag_of(b"the very bytes")


def test_every_kind_of_refusal_has_a_status():
    assert set(STATUS) == set(Kind)


@pytest.mark.parametrize(("code", "status"), [("unknown_certificate", 404), ("method_not_allowed", 405)])
def test_a_code_has_the_status_of_its_kind_unless_http_knows_it_more_exactly(code, status):
    assert status_of(code) == status


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("JA-jp-x-private", "ja"),
        ("fr, ja;q=0.4", "ja"),
        ("en;q=0.3, ja;q=0.8", "ja"),
        ("ja;q=0.3, en-GB;q=0.8", "en"),
        ("ja;q=0", "en"),
        ("en, ja", "en"),
        ("*", "en"),
        ("jam, de", "en"),
        ("ja;q=many", "en"),
        ("ja;q=nan, en;q=0.1", "en"),
        ("ja;q=9", "en"),
        ("ja;level=1", "ja"),
        ("\x00" * 5000, "en"),
    ],
)
def test_a_header_chooses_the_language_that_it_likes_best(header, language):
    """C103: nothing usable means English, on pages and in problem documents alike."""
    assert preferred_language(header) == language


@given(st.text())
def test_no_header_breaks_the_choice(header):
    assert preferred_language(header) in {"en", "ja"}


def test_the_etag_is_strong_and_over_the_bytes():
    assert ETAG.startswith('"')
    assert etag_of(b"the very bytes") == ETAG != etag_of(b"the very bytes ")


@pytest.mark.parametrize("presented", [ETAG, f'"other", {ETAG}', f"W/{ETAG}", "*"])
def test_a_list_of_etags_may_name_ours(presented):
    assert names_etag(presented, ETAG, weak=True)


@pytest.mark.parametrize("presented", [None, "", '"other"', ETAG.strip('"')])
def test_another_etag_is_not_ours(presented):
    assert not names_etag(presented, ETAG, weak=True)


def test_a_weak_mark_counts_for_reading_only():
    assert not names_etag(f"W/{ETAG}", ETAG, weak=False)


@pytest.mark.parametrize(
    ("seconds", "age"), [(None, 60), (3600, 60), (60, 60), (59.9, 59), (1, 1), (0.5, 0), (0, 0), (-5, 0)]
)
def test_nothing_is_said_for_longer_than_a_minute_nor_past_its_boundary(seconds, age):
    """records §10: pages and JSON of the same answer are equally fresh."""
    boundary = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert until_boundary(NOW, boundary) == f"public, max-age={age}, must-revalidate"
