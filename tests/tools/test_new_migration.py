import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.new_migration import FOLDER, begin, main

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "migrations"))


def test_a_migration_begins_as_a_letter_and_its_sql_after_the_newest_one(folder: Path) -> None:
    first, _ = begin("add_something", NOON, folder)
    second, statements = begin("add_more", NOON.replace(minute=1), folder)

    assert first.name == "2031_05_06_1200_add_something.py"
    assert statements.name == "2031_05_06_1201_add_more.sql"
    assert 'revision = "20310506_1200_add_something"' in first.read_text(encoding="utf-8")
    assert 'down_revision = "20310506_1200_add_something"' in second.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "Add", "ab", "add-something", "../up", "add something"])
def test_a_name_that_says_nothing_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 2
    assert "make migration NAME=" in capsys.readouterr().err
