"""How much of a test is run: enough in `make test`, what the goals name in `make soak`."""

from __future__ import annotations

import os

SOAKING = os.environ.get("AKASHI_SOAK") == "1"


def amount(tested: int, soaked: int) -> int:
    """Rounds, probes or steps of this run."""
    return soaked if SOAKING else tested
