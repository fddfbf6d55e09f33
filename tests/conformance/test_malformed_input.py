"""R24 in T size: twenty thousand damaged inputs over twelve parsers, and each is answered by a coded refusal, at once.

What is damaged was sound: our own documents, of real keys. Damage goes to bytes, and within a JWS or a bundle to the
JSON inside it, so that readers deep down are reached, too. The seed stands in the failure and repeats the run.
"""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from random import Random, SystemRandom
from typing import Any

import pytest

from app.access.clients import sign_assertion, split_assertion
from app.conformity.identifiers import group_public_id, parse_public_id
from app.credentials.encoding import b64u, b64u_decode
from app.credentials.jws import split_jws
from app.credentials.profile import check_profile
from app.credentials.statement import read_statement
from app.credentials.strict_json import parse_json, parse_object
from app.errors import AkashiError, catalogue
from app.examiner.bundle import read_bundle
from app.examiner.certificate import read_certificate
from app.examiner.evidence import Evidence
from app.examiner.examine import examine
from app.examiner.presented import examine_alone
from app.keys.evidence import check_evidence, sign_evidence
from app.keys.keys import key_from_jwk, public_jwk
from app.keys.software import generate_software_key
from app.status.list_credential import read_status_list
from app.trust.anchors import Anchors, parse_anchors
from app.trust.certificates import read_certificate as read_x509
from tests.support.evidence import NOW, PUBLIC_ID, granted, list_address_of, world

INPUTS = 20_000
LONGEST = 10.0
MOST = 4 * 1024 * 1024
ODD = (
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b'"',
    b"{",
    b"[" * 50,
    b"}",
    b"\\ud800",
    b"1e999",
    b"-0",
    b"\xe2\x80\xae",
    b"=",
    b".",
)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**60,
    0,
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    {"": None},
    "2026-02-30",
    "\u202e",
)

KEY = generate_software_key()
RECORD = granted()
BUNDLE = RECORD.bundle()
PARTS = json.loads(BUNDLE)
ENVELOPES: list[str] = PARTS["envelopes"]
STATEMENTS = [jws for jws in ENVELOPES if "statement" in split_jws(jws).header["typ"]]
(CERTIFICATE,) = [jws for jws in ENVELOPES if split_jws(jws).header["typ"] == "vc+jwt"]
LISTS: list[str] = PARTS["status_lists"]
DER = b64decode(split_jws(CERTIFICATE).header["x5c"][0])
EVIDENCE = json.dumps(sign_evidence(KEY, b"document")).encode()
ANCHORS = json.dumps(world().anchors.as_json()).encode()
ASSERTION = sign_assertion("client-of-tests", KEY, issuer="https://registry.example", now=NOW)


def read_list(presented: str) -> object:
    payload = parse_object(split_jws(presented).payload, max_bytes=MOST)
    return read_status_list(payload, purpose="revocation", address=list_address_of(1), at=NOW)


def with_part(presented: str) -> Evidence:
    """Evidence in which one document is the presented one, however little it fits there."""
    evidence = RECORD.evidence()
    at = len(presented) % len(evidence.envelopes)
    part = replace(evidence.envelopes[at], jws=presented)
    return replace(evidence, envelopes=(*evidence.envelopes[:at], part, *evidence.envelopes[at + 1 :]))


def text(presented: bytes) -> str:
    """As a door reads text: bytes that are none never come further."""
    return presented.decode("utf-8", "replace")


PARSERS: dict[str, tuple[Callable[[bytes], object], list[bytes]]] = {
    "json": (lambda presented: parse_json(presented, max_bytes=MOST), [ANCHORS, BUNDLE]),
    "base64url": (lambda presented: b64u_decode(text(presented)), [b64u(DER).encode()]),
    "jws": (lambda presented: split_jws(text(presented)), [CERTIFICATE.encode(), LISTS[0].encode()]),
    "statement": (lambda presented: read_statement(text(presented)), [jws.encode() for jws in STATEMENTS]),
    "credential": (lambda presented: read_certificate(split_jws(text(presented))), [CERTIFICATE.encode()]),
    "profile": (
        lambda presented: check_profile(parse_json(presented, max_bytes=MOST)),
        [split_jws(CERTIFICATE).payload],
    ),
    "status list": (lambda presented: read_list(text(presented)), [jws.encode() for jws in LISTS]),
    "bundle": (read_bundle, [BUNDLE]),
    "x509": (read_x509, [DER]),
    "anchors": (lambda presented: parse_anchors(parse_json(presented, max_bytes=MOST)), [ANCHORS]),
    "client assertion": (lambda presented: split_assertion(text(presented)), [ASSERTION.encode()]),
    "evidence and key": (
        lambda presented: check_evidence(parse_json(presented, max_bytes=MOST), KEY.public_key, b"document"),
        [EVIDENCE],
    ),
    "jwk": (
        lambda presented: key_from_jwk(parse_json(presented, max_bytes=MOST)),
        [json.dumps(public_jwk(KEY.public_key)).encode()],
    ),
    "public id": (lambda presented: parse_public_id(text(presented)), [group_public_id(PUBLIC_ID).encode()]),
    "examined bundle": (lambda presented: examine(read_bundle(presented), world().anchors, now=NOW), [BUNDLE]),
    "examined part": (
        lambda presented: examine(with_part(text(presented)), world().anchors, now=NOW),
        [CERTIFICATE.encode(), *(jws.encode() for jws in STATEMENTS)],
    ),
    "presented file": (lambda presented: examine_alone(presented, Anchors(), now=NOW), [CERTIFICATE.encode()]),
}
SLOW = {"examined bundle", "examined part", "bundle", "profile", "credential"}
"""Where each input costs a millisecond or more, fewer are tried; the cheap parsers make up the number."""


