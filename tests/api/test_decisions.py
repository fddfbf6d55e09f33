"""Decisions over HTTP: any client carries, only a person's evidence decides."""

from __future__ import annotations

import os
import time
from uuid import uuid4

import pytest

from app.api.decisions import CertificateWanted, DecisionWanted
from app.cli.sign import exact_document
from app.credentials.canonical import digest
from app.credentials.encoding import b64u_decode
from app.errors import catalogue
from app.keys.evidence import sign_evidence
from app.keys.software import generate_software_key
from tests.support.acts import said


@pytest.fixture
def opened(service):
    """A certification with its audits, over which nothing is decided."""
    certification = service.world.open()
    return certification.public_id, service.world.audits(certification.public_id)


def draft(service, wanted):
    return service.body.post("/v1/decisions", wanted)


def evidence_of(key, drafted):
    return sign_evidence(key, b64u_decode(drafted["document_base64url"]))


def test_a_draft_shows_the_exact_document_and_decides_nothing(service, opened):
    answer = draft(service, service.grant_wanted(*opened))
    shown = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/v1/decisions/{shown['id']}")
    document = b64u_decode(shown["document_base64url"])
    assert digest(document) == shown["sha256"]
    assert shown["awaited"] == [str(service.world.decider.id)]
    assert shown["signed"] == []
    assert service.body.get(answer.headers["location"]).json() == shown


def test_what_the_registry_answers_is_what_akashi_sign_reads(service, opened):
    answer = draft(service, service.grant_wanted(*opened))
    assert exact_document(answer.content) == b64u_decode(answer.json()["document_base64url"])


def test_the_deciders_evidence_makes_it_a_signed_decision(service, opened):
    done = service.decide(service.grant_wanted(*opened))
    assert done["awaited"] == []
    assert [one["statement"] for one in done["signed"]] == ["akashi-decision-1"]


def test_handing_in_the_same_evidence_again_changes_nothing(service, opened):
    drafted = draft(service, service.grant_wanted(*opened)).json()
    first = service.confirm(service.body, "/v1/decisions", drafted)
    assert service.confirm(service.body, "/v1/decisions", drafted).text == first.text


@pytest.mark.parametrize(
    "presented",
    [
        "2028-02-29T00:00:00-08:00",
        "2028-02-29T00:00:00+09:00",
        "2028-02-29T00:00:00Z",
        "2028-2-29",
        "20280229",
        1835395200,
    ],
)
@pytest.mark.parametrize("member", ["decided_on", "effective_on", "until"])
def test_a_day_is_a_plain_date_and_never_an_instant_of_somebodys_zone(service, opened, member, presented):
    """C031: what a browser's zone would shift is refused, whichever day it names."""
    answer = draft(service, service.grant_wanted(*opened) | {member: presented})
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["field"]) == (400, f"/{member}")


@pytest.mark.parametrize("place", ["America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati", "America/Adak"])
def test_the_zone_of_whoever_enters_a_day_is_nowhere_in_what_is_signed(service, opened, monkeypatch, place):
    """C031: the same day entered anywhere is the same document, with the zone of the body's record."""
    document = said(b64u_decode(draft(service, service.grant_wanted(*opened)).json()["document_base64url"]))
    monkeypatch.setitem(os.environ, "TZ", place)
    time.tzset()
    try:
        again = said(b64u_decode(draft(service, service.grant_wanted(*opened)).json()["document_base64url"]))
    finally:
        monkeypatch.undo()
        time.tzset()
    days = ("decided_on", "effective_on", "time_zone", "facts_sha256")
    assert {day: again[day] for day in days} == {day: document[day] for day in days}
    assert document["time_zone"] == "Asia/Tokyo"


def test_whoever_presents_a_zone_is_refused(service, opened):
    """C031: the zone is the body's, and no member of a request."""
    answer = draft(service, service.grant_wanted(*opened) | {"time_zone": "America/Los_Angeles"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_member")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": {"code": "holder_request", "text": "as agreed\u202e"}}, "/reason/text"),
        ({"late_reason": "the post was\u200b late"}, "/late_reason"),
    ],
)
def test_what_cannot_be_seen_in_a_reason_is_refused(service, opened, changes, field):
    """C091: a reason reads to the panel of an appeal as it read to whoever decided."""
    answer = draft(service, service.grant_wanted(*opened) | changes)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["field"]) == (400, field)
    assert "U+20" in fault["note"]


def test_a_draft_of_two_deciders_awaits_the_second(service):
    world = service.world
    issued = world.grant()
    wanted = {
        "certification": issued.public_id,
        "act": "annul",
        "decided_on": world.today.isoformat(),
        "deciders": [str(world.decider.id), str(world.second_decider.id)],
        "annuls": 1,
        "reason": {"code": "issued_in_error", "text": "no decision had been taken"},
    }
    drafted = draft(service, wanted).json()
    first = service.confirm(service.body, "/v1/decisions", drafted)
    assert (first.status_code, first.json()["awaited"]) == (202, [str(world.second_decider.id)])
    assert service.verification(issued.public_id)["verdict"] == "valid"
    second = service.confirm(service.body, "/v1/decisions", drafted, world.second_decider)
    assert second.status_code == 200
    assert service.verification(issued.public_id)["verdict"] == "never_valid"


