"""How the tree is published: tiles of 256 hashes and bundles of 256 entries, each with one path (C2SP tlog-tiles).

A full tile never changes; the rightmost one of a level is partial and carries its width in its path. `grown` gives the
tiles that a longer log needs and nothing else, so that growth costs what is new; the same growth gives the same bytes.
`subtrees_in` reads any perfect subtree from the tiles of a size. It trusts the tiles: who did not write them checks the
proof that comes out against a signed root, and thereby every hash that went in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.errors import AkashiError
from app.transparency.tree import HASH_BYTES, Subtrees, leaf_hash, root_of

WIDTH = 256
_HEIGHT = 8
_LARGEST_LEVEL = 63
LARGEST_ENTRY = 65_535
"""Bytes: a bundle has sixteen bits for the length of an entry."""

_INDEX = r"(?:x[0-9]{3}/)*[0-9]{3}"
_PARTIAL = r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
_PATH = re.compile(rf"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>{_INDEX}){_PARTIAL}")


class MalformedTile(AkashiError):
    """A path or the content of a tile or bundle is not of the one accepted form."""

    def __init__(self, note: str) -> None:
        super().__init__("malformed_log_tile", note=note)


@dataclass(frozen=True, order=True)
class Tile:
    """One tile: its level (None: a bundle of entries), its index there, and how much of it there is (1 to 256)."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Below the log's prefix; the index in groups of three digits, a partial tile with its width."""
        groups = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{'/'.join(groups)}{partial}"

    @property
    def is_full(self) -> bool:
        """Whether it will never change."""
        return self.width == WIDTH


Reader = Callable[[Tile], bytes]
"""Gives the bytes of a tile."""


def parse_path(presented: str) -> Tile:
    """The tile at a path below the prefix; raises `MalformedTile` for every other way to write it."""
    match = _PATH.fullmatch(presented)
    if match is None:
        raise MalformedTile("not the path of a tile")
    level = None if match["level"] == "entries" else int(match["level"])
    tile = Tile(level, int(match["index"].replace("x", "").replace("/", "")), int(match["width"] or WIDTH))
    if (level or 0) > _LARGEST_LEVEL or tile.path != presented:
        raise MalformedTile("not the one path of this tile")
    return tile


def tile_at(level: int | None, index: int, size: int) -> Tile:
    """The tile of a log of `size` entries, as wide as it is there; raises `MalformedTile` if nothing of it is."""
    there = (size >> _HEIGHT * (level or 0)) - index * WIDTH
    if there < 1:
        raise MalformedTile(f"a log of {size} entries has no such tile")
    return Tile(level, index, min(there, WIDTH))


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """All tiles and bundles of a log of `size` entries that a log of `since` entries did not have, level by level."""
    for level in (None, *range(_LARGEST_LEVEL + 1)):
        old, new = since >> _HEIGHT * (level or 0), size >> _HEIGHT * (level or 0)
        if new == 0:
            return
        if new > old:
            yield from (tile_at(level, index, size) for index in range(old // WIDTH, -(-new // WIDTH)))


def grown(since: int, entries: Sequence[bytes], read: Reader) -> dict[Tile, bytes]:
    """The tiles and bundles that a log of `since` entries gains; `read` gives the partial ones of `since`."""
    made = _extended(None, since, [_framed(entry) for entry in entries], read)
    hashes = [leaf_hash(entry) for entry in entries]
    for level in range(_LARGEST_LEVEL + 1):
        old = since >> _HEIGHT * level
        made |= _extended(level, old, hashes, read)
        filled = range(old // WIDTH, (old + len(hashes)) // WIDTH)
        hashes = [root_of(hashes_in(made[Tile(level, index)])) for index in filled]
        if not hashes:
            break
    return made


def check_tiles(since: int, leaves: Sequence[bytes], read: Reader) -> None:
    """What is published of these leaves, after the `since` earlier ones, is theirs; raises `MalformedTile` otherwise.

    Read back and hashed once more from the bottom: every bundle against its tile, the lowest tiles against the leaves,
    each level against the one below. What stood in a tile before is for the root of `since` to show.
    """
    for tile in tiles_of(since + len(leaves), since):
        first = tile.index * WIDTH
        if tile.level is None:
            start, found = first, [leaf_hash(entry) for entry in entries_in(read(tile), tile.width)]
            expected = hashes_in(read(Tile(0, tile.index, tile.width)), tile.width)
        else:
            start, found = max(first, since >> _HEIGHT * tile.level), hashes_in(read(tile), tile.width)
            if tile.level == 0:
                expected = list(leaves[start - since : first + tile.width - since])
            else:
                below = [Tile(tile.level - 1, index) for index in range(start, first + tile.width)]
                expected = [root_of(hashes_in(read(one))) for one in below]
        if found[start - first :] != expected:
            raise MalformedTile(f"{tile.path} does not hold what belongs there")


def subtrees_in(size: int, read: Reader) -> Subtrees:
    """Perfect subtrees of the tree over the first `size` leaves, from its tiles; each tile is read once."""
    known: dict[Tile, list[bytes]] = {}

    def subtree(start: int, end: int) -> bytes:
        height = (end - start).bit_length() - 1
        level = height // _HEIGHT
        first, count = start >> _HEIGHT * level, 1 << height % _HEIGHT
        tile = tile_at(level, first // WIDTH, size)
        if tile not in known:
            known[tile] = hashes_in(read(tile), tile.width)
        return root_of(known[tile][first % WIDTH : first % WIDTH + count])

    return subtree


def hashes_in(presented: bytes, width: int = WIDTH) -> list[bytes]:
    """The hashes of a tile of this width; raises `MalformedTile` for any other length."""
    if len(presented) != width * HASH_BYTES:
        raise MalformedTile(f"{width} hashes expected")
    return [presented[place : place + HASH_BYTES] for place in range(0, len(presented), HASH_BYTES)]


def entries_in(presented: bytes, width: int = WIDTH) -> list[bytes]:
    """The entries of a bundle of this width; raises `MalformedTile` for any other number, or for bytes left over."""
    entries: list[bytes] = []
    place = 0
    while place < len(presented) and len(entries) < width:
        start = place + 2
        place = start + int.from_bytes(presented[place:start])
        entries.append(presented[start:place])
    if len(entries) != width or place != len(presented):
        raise MalformedTile(f"{width} entries expected")
    return entries


def _framed(entry: bytes) -> bytes:
    if len(entry) > LARGEST_ENTRY:
        raise MalformedTile(f"an entry has at most {LARGEST_ENTRY} bytes")
    return len(entry).to_bytes(2) + entry


def _extended(level: int | None, old: int, pieces: Sequence[bytes], read: Reader) -> dict[Tile, bytes]:
    """The tiles of one level that change when these pieces follow the `old` ones."""
    if not pieces:
        return {}
    first, there = divmod(old, WIDTH)
    content = [read(Tile(level, first, there))] if there else []
    made, taken = {}, 0
    while taken < len(pieces):
        more = pieces[taken : taken + WIDTH - there]
        made[Tile(level, first, there + len(more))] = b"".join((*content, *more))
        taken, first, there, content = taken + len(more), first + 1, 0, []
    return made
