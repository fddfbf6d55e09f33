"""Servers to measure: started as programs of their own on a free port of the loopback, asked over one connection."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory

from app.registry.installation import Installation, fix_installation, fixed_installation
from app.registry.log_place import log_key_of
from benchmarks.measure import process_cpu
from tests.support.template import urls
from tests.support.world import BASE_URL, SECRET, World

LONGEST_START = 60.0
SLICE_SECONDS = 0.5
AKASHI = (sys.executable, "-c", "from app.cli.main import main; raise SystemExit(main())")


@dataclass(frozen=True)
class Running:
    """A server that has answered."""

    pid: int
    port: int

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
        """One answer over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def cpu(self) -> float:
        """CPU seconds that it has used so far."""
        return process_cpu(self.pid)


@contextmanager
def running(
    command: Sequence[str], port: int, environment: Mapping[str, str] | None = None, said: Path | None = None
) -> Iterator[Running]:
    """The server of a command, from its first answered /healthz until the end; what it says goes into a file."""
    with TemporaryDirectory() as folder:
        log = said or Path(folder) / "said"
        with log.open("wb") as file:
            process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=file, stderr=file)
        try:
            server = Running(process.pid, port)
            if not _answers(server, process):
                raise RuntimeError(f"{command!r} did not answer: {log.read_text(encoding='utf-8')}")
            yield server
        finally:
            process.terminate()
            process.wait(timeout=LONGEST_START)


def _answers(server: Running, process: subprocess.Popen[bytes]) -> bool:
    """True at the first answered /healthz; False if the server ends or takes too long."""
    patience = time.monotonic() + LONGEST_START
    while process.poll() is None and time.monotonic() < patience:
        try:
            server.ask("/healthz")
        except OSError:
            time.sleep(0.005)
        else:
            return True
    return False


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_of(world: World, port: int) -> dict[str, str]:
    """The environment in which `akashi serve` serves a world."""
    fixed = fixed_installation(world.database)
    if fixed is None:
        log_key = log_key_of(BASE_URL, world.keys.create_note_key())
        fixed = Installation(BASE_URL, world.ring.publication.thumbprint, str(log_key))
        fix_installation(world.database, fixed)
    log = world.ring.folder / f"log-{sha256(fixed.log_key.encode()).hexdigest()[:8]}"
    anchors = world.ring.folder / "anchors.json"
    anchors.write_text(json.dumps(world.anchors.as_json()), encoding="utf-8")
    addresses = urls(world.fresh.superuser_url)
    service = addresses.pop("service")
    return {
        "AKASHI_DATABASE_URL": service,
        **{f"AKASHI_DATABASE_URL_{role.upper()}": url for role, url in addresses.items()},
        "AKASHI_PUBLIC_URL": BASE_URL,
        "AKASHI_PORT": str(port),
        "AKASHI_KEY_FOLDER": str(world.keys.path),
        "AKASHI_KEY_SECRET": SECRET,
        "AKASHI_ANCHORS": str(anchors),
        "AKASHI_LOG_LEVEL": "warning",
        "AKASHI_PUBLISHED": str(log / "published"),
        "AKASHI_LOG_FENCE": str(log / "fence"),
        "PYTHONPATH": str(Path.cwd()),
    }


@contextmanager
def serving(world: World) -> Iterator[Running]:
    """`akashi serve` over a world."""
    port = free_port()
    with running((*AKASHI, "serve"), port, settings_of(world, port)) as server:
        yield server
