"""The integrator: what is recorded is logged, once, in order, and the log never contradicts what it signed."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.errors import AkashiError
from app.keys.encoding import b64u, b64u_decode
from app.registry import integration
from app.registry.integration import integrate, place_of, published, receipt
from app.storage.published_folder import PublishedFolder
from app.transparency.checkpoints import check_signed
from app.transparency.notes import parse_note
from app.transparency.proofs import LogProof, check
from app.transparency.tiles import entries_in, subtrees_in, tile_at
from app.transparency.tree import check_consistency, leaf_hash, prove_consistency, root_of
from tests.support.acts import rows
from tests.support.logged import policy_of


def queued(world) -> list[bytes]:
    """All entries in the order of recording."""
    found = rows(
        world,
        "SELECT q.entry FROM akashi.log_queue q JOIN akashi.envelope e ON e.body_id = q.body_id AND e.id = q.envelope_id "
        "ORDER BY e.recorded_at, q.sequence",
    )
    return [bytes(row.entry) for row in found]


def walked(registry) -> list[bytes]:
    """All entries as a stranger reads them: from the checkpoint to the bundles, nothing else."""
    place = place_of(registry)
    content, _ = published(registry, "checkpoint")
    head, _ = check_signed(parse_note(content), place.key, origin=place.key.name)
    found: list[bytes] = []
    for number in range(-(-head.size // 256)):
        tile = tile_at(None, number, head.size)
        content, _ = published(registry, tile.path)
        found += entries_in(content, tile.width)
    assert root_of([leaf_hash(entry) for entry in found]) == head.root
    return found


def test_everything_recorded_is_under_the_first_head_in_its_order(world, logged):
    world.grant("logged-1")
    head = integrate(logged)
    assert walked(logged) == queued(world)
    assert head.checkpoint.size == len(queued(world)) >= 5


def test_what_is_recorded_later_follows_and_the_log_only_grows(world, logged):
    first = integrate(logged)
    issued = world.grant("logged-1")
    second = integrate(logged)
    world.suspend(issued.public_id)
    third = integrate(logged)
    assert walked(logged) == queued(world)
    for old, new in ((first, second), (second, third), (first, third)):
        read = subtrees_in(new.checkpoint.size, place_of(logged).read_tile)
        proof = prove_consistency(old.checkpoint.size, new.checkpoint.size, read)
        check_consistency(old.checkpoint.size, new.checkpoint.size, proof, old.checkpoint.root, new.checkpoint.root)


def test_without_anything_new_the_head_stays_byte_for_byte(world, logged):
    first = integrate(logged)
    assert integrate(logged) == first
    assert len(rows(world, "SELECT size FROM akashi.log_checkpoint")) == 1


def test_a_long_queue_is_taken_in_batches(world, logged, monkeypatch):
    monkeypatch.setattr(integration, "BATCH", 3)
    world.grant("logged-1")
    integrate(logged)
    sizes = [row.size for row in rows(world, "SELECT size FROM akashi.log_checkpoint ORDER BY size")]
    assert sizes == [*range(3, len(queued(world)), 3), len(queued(world))]
    assert walked(logged) == queued(world)


def test_while_another_process_leads_nothing_is_done(world, logged):
    with world.database.transaction("jobs") as other:
        assert integration.log.take_lead(other)
        assert integrate(logged) is None
    assert published(logged, "checkpoint") is None


def test_each_entry_has_a_receipt_that_stands_alone(world, logged):
    world.grant("logged-1")
    integrate(logged)
    for index, entry in enumerate(queued(world)):
        proof = LogProof.parse(receipt(logged, leaf_hash(entry)))
        assert check(proof, entry, policy_of(logged)).index == index


def test_a_signed_document_finds_its_entry_by_its_opening(world, logged):
    """Whoever has document and salt computes the commitment, hence the entry, hence asks for its receipt."""
    world.grant("logged-1")
    integrate(logged)
    opening = rows(
        world,
        "SELECT r.salt, r.signing_input, q.entry FROM akashi.reservation r JOIN akashi.envelope e USING (body_id, id) "
        "JOIN akashi.log_queue q ON q.body_id = e.body_id AND q.envelope_id = e.id ORDER BY q.sequence DESC LIMIT 1",
    )[0]
    digest = hashlib.sha256(bytes(opening.signing_input)).digest()
    commitment = hashlib.sha256(b"akashi-entry-v1\n" + bytes(opening.salt) + digest).digest()
    entry = json.loads(bytes(opening.entry)) | {"commitment": b64u(commitment)}
    written = json.dumps(entry, separators=(",", ":"), sort_keys=True).encode()
    assert check(LogProof.parse(receipt(logged, leaf_hash(written))), written, policy_of(logged))
    assert b64u_decode(entry["commitment"]) == commitment


def test_before_it_is_under_a_head_an_entry_has_no_receipt(world, logged):
    entry = queued(world)[0]
    assert receipt(logged, leaf_hash(entry)) is None
    integrate(logged)
    assert receipt(logged, leaf_hash(b"never recorded")) is None


def test_only_checkpoint_and_tiles_are_published(logged):
    integrate(logged)
    assert published(logged, "checkpoint")[1] == "text/plain; charset=utf-8"
    for path in ("tile/0/000", "tile/0/001", "tile", "../fence/checkpoint", "tile/0/../../checkpoint", ""):
        assert published(logged, path) is None


def test_a_registry_without_a_log_says_so(world):
    with pytest.raises(AkashiError, match="no_log"):
        integrate(world.registry)
    assert published(world.registry, "checkpoint") is None
    assert receipt(world.registry, bytes(32)) is None


# --- Crashes: the process dies at every write, and the next one does the same again ---


class Crashed(Exception):
    """The process is gone."""


@dataclass(frozen=True)
class FailingFolder(PublishedFolder):
    """Dies before or after the n-th write that any folder of this countdown makes."""

    countdown: itertools.count
    dies_at: int

    def write_once(self, name: str, content: bytes) -> None:
        self._write(super().write_once, name, content)

    def replace(self, name: str, content: bytes) -> None:
        self._write(super().replace, name, content)

    def _write(self, act, name: str, content: bytes) -> None:
        moment = next(self.countdown)
        if moment // 2 == self.dies_at // 2 and self.dies_at % 2 == 0:
            raise Crashed
        act(name, content)
        if next(self.countdown) == self.dies_at:
            raise Crashed


def dying(registry, dies_at: int):
    place, countdown = place_of(registry), itertools.count()
    return replace(
        registry,
        log=replace(
            place,
            folder=FailingFolder(place.folder.path, countdown, dies_at),
            fence=FailingFolder(place.fence.path, countdown, dies_at),
        ),
    )


def test_a_crash_at_any_write_is_answered_by_doing_the_same_again(world, logged):
    integrate(logged)
    crashes = 0
    for dies_at in itertools.count():
        world.grant(f"crash-{dies_at}")
        try:
            integrate(dying(logged, dies_at))
        except Crashed:
            crashes += 1
        else:
            break
        integrate(logged)
        assert walked(logged) == queued(world)
    assert crashes == 8  # bundle, tile, fence and checkpoint, each before and after
    chain = rows(world, "SELECT size, previous_size FROM akashi.log_checkpoint ORDER BY size")
    assert [row.previous_size for row in chain] == [None, *(row.size for row in chain[:-1])]


def test_a_crash_after_the_commit_leaves_a_head_that_the_next_round_publishes(world, logged):
    first = integrate(logged)
    world.grant("crash")
    second = integrate(logged)
    place_of(logged).folder.replace("checkpoint", first.note)
    assert integrate(logged) == second
    assert published(logged, "checkpoint")[0] == second.note


# --- Contradictions: whatever remembers more or otherwise stops the log ---


def remembering(registry, folder: Path):
    """The same log with other memories."""
    place = place_of(registry)
    return replace(
        registry, log=replace(place, folder=PublishedFolder(folder / "log"), fence=PublishedFolder(folder / "fence"))
    )


@pytest.fixture
def ahead(world, logged, tmp_path):
    """The database of a backup: published files and fence know of a head that it has lost."""
    integrate(logged)
    world.grant("lost")
    integrate(logged)
    before = tmp_path / "before"
    for store, name in ((place_of(logged).folder, "log"), (place_of(logged).fence, "fence")):
        shutil.copytree(store.path, before / name)
    with world.database.transaction("jobs") as connection:
        assert integration.log.head(connection).size == len(queued(world))
    return before


def forget_last_head(world) -> None:
    """What a restored backup lacks: the newest head, and the entries of the last act."""
    import psycopg

    with psycopg.connect(world.fresh.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "DELETE FROM akashi.log_checkpoint WHERE size = (SELECT max(size) FROM akashi.log_checkpoint)"
        )
        connection.execute(
            "DELETE FROM akashi.log_entry WHERE log_index >= (SELECT max(size) FROM akashi.log_checkpoint)"
        )
        connection.execute("DELETE FROM akashi.log_queue WHERE sequence > (SELECT max(sequence) FROM akashi.log_entry)")


@pytest.mark.parametrize("kept", ["log", "fence"])
def test_each_memory_alone_stops_a_restored_database(world, logged, ahead, tmp_path, kept):
    """R18: the other memory is lost with the machine; this one suffices."""
    forget_last_head(world)
    alone = tmp_path / "alone"
    shutil.copytree(ahead / kept, alone / kept)
    if kept == "fence":
        for path in (place_of(logged).folder.path / "tile").rglob("*"):
            if path.is_file():
                PublishedFolder(alone / "log").write_once(
                    str(path.relative_to(place_of(logged).folder.path)), path.read_bytes()
                )
    with pytest.raises(AkashiError, match="log_would_fork"):
        integrate(remembering(logged, alone))
    world.grant("another history")
    world.grant("and longer")
    with pytest.raises(AkashiError, match=r"log_would_fork|published_differs"):
        integrate(remembering(logged, alone))


def test_published_files_are_never_rolled_back(world, logged, ahead):
    newest = published(logged, "checkpoint")[0]
    forget_last_head(world)
    with pytest.raises(AkashiError, match="log_would_fork"):
        integrate(logged)
    assert published(logged, "checkpoint")[0] == newest


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000"])
def test_a_flipped_bit_in_a_published_file_is_found_before_anything_is_signed(world, logged, name):
    first = integrate(logged)
    partial = f"{name}.p/{first.checkpoint.size}"
    path = place_of(logged).folder.path / partial
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    world.grant("after the flip")
    with pytest.raises(AkashiError, match=r"log_would_fork|malformed_log_tile"):
        integrate(logged)
    assert published(logged, "checkpoint")[0] == first.note


def test_a_missing_tile_stops_the_log(world, logged):
    first = integrate(logged)
    (place_of(logged).folder.path / f"tile/0/000.p/{first.checkpoint.size}").unlink()
    world.grant("after the loss")
    with pytest.raises(AkashiError, match="log_tile_missing"):
        integrate(logged)


def test_without_room_on_a_disk_nothing_is_begun(world, logged, monkeypatch):
    monkeypatch.setattr(PublishedFolder, "has_room", lambda _: False)
    with pytest.raises(AkashiError, match="log_out_of_room"):
        integrate(logged)
    monkeypatch.undo()
    integrate(logged)
    assert walked(logged) == queued(world)


def test_the_key_of_another_log_is_not_believed(world, logged, tmp_path):
    integrate(logged)
    other = replace(place_of(logged), key=replace(place_of(logged).key, name="elsewhere.example/log"))
    world.grant("after")
    with pytest.raises(AkashiError, match="note_not_signed"):
        integrate(replace(logged, log=other))
