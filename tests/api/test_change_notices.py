"""Notices of change over HTTP: recorded, listed, disposed of once by a competent person."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support.service import UNKNOWN_ID


@pytest.fixture
def certification(service):
    return service.world.open().public_id


def notice(service, certification, /, **changes):
    content = {
        "certification": certification,
        "kind": "address",
        "detail": "moved to Yokohama",
        "received_on": service.world.ago(1).isoformat(),
    }
    return service.body.post("/v1/change-notices", {**content, **changes})


def disposition(service, **changes):
    content = {
        "consequence": "special_audit",
        "person": str(service.world.reviewer.id),
        "reason": "a new building",
        "disposed_on": service.world.today.isoformat(),
    }
    return {**content, **changes}


def test_a_notice_is_recorded_read_and_disposed_of_once(service, certification):
    answer = notice(service, certification)
    assert answer.status_code == 201
    address = answer.headers["location"]
    assert service.body.get(address).json()["disposition"] is None
    assert service.body.post(f"{address}/disposition", disposition(service)).status_code == 204
    shown = service.body.get(address).json()
    assert (shown["certification"], shown["disposition"]["consequence"]) == (certification, "special_audit")
    again = service.body.post(f"{address}/disposition", disposition(service))
    assert (again.status_code, again.json()["code"]) == (409, "already_recorded")


def test_a_retry_records_no_second_notice(service, certification):
    content = {"certification": certification, "kind": "system", "detail": "x", "received_on": "2026-01-01"}
    answers = [service.body.post("/v1/change-notices", content, key="noticed-once") for _ in range(2)]
    assert answers[0].text == answers[1].text
    assert len(service.body.get("/v1/change-notices").json()["change_notices"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"certification": UNKNOWN_ID}, "unknown_certification"),
        ({"kind": "gossip"}, "malformed_request"),
        ({"detail": ""}, "malformed_request"),
        ({"received_on": "2099-01-01"}, "date_in_the_future"),
    ],
)
def test_what_is_no_notice_is_refused(service, certification, changes, code):
    answer = notice(service, certification, **changes)
    assert (400 <= answer.status_code < 500, answer.json()["code"]) == (True, code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person": str(uuid4())}, "unknown_person"),
        ({"disposed_on": "2020-01-01"}, "change_judged_without_competence"),
        ({"consequence": "shrug"}, "malformed_request"),
    ],
)
def test_what_disposes_of_nothing_is_refused_with_its_rule(service, certification, changes, code):
    address = notice(service, certification).headers["location"]
    answer = service.body.post(f"{address}/disposition", disposition(service, **changes))
    assert answer.json()["code"] == code


def test_a_merger_is_amended_for_only_with_the_assessment(service, certification):
    address = notice(service, certification, kind="merger").headers["location"]
    wanted = disposition(service, consequence="amend")
    answer = service.body.post(f"{address}/disposition", wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, "successor_not_assessed")
    assessed = {**wanted, "assessment": "the same system under another name"}
    assert service.body.post(f"{address}/disposition", assessed).status_code == 204


def test_another_body_and_the_public_see_no_notice(service, certification):
    address = notice(service, certification).headers["location"]
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    assert other.get(address).json()["code"] == "unknown_notice"
    assert other.post(f"{address}/disposition", disposition(service)).json()["code"] == "unknown_notice"
    assert service.http.get(address).status_code == 401
