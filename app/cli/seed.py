"""Fill an installation with fictional certifications and their whole histories, to see a registry at size.

  akashi seed --certifications 1000             about three years of them, ending ten days ago
  akashi seed --certifications 10000 --seed 7   others; the same seed tells the same lives

Every record is made by its act, under the same rules as anybody's; only the database's clock is moved, and stays
adjustable, so that production refuses this installation for ever. It must be fresh: what was registered by others is
never touched. Each batch of acts stands whole or not at all; an interrupted run is not taken up again.
Exit codes: 0 done, or done before · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from app.cli.init import fix
from app.cli.opening import anchors_path, assemble, open_database, open_keys, prepare_database, read_settings
from app.cli.output import print_json
from app.cli.private_files import add_anchor, read_private, write_whole
from app.errors import AkashiError
from app.keys.software import KeyFolder
from app.registry.demonstration.lives import TICK, TICKS, Life, digest_of, lives
from app.registry.demonstration.seeding import play_lives
from app.registry.demonstration.stage import Stage
from app.registry.status_publication import republish_status
from app.settings import Settings
from app.storage.clock import install_adjustable_clock, release_clock, set_clock
from app.storage.database import Database
from app.storage.migration import refresh_statistics
from app.storage.parties import list_parties
from app.trust.development import write_development_chain

FOLDER = "seed"
STATE = "state.json"
MOST = 1_000_000
TICKS_BEFORE = 3
"""How long the development chain and the anchors have been valid when the first body is registered."""
TOLD_EVERY = 2.0
"""Seconds between lines of progress."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and which."""
    parser.add_argument("--certifications", type=_count, required=True, metavar="N", help=f"how many, 1 to {MOST}")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which lives they have (1)")


def run(arguments: argparse.Namespace) -> int:
    """Play the lives unless they were played; what the registry then holds is printed as JSON."""
    settings = read_settings()
    if settings.production:
        raise AkashiError("seed_in_production")
    told = lives(arguments.certifications, arguments.seed)
    wanted = {"certifications": arguments.certifications, "seed": arguments.seed, "plan": digest_of(told)}
    with open_database(settings) as urls:
        prepare_database(settings, urls)
        database = Database.connect(urls)
        try:
            _seed(settings, database, urls["migrator"], told, wanted)
        finally:
            database.close()
    print_json({**wanted, "decisions": sum(len(life.steps) for life in told)})
    return 0


def _seed(
    settings: Settings, database: Database, migrator_url: str, told: tuple[Life, ...], wanted: dict[str, Any]
) -> None:
    folder = settings.var / FOLDER
    if _was_done(folder, database, wanted):
        return
    # From here on this folder says whose the records are: an interrupted run is never taken for a fresh installation.
    write_whole(folder / STATE, _json({**wanted, "done": False, "parties": []}))
    stage, now = _stage(settings, database, migrator_url, folder)
    progress = _Progress(sum(len(life.steps) for life in told), migrator_url)
    play_lives(
        stage,
        told,
        now=now,
        set_clock=lambda instant: set_clock(migrator_url, instant),
        tell=progress.tell,
    )
    release_clock(migrator_url)
    for anchor in stage.registry.anchors.keys:
        add_anchor(anchors_path(settings), anchor)
    refresh_statistics(migrator_url)
    republish_status(stage.registry, anew=True)
    write_whole(folder / STATE, _json({**wanted, "done": True, "parties": _parties(database)}))


def _was_done(folder: Path, database: Database, wanted: dict[str, Any]) -> bool:
    """Whether exactly this stands here already; `registry_has_data` for anything else but a fresh installation."""
    kept = read_private(folder / STATE)
    known = json.loads(kept) if kept is not None else None
    found = _parties(database)
    if known is None:
        if found:
            raise AkashiError("registry_has_data", note=f"{len(found)} bodies are registered")
        return False
    if not known["done"]:
        raise AkashiError("registry_has_data", note="an earlier `akashi seed` was interrupted")
    if found != known["parties"]:
        raise AkashiError("registry_has_data", note="bodies were registered or lost since it was seeded")
    if any(known[name] != value for name, value in wanted.items()):
        raise AkashiError(
            "registry_has_data", note=f"{known['certifications']} certifications of seed {known['seed']} are here"
        )
    return True


def _stage(settings: Settings, database: Database, migrator_url: str, folder: Path) -> tuple[Stage, datetime]:
    """The stage as it is before anybody is registered, on its first day, and the moment at which the play ends."""
    install_adjustable_clock(migrator_url)
    keys = open_keys(settings)
    now = database.now().replace(microsecond=0)
    set_clock(migrator_url, now - (TICKS + TICKS_BEFORE) * TICK)
    chain = write_development_chain(folder / "pki", keys, not_before=database.now().replace(microsecond=0))
    fix(database, keys, settings.base_url, anchors_path(settings), development=True)
    add_anchor(anchors_path(settings), chain.anchor)
    secret = settings.read_key_secret()
    assert secret is not None  # noqa: S101, open_keys demanded it
    people = KeyFolder(folder / "people", secret.get_secret_value())
    return Stage(assemble(settings, database), people, chain), now


class _Progress:
    """Lines on the standard error output, and statistics for the planner each time that the records have doubled."""

    def __init__(self, decisions: int, migrator_url: str) -> None:
        self._decisions = decisions
        self._migrator_url = migrator_url
        self._begun = self._told = time.monotonic()
        self._counted = 1

    def tell(self, instant: datetime, taken: int) -> None:
        """So many decisions were taken by this day."""
        if taken >= 2 * self._counted:
            self._counted = taken
            refresh_statistics(self._migrator_url)
        moment = time.monotonic()
        if moment - self._told >= TOLD_EVERY or taken == self._decisions:
            self._told = moment
            rate = taken / max(moment - self._begun, 1)
            print(f"{instant:%Y-%m-%d}  {taken} of {self._decisions} decisions, {rate:.0f} a second", file=sys.stderr)


def _parties(database: Database) -> list[str]:
    with database.transaction() as connection:
        return sorted(str(party.id) for party in list_parties(connection))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST}")
    return int(text)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
