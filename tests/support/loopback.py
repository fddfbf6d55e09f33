"""No test reaches anything but this machine: every other connection and name look-up raises.

An audit hook sees each socket of Python's own, wherever it is opened, and cannot be taken off by a test.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Sequence

LOOPBACK_NAMES = {"localhost", "testserver", ""}


class NetworkRefusedError(RuntimeError):
    """A test tried to leave this machine."""


def _is_loopback(host: object) -> bool:
    if host is None or isinstance(host, bytes):
        return host is None or _is_loopback(host.decode("ascii", "replace"))
    if not isinstance(host, str) or host in LOOPBACK_NAMES:
        return host in LOOPBACK_NAMES
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_strangers(event: str, arguments: Sequence[object]) -> None:
    if event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host: object = arguments[1][0]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        raise NetworkRefusedError(f"{event} {host!r}: tests reach nothing but loopback")


sys.addaudithook(_refuse_strangers)
