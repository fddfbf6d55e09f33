"""`akashi init`: on the embedded server, and on a PostgreSQL of one's own with an administrator's rights."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.cli.init import fix, password_of
from app.cli.main import main
from app.cli.verify import read_anchors
from app.storage.embedded import EmbeddedServer
from app.trust.anchors import Role
from tests.support.installed import PUBLIC_URL, SECRET
from tests.support.postgres import forget


@pytest.fixture(scope="module")
def administrator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of this module's own, for roles belong to a cluster: its administrator's address."""
    home = tmp_path_factory.mktemp("cluster")
    with EmbeddedServer.start(home, durable=False) as server:
        yield server.superuser_url()
    forget(home)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, administrator: str) -> Path:
    """A folder before `akashi init`, with the settings that it needs."""
    for name in [name for name in os.environ if name.startswith("AKASHI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AKASHI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("AKASHI_KEY_SECRET", SECRET)
    monkeypatch.setenv("AKASHI_PUBLIC_URL", PUBLIC_URL)
    monkeypatch.setenv("AKASHI_ADMINISTRATOR_URL", administrator)
    return tmp_path


def done(capsys, *arguments: str) -> dict[str, object]:
    assert main(["init", *arguments]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments: str) -> str:
    assert main(["init", *arguments]) == 1
    return capsys.readouterr().err.split("[", 1)[1].split("]", 1)[0]


def test_an_installation_on_ones_own_server_begins_and_is_finished_by_a_second_run(folder, capsys):
    file = folder / "akashi.env"
    where = ("--environment", str(file), "--database", "one", "--new-passwords")

    made = done(capsys, *where)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert set(lines) == {
        "AKASHI_DATABASE_URL",
        *(f"AKASHI_DATABASE_URL_{role}" for role in ("READER", "JOBS", "KEEPER", "MIGRATOR")),
    }
    with psycopg.connect(lines["AKASHI_DATABASE_URL_READER"]) as connection:
        assert connection.execute("SELECT count(*) FROM public_record.scheme").fetchone() == (3,)
    anchors = read_anchors(folder / "var" / "anchors.json")
    assert [(key.role, key.thumbprint) for key in anchors.keys] == [(Role.PUBLICATION, made["publication_key"])]
    assert done(capsys, *where) == made
    assert dict(line.split("=", 1) for line in file.read_text().splitlines()) == lines


def test_passwords_of_another_installation_are_not_changed_by_accident(folder, capsys):
    done(capsys, "--environment", str(folder / "akashi.env"), "--database", "two", "--new-passwords")
    assert refused(capsys, "--environment", str(folder / "other.env"), "--database", "three") == "roles_exist"


def test_another_public_address_is_refused_by_a_second_run(folder, capsys, monkeypatch):
    where = ("--environment", str(folder / "akashi.env"), "--database", "four", "--new-passwords")
    done(capsys, *where)
    monkeypatch.setenv("AKASHI_PUBLIC_URL", "http://localhost:9000")
    assert refused(capsys, *where) == "public_address_differs"


def test_an_environment_file_that_lost_lines_is_refused(folder, capsys):
    file = folder / "akashi.env"
    file.write_text("AKASHI_DATABASE_URL=postgresql://x\n")
    file.chmod(0o600)
    assert refused(capsys, "--environment", str(file)) == "environment_file_incomplete"


def test_an_administrator_needs_a_file_for_the_addresses_and_a_file_an_administrator(folder, capsys, monkeypatch):
    assert refused(capsys) == "environment_file_missing"
    monkeypatch.delenv("AKASHI_ADMINISTRATOR_URL")
    assert refused(capsys, "--environment", str(folder / "akashi.env")) == "administrator_missing"


def test_no_secret_is_no_installation(folder, capsys, monkeypatch):
    monkeypatch.delenv("AKASHI_KEY_SECRET")
    assert refused(capsys, "--environment", str(folder / "akashi.env")) == "key_secret_missing"


def test_on_the_embedded_server_a_second_run_changes_nothing(installed):
    before = installed.done("init")
    assert installed.done("init") == before
    assert before["environment"] is None


def test_a_crash_between_key_and_address_is_made_good(world, tmp_path):
    world.keys.create()  # the key of a run that ended before its address was fixed

    fixed = fix(world.database, world.keys, PUBLIC_URL, tmp_path / "anchors.json")

    assert fix(world.database, world.keys, PUBLIC_URL, tmp_path / "anchors.json") == fixed


def test_a_password_is_read_from_an_address_as_it_was_written():
    address = "postgresql://akashi_service:{}@/akashi?host=%2Frun"
    assert password_of(address.format("a%40b")) == "a@b"
