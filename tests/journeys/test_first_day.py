"""docs/operations/first-day.md does what it says: its blocks are run as they stand, in an empty folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.service import free_port
from tests.support.blocks import PATIENCE, follow
from tests.support.postgres import forget
from tests.support.shared import PROJECT

PAGE = PROJECT / "docs" / "operations" / "first-day.md"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder to work in; the server that the page starts there goes with it."""
    empty = tmp_path / "registry"
    empty.mkdir()
    yield empty
    forget(empty)


@pytest.mark.timeout(PATIENCE + 30)
def test_the_page_leads_from_nothing_to_a_verified_certificate(folder: Path) -> None:
    follow(PAGE, folder, {"AKASHI_PORT": str(free_port())})

    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert [check["name"] for check in report["checks"] if check["result"] != "passed"] == []
    assert "Kasumi Robotics K.K." in (folder / "page.html").read_text(encoding="utf-8")
    assert "FAILED" in (folder / "refused.txt").read_text(encoding="utf-8")
