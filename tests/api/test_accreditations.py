"""Accreditation bodies over HTTP: statements and key bindings in two steps, by an officer's own evidence."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.world import STANDARD

STATEMENTS = "/v1/accreditations/statements"
BINDINGS = "/v1/key-bindings"


def text(moment):
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def grant(world, accredited, **changes):
    return {
        "act": "grant",
        "body": str(accredited),
        "scheme": "aims",
        "number": "FA-HTTP",
        "scope": {"documents": [STANDARD], "areas": ["robotics"], "countries": ["JP"]},
        "effective_on": world.ago(10).isoformat(),
        "valid_to": world.ago(-500).isoformat(),
        "officer": str(world.officer.id),
        **changes,
    }


def change(world, act, **changes):
    return {
        "act": act,
        "accreditation": str(world.accreditation),
        "effective_on": world.today.isoformat(),
        "officer": str(world.officer.id),
        **changes,
    }


def state(service, wanted):
    """Drafted and confirmed by the officer."""
    drafted = service.accreditation_body.post(STATEMENTS, wanted)
    assert drafted.status_code == 201, drafted.text
    return service.confirm(service.accreditation_body, STATEMENTS, drafted.json(), service.world.officer)


def test_a_body_is_accredited_and_its_key_bound_over_http(service):
    world = service.world
    key = world.keys.create()
    body, _ = world.add_certification_body("Newly Accredited", key)
    stated = state(service, grant(world, body))
    assert [one["statement"] for one in stated.json()["signed"]] == ["akashi-accreditation-statement-1"]
    accreditation = stated.json()["document"]["accreditation"]
    wanted = {
        "accreditation": accreditation,
        "key": key.thumbprint,
        "valid_from": text(world.now() - timedelta(days=1)),
        "valid_to": text(world.now() + timedelta(days=300)),
        "officer": str(world.officer.id),
    }
    drafted = service.accreditation_body.post(BINDINGS, wanted)
    assert drafted.headers["location"].endswith(f"{BINDINGS}/{drafted.json()['id']}")
    assert service.get(f"/bodies/{body}/did.json").json()["verificationMethod"] == []
    bound = service.confirm(service.accreditation_body, BINDINGS, drafted.json(), world.officer)
    assert [one["statement"] for one in bound.json()["signed"]] == ["akashi-key-binding-1"]
    assert len(service.get(f"/bodies/{body}/did.json").json()["verificationMethod"]) == 1
    assert service.accreditation_body.get(f"{BINDINGS}/{drafted.json()['id']}").json() == bound.json()


@pytest.mark.parametrize("suspended", [{"whole": True}, {"areas": ["robotics"]}, {"countries": ["JP"]}])
def test_a_suspension_in_whole_or_part_reaches_the_certificates_that_it_touches(service, suspended):
    issued = service.world.grant()
    assert state(service, change(service.world, "suspend", suspended=suspended)).status_code == 200
    assert service.verification(issued.public_id)["verdict"] == "valid_with_notice"
    state(service, change(service.world, "restore"))
    assert service.verification(issued.public_id)["verdict"] == "valid"


@pytest.mark.parametrize(
    ("act", "changes", "status"),
    [
        ("extend", {"scope": {"documents": [STANDARD], "areas": ["generative", "robotics"], "countries": ["FR", "JP", "US"]}}, "active"),
        ("reduce", {"scope": {"documents": [STANDARD], "areas": ["robotics"], "countries": ["JP"]}}, "active"),
        ("renew", {"valid_to": "2998-12-31"}, "active"),
        ("relinquish", {}, "relinquished"),
        ("cease", {}, "ceased"),
    ],
)  # fmt: skip
def test_the_other_acts_of_an_accreditation_s_life_have_their_door(service, act, changes, status):
    world = service.world
    assert state(service, change(world, act, **changes)).status_code == 200
    shown = service.get(f"/v1/accreditations/{world.accreditation}").json()
    assert (shown["status"], [one["act"] for one in shown["statements"]]) == (status, ["grant", act])


def test_a_suspension_elsewhere_does_not(service):
    issued = service.world.grant()
    state(service, change(service.world, "suspend", suspended={"areas": ["generative"]}))
    assert service.verification(issued.public_id)["verdict"] == "valid"


def test_a_draft_states_nothing(service):
    drafted = service.accreditation_body.post(STATEMENTS, change(service.world, "withdraw")).json()
    accreditation = service.get(f"/v1/accreditations/{service.world.accreditation}").json()
    assert (accreditation["status"], len(accreditation["statements"])) == ("active", 1)
    assert drafted.pop("preview")["act"] == "withdraw"
    assert service.accreditation_body.get(f"{STATEMENTS}/{drafted['id']}").json() == drafted


def test_a_certification_body_may_state_nothing(service):
    answer = service.body.post(STATEMENTS, change(service.world, "withdraw"))
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_an_accreditation_of_somebody_else_is_unknown(service):
    other = service.caller(service.world.body, frozenset({"accreditations"}))
    answer = other.post(STATEMENTS, change(service.world, "withdraw"))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_accreditation")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": str(uuid4())}, "unknown_party"),
        ({"scheme": "none"}, "unknown_scheme"),
        ({"number": "FA-001"}, "accreditation_number_taken"),
    ],
)
def test_a_grant_of_what_is_not_there_is_refused(service, changes, code):
    answer = service.accreditation_body.post(STATEMENTS, grant(service.world, service.world.body, **changes))
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"act": "bless"},
        {"act": "suspend", "suspended": {"whole": False}},
        {"act": "suspend", "suspended": {"whole": True, "areas": []}},
        {"act": "restore", "suspended": {"whole": True}},
        {"act": "grant", "scope": {"documents": []}},
    ],
)
def test_what_is_no_statement_is_refused_with_every_fault(service, wanted):
    answer = service.accreditation_body.post(STATEMENTS, wanted)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
    assert answer.json()["errors"]


def test_a_restoration_of_what_is_not_suspended_is_refused(service):
    answer = service.accreditation_body.post(STATEMENTS, change(service.world, "restore"))
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_transition")


def test_a_statement_is_no_binding(service):
    drafted = service.accreditation_body.post(STATEMENTS, change(service.world, "withdraw")).json()
    assert service.accreditation_body.get(f"{BINDINGS}/{drafted['id']}").status_code == 404
    answer = service.confirm(service.accreditation_body, BINDINGS, drafted, service.world.officer)
    assert answer.json()["code"] == "unknown_draft"


def test_a_key_that_nobody_registered_is_not_bound(service):
    world = service.world
    wanted = {
        "accreditation": str(world.accreditation),
        "key": "A" * 43,
        "valid_from": text(world.now()),
        "valid_to": text(world.now() + timedelta(days=1)),
        "officer": str(world.officer.id),
    }
    answer = service.accreditation_body.post(BINDINGS, wanted)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_key")


# --- Retries ---


def test_a_draft_that_is_asked_for_again_is_the_draft_of_the_first_time(service):
    """A lost answer is asked for again with the same key, even after the statement stands."""
    wanted = change(service.world, "withdraw")
    first = service.accreditation_body.post(STATEMENTS, wanted, key="statement-key-1")
    again = service.accreditation_body.post(STATEMENTS, wanted, key="statement-key-1")
    service.confirm(service.accreditation_body, STATEMENTS, first.json(), service.world.officer)
    late = service.accreditation_body.post(STATEMENTS, wanted, key="statement-key-1")
    assert [answer.status_code for answer in (first, again, late)] == [201, 201, 201]
    assert {answer.json()["id"] for answer in (first, again, late)} == {first.json()["id"]}
    assert (again.json()["preview"], late.json()["preview"]) == (first.json()["preview"], None)


def test_a_binding_that_is_asked_for_again_is_the_draft_of_the_first_time(service):
    world = service.world
    wanted = {
        "accreditation": str(world.accreditation),
        "key": world.ring.certification.thumbprint,
        "valid_from": text(world.now() - timedelta(days=1)),
        "valid_to": text(world.now() + timedelta(days=300)),
        "officer": str(world.officer.id),
    }
    first, again = (service.accreditation_body.post(BINDINGS, wanted, key="binding-key-1") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