@pytest.mark.parametrize("act", ["suspend", "withdraw", "cancel"])
def test_an_act_without_a_new_certificate_takes_effect_at_once(service, act):
    world = service.world
    issued = world.grant()
    reasons = {"suspend": "nonconformity_persists", "withdraw": "agreement_broken", "cancel": "holder_request"}
    wanted = {
        "certification": issued.public_id,
        "act": act,
        "decided_on": world.today.isoformat(),
        "deciders": [str(world.decider.id)],
        "reason": {"code": reasons[act], "text": "told to the holder"},
        **({"until": world.ago(-30).isoformat()} if act == "suspend" else {}),
    }
    done = service.decide(wanted)
    assert [one["statement"] for one in done["signed"]] == ["akashi-decision-1", "akashi-standing-event-1"]
    assert service.verification(issued.public_id)["standing"]["act"] == act


# --- Who may confirm ---


def test_a_strangers_key_confirms_nothing(service, opened):
    drafted = draft(service, service.grant_wanted(*opened)).json()
    evidence = evidence_of(generate_software_key(), drafted)
    answer = service.body.post(f"/v1/decisions/{drafted['id']}/confirmation", {"evidence": evidence})
    assert answer.json()["code"] == "evidence_of_unknown_key"


def test_a_person_who_is_not_named_confirms_nothing(service, opened):
    drafted = draft(service, service.grant_wanted(*opened)).json()
    answer = service.confirm(service.body, "/v1/decisions", drafted, service.world.second_decider)
    assert answer.json()["code"] == "not_a_named_decider"


def test_evidence_over_another_document_confirms_nothing(service, opened):
    one, other = (draft(service, service.grant_wanted(*opened)).json() for _ in range(2))
    evidence = evidence_of(service.world.decider.key, other)
    answer = service.body.post(f"/v1/decisions/{one['id']}/confirmation", {"evidence": evidence})
    assert answer.status_code in {400, 403, 422}
    assert service.body.get(f"/v1/decisions/{one['id']}").json()["confirmed_by"] == []


# --- Scopes and other bodies ---


def test_a_reader_may_read_and_not_draft(service, opened):
    drafted = draft(service, service.grant_wanted(*opened)).json()
    reader = service.caller(service.world.body, frozenset({"certificates:read"}))
    assert reader.get(f"/v1/decisions/{drafted['id']}").status_code == 200
    refused = reader.post("/v1/decisions", service.grant_wanted(*opened))
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="certificates:prepare"' in refused.headers["www-authenticate"]


def test_without_a_token_nothing_is_said(service, opened):
    answer = service.http.post("/v1/decisions", json=service.grant_wanted(*opened))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_another_bodys_drafts_and_certifications_are_unknown(service, opened):
    drafted = draft(service, service.grant_wanted(*opened)).json()
    _, stranger = service.world.add_certification_body("Another Body")
    other = service.caller(stranger.party_id, stranger.scopes)
    assert other.get(f"/v1/decisions/{drafted['id']}").json()["code"] == "unknown_draft"
    assert other.post("/v1/decisions", service.grant_wanted(*opened)).json()["code"] == "unknown_certification"
    assert service.confirm(other, "/v1/decisions", drafted).status_code == 404


# --- What is refused ---


def test_all_faults_are_told_at_once_in_the_readers_language(service):
    wanted = {"act": 1, "decided_on": "2026-02-30", "deciders": [], "until": "soon", "surprise": True}
    headers = {
        "Authorization": f"Bearer {service.body.token}",
        "Accept-Language": "ja",
        "Idempotency-Key": str(uuid4()),
    }
    answer = service.http.post("/v1/decisions", json=wanted, headers=headers)
    told = {fault["field"]: fault["code"] for fault in answer.json()["errors"]}
    assert answer.status_code == 400
    assert told == {
        "/certification": "missing_member",
        "/act": "wrong_type",
        "/decided_on": "impossible_date",
        "/until": "impossible_date",
        "/surprise": "unknown_member",
    }
    assert answer.headers["content-language"] == "ja"
    assert all(fault["remedy"] for fault in answer.json()["errors"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"certification": "not an id"}, "malformed_id"),
        ({"act": "bless"}, "unknown_act"),
        ({"certificate": None}, "certificate_content_missing"),
        ({"deciders": [str(uuid4())]}, "unknown_reference"),
        ({"relied_on": [str(uuid4())]}, "unknown_reference"),
        ({"accreditations": [str(uuid4())]}, "unknown_accreditation"),
    ],
)
def test_a_draft_of_what_cannot_be_is_refused_with_its_code(service, opened, changes, code):
    answer = draft(service, service.grant_wanted(*opened, **changes))
    assert answer.json()["code"] == code
    assert 400 <= answer.status_code < 500


