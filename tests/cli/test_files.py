from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli.files import read_bounded, write_new
from app.errors import AkashiError


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_bounded(str(tmp_path / "file"), 5) == b"12345"
    with pytest.raises(AkashiError, match="json_too_large"):
        read_bounded(str(tmp_path / "file"), 4)
    with pytest.raises(AkashiError, match="unreadable_file"):
        read_bounded(str(tmp_path / "none"), 4)


def test_a_hyphen_is_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"piped")))
    assert read_bounded("-", 10) == b"piped"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    write_new(tmp_path / "new", b"1")
    with pytest.raises(AkashiError, match="unwritable_file"):
        write_new(tmp_path / "new", b"2")
    assert (tmp_path / "new").read_bytes() == b"1"
