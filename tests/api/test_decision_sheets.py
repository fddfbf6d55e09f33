"""Decision sheets over HTTP."""

from __future__ import annotations

from tests.support.deciding import draft_grant


def test_a_sheet_is_drafted_shown_and_confirmed_by_one_evidence(service):
    drafts = [draft_grant(service.world, f"HS-{number}") for number in range(2)]
    answer = service.body.post("/v1/decision-sheets", {"decisions": [str(one.id) for one in drafts]})
    assert answer.status_code == 201, answer.text
    sheet = answer.json()
    assert service.body.get(answer.headers["location"]).json() == sheet
    done = service.confirm(service.body, "/v1/decision-sheets", sheet)
    assert [one["result"] for one in done.json()["items"]] == ["decided", "decided"]


def test_an_item_that_is_not_there_is_named(service):
    nobody = "00000000-0000-4000-8000-000000000000"
    answer = service.body.post("/v1/decision-sheets", {"decisions": [nobody]})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_draft")
    assert answer.json()["errors"][0]["field"] == "/decisions/0"


def test_another_body_s_sheet_is_unknown(service):
    sheet = service.body.post("/v1/decision-sheets", {"decisions": [str(draft_grant(service.world, "HS-9").id)]}).json()
    other = service.caller(service.world.add_certification_body("Other")[0], frozenset({"certificates:read"}))
    assert other.get(f"/v1/decision-sheets/{sheet['id']}").status_code == 404
