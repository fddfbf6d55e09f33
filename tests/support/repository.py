"""The files of the repository as a reader of a clone finds them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from tests.support.shared import PROJECT


@cache
def repository_files() -> tuple[Path, ...]:
    """All files under version control or about to be, relative to the project; nothing that is ignored."""
    command = ["git", "-C", str(PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(sorted({Path(name) for name in names if name and (PROJECT / name).is_file()}))


def texts(*suffixes: str) -> list[tuple[Path, str]]:
    """Path and content of every text file, or of those with these suffixes."""
    chosen = [path for path in repository_files() if not suffixes or path.suffix in suffixes]
    return [(path, text) for path in chosen if (text := _text_of(PROJECT / path)) is not None]


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
