"""Interests, relations, threats and operating entities over HTTP: recorded once, read again, refused with their clause."""

from __future__ import annotations

from uuid import uuid4

import pytest


def interest(service, *, key=None, **changes):
    world = service.world
    content = {"organisation": str(world.organisation), "kind": "consultancy", "detail": "wrote the AI policy"}
    return service.body.post(f"/v1/people/{world.auditor.id}/interests", {**content, **changes}, key=key)


def threat(service, *, key=None, **changes):
    content = {"source": "familiarity", "description": "the same auditor for years", "identified_on": "2026-01-05"}
    return service.body.post("/v1/threats", {**content, **changes}, key=key)


def entity(service, *, key=None, **changes):
    day = service.world.ago(300).isoformat()
    content = {
        "name": "Osaka branch",
        "country": "JP",
        "under_control": True,
        "agreement_signed_on": day,
        "risk_assessed_on": day,
        "risk_assessment": "decides by the body's own procedures",
        "valid_from": day,
    }
    return service.body.post("/v1/entities", {**content, **changes}, key=key)


def test_an_interest_is_declared_shown_and_ended(service):
    answer = interest(service, began_on="2025-04-01")
    assert answer.status_code == 201
    (shown,) = service.body.get(answer.headers["location"]).json()["interests"]
    assert (shown["id"], shown["ended_on"]) == (answer.json()["id"], None)
    ended = {"ended_on": service.world.ago(1).isoformat()}
    address = f"/v1/interests/{answer.json()['id']}/end"
    assert [service.body.post(address, ended).status_code for _ in range(2)] == [204, 409]
    (shown,) = service.body.get(answer.headers["location"]).json()["interests"]
    assert shown["ended_on"] == ended["ended_on"]


def test_whoever_has_an_interest_is_kept_from_the_work_with_the_clause(service):
    world = service.world
    applied = world.apply()
    address = f"/v1/people/{world.reviewer.id}/interests"
    declared = {"organisation": str(world.organisation), "kind": "employment", "detail": "worked there"}
    assert service.body.post(address, declared).status_code == 201
    review = {"reviewer": str(world.reviewer.id), "outcome": "accepted", "reviewed_on": world.today.isoformat()}
    refusal = service.body.post(f"/v1/applications/{applied}/review", review)
    assert (refusal.status_code, refusal.json()["code"]) == (422, "interest_in_client")
    assert "5.2" in refusal.json()["detail"]


def test_a_relation_is_recorded_shown_and_ended(service):
    content = {"relation": "consultancy_by_body", "detail": "advice before the agreement", "began_on": "2025-01-05"}
    answer = service.body.post(f"/v1/organisations/{service.world.organisation}/relations", content)
    assert answer.status_code == 201
    address = answer.headers["location"]
    assert service.body.post(f"{address}/end", {"ended_on": service.world.ago(3).isoformat()}).status_code == 204
    assert service.body.get(address).json()["ended_on"] == service.world.ago(3).isoformat()
    assert [one["id"] for one in service.body.get("/v1/relations").json()["relations"]] == [answer.json()["id"]]


def test_a_threat_is_logged_with_what_was_done_about_it(service):
    world = service.world
    answer = threat(service, organisation=str(world.organisation), person=str(world.auditor.id))
    done = {"outcome": "minimised", "measure": "another auditor", "person": str(world.reviewer.id)}
    mitigated = service.body.post(
        f"{answer.headers['location']}/mitigations", {**done, "done_on": world.today.isoformat()}
    )
    assert (answer.status_code, mitigated.status_code) == (201, 204)
    (shown,) = service.body.get("/v1/threats").json()["threats"]
    assert shown == service.body.get(answer.headers["location"]).json()
    assert [one["outcome"] for one in shown["mitigations"]] == ["minimised"]


def test_an_entity_is_recorded_with_its_people(service):
    world = service.world
    answer = entity(service)
    address = answer.headers["location"]
    joined = {"person": str(world.decider.id), "valid_from": world.ago(9).isoformat()}
    assert service.body.post(f"{address}/people", joined).status_code == 204
    shown = service.body.get(address).json()
    assert [one["person"] for one in shown["people"]] == [str(world.decider.id)]
    assert [one["id"] for one in service.body.get("/v1/entities").json()["entities"]] == [answer.json()["id"]]


@pytest.mark.parametrize("record", [interest, threat, entity])
def test_a_retry_records_nothing_twice(service, record):
    assert record(service, key="the-same-key").text == record(service, key="the-same-key").text


@pytest.mark.parametrize(
    ("record", "changes", "code"),
    [
        (interest, {"kind": "gossip"}, "malformed_request"),
        (interest, {"organisation": str(uuid4())}, "unknown_organisation"),
        (interest, {"began_on": "2026-02-01", "ended_on": "2026-01-01"}, "period_without_days"),
        (threat, {"source": "boredom"}, "malformed_request"),
        (threat, {"person": str(uuid4())}, "unknown_person"),
        (threat, {"identified_on": "2099-01-01"}, "date_in_the_future"),
        (entity, {"country": "jp"}, "malformed_country"),
        (entity, {"valid_from": "2020-01-01"}, "entity_before_its_agreement"),
        (entity, {"valid_to": "2020-01-01"}, "period_without_days"),
    ],
)
def test_what_cannot_be_is_refused(service, record, changes, code):
    answer = record(service, **changes)
    assert (400 <= answer.status_code < 500, answer.json()["code"]) == (True, code)


@pytest.mark.parametrize(
    ("address", "content", "code"),
    [
        ("/v1/interests/{}/end", {"ended_on": "2026-01-01"}, "unknown_interest"),
        ("/v1/relations/{}/end", {"ended_on": "2026-01-01"}, "unknown_relation"),
        ("/v1/entities/{}/people", {"person": "{}", "valid_from": "2026-01-01"}, "unknown_person"),
    ],
)
def test_what_nobody_recorded_is_unknown(service, address, content, code):
    unknown = str(uuid4())
    filled = {name: value.format(unknown) for name, value in content.items()}
    assert service.body.post(address.format(unknown), filled).json()["code"] == code
