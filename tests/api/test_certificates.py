"""Certificates over HTTP: the record for anyone, issuing once for its body (C101)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest

from app.trust.anchors import Anchors
from tests.support.acts import count
from tests.support.service import UNKNOWN_ID, Service

RETRIES = 20
MISTYPED_ID = UNKNOWN_ID[:6] + UNKNOWN_ID[7] + UNKNOWN_ID[6] + UNKNOWN_ID[8:]


@pytest.fixture
def decided(service):
    """A confirmed grant, not issued yet."""
    opened = service.world.open()
    audits = service.world.audits(opened.public_id)
    return service.decide(service.grant_wanted(opened.public_id, audits))


def issue(service, decided, key="one-key-for-all"):
    return service.body.post("/v1/certificates", {"decision": decided["id"]}, key=key)


# --- Issuing ---


def test_a_decided_certificate_is_issued_and_stands_at_its_address(service, decided):
    answer = issue(service, decided)
    issued = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/v1/certificates/{issued['certificate_id']}")
    assert service.get(answer.headers["location"]).json()["verdict"] == "valid"
    assert service.get(f"/c/{issued['certificate_id']}.jwt").text == issued["credential"]


def test_twenty_retries_at_once_make_one_certificate_with_one_answer(service, decided):
    """C101: one certificate; the same status, body and Location for all, or 409 while the first still runs."""
    with ThreadPoolExecutor(RETRIES) as pool:
        answers = list(pool.map(lambda _: issue(service, decided), range(RETRIES)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({(answer.text, answer.headers["location"]) for answer in answers if answer.status_code == 201}) == 1
    assert count(service.world, "certificate_version") == 1
    assert issue(service, decided).text == next(answer.text for answer in answers if answer.status_code == 201)


def test_a_key_used_for_another_request_is_refused(service, decided):
    """C101: another content is no replay (draft-ietf-httpapi-idempotency-key-header 2.7)."""
    issue(service, decided)
    amended = service.decide(
        {
            "certification": decided["document"]["certification"],
            "act": "amend",
            "decided_on": service.world.today.isoformat(),
            "deciders": [str(service.world.decider.id)],
        }
    )
    answer = issue(service, amended)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_retry_after_a_restart_gets_the_same_answer(service, decided):
    """C101: keys are remembered in the database, not by a process."""
    first = issue(service, decided)
    restarted = Service(service.world)
    assert (
        restarted.body.post("/v1/certificates", {"decision": decided["id"]}, key="one-key-for-all").text == first.text
    )


def test_without_a_key_nothing_is_issued(service, decided):
    headers = {"Authorization": f"Bearer {service.body.token}"}
    answer = service.http.post("/v1/certificates", json={"decision": decided["id"]}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_a_decision_of_nobody_and_one_of_another_body_are_equally_unknown(service, decided):
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    answers = [
        other.post("/v1/certificates", {"decision": decided["id"]}),
        service.body.post("/v1/certificates", {"decision": str(uuid4())}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "unknown_decision")] * 2


def test_a_client_without_the_scope_cannot_issue(service, decided):
    reader = service.caller(service.world.body, frozenset({"certificates:read"}))
    answer = reader.post("/v1/certificates", {"decision": decided["id"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_a_suspension_of_the_accreditation_in_between_wins(service, decided):
    service.world.change_accreditation("suspend")
    answer = issue(service, decided)
    assert (answer.status_code, answer.json()["code"]) == (422, "accreditation_suspended_now")
    assert count(service.world, "certificate_version") == 0


# --- The record ---


def test_the_record_says_what_the_report_says(service):
    issued = service.world.grant()
    record = service.get(f"/v1/certificates/{issued.public_id}").json()
    report = service.verification(issued.public_id)
    assert record["number"] == "FC-0001"
    assert {name: record[name] for name in report if name in record} == {
        name: value for name, value in report.items() if name in record
    }


def test_an_ended_certificate_keeps_its_record_for_ever(service):
    issued = service.world.grant()
    service.world.withdraw(issued.public_id)
    answer = service.get(f"/v1/certificates/{issued.public_id}")
    assert (answer.status_code, answer.json()["verdict"]) == (200, "no_longer_valid")


@pytest.mark.parametrize("address", ["", "/versions", "/events", "/bundle"])
def test_an_unknown_id_is_not_found_and_a_mistyped_one_names_its_group(service, address):
    unknown = service.get(f"/v1/certificates/{UNKNOWN_ID}{address}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_certificate")
    mistyped = service.get(f"/v1/certificates/{MISTYPED_ID}{address}")
    assert (mistyped.status_code, mistyped.json()["code"]) == (400, "malformed_id")
    assert "group 2" in mistyped.json()["detail"]


def test_versions_say_which_is_current_and_what_differs(service):
    issued = service.world.grant()
    service.world.rename("Kasumi Robotics Holdings K.K.")
    service.world.amend(issued.public_id)
    answer = service.get(f"/v1/certificates/{issued.public_id}/versions").json()
    assert answer["current"] == 2
    assert [version["state"] for version in answer["versions"]] == ["superseded", "current"]
    (differs, same) = (version["differences_from_current"] for version in answer["versions"])
    assert [one["field"] for one in differs] == ["holder.names"]
    assert same == []


def test_events_carry_both_clocks(service):
    issued = service.world.grant()
    service.world.suspend(issued.public_id)
    answer = service.get(f"/v1/certificates/{issued.public_id}/events").json()
    assert (answer["state"], [event["act"] for event in answer["events"]]) == ("suspended", ["grant", "suspend"])
    assert all(event["effective_at"] and event["recorded_at"] for event in answer["events"])


def test_nothing_is_public_before_a_certificate_is_issued(service, decided):
    public_id = decided["document"]["certification"]
    assert service.get(f"/v1/certificates/{public_id}").status_code == 404
    assert service.verification(public_id)["verdict"] == "unknown"


def test_an_untrusted_registry_shows_the_standing_as_not_established(service):
    """A registry without anchors says of its own records no more than a stranger could."""
    issued = service.world.grant()
    blind = Service(service.world, replace(service.registry, anchors=Anchors()))
    assert blind.get(f"/v1/certificates/{issued.public_id}/events").json()["state"] is None
