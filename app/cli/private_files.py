"""Files of this installation that commands keep: private ones, and the anchors file.

A private file is readable by its owner only from the moment it exists, and is replaced whole or not at all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from app.cli.verify import read_anchors
from app.errors import AkashiError
from app.trust.anchors import Anchors, Authority, KeyAnchor

PRIVATE, PUBLIC = 0o600, 0o644


def write_whole(path: Path, content: str, mode: int = PRIVATE) -> None:
    """The file holds exactly this content, under this mode; a crash leaves what was there before."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(path)
    except OSError as error:
        raise AkashiError("unwritable_file", note=f"{path}: {error.strerror}") from error


def read_private(path: Path) -> str | None:
    """The content of a private file, or None if there is none; one that others can read is refused."""
    try:
        if path.stat().st_mode & 0o077:
            raise AkashiError("exposed_file", note=str(path))
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AkashiError("unreadable_file", note=f"{path}: {error.strerror}") from error


def add_anchor(path: Path, anchor: KeyAnchor | Authority) -> None:
    """The anchors file names this anchor too; what it named before stays, and nothing stands there twice."""
    known = read_anchors(path) if path.exists() else Anchors()
    if isinstance(anchor, KeyAnchor):
        same = any(
            (one.party, one.role, one.thumbprint) == (anchor.party, anchor.role, anchor.thumbprint)
            for one in known.keys
        )
        changed = Anchors((*known.keys, anchor), known.authorities)
    else:
        same = anchor.certificate in known.ca_certificates
        changed = Anchors(known.keys, (*known.authorities, anchor))
    if not same:
        write_whole(path, json.dumps(changed.as_json(), ensure_ascii=False, indent=2) + "\n", PUBLIC)
