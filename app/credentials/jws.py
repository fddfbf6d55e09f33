"""Compact JWS (RFC 7515), ES256 only, with one accepted text for each content.

`split_jws` takes the text apart and refuses every header that could move trust from our anchors to the sender: another
algorithm, `none`, an embedded or linked key, critical extensions, compression. What it returns is still unverified.
`check_jws` verifies the exact bytes against a key that *we* chose, never one from the header, and by the one algorithm
that exists here; no JOSE library takes part (docs/adr/0016-no-jose-library.md), the tests ask one. Of the two forms of
a signature only the one with the lower s is read; yet a key can sign the same bytes twice (see `app.keys.keys`): name
a JWS by the digest of its signing input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.credentials.canonical import canonical
from app.credentials.strict_json import StrictJsonError, parse_object
from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64_decode, b64u, b64u_decode
from app.keys.keys import ONE_FORM, SIGNATURE_BYTES, Signer, check_signature, is_low_s

ALGORITHM = "ES256"
MAX_JWS_BYTES = 256 * 1024
MAX_CHAIN = 5
MAX_CERTIFICATE_BYTES = 16 * 1024
MAX_HEADER_BYTES = MAX_CHAIN * MAX_CERTIFICATE_BYTES * 4 // 3 + 4096

_TEXT_MEMBERS = frozenset({"alg", "kid", "typ", "cty"})
_HEADER_MEMBERS = _TEXT_MEMBERS | {"x5c"}
_PARTS = ("header", "payload", "signature")


class JwsRefused(AkashiError):
    """The text is no JWS that we read.

    Codes: `malformed_jws`, `jws_too_large`, `jws_algorithm`, `jws_header_member`, `malformed_x5c`.
    """


@dataclass(frozen=True)
class UnverifiedJws:
    """The parts of a well-formed JWS whose signature nobody has checked. Made by `split_jws` and nothing else."""

    header: Mapping[str, Any]
    chain: tuple[bytes, ...]
    """Certificates of `x5c` as DER, leaf first; empty without `x5c`."""
    payload: bytes
    signing_input: bytes
    signature: bytes

    @property
    def compact(self) -> str:
        """The text as it was presented: there is only one."""
        return f"{self.signing_input.decode('ascii')}.{b64u(self.signature)}"


@dataclass(frozen=True)
class VerifiedJws:
    """A JWS whose signature holds under the key that the caller chose."""

    header: Mapping[str, Any]
    chain: tuple[bytes, ...]
    payload: bytes
    signing_input: bytes


def signing_input(header: Mapping[str, Any], payload: bytes) -> bytes:
    """The exact bytes to be signed; raises `JwsRefused` for a header that `split_jws` would not read back."""
    _check_header(header)
    return f"{b64u(canonical(dict(header)))}.{b64u(payload)}".encode("ascii")


def secure(unsigned: bytes, signer: Signer) -> str:
    """The compact JWS of a signing input, with the signer's signature."""
    return f"{unsigned.decode('ascii')}.{b64u(signer.sign(unsigned))}"


def split_jws(presented: str) -> UnverifiedJws:
    """The parts of a compact JWS; raises `JwsRefused` with a reason. Nothing is verified yet."""
    if len(presented) > MAX_JWS_BYTES:
        raise JwsRefused("jws_too_large", note=f"more than {MAX_JWS_BYTES} characters")
    parts = presented.split(".")
    if len(parts) != len(_PARTS):
        raise JwsRefused("malformed_jws", note="a compact JWS has three parts")
    header_bytes, payload, signature = (_part(name, part) for name, part in zip(_PARTS, parts, strict=True))
    header = _parse_header(header_bytes)
    chain = _check_header(header)
    if len(signature) != SIGNATURE_BYTES:
        raise JwsRefused("malformed_jws", note="an ES256 signature has 64 bytes")
    if not is_low_s(signature):
        raise JwsRefused("malformed_jws", note=ONE_FORM)
    return UnverifiedJws(header, chain, payload, f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def check_jws(unverified: UnverifiedJws, public_key: ec.EllipticCurvePublicKey) -> VerifiedJws:
    """The same JWS as a verified one; raises `BadSignature` if this key did not sign exactly this."""
    check_signature(public_key, unverified.signing_input, unverified.signature)
    return VerifiedJws(unverified.header, unverified.chain, unverified.payload, unverified.signing_input)


def _part(name: str, encoded: str) -> bytes:
    try:
        return b64u_decode(encoded)
    except MalformedBase64 as error:
        raise JwsRefused("malformed_jws", note=f"{name}: {error.note}") from error


def _parse_header(header_bytes: bytes) -> dict[str, Any]:
    try:
        return parse_object(header_bytes, max_bytes=MAX_HEADER_BYTES)
    except StrictJsonError as error:
        raise JwsRefused("malformed_jws", note=f"header: {error}") from error


def _check_header(header: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Refuse what could redirect trust, and return the certificates of `x5c`."""
    if header.get("alg") != ALGORITHM:
        raise JwsRefused("jws_algorithm", field="/header/alg")
    for member in header:
        if member not in _HEADER_MEMBERS:
            raise JwsRefused("jws_header_member", field=f"/header/{member[:32]}")
    for member in _TEXT_MEMBERS & set(header):
        if not isinstance(header[member], str) or not header[member]:
            raise JwsRefused("malformed_jws", field=f"/header/{member}", note="a text is expected")
    return _chain_of(header["x5c"]) if "x5c" in header else ()


def _chain_of(x5c: object) -> tuple[bytes, ...]:
    if not isinstance(x5c, list) or not 0 < len(x5c) <= MAX_CHAIN:
        raise JwsRefused("malformed_x5c", field="/header/x5c", note=f"a list of 1 to {MAX_CHAIN} certificates")
    return tuple(_certificate_of(place, entry) for place, entry in enumerate(x5c))


def _certificate_of(place: int, entry: object) -> bytes:
    """The DER bytes of one entry: padded standard base64 (RFC 7515 §4.1.6); other habits are named (C046, C047)."""
    field = f"/header/x5c/{place}"
    if not isinstance(entry, str):
        raise JwsRefused("malformed_x5c", field=field, note="a text is expected")
    if entry.startswith("-----BEGIN"):
        raise JwsRefused("malformed_x5c", field=field, note="PEM found, base64 of DER expected")
    try:
        der = b64_decode(entry)
    except MalformedBase64 as error:
        raise JwsRefused("malformed_x5c", field=field, note=error.note) from error
    if der.startswith(b"-----BEGIN"):
        raise JwsRefused("malformed_x5c", field=field, note="PEM found, base64 of DER expected")
    if not 0 < len(der) <= MAX_CERTIFICATE_BYTES:
        raise JwsRefused("malformed_x5c", field=field, note=f"1 to {MAX_CERTIFICATE_BYTES} bytes of DER expected")
    return der
