"""The tests of days where and when days are awkward: in three zones, with databases that begin at a given instant.

It is 1 April in Japan and still March elsewhere, the end of 28 February, a leap day, the last second of a year. Two
runs at a time, since each alone waits for its database; what a run said is printed when it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.support.zones import DAYS, files

PLACES = (
    ("Asia/Tokyo", "2027-03-31T15:00:00Z"),
    ("Pacific/Kiritimati", "2028-02-28T23:59:30Z"),
    ("America/Adak", "2028-02-29T12:00:00Z"),
    ("America/Adak", "2027-12-31T23:59:59Z"),
)


def passes(place: tuple[str, str]) -> bool:
    """Whether the tests of days pass in this zone of the process with databases whose clocks begin at this instant."""
    zone, clock = place
    command = [sys.executable, "-m", "pytest", "-q", f"--clock={clock}", *files(*DAYS)]
    done = subprocess.run(command, env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=False)
    said = done.stdout.strip().splitlines()
    print(
        f"{zone} at {clock}:", said[-1] if done.returncode == 0 else f"FAILED\n{done.stdout}{done.stderr}", flush=True
    )
    return done.returncode == 0


def main() -> int:
    """Exit code 0 if they pass everywhere."""
    with ThreadPoolExecutor(2) as pool:
        return 0 if all(list(pool.map(passes, PLACES))) else 1


if __name__ == "__main__":
    sys.exit(main())
