"""Starts (C6, H4, I3): `akashi verify` from the shell, the service until it answers, the whole demonstration.

Programs are started anew each time. C6 and H4 count the CPU that they use; I3 is time on the clock, because that is
what somebody who tries the project waits. Installing asks the package index, so it is measured only when
AKASHI_BENCH_INSTALL=1 allows it; a clone is then installed from nothing, once.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from app.registry.verification import bundle
from app.storage.embedded import EmbeddedServer
from benchmarks.installation import installation
from benchmarks.measure import ROUNDS, Figure, Series, Slice, compare, interleave, print_machine, print_table
from benchmarks.service import AKASHI, free_port, running, settings_of
from tests.support.postgres import forget
from tests.support.shared import PROJECT
from tests.support.world import World

VERIFICATIONS = 3
DEMO_ROUNDS = 2
ALLOWED = "AKASHI_BENCH_INSTALL"
VERIFIED = (0, 1)
"""Exit codes of `akashi verify` after all its work; the certificates of a benchmark have an age like any other."""


def main() -> None:
    """Measure and print."""
    print_machine()
    with installation() as world:
        figures = [*verifying(world), starting(world)]
    print_table([*figures, *demonstrating()])
    if ALLOWED not in os.environ:
        print(f"I3 as a whole is not measured: installing asks the package index. {ALLOWED}=1 allows it.")


def verifying(world: World, rounds: int = ROUNDS) -> list[Figure]:
    """`akashi verify BUNDLE` from the shell."""
    file = world.ring.folder / "bundle.json"
    file.write_bytes(bundle(world.registry, world.grant("S-0001").public_id))
    settings_of(world, 0)
    verify = programs(*AKASHI, "verify", str(file), "--anchors", str(world.ring.folder / "anchors.json"))
    nothing = programs(sys.executable, "-c", "pass")
    imports = programs(sys.executable, "-c", "import cryptography.x509")
    why = "beside cryptography it imports the schema checker and some 90 frozen dataclasses, then examines for 20 ms"
    return [
        compare("C6", "akashi verify BUNDLE", "python -c pass", verify, nothing, rounds=rounds, reason=why),
        compare("C6b", "akashi verify BUNDLE", "import cryptography.x509", verify, imports, rounds=rounds, reason=why),
    ]


def starting(world: World, rounds: int = ROUNDS) -> Figure:
    """`akashi serve` until the first answer."""

    def start() -> float:
        port = free_port()
        with running((*AKASHI, "serve"), port, settings_of(world, port)) as server:
            return server.cpu()

    imports = programs(sys.executable, "-c", "import fastapi", count=1)
    why = "SQLAlchemy, Alembic and psycopg are as dear to import as FastAPI; then come all routes with their models"
    return compare("H4", "akashi serve until /healthz", "import fastapi", start, imports, rounds=rounds, reason=why)


def demonstrating(rounds: int = DEMO_ROUNDS) -> list[Figure]:
    """`akashi demo` until everything stands and is verified; with the installation before it where that is allowed."""
    demo, bare = interleave(_demo, _initdb_and_import, rounds)
    figures = [Figure("I3b", "akashi demo, installed", "initdb, first start, import", demo, bare)]
    if ALLOWED in os.environ:
        installed = _install()
        whole, parts = (Series(tuple(installed + cost for cost in side.costs)) for side in (demo, bare))
        figures.append(Figure("I3", "clone to verified certificate", "install, initdb, import", whole, parts))
    return figures


def programs(*command: str, count: int = VERIFICATIONS) -> Slice:
    """A slice that runs a program some times and returns the CPU seconds of one run."""

    def run() -> float:
        before = _children()
        for _ in range(count):
            done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
            if done.returncode not in VERIFIED:
                raise RuntimeError(done.stderr.decode())
        return (_children() - before) / count

    return run


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _demo() -> float:
    def demonstrate(home: Path) -> None:
        environment = {"AKASHI_VAR": str(home / "var"), "AKASHI_DEMO_SERVE": "0", "AKASHI_PORT": str(free_port())}
        _run(*AKASHI, "demo", cwd=home, environment=environment)
        verified = home / "var" / "demo"
        file, anchors = verified / "bundles" / "in_force.json", verified / "anchors.json"
        _run(*AKASHI, "verify", str(file), "--anchors", str(anchors), cwd=home)

    return _in_a_new_folder(demonstrate)


def _initdb_and_import() -> float:
    def prepare(home: Path) -> None:
        EmbeddedServer.start(home).stop()
        _run(sys.executable, "-c", "import app.main", cwd=PROJECT)

    return _in_a_new_folder(prepare)


def _install() -> float:
    """Seconds in which a clone installs itself."""

    def install(home: Path) -> None:
        _run("git", "clone", "--quiet", str(PROJECT), str(home / "clone"), cwd=home)
        _run("make", ".venv/.ready", cwd=home / "clone")

    return _in_a_new_folder(install)


def _in_a_new_folder(act: Callable[[Path], None]) -> float:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        begun = time.perf_counter()
        act(home)
        spent = time.perf_counter() - begun
        forget(home)
        home.mkdir(exist_ok=True)
    return spent


def _run(*command: str, cwd: Path, environment: Mapping[str, str] | None = None) -> None:
    program = shutil.which(command[0]) or command[0]
    whole = {**os.environ, "PYTHONPATH": str(PROJECT), **(environment or {})}
    subprocess.run((program, *command[1:]), cwd=cwd, env=whole, capture_output=True, check=True)


if __name__ == "__main__":
    main()
