"""Tiles and bundles of the log, held against C2SP tlog-tiles and against the tree that they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.transparency.tiles import (
    LARGEST_ENTRY,
    MalformedTile,
    Tile,
    entries_in,
    grown,
    hashes_in,
    parse_path,
    subtrees_in,
    tile_at,
    tiles_of,
)
from app.transparency.tree import (
    check_consistency,
    check_inclusion,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root,
    root_of,
)

ENTRIES = [b"entry %d" % number for number in range(70_000)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


class Store(dict[Tile, bytes]):
    """Everything that was ever written, and how often it was read."""

    reads = 0

    def read(self, tile: Tile) -> bytes:
        self.reads += 1
        return self[tile]

    def grow(self, since: int, size: int) -> None:
        made = grown(since, ENTRIES[since:size], self.read)
        assert not any(tile.is_full and tile in self for tile in made), "a full tile never changes"
        self.update(made)


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.grow(0, len(ENTRIES))
    return found


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 1_234_067), "tile/1/x001/x234/067"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile(None, 1_000), "tile/entries/x001/000"),
        (Tile(None, 5, 1), "tile/entries/005.p/1"),
        (Tile(63, 0, 255), "tile/63/000.p/255"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(tile, path):
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/0/0000", "tile/0/x000/000", "tile/0/x001", "tile/0/001/000", "tile/00/000", "tile/64/000",
        "tile/0/000.p/256", "tile/0/000.p/0", "tile/0/000.p/01", "tile/-1/000", "tile/entries/", "tile/data/000",
        "/tile/0/000", "tile/0/000/", "tile/0/٠٠٠", "tile/0/000\n", "tile/0/../checkpoint", "checkpoint",
    ],
)  # fmt: skip
def test_every_other_way_to_write_a_path_is_refused(path):
    with pytest.raises(MalformedTile):
        parse_path(path)


def test_a_log_of_seventy_thousand_has_the_tiles_of_the_specifications_example(store):
    made = set(store)
    hashes = {tile for tile in made if tile.level is not None}
    assert sum(tile.level == 0 and tile.is_full for tile in hashes) == 273
    assert {tile for tile in hashes if not tile.is_full} == {Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)}
    assert made == set(tiles_of(len(ENTRIES)))


def test_a_log_of_256_has_a_full_tile_and_one_hash_above_it():
    assert list(tiles_of(256)) == [Tile(None, 0), Tile(0, 0), Tile(1, 0, 1)]


def test_an_empty_log_has_no_tiles():
    assert list(tiles_of(0)) == []
    assert grown(0, [], Store().read) == {}


def test_every_bundle_holds_its_entries_and_every_tile_their_hashes(store):
    for number in range(274):
        bundle = tile_at(None, number, len(ENTRIES))
        entries = entries_in(store[bundle], bundle.width)
        assert entries == ENTRIES[number * 256 : number * 256 + bundle.width]
        assert hashes_in(store[tile_at(0, number, len(ENTRIES))], bundle.width) == [leaf_hash(one) for one in entries]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=700), min_size=1, max_size=6))
def test_however_a_log_grows_its_tiles_are_the_same(steps):
    stepwise, at_once, size = Store(), Store(), 0
    for step in steps:
        stepwise.grow(size, size + step)
        assert set(tiles_of(size + step, size)) <= stepwise.keys()
        size += step
    at_once.grow(0, size)
    for tile in tiles_of(size):
        assert stepwise[tile] == at_once[tile]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 69_999, 70_000])
def test_tiles_give_the_root_of_their_size(size):
    grown_to = Store()
    grown_to.grow(0, size)
    assert root(size, subtrees_in(size, grown_to.read)) == root_of(LEAVES[:size])


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=69_999))
def test_tiles_prove_every_place(store, index):
    size = len(ENTRIES)
    path = prove_inclusion(index, size, subtrees_in(size, store.read))
    check_inclusion(LEAVES[index], index, size, path, ROOT)


ROOT = root_of(LEAVES)


@pytest.mark.parametrize("old", [1, 255, 256, 300, 65_536, 65_537, 69_999])
def test_tiles_prove_every_past(store, old):
    size = len(ENTRIES)
    proof = prove_consistency(old, size, subtrees_in(size, store.read))
    check_consistency(old, size, proof, root_of(LEAVES[:old]), ROOT)


def test_a_proof_reads_each_tile_once_and_few_of_them(store):
    store.reads = 0
    prove_inclusion(12_345, len(ENTRIES), subtrees_in(len(ENTRIES), store.read))
    assert store.reads <= 5


def test_a_tile_that_the_size_does_not_hold_is_refused():
    for level, index in ((0, 1), (1, 0), (None, 1)):
        with pytest.raises(MalformedTile, match="no such tile"):
            tile_at(level, index, 200)


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_tile_of_another_length_is_refused(content):
    with pytest.raises(MalformedTile):
        hashes_in(content, 1)


@pytest.mark.parametrize(
    ("content", "width"),
    [(b"", 1), (b"\x00", 1), (b"\x00\x02a", 1), (b"\x00\x01ab", 1), (b"\x00\x01a\x00\x01b", 1), (b"\x00\x01a", 2)],
)
def test_a_bundle_with_too_much_or_too_little_is_refused(content, width):
    with pytest.raises(MalformedTile):
        entries_in(content, width)


def test_an_entry_may_be_empty_or_as_long_as_the_format_carries():
    made = grown(0, [b"", bytes(LARGEST_ENTRY)], Store().read)
    assert entries_in(made[Tile(None, 0, 2)], 2) == [b"", bytes(LARGEST_ENTRY)]
    with pytest.raises(MalformedTile, match="65535"):
        grown(0, [bytes(LARGEST_ENTRY + 1)], Store().read)
