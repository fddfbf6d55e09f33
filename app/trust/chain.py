"""The chain check: whether certificates say that this party holds this key, at that instant, for that purpose.

RFC 5280 §6 with our end-entity profile on top. `cryptography` builds and checks the path (signatures, names, path
lengths, basicConstraints, name constraints); what it leaves open is checked here: validity with its own reasons,
certificate policies, extended key usage along the path, unknown critical extensions, and above all *whose* key it is.
A path from a good CA to another party's key proves nothing. Each refusal has its own code. No revocation here yet, and
no clock: the instant is that of the proof of existence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from app.trust.anchors import Anchors, Authority
from app.trust.certificates import (
    ANY_POLICY,
    DOCUMENT_SIGNING,
    POLICY_OF,
    ChainRefused,
    Purpose,
    extension,
    is_for_development,
    organization_of,
    p256_key,
    policies_of,
    read_certificate,
    subject_texts,
)

MAX_PATH = 5

_DID_ADDRESS = re.compile(r"https?://[^/?#\s]+(?:/[^?#\s]*)?/bodies/([0-9a-f-]{36})/did\.json")
"""Address of a body's DID document; a `did:web:` URI in its place fails certificate linters."""

_PROCESSED = frozenset(
    kind.oid
    for kind in (
        x509.BasicConstraints,
        x509.KeyUsage,
        x509.ExtendedKeyUsage,
        x509.SubjectAlternativeName,
        x509.NameConstraints,
    )
)
"""Critical extensions whose meaning is honoured here or by the library; any other refuses (RFC 5280 §4.2)."""


@dataclass(frozen=True)
class CheckedChain:
    """A key, and whose it is according to an authority that the verifier trusts."""

    public_key: ec.EllipticCurvePublicKey
    party: str
    organization: str
    development: bool
    authority: Authority


def check_chain(
    presented: Sequence[bytes],
    anchors: Anchors,
    at: datetime,
    *,
    party: str,
    organization_identifiers: Collection[str] = (),
    purpose: Purpose = Purpose.CERTIFY,
) -> CheckedChain:
    """The key of `party` according to a chain (DER, leaf first, anchor left out) at an instant; raises `ChainRefused`.

    The leaf must name the party by the address of its DID document or by one of `organization_identifiers`
    (2.5.4.97), and must not name anybody else in either place.
    """
    chain = _read(presented)
    development = _refuse_stray_development(chain, anchors)
    _check_validity(chain, at)
    for certificate in chain:
        _check_extensions(certificate)
    authority = _check_path(
        chain, [one for one in anchors.authorities if one.holds_at(at) and one.speaks_for(party)], at
    )
    _check_leaf_usage(chain[0])
    _check_purpose(chain, purpose)
    if development and not authority.development:
        raise ChainRefused("chain_development")
    _check_party(chain[0], party, organization_identifiers)
    return CheckedChain(
        p256_key(chain[0]), party, organization_of(chain[0]), development or authority.development, authority
    )


def _read(presented: Sequence[bytes]) -> list[x509.Certificate]:
    if len(presented) > MAX_PATH:
        raise ChainRefused("chain_too_long")
    if not presented:
        raise ChainRefused("chain_malformed", note="no certificate is present")
    return [_read_one(place, der) for place, der in enumerate(presented, start=1)]


def _read_one(place: int, der: bytes) -> x509.Certificate:
    try:
        return read_certificate(der)
    except ChainRefused as error:
        raise ChainRefused(error.code, note=f"certificate {place}: {error.note}") from error


def _refuse_stray_development(chain: list[x509.Certificate], anchors: Anchors) -> bool:
    """Whether the chain calls itself a development one; refused in these words if no development CA is trusted."""
    development = any(is_for_development(certificate) for certificate in chain)
    if development and not any(authority.development for authority in anchors.authorities):
        raise ChainRefused("chain_development")
    return development


def _check_validity(chain: list[x509.Certificate], at: datetime) -> None:
    for place, certificate in enumerate(chain, start=1):
        if at < certificate.not_valid_before_utc:
            raise ChainRefused("chain_not_yet_valid", note=f"certificate {place}")
        if at > certificate.not_valid_after_utc:
            raise ChainRefused("chain_expired", note=f"certificate {place}")


