"""A decider's evidence and proofs of possession: each signature serves one purpose, one document, one key."""

import hashlib
from uuid import UUID

import pytest

from app.keys.encoding import b64u, b64u_decode
from app.keys.evidence import (
    EvidenceRefused,
    check_evidence,
    check_possession,
    decision_challenge,
    possession_challenge,
    sign_evidence,
    sign_possession,
)
from app.keys.keys import BadSignature
from app.keys.software import generate_software_key
from tests.support.signatures import other_form

KEY = generate_software_key()
DOCUMENT = b'{"type":"akashi-decision-1"}'
BODY = UUID("7a7c6ed8-0d3c-4f4e-9d0b-2f6b1b2d8a11")


def test_the_challenge_of_a_decision_is_the_published_one():
    expected = hashlib.sha256(b"akashi-decide-v1\n" + hashlib.sha256(DOCUMENT).digest()).digest()
    assert decision_challenge(DOCUMENT) == expected


def test_evidence_holds_for_its_document_and_key():
    check_evidence(sign_evidence(KEY, DOCUMENT), KEY.public_key, DOCUMENT)


def test_evidence_over_another_document_is_refused():
    with pytest.raises(BadSignature):
        check_evidence(sign_evidence(KEY, DOCUMENT), KEY.public_key, DOCUMENT + b" ")


def test_evidence_of_another_persons_key_is_refused():
    with pytest.raises(EvidenceRefused) as refusal:
        check_evidence(sign_evidence(generate_software_key(), DOCUMENT), KEY.public_key, DOCUMENT)
    assert refusal.value.code == "evidence_of_another_key"


def test_a_signature_over_the_bare_document_is_no_evidence():
    bare = {"type": "key", "key": KEY.thumbprint, "signature": b64u(KEY.sign(DOCUMENT))}
    with pytest.raises(BadSignature):
        check_evidence(bare, KEY.public_key, DOCUMENT)


GOOD = sign_evidence(KEY, DOCUMENT)


@pytest.mark.parametrize(
    "evidence",
    [
        None,
        [],
        "key",
        {},
        {**GOOD, "type": "passkey"},
        {**GOOD, "extra": 1},
        {"type": "key", "key": KEY.thumbprint},
        {**GOOD, "signature": 1},
        {**GOOD, "signature": "="},
        {**GOOD, "signature": GOOD["signature"] + "="},
    ],
)
def test_evidence_of_another_form_is_refused(evidence):
    with pytest.raises(EvidenceRefused) as refusal:
        check_evidence(evidence, KEY.public_key, DOCUMENT)
    assert refusal.value.code == "malformed_evidence"
    assert refusal.value.faults[0].field.startswith("/evidence")


def test_the_other_form_of_a_true_signature_is_no_evidence_and_no_proof():
    changed = {**GOOD, "signature": b64u(other_form(b64u_decode(GOOD["signature"])))}
    with pytest.raises(BadSignature):
        check_evidence(changed, KEY.public_key, DOCUMENT)
    proof = b64u(other_form(b64u_decode(sign_possession(KEY, BODY, "nonce-1"))))
    with pytest.raises(BadSignature):
        check_possession(proof, KEY.public_key, BODY, "nonce-1")


def test_possession_is_proven_for_one_body_one_key_and_one_nonce():
    proof = sign_possession(KEY, BODY, "nonce-1")
    check_possession(proof, KEY.public_key, BODY, "nonce-1")
    check_possession(proof, KEY.public_key, str(BODY), "nonce-1")
    for key, body, nonce in (
        (generate_software_key().public_key, BODY, "nonce-1"),
        (KEY.public_key, UUID(int=1), "nonce-1"),
        (KEY.public_key, BODY, "nonce-2"),
    ):
        with pytest.raises(BadSignature):
            check_possession(proof, key, body, nonce)


@pytest.mark.parametrize("proof", [None, 7, "", "=", "AAAA"])
def test_a_proof_of_possession_of_another_form_is_refused(proof):
    with pytest.raises((EvidenceRefused, BadSignature)):
        check_possession(proof, KEY.public_key, BODY, "nonce-1")


def test_a_possession_challenge_is_not_a_decision_challenge():
    assert possession_challenge(BODY, KEY.thumbprint, "n") != decision_challenge(
        f"{BODY}\n{KEY.thumbprint}\nn".encode()
    )
