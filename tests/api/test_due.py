"""What is due over HTTP: for the body, for its accreditation body, and the plain facts of the public record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.conformity.periods import deadline, end_instant
from tests.support.world import ZONE


@pytest.fixture
def issued(service):
    return service.world.grant().public_id


@pytest.fixture
def missed(service, issued):
    """Twelve months and a day after the decision, without any surveillance."""
    last = deadline(service.world.today, 12)
    service.world.set_clock(end_instant(last, ZONE) + timedelta(minutes=1))
    return last


def test_a_missed_surveillance_is_told_to_the_body_and_to_its_accreditation_body(service, issued, missed):
    expected = {"what": "surveillance", "due_on": missed.isoformat(), "overdue": True, "certificate_id": issued}
    for caller, address in ((service.body, "/v1/due"), (service.accreditation_body, "/v1/oversight/due")):
        (found,) = caller.get(f"{address}?overdue=true").json()["due"]
        assert found == {**found, **expected, "body": str(service.world.body)}


def test_the_public_reads_the_plain_date_of_the_last_one_and_never_that_one_is_missing(service, issued, missed):
    address = f"/v1/certificates/{issued}"
    answer = service.http.get(address)
    assert answer.json()["told"] == {"last_surveillance_reported": None, "under_appeal": False}
    assert "overdue" not in answer.text
    service.world.audit(issued, "surveillance")
    told = service.http.get(address).json()["told"]
    assert told["last_surveillance_reported"] == service.world.ago(1).isoformat()


@pytest.mark.parametrize("address", ["/v1/due", "/v1/oversight/due"])
def test_nobody_else_reads_what_is_due(service, issued, address):
    assert service.http.get(address).status_code == 401
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    answer = other.get(address)
    assert answer.status_code == 403 if "oversight" in address else answer.json()["due"] == []


def test_a_list_of_what_is_due_comes_in_pages(service, issued):
    for _ in range(2):
        service.http.post(f"/v1/bodies/{service.world.body}/complaints", json={"subject": "x"})
    whole = service.body.get("/v1/due").json()["due"]
    assert [one["due_on"] for one in whole] == sorted(one["due_on"] for one in whole)
    first = service.body.get("/v1/due?limit=2").json()
    second = service.body.get(first["next"].removeprefix("http://localhost:8000")).json()
    assert [*first["due"], *second["due"]] == whole[:4]
    assert first["prev"] is None
    assert service.body.get(second["prev"].removeprefix("http://localhost:8000")).json()["due"] == whole[:2]


@pytest.mark.parametrize("query", ["what=gossip", "overdue=perhaps", "until=2027-01-01"])
def test_a_question_that_nobody_understands_is_refused(service, query):
    assert service.body.get(f"/v1/due?{query}").status_code in {400, 422}
