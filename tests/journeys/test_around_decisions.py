"""Around the decisions, from end to end, through the HTTP doors: surveillance missed, names and mergers, appeals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.conformity.periods import deadline, end_instant
from app.registry.status_publication import republish_stale
from tests.support.service import Caller, Service
from tests.support.world import BASE_URL, BODY_SCOPES, ZONE


@pytest.fixture
def issued(service: Service) -> str:
    return service.world.grant().public_id


def decide(service: Service, certification: str, act: str, *deciders: Any, **more: Any) -> Any:
    """A decision drafted and confirmed by its deciders; the answer to the last confirmation, or to a refused draft."""
    named = deciders or (service.world.decider,)
    wanted = {
        "certification": certification,
        "act": act,
        "decided_on": service.world.today.isoformat(),
        "deciders": [str(one.id) for one in named],
        **more,
    }
    body = service.caller(service.world.body, BODY_SCOPES)
    answer = drafted = body.post("/v1/decisions", wanted)
    assert drafted.status_code == 201, drafted.text
    for person in named:
        answer = service.confirm(body, "/v1/decisions", drafted.json(), person)
    return answer


def issue(service: Service, decided: Any) -> None:
    """The version that a decision brings about."""
    assert decided.status_code == 200, decided.text
    made = service.body.post("/v1/certificates", {"decision": decided.json()["id"]})
    assert made.status_code == 201, made.text


def done(answer: Any) -> str:
    """Where what was recorded stands; nothing where there is nothing to say."""
    assert answer.status_code in {201, 204}, answer.text
    return str(answer.headers.get("location", "")).removeprefix(BASE_URL)


# --- Surveillance (9.1.3) ---


def test_surveillance_missed_by_a_day_is_work_for_the_body_and_a_plain_date_for_the_public(service, issued):
    world = service.world
    last = deadline(world.today, 12)
    world.set_clock(end_instant(last, ZONE) + timedelta(minutes=1))
    republish_stale(world.registry)
    body = service.caller(world.body, BODY_SCOPES)
    (work,) = body.get("/v1/due?what=surveillance&overdue=true").json()["due"]
    assert (work["certificate_id"], work["due_on"]) == (issued, last.isoformat())
    (seen,) = service.accreditation_body.get("/v1/oversight/due?overdue=true").json()["due"]
    assert (seen["what"], seen["certificate_id"]) == ("surveillance", issued)
    public = service.get(f"/v1/certificates/{issued}")
    assert public.json()["told"]["last_surveillance_reported"] is None
    assert (service.verification(issued)["verdict"], "overdue" in public.text) == ("valid", False)

    reason = {"code": "audit_not_allowed", "text": "no date was agreed"}
    until = (world.today + timedelta(days=90)).isoformat()
    assert decide(service, issued, "suspend", until=until, reason=reason).status_code == 200
    assert service.verification(issued)["verdict"] == "not_currently_valid"


# --- Changes of the holder (8.5.3) ---


def notice_of(caller: Caller, certification: str, kind: str, day: str) -> str:
    told = {"certification": certification, "kind": kind, "detail": "as the register says", "received_on": day}
    return done(caller.post("/v1/change-notices", told))


def rename(service: Service, ended: str, begun: str, registration: tuple[str, str] | None = None) -> None:
    """The organisation has another name from today on, or is another legal entity."""
    world, address = service.world, f"/v1/organisations/{service.world.organisation}"
    name = {"language": "en", "script": "Latn"}
    done(service.body.post(f"{address}/ended-names", {**name, "name": ended, "last_day": world.ago(1).isoformat()}))
    new = {**name, "name": begun, "source": "register", "valid_from": world.today.isoformat()}
    done(service.body.post(f"{address}/names", new))
    if registration:
        number = {"scheme": "jp_corporate_number"}
        over = {**number, "value": registration[0], "last_day": world.ago(1).isoformat()}
        done(service.body.post(f"{address}/ended-identifiers", over))
        done(service.body.post(f"{address}/identifiers", {**number, "value": registration[1]}))


@pytest.mark.parametrize("assessed", [True, False], ids=["assessed", "not assessed"])
def test_a_name_needs_an_amendment_and_a_merger_the_assessment_else_the_certification_is_cancelled(
    service, issued, assessed
):
    world, today = service.world, service.world.today.isoformat()
    judged = {"person": str(world.reviewer.id), "reason": "seen in the register", "disposed_on": today}
    address = notice_of(service.body, issued, "name", today)
    done(service.body.post(f"{address}/disposition", {**judged, "consequence": "amend"}))
    rename(service, "Kasumi Robotics K.K.", "Haruka Robotics K.K.")
    issue(service, decide(service, issued, "amend"))
    for known_by in ("Kasumi Robotics K.K.", "Haruka Robotics K.K."):
        (found,) = service.get(f"/v1/certificates?q={known_by}").json()["certificates"]
        assert found["certificate_id"] == issued

    world.set_clock(world.now() + timedelta(days=60))
    service.__dict__.pop("body")  # tokens live five minutes
    today = world.today.isoformat()
    merger = notice_of(service.body, issued, "merger", today)
    rename(service, "Haruka Robotics K.K.", "Successor K.K.", ("8000000000001", "7000000000002"))
    refused = decide(service, issued, "amend")
    assert (refused.status_code, refused.json()["code"]) == (422, "successor_not_assessed")
    judged |= {"disposed_on": today}
    if assessed:
        words = {"consequence": "amend", "assessment": "the same people run the same system"}
        done(service.body.post(f"{merger}/disposition", {**judged, **words}))
        issue(service, decide(service, issued, "amend"))
        holder = service.verification(issued)["holder"]
        assert holder["identifiers"][0]["value"] in {"7000000000002", "00000FICTIONALTEST57"}
        assert "Successor K.K." in {one["name"] for one in holder["names"]}
    else:
        done(service.body.post(f"{merger}/disposition", {**judged, "consequence": "end"}))
        reason = {"code": "holder_request", "text": "the successor does not go on with it"}
        assert decide(service, issued, "cancel", reason=reason).status_code == 200
        assert service.verification(issued)["standing"]["state"] == "cancelled"


# --- Appeals (9.7) ---


def appeal_against(service: Service, decision: str, panel: tuple[Any, ...]) -> None:
    """The appeal is lodged, acknowledged, handled by the panel, and upheld."""
    today = service.world.today.isoformat()
    lodged = {"decision": decision, "grounds": "the action was closed in time", "lodged_on": today}
    address = done(service.body.post("/v1/appeals", lodged))
    told = {"person": str(service.world.reviewer.id), "done_on": today}
    done(service.body.post(f"{address}/acknowledgement", told))
    for person in panel:
        done(service.body.post(f"{address}/panel", {"person": str(person.id)}))
    (due,) = service.accreditation_body.get("/v1/oversight/due?what=appeal_decision").json()["due"]
    assert due["overdue"] is False
    found = {"outcome": "upheld", "reasons": "it was closed in time", "decided_on": today}
    done(service.body.post(f"{address}/outcome", found))


@pytest.fixture
def panel(service: Service) -> tuple[Any, ...]:
    return tuple(service.world.add_person(service.world.actor, "appeal_handler") for _ in range(2))


REASON = {"code": "nonconformity_persists", "text": "the action is overdue"}


def test_a_suspension_overturned_on_appeal_leads_back_to_active_and_stays_in_the_history(service, issued, panel):
    until = (service.world.today + timedelta(days=90)).isoformat()
    suspended = decide(service, issued, "suspend", until=until, reason=REASON).json()
    appeal_against(service, suspended["id"], panel)
    assert service.verification(issued)["standing"]["state"] == "suspended"

    assert decide(service, issued, "overturn_suspension", *panel, annuls=2).status_code == 200
    report = service.verification(issued)
    assert (report["verdict"], report["standing"]["state"]) == ("valid", "active")
    history = [(one["act"], one["to_state"]) for one in report["standing"]["events"]]
    assert history == [("grant", "active"), ("suspend", "suspended"), ("overturn_suspension", "active")]


@pytest.mark.parametrize("before", ["active", "suspended"])
def test_a_withdrawal_overturned_on_appeal_leads_back_to_the_state_before_it(service, issued, panel, before):
    if before == "suspended":
        until = (service.world.today + timedelta(days=90)).isoformat()
        decide(service, issued, "suspend", until=until, reason=REASON)
    withdrawn = decide(service, issued, "withdraw", reason=REASON).json()
    appeal_against(service, withdrawn["id"], panel)
    assert service.verification(issued)["verdict"] == "no_longer_valid"

    number = len(service.verification(issued)["standing"]["events"])
    issue(service, decide(service, issued, "overturn_withdrawal", *panel, annuls=number))
    report = service.verification(issued)
    assert (report["standing"]["state"], report["version"]) == (before, 2)
    assert [one["act"] for one in report["standing"]["events"]][-2:] == ["withdraw", "overturn_withdrawal"]


def test_nobody_overturns_without_an_upheld_appeal(service, issued, panel):
    until = (service.world.today + timedelta(days=90)).isoformat()
    decide(service, issued, "suspend", until=until, reason=REASON)
    answer = decide(service, issued, "overturn_suspension", *panel, annuls=2)
    assert (answer.status_code, answer.json()["code"]) == (422, "appeal_not_upheld")
