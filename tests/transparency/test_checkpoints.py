"""Checkpoints, held against C2SP tlog-checkpoint."""

from __future__ import annotations

import pytest

from app.keys.encoding import b64
from app.transparency.checkpoints import Checkpoint, MalformedCheckpoint, check_signed, parse_number
from app.transparency.notes import Note, NoteRefused, sign
from app.transparency.tree import EMPTY_ROOT, leaf_hash
from tests.transparency.test_notes import LOG, private_key

EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
"""C2SP tlog-checkpoint, the text of its example."""
ROOT = leaf_hash(b"first")


def signed(text: str) -> Note:
    return Note(text, (sign(text, LOG, private_key(1)),))


def test_the_example_of_the_specification_is_read_and_written():
    checkpoint = Checkpoint.parse(EXAMPLE)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.text == EXAMPLE


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        EXAMPLE[:-1],
        EXAMPLE + "extension\n",
        EXAMPLE + "\n",
        EXAMPLE.replace("20852163", "020852163"),
        EXAMPLE.replace("20852163", "-1"),
        EXAMPLE.replace("20852163", "+1"),
        EXAMPLE.replace("20852163", " 1"),
        EXAMPLE.replace("20852163", "٣"),
        EXAMPLE.replace("20852163", str(2**63)),
        EXAMPLE.replace("20852163", "0"),
        EXAMPLE.replace("q2I=", "q2J="),
        EXAMPLE.replace("q2I=", "q2I"),
        EXAMPLE.replace("CsUY", ""),
        EXAMPLE.replace("example.com/behind-the-sofa", ""),
    ],
)
def test_every_other_text_is_refused(damaged):
    with pytest.raises(MalformedCheckpoint):
        Checkpoint.parse(damaged)


def test_an_empty_log_has_the_root_of_the_empty_tree():
    assert Checkpoint.parse(f"log.example\n0\n{b64(EMPTY_ROOT)}\n").size == 0


def test_a_checkpoint_is_believed_from_its_own_log_only():
    ours = Checkpoint("log.example/one", 1, ROOT)
    assert check_signed(signed(ours.text), LOG, origin="log.example/one")[0] == ours
    with pytest.raises(MalformedCheckpoint, match="another log"):
        check_signed(signed(ours.text), LOG, origin="log.example/two")
    with pytest.raises(NoteRefused):
        check_signed(Note(ours.text, ()), LOG, origin="log.example/one")


@pytest.mark.parametrize("presented", ["", "00", "1e3", "1_0", "1.0", "0x1", "9" * 20])
def test_a_number_has_one_way_to_be_written(presented):
    with pytest.raises(MalformedCheckpoint):
        parse_number(presented)
