from __future__ import annotations

import json
import resource
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from app.credentials.canonical import canonical
from app.credentials.jws import secure
from app.credentials.statement import statement_input
from app.examiner.bundle import (
    MAX_BUNDLE_BYTES,
    BundleRefused,
    looks_like_a_bundle,
    manifest_of,
    read_bundle,
    write_bundle,
)
from app.examiner.evidence import Envelope, Source
from app.examiner.examine import examine
from tests.support.evidence import GRANTED, NOW, OTHER_PUBLIC_ID, Record, granted, world


@pytest.fixture(scope="module")
def record() -> Record:
    return granted()


@pytest.fixture(scope="module")
def good(record: Record) -> bytes:
    return record.bundle()


def changed(good: bytes, **members: object) -> bytes:
    return canonical(json.loads(good) | members)


def refusal(presented: bytes) -> BundleRefused:
    with pytest.raises(BundleRefused) as refused:
        read_bundle(presented)
    return refused.value


def test_a_bundle_reads_back_as_the_evidence_that_was_written(record: Record, good: bytes) -> None:
    read, written = read_bundle(good), record.evidence()
    assert (read.certificate_id, read.as_of, read.publication) == (written.certificate_id, NOW, 7)
    assert read.envelopes == written.envelopes
    assert read.status_lists == written.status_lists
    assert read.source is Source.BUNDLE


def test_the_same_publication_gives_the_same_bytes(record: Record) -> None:
    assert record.bundle() == record.bundle()


def test_a_bundle_verifies_like_the_registrys_own_answer(record: Record, good: bytes) -> None:
    anchors = record.signers.anchors
    offline, online = (examine(e, anchors, now=NOW).as_json() for e in (read_bundle(good), record.evidence()))
    assert offline == online


def test_times_are_kept_to_the_millisecond() -> None:
    record = granted(at=GRANTED + timedelta(milliseconds=123))
    assert read_bundle(record.bundle()).envelopes == tuple(record.envelopes)


@pytest.mark.parametrize(
    ("presented", "note"),
    [
        (lambda good: b" " + good, "canonical"),
        (lambda good: good + b"\n", "canonical"),
        (lambda good: good.replace(b'","', b'", "', 1), "canonical"),
        (lambda good: good.replace(b"akashi-bundle-1", b"akashi-bundle-2"), "format"),
        (lambda good: changed(good, comment="hello"), "members"),
        (lambda good: changed(good, envelopes=[]), "another number"),
        (lambda good: changed(good, envelopes=[1]), "texts"),
        (lambda good: changed(good, envelopes="x"), "texts"),
        (lambda good: changed(good, envelopes=list(reversed(json.loads(good)["envelopes"]))), "manifest lists"),
        (lambda good: changed(good, manifest=7), "text"),
        (lambda good: changed(good, manifest="a.b.c"), "malformed_jws"),
        (lambda good: changed(good, manifest=json.loads(good)["envelopes"][0]), "malformed_document"),
        (lambda good: good[:-1], "malformed_json"),
        (lambda good: b"", "malformed_json"),
        (lambda good: b"[]", "object"),
        (lambda good: good.replace(b'"format"', b'"format":"akashi-bundle-1","format"'), "duplicate_member"),
    ],
)
def test_anything_but_the_one_form_is_refused_with_its_reason(good: bytes, presented, note: str) -> None:
    assert note in refusal(presented(good)).note


def test_base64_with_slack_is_refused(good: bytes) -> None:
    members = json.loads(good)
    jws = members["envelopes"][0]
    alike = [
        letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if letter != jws[-1]
    ]
    for letter in alike:
        members["envelopes"][0] = jws[:-1] + letter
        report = examine_bytes(canonical(members))
        assert (report.verdict, report.exit_code()) == ("unknown", 1)


def examine_bytes(presented: bytes):
    return examine(read_bundle(presented), world().anchors, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda lists: [*lists, lists[0]],
        lambda lists: [lists[1], lists[0], lists[2]],
        lambda lists: [*lists, "x"],
    ],
)
def test_a_status_list_that_nothing_needs_is_refused(good: bytes, change) -> None:
    members = json.loads(good)
    report = examine_bytes(changed(good, status_lists=change(members["status_lists"])))
    assert (report.check("signature").code, report.exit_code()) == ("unreadable", 1)


