"""Bring the database to the schema of this release.

  akashi migrate --check   say what is pending; exit code 1 if anything is
  akashi migrate           do it, one transaction each; safe to repeat and to interrupt

Each migration says in its file why, what it locks, and how yesterday's release survives it. Make a backup first: facts
are added, never taken back, and there is no way downwards. Exit codes: 0 done · 1 refused or pending · 64 wrong use.
"""

from __future__ import annotations

import argparse

from app.cli.opening import open_database, read_settings
from app.cli.output import print_json
from app.storage.migration import migrate, pending


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to look only."""
    parser.add_argument("--check", action="store_true", help="change nothing")


def run(arguments: argparse.Namespace) -> int:
    """Print what was pending, after it was done unless only asked."""
    with open_database(read_settings()) as urls:
        missing = pending(urls["migrator"])
        if arguments.check:
            print_json({"pending": missing})
            return 1 if missing else 0
        migrate(urls["migrator"])
        print_json({"done": missing})
    return 0
