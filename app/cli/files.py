"""Files that a command reads or makes: bounded when read, never overwritten when made."""

from __future__ import annotations

import sys
from pathlib import Path

from app.errors import AkashiError


def read_bounded(name: str, limit: int) -> bytes:
    """The bytes of a file, or of the standard input for `-`; raises if they are more than `limit`."""
    try:
        if name == "-":
            content = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(limit + 1)
    except OSError as error:
        raise AkashiError("unreadable_file", note=f"{name}: {error.strerror}") from error
    if len(content) > limit:
        raise AkashiError("json_too_large", note=f"more than {limit} bytes")
    return content


def write_new(path: Path, content: bytes) -> None:
    """The content stands in a new file; one that is there already is left alone."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise AkashiError("unwritable_file", note=f"{path}: {error.strerror}") from error
