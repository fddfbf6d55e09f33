"""deploy/Containerfile is read, not built: what it copies exists, what it installs has hashes, nobody is root at the end."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from app.storage.migration import migrations_folder
from tests.support.shared import PROJECT

DEPLOY = PROJECT / "deploy"
ENTRY = DEPLOY / "akashi-with-environment"
TEXT = re.sub(r"\\\n", " ", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
STEPS = [line.split(maxsplit=1) for line in TEXT.splitlines() if line and not line.startswith("#")]


def steps(instruction: str) -> list[str]:
    return [rest for name, rest in STEPS if name == instruction]


def test_the_base_is_chosen_by_whoever_builds() -> None:
    assert {rest.split()[0] for rest in steps("FROM")} == {"${PYTHON_IMAGE}"}
    assert "sha256:…" in TEXT, "no digest is invented; the comment says how to give one"
    assert not re.search(r"sha256:[0-9a-f]", TEXT)


def test_everything_that_it_copies_from_here_exists() -> None:
    copied = [word for rest in steps("COPY") if "--from" not in rest for word in rest.split()[:-1] if "--" not in word]
    assert copied
    assert [word for word in copied if not (PROJECT / word).exists()] == []
    assert str(migrations_folder().relative_to(PROJECT)) in {word.rstrip("/") for word in copied}


def test_whatever_comes_from_an_index_is_locked_with_hashes() -> None:
    installs = [part for rest in steps("RUN") for part in rest.split("&&") if re.search(r"pip install|uv build", part)]
    assert len(installs) == 4
    assert [part for part in installs if "--require-hashes" not in part and "dist/*.whl" not in part] == []


def test_it_runs_without_root() -> None:
    *_, user = steps("USER")
    assert user == "10001:10001"
    last = [name for name, _ in STEPS]
    assert last.index("USER") > max(place for place, name in enumerate(last) if name == "RUN")
    assert not [rest for rest in steps("RUN") if re.search(r"\b(sudo|curl|wget|chmod 777)\b", rest)]
    assert not [rest for rest in steps("ENV") + steps("ARG") if re.search("PASSWORD|SECRET|TOKEN|_KEY", rest)]


@pytest.fixture
def akashi(tmp_path: Path) -> Path:
    """A program of that name that tells its environment, in place of the installed one."""
    program = tmp_path / "bin" / "akashi"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\nenv | grep ^AKASHI_ | sort\n', encoding="utf-8")
    program.chmod(0o755)
    return program.parent


def entered(akashi: Path, **environment: str) -> list[str]:
    path = f"{akashi}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", str(ENTRY), "status", "a b"]
    done = subprocess.run(command, env={"PATH": path, **environment}, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_entry_takes_the_addresses_as_they_are_written(akashi: Path, tmp_path: Path) -> None:
    written = tmp_path / "akashi.env"
    lines = ["AKASHI_DATABASE_URL=postgresql://u:p@h/d?a=*&b=$HOME", "AKASHI_DATABASE_URL_JOBS=postgresql://u:p@h/d"]
    written.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert entered(akashi, ENVIRONMENT_FILE=str(written)) == ["status a b", *lines]


def test_the_entry_is_content_without_any_file(akashi: Path) -> None:
    assert entered(akashi, ENVIRONMENT_FILE="/nonexistent") == ["status a b"]


def test_only_init_becomes_the_administrator(akashi: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    told = entered(akashi, ADMINISTRATOR_PASSWORD_FILE=str(tmp_path / "password"))
    assert told == ["status a b", "AKASHI_ADMINISTRATOR_URL=postgresql://postgres:secret@database/postgres"]