def test_parts_of_another_certificate_are_refused_even_if_the_registry_listed_them(record: Record) -> None:
    other = Record(public_id=OTHER)
    other.state()
    other.bind()
    other.grant()
    for foreign in other.envelopes[2:]:
        evidence = record.evidence(envelopes=(*record.envelopes, foreign))
        report = examine_bytes(write_bundle(evidence, record.manifest(evidence)))
        assert (report.verdict, report.exit_code()) == ("unknown", 1)
        assert "foreign_part" in report.check("signature").detail.en


OTHER = OTHER_PUBLIC_ID


def test_a_bundle_of_one_certificate_under_the_id_of_another_is_refused(record: Record) -> None:
    evidence = replace(record.evidence(), certificate_id=OTHER)
    report = examine_bytes(write_bundle(evidence, record.manifest(evidence)))
    assert (report.verdict, report.certificate_id, report.exit_code()) == ("unknown", None, 1)


def test_an_unknown_kind_of_document_is_refused(record: Record) -> None:
    key = record.signers.body_key
    jws = secure(statement_input({"type": "akashi-novelty-1"}, key.thumbprint), key)
    evidence = record.evidence(envelopes=(*record.envelopes, Envelope(jws, 4, record.envelopes[-1].subject, NOW)))
    assert examine_bytes(write_bundle(evidence, record.manifest(evidence))).exit_code() == 1


def test_what_is_withheld_is_never_bundled(record: Record) -> None:
    evidence = record.evidence(withheld=frozenset({"holder"}))
    with pytest.raises(BundleRefused, match="withheld"):
        write_bundle(evidence, record.manifest(evidence))


def test_a_bundle_belongs_to_a_publication(record: Record) -> None:
    with pytest.raises(ValueError, match="publication"):
        manifest_of(record.evidence(publication=None))


def test_what_means_to_be_a_bundle(good: bytes, record: Record) -> None:
    assert looks_like_a_bundle(good)
    assert not looks_like_a_bundle(record.envelopes[0].jws.encode())


BOMBS = {
    "ten megabytes": lambda good: b'{"format":"' + b"a" * 10_000_000 + b'"}',
    "depth": lambda good: b"[" * 10_000 + b"]" * 10_000,
    "depth in a member": lambda good: b'{"format":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "members": lambda good: b"{" + b",".join(b'"%d":0' % n for n in range(100_000)) + b"}",
    "a long name": lambda good: b'{"' + b"n" * 1_048_576 + b'":1}',
    "a long number": lambda good: b'{"format":' + b"9" * 1_000_000 + b"}",
    "envelopes": lambda good: changed(good, envelopes=["a.b.c"] * 9_000),
    "one long envelope": lambda good: changed(good, envelopes=["a" * 1_500_000]),
    "a long manifest": lambda good: changed(good, manifest="A" * 1_500_000),
    "dots": lambda good: changed(good, manifest="." * 1_500_000),
    "escapes": lambda good: b'{"format":"' + b"\\u0000" * 300_000 + b'"}',
    "surrogates": lambda good: b'{"format":"' + b"\\ud800" * 300_000 + b'"}',
    "lists": lambda good: changed(good, status_lists=["x"] * 5_000),
    "bytes that are no text": lambda good: b'{"\xff' * 300_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_r28_bombs_are_refused_quickly_and_in_little_memory(good: bytes, name: str) -> None:
    bomb = BOMBS[name](good)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    refusal(bomb)
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024


def test_r28_a_status_list_that_inflates_without_end_is_refused(record: Record) -> None:
    import zlib

    from app.credentials.encoding import b64u
    from app.credentials.jws import signing_input
    from tests.support.evidence import list_address_of

    squeeze = zlib.compressobj(9, wbits=31)
    gz = b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(200)) + squeeze.flush()
    key = record.signers.publication_key
    payload = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": list_address_of(1),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:registry.example",
        "validFrom": "2026-11-24T13:00:00Z",
        "validUntil": "2026-11-25T13:00:00Z",
        "credentialSubject": {
            "id": "x",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + b64u(gz),
        },
    }
    bomb = secure(signing_input({"alg": "ES256", "kid": key.thumbprint, "typ": "vc+jwt"}, canonical(payload)), key)
    lists = record.status_lists(NOW)
    began = time.process_time()
    report = examine(record.evidence(status_lists=(bomb, *lists[1:])), record.signers.anchors, now=NOW)
    assert time.process_time() - began < 5
    assert (report.check("status_lists").code, report.exit_code()) == ("list_unreadable", 1)


def test_the_limit_is_the_published_one() -> None:
    assert MAX_BUNDLE_BYTES == 2 * 1024 * 1024
