"""What anybody can do to a signature without its key."""

from __future__ import annotations

from app.keys.encoding import b64u, b64u_decode
from app.keys.keys import COORDINATE_BYTES, ORDER


def other_form(signature: bytes) -> bytes:
    """(r, n-s) in place of (r, s): it holds by the mathematics of ECDSA."""
    s = int.from_bytes(signature[COORDINATE_BYTES:], "big")
    return signature[:COORDINATE_BYTES] + (ORDER - s).to_bytes(COORDINATE_BYTES, "big")


def with_other_form(jws: str) -> str:
    """A compact JWS under the other form of its signature."""
    signed, _, signature = jws.rpartition(".")
    return f"{signed}.{b64u(other_form(b64u_decode(signature)))}"
