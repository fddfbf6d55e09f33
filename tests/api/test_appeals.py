"""Appeals over HTTP: lodged against one decision, handled by a panel that had no part in it."""

from __future__ import annotations

from uuid import uuid4

import pytest


@pytest.fixture
def suspended(service):
    return service.world.suspend(service.world.grant().public_id)


@pytest.fixture
def handler(service):
    return service.world.add_person(service.world.actor, "appeal_handler")


def lodged(service, decision, **changes):
    content = {
        "decision": str(decision),
        "grounds": "nothing was overdue",
        "lodged_on": service.world.today.isoformat(),
    }
    return service.body.post("/v1/appeals", {**content, **changes})


def outcome(service, **changes):
    found = {"outcome": "upheld", "reasons": "it was closed in time", "decided_on": service.world.today.isoformat()}
    return {**found, **changes}


def test_an_appeal_goes_its_way_and_is_read_again(service, suspended, handler):
    address = lodged(service, suspended.id).headers["location"]
    told = {"person": str(service.world.reviewer.id), "done_on": service.world.today.isoformat()}
    assert service.body.post(f"{address}/acknowledgement", told).status_code == 204
    assert service.body.post(f"{address}/panel", {"person": str(handler.id)}).status_code == 204
    assert service.body.post(f"{address}/outcome", outcome(service)).status_code == 204
    shown = service.body.get(address).json()
    assert (shown["act"], shown["event_no"], shown["outcome"]) == ("suspend", 2, "upheld")
    assert (shown["panel"], shown["may_be_known"]) == ([str(handler.id)], False)
    assert shown["lodged_on"] < shown["acknowledge_by"] < shown["decide_by"]


def test_whoever_decided_handles_no_appeal_against_it(service, suspended):
    both = service.world.add_person(service.world.actor, "appeal_handler", "decider")
    withdrawn = service.world.withdraw(suspended.certification, deciders=(both,))
    address = lodged(service, withdrawn.id).headers["location"]
    answer = service.body.post(f"{address}/panel", {"person": str(both.id)})
    assert (answer.status_code, answer.json()["code"]) == (422, "appeal_handler_involved")


@pytest.mark.parametrize(
    ("step", "code"), [("acknowledgement", "case_out_of_order"), ("panel", "appeal_without_panel")]
)
def test_no_outcome_comes_before_what_it_rests_on(service, suspended, step, code):
    address = lodged(service, suspended.id).headers["location"]
    told = {"person": str(service.world.reviewer.id), "done_on": service.world.today.isoformat()}
    if step == "panel":
        service.body.post(f"{address}/acknowledgement", told)
    assert service.body.post(f"{address}/outcome", outcome(service)).json()["code"] == code


def test_a_decision_is_appealed_once_and_must_be_the_body_s(service, suspended):
    assert lodged(service, uuid4()).json()["code"] == "unknown_decision"
    assert lodged(service, suspended.id).status_code == 201
    again = lodged(service, suspended.id)
    assert (again.status_code, again.json()["code"]) == (409, "already_appealed")


def test_the_appellant_may_change_their_mind_about_its_being_known(service, suspended):
    address = lodged(service, suspended.id, may_be_known=True).headers["location"]
    assert service.body.get(address).json()["may_be_known"] is True
    word = {"agreed": False, "agreed_on": service.world.today.isoformat()}
    assert service.body.post(f"{address}/publicity", word).status_code == 204
    assert service.body.get(address).json()["may_be_known"] is False


def test_another_body_and_the_public_see_no_appeal(service, suspended):
    address = lodged(service, suspended.id).headers["location"]
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    assert other.get(address).json()["code"] == "unknown_appeal"
    assert other.get("/v1/appeals").json()["appeals"] == []
    assert other.post(f"{address}/outcome", outcome(service)).json()["code"] == "unknown_appeal"
    assert service.http.get(address).status_code == 401
