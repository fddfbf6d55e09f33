"""`akashi demo` as its user runs it: a process in an empty folder, stopped, started again, and refused in words."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.storage.server_place import place_for
from tests.support.postgres import forget

PATIENCE = 100
pytestmark = pytest.mark.xdist_group("demo")  # the story is played once for all of these


class Demonstration:
    """A folder in which `akashi demo` runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def command(self, *words: str, **environment: str) -> dict[str, Any]:
        """Arguments of a process that runs `akashi`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AKASHI_")}
        return {
            "args": [sys.executable, "-c", "from app.cli.main import main; raise SystemExit(main())", *words],
            "cwd": self.folder,
            "env": {
                **kept,
                "PYTHONPATH": str(Path.cwd()),
                "AKASHI_PORT": str(self.port),
                "LANG": "C.UTF-8",
                **environment,
            },
        }

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command, to its end."""
        return subprocess.run(
            **self.command(*words, **environment), capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    @property
    def listing(self) -> dict[str, Any]:
        """What demo.json says."""
        content: dict[str, Any] = json.loads((self.folder / "var/demo/demo.json").read_text(encoding="utf-8"))
        return content


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """The story was played to its end, without serving."""
    made = Demonstration(tmp_path_factory.mktemp("demo"))
    done = made.run("demo", AKASHI_DEMO_SERVE="0")
    assert done.returncode == 0, done.stderr
    assert "suspended: Hinode Credit Scoring K.K. (fictional)" in done.stdout
    yield made
    forget(made.folder / "var")


def test_it_lists_certificates_in_every_standing_with_files_that_are_there(played: Demonstration) -> None:
    listing = played.listing

    assert set(listing) == {"base_url", "certificates", "bundles", "anchors", "clients"}
    assert len(listing["certificates"]) >= 14
    assert {"in_force", "suspended", "withdrawn", "expired", "superseded", "confidential"} <= set(
        listing["certificates"]
    )
    assert all(Path(path).is_file() for path in (*listing["bundles"].values(), *listing["clients"].values()))
    assert "confidential" not in listing["bundles"]


@pytest.mark.parametrize(
    ("name", "exit_code", "said"),
    [
        ("in_force", 0, "Valid."),
        ("superseded", 0, "Valid."),
        ("accreditation_suspended", 0, "accreditation since suspended"),
        ("suspended", 1, "Suspended since"),
        ("withdrawn", 1, "Withdrawn"),
        ("expired", 1, "Expired."),
        ("annulled", 1, "Never had effect."),
    ],
)
def test_each_bundle_reads_offline_as_its_story_says(
    played: Demonstration, name: str, exit_code: int, said: str
) -> None:
    done = played.run("verify", played.listing["bundles"][name], "--anchors", played.listing["anchors"])

    assert done.returncode == exit_code
    assert said in done.stdout


def test_one_changed_character_in_a_bundle_is_told(played: Demonstration) -> None:
    content = Path(played.listing["bundles"]["in_force"]).read_text(encoding="utf-8")
    altered = played.folder / "altered.json"
    altered.write_text(content[:900] + ("A" if content[900] != "A" else "B") + content[901:], encoding="utf-8")

    done = played.run("verify", str(altered), "--anchors", played.listing["anchors"])

    assert done.returncode == 1
    assert "altered" in done.stdout
    assert "Kasumi" not in done.stdout


def test_secrets_are_readable_by_their_owner_only(played: Demonstration) -> None:
    private = [
        played.folder / "var/demo/secret",
        *(Path(path) for path in played.listing["clients"].values()),
        *played.folder.glob("var/demo/keys/*.key"),
        *played.folder.glob("var/demo/people/*.key"),
        *place_for(played.folder / "var").folder.glob("role-passwords.json"),
    ]

    assert len(private) > 10
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)


def test_a_second_start_goes_on_with_what_is_there_serves_and_lists_last(played: Demonstration) -> None:
    before = played.listing["certificates"]
    listing = played.folder / "var/demo/demo.json"
    listing.unlink()
    with subprocess.Popen(
        **played.command("demo"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        deadline = time.monotonic() + PATIENCE
        while not listing.exists() and time.monotonic() < deadline:
            assert running.poll() is None, running.stdout and running.stdout.read()
            time.sleep(0.2)
        try:
            assert played.listing["certificates"] == before
            assert _get(f"{played.listing['base_url']}/readyz")[0] == 200
            status, page = _get(f"{played.listing['base_url']}/en/c/{before['in_force']}")
            assert status == 200
            assert "<title>Valid" in page
            assert before["in_force"] in page
            busy = played.run("demo")
        finally:
            running.send_signal(signal.SIGTERM)
            running.communicate(timeout=PATIENCE)

    assert running.returncode == 0
    assert busy.returncode == 1
    assert str(played.port) in busy.stderr


def test_another_port_on_a_second_start_is_refused_in_words(played: Demonstration) -> None:
    done = played.run("demo", AKASHI_PORT=str(free_port()), AKASHI_DEMO_SERVE="0")

    assert done.returncode == 1
    assert f"http://localhost:{played.port}" in done.stderr


def _get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status, answer.read().decode("utf-8")
