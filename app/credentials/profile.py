"""Profile 1 of the certificate credential: what may be secured here, and what a verifier accepts as one of ours.

A credential is within the profile when it has the shape of the schema, its facts keep the rules, and the whole is
exactly what `composition` makes of those facts: so contexts, digest, identifiers, titles and everything that UNTP has
us say twice agree, no unknown term exists to be altered later (C013), and no context of others can turn the words
(C014). The same check serves the issuer before signing and the verifier of a presented credential: whatever JSON
comes in, the answer is a `CheckedCredential` or a `ProfileError` with every fault. Nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.conformity.identifiers import MalformedPublicId, parse_public_id
from app.credentials.addresses import Addresses
from app.credentials.canonical import canonical
from app.credentials.composition import Reserved, compose_certificate
from app.credentials.extension_context import contexts_of, related_resource
from app.credentials.facts import CertificateFacts
from app.credentials.facts_json import MalformedFacts, facts_from_json
from app.credentials.reading import read_facts, read_reserved
from app.credentials.shape import Shape
from app.credentials.strict_json import pointer_to
from app.errors import AkashiError, Fault

_SHAPE = Shape("certificate-credential-1.json")
_HIGHEST_PORT = 65535
_WRITER = json.JSONEncoder(sort_keys=True)


class ProfileError(AkashiError):
    """The credential is outside the profile; `faults` lists every place, as JSON pointers into the credential."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("outside_profile", faults=tuple(faults))


@dataclass(frozen=True)
class CheckedCredential:
    """A credential within the profile: the only kind that may be secured. Made by `check_profile` and nothing else."""

    payload: bytes
    """The credential in canonical form: what is signed."""
    facts: CertificateFacts
    reserved: Reserved
    addresses: Addresses

    @property
    def public_id(self) -> str:
        """The certification's public ID, canonical."""
        return self.reserved.public_id

    @property
    def version_no(self) -> int:
        """Which version of the certificate this is, from 1."""
        return self.reserved.version_no


def check_profile(presented: object) -> CheckedCredential:
    """The credential as checked; raises `ProfileError` with all faults of shape, or else all of meaning."""
    faults = _SHAPE.faults(presented)
    if faults or not isinstance(presented, dict):
        raise ProfileError(faults)

    reserved = read_reserved(presented)
    faults = tuple(_place_faults(presented, reserved))
    if faults:
        raise ProfileError(faults)

    facts = _facts(presented)
    composed = compose_certificate(facts, reserved)
    # Nearly always they are the same, which two texts tell at once; 1 and 1.0 and true are three texts.
    same = _WRITER.encode(presented) == _WRITER.encode(composed)
    places = () if same else _differences(presented, composed, "")
    faults = tuple(Fault("not_as_composed", place) for place in places)
    if faults:
        raise ProfileError(faults)

    addresses = Addresses(reserved.base_url, reserved.public_id, reserved.version_no)
    return CheckedCredential(canonical(presented), facts, reserved, addresses)


def _place_faults(credential: dict[str, Any], reserved: Reserved) -> Iterator[Fault]:
    """Where the credential says it is from: ID, contexts by address and digest, status lists of the same registry."""
    if not _has_usable_port(reserved.base_url):
        yield Fault("wrong_form", "/id", "no such port")
    try:
        parse_public_id(reserved.public_id)
    except MalformedPublicId as error:
        yield Fault(error.code, "/id", error.note)
    if credential["@context"] != contexts_of(reserved.base_url):
        yield Fault("unpinned_context", "/@context/2")
    if credential["relatedResource"] != [related_resource(reserved.base_url)]:
        yield Fault("context_digest_differs", "/relatedResource/0")
    for i, entry in enumerate(reserved.status_entries):
        yield from _status_faults(entry, reserved.base_url, f"/credentialStatus/{i}")


def _has_usable_port(base_url: str) -> bool:
    port = urlsplit(base_url).netloc.partition(":")[2]
    return not port or 0 < int(port) <= _HIGHEST_PORT


