"""Compose the credential of one certificate version from its decided facts and what the reservation fixed.

W3C VCDM 2.0; UNTP 0.7.0 `DigitalConformityCredential` wherever UNTP has a member, our extension context for the rest.
The same facts and reservation always give the same credential, so a signer recomposes and compares instead of
believing. Only what the facts state appears: what is absent stays absent. Input is trusted to have passed
`facts_json.check_facts`; the output is unsigned and still has to pass `profile.check_profile`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.conformity.periods import instant_text
from app.credentials.addresses import Addresses, body_did, urn
from app.credentials.extension_context import contexts_of, related_resource
from app.credentials.facts import (
    ACCREDITED,
    SELF_DECLARED,
    Accreditation,
    Address,
    Body,
    CertificateFacts,
    Cycle,
    Holder,
    Name,
    Previous,
    Report,
    Scope,
    Site,
    Statement,
    Text,
)
from app.credentials.language_tags import language_tag

CERTIFICATE_TYPE, DECLARATION_TYPE = "ConformityCertificate", "SelfDeclaration"
"""A self-declaration is no certificate, so software that asks for a type can never take one for the other."""

# UNTP names the register of an identifier by address (`idScheme`); ours keep their code for every scheme.
REGISTERS = {
    "lei": ("https://www.gleif.org", "Legal Entity Identifier (ISO 17442)"),
    "jp_corporate_number": ("https://www.houjin-bangou.nta.go.jp", "Corporate Number (Japan)"),
}


@dataclass(frozen=True)
class Reserved:
    """What the reservation fixed beside the decided facts; entries are W3C `BitstringStatusListEntry` objects."""

    base_url: str
    public_id: str
    version_no: int
    status_entries: tuple[dict[str, str], ...]


def compose_certificate(facts: CertificateFacts, reserved: Reserved) -> dict[str, Any]:
    """The unsigned credential of these facts at this place."""
    at = Addresses(reserved.base_url, reserved.public_id, reserved.version_no)
    return {
        "@context": contexts_of(reserved.base_url),
        "type": ["VerifiableCredential", "DigitalConformityCredential", _kind(facts)],
        "id": at.version,
        "name": certificate_title(facts),
        "issuer": _issuer(facts.body, reserved.base_url),
        "validFrom": instant_text(facts.validity.valid_from),
        "validUntil": instant_text(facts.validity.valid_until),
        "credentialSubject": _attestation(facts, at),
        "credentialStatus": [dict(entry) for entry in reserved.status_entries],
        "relatedResource": [related_resource(reserved.base_url)],
    }


def certificate_title(facts: CertificateFacts) -> str:
    """The plain title: the scheme, so that it is never taken for an AI's; the standard with its edition; the holder."""
    scheme = facts.scheme
    return f"{scheme.titles[0].text}: {scheme.document.designation}, {facts.holder.names[0].name}"


def _kind(facts: CertificateFacts) -> str:
    return DECLARATION_TYPE if facts.scheme.assurance == SELF_DECLARED else CERTIFICATE_TYPE


def _issuer(body: Body, base_url: str) -> dict[str, Any]:
    return {
        "type": ["CredentialIssuer"],
        "id": body_did(base_url, body.id),
        "name": body.names[0].name,
        "nameAsRegistered": _names(body.names),
        "registeredCountry": body.country,
    }


def _attestation(facts: CertificateFacts, at: Addresses) -> dict[str, Any]:
    """The subject: UNTP's members first, then ours."""
    return {
        "type": ["ConformityAttestation"],
        "id": at.certificate,
        "name": certificate_title(facts),
        "assessorLevel": "self" if facts.scheme.assurance == SELF_DECLARED else "3rdParty",
        "assessmentLevel": _assessment_level(facts),
        "attestationType": facts.scheme.activity,
        "issuedToParty": _holder(facts.holder),
        **_some("authorisation", [_authorisation(held, at) for held in facts.accreditations]),
        "referenceScheme": _scheme(facts, at),
        "conformityCertificate": _link(facts, at),
        "conformityAssessment": [_assessment(facts, at)],
        **_version_facts(facts, at),
        **_scope(facts.scope),
    }


def _assessment_level(facts: CertificateFacts) -> str:
    """Who stands behind the assessor, in UNTP's words.

    UNTP knows accreditation only within an arrangement; outside one the level understates and never overstates.
    """
    if facts.scheme.assurance != ACCREDITED:
        return "scheme-self" if facts.scheme.assurance == SELF_DECLARED else "scheme-cab"
    recognised = any(held.arrangement for held in facts.accreditations)
    return "authority-globalmra" if recognised else "no-endorsement"


