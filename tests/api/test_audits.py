"""Audits over HTTP: recorded whole, with team and findings, which are resolved step by step."""

from __future__ import annotations

from uuid import uuid4

import pytest

DIGEST = "A" * 43


@pytest.fixture
def certification(service):
    return service.world.open().public_id


def stage_1(service, certification, /, **changes):
    world = service.world
    content = {
        "serves": [{"certification": certification}],
        "kind": "stage_1",
        "first_day": world.ago(21).isoformat(),
        "last_day": world.ago(20).isoformat(),
        "report_sha256": DIGEST,
        "team": [{"person": str(world.auditor.id), "function": "team_leader"}],
    }
    return service.body.post("/v1/audits", {**content, **changes})


def finding(**changes):
    return {"grade": "minor", "clause": "8.2", "description": "not done", "due_on": "2027-01-31", **changes}


def test_an_audit_is_recorded_whole_and_read_again(service, certification):
    answer = stage_1(service, certification, findings=[finding(), finding(grade="opportunity", due_on=None)])
    assert answer.status_code == 201
    shown = service.body.get(answer.headers["location"]).json()
    assert (shown["serves"][0]["certification"], shown["report_sha256"]) == (certification, DIGEST)
    assert {one["id"] for one in shown["findings"]} == set(answer.json()["findings"])


def test_whoever_reviews_reads_how_long_after_stage_1_stage_2_began(service, certification):
    """17021-1 9.3.1.3: the interval is judged, so it is shown."""
    first, second = service.world.audits(certification)
    shown = [service.body.get(f"/v1/audits/{audit}").json()["days_after_stage_1"] for audit in (first, second)]
    assert shown == [None, 9]


def test_a_finding_is_resolved_step_by_step(service, certification):
    recorded = stage_1(service, certification, findings=[finding()]).json()
    step = {"person": str(service.world.auditor.id), "done_on": service.world.ago(5).isoformat()}
    address = f"/v1/findings/{recorded['findings'][0]}/steps"
    names = ["corrected", "corrective_action", "plan_accepted", "verified"]
    assert service.body.post(address, {**step, "step": "verified"}).json()["code"] == "step_out_of_order"
    assert [service.body.post(address, {**step, "step": name}).status_code for name in names] == [204] * 4
    (shown,) = service.body.get(f"/v1/audits/{recorded['id']}").json()["findings"]
    assert [one["step"] for one in shown["steps"]] == names
    assert service.body.post(address, {**step, "step": "verified"}).status_code == 409


def test_somebody_who_took_part_joins_the_team(service, certification):
    recorded = stage_1(service, certification).json()
    member = {"person": str(service.world.second_auditor.id), "function": "auditor"}
    assert service.body.post(f"/v1/audits/{recorded['id']}/team", member).status_code == 204
    assert len(service.body.get(f"/v1/audits/{recorded['id']}").json()["team"]) == 2


def test_a_retry_records_no_second_audit(service, certification):
    world = service.world
    content = {
        "serves": [{"certification": certification}],
        "kind": "stage_1",
        "first_day": world.ago(21).isoformat(),
        "last_day": world.ago(20).isoformat(),
        "report_sha256": DIGEST,
        "team": [{"person": str(world.auditor.id), "function": "team_leader"}],
        "findings": [finding()],
    }
    answers = [service.body.post("/v1/audits", content, key="audited-once") for _ in range(2)]
    assert answers[0].text == answers[1].text
    assert len(service.body.get("/v1/audits").json()["audits"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"serves": [{"certification": "nonsense"}]}, "malformed_id"),
        ({"kind": "chat"}, "malformed_request"),
        ({"first_day": "2026-11-31"}, "malformed_request"),
        ({"first_day": "2026-10-02", "last_day": "2026-10-01"}, "audit_ends_before_it_begins"),
        ({"report_sha256": "x"}, "malformed_request"),
        ({"report_sha256": "B" * 43}, "malformed_base64"),
        ({"team": []}, "malformed_request"),
        ({"team": [{"person": str(uuid4()), "function": "team_leader"}]}, "unknown_person"),
        ({"kind": "stage_2"}, "stage_2_without_stage_1"),
        ({"stage_1": str(uuid4()), "kind": "stage_2"}, "unknown_audit"),
        ({"findings": [{"grade": "minor", "clause": "8", "description": "x"}]}, "due_date_missing"),
    ],
)
def test_what_is_no_audit_is_refused_and_nothing_recorded(service, certification, changes, code):
    answer = stage_1(service, certification, **changes)
    assert (400 <= answer.status_code < 500, answer.json()["code"]) == (True, code)
    assert service.body.get("/v1/audits").json()["audits"] == []


def test_another_bodys_audits_and_findings_are_unknown(service, certification):
    recorded = stage_1(service, certification, findings=[finding()]).json()
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    person = service.world.add_person(stranger, "auditor")
    assert other.get(f"/v1/audits/{recorded['id']}").json()["code"] == "unknown_audit"
    member = {"person": str(person.id), "function": "auditor"}
    assert other.post(f"/v1/audits/{recorded['id']}/team", member).json()["code"] == "unknown_audit"
    step = {"step": "corrected", "person": str(person.id), "done_on": service.world.today.isoformat()}
    assert other.post(f"/v1/findings/{recorded['findings'][0]}/steps", step).json()["code"] == "unknown_finding"
    assert stage_1(service, certification).status_code == 201