def _check_path(chain: list[x509.Certificate], authorities: list[Authority], at: datetime) -> Authority:
    """The authority at which the path ends; the presented certificates are on it in this order, and no others."""
    if not authorities:
        raise ChainRefused("chain_untrusted", note="no authority is trusted for this party at that time")
    verifier = (
        PolicyBuilder()
        .store(Store([authority.certificate for authority in authorities]))
        .time(at)
        .max_chain_depth(MAX_PATH)
        .extension_policies(ca_policy=_CA_POLICY, ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        path = verifier.verify(chain[0], chain[1:]).chain
    except VerificationError as error:
        raise ChainRefused("chain_untrusted", note="no valid path leads to a trusted authority") from error
    if path[:-1] != chain:
        raise ChainRefused("chain_malformed", note="leaf first, each certified by the next, the anchor left out")
    return next(authority for authority in authorities if authority.certificate == path[-1])


def _demand_cert_sign(_policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    """Outside its Web PKI profile the library asks a CA for `cA` and the path length, but not for `keyCertSign`."""
    if not usage.key_cert_sign:
        raise ValueError("a CA needs keyCertSign (RFC 5280 §4.2.1.3)")


_CA_POLICY = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.CRITICAL, None)
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _demand_cert_sign)
)


def _check_extensions(certificate: x509.Certificate) -> None:
    for one in certificate.extensions:
        if one.critical and one.oid not in _PROCESSED:
            raise ChainRefused("chain_unknown_extension", note=one.oid.dotted_string)


def _check_leaf_usage(leaf: x509.Certificate) -> None:
    constraints, usage = extension(leaf, x509.BasicConstraints), extension(leaf, x509.KeyUsage)
    if constraints is not None and constraints.ca:
        raise ChainRefused("chain_wrong_usage", note="the signer's certificate is that of a CA")
    if usage is None or not usage.digital_signature or usage.key_cert_sign:
        raise ChainRefused("chain_wrong_usage", note="keyUsage: digitalSignature without keyCertSign is expected")
    if DOCUMENT_SIGNING not in _usages(leaf):
        raise ChainRefused("chain_wrong_usage", note="extKeyUsage: id-kp-documentSigning is expected")


def _check_purpose(chain: list[x509.Certificate], purpose: Purpose) -> None:
    """The leaf has the policy of the purpose, and no CA above it was limited to others (RFC 5280 §6.1.3 d)."""
    policy = POLICY_OF[purpose]
    if policy not in policies_of(chain[0]):
        raise ChainRefused("chain_wrong_purpose", note=f"the policy {purpose} is expected")
    for certificate in chain[1:]:
        if not policies_of(certificate) & {policy, ANY_POLICY}:
            raise ChainRefused("chain_wrong_purpose", note="a CA of the chain may not certify this policy")
        usages = _usages(certificate)
        if usages and not usages & {DOCUMENT_SIGNING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}:
            raise ChainRefused("chain_wrong_usage", note="a CA of the chain may not certify the signing of documents")


def _check_party(leaf: x509.Certificate, party: str, organization_identifiers: Collection[str]) -> None:
    addressed = _parties_addressed(leaf)
    identified = set(subject_texts(leaf, NameOID.ORGANIZATION_IDENTIFIER))
    expected = set(organization_identifiers)
    contradicted = addressed - {party} or (expected and identified - expected)
    if contradicted or not (addressed or identified & expected):
        raise ChainRefused("chain_wrong_party", note=organization_of(leaf))


def _parties_addressed(leaf: x509.Certificate) -> set[str]:
    """Party ids in the addresses of DID documents among the leaf's alternative names."""
    names = extension(leaf, x509.SubjectAlternativeName)
    addresses = names.get_values_for_type(x509.UniformResourceIdentifier) if names else []
    return {match[1] for address in addresses if (match := _DID_ADDRESS.fullmatch(address))}


def _usages(certificate: x509.Certificate) -> set[x509.ObjectIdentifier]:
    return set(extension(certificate, x509.ExtendedKeyUsage) or ())
