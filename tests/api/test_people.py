"""People over HTTP: recorded, given functions, their own keys enrolled, their names erasable."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.keys.evidence import sign_possession
from app.keys.keys import public_jwk
from app.keys.software import generate_software_key

PERSON = {"relation": "employee", "name": "Aki Test"}


def add(service, **changes):
    return service.body.post("/v1/people", {**PERSON, **changes})


def test_a_person_is_recorded_and_read_at_the_address_given(service):
    answer = add(service)
    assert answer.status_code == 201
    person = service.body.get(answer.headers["location"]).json()
    assert person == {
        "id": answer.json()["id"],
        **PERSON,
        "functions": [],
        "competences": [],
        "interests": [],
        "keys": [],
    }


def test_a_person_enrols_a_key_and_decides_with_it(service):
    world = service.world
    issued = world.grant()
    person = add(service).json()["id"]
    function = {"function": "decider", "scheme": "aims", "valid_from": world.ago(9).isoformat(), "basis": "interview"}
    assert service.body.post(f"/v1/people/{person}/functions", function).status_code == 204
    shown = {"function": "decider", "scheme": "aims", "areas": ["robotics"], "evidence": "interview"}
    competence = {**shown, "evidence_sha256": "A" * 43, "valid_from": world.ago(9).isoformat()}
    assert service.body.post(f"/v1/people/{person}/competences", competence).status_code == 204
    nonce = service.body.post(f"/v1/people/{person}/nonces").json()["nonce"]
    key = generate_software_key()
    proof = {"jwk": public_jwk(key.public_key), "possession": sign_possession(key, UUID(person), nonce), "nonce": nonce}
    enrolled = service.body.post(f"/v1/people/{person}/keys", proof)
    assert (enrolled.status_code, enrolled.json()) == (201, {"thumbprint": key.thumbprint})
    world.decider = type(world.decider)(UUID(person), key)
    wanted = {
        "certification": issued.public_id,
        "act": "withdraw",
        "decided_on": world.today.isoformat(),
        "deciders": [person],
        "reason": {"code": "agreement_broken", "text": "x"},
    }
    assert service.decide(wanted)["confirmed_by"] == [person]


def test_a_proof_of_possession_is_good_once(service):
    person = add(service).json()["id"]
    nonce = service.body.post(f"/v1/people/{person}/nonces").json()["nonce"]
    for expected in (201, 422):
        key = generate_software_key()
        proof = sign_possession(key, UUID(person), nonce)
        content = {"jwk": public_jwk(key.public_key), "possession": proof, "nonce": nonce}
        assert service.body.post(f"/v1/people/{person}/keys", content).status_code in {expected, 409}


def test_an_erased_name_is_gone_and_the_person_stays(service):
    person = add(service).json()["id"]
    for _ in range(2):
        assert service.body.delete(f"/v1/people/{person}/name").status_code == 204
    assert service.body.get(f"/v1/people/{person}").json()["name"] is None


def test_a_retry_makes_no_second_person(service):
    first = service.body.post("/v1/people", PERSON, key="one-person-once")
    again = service.body.post("/v1/people", PERSON, key="one-person-once")
    assert (first.status_code, first.text, first.headers["location"]) == (
        again.status_code,
        again.text,
        again.headers["location"],
    )
    other = service.body.post("/v1/people", {**PERSON, "name": "Other"}, key="one-person-once")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_an_ended_function_shows_its_last_day_and_an_ended_key_is_gone(service):
    world = service.world
    person, key = world.decider.id, world.decider.key.thumbprint
    function = {"function": "decider", "scheme": "aims", "valid_from": world.ago(400).isoformat()}
    ended = {**function, "last_day": world.today.isoformat()}
    for status in (204, 409):
        assert service.body.post(f"/v1/people/{person}/ended-functions", ended).status_code == status
        assert service.body.post(f"/v1/people/{person}/keys/{key}/end", {"reason": "lost"}).status_code == status
    read = service.body.get(f"/v1/people/{person}").json()
    assert [one["valid_to"] for one in read["functions"]] == [world.today.isoformat()]
    assert read["keys"] == []


def test_what_is_no_key_of_the_person_does_not_end(service):
    person = add(service).json()["id"]
    theirs = service.world.decider.key.thumbprint
    answer = service.body.post(f"/v1/people/{person}/keys/{theirs}/end", {"reason": "lost"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_person_key")
    assert service.body.post(f"/v1/people/{person}/keys/short/end", {"reason": "lost"}).status_code == 400


def test_people_are_listed_page_by_page_each_once(service):
    added = [add(service, name=f"Person {letter}").json()["id"] for letter in "ABC"]
    address, seen = "/v1/people?limit=2", []
    while address:
        page = service.body.get(address).json()
        seen += [person["id"] for person in page["people"]]
        address = page["next"]
    assert len(seen) == len(set(seen))
    assert seen[-3:] == added


def test_another_body_sees_and_changes_none_of_them(service):
    person = add(service).json()["id"]
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    function = {"function": "auditor", "scheme": "aims", "valid_from": "2026-01-01", "basis": "x"}
    answers = [
        other.get(f"/v1/people/{person}"),
        other.post(f"/v1/people/{person}/functions", function),
        other.post(f"/v1/people/{person}/nonces"),
        other.delete(f"/v1/people/{person}/name"),
        service.body.get(f"/v1/people/{uuid4()}"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "unknown_person")] * 5
    assert other.get("/v1/people").json()["people"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"relation": "friend"}, "malformed_request"),
        ({"name": ""}, "malformed_request"),
        ({"name": "x" * 301}, "malformed_request"),
        ({"nick": "x"}, "malformed_request"),
        ({"name": "Evil\u202egnp.exe"}, "text_bidi_control"),
        ({"name": "Bell\u0007"}, "text_control"),
    ],
)
def test_what_is_no_person_is_refused(service, changes, code):
    answer = add(service, **changes)
    assert (answer.status_code in {400, 422}, answer.json()["code"]) == (True, code)
    assert answer.json()["errors"][0]["field"]


def test_a_client_without_the_scope_is_refused(service):
    other = service.caller(service.world.body, frozenset({"audits"}))
    answers = [other.get("/v1/people"), other.post("/v1/people", PERSON)]
    assert [answer.json()["code"] for answer in answers] == ["insufficient_scope"] * 2


def test_an_ended_competence_shows_its_last_day(service):
    world = service.world
    since = world.ago(400).isoformat()
    ended = {"function": "decider", "scheme": "aims", "area": "robotics", "valid_from": since}
    address = f"/v1/people/{world.decider.id}/ended-competences"
    assert service.body.post(address, {**ended, "last_day": world.ago(1).isoformat()}).status_code == 204
    shown = service.body.get(f"/v1/people/{world.decider.id}").json()["competences"]
    assert [one["valid_to"] for one in shown if one["area"] == "robotics"] == [world.ago(1).isoformat()]
    assert service.body.post(address, {**ended, "last_day": since}).status_code == 409


def test_a_competence_in_an_area_that_the_scheme_does_not_have_is_refused(service):
    competence = {
        "function": "decider",
        "scheme": "aims",
        "areas": ["alchemy"],
        "evidence": "x",
        "valid_from": "2026-01-01",
    }
    answer = service.body.post(f"/v1/people/{service.world.decider.id}/competences", competence)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_reference")
