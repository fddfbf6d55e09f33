"""A machine client's key and its signed assertion: `private_key_jwt` of OpenID Connect Core §9 over RFC 7523 §3.

An assertion counts only if every part of it is as we say: three canonical base64url parts, a header of `alg`, `typ`
and `kid` alone, the algorithm of the *registered* key, a valid signature, `iss` = `sub` = the client, `aud` = this
issuer and nobody else, an end at most a minute ahead, and a `jti` that the caller then spends once. Reasons about
claims are told only after the signature held; an unknown client and a wrong signature read alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64u, b64u_decode
from app.keys.keys import MalformedKey, Signer, key_from_jwk, verifies

MAX_ASSERTION = 4096
"""Characters; ours are below 500, and nothing that a client has to say needs more."""
LONGEST_LIFE = timedelta(seconds=60)
SKEW = timedelta(seconds=10)
"""How far the client's clock may stand from ours, in either direction."""
ALGORITHMS = {"EC": ("ES256",), "OKP": ("Ed25519", "EdDSA")}
"""By kind of the registered key. RFC 9864 renamed `EdDSA`, many clients still send the old name for the same thing."""
ED25519_BYTES = 32
TYPES = ("JWT", "client-authentication+jwt")
"""Nothing else that the same key may have signed can be presented as an assertion."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9._~-]{8,64}\Z")
_COMMENTARY = frozenset({"kid", "alg", "use"})
"""Members of a JWK that say something about the key and are no part of it."""
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class UnverifiedAssertion:
    """An assertion of the right shape; nothing in it is believed yet."""

    client_id: str
    header: dict[str, Any]
    claims: dict[str, Any]
    signing_input: bytes
    signature: bytes


@dataclass(frozen=True)
class CheckedAssertion:
    """A client that proved its key; `jti` must now be spent, and remembered until `remember_until` (C107)."""

    client_id: str
    jti: str
    remember_until: datetime


def check_client_key(presented: object) -> dict[str, str]:
    """The public JWK that a client registers: P-256 or Ed25519, its key members alone, never a private part."""
    if not isinstance(presented, dict) or "d" in presented:
        raise MalformedKey("a public key as a JWK is expected; a private one must be considered disclosed")
    members = {name: value for name, value in presented.items() if name not in _COMMENTARY}
    _load_key(members)
    return members


def split_assertion(presented: str) -> UnverifiedAssertion:
    """The parts of a presented assertion, strictly read; which client it claims to be is in `client_id`."""
    parts = presented.split(".") if len(presented) <= MAX_ASSERTION else []
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004, header, payload, signature (RFC 7515 §7.1)
        _refuse("it is not a compact JWS of at most 4096 characters")
    header, claims = _read_object(_decode(parts[0])), _read_object(_decode(parts[1]))
    if not {"alg"} <= header.keys() <= {"alg", "typ", "kid"} or header.get("typ", "JWT") not in TYPES:
        _refuse("its header may have alg, typ (JWT or client-authentication+jwt) and kid, nothing else")
    client_id = claims.get("sub")
    if not isinstance(client_id, str) or not _CLIENT_ID.match(client_id):
        _refuse("its sub is not a client ID")
    return UnverifiedAssertion(client_id, header, claims, f"{parts[0]}.{parts[1]}".encode("ascii"), _decode(parts[2]))


def check_assertion(
    unverified: UnverifiedAssertion, registered_key: dict[str, Any] | None, *, issuer: str, now: datetime
) -> CheckedAssertion:
    """The client holds its registered key (None: there is no such client) and says so to us, now."""
    if registered_key is None or not _signature_holds(unverified, registered_key):
        raise AkashiError("client_not_authenticated")
    claims = unverified.claims
    if claims.get("iss") != unverified.client_id:
        _refuse("its iss differs from its sub; both are the client ID")
    if claims.get("aud") not in (issuer, [issuer]):
        raise AkashiError("assertion_for_another", note=issuer)
    ends = _check_times(claims, now)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti.isprintable() or not 1 <= len(jti) <= 255:  # noqa: PLR2004, as the store
        _refuse("its jti must be a text of 1 to 255 printable characters")
    return CheckedAssertion(unverified.client_id, jti, ends + SKEW)


def sign_assertion(
    client_id: str, signer: Signer, *, issuer: str, now: datetime, random_text: Callable[[int], str] = token_urlsafe
) -> str:
    """An assertion with which a client of ours (demo, tests, command line) signs in once within the next minute."""
    issued = int(now.timestamp())
    ends = issued + int(LONGEST_LIFE.total_seconds())
    claims = {"iss": client_id, "sub": client_id, "aud": issuer, "iat": issued, "exp": ends, "jti": random_text(16)}
    parts = ({"alg": "ES256", "typ": "JWT"}, claims)
    signing_input = ".".join(b64u(json.dumps(part).encode("utf-8")) for part in parts)
    return f"{signing_input}.{b64u(signer.sign(signing_input.encode('ascii')))}"


def _check_times(claims: dict[str, Any], now: datetime) -> datetime:
    ends = _instant(claims, "exp")
    if ends is None:
        _refuse("it has no exp")
    if ends <= now - SKEW:
        raise AkashiError("assertion_expired")
    if ends > now + LONGEST_LIFE + SKEW:
        raise AkashiError("assertion_lives_too_long")
    for name in ("iat", "nbf"):
        begins = _instant(claims, name)
        if begins is not None and begins > now + SKEW:
            raise AkashiError("assertion_not_yet_valid", note=name)
    return ends


def _instant(claims: dict[str, Any], name: str) -> datetime | None:
    presented = claims.get(name)
    if presented is None and name not in claims:
        return None
    if isinstance(presented, bool) or not isinstance(presented, int | float) or not 0 <= presented < _LATEST:
        _refuse(f"its {name} is not a number of seconds since 1970")
    return datetime.fromtimestamp(presented, UTC)


def _signature_holds(unverified: UnverifiedAssertion, registered_key: dict[str, Any]) -> bool:
    """The algorithm comes from the registered key; the header is only held against it.

    Either form of an ES256 signature will do: clients sign with libraries of their own, and nobody keeps an assertion.
    """
    key = _load_key(registered_key)
    if unverified.header["alg"] not in ALGORITHMS[registered_key["kty"]]:
        return False
    if not isinstance(key, Ed25519PublicKey):
        return verifies(key, unverified.signing_input, unverified.signature)
    try:
        key.verify(unverified.signature, unverified.signing_input)
    except InvalidSignature:
        return False
    return True


def _load_key(jwk: dict[str, Any]) -> Ed25519PublicKey | EllipticCurvePublicKey:
    if jwk.get("kty") != "OKP":
        return key_from_jwk(jwk)
    if jwk.keys() != {"kty", "crv", "x"} or jwk["crv"] != "Ed25519" or not isinstance(jwk["x"], str):
        raise MalformedKey("an OKP key has exactly the members kty, crv (Ed25519) and x")
    content = b64u_decode(jwk["x"])
    if len(content) != ED25519_BYTES:
        raise MalformedKey("an Ed25519 public key has 32 bytes")
    return Ed25519PublicKey.from_public_bytes(content)


def _decode(part: str) -> bytes:
    try:
        return b64u_decode(part)
    except MalformedBase64 as error:
        _refuse(f"a part of it is not strict base64url: {error.note}")


def _read_object(raw: bytes) -> dict[str, Any]:
    try:
        read = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _refuse("a part of it is not JSON, or a member stands twice")
    if not isinstance(read, dict):
        _refuse("a part of it is not a JSON object")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(reason: str) -> NoReturn:
    raise AkashiError("malformed_assertion", field="/client_assertion", note=reason)
