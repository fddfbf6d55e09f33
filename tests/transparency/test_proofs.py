"""Receipts that need nobody, held against C2SP tlog-proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import AkashiError
from app.transparency.checkpoints import Checkpoint
from app.transparency.notes import Note, cosign, sign
from app.transparency.policy import Policy
from app.transparency.proofs import LogProof, MalformedProof, check
from app.transparency.tiles import Tile, grown, subtrees_in
from app.transparency.tree import ProofRefused, prove_inclusion, root
from tests.transparency.test_notes import LOG, WITNESS, private_key

ENTRIES = [b"entry %d" % number for number in range(300)]
POLICY = Policy.parse(f"log {LOG}\nwitness w {WITNESS}\nquorum w\n")


def proof_of(index: int, *, size: int = 300) -> LogProof:
    tiles: dict[Tile, bytes] = grown(0, ENTRIES[:size], lambda tile: tiles[tile])
    subtrees = subtrees_in(size, tiles.__getitem__)
    text = Checkpoint(LOG.name, size, root(size, subtrees)).text
    lines = (sign(text, LOG, private_key(1)), cosign(text, WITNESS, private_key(2), time=1_800_000_000))
    return LogProof(index, prove_inclusion(index, size, subtrees), Note(text, lines))


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 300), (256, 300), (299, 300)])
def test_a_proof_survives_being_written_down_and_shows_its_entry(index, size):
    proof = LogProof.parse(str(proof_of(index, size=size)).encode())
    logged = check(proof, ENTRIES[index], POLICY)
    assert (logged.index, logged.head.size, logged.witnessed.since) == (index, size, 1_800_000_000)


def test_a_proof_has_the_lines_of_the_specification():
    proof = replace(proof_of(2, size=3), extra=b"beside")
    header, extra, index, sibling, gap, origin, *_ = str(proof).split("\n")
    assert (header, extra, index, gap, origin) == ("c2sp.org/tlog-proof@v1", "extra YmVzaWRl", "index 2", "", LOG.name)
    assert len(sibling) == 44
    assert LogProof.parse(str(proof).encode()) == proof


def test_another_entry_is_not_shown_by_it():
    with pytest.raises(ProofRefused):
        check(proof_of(7), ENTRIES[8], POLICY)


def test_the_same_entry_at_another_place_is_not_shown_by_it():
    with pytest.raises(ProofRefused):
        check(replace(proof_of(7), index=8), ENTRIES[7], POLICY)


def test_without_the_quorum_of_witnesses_it_shows_nothing():
    proof = proof_of(7)
    with pytest.raises(AkashiError, match="log_quorum_missing"):
        check(replace(proof, head=Note(proof.head.text, proof.head.signatures[:1])), ENTRIES[7], POLICY)


def test_a_larger_head_over_the_same_path_is_refused():
    proof = proof_of(7)
    text = proof.head.text.replace("300", "600")
    lines = (sign(text, LOG, private_key(1)), cosign(text, WITNESS, private_key(2), time=1))
    with pytest.raises(ProofRefused):
        check(replace(proof, head=Note(text, lines)), ENTRIES[7], POLICY)


WRITTEN = str(proof_of(7, size=9))


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        WRITTEN.replace("tlog-proof@v1", "tlog-proof@v2"),
        WRITTEN.replace("index 7", "index 07"),
        WRITTEN.replace("index 7", "index -7"),
        WRITTEN.replace("index 7\n", ""),
        WRITTEN.replace("index 7", "extra !\nindex 7"),
        WRITTEN.replace("index 7", "extra YQ==\nextra YQ==\nindex 7"),
        WRITTEN.replace("index 7", "index 7\nYQ=="),
        WRITTEN.replace("index 7", "index 7\n" + "\n".join(["A" * 43 + "="] * 64)),
        WRITTEN.replace("\n\n", "\n", 1),
        WRITTEN.replace("\n", "\r\n"),
        WRITTEN[:-1],
        WRITTEN.partition("\n\n")[0],
        " " + WRITTEN,
        WRITTEN + "x" * 400_000,
    ],
)
def test_whatever_is_no_proof_is_refused(damaged):
    with pytest.raises(MalformedProof):
        LogProof.parse(damaged.encode())
