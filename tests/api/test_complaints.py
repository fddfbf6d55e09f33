"""Complaints over HTTP: from anyone without an account, and handled by the body in order."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.api.limits import COMPLAINTS


@pytest.fixture
def outsider(service):
    return service.world.add_person(service.world.actor, "reviewer")


def complain(service, body=None, **content):
    return service.http.post(f"/v1/bodies/{body or service.world.body}/complaints", json={"subject": "x", **content})


def recorded(service, **changes):
    content = {
        "subject": "the mark is on a product",
        "kind": "misuse",
        "origin": "authority",
        "received_on": service.world.ago(2).isoformat(),
    }
    return service.body.post("/v1/complaints", {**content, **changes})


def step(service, address, name, person, **changes):
    done = {"step": name, "person": str(person.id), "done_on": service.world.ago(1).isoformat(), "account": "done"}
    return service.body.post(f"{address}/steps", {**done, **changes})


def decision(service, person, **changes):
    content = {
        "outcome": "justified",
        "person": str(person.id),
        "decided_on": service.world.today.isoformat(),
        "reasons": "it was on a product",
    }
    return {**content, **changes}


def test_anyone_complains_and_keeps_a_reference(service):
    answer = complain(service, subject="<script>alert(1)</script>", contact="me@example.org")
    assert (answer.status_code, list(answer.json())) == (201, ["reference"])
    assert answer.headers["content-type"] == "application/json"
    (kept,) = service.body.get("/v1/complaints").json()["complaints"]
    assert (kept["reference"], kept["subject"]) == (answer.json()["reference"], "<script>alert(1)</script>")
    assert (kept["origin"], kept["carried_by"], kept["contact"]) == ("third_party", "anyone", "me@example.org")


def test_a_complaint_may_name_a_certificate_of_that_body_alone(service):
    issued = service.world.grant().public_id
    assert complain(service, certification=issued, kind="misuse").status_code == 201
    other, _ = service.world.add_certification_body("Another Body")
    assert complain(service, other, certification=issued).json()["code"] == "unknown_certification"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"subject": "x" * 4001}, "malformed_request"),
        ({"subject": ""}, "malformed_request"),
        ({"subject": "\u202eevil"}, "text_bidi_control"),
        ({"origin": "authority"}, "unknown_member"),
        ({"certification": "nonsense"}, "malformed_id"),
        ({"subject": "x" * 200_000}, "body_too_large"),
    ],
)
def test_what_is_no_complaint_is_refused_and_nothing_kept(service, content, code):
    answer = complain(service, **content)
    told = {answer.json()["code"], *(fault["code"] for fault in answer.json().get("errors", []))}
    assert code in told
    assert service.body.get("/v1/complaints").json()["complaints"] == []


def test_nobody_complains_to_whoever_certifies_nothing(service):
    for body in (service.world.accreditation_body, uuid4()):
        assert complain(service, body).json()["code"] == "unknown_body"


def test_a_flood_about_one_body_is_stopped_and_touches_no_other(service):
    other, _ = service.world.add_certification_body("Another Body")
    door = service.http.app.state.door
    for _ in range(COMPLAINTS.quota):
        door.limiter.take(COMPLAINTS, service.world.body)
    answer = complain(service)
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) >= 1
    assert complain(service, other).status_code == 201


def test_the_body_handles_it_in_order_and_by_the_uninvolved(service, outsider):
    certificate = service.world.grant().public_id
    address = recorded(service, certification=certificate).headers["location"]
    assert step(service, address, "acknowledged", service.world.decider).status_code == 204
    assert step(service, address, "investigated", service.world.auditor).json()["code"] == "involved_in_complaint"
    early = service.body.post(f"{address}/decision", decision(service, outsider))
    assert early.json()["code"] == "case_out_of_order"
    assert step(service, address, "investigated", outsider).status_code == 204
    assert service.body.post(f"{address}/decision", decision(service, outsider)).status_code == 204
    shown = service.body.get(address).json()
    assert [one["step"] for one in shown["steps"]] == ["acknowledged", "investigated"]
    assert (shown["decision"]["outcome"], shown["certification"]) == ("justified", certificate)


def test_a_complaint_says_by_when_it_is_acknowledged_and_decided(service):
    shown = service.body.get(recorded(service).headers["location"]).json()
    assert shown["received_on"] < shown["acknowledge_by"] < shown["decide_by"]


def test_each_side_s_latest_word_about_publicity_is_shown(service):
    address = recorded(service).headers["location"]
    for side, extent in (("holder", "subject"), ("complainant", "resolution"), ("holder", "nothing")):
        word = {"side": side, "extent": extent, "agreed_on": service.world.today.isoformat()}
        assert service.body.post(f"{address}/publicity", word).status_code == 204
    shown = service.body.get(address).json()["publicity"]
    assert {one["side"]: one["extent"] for one in shown} == {"complainant": "resolution", "holder": "nothing"}


def test_whoever_complained_can_be_erased(service):
    address = recorded(service, contact="Hanako").headers["location"]
    assert service.body.delete(f"{address}/contact").status_code == 204
    assert service.body.get(address).json()["contact"] is None


def test_whom_it_is_about_handles_none_of_it(service, outsider):
    address = recorded(service).headers["location"]
    assert service.body.post(f"{address}/involved", {"person": str(outsider.id)}).status_code == 204
    assert step(service, address, "investigated", outsider).json()["code"] == "involved_in_complaint"


def test_another_body_and_the_public_see_no_complaint(service):
    address = recorded(service).headers["location"]
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    assert other.get(address).json()["code"] == "unknown_complaint"
    assert other.get("/v1/complaints").json()["complaints"] == []
    assert service.http.get(address).status_code == 401
