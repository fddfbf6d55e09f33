from __future__ import annotations

import json

import pytest

from app.credentials.canonical import canonical
from app.credentials.encoding import b64u, b64u_decode
from app.credentials.jws import split_jws
from app.errors import AkashiError
from app.examiner.certificate import CertificateRefused, read_certificate
from tests.support.certificate_facts import BASE_URL
from tests.support.evidence import PUBLIC_ID, granted, world

JWS = granted().envelopes[3].jws
HEADER, PAYLOAD, SIGNATURE = JWS.split(".")


def with_header(**changes: object) -> str:
    header = {name: value for name, value in (json.loads(b64u_decode(HEADER)) | changes).items() if value is not None}
    return f"{b64u(canonical(header))}.{PAYLOAD}.{SIGNATURE}"


def with_payload(payload: bytes) -> str:
    return f"{HEADER}.{b64u(payload)}.{SIGNATURE}"


def test_a_certificate_says_what_it_is_and_which_key_signed_it() -> None:
    certificate = read_certificate(split_jws(JWS))
    assert (certificate.certification, certificate.version_no, certificate.base_url) == (PUBLIC_ID, 1, BASE_URL)
    assert (certificate.kid, certificate.chain) == (world().body_key.thumbprint, world().chain)
    assert [entry.purpose for entry in certificate.status] == ["revocation", "suspension", "refresh"]


@pytest.mark.parametrize("changes", [{"typ": "JWT"}, {"typ": None}, {"kid": None}])
def test_another_header_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(CertificateRefused):
        read_certificate(split_jws(with_header(**changes)))


def test_a_payload_with_other_spaces_is_refused() -> None:
    spaced = json.dumps(json.loads(b64u_decode(PAYLOAD)), ensure_ascii=False).encode()
    with pytest.raises(CertificateRefused, match="canonical"):
        read_certificate(split_jws(with_payload(spaced)))


def test_a_payload_outside_the_profile_is_refused() -> None:
    content = json.loads(b64u_decode(PAYLOAD)) | {"evidence": []}
    with pytest.raises(AkashiError, match="outside_profile"):
        read_certificate(split_jws(with_payload(canonical(content))))
