"""Programme, time, plan and review of audits over HTTP: recorded once, read again, refused with their clause."""

from __future__ import annotations

from uuid import uuid4

import pytest


@pytest.fixture
def certification(service):
    return service.world.open().public_id


def programme(service, certification, /, *, key=None, **changes):
    world = service.world
    content = {
        "certification": certification,
        "established_on": world.ago(3).isoformat(),
        "sites": [str(world.head_office)],
        "justified_by": str(world.reviewer.id),
    }
    return service.body.post("/v1/audit-programmes", {**content, **changes}, key=key)


def time(service, certification, /, **changes):
    world = service.world
    content = {
        "certification": certification,
        "method": "IAF MD 5",
        "inputs": {"headcount": 40, "role": "developer"},
        "base_days": "5.5",
        "adjustments": [{"days": "-0.5", "reason": "one site"}],
        "justified_by": str(world.reviewer.id),
        "calculated_on": world.ago(3).isoformat(),
    }
    return service.body.post("/v1/audit-times", {**content, **changes})


def plan(service, certification, /, **changes):
    world = service.world
    content = {
        "certifications": [certification],
        "kind": "stage_1",
        "objectives": "conformity",
        "criteria": "ISO/IEC 42001:2023",
        "method": "both",
        "sent_on": world.ago(7).isoformat(),
        "objections_until": world.ago(1).isoformat(),
        "first_day": world.ago(-1).isoformat(),
        "last_day": world.ago(-2).isoformat(),
        "team": [{"person": str(world.auditor.id), "function": "team_leader"}],
    }
    return service.body.post("/v1/audit-plans", {**content, **changes})


def review(service, certification, /, **changes):
    world = service.world
    content = {
        "certification": certification,
        "audits": [str(world.audit(certification, "stage_1").id)],
        "reviewer": str(world.reviewer.id),
        "sufficient": True,
        "note": "complete",
        "reviewed_on": world.today.isoformat(),
    }
    return service.body.post("/v1/technical-reviews", {**content, **changes})


@pytest.mark.parametrize(
    ("record", "listed"), [(programme, "programmes"), (time, "audit_times"), (plan, "plans"), (review, "reviews")]
)
def test_a_record_is_read_at_its_address_and_listed(service, certification, record, listed):
    answer = record(service, certification)
    assert answer.status_code == 201, answer.text
    shown = service.body.get(answer.headers["location"]).json()
    assert shown["id"] == answer.json()["id"]
    address = answer.headers["location"].rpartition("/")[0]
    assert service.body.get(address).json()[listed] == [shown]


def test_days_are_decimal_numbers_as_text(service, certification):
    shown = service.body.get(time(service, certification).headers["location"]).json()
    assert (shown["base_days"], shown["result_days"]) == ("5.50", "5.00")
    assert shown["inputs"] == {"headcount": 40, "role": "developer"}


def test_an_objection_is_recorded_answered_and_shown(service, certification):
    world = service.world
    address = plan(service, certification).headers["location"]
    person = str(world.auditor.id)
    objection = {"person": person, "grounds": "a competitor's friend", "received_on": world.ago(2).isoformat()}
    assert service.body.post(f"{address}/objections", objection).status_code == 204
    answered = {"upheld": False, "answer": "no such tie", "answered_on": world.today.isoformat()}
    assert service.body.post(f"{address}/objections/{person}/answer", answered).status_code == 204
    (shown,) = service.body.get(address).json()["objections"]
    assert (shown["grounds"], shown["upheld"]) == (objection["grounds"], False)


def test_a_member_joins_before_the_first_day(service, certification):
    address = plan(service, certification).headers["location"]
    member = {"person": str(service.world.second_auditor.id), "function": "auditor"}
    assert service.body.post(f"{address}/team", member).status_code == 204
    assert len(service.body.get(address).json()["team"]) == 2


def test_a_conclusion_and_its_monitoring_are_shown_with_the_audit(service, certification):
    world = service.world
    address = f"/v1/audits/{world.audit(certification, 'surveillance').id}"
    said = {"leader": str(world.auditor.id), "positive": True, "conclusion": "goes on"}
    concluded = service.body.post(f"{address}/conclusion", {**said, "concluded_on": world.today.isoformat()})
    looked = {"person": str(world.reviewer.id), "confirmed": True, "note": "as reported"}
    monitored = service.body.post(f"{address}/monitoring", {**looked, "monitored_on": world.today.isoformat()})
    assert (concluded.status_code, monitored.status_code) == (204, 204)
    shown = service.body.get(address).json()["conclusion"]
    assert (shown["positive"], shown["confirmed"], shown["monitored_by"]) == (True, True, str(world.reviewer.id))


def test_a_grant_without_groundwork_is_refused_with_the_clause(service, certification):
    world = service.world
    wanted = service.grant_wanted(certification, world.audits(certification))
    other = world.open("FC-0002").public_id
    wanted |= {"certification": other, "relied_on": [str(one) for one in world.audits(other)]}
    drafted = service.body.post("/v1/decisions", wanted).json()
    refusal = service.confirm(service.body, "/v1/decisions", drafted)
    assert (refusal.status_code, refusal.json()["code"]) == (422, "programme_missing")
    assert "9.1.3" in refusal.json()["detail"]


@pytest.mark.parametrize(
    ("record", "changes", "code"),
    [
        (programme, {"certification": "nonsense"}, "malformed_id"),
        (programme, {"sites": [str(uuid4())]}, "unknown_site"),
        (programme, {"visited": []}, "sampling_without_reason"),
        (programme, {"further_audits": [{"kind": "chat", "year": 1}]}, "malformed_request"),
        (time, {"base_days": "five"}, "malformed_request"),
        (time, {"base_days": "1e3"}, "malformed_request"),
        (time, {"adjustments": [{"days": "-5", "reason": "cheap"}]}, "time_reduced_too_far"),
        (time, {"adjustments": [{"days": "0", "reason": "nothing"}]}, "adjustment_without_reason"),
        (time, {"justified_by": str(uuid4())}, "unknown_person"),
        (plan, {"objections_until": "2020-01-01"}, "no_time_to_object"),
        (plan, {"team": []}, "malformed_request"),
        (plan, {"certifications": []}, "malformed_request"),
        (review, {"audits": [str(uuid4())]}, "unknown_audit"),
        (review, {"reviewed_on": "2020-01-01"}, "review_date_impossible"),
    ],
)
def test_what_cannot_be_is_refused(service, certification, record, changes, code):
    answer = record(service, certification, **changes)
    assert (400 <= answer.status_code < 500, answer.json()["code"]) == (True, code), answer.text


def test_a_retry_records_nothing_twice(service, certification):
    twice = {programme(service, certification, key="the-same-key").text for _ in range(2)}
    assert len(twice) == 1
