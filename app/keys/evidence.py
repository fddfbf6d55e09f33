"""What a person or a body signs to be believed: a decider's evidence, and proof of possession of a key.

Each challenge begins with its own name and a line feed, so that a signature given for one purpose is worthless for any
other (`docs/trust.md`). The signature is ES256 over the 32 bytes of the challenge.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64u, b64u_decode
from app.keys.keys import Signer, check_signature, thumbprint

DECIDE = b"akashi-decide-v1\n"
POSSESS = b"akashi-possess-v1\n"

_MEMBERS = frozenset({"type", "key", "signature"})


class EvidenceRefused(AkashiError):
    """The evidence proves nothing: `malformed_evidence` or `evidence_of_another_key`."""


def decision_challenge(document: bytes) -> bytes:
    """What a decider signs: SHA-256 over the purpose and the digest of the exact decision document."""
    return hashlib.sha256(DECIDE + hashlib.sha256(document).digest()).digest()


def sign_evidence(signer: Signer, document: bytes) -> dict[str, str]:
    """The decider's evidence over a decision document."""
    return {"type": "key", "key": signer.thumbprint, "signature": b64u(signer.sign(decision_challenge(document)))}


def check_evidence(evidence: Any, public_key: ec.EllipticCurvePublicKey, document: bytes) -> None:
    """Return if this key gave this evidence over exactly this document; raise `EvidenceRefused` or `BadSignature`."""
    if not isinstance(evidence, dict) or set(evidence) != _MEMBERS or evidence["type"] != "key":
        raise EvidenceRefused("malformed_evidence", field="/evidence")
    signature = _signature_of(evidence["signature"], "/evidence/signature")
    if evidence["key"] != thumbprint(public_key):
        raise EvidenceRefused("evidence_of_another_key", field="/evidence/key")
    check_signature(public_key, decision_challenge(document), signature)


def possession_challenge(body_id: UUID | str, key: str, nonce: str) -> bytes:
    """What a body signs with a key to be bound: itself, the key's thumbprint, and a nonce that was given to it."""
    return hashlib.sha256(POSSESS + "\n".join((str(body_id), key, nonce)).encode()).digest()


def sign_possession(signer: Signer, body_id: UUID | str, nonce: str) -> str:
    """Proof that the signer holds its key, as base64url."""
    return b64u(signer.sign(possession_challenge(body_id, signer.thumbprint, nonce)))


def check_possession(presented: Any, public_key: ec.EllipticCurvePublicKey, body_id: UUID | str, nonce: str) -> None:
    """Return if the holder of this key signed for this body and nonce; raise `EvidenceRefused` or `BadSignature`."""
    signature = _signature_of(presented, "/possession")
    check_signature(public_key, possession_challenge(body_id, thumbprint(public_key), nonce), signature)


def _signature_of(presented: Any, field: str) -> bytes:
    try:
        return b64u_decode(presented if isinstance(presented, str) else "=")
    except MalformedBase64 as error:
        raise EvidenceRefused("malformed_evidence", field=field, note=error.note) from error
