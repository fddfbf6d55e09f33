"""The standing map: presence and absence are proven, and nothing else is accepted as either (R21)."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest

from app.keys.encoding import b64u
from app.transparency.entry import Entry
from app.transparency.standing_map import (
    BUCKETS,
    MapProof,
    Placed,
    Row,
    StandingMap,
    StandingRefused,
    bucket_rows,
    check_standing,
)
from app.transparency.tree import EMPTY_ROOT, leaf_hash, root_of
from tests.transparency.test_entry import ENTRY

SUBJECTS = [hashlib.sha256(b"subject %d" % number).digest() for number in range(3_000)]
STRANGERS = [hashlib.sha256(b"stranger %d" % number).digest() for number in range(1_000)]


def entry(subject: bytes, n: int, kind: str = "certification") -> Entry:
    return replace(ENTRY, subject=b64u(subject), n=n, kind=kind)


@pytest.fixture(scope="module")
def lived() -> StandingMap:
    """Every subject once, then every third a second time."""
    first = [(index, entry(subject, 1)) for index, subject in enumerate(SUBJECTS)]
    again = [(index, entry(subject, 2)) for index, subject in enumerate(SUBJECTS[::3], start=len(SUBJECTS))]
    return StandingMap().extended(first).extended(again)


def test_the_map_knows_the_newest_entry_of_each_subject(lived):
    assert lived.row(SUBJECTS[0]) == Row(SUBJECTS[0], 2, 3_000)
    assert lived.row(SUBJECTS[1]) == Row(SUBJECTS[1], 1, 1)
    assert lived.row(STRANGERS[0]) is None


def test_the_root_is_that_of_the_definition_in_words(lived):
    """A tree over 256 bucket roots, each a tree over subject, n and index in eight bytes each, sorted."""
    everything = sorted(row for bucket in lived.buckets for row in bucket)
    buckets = []
    for number in range(BUCKETS):
        rows = [row for row in everything if row.subject[0] == number]
        written = [row.subject + row.n.to_bytes(8, "big") + row.index.to_bytes(8, "big") for row in rows]
        buckets.append(root_of([leaf_hash(one) for one in written]))
    assert lived.root == root_of([leaf_hash(one) for one in buckets])
    assert StandingMap().root == root_of([leaf_hash(EMPTY_ROOT)] * BUCKETS)


def test_however_the_log_is_replayed_the_map_is_the_same(lived):
    entries = [(index, entry(subject, 1)) for index, subject in enumerate(SUBJECTS)]
    entries += [(index, entry(subject, 2)) for index, subject in enumerate(SUBJECTS[::3], start=len(SUBJECTS))]
    stepwise = StandingMap()
    for start in range(0, len(entries), 311):
        stepwise = stepwise.extended(entries[start : start + 311])
    assert stepwise.root == lived.root


def test_every_row_is_proven(lived):
    for subject in SUBJECTS[:400]:
        assert check_standing(subject, lived.prove(subject), lived.root) == lived.row(subject)


def test_every_absence_is_proven(lived):
    edges = [bytes([number]) + fill * 31 for number in (0, 7, 255) for fill in (b"\x00", b"\xff")]
    for subject in (*STRANGERS[:400], *edges):
        assert check_standing(subject, lived.prove(subject), lived.root) is None
        assert check_standing(subject, StandingMap().prove(subject), StandingMap().root) is None


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_subjects_entries_count_on_without_gaps(lived, n):
    subject = SUBJECTS[0]
    with pytest.raises(StandingRefused, match="count on"):
        lived.extended([(9_999, entry(subject, n))])
    assert lived.extended([(9_999, entry(subject, 3))]).row(subject) == Row(subject, 3, 9_999)


@pytest.mark.parametrize("kind", ["snapshot", "scheme", "crosswalk", "audit", "notice"])
def test_kinds_without_standing_leave_the_map_as_it_is(lived, kind):
    assert lived.extended([(9_999, entry(STRANGERS[0], 1, kind))]).root == lived.root


def false_claims(lived: StandingMap, subject: bytes, chance: random.Random) -> list[MapProof]:
    """Ways to say of a subject what is not so: another row, an older one, or that there is none."""
    honest = lived.prove(subject)
    older = replace(honest.rows[0], row=replace(honest.rows[0].row, n=1, index=0)) if honest.rows else None
    bucket = lived.buckets[subject[0]]
    place = next(number for number, row in enumerate(bucket) if row.subject == subject)
    around = [lived.prove(bucket[one].subject).rows[0] for one in (place - 1, place + 1) if 0 <= one < len(bucket)]
    other = chance.choice(SUBJECTS)
    claims = [
        replace(honest, rows=()),
        replace(honest, rows=(), count=0),
        replace(honest, rows=(), count=0, bucket_root=EMPTY_ROOT),
        replace(honest, rows=tuple(around)),
        replace(honest, rows=tuple(around[:1]), count=place or 1),
        replace(honest, rows=tuple(replace(one, place=number) for number, one in enumerate(around)), count=len(around)),
        replace(honest, rows=tuple(reversed(around))),
        lived.prove(other),
        replace(lived.prove(other), bucket_root=honest.bucket_root, bucket_path=honest.bucket_path),
    ]
    return claims if older is None else [*claims, replace(honest, rows=(older,))]


def test_r21_no_false_claim_of_ten_thousand_is_accepted(lived):
    """Standing denied, made older, or taken from another subject."""
    chance, tried = random.Random(20_270_401), 0
    for subject in chance.sample(SUBJECTS, 1_000):
        true = lived.row(subject)
        for claim in false_claims(lived, subject, chance):
            tried += 1
            try:
                said = check_standing(subject, claim, lived.root)
            except StandingRefused:
                continue
            assert said == true
    assert tried == 10_000


def test_a_present_row_is_no_proof_of_anothers_presence(lived):
    with pytest.raises(StandingRefused):
        check_standing(STRANGERS[0], lived.prove(SUBJECTS[0]), lived.root)


def test_a_proof_of_yesterday_does_not_hold_today(lived):
    today = lived.extended([(9_999, entry(SUBJECTS[1], 2))])
    with pytest.raises(StandingRefused):
        check_standing(SUBJECTS[1], lived.prove(SUBJECTS[1]), today.root)
    assert check_standing(SUBJECTS[1], today.prove(SUBJECTS[1]), today.root) == Row(SUBJECTS[1], 2, 9_999)


def test_any_bit_of_a_proof_counts(lived):
    subject = SUBJECTS[5]
    honest = lived.prove(subject)
    (placed,) = honest.rows
    for bit in range(48 * 8):
        row = Row.parse((int.from_bytes(bytes(placed.row)) ^ 1 << bit).to_bytes(48))
        with pytest.raises(StandingRefused):
            check_standing(subject, replace(honest, rows=(Placed(row, placed.place, placed.path),)), lived.root)


def test_a_published_bucket_is_read_as_it_was_written(lived):
    bucket = lived.buckets[7]
    assert bucket_rows(b"".join(map(bytes, bucket))) == bucket
    for damaged in (b"".join(map(bytes, reversed(bucket))), bytes(bucket[0]) * 2, bytes(bucket[0])[:-1]):
        with pytest.raises(StandingRefused):
            bucket_rows(damaged)
