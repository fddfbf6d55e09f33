"""A certificate credential: what its facts become, held against W3C's and UNTP's own artefacts."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from app.credentials.canonical import canonical, digest
from app.credentials.composition import compose_certificate
from app.credentials.extension_context import UNTP_CONTEXT, W3C_CONTEXT, extension_context
from app.credentials.facts import Identifier, Name
from tests.support.certificate_facts import (
    ACCREDITATION,
    DECLARED,
    FACTS,
    HOLDER,
    KINDS,
    PUBLIC_ID,
    REPORTED,
    SCOPE,
    TRANSFERRED,
    UNACCREDITED,
    facts_with,
    reserved,
)
from tests.support.json_ld import undefined_terms
from tests.support.shared import shared_data


def composed(facts=FACTS, **place: Any) -> dict[str, Any]:
    return compose_certificate(facts, reserved(**place))


@cache
def untp_schema() -> jsonschema_rs.Draft202012Validator:
    content = shared_data("untp-0.7.0/schemas/ConformityCredential.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(content), validate_formats=True)


def contexts() -> list[dict[str, Any]]:
    """The contexts of a credential in its order; of their root only what is a term."""
    texts = [
        shared_data("untp-0.7.0/contexts/credentials-v2.jsonld").read_bytes(),
        shared_data("untp-0.7.0/contexts/untp.jsonld").read_bytes(),
        extension_context(),
    ]
    return [json.loads(text)["@context"] for text in texts]


def test_the_same_facts_give_the_same_bytes_for_ever():
    # From the first release on this value never changes for profile 1: what is out there is recomposed and compared.
    assert digest(canonical(composed())) == "Zafnbczs6JofKjMI2zYjD-E0Y98_A9jBPmcLa2z5OG4"


@pytest.mark.parametrize("facts", KINDS.values(), ids=KINDS)
def test_untp_accepts_it_apart_from_the_status_array(facts):
    # docs/adr/0006-credential-status.md: UNTP 0.7.0 knows one entry with an integer, W3C an array with texts.
    credential = composed(facts)
    del credential["credentialStatus"]

    assert [error.message for error in untp_schema().iter_errors(credential)] == []


def test_untp_refuses_the_status_array_and_nothing_else():
    assert {error.instance_path[0] for error in untp_schema().iter_errors(composed())} == {"credentialStatus"}


@pytest.mark.parametrize("facts", KINDS.values(), ids=KINDS)
def test_every_term_is_named_by_a_context_and_none_falls_to_a_vocabulary(facts):
    recognised = tuple(replace(held, arrangement="A fictional arrangement") for held in facts.accreditations)

    credential = composed(replace(facts, accreditations=recognised), version_no=2)

    assert undefined_terms(credential, contexts()) == []


def test_a_misspelt_term_would_fall_to_the_vocabulary_of_untp():
    credential = composed()
    credential["credentialSubject"]["scopeStatment"] = credential["credentialSubject"].pop("scopeStatement")

    assert undefined_terms(credential, contexts()) == ["/credentialSubject/scopeStatment"]


def test_our_context_takes_no_word_that_w3c_or_untp_defines_anywhere():
    w3c, untp, ours = contexts()

    def words(context: Any) -> set[str]:
        if isinstance(context, list):
            return set().union(*(words(inner) for inner in context))
        if not isinstance(context, dict):
            return set()
        return set(context).union(*(words(inner) for inner in context.values()))

    taken = {word for word in words(w3c) | words(untp) if not word.startswith("@")}
    assert set(ours) & taken == set()


def test_contexts_stand_in_their_order_and_ours_is_named_by_digest():
    credential = composed()

    assert credential["@context"] == [W3C_CONTEXT, UNTP_CONTEXT, "https://registry.example/contexts/certificate/1"]
    assert credential["relatedResource"][0]["id"] == credential["@context"][2]
    assert credential["relatedResource"][0]["digestSRI"].startswith("sha256-")


def test_the_issuer_is_the_body_by_did_web():
    assert composed()["issuer"]["id"] == f"did:web:registry.example:bodies:{FACTS.body.id}"


def test_names_keep_their_characters_language_and_script():
    names = (Name("髙﨑葛\U000e0100城", "ja", "Jpan"), Name("Takasaki", "ja", "Latn"))

    holder = composed(facts_with(holder=replace(HOLDER, names=names)))["credentialSubject"]["issuedToParty"]

    assert holder["name"] == "髙﨑葛\U000e0100城"
    assert holder["nameAsRegistered"] == [
        {"@value": "髙﨑葛\U000e0100城", "@language": "ja-jpan"},
        {"@value": "Takasaki", "@language": "ja-latn"},
    ]


def test_one_wording_of_the_scope_prevails_and_others_translate_it():
    subject = composed()["credentialSubject"]

    assert subject["scopeStatement"] == {"@value": SCOPE.statement.text, "@language": "ja"}
    assert [text["@language"] for text in subject["scopeTranslation"]] == ["en"]


def test_the_first_version_supersedes_none_and_the_third_the_second():
    assert "supersedesVersion" not in composed()["credentialSubject"]
    assert composed(version_no=3)["credentialSubject"]["supersedesVersion"].endswith(f"/c/{PUBLIC_ID}/v2")


def test_a_version_has_its_own_address_and_the_certification_keeps_one():
    credential = composed(version_no=2)

    assert credential["id"] == f"https://registry.example/c/{PUBLIC_ID}/v2"
    assert credential["credentialSubject"]["id"] == f"https://registry.example/c/{PUBLIC_ID}"


def test_validity_is_instants_and_the_plain_days_with_their_zone_stand_beside():
    credential = composed()

    assert (credential["validFrom"], credential["validUntil"]) == ("2026-11-24T15:00:00Z", "2029-11-24T15:00:00Z")
    assert credential["credentialSubject"]["lastValidDay"] == "2029-11-24"
    assert credential["credentialSubject"]["timeZone"] == "Asia/Tokyo"


def test_an_accreditation_is_stated_with_number_record_and_body():
    (authorisation,) = composed()["credentialSubject"]["authorisation"]

    assert authorisation["accreditationNumber"] == "AB-0042"
    assert authorisation["accreditationRecord"] == f"https://registry.example/v1/accreditations/{ACCREDITATION.id}"
    assert authorisation["issuingAuthority"]["name"] == "Northern Accreditation Council"


def test_recognition_is_claimed_only_where_an_arrangement_is_a_fact():
    recognised = replace(ACCREDITATION, arrangement="A fictional arrangement")

    assert composed()["credentialSubject"]["assessmentLevel"] == "no-endorsement"
    assert (
        composed(facts_with(accreditations=(recognised,)))["credentialSubject"]["assessmentLevel"]
        == "authority-globalmra"
    )


@pytest.mark.parametrize(
    ("facts", "kind", "assessor", "level", "attestation", "link"),
    [
        (FACTS, "ConformityCertificate", "3rdParty", "no-endorsement", "certification", "Certificate"),
        (UNACCREDITED, "ConformityCertificate", "3rdParty", "scheme-cab", "certification", "Certificate"),
        (DECLARED, "SelfDeclaration", "self", "scheme-self", "declaration", "Declaration"),
    ],
    ids=["accredited", "unaccredited", "declared"],
)
def test_who_stands_behind_an_entry_shows_in_its_type_and_in_untp_words(
    facts, kind, assessor, level, attestation, link
):
    credential = composed(facts)
    subject = credential["credentialSubject"]

    assert credential["type"][-1] == kind
    assert (subject["assessorLevel"], subject["assessmentLevel"]) == (assessor, level)
    assert (subject["attestationType"], subject["conformityCertificate"]["linkName"]) == (attestation, link)


def test_history_from_elsewhere_says_so_and_invents_no_date_of_assessment():
    subject = composed(REPORTED)["credentialSubject"]

    assert subject["recordProvenance"] == "imported"
    assert subject["certificationDecision"] == {
        "decisionType": "import",
        "decidedOn": "2026-11-20",
        "originallyDecidedOn": "2025-02-20",
    }
    # UNTP demands a date there; ours, which states only what is known, has none.
    assert subject["conformityAssessment"][0]["assessmentDate"] == "2025-02-20"


def test_a_certification_taken_over_names_the_one_that_it_continues():
    previous = composed(TRANSFERRED)["credentialSubject"]["previousCertification"]

    assert previous["nameAsRegistered"][0] == {"@value": "Heron Assurance", "@language": "en"}
    assert (previous["certificateNumber"], previous["lastValidDay"]) == ("HA-2025-17", "2029-11-24")
    assert previous["transferBasis"] == "outside"


def test_without_accreditation_nothing_about_one_is_said():
    assert "authorisation" not in composed(facts_with(accreditations=()))["credentialSubject"]


def test_an_identifier_of_a_register_unknown_to_us_is_kept_but_not_given_to_untp():
    other = replace(HOLDER, identifiers=(Identifier("other", "X-1"),))

    holder = composed(facts_with(holder=other))["credentialSubject"]["issuedToParty"]

    assert "registeredId" not in holder
    assert holder["registeredIdentifier"] == [{"identifierScheme": "other", "identifierValue": "X-1"}]


def test_status_entries_are_those_of_the_reservation():
    place = reserved()

    assert compose_certificate(FACTS, place)["credentialStatus"] == list(place.status_entries)
