"""The decided facts as a certificate credential states them: the inverse of `composition`.

Works on a credential that has passed the credential schema and raises nothing on one; whether the facts then keep the
rules, and whether the rest of the credential agrees with them, is `profile`'s to say.
"""

from __future__ import annotations

import re
from typing import Any

from app.credentials.composition import Reserved
from app.credentials.facts_json import FORMAT
from app.credentials.language_tags import language_and_script

_VERSION_ADDRESS = re.compile(r"(.+)/c/([0-9A-Z]{35})/v([1-9][0-9]{0,8})")


def read_reserved(credential: dict[str, Any]) -> Reserved:
    """What the reservation fixed, from the credential's `id` and its status entries."""
    address = _VERSION_ADDRESS.fullmatch(credential["id"])
    if address is None:
        raise ValueError("the schema admits version addresses only")
    base_url, public_id, version_no = address.groups()
    return Reserved(base_url, public_id, int(version_no), tuple(credential["credentialStatus"]))


def read_facts(credential: dict[str, Any]) -> dict[str, Any]:
    """The JSON form of the facts, not yet checked against its rules."""
    subject = credential["credentialSubject"]
    assessment = subject["conformityAssessment"][0]
    decision = subject["certificationDecision"]
    facts = {
        "format": FORMAT,
        "holder": _holder(subject["issuedToParty"]),
        "body": _body(credential["issuer"], credential["issuer"]["registeredCountry"]),
        "scheme": _scheme(subject, assessment),
        "scope": _scope(subject, assessment),
        "decision": _renamed(decision, _DECISION),
        "cycle": _renamed(subject["certificationCycle"], _CYCLE),
        "validity": _validity(credential, subject),
        "accreditations": [_accreditation(one) for one in subject.get("authorisation", [])],
        "provenance": subject["recordProvenance"],
        **_renamed(decision, {"originallyDecidedOn": "original_decided_on"}),
    }
    if "historyReport" in subject:
        facts["report"] = _renamed(subject["historyReport"], _REPORT)
    if "previousCertification" in subject:
        facts["previous"] = _previous(subject["previousCertification"])
    return facts


_DECISION = {"decisionType": "act", "decidedOn": "decided_on", "assessedOn": "assessed_on"}
_CYCLE = {
    "initiallyCertifiedOn": "initially_certified_on",
    "cycleStartedOn": "started_on",
    "recertifyBy": "recertify_by",
    "previousCycleEndedOn": "previous_ended_on",
    "recertificationAuditEndedOn": "recertification_audit_ended_on",
}
_ADDRESS = {
    "streetAddress": "street",
    "postalCode": "postal_code",
    "addressLocality": "locality",
    "addressRegion": "region",
}
_PREVIOUS = {
    "registeredCountry": "country",
    "transferBasis": "basis",
    "certificateNumber": "number",
    "certificatePublicId": "certificate_id",
    "lastValidDay": "last_valid_day",
}
_REPORT = {
    "reportSource": "source",
    "reportAsOf": "as_of",
    "refreshDays": "refresh_days",
    "reportChecked": "checked",
}
_SOA = {"soaVersion": "version", "soaDate": "dated_on"}


def _renamed(node: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {ours: node[term] for term, ours in names.items() if term in node}


def _holder(party: dict[str, Any]) -> dict[str, Any]:
    return {
        **_named(party),
        "country": party["registrationCountry"]["countryCode"],
        "identifiers": [
            {"scheme": one["identifierScheme"], "value": one["identifierValue"]}
            for one in party.get("registeredIdentifier", [])
        ],
    }


def _previous(node: dict[str, Any]) -> dict[str, Any]:
    return {"body_names": [_name(one) for one in node["nameAsRegistered"]], **_renamed(node, _PREVIOUS)}


def _body(party: dict[str, Any], country: str) -> dict[str, Any]:
    return {**_named(party), "country": country}


def _named(node: dict[str, Any]) -> dict[str, Any]:
    """UUID and names; every `id` that is read here ends in the UUID, after a colon or a slash."""
    return {"id": _last_part(node["id"]), "names": [_name(one) for one in node["nameAsRegistered"]]}


def _last_part(identifier: str) -> str:
    return re.split("[:/]", identifier)[-1]


def _name(value: dict[str, str]) -> dict[str, str]:
    language, script = language_and_script(value["@language"])
    return {"name": value["@value"], "language": language} | ({"script": script} if script else {})


def _scheme(subject: dict[str, Any], assessment: dict[str, Any]) -> dict[str, Any]:
    scheme, standard = subject["referenceScheme"], assessment["referenceStandard"][0]
    return {
        "code": scheme["schemeCode"],
        "titles": _texts(scheme["title"]),
        "document": {
            "designation": standard["name"],
            "titles": _texts(standard["title"]),
            "identical_adoptions": standard.get("identicalAdoption", []),
        },
        "assurance": scheme["assuranceLevel"],
        "late_after_days": scheme["lateAfterDays"],
        "required": scheme.get("requiredFact", []),
        "activity": subject["attestationType"],
        "object": scheme["objectOfConformity"],
    }


def _scope(subject: dict[str, Any], assessment: dict[str, Any]) -> dict[str, Any]:
    scope = {
        "statement": _statement(subject),
        "roles": subject.get("organisationRole", []),
        "areas": subject.get("technicalArea", []),
        "countries": subject.get("countryOfScope", []),
        "criteria": subject.get("criterionOfScope", []),
        "sites": [_site(one["facility"]) for one in assessment.get("assessedFacility", [])],
    }
    if "statementOfApplicability" in subject:
        scope["soa"] = _renamed(subject["statementOfApplicability"], _SOA)
    return scope


def _site(facility: dict[str, Any]) -> dict[str, Any]:
    site = {
        **_named(facility),
        "country": facility["countryOfOperation"]["countryCode"],
        "virtual": facility["virtualSite"],
        "central_function": facility["centralFunction"],
        "address_translations": [_address(one) for one in facility.get("addressTranslation", [])],
    }
    if "address" in facility:
        site["address"] = _address(facility["address"])
    if "scopeStatement" in facility:
        site["statement"] = _statement(facility)
    return site


def _address(node: dict[str, Any]) -> dict[str, Any]:
    language, _ = language_and_script(node["addressLanguage"])
    return {**_renamed(node, _ADDRESS), "language": language}


def _statement(node: dict[str, Any]) -> dict[str, Any]:
    return {**_text(node["scopeStatement"]), "translations": _texts(node.get("scopeTranslation", []))}


def _texts(values: list[dict[str, str]]) -> list[dict[str, str]]:
    return [_text(value) for value in values]


def _text(value: dict[str, str]) -> dict[str, str]:
    language, _ = language_and_script(value["@language"])
    return {"text": value["@value"], "language": language}


def _validity(credential: dict[str, Any], subject: dict[str, Any]) -> dict[str, Any]:
    return {
        "effective_on": subject["effectiveOn"],
        "last_valid_day": subject["lastValidDay"],
        "time_zone": subject["timeZone"],
        "valid_from": credential["validFrom"],
        "valid_until": credential["validUntil"],
    }


def _accreditation(authorisation: dict[str, Any]) -> dict[str, Any]:
    authority = authorisation["issuingAuthority"]
    accreditation = {
        "id": _last_part(authorisation["accreditationRecord"]),
        "number": authorisation["accreditationNumber"],
        "body": _body(authority, authority["registrationCountry"]["countryCode"]),
    }
    if "recognisedUnder" in authorisation:
        accreditation["arrangement"] = authorisation["recognisedUnder"]
    return accreditation
