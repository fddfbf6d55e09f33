"""Files that never change once they are there, and files that are replaced whole."""

from __future__ import annotations

import shutil
from typing import NamedTuple

import pytest

from app.errors import AkashiError
from app.storage.published_folder import PublishedFolder


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def folder(tmp_path):
    return PublishedFolder(tmp_path / "published")


def test_what_was_written_is_read(folder):
    folder.write_once("tile/0/x001/000.p/17", b"hashes")
    assert folder.read("tile/0/x001/000.p/17") == b"hashes"


def test_the_same_bytes_again_change_nothing(folder):
    folder.write_once("tile/0/000", b"hashes")
    folder.write_once("tile/0/000", b"hashes")
    assert folder.read("tile/0/000") == b"hashes"


def test_other_bytes_under_an_unchanging_name_are_refused(folder):
    folder.write_once("tile/0/000", b"hashes")
    with pytest.raises(AkashiError, match="published_differs"):
        folder.write_once("tile/0/000", b"others")
    assert folder.read("tile/0/000") == b"hashes"


def test_a_replaced_file_holds_the_new_bytes_alone(folder):
    folder.replace("checkpoint", b"a long first one")
    folder.replace("checkpoint", b"second")
    assert folder.read("checkpoint") == b"second"


def test_nothing_is_left_beside(folder):
    folder.write_once("tile/0/000", b"hashes")
    folder.replace("checkpoint", b"first")
    with pytest.raises(AkashiError):
        folder.write_once("tile/0/000", b"others")
    files = {str(path.relative_to(folder.path)) for path in folder.path.rglob("*") if path.is_file()}
    assert files == {"tile/0/000", "checkpoint"}


@pytest.mark.parametrize(
    "name", ["", "..", "../secret", "/etc/passwd", "tile/../x", "tile//0", "tile/", "a\x00b", ".hidden"]
)
def test_only_names_are_read_and_written(folder, name):
    assert folder.read(name) is None
    with pytest.raises(ValueError, match=r"^" if not name else None):
        folder.write_once(name, b"")


def test_what_is_not_there_is_not_read(folder):
    folder.write_once("tile/0/000", b"hashes")
    assert folder.read("tile/0/001") is None
    assert folder.read("tile/0") is None
    assert folder.read("tile/0/000/1") is None


@pytest.mark.parametrize(
    ("total", "free", "room"),
    [(100, 10, False), (2**40, 2**34, False), (2**40, 2**37, True), (2**33, 2**30, True), (2**33, 2**30 - 1, False)],
)
def test_room_is_a_gibibyte_and_a_twentieth(folder, monkeypatch, total, free, room):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total, total - free, free))
    assert folder.has_room() is room
