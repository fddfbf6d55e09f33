"""`?at=` and `?known_at=`: an answer about a chosen time is computed within a budget and kept by nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest


def stamp(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("part", ["verification", "versions", "events"])
def test_an_answer_about_a_chosen_time_is_nobodys_to_keep(service, part):
    world = service.world
    public_id = world.grant().public_id
    address = f"/v1/certificates/{public_id}/{part}"
    published = service.get(address)
    assert (published.headers["cache-control"], "ratelimit" in published.headers) == (
        "public, max-age=60, must-revalidate",
        False,
    )
    answer = service.get(f"{address}?at={stamp(world.now())}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["ratelimit"].startswith('"computing"')


@pytest.mark.parametrize("time", ["2027-03-01", "2027-03-01T00:00:00+09:00", "yesterday", ""])
def test_a_time_has_one_form(service, time):
    answer = service.get(f"/v1/bodies?at={time}".replace("+", "%2B"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "/at")


def test_the_versions_and_the_history_are_those_of_the_time_asked_about(service):
    world = service.world
    public_id = world.grant().public_id
    first = stamp(world.now())
    world.set_clock(world.now() + timedelta(hours=1))
    world.amend(public_id)
    world.suspend(public_id)
    address = f"/v1/certificates/{public_id}"
    assert [one["state"] for one in service.get(f"{address}/versions?known_at={first}").json()["versions"]] == [
        "current"
    ]
    then = service.get(f"{address}/events?known_at={first}").json()
    assert (then["state"], len(then["events"])) == ("active", 1)
    known_since = service.get(f"{address}/events?at={first}").json()
    assert (known_since["state"], len(known_since["events"])) == ("active", 3)
