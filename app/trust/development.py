"""A throw-away chain for demonstrations and tests: root, one issuing CA an accreditation body, leaves for bodies.

Every certificate says DEVELOPMENT ONLY in its names and carries the development policy: production settings refuse its
anchors and the chain check fails it for whoever has not chosen to trust it. The shape is that of the real PKI. The
folder receives public certificates only; the private keys of the authorities stay, encrypted, in the key folder.
Writing again what is there already returns it unchanged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.keys.keys import thumbprint
from app.keys.software import KeyFolder
from app.trust.anchors import Authority
from app.trust.certificates import (
    ANY_POLICY,
    DEVELOPMENT_ONLY,
    DEVELOPMENT_POLICY,
    DOCUMENT_SIGNING,
    POLICY_OF,
    Purpose,
    p256_key,
    read_certificate,
)

ROOT_LIFE = timedelta(days=20 * 365)
ISSUING_LIFE = timedelta(days=10 * 365)
LEAF_LIFE = timedelta(days=815)
"""27 months are never shorter than 819 days."""
MAX_NAME = 64
"""`ub-organization-name`, RFC 5280 appendix A.1."""

_OWNER = "Akashi"
_ROOT_FILE = "root.cer"


@dataclass(frozen=True)
class Holder:
    """The party that a certificate is issued to, as it will stand there."""

    party: str
    name: str
    country: str
    organization_identifier: str = ""
    """ETSI semantics, `LEIXG-…` or `NTRJP-…`; empty if the party has none."""


@dataclass(frozen=True)
class DevelopmentChain:
    """An open development chain: its folder of certificates, its keys, and its root."""

    folder: Path
    keys: KeyFolder
    root: x509.Certificate

    @property
    def anchor(self) -> Authority:
        """The root as an anchor, marked as what it is."""
        return Authority(
            party=_OWNER,
            valid_from=self.root.not_valid_before_utc,
            valid_to=self.root.not_valid_after_utc,
            name=f"Root, {DEVELOPMENT_ONLY}",
            development=True,
            certificate=self.root,
        )

    def issuing(self, accreditation_body: Holder, *, not_before: datetime) -> x509.Certificate:
        """The issuing CA that serves the bodies of this accreditation body, made at the first asking."""
        path = self.folder / f"issuing-{accreditation_body.party}.cer"
        if path.exists():
            return read_certificate(path.read_bytes())
        key = self.keys.create()
        subject = _name(accreditation_body, "Issuing CA")
        builder = _builder(subject, self.root.subject, key.public_key, not_before, self._end(not_before, ISSUING_LIFE))
        certificate = self._sign(_with_ca_profile(builder, path_length=0, policy=ANY_POLICY), self.root)
        path.write_bytes(certificate.public_bytes(Encoding.DER))
        return certificate

    def issue(
        self,
        public_key: ec.EllipticCurvePublicKey,
        holder: Holder,
        *,
        did_address: str,
        accreditation_body: Holder,
        not_before: datetime,
        purposes: Collection[Purpose] = (Purpose.CERTIFY,),
    ) -> tuple[bytes, ...]:
        """A chain for a body's key: leaf and issuing CA as DER, the anchor left out, ready for `x5c`.

        `did_address` is `{public address}/bodies/{party}/did.json`; the chain check recognises the party by it.
        """
        issuing = self.issuing(accreditation_body, not_before=not_before)
        end = min(not_before + LEAF_LIFE, issuing.not_valid_after_utc)
        builder = _builder(_name(holder, "Certificate signing"), issuing.subject, public_key, not_before, end)
        leaf = self._sign(_with_leaf_profile(builder, did_address, purposes), issuing)
        return leaf.public_bytes(Encoding.DER), issuing.public_bytes(Encoding.DER)

    def _end(self, not_before: datetime, life: timedelta) -> datetime:
        return min(not_before + life, self.root.not_valid_after_utc)

    def _sign(self, builder: x509.CertificateBuilder, issuer: x509.Certificate) -> x509.Certificate:
        return _signed(builder, self.keys, p256_key(issuer))


def write_development_chain(folder: Path, keys: KeyFolder, *, not_before: datetime) -> DevelopmentChain:
    """The development chain of this folder: its root is made if it is not there, and opened if it is."""
    path = folder / _ROOT_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = keys.create().public_key
        subject = _name(Holder(_OWNER, _OWNER, "JP"), "Root")
        builder = _builder(subject, subject, key, not_before, not_before + ROOT_LIFE)
        root = _signed(_with_ca_profile(builder, path_length=1, policy=None), keys, key)
        path.write_bytes(root.public_bytes(Encoding.DER))
    return DevelopmentChain(folder, keys, read_certificate(path.read_bytes()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    """What every certificate has; X.509 counts in whole seconds."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin.replace(microsecond=0))
        .not_valid_after(end.replace(microsecond=0))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _with_ca_profile(
    builder: x509.CertificateBuilder, *, path_length: int, policy: x509.ObjectIdentifier | None
) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    builder = builder.add_extension(_key_usage(authority=True), critical=True)
    return builder if policy is None else builder.add_extension(_policies(policy), critical=False)


def _with_leaf_profile(
    builder: x509.CertificateBuilder, did_address: str, purposes: Collection[Purpose]
) -> x509.CertificateBuilder:
    """The end-entity profile of `docs/trust.md`, with the development policy beside each purpose."""
    policies = (*(POLICY_OF[purpose] for purpose in purposes), DEVELOPMENT_POLICY)
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(did_address)])
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(_policies(*policies), critical=False)
        .add_extension(names, critical=False)
    )


def _signed(
    builder: x509.CertificateBuilder, keys: KeyFolder, issuer_key: ec.EllipticCurvePublicKey
) -> x509.Certificate:
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    return builder.sign(keys.signer(thumbprint(issuer_key)).authority(), hashes.SHA256())


def _name(holder: Holder, role: str) -> x509.Name:
    """C, O, organizationIdentifier, CN; every text is a UTF8String but the country (C040)."""
    room = MAX_NAME - len(DEVELOPMENT_ONLY) - 3
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, holder.country),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{holder.name[:room]} ({DEVELOPMENT_ONLY})"),
    ]
    if holder.organization_identifier:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, holder.organization_identifier))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, f"{role}, {DEVELOPMENT_ONLY}"))
    return x509.Name(attributes)


def _policies(*identifiers: x509.ObjectIdentifier) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(identifier, None) for identifier in identifiers])


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
