"""Applications and agreements over HTTP: received, reviewed once; signed, with consent that can end."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry.agreement import FIELDS


@pytest.fixture
def organisation(service):
    return str(service.world.organisation)


def receive(service, organisation, /, **changes):
    content = {
        "organisation": organisation,
        "scheme": "aims",
        "scope_requested": "Design of robots",
        "received_on": service.world.ago(40).isoformat(),
    }
    return service.body.post("/v1/applications", {**content, **changes})


def review(service, application, **changes):
    content = {
        "reviewer": str(service.world.reviewer.id),
        "outcome": "accepted",
        "reviewed_on": service.world.ago(30).isoformat(),
    }
    return service.body.post(f"/v1/applications/{application}/review", {**content, **changes})


def sign(service, organisation, **changes):
    content = {"organisation": organisation, "signed_on": service.world.ago(20).isoformat(), "consented": ["holder"]}
    return service.body.post("/v1/agreements", {**content, **changes})


def test_an_application_is_received_and_reviewed_once(service, organisation):
    received = receive(service, organisation)
    application = received.json()["id"]
    assert service.body.get(received.headers["location"]).json()["outcome"] is None
    assert review(service, application).status_code == 204
    assert service.body.get(f"/v1/applications/{application}").json()["outcome"] == "accepted"
    assert review(service, application).status_code in {409, 422}


def test_a_declined_application_has_a_reason(service, organisation):
    application = receive(service, organisation).json()["id"]
    refused = review(service, application, outcome="declined")
    assert refused.json()["code"] == "declined_without_reason"
    assert review(service, application, outcome="declined", reason="no competence").status_code == 204


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"organisation": str(uuid4())}, "unknown_organisation"),
        ({"scheme": "none"}, "unknown_scheme"),
        ({"scope_requested": ""}, "malformed_request"),
        ({"received_on": "2999-01-01"}, "date_in_the_future"),
        ({"received_on": "soon"}, "malformed_request"),
    ],
)
def test_what_is_no_application_is_refused(service, organisation, changes, code):
    assert receive(service, organisation, **changes).json()["code"] == code


def test_an_agreement_says_what_may_be_shown_and_the_newest_word_holds(service, organisation):
    signed = sign(service, organisation)
    address = f"/v1/agreements/{signed.json()['id']}"
    assert service.body.get(address).json()["consented"] == ["holder"]
    today = service.world.today.isoformat()
    for field, granted in (("scope", True), ("holder", False)):
        answer = service.body.post(f"{address}/consents", {"field": field, "granted": granted, "on": today})
        assert answer.status_code == 204
    assert service.body.get(address).json()["consented"] == ["scope"]


def test_every_field_can_be_consented_and_no_other(service, organisation):
    assert sign(service, organisation, consented=list(FIELDS)).status_code == 201
    assert sign(service, organisation, consented=["everything"]).status_code == 400


def test_agreements_with_an_organisation_are_numbered(service, organisation):
    made = [sign(service, organisation).json()["id"] for _ in range(2)]
    listed = service.body.get("/v1/agreements").json()["agreements"]
    assert [(one["id"], one["version"]) for one in listed] == list(zip(made, (1, 2), strict=True))


def test_another_bodys_records_are_unknown(service, organisation):
    application, agreement = receive(service, organisation).json()["id"], sign(service, organisation).json()["id"]
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    assert other.get(f"/v1/applications/{application}").json()["code"] == "unknown_application"
    assert other.get(f"/v1/agreements/{agreement}").json()["code"] == "unknown_agreement"
    assert other.get("/v1/applications").json()["applications"] == []
    consent = {"field": "scope", "granted": True, "on": service.world.today.isoformat()}
    assert other.post(f"/v1/agreements/{agreement}/consents", consent).status_code == 404
