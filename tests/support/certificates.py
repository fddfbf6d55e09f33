"""Certificates as an honest, a careless or a hostile authority would make them; every property is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.trust.certificates import ANY_POLICY, DOCUMENT_SIGNING, POLICY_OF, Purpose

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PARTY = "22222222-2222-4222-8222-222222222222"
OTHER_PARTY = "33333333-3333-4333-8333-333333333333"


@dataclass(frozen=True)
class Issued:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: Any

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def did_address(party: str) -> str:
    """Where the DID document of a body of the test registry stands."""
    return f"https://registry.example/bodies/{party}/did.json"


def name(organization: str, *, identifier: str | None = None, common: str = "Test") -> x509.Name:
    """C, O, organizationIdentifier, CN."""
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
    ]
    if identifier:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, identifier))
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def key_usage(*names: str) -> x509.KeyUsage:
    """A keyUsage with exactly these bits."""
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{bit: bit in names for bit in every})


def policies(*identifiers: x509.ObjectIdentifier) -> x509.CertificatePolicies:
    """A policies extension with these identifiers."""
    return x509.CertificatePolicies([x509.PolicyInformation(identifier, None) for identifier in identifiers])


def addresses(*uris: str) -> x509.SubjectAlternativeName:
    """Alternative names that are addresses."""
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri) for uri in uris])


Extension = tuple[x509.ExtensionType, bool]

CA_EXTENSIONS: dict[str, Extension | None] = {
    "constraints": (x509.BasicConstraints(ca=True, path_length=None), True),
    "usage": (key_usage("key_cert_sign", "crl_sign"), True),
    "policies": (policies(ANY_POLICY), False),
}
LEAF_EXTENSIONS: dict[str, Extension | None] = {
    "constraints": (x509.BasicConstraints(ca=False, path_length=None), True),
    "usage": (key_usage("digital_signature"), True),
    "purposes": (x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), False),
    "policies": (policies(POLICY_OF[Purpose.CERTIFY]), False),
    "names": (addresses(did_address(PARTY)), False),
}


def issue(
    issuer: Issued | None = None,
    *,
    ca: bool = False,
    subject: x509.Name | None = None,
    key: Any = None,
    signing_key: Any = None,
    begin: datetime = BEGIN,
    days: int = 365,
    **extensions: Extension | None,
) -> Issued:
    """A certificate with the usual extensions of its kind; a keyword replaces, adds, or (None) leaves out one."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = subject or name("Test CA" if ca else "Certification Body")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
    )
    for extension in {**(CA_EXTENSIONS if ca else LEAF_EXTENSIONS), **extensions}.values():
        if extension is not None:
            builder = builder.add_extension(*extension)
    return Issued(builder.sign(signing_key or (issuer.key if issuer else key), hashes.SHA256()), key)
