"""The published store as a folder: files that never change once they are there, and a few that are replaced whole.

Whatever a call has returned from is on the disk. A file is written beside its place and linked or moved into it, so that
a reader, a web server among them, sees all of it or nothing. Writing the same bytes again changes nothing; other bytes
under the name of an unchanging file are refused.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from app.errors import AkashiError

_NAME = re.compile(r"[a-z0-9-]+(?:[./][a-z0-9-]+)*")
_ROOM_SHARE, _ROOM_BYTES = 0.05, 2**30
"""Below a twentieth or a gibibyte of free space nothing is begun (trust, failure and recovery)."""


@dataclass(frozen=True)
class PublishedFolder:
    """Named byte strings below one folder."""

    path: Path

    def read(self, name: str) -> bytes | None:
        """The bytes under a name; None if there are none, or if it is no name."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def write_once(self, name: str, content: bytes) -> None:
        """The bytes are there for good; raises `published_differs` if other bytes are there already."""
        place = self._place(name)
        beside = _written_beside(place, content)
        try:
            os.link(beside, place)
        except FileExistsError:
            if place.read_bytes() != content:
                raise AkashiError("published_differs", note=name) from None
        finally:
            beside.unlink()
        _sync(place.parent)

    def replace(self, name: str, content: bytes) -> None:
        """The bytes are there in place of what was there before."""
        place = self._place(name)
        _written_beside(place, content).replace(place)
        _sync(place.parent)

    def has_room(self) -> bool:
        """Whether there is space enough to begin something."""
        self.path.mkdir(parents=True, exist_ok=True)
        usage = shutil.disk_usage(self.path)
        return usage.free >= _ROOM_BYTES and usage.free >= usage.total * _ROOM_SHARE

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        place = self.path / name
        if not place.parent.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            for folder in place.parent.relative_to(self.path).parents:
                _sync(self.path / folder)
        return place


def _written_beside(place: Path, content: bytes) -> Path:
    beside = place.with_name(f".{place.name}.{token_hex(8)}")
    with beside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
