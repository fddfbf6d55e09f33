"""Transfers over HTTP: each party takes its own steps, and nobody else knows of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.permissions import Scope
from app.registry.status_publication import republish_status
from tests.support.service import UNKNOWN_ID
from tests.support.transfers import REVIEWED, Accepting
from tests.support.world import BODY_SCOPES

DIGEST = "A" * 43
OVERSIGHT = frozenset({Scope.TRANSFERS.value, Scope.ACCREDITATIONS.value})
EVIDENCE = "/v1/transfer-evidence"


@pytest.fixture
def accepting(world) -> Accepting:
    return Accepting(world)


@pytest.fixture
def client(service, accepting):
    """A client of the accepting body."""
    return service.caller(accepting.body, BODY_SCOPES)


@pytest.fixture
def oversight(service):
    """A client of the accreditation body."""
    return service.caller(service.world.accreditation_body, OVERSIGHT)


@pytest.fixture
def old(world) -> str:
    return world.grant().public_id


def notice(accepting, certificate, /, **changes):
    return {
        "application": str(accepting.apply()),
        "requested_on": accepting.world.ago(1).isoformat(),
        "request_sha256": DIGEST,
        "certificate": certificate,
        **changes,
    }


def released(world, **changes):
    return {
        "answer": "released",
        "person": str(world.reviewer.id),
        "done_on": world.today.isoformat(),
        "planned_day": world.ago(-1).isoformat(),
        **changes,
    }


def refusal(world, **changes):
    return {
        "answer": "refused",
        "person": str(world.reviewer.id),
        "done_on": world.today.isoformat(),
        "ground": "client_did_not_ask",
        **changes,
    }


def review(accepting, **changes):
    return {
        "reviewer": str(accepting.reviewer.id),
        "done_on": accepting.world.today.isoformat(),
        "reviewed": list(REVIEWED),
        "conclusion": "accepted",
        "nonconformities_settled": True,
        "sites": [{"site": str(accepting.site), "was": str(accepting.world.head_office)}],
        **changes,
    }


def from_outside(world):
    return {
        "body_names": [{"name": "Elsewhere Registrars", "language": "en"}],
        "country": "US",
        "number": "ER-77",
        "document": "ISO/IEC 42001:2023",
        "areas": ["robotics"],
        "roles": ["provider"],
        "sites": [{"label": "Head office, Tokyo", "country": "JP"}],
        "initially_certified_on": world.ago(400).isoformat(),
        "cycle_started_on": world.ago(400).isoformat(),
        "last_valid_day": world.ago(-600).isoformat(),
        "arrangement": "gac-mra",
    }


@pytest.fixture
def moving(client, accepting, old) -> str:
    """The address of an open transfer."""
    opened = client.post("/v1/transfers", notice(accepting, old))
    assert opened.status_code == 201, opened.text
    return opened.headers["location"]


def test_a_notice_is_seen_by_both_bodies_and_the_accreditation_body(service, client, oversight, moving, old):
    seen = [caller.get(moving).json() for caller in (client, service.body, oversight)]
    assert seen[0] == seen[1] == seen[2]
    assert (seen[0]["certificate_id"], seen[0]["state"], seen[0]["basis"]) == (old, "opened", None)
    assert seen[0]["answer_by"] == service.world.ago(-14).isoformat()
    for caller in (client, service.body, oversight):
        assert [one["id"] for one in caller.get("/v1/transfers").json()["transfers"]] == [seen[0]["id"]]


def test_a_third_body_is_told_what_it_would_be_told_of_none(service, moving):
    stranger, _ = service.world.add_certification_body("A third body")
    third = service.caller(stranger, BODY_SCOPES)
    for address in (moving, f"/v1/transfers/{uuid4()}"):
        answer = third.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_transfer")
        told = third.post(f"{address}/answer", released(service.world))
        assert (told.status_code, told.json()["code"]) == (404, "unknown_transfer")
    assert third.get("/v1/transfers").json()["transfers"] == []


def test_the_same_request_again_is_the_same_transfer(client, accepting, old):
    wanted = notice(accepting, old)
    first, again = (client.post("/v1/transfers", wanted, key="once-and-again") for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())


def test_what_is_given_over_is_read_by_the_accepting_body(service, client, accepting, moving):
    complaint = {"received_on": service.world.ago(3).isoformat(), "summary": "a buyer complained", "closed": False}
    assert service.body.post(f"{moving}/answer", released(service.world, complaints=[complaint])).status_code == 204
    (step,) = client.get(moving).json()["steps"]
    assert (step["step"], step["party"], step["state"]) == ("released", str(service.world.body), "released")
    assert step["content"]["complaints"] == [complaint]
    assert step["content"]["certificate"].count(".") == 2
    assert client.post(f"{moving}/review", review(accepting)).status_code == 204
    assert client.get(moving).json()["state"] == "reviewed"


def test_a_refusal_leads_to_the_accreditation_body_s_evidence(service, oversight, client, moving):
    world = service.world
    assert service.body.post(f"{moving}/answer", refusal(world)).status_code == 204
    wanted = {
        "transfer": moving.rpartition("/")[2],
        "accreditation": str(world.accreditation),
        "ground": "refusal_without_ground",
        "stated_on": world.today.isoformat(),
        "officer": str(world.officer.id),
    }
    drafted = oversight.post(EVIDENCE, wanted)
    assert drafted.status_code == 201, drafted.text
    signed = service.confirm(oversight, EVIDENCE, drafted.json(), world.officer)
    assert [one["statement"] for one in signed.json()["signed"]] == ["akashi-transfer-evidence-1"]
    assert oversight.get(f"{EVIDENCE}/{drafted.json()['id']}").json() == signed.json()
    shown = client.get(moving).json()
    assert (shown["state"], shown["basis"]) == ("attested", "no_cooperation")


def test_a_body_makes_no_evidence_about_another(service, client, moving):
    answer = client.post(EVIDENCE, {})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_a_transfer_is_given_up_on_a_ground(client, accepting, moving):
    given_up = {
        "person": str(accepting.reviewer.id),
        "done_on": accepting.world.today.isoformat(),
        "ground": "client_request",
    }
    assert client.post(f"{moving}/withdrawal", {**given_up, "ground": "none"}).json()["code"] == "reason_missing"
    assert client.post(f"{moving}/withdrawal", given_up).status_code == 204
    again = client.post(f"{moving}/withdrawal", given_up)
    assert (again.status_code, again.json()["code"]) == (422, "no_such_transfer_step")


def test_a_suspension_flags_the_transfer(service, oversight, moving, old):
    """C094: the accreditation body sees it with its coded reason, and the review of the transfer goes on."""
    assert oversight.get(moving).json()["flagged"] is False
    service.world.suspend(old)
    shown = oversight.get(moving).json()
    assert (shown["flagged"], shown["steps"][-1]["content"]["act"]) == (True, "suspend")


def test_the_old_id_leads_to_the_new_certificate_in_data_and_on_the_page(service, accepting, old):
    """domain, scenarios: not by a redirect; whoever holds the old paper reads what became of it."""
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    service.world.decide(old, "transfer_out")
    assert service.get(f"/v1/certificates/{old}").json()["continued_by"] is None
    accepting.issue(decided)
    service.world.set_clock(service.world.now() + timedelta(days=1, hours=12))
    republish_status(service.registry)

    record = service.get(f"/v1/certificates/{old}").json()
    assert (record["standing"]["state"], record["continued_by"]) == ("transferred", new)
    page = service.get(f"/en/c/{old}")
    assert (page.status_code, f'href="/en/c/{new}"' in page.text) == (200, True)
    after = service.get(f"/v1/certificates/{new}").json()
    assert (after["continued_by"], after["verdict"]) == (None, "valid")
    assert f'href="/en/c/{old}"' in service.get(f"/en/c/{new}").text


def test_a_certificate_from_outside_is_kept_as_it_was_read(client, accepting):
    said = from_outside(accepting.world)
    opened = client.post("/v1/transfers", notice(accepting, None, previous=said))
    assert opened.status_code == 201, opened.text
    shown = client.get(opened.headers["location"]).json()
    assert (shown["issuing_body"], shown["certificate_id"], shown["state"]) == (None, None, "outside")
    assert shown["previous"]["number"] == "ER-77"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"certificate": None}, 400, "one_of_both"),
        ({"certificate": UNKNOWN_ID}, 404, "unknown_certificate"),
        ({"certificate": "not an id"}, 400, "malformed_id"),
        ({"request_sha256": "A" * 42 + "B"}, 400, "malformed_base64"),
        ({"application": str(uuid4())}, 404, "unknown_application"),
        ({"requested_on": "2999-01-01"}, 422, "date_in_the_future"),
    ],
)
def test_a_notice_that_says_too_little_or_wrong_is_refused(client, accepting, old, change, status, code):
    answer = client.post("/v1/transfers", notice(accepting, old, **change))
    assert (answer.status_code, code in answer.text) == (status, True), answer.text


def test_an_answer_is_one_of_two(service, moving):
    for wrong in (
        released(service.world, ground="x"),
        refusal(service.world, planned_day="2027-01-01"),
        {"answer": "?"},
    ):
        assert service.body.post(f"{moving}/answer", wrong).status_code == 400


def test_a_client_without_the_scope_carries_no_transfer(service, moving):
    caller = service.caller(service.world.body, frozenset({Scope.APPLICATIONS.value}))
    assert (caller.get(moving).status_code, caller.post("/v1/transfers", {}).status_code) == (403, 403)
