"""Serve the registry: pages, JSON, status lists, badges, and the door for machine clients, until it is stopped.

  akashi serve                 where AKASHI_HOST and AKASHI_PORT say, for the address that `akashi init` fixed

Before the first answer, what a crash left open is finished or voided and what has gone stale is published anew; then
/readyz answers 200. Ctrl-C or SIGTERM ends it: requests under way are answered first. A port that is taken is refused.
Exit codes: 0 stopped · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from app.cli.opening import open_registry, read_settings
from app.errors import AkashiError
from app.jobs.loop import jobs_beside
from app.main import configure_log, create_app, make_server
from app.registry.registry import Registry
from app.registry.upkeep import begin
from app.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no arguments: everything is a setting."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Listen, open the registry, serve."""
    del arguments
    settings = read_settings()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does, with everything put away
    with listen(settings) as listening, open_registry(settings) as registry:
        serve(settings, registry, listening, when_ready=lambda: _say_where(settings))
    return 0


def listen(settings: Settings) -> socket.socket:
    """The socket of the service, taken before anything else is begun; raises `port_in_use`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        raise AkashiError("port_in_use", note=f"{address}: {error.strerror}") from error


def serve(
    settings: Settings,
    registry: Registry,
    listening: socket.socket,
    *,
    when_ready: Callable[[], None] = lambda: None,
) -> None:
    """Answer until stopped by a signal; `when_ready` is called once, when /readyz answers.

    1. What a crash left open is finished, what has gone stale is published anew.
    2. The application answers on the socket; upkeep and the integrator of the log run beside it.
    3. At the end requests under way are answered, and rounds under way are waited for.
    """
    configure_log(settings.log_level)

    begin(registry)

    app = create_app(settings, registry)
    with jobs_beside(registry), suppress(KeyboardInterrupt):
        make_server(app, settings, when_ready=when_ready).run(sockets=[listening])


def _say_where(settings: Settings) -> None:
    print(f"Serving {settings.base_url} on {settings.host}:{settings.port}; Ctrl-C ends it.", file=sys.stderr)
