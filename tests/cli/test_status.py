"""`akashi status`: the age of what is published, and publishing anew."""

from __future__ import annotations

import json


def test_lists_are_published_and_shown_with_their_age(installed):
    shown = installed.done("status", "--republish")

    assert [one["name"] for one in shown] == ["status/1", "status/2", "status/3"]
    assert all(one["age_seconds"] < 60 for one in shown)


def test_publishing_anew_counts_on(installed):
    first = installed.done("status", "--republish")
    second = installed.done("status", "--republish")

    assert [one["number"] for one in second] == [one["number"] + 1 for one in first]
    code, out, _ = installed.run("status")
    assert code == 0
    assert [one["number"] for one in json.loads(out)] == [one["number"] for one in second]
