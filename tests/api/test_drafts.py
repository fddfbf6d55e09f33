"""Drafts over HTTP: strict evidence, and a draft's kind."""

from __future__ import annotations

from uuid import uuid4

import pytest


@pytest.fixture
def address(service):
    """Where a draft's evidence is handed in."""
    opened = service.world.open()
    wanted = service.grant_wanted(opened.public_id, service.world.audits(opened.public_id))
    drafted = service.body.post("/v1/decisions", wanted).json()
    return f"/v1/decisions/{drafted['id']}/confirmation"


@pytest.mark.parametrize(
    "evidence",
    [
        None,
        {},
        "signature",
        {"type": "password", "key": "x", "signature": "y"},
        {"type": "key", "key": "x"},
        {"type": "key", "key": "x", "signature": "y", "more": "z"},
        {"type": "key", "key": 1, "signature": "y"},
    ],
)
def test_what_is_no_evidence_is_refused(service, address, evidence):
    answer = service.body.post(address, {"evidence": evidence})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")


def test_a_signature_with_slack_in_its_base64_confirms_nothing(service, address):
    """Every base64 must re-encode to itself."""
    key = service.world.decider.key.thumbprint
    answer = service.body.post(address, {"evidence": {"type": "key", "key": key, "signature": "A" * 85 + "B"}})
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] in {"malformed_base64", "malformed_evidence", "bad_signature"}


def test_evidence_for_no_draft_is_refused(service):
    evidence = {"type": "key", "key": "A" * 43, "signature": "A" * 86}
    answer = service.body.post(f"/v1/decisions/{uuid4()}/confirmation", {"evidence": evidence})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_draft")
