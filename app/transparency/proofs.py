"""A receipt that needs nobody: one entry's place in a tree whose head is signed and witnessed (C2SP tlog-proof).

`check` says what follows from a proof for somebody who chose the log's key and a policy of witnesses: that these very
bytes are entry number `index`, under a head that the log signed and enough witnesses saw. The `extra` line is carried
and never believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from app.errors import AkashiError
from app.keys.encoding import MalformedBase64, b64, b64_decode
from app.transparency.checkpoints import Checkpoint, MalformedCheckpoint, parse_number
from app.transparency.notes import LARGEST_NOTE, Note, NoteRefused, parse_note
from app.transparency.policy import Policy, Witnessed
from app.transparency.tree import HASH_BYTES, check_inclusion, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
LARGEST_PROOF = LARGEST_NOTE + 64 * 1024

_BASE64 = rb"[A-Za-z0-9+/]+=*"
_BEFORE = re.compile(
    HEADER.encode()
    + rb"(?:\nextra (?P<extra>"
    + _BASE64
    + rb"))?\nindex (?P<index>[0-9]{1,19})(?P<path>(?:\n"
    + _BASE64
    + rb")*)"
)


class MalformedProof(AkashiError):
    """The file is not a proof of this format; `note` says in which respect."""

    def __init__(self, note: str) -> None:
        super().__init__("malformed_log_proof", note=note)


@dataclass(frozen=True)
class LogProof:
    """Index of an entry, its path, and the signed head that the path leads to; nothing has been verified."""

    index: int
    path: tuple[bytes, ...]
    head: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {b64(self.extra)}"]
        return "\n".join((HEADER, *extra, f"index {self.index}", *map(b64, self.path), "", str(self.head)))

    @classmethod
    def parse(cls, presented: bytes) -> Self:
        """The proof in these bytes; raises `MalformedProof` for anything else."""
        if len(presented) > LARGEST_PROOF:
            raise MalformedProof(f"more than {LARGEST_PROOF} bytes")
        before, gap, head = presented.partition(b"\n\n")
        match = _BEFORE.fullmatch(before)
        if match is None or not gap:
            raise MalformedProof(f"{HEADER}, an index, hashes, an empty line and a checkpoint expected")
        try:
            index = parse_number(match["index"].decode())
            path = tuple(b64_decode(line.decode()) for line in match["path"].split())
            extra = None if match["extra"] is None else b64_decode(match["extra"].decode())
            note = parse_note(head)
        except (MalformedBase64, MalformedCheckpoint, NoteRefused) as error:
            raise MalformedProof(error.note) from error
        if len(path) > MOST_HASHES or any(len(one) != HASH_BYTES for one in path):
            raise MalformedProof(f"at most {MOST_HASHES} hashes of {HASH_BYTES} bytes expected")
        return cls(index, path, note, extra)


@dataclass(frozen=True)
class Logged:
    """What a checked proof shows: an entry's index, the head above it, and who witnessed that head when."""

    index: int
    head: Checkpoint
    witnessed: Witnessed


def check(proof: LogProof, entry: bytes, policy: Policy) -> Logged:
    """This entry is in a log of the policy, as its quorum saw it; raises the refusal of whichever step fails.

    1. The head is signed by a log of the policy and cosigned by its quorum. 2. The path leads from the entry to the
    root of that head.
    """
    head, witnessed = policy.check(proof.head)

    check_inclusion(leaf_hash(entry), proof.index, head.size, proof.path, head.root)
    return Logged(proof.index, head, witnessed)
