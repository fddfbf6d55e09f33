import os
import socket
import stat
import tempfile
from pathlib import Path

import psycopg
import pytest

from app.errors import AkashiError
from app.storage.embedded import EmbeddedServer
from app.storage.server_place import Place, place_for, prepare
from tests.support.postgres import forget
from tests.support.users import as_ordinary_user, ordinary_user


def test_a_folder_without_binaries_is_refused(server_home: Path, tmp_path: Path) -> None:
    with pytest.raises(AkashiError) as refused:
        EmbeddedServer.start(server_home, binaries=tmp_path)
    assert refused.value.code == "database_binaries_missing"


def test_password_data_and_socket_are_closed_to_others(server_home: Path) -> None:
    with EmbeddedServer.start(server_home, durable=False) as server:
        place = server.place
        assert stat.S_IMODE(place.password_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(place.log_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(place.socket_folder.stat().st_mode) == 0o700
        assert not (place.folder / "initdb-password").exists()


def test_no_parent_folder_is_opened(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = {folder: folder.stat().st_mode for folder in (closed, *closed.parents)}
    try:
        with EmbeddedServer.start(closed, durable=False) as server:
            assert server.is_ready()
        assert {folder: folder.stat().st_mode for folder in before} == before
    finally:
        forget(closed)


def test_a_deep_project_folder_still_gets_a_short_socket_path(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    socket_path = as_ordinary_user(lambda: str(place_for(deep).socket_folder / ".s.PGSQL.5432"))
    assert len(socket_path) <= 103
    with socket.socket(socket.AF_UNIX) as probe, pytest.raises(FileNotFoundError):
        probe.connect(socket_path)  # not "AF_UNIX path too long"


def test_an_ordinary_user_runs_it_inside_the_project_folder() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name).resolve()
        if os.geteuid() == 0:
            os.chown(home, *ordinary_user())
        own = EmbeddedServer.start(home, durable=False)  # as root: leaves binaries that others can read
        own.stop()
        binaries = own.binaries

        def started() -> str:
            with EmbeddedServer.start(home, binaries=binaries, durable=False) as server:
                with psycopg.connect(server.superuser_url()) as connection:
                    connection.execute("SELECT 1")
                return str(server.place.data)

        try:
            assert as_ordinary_user(started) == str(home / "var" / "postgres" / "data")
        finally:
            forget(home)


def test_a_prepared_socket_folder_of_somebody_else_is_refused() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "socket")
        folder.mkdir()
        folder.chmod(0o777)
        with pytest.raises(AkashiError) as refused:
            prepare(Place(Path(name), folder, None))
    assert refused.value.code == "database_not_started"


def test_two_project_folders_have_two_places(tmp_path: Path) -> None:
    assert place_for(tmp_path / "a").folder != place_for(tmp_path / "b").folder
