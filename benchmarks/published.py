"""Public answers (A4, V1, V2): verification by ID, and asked again by one who has it, in CPU per request.

Asked over one kept connection on the loopback; only what the servers spend is counted, not what asking costs. Until the
published plane serves ready bytes, each answer is looked up and its evidence read: the ratio says what that costs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.installation import database_cpu, installation
from benchmarks.measure import ROUNDS, Figure, Slice, compare, print_machine, print_table
from benchmarks.service import SLICE_SECONDS, Running, free_port, running, serving
from tests.support.world import World

NOT_MODIFIED = 304


def main() -> None:
    """Measure and print."""
    print_machine()
    with installation() as world:
        print_table(figures_of(world))


def figures_of(world: World, rounds: int = ROUNDS, seconds: float = SLICE_SECONDS) -> list[Figure]:
    """The figures, over one certificate of a world."""
    path = f"/v1/certificates/{world.grant('A-0001').public_id}/verification"
    with serving(world) as service, TemporaryDirectory() as folder, database_cpu(world) as database:
        file, port = Path(folder) / "answer.json", free_port()
        file.write_bytes(service.ask(path)[1])
        command = (sys.executable, "-m", "benchmarks.reference.published", str(file), str(port))
        with running(command, port) as route:

            def whole() -> float:
                return service.cpu() + database()

            plain = asking(service, path, service.cpu, seconds)
            bare = asking(route, path, route.cpu, seconds)
            again = asking(service, path, service.cpu, seconds, conditional=True)
            deep = asking(service, path, whole, seconds)
            return [
                compare("A4", "asked again: 304", "the same: 200", again, plain, rounds=rounds),
                compare("V1", "verification by ID", "a FastAPI route of the same bytes", plain, bare, rounds=rounds),
                compare(
                    "V2", "the same, with PostgreSQL", "a FastAPI route of the same bytes", deep, bare, rounds=rounds
                ),
            ]


def asking(server: Running, path: str, cpu: Callable[[], float], seconds: float, *, conditional: bool = False) -> Slice:
    """A slice that asks for a while and returns the server's CPU seconds per answer."""

    def run() -> float:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
        headers: dict[str, str] = {}
        count, ends, begun = 0, time.monotonic() + seconds, cpu()
        while time.monotonic() < ends:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if conditional and answer.status != NOT_MODIFIED:
                headers = {"If-None-Match": answer.headers["ETag"]}
            count += 1
        spent = cpu() - begun
        connection.close()
        return spent / count

    return run


if __name__ == "__main__":
    main()
