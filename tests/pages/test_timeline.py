"""The standing over time as a drawing."""

from __future__ import annotations

import pytest

from app.pages.timeline import Bar, timeline_of
from tests.support.reports import REPORTS, report, versions


def states(name: str) -> list[str]:
    drawn = timeline_of(report(name))
    assert drawn is not None
    return [bar.state for bar in drawn.bars]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("valid", ["pending", "active", "remaining"]),
        ("restored", ["pending", "active", "suspended", "active", "remaining"]),
        ("suspended", ["pending", "active", "suspended", "remaining"]),
        ("pending", ["pending", "remaining"]),
        ("expired", ["pending", "active", "expired"]),
        ("withdrawn", ["pending", "active", "withdrawn"]),
        ("annulled", ["pending", "active", "annulled"]),
    ],
)
def test_each_stretch_of_time_is_drawn_with_its_standing(name, expected):
    assert states(name) == expected


def test_a_gap_is_drawn_as_what_it_was():
    drawn = timeline_of(report("lapsed"), versions("lapsed"))
    assert [bar.state for bar in drawn.bars] == ["pending", "active", "expired", "active", "remaining"]


def test_a_suspension_annulled_on_appeal_is_drawn_as_that():
    drawn = timeline_of(report("appealed"))
    assert [bar.state for bar in drawn.bars] == ["pending", "active", "suspended_annulled", "active", "remaining"]


def test_an_annulment_is_drawn_where_it_was_declared():
    """Until then this registry showed the certificate as in force, and the drawing does not rewrite that."""
    drawn = timeline_of(report("annulled"))

    active = next(bar for bar in drawn.bars if bar.state == "active")
    assert 0 < active.width < 30


@pytest.mark.parametrize("name", [name for name in REPORTS if report(name)["standing"]])
def test_the_bars_fill_the_drawing_without_a_gap(name):
    drawn = timeline_of(report(name))

    assert drawn.bars[0].start == 0
    for before, after in zip(drawn.bars, drawn.bars[1:], strict=False):
        assert after.start == pytest.approx(before.start + before.width, abs=0.011)
    last = drawn.bars[-1]
    assert last.start + last.width == pytest.approx(100, abs=0.011)
    assert 0 < drawn.now <= 100
    assert all(0 < tick.at < 100 for tick in drawn.ticks)


def test_half_of_the_time_is_half_of_the_width():
    half = report("valid", at="2027-01-01T00:00:00Z")
    half["standing"]["events"][0] |= {"effective_at": "2026-01-01T00:00:00Z", "recorded_at": "2026-01-01T00:00:00Z"}
    half["validity"] |= {"valid_from": "2026-01-01T00:00:00Z", "valid_until": "2028-01-01T00:00:00Z"}

    drawn = timeline_of(half)

    assert drawn.bars == (Bar("active", 0, 50), Bar("remaining", 50, 50))
    assert [(tick.label, tick.at) for tick in drawn.ticks] == [("2027", 50)]


def test_a_long_history_does_not_crowd_its_years():
    old = report("valid")
    old["standing"]["events"][0] |= {"effective_at": "2001-06-01T00:00:00Z", "recorded_at": "2001-06-01T00:00:00Z"}

    labels = [tick.label for tick in timeline_of(old).ticks]

    assert len(labels) <= 6


@pytest.mark.parametrize("name", ["unknown"])
def test_nothing_is_drawn_where_nothing_is_recorded(name):
    assert timeline_of(report(name)) is None
    without_events = report("valid")
    without_events["standing"]["events"] = []
    assert timeline_of(without_events) is None
