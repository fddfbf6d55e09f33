"""Around an accreditation over HTTP: previews, flagged decisions, letters, applications, recognition."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest

from app.access.actor import OPERATOR
from app.registry.recognition import Observed, Source, record_recognition
from tests.support.world import STANDARD

STATEMENTS = "/v1/accreditations/statements"
LETTERS = "/v1/accreditation-letters"
APPLICATIONS = "/v1/accreditation-applications"
SCOPE = {"documents": [STANDARD], "areas": ["robotics"], "countries": ["JP"]}


def preview_of(service, wanted, caller=None):
    address = f"/v1/accreditations/{service.world.accreditation}/preview"
    return (caller or service.accreditation_body).post(address, wanted)


def test_a_sanction_is_previewed_before_it_is_drafted_and_again_in_the_draft(service):
    """ "This would flag 14 certificates": each by its ID, and nothing of its client."""
    world = service.world
    public_id = world.grant(on=world.ago(1)).public_id
    wanted = {"act": "suspend", "suspended": {"whole": True}, "effective_on": world.ago(2).isoformat()}
    answer = preview_of(service, wanted)
    assert answer.status_code == 200
    would = answer.json()
    assert would["impaired"] == [
        {"certificate_id": public_id, "number": "FC-0001", "reason": "accreditation_suspended"}
    ]
    assert (would["impaired_count"], would["flagged_count"], would["flagged"][0]["certificate_id"]) == (1, 1, public_id)
    assert (would["flagged"][0]["decided_on"], would["flagged"][0]["stated_at"]) == (world.ago(1).isoformat(), None)
    assert (would["blocked"]["whole"], "grant" in would["blocked"]["acts"]) == (True, True)
    named = {"accreditation": str(world.accreditation), "officer": str(world.officer.id)}
    drafted = service.accreditation_body.post(STATEMENTS, wanted | named).json()
    assert drafted["preview"] == would
    assert service.verification(public_id)["verdict"] == "valid"


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"act": "reduce", "scope": SCOPE}, 200),
        ({"act": "renew", "valid_to": "2998-01-01"}, 200),
        ({"act": "cease"}, 200),
        ({"act": "relinquish"}, 200),
        ({"act": "restore"}, 422),
        ({"act": "grant"}, 400),
        ({"act": "suspend"}, 400),
    ],
)
def test_each_change_has_its_preview(service, wanted, status):
    assert preview_of(service, wanted | {"effective_on": service.world.today.isoformat()}).status_code == status


def test_a_certification_body_previews_nothing(service):
    wanted = {"act": "withdraw", "effective_on": service.world.today.isoformat()}
    assert preview_of(service, wanted, service.body).json()["code"] == "insufficient_scope"


def test_the_queue_of_flagged_decisions_is_read_by_its_two_bodies_alone(service):
    world = service.world
    public_id = world.grant(on=world.ago(1)).public_id
    world.change_accreditation("withdraw", effective_on=world.ago(2))
    address = f"/v1/accreditations/{world.accreditation}/flagged-decisions"
    for caller in (service.body, service.accreditation_body):
        found = caller.get(address).json()
        assert (found["count"], [one["certificate_id"] for one in found["decisions"]]) == (1, [public_id])
    other, _ = world.add_certification_body("Other")
    answer = service.caller(other, frozenset({"certificates:read"})).get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_accreditation")
    assert service.get(address).status_code == 401


def test_a_certificate_is_brought_under_an_accreditation_over_http(service):
    world = service.world
    public_id = world.grant(on=world.ago(1)).public_id
    second = world.accredit(number="FA-002", effective_on=world.today)
    wanted = {
        "accreditation": str(second),
        "purpose": "bring_under",
        "certificates": [public_id],
        "effective_on": world.today.isoformat(),
        "officer": str(world.officer.id),
    }
    drafted = service.accreditation_body.post(LETTERS, wanted)
    assert drafted.status_code == 201, drafted.text
    done = service.confirm(service.accreditation_body, LETTERS, drafted.json(), world.officer)
    assert [one["statement"] for one in done.json()["signed"]] == ["akashi-accreditation-letter-1"]
    assert service.accreditation_body.get(f"{LETTERS}/{drafted.json()['id']}").json() == done.json()
    report = service.verification(public_id)
    assert "brought_under_accreditation" in [notice["code"] for notice in report["notices"]]
    assert report["accreditations"][1]["at_decision"] == "none"


def test_an_application_for_accreditation_goes_to_its_body_and_back(service):
    world = service.world
    wanted = {
        "accreditation_body": str(world.accreditation_body),
        "scheme": "aims",
        "scope": SCOPE,
        "applied_on": world.today.isoformat(),
    }
    made = service.body.post(APPLICATIONS, wanted)
    address = f"{APPLICATIONS}/{made.json()['id']}"
    assert made.headers["location"].endswith(address)
    (listed,) = service.accreditation_body.get(APPLICATIONS).json()["applications"]
    assert (listed["id"], listed["outcome"]) == (made.json()["id"], None)
    review = {"officer": str(world.officer.id), "outcome": "accepted", "reviewed_on": world.today.isoformat()}
    assert service.accreditation_body.post(f"{address}/review", review).status_code == 204
    assert service.body.get(address).json()["outcome"] == "accepted"
    again = service.accreditation_body.post(f"{address}/review", review)
    assert (again.status_code, again.json()["code"]) == (409, "application_already_reviewed")
    assert service.body.post(f"{address}/review", review).json()["code"] == "insufficient_scope"
    assert service.accreditation_body.post(APPLICATIONS, wanted).json()["code"] == "insufficient_scope"


def test_recognition_is_read_by_anyone_and_objected_to_by_the_accreditation_body(service):
    world = service.world
    codes = [one["code"] for one in service.get("/v1/recognition-arrangements").json()["arrangements"]]
    assert codes == ["iaf-mla", "ilac-mra", "gac-mra"]
    source = Source("https://arrangement.example/members", sha256(b"x").digest(), date(2026, 1, 2))
    observed = Observed(world.accreditation_body, "gac-mra", "L5", "ISO/IEC 42001", date(2026, 1, 1), None, source)
    made = record_recognition(world.registry, OPERATOR, observed)
    (shown,) = service.get(f"/v1/bodies/{world.accreditation_body}").json()["recognitions"]
    assert (shown["evidence_level"], shown["holds"], shown["objected_at"]) == ("observed", True, None)
    objection = service.accreditation_body.post(f"/v1/recognitions/{made}/objection", {"reason": "L4 only"})
    assert objection.status_code == 204
    (shown,) = service.get(f"/v1/accreditations/{world.accreditation}").json()["recognitions"]
    assert shown["objected_at"] is not None
    unknown = service.accreditation_body.post(f"/v1/recognitions/{world.body}/objection", {"reason": "x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_recognition")
