"""What happened, in words and in order."""

from __future__ import annotations

import pytest

from app.pages.history import gaps_between, history_of
from tests.support.reports import REPORTS, report, versions


def acts(name):
    return [entry.act for entry in history_of(report(name), versions(name))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("restored", ["grant", "suspend", "restore"]),
        ("revised", ["grant", "extend", "correct"]),
        ("transferred", ["grant", "transfer_out"]),
        ("expired", ["grant", "expired"]),
        ("lapsed", ["grant", "expired", "restore_expired"]),
    ],
)
def test_every_event_is_told_in_its_order_and_so_is_what_the_clock_did(name, expected):
    assert acts(name) == expected


def test_a_gap_after_a_lapse_is_told_for_ever_with_both_ends():
    """ISO/IEC 17021-1 9.6.3: restored within six months, and what lay between was not certified."""
    (_, expiry, restored) = history_of(report("lapsed"), versions("lapsed"))
    assert (expiry.effective_at, expiry.gap_until) == ("2025-12-31T15:00:00Z", "2026-03-15T15:00:00Z")
    assert restored.effective_at == expiry.gap_until
    later = {"version": 3, "valid_from": "2028-12-31T15:00:00Z", "valid_until": "2031-12-31T15:00:00Z"}
    renewed = [*versions("lapsed"), versions("lapsed")[1] | later]
    assert [entry.act for entry in history_of(report("lapsed"), renewed)] == acts("lapsed")


def test_a_gap_lasts_until_the_restoration_took_effect():
    """On the day itself nothing was in force before the decision was recorded."""
    told = report("lapsed")
    told["standing"]["events"][1]["effective_at"] = "2026-03-16T05:00:00Z"
    (_, expiry, restored) = history_of(told, versions("lapsed"))
    assert expiry.gap_until == restored.effective_at == "2026-03-16T05:00:00Z"


def test_versions_that_follow_one_another_leave_no_gap():
    assert gaps_between(versions("revised")) == []
    assert gaps_between([]) == []


def test_what_an_appeal_annulled_stays_with_a_remark():
    entries = history_of(report("appealed"), ())
    assert [(entry.act, entry.undone) for entry in entries] == [
        ("grant", ""),
        ("suspend", "undone"),
        ("overturn_suspension", ""),
    ]


@pytest.mark.parametrize(
    ("act", "word"),
    [("annul", "void"), ("overturn_transfer", "taken_back"), ("overturn_withdrawal", "undone")],
)
def test_how_an_event_was_undone_is_told_by_the_act_that_undid_it(act, word):
    undone = report("appealed")
    undone["standing"]["events"][2]["act"] = act
    assert history_of(undone, ())[1].undone == word


def test_an_event_recorded_in_the_minute_of_its_effect_is_dated_once():
    told = report("valid")
    event = told["standing"]["events"][0]
    event["recorded_at"] = event["effective_at"].replace("00Z", "59.120Z")
    assert history_of(told, ())[0].recorded_at is None
    event["recorded_at"] = event["effective_at"].replace("00:00Z", "01:00Z")
    assert history_of(told, ())[0].recorded_at == event["recorded_at"]


def test_an_annulment_is_always_dated_by_its_recording():
    told = report("annulled")
    event = told["standing"]["events"][1]
    event["effective_at"] = event["recorded_at"]
    assert history_of(told, ())[1].recorded_at == event["recorded_at"]


@pytest.mark.parametrize("name", [name for name in REPORTS if not report(name)["standing"]])
def test_without_a_standing_nothing_happened(name):
    assert history_of(report(name), ()) == []