def _status_faults(entry: dict[str, str], base_url: str, place: str) -> Iterator[Fault]:
    address = entry["statusListCredential"]
    if not re.fullmatch(re.escape(base_url) + "/status/[1-9][0-9]{0,8}", address):
        yield Fault("foreign_status_list", f"{place}/statusListCredential")
    if entry["id"] != f"{address}#{entry['statusListIndex']}":
        yield Fault("not_as_composed", f"{place}/id")


def _facts(credential: dict[str, Any]) -> CertificateFacts:
    try:
        return facts_from_json(read_facts(credential))
    except MalformedFacts as error:
        raise ProfileError(Fault(one.code, _credential_place(one.field), one.note) for one in error.faults) from error


# Where in a credential a fact stands: the longest beginning that matches decides, the rest of the pointer is dropped.
_SUBJECT = "/credentialSubject"
_ASSESSMENT = f"{_SUBJECT}/conformityAssessment/0"
_PLACES = (
    (r"/holder/names/(\d+)", rf"{_SUBJECT}/issuedToParty/nameAsRegistered/\1"),
    (r"/body/names/(\d+)", r"/issuer/nameAsRegistered/\1"),
    (r"/scheme/document/titles", f"{_ASSESSMENT}/referenceStandard/0/title"),
    (r"/scheme/titles", f"{_SUBJECT}/referenceScheme/title"),
    (r"/scheme/activity", f"{_SUBJECT}/attestationType"),
    (r"/scheme", f"{_SUBJECT}/referenceScheme"),
    (r"/scope/statement/translations", f"{_SUBJECT}/scopeTranslation"),
    (r"/scope/statement", f"{_SUBJECT}/scopeStatement"),
    (r"/scope/roles", f"{_SUBJECT}/organisationRole"),
    (r"/scope/criteria", f"{_SUBJECT}/criterionOfScope"),
    (r"/scope/soa", f"{_SUBJECT}/statementOfApplicability"),
    (r"/scope/sites/(\d+)", rf"{_ASSESSMENT}/assessedFacility/\1/facility"),
    (r"/scope/sites", f"{_ASSESSMENT}/assessedFacility"),
    (r"/decision/assessed_on", f"{_SUBJECT}/certificationDecision/assessedOn"),
    (r"/original_decided_on", f"{_SUBJECT}/certificationDecision/originallyDecidedOn"),
    (r"/decision", f"{_SUBJECT}/certificationDecision"),
    (r"/previous/body_names/(\d+)", rf"{_SUBJECT}/previousCertification/nameAsRegistered/\1"),
    (r"/previous", f"{_SUBJECT}/previousCertification"),
    (r"/report", f"{_SUBJECT}/historyReport"),
    (r"/provenance", f"{_SUBJECT}/recordProvenance"),
    (r"/cycle", f"{_SUBJECT}/certificationCycle"),
    (r"/validity/valid_from", "/validFrom"),
    (r"/validity/valid_until", "/validUntil"),
    (r"/validity/effective_on", f"{_SUBJECT}/effectiveOn"),
    (r"/validity/last_valid_day", f"{_SUBJECT}/lastValidDay"),
    (r"/validity/time_zone", f"{_SUBJECT}/timeZone"),
    (r"/accreditations/(\d+)", rf"{_SUBJECT}/authorisation/\1"),
    (r"/accreditations", f"{_SUBJECT}/authorisation"),
)


def _credential_place(facts_place: str) -> str:
    for pattern, place in _PLACES:
        found = re.match(pattern, facts_place)
        if found:
            return found.expand(place)
    return _SUBJECT


def _differences(presented: Any, composed: Any, place: str) -> Iterator[str]:
    """The places where two JSON values differ, each as deep as it can be named."""
    if isinstance(presented, dict) and isinstance(composed, dict):
        for member in sorted(presented.keys() | composed.keys()):
            yield from _differences(presented.get(member), composed.get(member), pointer_to(place, member))
    elif isinstance(presented, list) and isinstance(composed, list) and len(presented) == len(composed):
        for i, (one, other) in enumerate(zip(presented, composed, strict=True)):
            yield from _differences(one, other, pointer_to(place, i))
    elif type(presented) is not type(composed) or presented != composed:
        yield place
