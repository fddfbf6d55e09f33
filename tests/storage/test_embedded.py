import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest

from app.errors import AkashiError
from app.storage.embedded import EmbeddedServer
from app.storage.server_place import place_for
from app.storage.server_process import wait_until
from tests.support.postgres import system_binaries
from tests.support.shared import PROJECT


def kill_all(server: EmbeddedServer) -> None:
    """SIGKILL for the postmaster; its children see it die and end."""
    os.kill(postmaster_number(server), signal.SIGKILL)


def postmaster_number(server: EmbeddedServer) -> int:
    return int((server.place.data / "postmaster.pid").read_text().split("\n", 1)[0])


def start_in_another_process(home: Path, then: str) -> subprocess.Popen[str]:
    """A service of its own that starts a server, prints its postmaster's number, and does one thing more."""
    program = f"""
        import sys, time
        from pathlib import Path
        from app.storage.embedded import EmbeddedServer
        server = EmbeddedServer.start(Path(sys.argv[1]), durable=False)
        print((server.place.data / "postmaster.pid").read_text().split()[0], flush=True)
        {then}
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def has_gone(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes() == b""
    except OSError:
        return True


def test_a_started_server_answers_and_a_stopped_one_does_not(server_home: Path) -> None:
    server = EmbeddedServer.start(server_home)
    with psycopg.connect(server.superuser_url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    server.stop()

    assert not server.is_ready()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.superuser_url())


def test_what_was_written_is_there_after_a_restart(server_home: Path) -> None:
    with EmbeddedServer.start(server_home) as server, psycopg.connect(server.superuser_url()) as connection:
        connection.execute("CREATE TABLE fact AS SELECT 7 AS n")

    with EmbeddedServer.start(server_home) as server, psycopg.connect(server.superuser_url()) as connection:
        assert connection.execute("SELECT n FROM fact").fetchone() == (7,)


def test_a_committed_fact_survives_kill_9_of_the_server(server_home: Path) -> None:
    server = EmbeddedServer.start(server_home)
    with psycopg.connect(server.superuser_url()) as connection:
        connection.execute("CREATE TABLE fact AS SELECT 7 AS n")
    kill_all(server)
    assert wait_until(lambda: not server.is_ready(), 10)

    server.stop()
    with EmbeddedServer.start(server_home) as again, psycopg.connect(again.superuser_url()) as connection:
        assert connection.execute("SELECT n FROM fact").fetchone() == (7,)


def test_a_second_start_on_the_same_folder_names_the_process_that_runs_it(server_home: Path) -> None:
    with EmbeddedServer.start(server_home, durable=False) as server:
        with pytest.raises(AkashiError) as refused:
            EmbeddedServer.start(server_home)
        assert refused.value.code == "database_in_use"
        assert f"process {os.getpid()} " in refused.value.note
        assert server.is_ready()


def test_the_server_ends_when_its_starter_ends_without_stopping_it(server_home: Path) -> None:
    service = start_in_another_process(server_home, "sys.exit()")
    number = int(first_line(service))
    service.communicate(timeout=10)

    assert wait_until(lambda: has_gone(number), 30)


def test_the_server_ends_when_its_starter_is_killed_and_the_next_start_works(server_home: Path) -> None:
    service = start_in_another_process(server_home, "time.sleep(60)")
    number = int(first_line(service))
    service.kill()
    service.communicate(timeout=10)

    with EmbeddedServer.start(server_home, durable=False) as server:
        assert has_gone(number)
        assert server.is_ready()


def test_a_server_that_outlived_its_starter_and_supervisor_is_replaced(server_home: Path) -> None:
    service = start_in_another_process(
        server_home, "import os; print(server._supervisor.pid, flush=True); time.sleep(60)"
    )
    number, supervisor = int(first_line(service)), int(first_line(service))
    os.killpg(supervisor, signal.SIGSTOP)  # neither the supervisor nor its watcher can act any more
    os.kill(number, signal.SIGCONT)
    service.kill()
    service.communicate(timeout=10)

    try:
        with EmbeddedServer.start(server_home, durable=False) as server:
            assert postmaster_number(server) != number
            assert server.is_ready()
    finally:
        os.killpg(supervisor, signal.SIGKILL)


def test_a_half_made_database_is_made_again(server_home: Path) -> None:
    EmbeddedServer.start(server_home, durable=False).stop()
    place = place_for(server_home)
    place.data.rename(place.folder / "data.unfinished")
    (place.folder / "data.unfinished" / "PG_VERSION").unlink()

    with EmbeddedServer.start(server_home, durable=False) as server:
        assert server.is_ready()


def test_data_of_another_major_version_are_refused_in_words(server_home: Path) -> None:
    EmbeddedServer.start(server_home, durable=False).stop()
    (place_for(server_home).data / "PG_VERSION").write_text("14\n")

    with pytest.raises(AkashiError) as refused:
        EmbeddedServer.start(server_home)

    assert refused.value.code == "database_version_differs"
    assert refused.value.note.startswith("data: 14, binaries: ")


def test_a_broken_configuration_is_told_in_the_servers_own_words_and_frees_the_folder(server_home: Path) -> None:
    EmbeddedServer.start(server_home, durable=False).stop()
    configuration = place_for(server_home).data / "postgresql.conf"
    good = configuration.read_text()
    configuration.write_text(good + "\nmax_connections = many\n")

    with pytest.raises(AkashiError) as refused:
        EmbeddedServer.start(server_home, durable=False)
    configuration.write_text(good)

    assert refused.value.code == "database_not_started"
    assert "max_connections" in place_for(server_home).log_file.read_text()
    with EmbeddedServer.start(server_home, durable=False) as server:
        assert server.is_ready()


def test_a_wrong_password_is_refused_and_there_is_no_way_in_without_one(server_home: Path) -> None:
    with EmbeddedServer.start(server_home, durable=False) as server:
        for password in ("wrong", ""):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(server.url("postgres", password, "postgres"))
        with psycopg.connect(server.superuser_url()) as connection:
            assert connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall() == [
                ("scram-sha-256",)
            ]


def test_the_server_never_runs_as_root_and_never_listens_on_the_network(server_home: Path) -> None:
    with EmbeddedServer.start(server_home, durable=False) as server:
        owner = Path(f"/proc/{postmaster_number(server)}").stat().st_uid
        with psycopg.connect(server.superuser_url()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert owner != 0


def test_names_sort_the_same_everywhere_and_text_is_utf_8(server_home: Path) -> None:
    with (
        EmbeddedServer.start(server_home, durable=False) as server,
        psycopg.connect(server.superuser_url()) as connection,
    ):
        rows = connection.execute("SELECT n FROM unnest(ARRAY['é', 'z', '証', 'a', 'B']) AS n ORDER BY n").fetchall()
        assert [name for (name,) in rows] == ["B", "a", "z", "é", "証"]
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_it_is_durable_unless_asked_otherwise(server_home: Path) -> None:
    with EmbeddedServer.start(server_home) as server, psycopg.connect(server.superuser_url()) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    with (
        EmbeddedServer.start(server_home, durable=False) as server,
        psycopg.connect(server.superuser_url()) as connection,
    ):
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_any_folder_of_binaries_serves(server_home: Path) -> None:
    binaries = system_binaries()
    if binaries is None:
        pytest.skip("this machine has no PostgreSQL 15 or newer of its own")
    with EmbeddedServer.start(server_home, binaries=binaries, durable=False) as server:
        assert int(server.version.partition(".")[0]) >= 15
        with psycopg.connect(server.superuser_url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
