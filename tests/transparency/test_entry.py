"""Entries of the log: one form each, and nothing in it but what the trust model allows."""

from __future__ import annotations

import hashlib
import json

import pytest

from app.keys.encoding import b64u
from app.transparency.entry import LARGEST, Entry, MalformedEntry


def digest(text: str) -> str:
    return b64u(hashlib.sha256(text.encode()).digest())


SALT = bytes(range(32))
DOCUMENT = b"header.payload"
COMMITMENT = hashlib.sha256(b"akashi-entry-v1\n" + SALT + hashlib.sha256(DOCUMENT).digest()).digest()
ENTRY = Entry(
    commitment=b64u(COMMITMENT),
    issuer="11111111-2222-4333-8444-555555555555",
    key=digest("key"),
    kind="certification",
    n=3,
    recorded="2027-04-01T00:00:00.123Z",
    subject=digest("subject"),
)


def test_an_entry_reads_as_it_was_written():
    assert Entry.parse(bytes(ENTRY)) == ENTRY
    assert bytes(ENTRY).startswith(b'{"commitment":"')


def test_an_entry_commits_to_one_document_under_one_salt():
    assert ENTRY.commits_to(DOCUMENT, SALT)
    assert not ENTRY.commits_to(DOCUMENT + b".", SALT)
    assert not ENTRY.commits_to(DOCUMENT, bytes(32))


def changed(**members) -> bytes:
    return json.dumps(json.loads(bytes(ENTRY)) | members, separators=(",", ":"), sort_keys=True).encode()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        bytes(ENTRY) + b"\n",
        bytes(ENTRY).replace(b":", b": ", 1),
        changed(v=2),
        changed(v=True),
        changed(kind="certificate"),
        changed(kind=["certification"]),
        changed(n=0),
        changed(n=True),
        changed(n=1.0),
        changed(n="1"),
        changed(n=2**53),
        changed(recorded="2027-04-01T00:00:00Z"),
        changed(recorded=None),
        changed(issuer="Kestrel Certification"),
        changed(subject=digest("subject")[:-1]),
        changed(subject=b64u(bytes(31))),
        changed(commitment=None),
        changed(name="Kasumi Robotics K.K."),
        json.dumps({key: value for key, value in json.loads(bytes(ENTRY)).items() if key != "n"}).encode(),
        json.dumps(json.loads(bytes(ENTRY)), separators=(",", ":"))[:-1].encode() + b',"v":1}',
        b"[" * 3000,
        bytes(ENTRY) + b" " * LARGEST,
    ],
)
def test_every_other_form_is_refused(damaged):
    with pytest.raises(MalformedEntry):
        Entry.parse(damaged)