def share(name: str) -> int:
    few = INPUTS // 40
    return few if name in SLOW else (INPUTS - few * len(SLOW)) // (len(PARSERS) - len(SLOW)) + 1


@pytest.mark.parametrize("name", PARSERS)
def test_damaged_input_is_refused_with_a_code_and_at_once(name):
    parse, samples = PARSERS[name]
    seed = SystemRandom().getrandbits(64)
    chance = Random(seed)
    for number in range(share(name)):
        damaged = damage(chance, chance.choice(samples))
        began = time.monotonic()
        codes = refusal_of(parse, damaged, f"seed {seed}, input {number}")
        assert time.monotonic() - began < LONGEST, (seed, number)
        assert codes <= catalogue().keys(), (seed, number, codes)


def refusal_of(parse: Callable[[bytes], object], damaged: bytes, which: str) -> set[str]:
    """The codes of the refusal, none where the damage left it sound; anything else is a defect."""
    try:
        parse(damaged)
    except AkashiError as refusal:
        return {refusal.code, *(fault.code for fault in refusal.faults)}
    except Exception as defect:
        raise AssertionError(f"{which}: {damaged[:200]!r}") from defect
    return set()


def test_the_inputs_are_as_many_as_the_goal_says():
    assert sum(share(name) for name in PARSERS) >= INPUTS
    assert len(PARSERS) >= 12


def damage(chance: Random, sound: bytes) -> bytes:
    """One to three wounds: in the bytes, in the JSON, or in the JSON inside the parts of a JWS."""
    wounded = sound
    for _ in range(chance.randint(1, 3)):
        wounded = chance.choice((in_bytes, in_bytes, in_json, in_jws))(chance, wounded)
    return wounded


def in_bytes(chance: Random, sound: bytes) -> bytes:
    at = chance.randrange(len(sound) + 1)
    length = chance.choice((1, 1, 2, 8, 64))
    kind = chance.randrange(6)
    if kind == 0:
        return sound[:at]
    if kind == 1:
        return sound[:at] + sound[at + length :]
    if kind == 2:
        return sound[:at] + sound[at : at + length] * 2 + sound[at + length :]
    if kind == 3:
        return sound[:at] + chance.choice(ODD) + sound[at:]
    if kind == 4:
        return sound[:at] + chance.randbytes(length) + sound[at + length :]
    return sound[:at] + bytes([sound[at - 1] ^ (1 << chance.randrange(8))] if sound else b"") + sound[at + 1 :]


def in_json(chance: Random, sound: bytes) -> bytes:
    """Some value inside is another, missing, or stands at another place; bytes that are no JSON stay as they are."""
    try:
        value = json.loads(sound)
    except ValueError:
        return sound
    return json.dumps(wounded_value(chance, value), ensure_ascii=False).encode("utf-8", "surrogatepass")


def wounded_value(chance: Random, value: Any) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.85:
        name = chance.choice(list(value))
        if chance.random() < 0.15:
            return {key: inner for key, inner in value.items() if key != name}
        if chance.random() < 0.1:
            return {**value, "surprise": chance.choice(ODD_VALUES)}
        return {**value, name: wounded_value(chance, value[name])}
    if isinstance(value, list) and value and chance.random() < 0.85:
        at = chance.randrange(len(value))
        return [*value[:at], wounded_value(chance, value[at]), *value[at + chance.randrange(2) :]]
    if isinstance(value, str) and value.count(".") == 2 and chance.random() < 0.7:
        return in_jws(chance, value.encode()).decode("utf-8", "replace")
    return chance.choice(ODD_VALUES)


def in_jws(chance: Random, sound: bytes) -> bytes:
    parts = sound.decode("utf-8", "replace").split(".")
    at = chance.randrange(len(parts))
    try:
        inner = b64u_decode(parts[at])
    except AkashiError:
        return sound
    parts[at] = b64u(chance.choice((in_json, in_json, in_bytes))(chance, inner))
    return ".".join(parts).encode()
