"""Checkpoints: which log, how many entries, which root (C2SP tlog-checkpoint), as the text of a signed note.

A checkpoint here has exactly three lines: we write no extension lines, and whoever writes some is refused, because
nobody could audit them. A size of 0 goes with the root of the empty tree only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64, b64_decode
from app.transparency.notes import Note, Verified, VerifierKey, verify
from app.transparency.tree import EMPTY_ROOT, HASH_BYTES, LARGEST_SIZE

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class MalformedCheckpoint(AkashiError):
    """The text is not a checkpoint; `note` says in which respect."""

    def __init__(self, note: str) -> None:
        super().__init__("malformed_checkpoint", note=note)


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, the number of its entries, the root over them."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise MalformedCheckpoint("an origin is one line")
        if not 0 <= self.size <= LARGEST_SIZE or len(self.root) != HASH_BYTES:
            raise MalformedCheckpoint("a size and a root of 32 bytes expected")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedCheckpoint("an empty log has the root of the empty tree")

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @classmethod
    def parse(cls, presented: str) -> Self:
        """The checkpoint that a note's text writes down; raises `MalformedCheckpoint` for every other text."""
        lines = presented.split("\n")
        if len(lines) != len(("origin", "size", "root", "")) or lines[-1]:
            raise MalformedCheckpoint("origin, size and root expected, and nothing else")
        origin, size, root, _ = lines
        try:
            return cls(origin, parse_number(size), b64_decode(root))
        except MalformedBase64 as error:
            raise MalformedCheckpoint(error.note) from error


def parse_number(presented: str) -> int:
    """A size or index: decimal, without sign or leading zero; raises `MalformedCheckpoint` for anything else."""
    if not _NUMBER.fullmatch(presented) or int(presented) > LARGEST_SIZE:
        raise MalformedCheckpoint("a number without sign or leading zero expected")
    return int(presented)


def check_signed(note: Note, log: VerifierKey, *, origin: str) -> tuple[Checkpoint, Verified]:
    """The checkpoint that this log signed; raises `NoteRefused` or, if the origin is another, `MalformedCheckpoint`."""
    (signature, *_) = verify(note, [log])
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != origin:
        raise MalformedCheckpoint("another log's checkpoint")
    return checkpoint, signature
