"""Committees over HTTP: formed once, appointed to, left; decisions by their ballot."""

from __future__ import annotations

from tests.support.deciding import audits_led_by


def test_a_committee_is_formed_appointed_to_and_left(service):
    world = service.world
    made = service.body.post("/v1/committees", {"name": "Committee", "quorum_percent": 66})
    assert made.status_code == 201, made.text
    address = f"/v1/committees/{made.json()['id']}"
    member = {"person": str(world.decider.id), "valid_from": world.ago(5).isoformat()}
    assert service.body.post(f"{address}/members", member).status_code == 204
    ended = member | {"last_day": world.today.isoformat()}
    assert service.body.post(f"{address}/ended-memberships", ended).status_code == 204
    assert service.body.get(address).json()["members"] == [ended]


def test_a_ballot_decides_over_http(service):
    world = service.world
    made = service.body.post("/v1/committees", {"name": "Committee", "quorum_percent": 50}).json()["id"]
    people = (world.decider, world.second_decider)
    for one in people:
        member = {"person": str(one.id), "valid_from": world.ago(5).isoformat()}
        service.body.post(f"/v1/committees/{made}/members", member)
    opened = world.open()
    audits = audits_led_by(world, opened.public_id, world.auditor)
    votes = [{"member": str(one.id), "vote": "for"} for one in people]
    wanted = service.grant_wanted(opened.public_id, audits, ballot={"committee": made, "votes": votes})
    del wanted["deciders"]
    drafted = service.body.post("/v1/decisions", wanted).json()
    first = service.confirm(service.body, "/v1/decisions", drafted)
    assert (first.status_code, len(first.json()["awaited"])) == (202, 1)
    second = service.confirm(service.body, "/v1/decisions", drafted, world.second_decider)
    assert (second.status_code, second.json()["awaited"]) == (200, [])
