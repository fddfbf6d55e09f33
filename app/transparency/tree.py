"""The Merkle tree over the entries of a log (RFC 6962 §2.1): hashes, roots, and what proves a place or a past in it.

A leaf and a node are hashed apart (0x00, 0x01), so that neither can be taken for the other. `check_inclusion` and
`check_consistency` return only if the proof is exactly the one of this place or this past: no hash too few or too
many, none of another length. Sizes are counts of leaves, indexes count from 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from app.errors import AkashiError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
LARGEST_SIZE = 2**63 - 1

Subtrees = Callable[[int, int], bytes]
"""Gives the hash over the leaves [start, end), where `end - start` is a power of two that divides `start`."""


class ProofRefused(AkashiError):
    """The proof does not show what it is presented for; `note` says in which respect."""

    def __init__(self, note: str) -> None:
        super().__init__("log_proof_refused", note=note)


def leaf_hash(entry: bytes) -> bytes:
    """MTH of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """MTH of two neighbouring subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH of a list, from the hashes of its leaves."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        odd = [level.pop()] if len(level) % 2 else []
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=True)] + odd
    return level[0]


def root(size: int, subtrees: Subtrees) -> bytes:
    """The root of the tree over the first `size` leaves."""
    return _joined(0, size, subtrees) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, subtrees: Subtrees) -> tuple[bytes, ...]:
    """The audit path of a leaf (RFC 6962 §2.1.1), from its sibling up to the root's child."""
    if not 0 <= index < size:
        raise ProofRefused(f"no leaf {index} in a tree of {size}")
    return tuple(_path(index, 0, size, subtrees))


def prove_consistency(old: int, new: int, subtrees: Subtrees) -> tuple[bytes, ...]:
    """What shows that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962 §2.1.2)."""
    if not 0 <= old <= new:
        raise ProofRefused(f"a tree of {new} does not begin with one of {old}")
    if old in {0, new}:
        return ()
    return tuple(_past(old, 0, new, subtrees, whole=True))


def check_inclusion(leaf: bytes, index: int, size: int, presented: Sequence[bytes], root: bytes) -> None:
    """This leaf hash stands at this index under this root; raises `ProofRefused` otherwise (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size <= LARGEST_SIZE:
        raise ProofRefused(f"no leaf {index} in a tree of {size}")
    sides = list(_sides(index, size - 1))
    _check_hashes((leaf, root, *presented))
    _check_length(presented, len(sides))

    found = leaf
    for sibling, stands_left in zip(presented, sides, strict=True):
        found = node_hash(sibling, found) if stands_left else node_hash(found, sibling)
    if found != root:
        raise ProofRefused("the path leads to another root")


def check_consistency(old: int, new: int, presented: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """The tree of `new` leaves begins with that of `old`; raises `ProofRefused` otherwise (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new <= LARGEST_SIZE:
        raise ProofRefused(f"a tree of {new} does not begin with one of {old}")
    _check_hashes((old_root, new_root, *presented))
    if old in {0, new}:
        _check_length(presented, 0)
        if old_root != (new_root if old else EMPTY_ROOT):
            raise ProofRefused("one size, two roots")
        return

    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    sides = list(_sides(place, last))
    hashes = [old_root, *presented] if place == 0 else [*presented]
    _check_length(hashes, len(sides) + 1)

    before = after = hashes[0]
    for sibling, stands_left in zip(hashes[1:], sides, strict=True):
        if stands_left:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    if before != old_root or after != new_root:
        raise ProofRefused("the proof leads to other roots")


def _sides(place: int, last: int) -> Iterator[bool]:
    """Upwards from one node of a level that ends at `last`: whether the next hash of a path stands on the left."""
    while last:
        stands_left = bool(place % 2) or place == last
        yield stands_left
        while stands_left and place and place % 2 == 0:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1


def _check_length(presented: Sequence[bytes], expected: int) -> None:
    if len(presented) != expected:
        raise ProofRefused("a hash too many" if len(presented) > expected else "a hash too few")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofRefused(f"every hash has {HASH_BYTES} bytes")


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1


def _joined(start: int, end: int, subtrees: Subtrees) -> bytes:
    """MTH of the leaves [start, end), where `start` is a place at which such a subtree can begin."""
    width = end - start
    if width & (width - 1) == 0:
        return subtrees(start, end)
    middle = start + _split(width)
    return node_hash(subtrees(start, middle), _joined(middle, end, subtrees))


def _path(index: int, start: int, end: int, subtrees: Subtrees) -> Iterator[bytes]:
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(index, start, middle, subtrees)
        yield _joined(middle, end, subtrees)
    else:
        yield from _path(index, middle, end, subtrees)
        yield _joined(start, middle, subtrees)


def _past(old: int, start: int, end: int, subtrees: Subtrees, *, whole: bool) -> Iterator[bytes]:
    """SUBPROOF of RFC 6962 §2.1.2; `whole` as long as the old tree is a left part of what is looked at."""
    if old == end:
        if not whole:
            yield _joined(start, end, subtrees)
        return
    middle = start + _split(end - start)
    if old <= middle:
        yield from _past(old, start, middle, subtrees, whole=whole)
        yield _joined(middle, end, subtrees)
    else:
        yield from _past(old, middle, end, subtrees, whole=False)
        yield _joined(start, middle, subtrees)