def _link(facts: CertificateFacts, at: Addresses) -> dict[str, str]:
    name = "Declaration" if facts.scheme.assurance == SELF_DECLARED else "Certificate"
    return {"linkURL": at.version, "linkName": name, "mediaType": "text/html"}


def _version_facts(facts: CertificateFacts, at: Addresses) -> dict[str, Any]:
    """Which version this is, who decided when, which period it has."""
    validity = facts.validity
    return {
        "certificateVersion": at.version_no,
        **_some("supersedesVersion", at.superseded),
        "certificationDecision": _decision(facts),
        "certificationCycle": _cycle(facts.cycle),
        "effectiveOn": validity.effective_on.isoformat(),
        "lastValidDay": validity.last_valid_day.isoformat(),
        "timeZone": validity.time_zone,
        "recordProvenance": facts.provenance,
        **_some("historyReport", facts.report and _report(facts.report)),
        **_some("previousCertification", facts.previous and _previous(facts.previous)),
    }


def _decision(facts: CertificateFacts) -> dict[str, str]:
    decision = facts.decision
    return {
        "decisionType": decision.act,
        **_days(
            decidedOn=decision.decided_on,
            assessedOn=decision.assessed_on,
            originallyDecidedOn=facts.original_decided_on,
        ),
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "reportSource": report.source,
        "reportAsOf": report.as_of.isoformat(),
        "refreshDays": report.refresh_days,
        **_some("reportChecked", report.checked),
    }


def _previous(previous: Previous) -> dict[str, Any]:
    return {
        "nameAsRegistered": _names(previous.body_names),
        "registeredCountry": previous.country,
        "transferBasis": previous.basis,
        **_some("certificateNumber", previous.number),
        **_some("certificatePublicId", previous.certificate_id),
        **_days(lastValidDay=previous.last_valid_day),
    }


def _cycle(cycle: Cycle) -> dict[str, str]:
    return _days(
        initiallyCertifiedOn=cycle.initially_certified_on,
        cycleStartedOn=cycle.started_on,
        recertifyBy=cycle.recertify_by,
        previousCycleEndedOn=cycle.previous_ended_on,
        recertificationAuditEndedOn=cycle.recertification_audit_ended_on,
    )


def _days(**days: date | None) -> dict[str, str]:
    """The plain dates that are stated, each under its term."""
    return {term: day.isoformat() for term, day in days.items() if day is not None}


def _scope(scope: Scope) -> dict[str, Any]:
    soa = scope.soa
    return {
        **_statement(scope.statement),
        **_some("organisationRole", list(scope.roles)),
        **_some("technicalArea", list(scope.areas)),
        **_some("countryOfScope", list(scope.countries)),
        **_some("criterionOfScope", list(scope.criteria)),
        **_some("statementOfApplicability", soa and {"soaVersion": soa.version, "soaDate": soa.dated_on.isoformat()}),
    }


def _holder(holder: Holder) -> dict[str, Any]:
    return {
        **_party(holder),
        **_untp_identifier(holder),
        "registrationCountry": {"countryCode": holder.country},
        "nameAsRegistered": _names(holder.names),
        **_some(
            "registeredIdentifier",
            [{"identifierScheme": one.scheme, "identifierValue": one.value} for one in holder.identifiers],
        ),
    }


def _party(holder: Holder) -> dict[str, Any]:
    return {"type": ["Party"], "id": urn(holder.id), "name": holder.names[0].name}


def _untp_identifier(holder: Holder) -> dict[str, Any]:
    """UNTP has room for one identifier and the address of its register: the first whose register we know."""
    known = next((one for one in holder.identifiers if one.scheme in REGISTERS), None)
    if known is None:
        return {}
    address, name = REGISTERS[known.scheme]
    return {
        "registeredId": known.value,
        "idScheme": {"type": ["IdentifierScheme"], "id": address, "name": name},
    }


def _authorisation(held: Accreditation, at: Addresses) -> dict[str, Any]:
    return {
        "name": f"Accreditation {held.number}",
        "issuingAuthority": {
            "type": ["Party"],
            "id": at.body(held.body.id),
            "name": held.body.names[0].name,
            "registrationCountry": {"countryCode": held.body.country},
            "nameAsRegistered": _names(held.body.names),
        },
        "accreditationRecord": at.accreditation(held.id),
        "accreditationNumber": held.number,
        **_some("recognisedUnder", held.arrangement),
    }


