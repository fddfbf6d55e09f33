"""Profile 1: what may be secured and what a verifier accepts; any other JSON is refused with every fault, never a crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.credentials.canonical import canonical
from app.credentials.composition import compose_certificate
from app.credentials.profile import ProfileError, check_profile
from tests.support.certificate_facts import FACTS, PUBLIC_ID, changed, reserved
from tests.support.shared import shared_data

Credential = dict[str, Any]

GOOD = compose_certificate(FACTS, reserved())


def altered(pointer: str, value: Any) -> Credential:
    return changed(GOOD, pointer, value)


def faults_of(presented: object) -> set[tuple[str, str]]:
    with pytest.raises(ProfileError) as refused:
        check_profile(presented)
    return {(fault.code, fault.field) for fault in refused.value.faults}


def test_what_we_compose_is_within_the_profile():
    checked = check_profile(GOOD)

    assert checked.payload == canonical(GOOD)
    assert (checked.public_id, checked.version_no) == (PUBLIC_ID, 1)


def test_a_stranger_reads_the_decided_facts_back_from_the_credential():
    assert check_profile(GOOD).facts == FACTS
    assert check_profile(GOOD).reserved == reserved()


def test_the_profile_holds_for_later_versions_and_other_places():
    for base_url in ("http://localhost:8443", "https://example.org/registry"):
        checked = check_profile(compose_certificate(FACTS, reserved(base_url, 12)))

        assert checked.addresses.superseded == f"{base_url}/c/{PUBLIC_ID}/v11"


def test_a_misspelt_term_is_refused():
    # C013: a term that no context defines could be changed after signing.
    credential = altered("/credentialSubject/scopeStatement", ...)
    credential["credentialSubject"]["scopeStatment"] = GOOD["credentialSubject"]["scopeStatement"]

    assert faults_of(credential) == {
        ("missing_member", "/credentialSubject/scopeStatement"),
        ("unknown_member", "/credentialSubject/scopeStatment"),
    }


@pytest.mark.parametrize(
    "contexts",
    [
        [*GOOD["@context"][:2], "https://evil.example/ctx"],
        [*GOOD["@context"][:2], "https://evil.example/contexts/certificate/1"],
        [GOOD["@context"][1], GOOD["@context"][0], GOOD["@context"][2]],
        [*GOOD["@context"], "https://evil.example/ctx"],
        GOOD["@context"][:2],
        [*GOOD["@context"][:2], {"scopeStatement": "https://evil.example/other"}],
        GOOD["@context"][2],
    ],
)
def test_only_the_pinned_contexts_in_their_order_are_accepted(contexts):
    # C014: with another context the signed words would mean something else.
    assert all(field.startswith("/@context") for _, field in faults_of(altered("/@context", contexts)))


def test_another_digest_of_our_context_is_refused():
    # C016: the digest, not the address, says which context the issuer meant.
    digest = "sha256-" + "A" * 43 + "="

    assert faults_of(altered("/relatedResource/0/digestSRI", digest)) == {
        ("context_digest_differs", "/relatedResource/0")
    }


@pytest.mark.parametrize(
    ("pointer", "value", "fault"),
    [
        # Shape
        ("/type", ["VerifiableCredential"], ("unknown_value", "/type")),
        ("/proof", {"type": "DataIntegrityProof"}, ("unknown_member", "/proof")),
        ("/id", "https://registry.example/c/" + PUBLIC_ID, ("wrong_form", "/id")),
        ("/validUntil", "2029-11-24T15:00:00+00:00", ("wrong_form", "/validUntil")),
        ("/validUntil", "2029-02-30T15:00:00Z", ("wrong_form", "/validUntil")),
        ("/credentialSubject/effectiveOn", "2026-13-01", ("wrong_form", "/credentialSubject/effectiveOn")),
        ("/credentialSubject/certificateVersion", "1", ("wrong_type", "/credentialSubject/certificateVersion")),
        # Status: three entries with a text in base 10 (C019)
        ("/credentialStatus", GOOD["credentialStatus"][0], ("wrong_type", "/credentialStatus")),
        ("/credentialStatus", GOOD["credentialStatus"][:2], ("wrong_length", "/credentialStatus")),
        ("/credentialStatus/0/statusListIndex", 4001, ("wrong_type", "/credentialStatus/0/statusListIndex")),
        ("/credentialStatus/0/statusListIndex", "04001", ("wrong_form", "/credentialStatus/0/statusListIndex")),
        ("/credentialStatus/0/statusListIndex", "0x0a", ("wrong_form", "/credentialStatus/0/statusListIndex")),
        ("/credentialStatus/0/statusListIndex", "-1", ("wrong_form", "/credentialStatus/0/statusListIndex")),
        ("/credentialStatus/0/statusListIndex", "٤", ("wrong_form", "/credentialStatus/0/statusListIndex")),
        ("/credentialStatus/1/statusPurpose", "revocation", ("unknown_value", "/credentialStatus/1/statusPurpose")),
        ("/credentialStatus/1/statusMessage", [], ("unknown_member", "/credentialStatus/1/statusMessage")),
        # Place
        (
            "/credentialStatus/0/statusListCredential",
            "https://evil.example/status/1",
            ("foreign_status_list", "/credentialStatus/0/statusListCredential"),
        ),
        (
            "/credentialStatus/0/id",
            "https://registry.example/status/1#1",
            ("not_as_composed", "/credentialStatus/0/id"),
        ),
        ("/id", f"https://registry.example/c/{PUBLIC_ID[:-1]}0/v1", ("malformed_id", "/id")),
        # Rules
        (
            "/credentialSubject/certificationDecision/decidedOn",
            "2026-11-26",
            ("effective_before_decision", "/credentialSubject/effectiveOn"),
        ),
        ("/validUntil", "2029-11-25T00:00:00Z", ("instant_differs_from_day", "/validUntil")),
        ("/validFrom", "2029-11-24T15:00:00Z", ("period_without_days", "/credentialSubject/lastValidDay")),
        ("/credentialSubject/timeZone", "Asia/Atlantis", ("unknown_time_zone", "/credentialSubject/timeZone")),
        ("/credentialSubject/organisationRole", ..., ("required_by_scheme", "/credentialSubject/organisationRole")),
        (
            "/credentialSubject/statementOfApplicability",
            ...,
            ("required_by_scheme", "/credentialSubject/statementOfApplicability"),
        ),
        (
            "/credentialSubject/conformityAssessment/0/assessedFacility",
            ...,
            ("required_by_scheme", "/credentialSubject/conformityAssessment/0/assessedFacility"),
        ),
        # One thing said twice, differently
        ("/name", "Product certificate", ("not_as_composed", "/name")),
        ("/issuer/id", f"did:web:evil.example:bodies:{FACTS.body.id}", ("not_as_composed", "/issuer/id")),
        ("/credentialSubject/id", "https://registry.example/c/OTHER", ("not_as_composed", "/credentialSubject/id")),
        ("/credentialSubject/certificateVersion", 2, ("not_as_composed", "/credentialSubject/certificateVersion")),
        (
            "/credentialSubject/issuedToParty/name",
            "Another",
            ("not_as_composed", "/credentialSubject/issuedToParty/name"),
        ),
        (
            "/credentialSubject/conformityAssessment/0/assessedOrganisation/name",
            "Another",
            ("not_as_composed", "/credentialSubject/conformityAssessment/0/assessedOrganisation/name"),
        ),
        (
            "/credentialSubject/conformityAssessment/0/specifiedCondition",
            ["Role of the organisation: everything"],
            ("not_as_composed", "/credentialSubject/conformityAssessment/0/specifiedCondition"),
        ),
        (
            "/credentialSubject/conformityCertificate/linkURL",
            "https://evil.example/",
            ("not_as_composed", "/credentialSubject/conformityCertificate/linkURL"),
        ),
        (
            "/credentialSubject/assessmentLevel",
            "authority-globalmra",
            ("not_as_composed", "/credentialSubject/assessmentLevel"),
        ),
    ],
)
def test_a_credential_outside_the_profile_is_refused_with_the_place(pointer, value, fault):
    assert fault in faults_of(altered(pointer, value))


def test_a_port_in_the_issuers_did_is_read_as_a_port_and_as_nothing_else():
    """C056: with a bare colon 8443 would be a folder of registry.example, and its keys would be looked for there."""
    credential = compose_certificate(FACTS, reserved("https://registry.example:8443"))
    assert credential["issuer"]["id"].startswith("did:web:registry.example%3A8443:bodies:")
    assert check_profile(credential).reserved.base_url == "https://registry.example:8443"

    credential["issuer"]["id"] = credential["issuer"]["id"].replace("%3A", ":")
    assert faults_of(credential) == {("not_as_composed", "/issuer/id")}


def test_all_faults_of_shape_are_reported_at_once():
    credential = altered("/validUntil", "tomorrow")
    del credential["issuer"]["name"]
    credential["extra"] = True

    assert faults_of(credential) == {
        ("wrong_form", "/validUntil"),
        ("missing_member", "/issuer/name"),
        ("unknown_member", "/extra"),
    }


def deep(levels: int) -> Credential:
    node: Credential = {}
    for _ in range(levels):
        node = {"a": node}
    return node


@pytest.mark.parametrize(
    "presented",
    [
        None,
        [],
        "a",
        7,
        {},
        {"@context": {}},
        {"id": "\ud800"},
        {1: 2},
        deep(5000),
        {"credentialSubject": {"conformityAssessment": [None]}},
        altered("/validFrom", "0000-00-00T00:00:00Z"),
        altered("/id", f"https://registry.example:99999/c/{PUBLIC_ID}/v1"),
        altered("/id", f"https://registry.example/c/{PUBLIC_ID}/v1\n"),
    ],
)
def test_nothing_that_is_presented_makes_the_check_crash(presented):
    assert faults_of(presented)


PLACES = [
    (path, member)
    for path, node in [
        ((), GOOD),
        (("issuer",), GOOD["issuer"]),
        (("credentialSubject",), GOOD["credentialSubject"]),
        (("credentialSubject", "issuedToParty"), GOOD["credentialSubject"]["issuedToParty"]),
        (("credentialSubject", "authorisation", 0), GOOD["credentialSubject"]["authorisation"][0]),
        (("credentialSubject", "conformityAssessment", 0), GOOD["credentialSubject"]["conformityAssessment"][0]),
        (("credentialStatus", 2), GOOD["credentialStatus"][2]),
    ]
    for member in node
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(PLACES), anything)
def test_whatever_stands_in_a_member_the_answer_is_within_or_outside(place, value):
    path, member = place
    credential = copy.deepcopy(GOOD)
    node: Any = credential
    for step in path:
        node = node[step]
    node[member] = value

    try:
        checked = check_profile(credential)
    except ProfileError as error:
        assert error.faults  # noqa: PT017 - either answer is right, a crash is not
    else:
        assert checked.payload == canonical(credential)


def mutations() -> dict[str, Callable[[Credential], object]]:
    """Spoilings of members that UNTP's schema and our profile both demand."""

    def subject(credential: Credential) -> Credential:
        return credential["credentialSubject"]

    def assessment(credential: Credential) -> Credential:
        return subject(credential)["conformityAssessment"][0]

    return {
        "no context": lambda c: c.pop("@context"),
        "contexts in another order": lambda c: c["@context"].reverse(),
        "no UNTP type": lambda c: c["type"].remove("DigitalConformityCredential"),
        "no id": lambda c: c.pop("id"),
        "id is no address": lambda c: c.update(id="mine 001"),
        "no issuer": lambda c: c.pop("issuer"),
        "issuer without name": lambda c: c["issuer"].pop("name"),
        "issuer is a text": lambda c: c.update(issuer="did:web:example.com"),
        "no validFrom": lambda c: c.pop("validFrom"),
        "validFrom is a date": lambda c: c.update(validFrom="2025-01-15"),
        "validUntil is no instant": lambda c: c.update(validUntil="2028"),
        "no name": lambda c: c.pop("name"),
        "name is no text": lambda c: c.update(name={"en": "Certificate"}),
        "no subject": lambda c: c.pop("credentialSubject"),
        "subject without UNTP type": lambda c: subject(c).update(type=["Attestation"]),
        "unknown assessor level": lambda c: subject(c).update(assessorLevel="ours"),
        "unknown assessment level": lambda c: subject(c).update(assessmentLevel="excellent"),
        "unknown attestation type": lambda c: subject(c).update(attestationType="praise"),
        "no holder": lambda c: subject(c).pop("issuedToParty"),
        "holder without id": lambda c: subject(c)["issuedToParty"].pop("id"),
        "no scheme": lambda c: subject(c).pop("referenceScheme"),
        "authorisation without authority": lambda c: subject(c)["authorisation"][0].pop("issuingAuthority"),
        "certificate link with more": lambda c: subject(c)["conformityCertificate"].update(rel="x"),
        "assessment without criteria": lambda c: assessment(c).pop("assessmentCriteria"),
        "assessment without date": lambda c: assessment(c).pop("assessmentDate"),
        "assessment date is an instant": lambda c: assessment(c).update(assessmentDate="2025-01-10T00:00:00Z"),
        "no performance list": lambda c: assessment(c).pop("assessedPerformance"),
        "no topic": lambda c: assessment(c).pop("conformityTopic"),
        "topic with more": lambda c: assessment(c)["conformityTopic"][0].update(weight=1),
        "conformance is a text": lambda c: assessment(c).update(conformance="yes"),
        "facility without facility": lambda c: assessment(c)["assessedFacility"][0].pop("facility"),
        "organisation without id": lambda c: assessment(c)["assessedOrganisation"].pop("id"),
    }


@pytest.mark.parametrize("name", mutations())
def test_what_untp_refuses_of_its_own_sample_we_refuse_of_ours(name):
    schema = json.loads(shared_data("untp-0.7.0/schemas/ConformityCredential.json").read_text(encoding="utf-8"))
    sample = json.loads(
        shared_data("untp-0.7.0/samples/ConformityCredential_instance.json").read_text(encoding="utf-8")
    )
    spoil = mutations()[name]
    ours = copy.deepcopy(GOOD)

    spoil(sample)
    spoil(ours)

    assert not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(sample)
    assert faults_of(ours)


@pytest.mark.parametrize(
    "name",
    ["ConformityCredential_instance", "ConformityCredential_battery_instance", "ConformityCredential_smelter_instance"],
)
def test_conformity_credentials_of_others_are_no_certificates_of_ours(name):
    sample = json.loads(shared_data(f"untp-0.7.0/samples/{name}.json").read_text(encoding="utf-8"))

    assert ("missing_member", "/credentialSubject/certificateVersion") in faults_of(sample)
