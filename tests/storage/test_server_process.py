import os
import subprocess
import time
from pathlib import Path

import pytest

from app.errors import AkashiError
from app.storage.embedded import EmbeddedServer
from app.storage.server_place import place_for
from app.storage.server_process import end_left_over, take_lock, wait_until


def test_the_number_of_a_stranger_in_postmaster_pid_does_not_stop_a_start(server_home: Path) -> None:
    with EmbeddedServer.start(server_home, durable=False) as server:
        pid_file = server.place.data / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
        runner = server.place.as_runner()
    with subprocess.Popen(["sleep", "60"], **runner) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        server.place.give(pid_file)
        try:
            with EmbeddedServer.start(server_home, durable=False) as again:
                assert again.is_ready()
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_the_number_of_a_zombie_in_postmaster_pid_does_not_stop_a_start(server_home: Path) -> None:
    with EmbeddedServer.start(server_home, durable=False) as server:
        pid_file = server.place.data / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
    with subprocess.Popen(["sleep", "60"], **server.place.as_runner()) as zombie:
        zombie.kill()
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        pid_file.write_text("\n".join([str(zombie.pid), *lines[1:]]))
        server.place.give(pid_file)

        with EmbeddedServer.start(server_home, durable=False) as again:
            assert again.is_ready()


def test_ending_what_is_left_over_is_quick_where_nothing_is(server_home: Path) -> None:
    EmbeddedServer.start(server_home, durable=False).stop()
    begin = time.monotonic()
    end_left_over(place_for(server_home))
    assert time.monotonic() - begin < 1


def test_the_lock_has_one_holder_and_is_free_again_when_closed(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "lock")
    with pytest.raises(AkashiError) as refused:
        take_lock(tmp_path / "lock")
    os.close(lock)

    assert refused.value.code == "database_in_use"
    os.close(take_lock(tmp_path / "lock"))


def test_waiting_ends_when_patience_does() -> None:
    assert wait_until(lambda: True, 0)
    assert not wait_until(lambda: False, 0.05)
