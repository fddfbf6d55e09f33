"""Public keys, their thumbprints, and the one signature of this product: ES256, 64 bytes r‖s.

A key is P-256 or it is refused; no algorithm name is ever read from input. The thumbprint is the SHA-256 of the
SubjectPublicKeyInfo in DER, which X.509, log entries and key bindings can all recompute. With every ECDSA signature
(r, s) the other one (r, n-s) verifies too, and anybody can compute it: of the two only the one with the lower s is a
signature here (docs/adr/0015-one-form-of-a-signature.md). A key can still sign the same bytes twice with another r, so
nothing is identified by its signature: digests are taken over what was signed.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64u, b64u_decode

COORDINATE_BYTES = 32
"""Length of x, y, r and s on P-256 (FIPS 186-5, RFC 7518 §3.4, §6.2.1.2)."""
SIGNATURE_BYTES = 2 * COORDINATE_BYTES
ORDER = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
"""n, the order of P-256 (SEC 2 §2.4.2)."""
ONE_FORM = "of the two forms of a signature only the one with the lower s counts"

_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""What stands before x‖y in the SubjectPublicKeyInfo of every key on P-256 (DER, uncompressed point: RFC 5480 §2)."""
_JWK_MEMBERS = frozenset({"kty", "crv", "x", "y"})
_ONLY_P256 = "only EC keys on P-256 are accepted"


class MalformedKey(AkashiError):
    """What was presented is not the public half of a P-256 key in the one form that is accepted."""

    def __init__(self, note: str) -> None:
        super().__init__("malformed_key", note=note)


class BadSignature(AkashiError):
    """The signature was not made by this key over these bytes, or is not the one form of it that counts."""

    def __init__(self, note: str = "") -> None:
        super().__init__("bad_signature", note=note)


class Signer(Protocol):
    """Something that holds one private key: a software file today, a token or a remote service later."""

    @property
    def thumbprint(self) -> str:
        """Name of the key."""

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Public half of the key."""

    def sign(self, message: bytes) -> bytes:
        """ES256 over the message: 64 bytes, r‖s, with the lower s (`low_s`)."""


def thumbprint(public_key: ec.EllipticCurvePublicKey) -> str:
    """Name of a P-256 key, or `MalformedKey`: base64url SHA-256 over its SubjectPublicKeyInfo (DER)."""
    return b64u(hashlib.sha256(_SPKI + b"".join(_point_of(public_key))).digest())


def public_jwk(public_key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The key as a JWK of exactly the four members that `key_from_jwk` accepts."""
    x, y = _point_of(public_key)
    return {"kty": "EC", "crv": "P-256", "x": b64u(x), "y": b64u(y)}


def private_jwk(private_key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The whole key as a JWK, for a private file of whoever made it; never for an answer, a log or a repository."""
    secret = private_key.private_numbers().private_value.to_bytes(COORDINATE_BYTES, "big")
    return {**public_jwk(private_key.public_key()), "d": b64u(secret)}


def key_from_jwk(presented: object) -> ec.EllipticCurvePublicKey:
    """The key of a JWK `{"kty": "EC", "crv": "P-256", "x", "y"}`; raises `MalformedKey` for anything else."""
    if not isinstance(presented, dict):
        raise MalformedKey("a JWK is a JSON object")
    if "d" in presented:
        raise MalformedKey("a private key was presented; it must be considered disclosed")
    if set(presented) != _JWK_MEMBERS:
        raise MalformedKey("a JWK has exactly the members kty, crv, x, y")
    if presented["kty"] != "EC" or presented["crv"] != "P-256":
        raise MalformedKey(_ONLY_P256)
    x, y = (_coordinate(presented[name]) for name in ("x", "y"))
    try:
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError as error:
        raise MalformedKey("the point is not on the curve") from error


def check_signature(public_key: ec.EllipticCurvePublicKey, message: bytes, signature: bytes) -> None:
    """Return if the 64-byte ES256 signature holds and is the one with the lower s; raise `BadSignature` otherwise."""
    if not verifies(public_key, message, signature):
        raise BadSignature
    if not is_low_s(signature):
        raise BadSignature(ONE_FORM)


def verifies(public_key: ec.EllipticCurvePublicKey, message: bytes, signature: bytes) -> bool:
    """Whether ES256 as such holds, in either form: for what others sign in their own ways and nobody keeps."""
    if len(signature) != SIGNATURE_BYTES or not isinstance(public_key.curve, ec.SECP256R1):
        return False
    try:
        public_key.verify(encode_dss_signature(*_numbers(signature)), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def low_s(signature: bytes) -> bytes:
    """The form of a 64-byte signature that counts: s or n-s, whichever is lower. Every `Signer` ends with this."""
    r, s = _numbers(signature)
    return r.to_bytes(COORDINATE_BYTES, "big") + min(s, ORDER - s).to_bytes(COORDINATE_BYTES, "big")


def is_low_s(signature: bytes) -> bool:
    """Whether the signature is in that form already; says nothing about whether it holds."""
    return _numbers(signature)[1] <= ORDER // 2


def _numbers(signature: bytes) -> tuple[int, int]:
    r, s = signature[:COORDINATE_BYTES], signature[COORDINATE_BYTES:]
    return int.from_bytes(r, "big"), int.from_bytes(s, "big")


def _point_of(public_key: ec.EllipticCurvePublicKey) -> tuple[bytes, bytes]:
    if not isinstance(public_key.curve, ec.SECP256R1):
        raise MalformedKey(_ONLY_P256)
    numbers = public_key.public_numbers()
    return numbers.x.to_bytes(COORDINATE_BYTES, "big"), numbers.y.to_bytes(COORDINATE_BYTES, "big")


def _coordinate(presented: object) -> int:
    if not isinstance(presented, str):
        raise MalformedKey("coordinates are base64url texts")
    try:
        content = b64u_decode(presented)
    except MalformedBase64 as error:
        raise MalformedKey(f"coordinates are base64url texts: {error.note}") from error
    if len(content) != COORDINATE_BYTES:
        raise MalformedKey("coordinates on P-256 have 32 bytes")
    return int.from_bytes(content, "big")
