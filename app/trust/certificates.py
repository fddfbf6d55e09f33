"""What we read in an X.509 certificate, and the identifiers of our own that we look for there.

A certificate is read completely or refused: every name, extension and key is decoded at once, so that none can fail
later on a half-rendered page (C040, C041). Purposes are policy identifiers under `2.25.<UUID>` (ITU-T X.667), which
need nobody's registration and never change.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import CertificatePoliciesOID, NameOID

from app.errors import AkashiError

DEVELOPMENT_ONLY = "DEVELOPMENT ONLY"
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""`id-kp-documentSigning`, RFC 9336."""
DEVELOPMENT_POLICY = x509.ObjectIdentifier("2.25.25708277764594033416458984466329946065")
ANY_POLICY = CertificatePoliciesOID.ANY_POLICY

_VERSION, _INTEGER, _LONG_FORM = 0xA0, 0x02, 0x80
_PRINTABLE = "a name uses PrintableString for a character that it does not have"
_T = TypeVar("_T", bound=x509.ExtensionType)
_LENGTHS = {
    NameOID.COUNTRY_NAME: (2, 2),
    NameOID.JURISDICTION_COUNTRY_NAME: (2, 2),
    NameOID.COMMON_NAME: (1, 64),
}
"""How long these parts of a name are (RFC 5280 appendix A.1); the library warns of others and accepts them."""
_UNREADABLE = (
    TypeError,  # a name holds a BIT STRING where it cannot
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


class Purpose(StrEnum):
    """What the holder of a certificate signs with its key; each is a certificate policy of ours."""

    CERTIFY = "certify"
    SUSPEND = "suspend"
    ACCREDIT = "accredit"
    SEAL = "seal"


POLICY_OF = {
    Purpose.CERTIFY: x509.ObjectIdentifier("2.25.96845773294010523015736619115592702202"),
    Purpose.SUSPEND: x509.ObjectIdentifier("2.25.327964502473372551596385310593294320271"),
    Purpose.ACCREDIT: x509.ObjectIdentifier("2.25.92581646814492852000491194050364471269"),
    Purpose.SEAL: x509.ObjectIdentifier("2.25.297167836026406127415783138062320860239"),
}


class ChainRefused(AkashiError):
    """The certificates do not show that a party holds a key; the code says why, the note where."""


def read_certificate(der: bytes) -> x509.Certificate:
    """The certificate, wholly decoded; raises `ChainRefused` with a plain reason."""
    certificate = _decoded(der)
    for part in ("subject", "issuer", "extensions", "public_key"):
        try:
            value = getattr(certificate, part)
            value() if callable(value) else list(value)
        except _UNREADABLE as error:
            note = f"the {part.replace('_', ' ')} cannot be read: its encoding is broken"
            raise ChainRefused("chain_malformed", note=note) from error
    if not all(_has_lawful_lengths(name) for name in (certificate.subject, certificate.issuer)):
        raise ChainRefused("chain_malformed", note="a part of a name has a length that it cannot have")
    return certificate


def extension(certificate: x509.Certificate, kind: type[_T]) -> _T | None:
    """The value of an extension, or None."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def p256_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    """The key that is certified; raises `ChainRefused` unless it is P-256."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ChainRefused("chain_wrong_key")
    return key


def policies_of(certificate: x509.Certificate) -> frozenset[x509.ObjectIdentifier]:
    """Identifiers of the certificate's policies; empty without the extension."""
    return frozenset(policy.policy_identifier for policy in extension(certificate, x509.CertificatePolicies) or ())


def is_for_development(certificate: x509.Certificate) -> bool:
    """Whether the certificate says of itself, by policy or by name, that it proves nothing."""
    named = any(DEVELOPMENT_ONLY in str(attribute.value) for attribute in certificate.subject)
    return named or DEVELOPMENT_POLICY in policies_of(certificate)


def subject_texts(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> tuple[str, ...]:
    """Values of one attribute of the subject, in order."""
    return tuple(str(attribute.value) for attribute in certificate.subject.get_attributes_for_oid(oid))


def organization_of(certificate: x509.Certificate) -> str:
    """The organisation that the certificate names, for people to read; never what a party is recognised by."""
    return ", ".join(subject_texts(certificate, NameOID.ORGANIZATION_NAME))


def _decoded(der: bytes) -> x509.Certificate:
    if not _has_positive_serial(der):
        raise ChainRefused("chain_malformed", note="its serial number is not positive (RFC 5280 §4.1.2.2)")
    try:
        certificate = x509.load_der_x509_certificate(der)
    except _UNREADABLE as error:
        note = _PRINTABLE if "PrintableString" in str(error) else "not a certificate in DER"
        raise ChainRefused("chain_malformed", note=note) from error
    if der[-len(certificate.signature) - 1]:  # the library leaves out how many bits are unused, which nothing signs
        raise ChainRefused("chain_malformed", note="its signature is not whole bytes")
    return certificate


def _has_lawful_lengths(name: x509.Name) -> bool:
    limits = ((attribute, _LENGTHS.get(attribute.oid)) for attribute in name)
    return all(limit is None or limit[0] <= len(attribute.value) <= limit[1] for attribute, limit in limits)


def _has_positive_serial(der: bytes) -> bool:
    """False only for a serial number that can be found and is zero or negative.

    Looked at before the library reads, because it warns of such a certificate and accepts it. Whatever is not found
    where it belongs is left to the library, which reads DER strictly and refuses it.
    """
    try:
        _, whole, _ = _element(der, 0)
        _, signed_part, _ = _element(der, whole)
        tag, content, end = _element(der, signed_part)
        if tag == _VERSION:
            tag, content, end = _element(der, end)
        serial = der[content:end]
    except IndexError:
        return True
    return tag != _INTEGER or not serial or int.from_bytes(serial, "big", signed=True) > 0


def _element(der: bytes, at: int) -> tuple[int, int, int]:
    """Tag, begin of the content and end of the DER element at a place."""
    tag, length, content = der[at], der[at + 1], at + 2
    if length >= _LONG_FORM:
        octets = length - _LONG_FORM
        length, content = int.from_bytes(der[content : content + octets], "big"), content + octets
    return tag, content, content + length
