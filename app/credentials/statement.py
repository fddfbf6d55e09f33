"""Signed statements of our own: an ES256 JWS over canonical JSON with a `type`, by the key that `kid` names.

A statement has exactly one form: header `alg`, `kid`, `typ` and nothing else, both parts in their own JCS form.
`read_statement` only reads; `check_statement` also demands that the key given is the one named and made the signature.
Whether that key may say such a thing is for the caller: a key binding or an anchor answers that, never the header.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.credentials.canonical import NotCanonical, canonical
from app.credentials.jws import ALGORITHM, check_jws, signing_input, split_jws
from app.credentials.strict_json import StrictJsonError, parse_object
from app.errors import AkashiError
from app.keys.keys import BadSignature, thumbprint

STATEMENT_TYPE = "akashi-statement+jwt"
MAX_STATEMENT_BYTES = 64 * 1024


class MalformedStatement(AkashiError):
    """The JWS is not one of our statements; `note` says why."""

    def __init__(self, note: str) -> None:
        super().__init__("malformed_statement", note=note)


@dataclass(frozen=True)
class UnverifiedStatement:
    """A well-formed statement that anybody may have written."""

    type: str
    payload: dict[str, Any]
    kid: str
    jws: str

    @property
    def signing_input(self) -> bytes:
        """The signed bytes; their digest names the statement."""
        return self.jws.rpartition(".")[0].encode("ascii")


@dataclass(frozen=True)
class Statement:
    """A statement that the key named in it has signed."""

    type: str
    payload: dict[str, Any]
    kid: str
    signing_input: bytes


def statement_input(payload: dict[str, Any], kid: str) -> bytes:
    """The bytes to be signed by the key with thumbprint `kid`; the payload names its own `type`."""
    _type_of(payload)
    return signing_input({"alg": ALGORITHM, "kid": kid, "typ": STATEMENT_TYPE}, canonical(payload))


def read_statement(presented: str) -> UnverifiedStatement:
    """The unverified content of a statement; raises `JwsRefused` or `MalformedStatement`."""
    jws = split_jws(presented)
    if set(jws.header) != {"alg", "kid", "typ"} or jws.header["typ"] != STATEMENT_TYPE:
        raise MalformedStatement(f"the header has alg, kid and typ {STATEMENT_TYPE}")
    payload = _canonical_payload(jws.payload)
    if signing_input(jws.header, jws.payload) != jws.signing_input:
        raise MalformedStatement("the header is not in canonical form (RFC 8785)")
    return UnverifiedStatement(_type_of(payload), payload, jws.header["kid"], presented)


def check_statement(unverified: UnverifiedStatement, public_key: ec.EllipticCurvePublicKey) -> Statement:
    """The statement as said by this key; raises `BadSignature` if another key is named or the signature fails."""
    if thumbprint(public_key) != unverified.kid:
        raise BadSignature
    verified = check_jws(split_jws(unverified.jws), public_key)
    return Statement(unverified.type, unverified.payload, unverified.kid, verified.signing_input)


def _canonical_payload(presented: bytes) -> dict[str, Any]:
    try:
        payload = parse_object(presented, max_bytes=MAX_STATEMENT_BYTES)
        if canonical(payload) == presented:
            return payload
    except (StrictJsonError, NotCanonical) as error:
        raise MalformedStatement(f"payload: {error}") from error
    raise MalformedStatement("the payload is not in canonical form (RFC 8785)")


def _type_of(payload: dict[str, Any]) -> str:
    kind = payload.get("type")
    if not isinstance(kind, str) or not kind:
        raise MalformedStatement("the payload names no type")
    return kind
