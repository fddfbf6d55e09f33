"""The standing map: for every subject, how many entries it has and which one is the newest (trust, standing at time t).

Whoever replays the log gets the same map, from public members of entries alone. Its rows are sorted by subject into 256
buckets by the first byte; a bucket is an RFC 6962 tree over its rows, the map a tree over the bucket roots. A proof
shows a subject's row or, by the two neighbours between which it would stand, that there is none: so it shows that an
entry is the newest, which no log alone can. It does not rest on the count that it states: a path has one place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from app.errors import AkashiError
from app.transparency.entry import WITH_STANDING, Entry
from app.transparency.tree import EMPTY_ROOT, ProofRefused, check_inclusion, leaf_hash, prove_inclusion, root_of

BUCKETS = 256
SUBJECT_BYTES = 32
ROW_BYTES = SUBJECT_BYTES + 8 + 8


class StandingRefused(AkashiError):
    """The entries do not follow one another, or a proof about a subject does not hold; `note` says in which respect."""

    def __init__(self, note: str) -> None:
        super().__init__("standing_refused", note=note)


@dataclass(frozen=True, order=True)
class Row:
    """A subject, the number of its entries, and the log index of the newest."""

    subject: bytes
    n: int
    index: int

    def __bytes__(self) -> bytes:
        return self.subject + self.n.to_bytes(8) + self.index.to_bytes(8)

    @classmethod
    def parse(cls, presented: bytes) -> Row:
        """The row in 48 bytes."""
        if len(presented) != ROW_BYTES:
            raise StandingRefused(f"a row has {ROW_BYTES} bytes")
        n, index = presented[SUBJECT_BYTES : SUBJECT_BYTES + 8], presented[SUBJECT_BYTES + 8 :]
        return cls(presented[:SUBJECT_BYTES], int.from_bytes(n), int.from_bytes(index))


@dataclass(frozen=True)
class Placed:
    """A row with its place in its bucket and the path from there to the bucket's root."""

    row: Row
    place: int
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class MapProof:
    """What shows a subject's row, or its absence: that row or its neighbours, and the bucket's place in the map."""

    rows: tuple[Placed, ...]
    count: int
    bucket_root: bytes
    bucket_path: tuple[bytes, ...]


@dataclass(frozen=True)
class StandingMap:
    """The rows by bucket, sorted; a bucket's root is computed once for each state of the bucket."""

    buckets: tuple[tuple[Row, ...], ...] = ((),) * BUCKETS
    roots: tuple[bytes, ...] = field(default=(EMPTY_ROOT,) * BUCKETS, repr=False)

    @property
    def root(self) -> bytes:
        """The root over the roots of the buckets."""
        return root_of([leaf_hash(one) for one in self.roots])

    def row(self, subject: bytes) -> Row | None:
        """What is known of a subject."""
        bucket = self.buckets[subject[0]]
        place = bisect_left(bucket, subject, key=lambda row: row.subject)
        return bucket[place] if place < len(bucket) and bucket[place].subject == subject else None

    def extended(self, entries: Iterable[tuple[int, Entry]]) -> StandingMap:
        """The map after these entries, given with their log indexes in order; only touched buckets are hashed again.

        Raises `StandingRefused` if a subject's entries do not count on without gaps.
        """
        newest: dict[bytes, Row] = {}
        for index, entry in entries:
            if entry.kind not in WITH_STANDING:
                continue
            subject = entry.subject_digest
            before = newest.get(subject) or self.row(subject)
            if entry.n != (before.n if before else 0) + 1:
                raise StandingRefused(f"entry {index} does not count on")
            newest[subject] = Row(subject, entry.n, index)
        return self._with(newest)

    def prove(self, subject: bytes) -> MapProof:
        """What shows the row of this subject, or that there is none."""
        number, bucket = subject[0], self.buckets[subject[0]]
        place = bisect_left(bucket, subject, key=lambda row: row.subject)
        found = place < len(bucket) and bucket[place].subject == subject
        places = [place] if found else [one for one in (place - 1, place) if 0 <= one < len(bucket)]
        hashes = [leaf_hash(bytes(row)) for row in bucket]
        rows = tuple(Placed(bucket[one], one, _path(one, hashes)) for one in places)
        return MapProof(rows, len(bucket), self.roots[number], _path(number, [leaf_hash(one) for one in self.roots]))

    def _with(self, changed: Mapping[bytes, Row]) -> StandingMap:
        buckets, roots = list(self.buckets), list(self.roots)
        for number in {subject[0] for subject in changed}:
            rows = {row.subject: row for row in buckets[number]}
            rows.update((subject, row) for subject, row in changed.items() if subject[0] == number)
            buckets[number] = tuple(sorted(rows.values()))
            roots[number] = root_of([leaf_hash(bytes(row)) for row in buckets[number]])
        return StandingMap(tuple(buckets), tuple(roots))


def bucket_rows(presented: bytes) -> tuple[Row, ...]:
    """The rows of a published bucket, sorted and each subject once; raises `StandingRefused` otherwise."""
    cuts = range(0, len(presented), ROW_BYTES)
    rows = tuple(Row.parse(presented[cut : cut + ROW_BYTES]) for cut in cuts)
    if any(one.subject >= other.subject for one, other in pairwise(rows)):
        raise StandingRefused("a bucket is sorted by subject")
    return rows


def check_standing(subject: bytes, presented: MapProof, root: bytes) -> Row | None:
    """The row of this subject in the map with this root, or None if it has none; raises `StandingRefused`.

    1. The bucket is the subject's, in this map. 2. Every row of the proof is in the bucket. 3. One of them is the
    subject's; or they are neighbours that leave no room, the first or last row standing alone.
    """
    try:
        bucket = leaf_hash(presented.bucket_root)
        check_inclusion(bucket, subject[0], BUCKETS, presented.bucket_path, root)
        for one in presented.rows:
            hashed = leaf_hash(bytes(one.row))
            check_inclusion(hashed, one.place, presented.count, one.path, presented.bucket_root)
    except ProofRefused as error:
        raise StandingRefused(error.note) from error

    match presented.rows:
        case [one] if one.row.subject == subject:
            return one.row
        case [] if presented.bucket_root == EMPTY_ROOT:
            return None
        case [only] if only.place == 0 and subject < only.row.subject:
            return None
        case [only] if only.place == presented.count - 1 and only.row.subject < subject:
            return None
        case [before, after] if after.place == before.place + 1 and before.row.subject < subject < after.row.subject:
            return None
    raise StandingRefused("the rows neither are the subject's nor leave no room for it")


def _path(place: int, hashes: list[bytes]) -> tuple[bytes, ...]:
    return prove_inclusion(place, len(hashes), lambda start, end: root_of(hashes[start:end]))
