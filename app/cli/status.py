"""What is published, how old it is, and until when it counts.

  akashi status               every list's newest publication; exit code 1 if one no longer counts
  akashi status --republish   publish all lists as they stand now, then the same

The service publishes by itself after each act and before a list grows old; this is for whoever wants to see it.
Exit codes: 0 all count · 1 one does not, or refused · 64 wrong use.
"""

from __future__ import annotations

import argparse

from app.cli.opening import open_registry, read_settings
from app.cli.output import print_json
from app.conformity.periods import instant_text
from app.errors import AkashiError
from app.registry.status_publication import newest_publications, republish_status


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to publish anew."""
    parser.add_argument("--republish", action="store_true", help="publish all lists as they stand now")


def run(arguments: argparse.Namespace) -> int:
    """Print one entry a list, the oldest first."""
    with open_registry(read_settings()) as registry:
        if arguments.republish and not republish_status(registry):
            raise AkashiError("try_again")
        moment = registry.database.now()
        newest = newest_publications(registry)
    print_json(
        [
            {
                "name": one.name,
                "number": one.number,
                "published": instant_text(one.recorded_at),
                "counts_until": instant_text(one.valid_until),
                "age_seconds": int((moment - one.recorded_at).total_seconds()),
            }
            for one in newest
        ]
    )
    return 0 if newest and all(moment < one.valid_until for one in newest) else 1
