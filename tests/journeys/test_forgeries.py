"""R25, T size: ten thousand mutated credentials and bundles, none of them accepted.

The attacker of the second half is strong: the registry's own publication key signs the manifest over the forgery.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.conformity.standing import Verdict
from app.credentials.canonical import canonical
from app.credentials.encoding import b64u, b64u_decode
from app.examiner.bundle import BundleRefused, read_bundle, write_bundle
from app.examiner.evidence import Envelope
from app.examiner.examine import examine
from app.examiner.presented import examine_presented
from app.trust.anchors import Anchors
from tests.support.evidence import NOW, OTHER_PUBLIC_ID, Record, granted, world
from tests.support.signatures import with_other_form

SEED = 20261124
BYTES, FIELDS, OTHERS, PRESENTED = 5_600, 2_000, 900, 1_500
RESIGNED = 400


@pytest.fixture(scope="module")
def record() -> Record:
    return granted()


def accepted(presented: bytes) -> bool:
    """Whether anybody could take the verdict, or the exit code, for a certificate in force."""
    try:
        evidence = read_bundle(presented)
    except BundleRefused:
        return False
    report = examine(evidence, world().anchors, now=NOW)
    return report.exit_code() == 0 or report.verdict in {Verdict.VALID, Verdict.VALID_WITH_NOTICE}


def with_envelope(record: Record, place: int, jws: str) -> bytes | None:
    """The bundle with one document exchanged, under a manifest that lists the forgery as if it were recorded."""
    envelopes = list(record.envelopes)
    envelopes[place] = replace(envelopes[place], jws=jws)
    evidence = record.evidence(envelopes=tuple(envelopes))
    try:
        return write_bundle(evidence, record.manifest(evidence))
    except BundleRefused:
        return None


def mutated_bytes(good: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(good))
    kind = chance.randrange(5)
    if kind == 0:
        return good[:place] + bytes([good[place] ^ (1 << chance.randrange(8))]) + good[place + 1 :]
    if kind == 1:
        return good[:place] + bytes([chance.randrange(256)]) + good[place:]
    if kind == 2:
        return good[:place] + good[place + 1 :]
    if kind == 3:
        return good[:place]
    letter = chance.choice(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return good[:place] + bytes([letter]) + good[place + 1 :]


def test_r25_no_changed_byte_is_accepted(record: Record) -> None:
    chance, good = random.Random(SEED), record.bundle()
    assert accepted(good)
    tried = 0
    while tried < BYTES:
        mutant = mutated_bytes(good, chance)
        if mutant != good:
            tried += 1
            assert not accepted(mutant), mutant


def leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of everything that is no container."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in entries:
        yield from leaves(inner, (*place, name))
    if not isinstance(value, dict | list) or not value:
        yield place


def other_value(value: Any, chance: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 10))
    if isinstance(value, str) and value:
        place = chance.randrange(len(value))
        return value[:place] + chance.choice("abcXYZ0189-") + value[place + 1 :]
    return chance.choice(("x", 0, [], {}, True))


def mutated_field(jws: str, chance: random.Random) -> str | None:
    header, payload, signature = jws.split(".")
    content = json.loads(b64u_decode(payload))
    *path, last = chance.choice(list(leaves(content)))
    holder = content
    for step in path:
        holder = holder[step]
    before = holder[last]
    if chance.random() < 0.2 and isinstance(holder, dict):
        del holder[last]
    else:
        holder[last] = other_value(before, chance)
        if holder[last] == before:
            return None
    return f"{header}.{b64u(canonical(content))}.{signature}"


def test_r25_no_changed_field_is_accepted(record: Record) -> None:
    chance, tried, documents = random.Random(SEED + 1), 0, Counter()
    while tried < FIELDS:
        place = chance.randrange(len(record.envelopes))
        jws = mutated_field(record.envelopes[place].jws, chance)
        if jws is None:
            continue
        tried += 1
        documents[place] += 1
        bundle = with_envelope(record, place, jws)
        assert bundle is None or not accepted(bundle), jws
    assert min(documents.values()) > FIELDS / 10


def swap_signature(record: Record, place: int, chance: random.Random) -> str:
    other = chance.choice([one for one in record.envelopes if one is not record.envelopes[place]])
    return f"{record.envelopes[place].jws.rpartition('.')[0]}.{other.jws.rpartition('.')[2]}"


def swap_key(record: Record, place: int, chance: random.Random) -> str:
    """Signed anew by a stranger, who names the right key or his own."""
    header, payload, _ = record.envelopes[place].jws.split(".")
    content = json.loads(b64u_decode(header))
    if chance.random() < 0.5:
        content["kid"] = world().stranger.thumbprint
    unsigned = f"{b64u(canonical(content))}.{payload}"
    return f"{unsigned}.{b64u(world().stranger.sign(unsigned.encode()))}"


def swap_algorithm(record: Record, place: int, chance: random.Random) -> str:
    header, payload, signature = record.envelopes[place].jws.split(".")
    content = json.loads(b64u_decode(header))
    content |= chance.choice(
        (
            {"alg": "none"}, {"alg": "HS256"}, {"alg": "ES384"}, {"alg": "es256"}, {"crit": ["exp"]}, {"b64": False},
            {"jwk": {"kty": "EC"}}, {"jku": "https://evil.example/keys"}, {"zip": "DEF"}, {"typ": "JWT"}, {"x5u": "x"},
        )
    )  # fmt: skip
    return f"{b64u(canonical(content))}.{payload}.{chance.choice((signature, ''))}"


def swap_chain(record: Record, place: int, chance: random.Random) -> str:
    """The certificate again, re-signed by a stranger with a chain of his own or with parts of the good one."""
    del place
    chain = chance.choice(
        (
            world().chain_for(world().stranger), world().chain[:1], world().chain[::-1], (world().chain[0],) * 2,
            (world().chain_for(world().stranger)[0], world().chain[1]),
        )
    )  # fmt: skip
    forger = Record()
    return forger.certify(
        record.versions[0],
        1,
        NOW,
        signer=world().stranger,
        chain=chain,
        kid=chance.choice((world().body_key, world().stranger)).thumbprint,
    )


def swap_part(record: Record, place: int, chance: random.Random) -> str:
    """A document of another certificate, honest in itself."""
    del record, chance
    return other_record().envelopes[place].jws


def other_record(made: list[Record] = []) -> Record:  # noqa: B006 - made once for all swaps
    if not made:
        other = Record(public_id=OTHER_PUBLIC_ID)
        other.state(number="AB-0043")
        other.bind(binding="00000000-0000-4000-8000-000000000042")
        other.grant()
        made.append(other)
    return made[0]


SWAPS: dict[str, tuple[Callable[[Record, int, random.Random], str], tuple[int, ...]]] = {
    "signature": (swap_signature, (0, 1, 2, 3, 4)),
    "key": (swap_key, (0, 1, 2, 3, 4)),
    "algorithm": (swap_algorithm, (0, 1, 2, 3, 4)),
    "chain": (swap_chain, (3,)),
    "part": (swap_part, (2, 3, 4)),
}


def test_r25_no_swapped_signature_key_algorithm_chain_or_part_is_accepted(record: Record) -> None:
    chance, tried = random.Random(SEED + 2), Counter()
    while tried.total() < OTHERS:
        name = chance.choice(list(SWAPS))
        swap, places = SWAPS[name]
        place = chance.choice(places)
        bundle = with_envelope(record, place, swap(record, place, chance))
        tried[name] += 1
        assert bundle is None or not accepted(bundle), (name, place)
    assert min(tried.values()) > OTHERS / 10


def test_r25_no_changed_credential_is_accepted_when_presented(record: Record) -> None:
    chance, good = random.Random(SEED + 3), record.envelopes[3].jws.encode()
    evidence = record.evidence()
    assert examine_presented(good, evidence, world().anchors, now=NOW).verdict is Verdict.VALID
    tried = 0
    while tried < PRESENTED:
        mutant = (
            mutated_bytes(good, chance)
            if chance.random() < 0.7
            else (mutated_field(good.decode(), chance) or "").encode()
        )
        if mutant in {good, b"", good + b"\n"}:
            continue
        tried += 1
        report = examine_presented(mutant, evidence, world().anchors, now=NOW)
        assert (report.verdict, report.exit_code()) == (Verdict.UNKNOWN, 1), mutant
        assert report.holder is None


@pytest.mark.parametrize("anchored", [True, False], ids=["with anchors", "without"])
def test_the_other_form_of_any_signature_in_a_bundle_is_refused(record: Record, anchored: bool) -> None:
    """(r, n-s) holds whenever (r, s) does: without a rule it would be a changed byte that nobody notices."""
    good = record.bundle()
    places = [place for place in leaves(json.loads(good)) if place != ("format",)]
    assert len(places) == len(record.envelopes) + 3 + 1
    for *path, last in places:
        members = json.loads(good)
        holder = members
        for step in path:
            holder = holder[step]
        holder[last] = with_other_form(holder[last])
        assert exit_code(canonical(members), world().anchors if anchored else Anchors()) == 1, (path, last)


def exit_code(presented: bytes, anchors: Anchors) -> int:
    """What `akashi verify` ends with; a refused bundle fails (test_verify)."""
    try:
        evidence = read_bundle(presented)
    except BundleRefused:
        return 1
    return examine(evidence, anchors, now=NOW).exit_code()


def test_the_other_form_of_a_presented_certificates_signature_is_refused(record: Record) -> None:
    jws = record.envelopes[3].jws
    for one, code in ((jws, 0), (with_other_form(jws), 1)):
        report = examine_presented(one.encode(), record.evidence(), world().anchors, now=NOW)
        assert report.exit_code() == code


def test_r25_the_count_is_the_published_one() -> None:
    assert BYTES + FIELDS + OTHERS + PRESENTED >= 10_000


def test_a_left_out_document_is_never_accepted(record: Record) -> None:
    for place in range(len(record.envelopes)):
        envelopes: tuple[Envelope, ...] = tuple(one for n, one in enumerate(record.envelopes) if n != place)
        evidence = record.evidence(envelopes=envelopes)
        assert not accepted(write_bundle(evidence, record.manifest(evidence)))


def signed_anew(record: Record, place: int, jws: str) -> str:
    """The same bytes under a true signature of the key that signed the original."""
    unsigned = jws.rpartition(".")[0]
    key = world().accreditation_key if place < 2 else world().body_key
    return f"{unsigned}.{b64u(key.sign(unsigned.encode()))}"


def test_nonsense_under_true_signatures_gets_a_report_and_never_an_error() -> None:
    chance, record = random.Random(SEED + 4), granted()
    record.act("suspend", NOW, until="2026-12-31")
    for _ in range(RESIGNED):
        place = chance.randrange(len(record.envelopes))
        jws = mutated_field(record.envelopes[place].jws, chance)
        bundle = jws and with_envelope(record, place, signed_anew(record, place, jws))
        if bundle:
            report = examine(read_bundle(bundle), world().anchors, now=NOW)
            assert report.verdict is not Verdict.VALID
            assert report.exit_code() in {1, 2}
