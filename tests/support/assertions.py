"""Client assertions for tests: an honest one, and the means to spoil each part of it. Standard library and keys only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.keys.encoding import b64u
from app.keys.software import SoftwareKey

JsonObject = dict[str, Any]


def raw_assertion(header: bytes, claims: bytes, sign: Callable[[bytes], bytes]) -> str:
    """A compact JWS over exactly these bytes, whatever they are."""
    signing_input = f"{b64u(header)}.{b64u(claims)}"
    return f"{signing_input}.{b64u(sign(signing_input.encode()))}"


def assertion(claims: JsonObject, key: SoftwareKey | Ed25519PrivateKey, header: JsonObject | None = None) -> str:
    """A signed assertion with these claims; `header` replaces the honest one."""
    honest = {"alg": "ES256" if isinstance(key, SoftwareKey) else "Ed25519", "typ": "JWT"}
    return raw_assertion(json.dumps(header or honest).encode(), json.dumps(claims).encode(), key.sign)


def ed25519_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    """The public half as a JWK."""
    return {"kty": "OKP", "crv": "Ed25519", "x": b64u(key.public_key().public_bytes_raw())}