def _scheme(facts: CertificateFacts, at: Addresses) -> dict[str, Any]:
    scheme = facts.scheme
    return {
        "type": ["ConformityScheme"],
        "id": at.scheme(scheme.code),
        "name": scheme.titles[0].text,
        "title": _texts(scheme.titles),
        "schemeCode": scheme.code,
        "objectOfConformity": scheme.object,
        "assuranceLevel": scheme.assurance,
        "lateAfterDays": scheme.late_after_days,
        **_some("requiredFact", list(scheme.required)),
    }


def _assessment(facts: CertificateFacts, at: Addresses) -> dict[str, Any]:
    """One assessment, against the one standard; UNTP asks for a list of performance metrics, which stays empty."""
    scheme, document = facts.scheme, facts.scheme.document
    address = at.document(scheme.code, document.designation)
    return {
        "type": ["ConformityAssessment"],
        "id": f"{at.version}#assessment",
        "name": f"Assessment against {document.designation}",
        "assessmentCriteria": [
            {"type": ["Criterion"], "id": f"{address}-requirements", "name": f"Requirements of {document.designation}"}
        ],
        "assessmentDate": _day_of_assessment(facts).isoformat(),
        "assessedPerformance": [],
        **_some("assessedFacility", [{"facility": _facility(site)} for site in facts.scope.sites]),
        "assessedOrganisation": _party(facts.holder),
        "referenceStandard": [
            {
                "type": ["Standard"],
                "id": address,
                "name": document.designation,
                "title": _texts(document.titles),
                **_some("identicalAdoption", list(document.identical_adoptions)),
            }
        ],
        **_some("specifiedCondition", _conditions(facts.scope)),
        "conformityTopic": [
            {
                "type": ["ConformityTopic"],
                "id": f"{at.scheme(scheme.code)}#{scheme.object}",
                "name": scheme.object.replace("_", " "),
            }
        ],
        "conformance": True,
    }


def _day_of_assessment(facts: CertificateFacts) -> date:
    """UNTP demands a date: where none is stated, that of the decision, before which it ended. Ours tells them apart.

    Our `assessedOn` stands only where the assessment's own date is stated (docs/adr/0005-extension-context.md).
    """
    return facts.decision.assessed_on or facts.original_decided_on or facts.decision.decided_on


def _conditions(scope: Scope) -> list[str]:
    """Role and statement of applicability once more in words, for software that knows UNTP only."""
    soa = scope.soa
    roles = [f"Role of the organisation: {role}" for role in scope.roles]
    return [*roles, f"Statement of applicability {soa.version} of {soa.dated_on.isoformat()}"] if soa else roles


def _facility(site: Site) -> dict[str, Any]:
    return {
        "type": ["Facility"],
        "id": urn(site.id),
        "name": site.names[0].name,
        "nameAsRegistered": _names(site.names),
        "countryOfOperation": {"countryCode": site.country},
        **_some("address", site.address and _address(site.address, site.country)),
        **_some("addressTranslation", [_address(one, site.country) for one in site.address_translations]),
        "virtualSite": site.virtual,
        "centralFunction": site.central_function,
        **(_statement(site.statement) if site.statement else {}),
    }


def _address(address: Address, country: str) -> dict[str, Any]:
    return {
        **_some("streetAddress", address.street),
        **_some("postalCode", address.postal_code),
        "addressLocality": address.locality,
        **_some("addressRegion", address.region),
        "addressCountry": {"countryCode": country},
        "addressLanguage": language_tag(address.language),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    prevailing = Text(statement.text, statement.language)
    return {
        "scopeStatement": _text(prevailing),
        **_some("scopeTranslation", _texts(statement.translations)),
    }


def _names(names: tuple[Name, ...]) -> list[dict[str, str]]:
    return [{"@value": one.name, "@language": language_tag(one.language, one.script)} for one in names]


def _texts(texts: tuple[Text, ...]) -> list[dict[str, str]]:
    return [_text(one) for one in texts]


def _text(text: Text) -> dict[str, str]:
    """A language value object (VCDM 2.0 §11.1)."""
    return {"@value": text.text, "@language": language_tag(text.language)}


def _some(term: str, value: Any) -> dict[str, Any]:
    """The member if there is something to say, nothing otherwise."""
    return {term: value} if value else {}
