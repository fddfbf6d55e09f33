"""Certifications over HTTP: opened once for an accepted application, and nobody outside learns of it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import agreement, application


@pytest.fixture
def accepted(service):
    """An accepted application and an agreement, as the body of a request."""
    world = service.world
    applied = application.receive(
        world.registry,
        world.actor,
        organisation=world.organisation,
        scheme="aims",
        scope_requested="x y",
        received_on=world.ago(40),
    )
    application.review(
        world.registry,
        world.actor,
        application=applied,
        reviewer=world.reviewer.id,
        outcome="accepted",
        reviewed_on=world.ago(35),
    )
    signed = agreement.sign_agreement(
        world.registry,
        world.actor,
        organisation=world.organisation,
        signed_on=world.ago(34),
        consented=agreement.FIELDS,
    )
    return {"application": str(applied), "agreement": str(signed), "number": "FC-0001"}


def test_a_certification_gets_an_id_that_nobody_outside_knows_yet(service, accepted):
    answer = service.body.post("/v1/certifications", accepted)
    opened = answer.json()
    assert answer.status_code == 201
    shown = service.body.get(answer.headers["location"]).json()
    assert (shown["certificate_id"], shown["latest_version"]) == (opened["certificate_id"], None)
    assert service.verification(opened["certificate_id"])["verdict"] == "unknown"
    assert service.get(f"/v1/certificates/{opened['certificate_id']}").status_code == 404


def test_it_knows_its_latest_version(service):
    service.world.grant()
    (shown,) = service.body.get("/v1/certifications").json()["certifications"]
    assert shown["latest_version"] == 1


def test_a_retry_opens_no_second_one(service, accepted):
    answers = [service.body.post("/v1/certifications", accepted, key="opened-once") for _ in range(2)]
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"application": str(uuid4())}, "unknown_application"),
        ({"agreement": str(uuid4())}, "unknown_agreement"),
        ({"number": ""}, "malformed_request"),
        ({"number": "_"}, "malformed_number"),
        ({"number": "x" * 61}, "malformed_request"),
    ],
)
def test_what_cannot_be_opened_is_refused(service, accepted, changes, code):
    assert service.body.post("/v1/certifications", {**accepted, **changes}).json()["code"] == code


def test_a_number_that_reads_like_another_is_taken(service, accepted):
    service.world.open("fc 0001")
    answer = service.body.post("/v1/certifications", accepted)
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate_number_taken")


def test_another_bodys_certification_is_unknown(service, accepted):
    made = service.body.post("/v1/certifications", accepted).json()["id"]
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    assert other.get(f"/v1/certifications/{made}").json()["code"] == "unknown_certification"
    assert other.post("/v1/certifications", accepted).json()["code"] == "unknown_application"


def test_the_dossier_is_read_by_its_body_alone(service):
    opened = service.world.open()
    address = f"/v1/certifications/{opened.id}/dossier"
    shown = service.body.get(address).json()
    assert (shown["certification"]["certificate_id"], shown["state"]) == (opened.public_id, "none")
    assert set(shown) == {
        *("certification", "state", "decisions", "drafts", "audits", "due"),
        *("change_notices", "complaints", "appeals", "overlaps"),
    }
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    assert other.get(address).json()["code"] == "unknown_certification"
    assert service.http.get(address).status_code == 401
