"""Published vectors and samples that live beside the project, in ../shared/data, because they are others' work.

A clone without them runs everything else; a run with CI set must have them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SHARED_DATA = PROJECT.parent / "shared" / "data"


def shared_data(name: str) -> Path:
    """The file or folder of this name; without it the test is skipped by name, or fails where CI is set."""
    path = SHARED_DATA / name
    if not path.exists():
        reason = f"../shared/data/{name} is not here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
