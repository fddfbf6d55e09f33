"""Running a part of a test without root's rights."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable


def ordinary_user() -> tuple[int, int]:
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def as_ordinary_user(act: Callable[[], str]) -> str:
    """What the act returns when it runs without root's rights, in a process of its own."""
    if os.geteuid() != 0:
        return act()
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            uid, gid = ordinary_user()
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
            os.chdir("/")
            os.write(send, act().encode())
        except BaseException as failed:
            os.write(send, repr(failed).encode())
            raise
        finally:
            os._exit(0)
    os.close(send)
    with os.fdopen(receive) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said
