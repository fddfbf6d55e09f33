"""Begin a migration: a letter to the operator and the SQL beside it, dated now and placed after the newest one."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from alembic.script import ScriptDirectory

FOLDER = Path(__file__).resolve().parents[1] / "migrations"
NAME = re.compile(r"[a-z][a-z0-9_]{2,50}")


def begin(name: str, now: datetime, folder: Path = FOLDER) -> tuple[Path, Path]:
    """The letter and its SQL; both exist afterwards, and the letter names the newest migration as its predecessor."""
    letter = folder / "versions" / f"{now:%Y_%m_%d_%H%M}_{name}.py"
    words = {
        "message": name.replace("_", " ").capitalize(),
        "up_revision": f"{now:%Y%m%d_%H%M}_{name}"[:32],  # the width of alembic_version
        "down_revision": ScriptDirectory(str(folder)).get_current_head() or "",
    }
    letter.write_text(Template((folder / "script.py.mako").read_text(encoding="utf-8")).substitute(words), "utf-8")
    statements = letter.with_suffix(".sql")
    statements.touch()
    return letter, statements


def main(arguments: list[str]) -> int:
    """Print the paths of the two new files; exit 2 for a name that says nothing."""
    name = "".join(arguments)
    if not NAME.fullmatch(name):
        print("make migration NAME=add_something: small letters, digits and underscores, a verb first", file=sys.stderr)
        return 2
    for path in begin(name, datetime.now(UTC)):
        print(path.relative_to(Path.cwd()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
