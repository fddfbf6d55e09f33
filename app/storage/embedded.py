"""Our own PostgreSQL server, started from a folder of binaries, for the demo, for tests and for a first look.

Never two servers on one data directory: the starter holds a lock for as long as the server runs, and a second start
says who holds it. The server listens on a private Unix socket only, with scram passwords. It ends with its starter,
even when that is killed: a supervisor sees the pipe close. Whatever a kill -9 leaves behind (a running server, a stale
postmaster.pid, a zombie, a half-made database) the next start puts right. Whether a server is up is asked of
`pg_isready`, never of a process number. Every wait is bounded.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from app.errors import AkashiError
from app.storage.server_place import PORT, Place, find_binaries, place_for, prepare
from app.storage.server_process import end_left_over, take_lock, wait_until

SUPERUSER = "postgres"
RECOVERY_PATIENCE = 120.0  # seconds; replaying a long log after a crash takes its time
INITDB_PATIENCE = 120.0
STOP_PATIENCE = 60.0  # a fast shutdown rolls sessions back and writes a checkpoint
BUILTIN_LOCALES_SINCE = 17  # before, only libc and ICU sort, and they differ between machines
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Starts the server as its own child (so that the number stays its own until reaped), and ends it by a fast shutdown
# when standard input closes, which happens when the starter stops it, exits or is killed.
SUPERVISOR = """
exec 3<&0 </dev/null
"$@" 3<&- & server=$!
(read -r _ <&3; kill -INT "$server") & watcher=$!
wait "$server"; status=$?
kill "$watcher" 2>/dev/null
exit "$status"
"""


class EmbeddedServer:
    """A running server; `start` makes one, `stop` (or leaving the `with` block) ends it."""

    def __init__(self, place: Place, binaries: Path, lock: int) -> None:
        self.place = place
        self.binaries = binaries
        self._lock: int | None = lock
        self._supervisor: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(
        cls, home: Path, *, binaries: Path | None = None, durable: bool = True, patience: float = RECOVERY_PATIENCE
    ) -> Self:
        """A server that answers, on the data that belong to this project folder.

        Raises `database_in_use` if somebody runs it already, `database_version_differs` if the data are of another
        major version, `database_not_started` with the server's own words otherwise. `durable=False` gives up safety
        for speed: for tests only. Safe to repeat after any crash.
        """
        place = place_for(home)
        prepare(place)
        server = cls(place, Path(), take_lock(place.lock_file))
        try:
            server.binaries = find_binaries(place, binaries)
            end_left_over(place)
            server._make_database()
            server._launch(NOT_DURABLE if not durable else {}, patience)
        except BaseException:
            server.stop()
            raise
        return server

    @property
    def version(self) -> str:
        """Version of the binaries, such as `18.6`."""
        said = self._run("postgres", "--version").stdout
        return re.search(r"\d+(\.\d+)*", said)[0]  # type: ignore[index]  # every release prints one

    @property
    def socket_folder(self) -> Path:
        """What libpq calls the host."""
        return self.place.socket_folder

    def superuser_url(self, database: str = "postgres") -> str:
        """A postgresql:// address with the superuser's password in it: a secret."""
        return self.url(SUPERUSER, self.place.password_file.read_text(encoding="ascii"), database)

    def url(self, user: str, password: str, database: str) -> str:
        """A postgresql:// address for any role of this server."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{quote(user)}:{quote(password, safe='')}@/{quote(database)}?host={host}&port={PORT}"

    def is_ready(self) -> bool:
        """True while it accepts connections."""
        asked = self._run("pg_isready", "-q", "-t", "3", "-h", str(self.socket_folder), "-p", str(PORT), check=False)
        return asked.returncode == 0

    def stop(self) -> None:
        """No server runs here afterwards and another may start; may be called again."""
        if self._lock is None:
            return
        if self._supervisor is not None and self._supervisor.stdin is not None:
            self._supervisor.stdin.close()
            wait_until(self._has_ended, STOP_PATIENCE)
        end_left_over(self.place)
        wait_until(self._has_ended, STOP_PATIENCE)
        os.close(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _make_database(self) -> None:
        """Data exist and fit the binaries; they appear by one rename, so a killed initdb is simply done again."""
        version_file = self.place.data / "PG_VERSION"
        ours = self.version.partition(".")[0]
        if not version_file.exists():
            self._initdb(self.place.folder / "data.unfinished", int(ours))
        theirs = version_file.read_text(encoding="ascii").strip()
        if theirs != ours:
            raise AkashiError("database_version_differs", note=f"data: {theirs}, binaries: {ours}")
        if not self.place.password_file.exists():
            raise AkashiError("database_not_started", note=f"{self.place.password_file} is missing")

    def _initdb(self, unfinished: Path, major: int) -> None:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.place.give(unfinished)
        password = secrets.token_urlsafe(32)
        _write_private(self.place.password_file, password)
        for_initdb = self.place.folder / "initdb-password"  # the server's user may read this copy, for a moment
        _write_private(for_initdb, password)
        self.place.give(for_initdb)
        provider = ["--locale-provider=builtin"] if major >= BUILTIN_LOCALES_SINCE else []
        try:
            self._run_as_runner(
                "initdb", f"--pgdata={unfinished}", f"--username={SUPERUSER}", f"--pwfile={for_initdb}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", *provider,
            )  # fmt: skip  # one option a word reads better than one a line
        finally:
            for_initdb.unlink()
        unfinished.rename(self.place.data)

    def _launch(self, options: dict[str, str], patience: float) -> None:
        """Ready, within patience. A server that ends at once is tried again: orphans of a crash hold shared memory."""
        deadline = time.monotonic() + patience
        while not self._launch_once(options, deadline):
            if "shared memory block" not in self._last_words() or time.monotonic() > deadline:
                raise AkashiError("database_not_started", note=self._last_words())
            time.sleep(0.2)

    def _launch_once(self, options: dict[str, str], deadline: float) -> bool:
        """True when ready, False when the server ended by itself; raises when neither happens in time."""
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{self.socket_folder}"',
            "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **options,
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._supervisor = self._supervise([str(self.binaries / "postgres"), "-D", str(self.place.data), *words])
        if not wait_until(lambda: self._has_ended() or self.is_ready(), deadline - time.monotonic()):
            raise AkashiError("database_not_started", note=f"not ready in time: {self._last_words()}")
        return not self._has_ended()

    def _supervise(self, command: list[str]) -> subprocess.Popen[bytes]:
        """In a session of its own: Ctrl-C in the terminal reaches the service, which then ends its server in order."""
        if self.place.log_file.exists():
            self.place.log_file.replace(self.place.log_file.with_suffix(".log.1"))
        log = os.open(self.place.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            return subprocess.Popen(
                ["/bin/sh", "-c", SUPERVISOR, "akashi-postgres", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=_environment(),
                **self.place.as_runner(),
            )
        except OSError as refused:
            raise AkashiError("database_not_started", note=str(refused)) from refused
        finally:
            os.close(log)

    def _has_ended(self) -> bool:
        return self._supervisor is None or self._supervisor.poll() is not None

    def _last_words(self) -> str:
        """The last line that tells why, for the operator who started us."""
        lines = self.place.log_file.read_text(encoding="utf-8", errors="replace").splitlines() or ["(silent)"]
        return next((line for line in reversed(lines) if "FATAL" in line or "could not" in line), lines[-1])

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [str(self.binaries / program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=check, env=_environment())

    def _run_as_runner(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        try:
            subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=INITDB_PATIENCE,
                check=True,
                env=_environment(),
                **self.place.as_runner(),
            )
        except subprocess.CalledProcessError as failed:
            raise AkashiError("database_not_started", note=failed.stderr.strip()) from failed
        except (OSError, subprocess.TimeoutExpired) as refused:
            raise AkashiError("database_not_started", note=str(refused)) from refused


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def _environment() -> dict[str, str]:
    """Only what is needed: PGDATA, PGPORT or a password of the caller's shell must not lead us elsewhere."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
