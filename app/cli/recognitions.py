"""Copy what recognition arrangements publish about accreditation bodies, with the source of every line.

  akashi recognitions add PARTY --arrangement gac-mra --level L5 --scope "ISO/IEC 42001" --from 2026-01-01
      --source https://… --fetched page.html --observed-on 2026-11-25
  akashi recognitions end RECOGNITION --last-day 2026-12-31 --source https://… --fetched page.html
      --observed-on 2026-12-31

The file is what was fetched from the source; only its SHA-256 is kept. What is copied reads "as published, copied by
us": it is no word of the accreditation body, which can object. Exit codes: 0 done · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import date
from pathlib import Path
from uuid import UUID

from app.access.actor import OPERATOR
from app.cli.files import read_bounded
from app.cli.opening import open_registry, read_settings
from app.cli.output import print_json
from app.registry.recognition import Observed, Source, record_end, record_recognition

MAX_FETCHED_BYTES = 32 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The acts on recognitions."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="copy a recognition as published")
    add.add_argument("party", type=UUID)
    add.add_argument("--arrangement", required=True, metavar="CODE", help="iaf-mla, ilac-mra or gac-mra")
    add.add_argument("--level", required=True, choices=("L2", "L3", "L4", "L5"))
    add.add_argument("--scope", required=True, help="the standard or programme, as published")
    add.add_argument("--from", dest="first_day", required=True, type=date.fromisoformat, metavar="DAY")
    add.add_argument("--to", dest="last_day", type=date.fromisoformat, metavar="DAY")
    end = acts.add_parser("end", help="copy that a recognition ended")
    end.add_argument("recognition", type=UUID)
    end.add_argument("--last-day", required=True, type=date.fromisoformat, metavar="DAY")
    for one in (add, end):
        one.add_argument("--source", required=True, metavar="URL", help="where it is published, https")
        one.add_argument("--fetched", required=True, type=Path, metavar="FILE", help="what was fetched there")
        one.add_argument("--observed-on", required=True, type=date.fromisoformat, metavar="DAY")


def run(arguments: argparse.Namespace) -> int:
    """Do the one act that was asked for and print its result as JSON."""
    digest = hashlib.sha256(read_bounded(str(arguments.fetched), MAX_FETCHED_BYTES)).digest()
    source = Source(arguments.source, digest, arguments.observed_on)
    with open_registry(read_settings()) as registry:
        if arguments.act == "end":
            record_end(registry, OPERATOR, arguments.recognition, last_day=arguments.last_day, source=source)
            print_json({"ended": str(arguments.recognition)})
            return 0
        observed = Observed(
            arguments.party,
            arguments.arrangement,
            arguments.level,
            arguments.scope,
            arguments.first_day,
            arguments.last_day,
            source,
        )
        print_json({"recognition": str(record_recognition(registry, OPERATOR, observed))})
    return 0
