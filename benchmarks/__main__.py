"""All figures, one file after the other: each module here with a `main`, in order of name."""

from __future__ import annotations

import importlib
import pkgutil

import benchmarks

NOT_MEASUREMENTS = {"__main__", "installation", "measure", "reference", "service", "size"}
"""`size` needs registries that take their time to seed: `make size`."""


def main() -> None:
    """Run every measurement and print its table under its own first line."""
    for name in sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)):
        if name not in NOT_MEASUREMENTS:
            measurement = importlib.import_module(f"benchmarks.{name}")
            print(f"\n== {(measurement.__doc__ or name).splitlines()[0]}")
            measurement.main()


if __name__ == "__main__":
    main()
