"""Who runs an embedded server's data, and how what is left of a crashed run comes to an end.

A process counts as our server only if its command line names our data: a number in a file proves nothing, since it may
belong to a zombie or to a stranger by now. Every wait is bounded.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from app.errors import AkashiError
from app.storage.server_place import Place

# What an end may take: sessions rolled back and a checkpoint; then without a checkpoint; then at once.
ENDINGS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))


def end_left_over(place: Place) -> None:
    """No postmaster of these data runs afterwards, and no stale postmaster.pid stands in the way of the next.

    Only the holder of the lock may call this. PostgreSQL alone would refuse to start when an unrelated process, or a
    zombie that nobody reaps, has the number in the file; its own guard against living orphans, the shared memory
    block, stays in force.
    """
    for ending, patience in ENDINGS:
        number = _postmaster(place)
        if number is None:
            (place.data / "postmaster.pid").unlink(missing_ok=True)
            return
        try:
            os.kill(number, ending)
        except ProcessLookupError:
            continue
        wait_until(lambda: _postmaster(place) is None, patience)
    if _postmaster(place) is not None:
        raise AkashiError("database_not_started", note="a left-over server does not end")


def wait_until(holds: Callable[[], bool], patience: float) -> bool:
    """True as soon as it holds, False when it did not in so many seconds."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def take_lock(path: Path) -> int:
    """Held until closed or until we die; the file names its holder for whoever comes second."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode("ascii", "replace").strip()
        os.close(lock)
        raise AkashiError("database_in_use", note=f"process {holder or 'unknown'} runs it") from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def _postmaster(place: Place) -> int | None:
    """The process in postmaster.pid if it truly is the server of these data, by its command line."""
    try:
        number = int((place.data / "postmaster.pid").read_text(encoding="ascii", errors="replace").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return number if str(place.data) in _command_line(number) else None


def _command_line(number: int) -> list[str]:
    """Words of a running process; none for a zombie or for nobody."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return []
    said = subprocess.run(["/bin/ps", "-p", str(number), "-o", "args="], capture_output=True, text=True, check=False)
    return said.stdout.split()
