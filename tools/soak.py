"""The long runs, part by part: what `make test` tries a hundred times, tried thousands of times (goals R5, R31; zones).

A part that fails does not keep the others from running; at the end each says how long it took and how it went.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.support.zones import DAYS, LIVES, files

PYTEST = (str(Path(sys.executable).with_name("pytest")), "--timeout=7200", "-p", "no:randomly")
TWO_WORKERS = ("-n", "2", "--dist", "loadgroup")
ZONES = ("Asia/Tokyo", "Pacific/Kiritimati", "America/Adak")
CLOCKS = ("2028-02-28T23:59:30Z", "2028-02-29T12:00:00Z", "2027-12-31T23:59:59Z", "2027-03-31T15:00:00Z")
LONG = {"AKASHI_SOAK": "1"}  # tests.support.soak
Run = tuple[str, tuple[str, ...], dict[str, str]]


def races() -> list[Run]:
    """Every race, a thousand rounds."""
    return [("races", (*TWO_WORKERS, *files("tests/migrations/test_*races*.py")), LONG)]


def acts() -> list[Run]:
    """Random acts by random people over months, for hundreds of lives."""
    return [("random acts", tuple(files("tests/journeys/test_any_order_of_acts.py")), LONG)]


def tenants() -> list[Run]:
    """Ten thousand probes of one body's things by another, at every address and in every table."""
    return [
        ("tenants", tuple(files("tests/conformance/test_foreign_ids.py", "tests/migrations/test_tenants.py")), LONG)
    ]


def zones() -> list[Run]:
    """The whole suite in each zone, and the tests of days in each zone at each instant."""
    whole: list[Run] = [(f"everything in {zone}", TWO_WORKERS, {"TZ": zone}) for zone in ZONES]
    dated = (*TWO_WORKERS, *files(*DAYS, *LIVES))
    return whole + [
        (f"days in {zone} at {clock}", (f"--clock={clock}", *dated), {"TZ": zone}) for zone in ZONES for clock in CLOCKS
    ]


PARTS = {"races": races, "acts": acts, "tenants": tenants, "zones": zones}


def main(named: list[str]) -> int:
    """Exit code 0 if every run of these parts (or of all) passed."""
    if unknown := set(named) - set(PARTS):
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    told = []
    for name, arguments, environment in [run for part in named or PARTS for run in PARTS[part]()]:
        begin = time.monotonic()
        code = subprocess.run([*PYTEST, *arguments], env=os.environ | environment, check=False).returncode
        told.append((name, code, round(time.monotonic() - begin)))
    for name, code, seconds in told:
        print(f"{'passed' if code == 0 else 'FAILED'}  {seconds:>6} s  {name}")
    return 0 if all(code == 0 for _, code, _ in told) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
