"""Imports over HTTP: a JSON list under one plan, refused row by row, confirmed by one evidence."""

from __future__ import annotations

import re

from tests.support.unaccredited import REGISTRY_SCOPES
from tests.support.world import STANDARD

ADDRESS = "/v1/imports"


def wanted(world, *numbers, **other):
    return {
        "plan": {
            "source": "register of Fictional Certification",
            "as_of": world.ago(1).isoformat(),
            "refresh_days": 30,
        },
        "rows": [row(world, number) for number in numbers or ("OLD-1",)],
        "decided_on": world.today.isoformat(),
        "decider": str(world.decider.id),
    } | other


def row(world, number, **other):
    return {
        "organisation": str(world.organisation),
        "scheme": "aims",
        "number": number,
        "certificate": {
            "document": STANDARD,
            "statement": {"text": "Design of AI functions", "language": "en"},
            "roles": [],
            "areas": ["robotics"],
            "sites": [{"id": str(world.head_office)}],
            "last_valid_day": world.ago(-200).isoformat(),
        },
        "effective_on": world.ago(500).isoformat(),
        "original_decided_on": world.ago(505).isoformat(),
    } | other


def test_a_plan_is_drafted_confirmed_and_every_row_issued(service):
    world = service.world
    drafted = service.body.post(ADDRESS, wanted(world, "OLD-1", "OLD-2"))
    assert drafted.status_code == 201, drafted.text

    done = service.confirm(service.body, ADDRESS, drafted.json())

    assert done.status_code == 200, done.text
    issued = [one["certificate"]["public_id"] for one in done.json()["rows"]]
    assert len(set(issued)) == 2
    page = re.sub("<[^>]*>", "", service.get(f"/en/c/{issued[0]}").text)
    assert "As reported by Fictional Certification on" in page
    assert "register of Fictional Certification" in page
    assert "Decided elsewhere; imported on" in page
    assert "他所での認証履歴" in service.get(f"/ja/c/{issued[0]}").text
    assert service.body.get(f"{ADDRESS}/{drafted.json()['id']}").json()["awaited"] == []


def test_no_row_is_decided_apart_from_its_plan(service):
    """One evidence for the plan: what somebody signs is the plan with all its rows."""
    drafted = service.body.post(ADDRESS, wanted(service.world, "OLD-1", "OLD-2")).json()
    first = drafted["document"]["items"][0]["decision"]
    row = service.body.get(f"/v1/decisions/{first}").json()

    refusal = service.confirm(service.body, "/v1/decisions", row)
    done = service.confirm(service.body, ADDRESS, drafted)

    assert (refusal.status_code, refusal.json()["code"]) == (422, "import_without_plan")
    assert all(one["certificate"] for one in done.json()["rows"])


def test_every_refused_row_is_named_at_once(service):
    world = service.world
    rows = [row(world, "OLD-1"), row(world, "OLD-2", scheme="qms"), row(world, " ")]

    refusal = service.body.post(ADDRESS, wanted(world, rows=rows))

    assert (refusal.status_code, refusal.json()["code"]) == (422, "import_refused")
    named = {(one["code"], one["field"]) for one in refusal.json()["errors"]}
    assert ("unknown_scheme", "/rows/1/scheme") in named
    assert any(pointer.startswith("/rows/2/number") for _, pointer in named)


def test_the_same_key_and_content_is_one_plan(service):
    asked = wanted(service.world)

    first, again = (service.body.post(ADDRESS, asked, key="import-key-0001") for _ in range(2))
    other = service.body.post(ADDRESS, wanted(service.world, "OLD-9"), key="import-key-0001")

    assert first.json()["id"] == again.json()["id"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_only_who_prepares_certificates_imports(service):
    refusal = service.caller(service.world.body, REGISTRY_SCOPES).post(ADDRESS, wanted(service.world))

    assert (refusal.status_code, refusal.json()["code"]) == (403, "insufficient_scope")


def test_a_report_is_renewed_over_http(service):
    world = service.world
    drafted = service.body.post(ADDRESS, wanted(world))
    public_id = service.confirm(service.body, ADDRESS, drafted.json()).json()["rows"][0]["certificate"]["public_id"]

    decided = service.decide(
        {
            "certification": public_id,
            "act": "amend",
            "decided_on": world.today.isoformat(),
            "deciders": [str(world.decider.id)],
            "report": {"source": "the same register", "as_of": world.today.isoformat(), "refresh_days": 7},
        }
    )
    issued = service.body.post("/v1/certificates", {"decision": decided["id"]})

    assert issued.status_code == 201, issued.text
    assert service.verification(public_id)["origin"]["report"]["refresh_days"] == 7
