"""A certificate credential as evidence: within the profile, canonical to the byte, with key, chain and status.

Anything else under the media type `vc+jwt` is refused. Nothing here checks a signature.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.credentials.facts import CertificateFacts
from app.credentials.facts_json import facts_digest
from app.credentials.jws import MAX_JWS_BYTES, UnverifiedJws
from app.credentials.profile import check_profile
from app.credentials.strict_json import parse_object
from app.errors import AkashiError
from app.status.entry import StatusEntry, read_entries

CREDENTIAL_TYP = "vc+jwt"


class CertificateRefused(AkashiError):
    """The credential is not in the one form that this registry writes."""


@dataclass(frozen=True)
class Certificate:
    """One version of a certificate as its file states it: unverified."""

    certification: str
    version_no: int
    base_url: str
    facts: CertificateFacts
    facts_sha256: str
    kid: str
    chain: tuple[bytes, ...]
    status: tuple[StatusEntry, ...]


def read_certificate(jws: UnverifiedJws) -> Certificate:
    """The certificate in a JWS; raises `CertificateRefused`, `StrictJsonError`, `ProfileError`, `StatusListRefused`."""
    kid = jws.header.get("kid")
    if jws.header.get("typ") != CREDENTIAL_TYP or not isinstance(kid, str):
        raise CertificateRefused("malformed_certificate", field="/header")
    credential = parse_object(jws.payload, max_bytes=MAX_JWS_BYTES)
    checked = check_profile(credential)
    if checked.payload != jws.payload:
        raise CertificateRefused("malformed_certificate", note="the payload is not in canonical form (RFC 8785)")
    return Certificate(
        checked.public_id,
        checked.version_no,
        checked.reserved.base_url,
        checked.facts,
        facts_digest(checked.facts),
        kid,
        jws.chain,
        read_entries(credential),
    )