def test_a_confirmed_decision_that_breaks_a_rule_is_refused_and_leaves_nothing(service, opened):
    """The decider was in the audit team (ISO/IEC 17021-1 9.5.1)."""
    public_id, audits = opened
    wanted = service.grant_wanted(public_id, audits, deciders=[str(service.world.auditor.id)])
    drafted = draft(service, wanted).json()
    answer = service.confirm(service.body, "/v1/decisions", drafted, service.world.auditor)
    assert 400 <= answer.status_code < 500
    assert service.body.get(f"/v1/decisions/{drafted['id']}").json()["signed"] == []


def test_a_draft_of_another_kind_is_no_decision(service):
    world = service.world
    wanted = {
        "act": "withdraw",
        "accreditation": str(world.accreditation),
        "effective_on": world.today.isoformat(),
        "officer": str(world.officer.id),
    }
    drafted = service.accreditation_body.post("/v1/accreditations/statements", wanted).json()
    reader = service.caller(world.accreditation_body, frozenset({"certificates:read"}))
    assert reader.get(f"/v1/decisions/{drafted['id']}").json()["code"] == "unknown_draft"


# --- What a draft breaks ---


def test_a_draft_tells_every_fault_with_clause_field_and_remedy_in_both_languages(service, opened):
    public_id, audits = opened
    wanted = service.grant_wanted(public_id, audits) | {
        "relied_on": [str(audits[0])],
        "deciders": [str(service.world.auditor.id)],
    }
    answer = draft(service, wanted)
    told = {one["code"]: one for one in answer.json()["faults"]}
    assert answer.status_code == 201
    assert {"decider_not_competent", "decider_in_audit_team", "audit_missing"} <= set(told)
    assert {one["field"] for one in told.values()} == {"/deciders", "/relied_on"}
    assert told["audit_missing"]["clause"].startswith("17021-1 9.3")
    assert all(
        one[said][language] for one in told.values() for said in ("detail", "remedy") for language in ("en", "ja")
    )
    assert service.body.get(answer.headers["location"]).json()["faults"] == answer.json()["faults"]


def test_the_confirmation_refuses_what_the_draft_told(service, opened):
    public_id, audits = opened
    drafted = draft(service, service.grant_wanted(public_id, audits) | {"relied_on": [str(audits[0])]}).json()
    refusal = service.confirm(service.body, "/v1/decisions", drafted)
    assert refusal.status_code == 422
    assert refusal.json()["code"] in {one["code"] for one in drafted["faults"]}


def test_what_is_decided_tells_no_faults(service, opened):
    assert service.decide(service.grant_wanted(*opened))["faults"] == []


def test_fields_of_faults_are_members_of_what_is_proposed():
    fields = {entry.field for entry in catalogue().values() if entry.field}
    assert {field.split("/")[1] for field in fields} <= set(DecisionWanted.model_fields)
    assert {field.split("/")[2] for field in fields if field.startswith("/certificate/")} <= set(
        CertificateWanted.model_fields
    )


def test_the_same_key_and_content_is_one_draft(service, opened):
    wanted = service.grant_wanted(*opened)
    first, again = (service.body.post("/v1/decisions", wanted, key="draft-key-0001") for _ in range(2))
    other = service.body.post("/v1/decisions", wanted | {"relied_on": []}, key="draft-key-0001")
    assert first.json()["id"] == again.json()["id"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


# --- Recorded late (invariant 1) ---


def test_a_decision_recorded_late_is_accepted_with_a_reason_alone_and_shown_as_late(service):
    world = service.world
    public_id = world.grant().public_id
    wanted = {
        "certification": public_id,
        "act": "suspend",
        "decided_on": world.ago(31).isoformat(),
        "effective_on": world.today.isoformat(),
        "deciders": [str(world.decider.id)],
        "until": world.ago(-30).isoformat(),
        "reason": {"code": "nonconformity_persists", "text": "Corrective action is overdue."},
    }
    told = draft(service, wanted)
    refusal = service.confirm(service.body, "/v1/decisions", told.json())
    service.decide(wanted | {"late_reason": "the minutes of the meeting were lost"})
    shown = service.verification(public_id)
    assert [(one["code"], one["field"]) for one in told.json()["faults"]] == [("late_without_reason", "/late_reason")]
    assert (refusal.status_code, refusal.json()["code"]) == (422, "late_without_reason")
    assert shown["standing"]["state"] == "suspended"
    assert "late_recorded" in {notice["code"] for notice in shown["notices"]}
    assert "was recorded here late" in service.get(f"/en/c/{public_id}").text
    assert "遅れて記録されました" in service.get(f"/ja/c/{public_id}").text


def test_the_last_day_that_the_scheme_allows_is_in_time(service):
    world = service.world
    public_id = world.grant().public_id
    wanted = {
        "certification": public_id,
        "act": "cancel",
        "decided_on": world.ago(30).isoformat(),
        "effective_on": world.today.isoformat(),
        "deciders": [str(world.decider.id)],
        "reason": {"code": "holder_request", "text": "The holder asked for it."},
    }
    service.decide(wanted)
    assert "late_recorded" not in {notice["code"] for notice in service.verification(public_id)["notices"]}
