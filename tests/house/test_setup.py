"""The set-up stops with one clear sentence, and a built wheel holds everything that is needed at run time."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.repository import repository_files
from tests.support.shared import PROJECT

SHELL = shutil.which("sh") or "/bin/sh"


def set_up(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    project.joinpath("requirements").mkdir()
    command = [SHELL, str(PROJECT / "tools" / "setup.sh")]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def interpreter(folder: Path, answers: str) -> str:
    """A python3 that answers as an unfit one does: a program of the machine, not of ours."""
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\n{answers}\n")
    program.chmod(0o755)
    return str(program)


def test_an_old_python_gets_one_sentence(tmp_path: Path) -> None:
    old = interpreter(tmp_path, "exit 1")
    result = set_up(tmp_path, PYTHON=old, PATH=os.defpath)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("akashi: Python 3.11 or newer is needed")


def test_a_python_without_venv_gets_one_sentence(tmp_path: Path) -> None:
    bare = interpreter(tmp_path, 'case "$2" in *venv*) exit 1;; esac')
    result = set_up(tmp_path, PYTHON=bare, PATH=os.defpath)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("akashi: this Python has no venv module")


def test_no_browser_and_no_right_to_install_one_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "id").symlink_to(shutil.which("false") or "/bin/false")
    result = subprocess.run(
        [SHELL, str(PROJECT / "tools" / "browser.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "the page tests need Chromium or Google Chrome" in result.stderr


def test_the_wheel_holds_all_that_is_read_at_run_time(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("akashi-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        packed = set(opened.namelist())
    needed = {str(path) for path in repository_files() if path.parts[0] == "app"}
    needed |= {f"app/{path}" for path in repository_files() if path.parts[0] == "migrations"}
    assert needed - packed == set()
    assert wheel.stat().st_size <= 1_000_000  # goal I1
