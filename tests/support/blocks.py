"""Pages whose blocks are commands: followed as they stand, in one shell that stops at the first failure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATIENCE = 300


def follow(page: Path, folder: Path, environment: Mapping[str, str]) -> None:
    """The page's `sh` blocks run in a folder, with `akashi` on the PATH and no setting but those given."""
    script = folder.with_name(f"{page.stem}.sh")
    script.write_text("\n".join(["set -eu", *BLOCK.findall(page.read_text(encoding="utf-8"))]), encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AKASHI_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", ""), inherited["PATH"]])
    done = subprocess.run(
        [shutil.which("bash") or "sh", str(script)],
        cwd=folder,
        env={**inherited, **environment, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
