"""The Merkle tree, held against published vectors and against the definition in RFC 6962 §2.1 written down plainly."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from functools import cache

import pytest

from app.transparency.tree import (
    EMPTY_ROOT,
    ProofRefused,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root,
    root_of,
)
from tests.support.shared import shared_data

PLACEHOLDER_ROOTS = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
LARGEST = 1_000
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(LARGEST)]


@cache
def subtree(start: int, end: int) -> bytes:
    return mth(tuple(LEAVES[start:end]))


def mth(leaves: tuple[bytes, ...]) -> bytes:
    """MTH as RFC 6962 §2.1 defines it, word by word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


@cache
def root_at(size: int) -> bytes:
    return root(size, subtree)


def vectors(name: str) -> list[dict]:
    found = json.loads((shared_data("rfc6962-proofs") / f"{name}.json").read_text())
    assert len(found) > 90
    return found


def decoded(proof: list[str] | None) -> list[bytes]:
    return [b64decode(one) for one in proof or []]


def outcome(check, *arguments) -> bool:
    try:
        check(*arguments)
    except ProofRefused:
        return False
    return True


def test_published_inclusion_proofs_are_judged_as_published():
    """transparency-dev/merkle, testdata/inclusion: 99 proofs, most of them damaged."""
    for one in vectors("inclusion"):
        held = outcome(
            check_inclusion,
            b64decode(one["leafHash"]), one["leafIdx"], one["treeSize"], decoded(one["proof"]), b64decode(one["root"]),
        )  # fmt: skip
        assert held is not one["wantErr"], one["name"]


def test_published_consistency_proofs_are_judged_as_published():
    """transparency-dev/merkle, testdata/consistency; of one, accepted there, the roots are no hashes: we refuse it."""
    for one in vectors("consistency"):
        one["wantErr"] |= one["name"] == PLACEHOLDER_ROOTS
        held = outcome(
            check_consistency,
            one["size1"], one["size2"], decoded(one["proof"]), b64decode(one["root1"]), b64decode(one["root2"]),
        )  # fmt: skip
        assert held is not one["wantErr"], one["name"]


def test_a_leaf_and_a_node_are_hashed_apart():
    assert leaf_hash(b"") == bytes.fromhex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 255, 256, 257, LARGEST])
def test_the_root_is_that_of_the_definition(size):
    assert root_of(LEAVES[:size]) == root_at(size) == mth(tuple(LEAVES[:size]))


def test_the_root_of_no_entries_is_the_hash_of_nothing():
    assert root_of([]) == root(0, subtree) == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_every_leaf_of_every_size_to_a_thousand_is_proven_where_it_stands():
    proven = 0
    for size in range(1, LARGEST + 1):
        for index in range(size):
            check_inclusion(LEAVES[index], index, size, prove_inclusion(index, size, subtree), root_at(size))
            proven += 1
    assert proven == LARGEST * (LARGEST + 1) // 2


def test_every_size_to_a_thousand_begins_with_every_smaller_one():
    proven = 0
    for new in range(LARGEST + 1):
        for old in range(new + 1):
            check_consistency(old, new, prove_consistency(old, new, subtree), root_at(old), root_at(new))
            proven += 1
    assert proven == (LARGEST + 1) * (LARGEST + 2) // 2


def flipped(hashes: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """The hashes with each single bit of them changed, one at a time."""
    found = []
    for place, one in enumerate(hashes):
        for bit in range(len(one) * 8):
            changed = (int.from_bytes(one) ^ 1 << bit).to_bytes(len(one))
            found.append((*hashes[:place], changed, *hashes[place + 1 :]))
    return found


@pytest.mark.parametrize(
    ("index", "size"), [(0, 1), (0, 2), (4, 7), (6, 7), (255, 256), (300, LARGEST), (999, LARGEST)]
)
def test_any_bit_of_an_inclusion_proof_counts(index, size):
    path = prove_inclusion(index, size, subtree)
    for leaf, *changed, top in flipped((LEAVES[index], *path, root_at(size))):
        assert not outcome(check_inclusion, leaf, index, size, changed, top)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 7), (4, 8), (6, 8), (256, 257), (437, LARGEST)])
def test_any_bit_of_a_consistency_proof_counts(old, new):
    proof = prove_consistency(old, new, subtree)
    for before, *changed, after in flipped((root_at(old), *proof, root_at(new))):
        assert not outcome(check_consistency, old, new, changed, before, after)


@pytest.mark.parametrize("size", [2, 3, 5, 16, 29])
def test_a_proof_of_one_place_proves_no_other(size):
    for index in range(size):
        path = prove_inclusion(index, size, subtree)
        held = [
            (other, length)
            for length in range(1, 2 * size)
            for other in range(length)
            if outcome(check_inclusion, LEAVES[index], other, length, path, root_at(size))
        ]
        assert (index, size) in held
        assert all(index == other or length != size for other, length in held)


def test_a_proof_that_is_a_hash_longer_or_shorter_is_refused():
    path, past = prove_inclusion(4, 7, subtree), prove_consistency(3, 7, subtree)
    for changed in (path[:-1], path[1:], (*path, LEAVES[0]), ()):
        with pytest.raises(ProofRefused, match="a hash too"):
            check_inclusion(LEAVES[4], 4, 7, changed, root_at(7))
    for changed in (past[:-1], past[1:], (*past, LEAVES[0]), ()):
        with pytest.raises(ProofRefused, match="a hash too"):
            check_consistency(3, 7, changed, root_at(3), root_at(7))


def test_a_hash_of_another_length_is_refused():
    with pytest.raises(ProofRefused, match="32 bytes"):
        check_inclusion(LEAVES[4], 4, 7, [one[:-1] for one in prove_inclusion(4, 7, subtree)], root_at(7))
    with pytest.raises(ProofRefused, match="32 bytes"):
        check_consistency(7, 7, (), root_at(7) + b"\x00", root_at(7) + b"\x00")


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1), (2**63, 2**63 + 1)])
def test_places_outside_the_tree_are_refused(index, size):
    with pytest.raises(ProofRefused, match="no leaf"):
        check_inclusion(LEAVES[0], index, size, (), LEAVES[0])
    if size < 2:
        with pytest.raises(ProofRefused, match="no leaf"):
            prove_inclusion(index, size, subtree)


def test_a_log_never_shrinks():
    with pytest.raises(ProofRefused, match="does not begin"):
        check_consistency(7, 3, prove_consistency(3, 7, subtree), root_at(7), root_at(3))
    with pytest.raises(ProofRefused, match="does not begin"):
        prove_consistency(7, 3, subtree)


def test_one_size_has_one_root():
    with pytest.raises(ProofRefused, match="two roots"):
        check_consistency(7, 7, (), root_at(7), root_at(6))
    with pytest.raises(ProofRefused, match="two roots"):
        check_consistency(0, 7, (), root_at(6), root_at(7))
