"""A signing request asks for what the chain check looks for."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

from app.keys.keys import public_jwk
from app.keys.software import generate_software_key
from app.trust.certificates import DOCUMENT_SIGNING
from app.trust.development import Holder
from app.trust.requests import signing_request

PARTY = "0b9f5d0e-7a51-4c07-9a53-5f7f6a2d9c01"
ADDRESS = f"https://registry.example/bodies/{PARTY}/did.json"


def test_a_request_names_the_party_its_key_and_its_purpose():
    key = generate_software_key()
    holder = Holder(PARTY, "架空認証センター", "JP", "NTRJP-8000000000001")

    request = x509.load_pem_x509_csr(signing_request(key, holder, ADDRESS).encode())

    assert request.is_signature_valid
    assert public_jwk(request.public_key()) == public_jwk(key.public_key)
    subject = {attribute.oid: attribute.value for attribute in request.subject}
    assert subject[NameOID.ORGANIZATION_NAME] == "架空認証センター"
    assert subject[NameOID.ORGANIZATION_IDENTIFIER] == "NTRJP-8000000000001"
    usage = request.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(usage) == [DOCUMENT_SIGNING]
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [ADDRESS]


def test_a_party_without_identifier_asks_for_none():
    request = x509.load_pem_x509_csr(
        signing_request(generate_software_key(), Holder(PARTY, "Fictional", "JP"), ADDRESS).encode()
    )
    assert not request.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
