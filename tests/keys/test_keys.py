"""Public keys, thumbprints and the one signature: ES256 on P-256, 64 bytes."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from hypothesis import given, settings
from hypothesis import strategies as st

from app.keys.encoding import b64u, b64u_decode
from app.keys.keys import (
    ORDER,
    BadSignature,
    MalformedKey,
    check_signature,
    is_low_s,
    key_from_jwk,
    low_s,
    private_jwk,
    public_jwk,
    thumbprint,
    verifies,
)
from app.keys.software import generate_software_key
from tests.support.shared import shared_data
from tests.support.signatures import other_form

KEY = generate_software_key()
MESSAGE = b"what was decided"
SIGNATURE = KEY.sign(MESSAGE)


@settings(max_examples=60)
@given(st.integers(1, ORDER - 1))
def test_a_thumbprint_is_the_digest_of_the_key_as_x509_writes_it(scalar):
    key = ec.derive_private_key(scalar, ec.SECP256R1()).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert thumbprint(key) == b64u(hashlib.sha256(der).digest())
    assert len(thumbprint(KEY.public_key)) == 43


def test_a_key_on_another_curve_has_no_name_here():
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    for write in (thumbprint, public_jwk):
        with pytest.raises(MalformedKey, match="P-256"):
            write(other)


def test_a_key_survives_the_way_through_its_jwk():
    assert key_from_jwk(public_jwk(KEY.public_key)) == KEY.public_key


def test_a_private_jwk_is_the_whole_key_and_is_refused_where_a_public_one_belongs():
    jwk = private_jwk(KEY.authority())
    secret = int.from_bytes(b64u_decode(jwk["d"]), "big")

    assert ec.derive_private_key(secret, ec.SECP256R1()).public_key() == KEY.public_key
    with pytest.raises(MalformedKey, match="disclosed"):
        key_from_jwk(jwk)


def test_coordinates_keep_their_leading_zeros():
    """RFC 7518 §6.2.1.2: the octet string has the full size of a coordinate."""
    small = next(
        key
        for scalar in range(1, 2000)
        if (key := ec.derive_private_key(scalar, ec.SECP256R1()).public_key()).public_numbers().x < 2**248
    )
    jwk = public_jwk(small)
    assert len(b64u_decode(jwk["x"])) == 32
    assert key_from_jwk(jwk) == small


def _changed(**changes):
    return {**public_jwk(KEY.public_key), **changes}


@pytest.mark.parametrize(
    ("presented", "note"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ({}, "exactly the members"),
        (_changed(d="AA"), "considered disclosed"),
        (_changed(kid="x"), "exactly the members"),
        (_changed(kty="OKP"), "only EC keys"),
        (_changed(crv="P-384"), "only EC keys"),
        (_changed(crv=["P-256"]), "only EC keys"),
        (_changed(x=7), "base64url texts"),
        (_changed(x="="), "padding"),
        (_changed(x=b64u(bytes(31))), "32 bytes"),
        (_changed(x=b64u(bytes(33))), "32 bytes"),
        (_changed(x=b64u(bytes(32))), "not on the curve"),
        (_changed(x=b64u(b"\xff" * 32)), "not on the curve"),
        (_changed(x=b64u(bytes(32)), y=b64u(bytes(32))), "not on the curve"),
    ],
)
def test_a_jwk_of_any_other_form_is_refused(presented, note):
    with pytest.raises(MalformedKey) as refusal:
        key_from_jwk(presented)
    assert refusal.value.code == "malformed_key"
    assert note in refusal.value.note


def test_a_signature_holds_for_its_message_and_key():
    check_signature(KEY.public_key, MESSAGE, SIGNATURE)


@settings(max_examples=60)
@given(st.binary(max_size=64))
def test_of_the_two_forms_of_a_signature_only_the_lower_one_counts(message):
    """(r, n-s) holds whenever (r, s) does, and anybody can compute it."""
    signature = KEY.sign(message)
    other = other_form(signature)
    check_signature(KEY.public_key, message, signature)
    assert verifies(KEY.public_key, message, other)
    assert low_s(signature) == low_s(other) == signature
    with pytest.raises(BadSignature) as refusal:
        check_signature(KEY.public_key, message, other)
    assert "lower s" in refusal.value.note


def test_the_middle_of_the_order_divides_the_two_forms():
    """n is odd, so s and n-s never meet."""
    lowest_high = (ORDER + 1) // 2
    assert is_low_s(bytes(32) + (lowest_high - 1).to_bytes(32, "big"))
    assert not is_low_s(bytes(32) + lowest_high.to_bytes(32, "big"))


@settings(max_examples=60)
@given(st.integers(0, 63), st.integers(1, 255))
def test_any_altered_byte_of_a_signature_is_refused(place, difference):
    altered = bytearray(SIGNATURE)
    altered[place] ^= difference
    with pytest.raises(BadSignature):
        check_signature(KEY.public_key, MESSAGE, bytes(altered))


@pytest.mark.parametrize(
    "signature",
    [b"", SIGNATURE[:-1], SIGNATURE + b"\0", bytes(64)],
    ids=["empty", "a byte short", "a byte long", "zeros"],
)
def test_a_signature_of_another_length_or_of_zeros_is_refused(signature):
    with pytest.raises(BadSignature):
        check_signature(KEY.public_key, MESSAGE, signature)


def test_another_message_another_key_and_another_curve_are_refused():
    for key, message in (
        (KEY.public_key, b"something else"),
        (generate_software_key().public_key, MESSAGE),
        (ec.generate_private_key(ec.SECP256K1()).public_key(), MESSAGE),
    ):
        with pytest.raises(BadSignature):
            check_signature(key, message, SIGNATURE)


def test_every_wycheproof_vector_of_ecdsa_p256_is_judged_as_published():
    """C2SP/wycheproof, ecdsa_secp256r1_sha256_p1363_test.json: 262 signatures in the form that JOSE uses.

    `verifies` judges as published; of the 173 that hold, `check_signature` takes the 103 with the lower s.
    """
    vectors = json.loads(shared_data("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json").read_bytes())
    judged, counted = 0, 0
    for group in vectors["testGroups"]:
        key = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        for vector in group["tests"]:
            judged += 1
            message, signature = bytes.fromhex(vector["msg"]), bytes.fromhex(vector["sig"])
            assert verifies(key, message, signature) == (vector["result"] == "valid"), vector["tcId"]
            counts = _counts(key, message, signature)
            assert counts == (vector["result"] == "valid" and is_low_s(signature)), vector["tcId"]
            counted += counts
    assert judged == vectors["numberOfTests"]
    assert counted == 103


def _counts(key, message, signature):
    try:
        check_signature(key, message, signature)
    except BadSignature:
        return False
    return True
