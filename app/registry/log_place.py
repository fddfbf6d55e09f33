"""Where the log of a registry is kept and published; its key signs nothing but heads of this log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from app.errors import AkashiError
from app.keys.software import SoftwareNoteKey, note_key_thumbprint
from app.storage.published_folder import PublishedFolder
from app.transparency.notes import ED25519, VerifierKey
from app.transparency.tiles import Tile

PREFIX = "/log"


@dataclass(frozen=True)
class LogPlace:
    """The log's key, whose name is the log's, the published folder, and the fence: its memory on another volume."""

    key: VerifierKey
    thumbprint: str
    folder: PublishedFolder
    fence: PublishedFolder

    @classmethod
    def of(cls, vkey: str, folder: Path, fence: Path) -> Self:
        """The log whose key this is; its name is the log's address without the scheme."""
        key = VerifierKey.parse(vkey)
        return cls(key, note_key_thumbprint(key.public), PublishedFolder(folder), PublishedFolder(fence))

    def read_tile(self, tile: Tile) -> bytes:
        """The bytes of a tile that a signed head asks for; raises `log_tile_missing`."""
        content = self.folder.read(tile.path)
        if content is None:
            raise AkashiError("log_tile_missing", note=tile.path)
        return content


def log_key_of(base_url: str, key: SoftwareNoteKey) -> VerifierKey:
    """The key under the name of the log: its address without the scheme (C2SP tlog-tiles, Parameters)."""
    address = urlsplit(base_url)
    return VerifierKey(f"{address.netloc}{address.path}{PREFIX}", ED25519, key.public)
