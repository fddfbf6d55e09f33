"""Acts in processes that kill themselves at a named boundary, as a power cut would: SIGKILL, nothing tidied up.

Production code knows nothing of it. `Doomed` starts one process that has imported everything; for each act it forks
another, in which a profiler counts calls and returns of one function and kills the process at the wanted one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any
from uuid import UUID

from app.access.actor import Actor
from app.errors import AkashiError
from app.keys.software import KeyFolder
from app.registry import accreditation, decision, issuance
from app.registry.registry import Registry
from app.storage.database import Database
from app.trust.anchors import parse_anchors
from tests.support.shared import PROJECT
from tests.support.template import urls
from tests.support.world import ACCREDITATION_SCOPES, BASE_URL, BODY_SCOPES, SECRET, World

ACTS: dict[str, Callable[..., Any]] = {
    "issue": lambda registry, actor, act: issuance.issue(
        registry, actor, UUID(act["decision"]), idempotency_key=act["key"]
    ),
    "decide": lambda registry, actor, act: decision.confirm_decision(
        registry, actor, UUID(act["draft"]), act["evidence"]
    ),
    "state": lambda registry, actor, act: accreditation.confirm_statement(
        registry, actor, UUID(act["draft"]), act["evidence"]
    ),
}


@dataclass(frozen=True)
class Boundary:
    """A place in an act: the n-th call of a function, or the n-th return from it."""

    module: str
    function: str
    when: str
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.nth} of {self.module.rpartition('.')[2]}.{self.function}"


@dataclass(frozen=True)
class Doomed:
    """The process that forks others."""

    process: subprocess.Popen[str]
    world: World

    @classmethod
    @contextmanager
    def of(cls, world: World) -> Iterator[Doomed]:
        """For the acts of one world; ends with the block."""
        setting = {
            "superuser_url": world.fresh.superuser_url,
            "keys": str(world.keys.path),
            "publication": world.ring.publication.thumbprint,
            "signers": [world.ring.certification.thumbprint, world.ring.accreditation.thumbprint],
            "anchors": world.anchors.as_json(),
            "bodies": {"cb": str(world.body), "ab": str(world.accreditation_body)},
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.support.doomed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        ) as process:
            _send(process.stdin, setting)
            yield cls(process, world)
            process.stdin.close()  # type: ignore[union-attr]  # a pipe was asked for

    def does(self, name: str, boundary: Boundary | None, **act: Any) -> Any:
        """The act in a process of its own: its answer, or None if it was killed at the boundary."""
        _send(self.process.stdin, {"act": name, "boundary": vars(boundary) if boundary else None, **act})
        answer = json.loads(self.process.stdout.readline())  # type: ignore[union-attr]  # a pipe was asked for
        if "error" in answer:
            raise AssertionError(answer["error"])
        assert answer["killed"] == (boundary is not None), f"{boundary} was never reached"
        return answer.get("answer")


def _send(pipe: IO[str] | None, content: dict[str, Any]) -> None:
    assert pipe is not None
    pipe.write(json.dumps(content) + "\n")
    pipe.flush()


def main() -> None:
    """Read acts, one a line; fork for each; say how it ended."""
    setting = json.loads(sys.stdin.readline())
    keys = KeyFolder(Path(setting["keys"]), SECRET)
    for thumbprint in (setting["publication"], *setting["signers"]):
        keys.signer(thumbprint)  # opened once, before any fork
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _act(setting, keys, json.loads(line), writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        _send(sys.stdout, {"killed": killed, **(json.loads(said) if said else {})})


def _act(setting: dict[str, Any], keys: KeyFolder, act: dict[str, Any], writing: int) -> None:
    database = Database.connect(urls(setting["superuser_url"]))
    anchors = parse_anchors(setting["anchors"])
    registry = Registry(database, keys, anchors, BASE_URL, setting["publication"], development=True)
    scopes = ACCREDITATION_SCOPES if act["act"] == "state" else BODY_SCOPES
    party = setting["bodies"]["ab" if act["act"] == "state" else "cb"]
    actor = Actor("machine", UUID(party), "doomed", scopes)
    if act["boundary"]:
        sys.setprofile(_killer(Boundary(**act["boundary"])))
    try:
        answer = {"answer": str(ACTS[act["act"]](registry, actor, act))}
    except AkashiError as refusal:
        answer = {"error": f"{refusal.code} {refusal.note}"}
    sys.setprofile(None)
    os.write(writing, json.dumps(answer).encode())
    os._exit(0)


def _killer(boundary: Boundary) -> Callable[[FrameType, str, Any], None]:
    seen = 0

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal seen
        if (
            event == boundary.when
            and frame.f_code.co_name == boundary.function
            and frame.f_globals["__name__"] == boundary.module
        ):
            seen += 1
            if seen == boundary.nth:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


if __name__ == "__main__":
    main()
