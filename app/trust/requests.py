"""Requests for a certificate, to be signed by a CA outside: PKCS#10 in PEM (RFC 2986).

The request asks for what the chain check will look for: the party's name, the address of its DID document, document
signing, and nothing of a CA. What the CA grants is the CA's to decide.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.keys.software import SoftwareKey
from app.trust.certificates import DOCUMENT_SIGNING
from app.trust.development import MAX_NAME, Holder


def signing_request(key: SoftwareKey, holder: Holder, did_address: str) -> str:
    """The request in PEM, signed with the key that it is about."""
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, holder.country),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, holder.name[:MAX_NAME]),
    ]
    if holder.organization_identifier:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, holder.organization_identifier))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, "Certificate signing"))
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name(attributes))
        .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(did_address)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .sign(key.authority(), hashes.SHA256())
    )
    return request.public_bytes(Encoding.PEM).decode("ascii")
