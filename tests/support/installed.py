"""An installation made by `akashi init` on an embedded server of its own, for tests of commands.

The server runs for the session, as under a running service; each command joins it. Roles belong to a cluster, so the
run's shared server cannot serve here: a command may give its roles other passwords.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.cli.opening import open_database, read_settings
from tests.support.postgres import forget

PUBLIC_URL = "http://localhost:8000"
SECRET = "a secret of tests only"
PUBLIC_INFORMATION = [
    *("--processes", "https://cb.example/processes"),
    *("--mark-rules", "https://cb.example/mark"),
    *("--complaints-and-appeals", "https://cb.example/complaints"),
    *("--impartiality", "https://cb.example/impartiality"),
]


@dataclass
class Installed:
    """A folder with an installation; `run` gives a command's exit code and what it printed."""

    home: Path
    urls: dict[str, str]
    capture: pytest.CaptureFixture[str] | None = None

    @property
    def var(self) -> Path:
        return self.home / "var"

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """A command's exit code, output and errors."""
        assert self.capture is not None
        self.capture.readouterr()
        code = main(arguments)
        said = self.capture.readouterr()
        return code, said.out, said.err

    def done(self, *arguments: str) -> Any:
        """What a command printed as JSON, having succeeded."""
        code, out, err = self.run(*arguments)
        assert code == 0, err
        return json.loads(out)

    def refused(self, *arguments: str) -> str:
        """The code with which a command was refused."""
        code, _, err = self.run(*arguments)
        assert code == 1, err
        return err.split("[", 1)[1].split("]", 1)[0]

    def add_accreditation_body(self) -> str:
        """A fresh accreditation body with its key."""
        where = ("--country", "JP", "--time-zone", "Asia/Tokyo")
        party = self.done("parties", "add-accreditation-body", "--name", "en=Fictional Board", *where)["party"]
        self.done("parties", "add-key", party, "--purpose", "accredit", "--new-key")
        return str(party)

    def add_certification_body(self) -> str:
        """A fresh certification body without a key."""
        where = ("--country", "JP", "--time-zone", "Asia/Tokyo")
        name = ("--name", "en=Fictional Certification", "--name", "ja=架空認証")
        return str(self.done("parties", "add-certification-body", *name, *where, *PUBLIC_INFORMATION)["party"])


def environment(home: Path) -> dict[str, str]:
    """The settings of an installation in this folder."""
    return {"AKASHI_VAR": str(home / "var"), "AKASHI_KEY_SECRET": SECRET, "AKASHI_PUBLIC_URL": PUBLIC_URL}


@pytest.fixture(scope="session")
def running_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Made once a session."""
    home = tmp_path_factory.mktemp("installed")
    before = dict(os.environ)
    os.environ.update(environment(home))
    try:
        with open_database(read_settings()) as urls:
            assert main(["init"]) == 0
            os.environ.clear()
            os.environ.update(before)
            yield Installed(home, urls)
    finally:
        os.environ.clear()
        os.environ.update(before)
        forget(home)


@pytest.fixture
def installed(
    running_installation: Installed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Installed:
    """The session's installation with its settings in the environment."""
    for name in [name for name in os.environ if name.startswith("AKASHI_")]:
        monkeypatch.delenv(name)
    for name, value in environment(running_installation.home).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C.UTF-8")
    running_installation.capture = capsys
    return running_installation
