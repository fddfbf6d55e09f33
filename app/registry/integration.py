"""The integrator: queued entries become tiles, tiles a root, and the root a signed head (trust, the log).

A head that contradicts an earlier one is never signed. Before each signature the tiles are read back from where they
are published and hashed again, and everything that remembers an earlier head, in the database and outside it, must be a
beginning of the new tree; whatever is not stops the log (`log_would_fork`). A crash anywhere is answered by doing the
same again: indexes are given for good before the first tile is written, tiles never change, and equal heads get equal
signatures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.errors import AkashiError
from app.registry.log_place import LogPlace
from app.registry.registry import Registry
from app.storage import log
from app.storage.rows import Row
from app.transparency.checkpoints import Checkpoint, check_signed
from app.transparency.notes import Note, parse_note, sign
from app.transparency.proofs import LogProof
from app.transparency.tiles import check_tiles, grown, parse_path, subtrees_in
from app.transparency.tree import prove_inclusion, root

BATCH = 4096
"""Entries under one head at most: sixteen full tiles."""
FINAL = frozenset(
    {"log_would_fork", "published_differs", "log_tile_missing", "malformed_log_tile", "note_signature_wrong"}
)
"""Refusals after which nothing is signed until a person has looked: what is published and what is recorded differ."""
CHECKPOINT = "checkpoint"
CHECKPOINT_TYPE = "text/plain; charset=utf-8"
TILE_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Head:
    """A signed head as it is published."""

    checkpoint: Checkpoint
    note: bytes


def integrate(registry: Registry) -> Head | None:
    """Everything that was queued is under the published head, which is returned; None if nothing is, or another leads.

    1. One integrator at a time; every queued entry gets its index for good.
    2. What is published already is not ahead of the database.
    3. In batches, heads follow one another (`_next_head`).
    """
    place = place_of(registry)
    with registry.database.transaction("jobs") as leading:
        if not log.take_lead(leading):
            return None
        with registry.database.transaction("jobs") as connection:
            assigned = log.assign_indexes(connection)
            head = _committed(place, log.head(connection))

        _check_memories(place, assigned)
        _publish(place, head)

        while (size := head.checkpoint.size if head else 0) < assigned:
            head = _next_head(registry, place, head, min(size + BATCH, assigned))
        return head


def published(registry: Registry, path: str) -> tuple[bytes, str] | None:
    """The bytes and the media type of a path below the log's prefix, if something is published there."""
    if registry.log is None or (path != CHECKPOINT and not _is_tile(path)):
        return None
    content = registry.log.folder.read(path)
    return None if content is None else (content, CHECKPOINT_TYPE if path == CHECKPOINT else TILE_TYPE)


def receipt(registry: Registry, leaf: bytes) -> bytes | None:
    """The proof of logging of the entry with this leaf hash, under the newest head; None until it is under one."""
    place = registry.log
    if place is None:
        return None
    with registry.database.transaction() as connection:
        index = log.index_of(connection, leaf)
        head = _committed(place, log.head(connection))
    if index is None or head is None or index >= head.checkpoint.size:
        return None
    size = head.checkpoint.size
    path = prove_inclusion(index, size, subtrees_in(size, place.read_tile))
    return str(LogProof(index, path, parse_note(head.note))).encode()


def place_of(registry: Registry) -> LogPlace:
    """Where this registry's log is; raises `no_log` where none is kept."""
    if registry.log is None:
        raise AkashiError("no_log")
    return registry.log


def _next_head(registry: Registry, place: LogPlace, head: Head | None, size: int) -> Head:
    """The head over the first `size` entries is signed, committed and published.

    1. Tiles and bundles are written, read back, and hashed again by another path.
    2. Every memory of an earlier head is a beginning of the new tree.
    3. The head is signed; the fence remembers it before anybody else can.
    4. It is committed as the one successor of its predecessor, and published.
    """
    since = head.checkpoint.size if head else 0
    if not (place.folder.has_room() and place.fence.has_room()):
        raise AkashiError("log_out_of_room")
    with registry.database.transaction("jobs") as connection:
        rows = log.entries(connection, since, size)

    for tile, content in grown(since, [bytes(row.entry) for row in rows], place.read_tile).items():
        place.folder.write_once(tile.path, content)
    check_tiles(since, [bytes(row.leaf_hash) for row in rows], place.read_tile)
    subtrees = subtrees_in(size, place.read_tile)
    new = Checkpoint(place.key.name, size, root(size, subtrees))

    for memory in (*_memories(place), *([head.checkpoint] if head else [])):
        if memory.size > size or root(memory.size, subtrees) != memory.root:
            raise AkashiError("log_would_fork", note=f"{memory.size} entries are remembered with another root")

    line = sign(new.text, place.key, registry.keys.note_signer(place.thumbprint))
    signed = Head(new, str(Note(new.text, (line,))).encode())
    place.fence.replace(CHECKPOINT, signed.note)

    with registry.database.transaction("jobs") as connection:
        log.add_head(connection, size=size, previous=since or None, root=new.root, note=signed.note)
    _publish(place, signed)
    return signed


def _publish(place: LogPlace, head: Head | None) -> None:
    """This head is published, unless a later one is: what is published never goes back."""
    newest = place.folder.read(CHECKPOINT)
    if head is not None and (newest is None or _signed(place, newest).size < head.checkpoint.size):
        place.folder.replace(CHECKPOINT, head.note)


def _memories(place: LogPlace) -> tuple[Checkpoint, ...]:
    """The heads that are remembered outside the database: what is published, and the fence."""
    notes = (store.read(CHECKPOINT) for store in (place.folder, place.fence))
    return tuple(_signed(place, note) for note in notes if note is not None)


def _check_memories(place: LogPlace, assigned: int) -> None:
    """The database holds at least the entries of every head that was ever signed; a restored backup may not."""
    furthest = max((memory.size for memory in _memories(place)), default=0)
    if furthest > assigned:
        raise AkashiError("log_would_fork", note=f"{furthest} entries were signed, the database holds {assigned}")


def _committed(place: LogPlace, row: Row[Any] | None) -> Head | None:
    return None if row is None else Head(_signed(place, bytes(row.note)), bytes(row.note))


def _signed(place: LogPlace, note: bytes) -> Checkpoint:
    return check_signed(parse_note(note), place.key, origin=place.key.name)[0]


def _is_tile(path: str) -> bool:
    try:
        parse_path(path)
    except AkashiError:
        return False
    return True
