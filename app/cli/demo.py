"""The registry's main job before your eyes, on a PostgreSQL of its own, then served until stopped.

  akashi demo                       plays fifteen months in seconds, prints each step, serves http://localhost:8000
  AKASHI_PORT=8080 akashi demo      at another port, fixed at the first start
  AKASHI_DEMO_SERVE=0 akashi demo   does all but serve

Every body, person and organisation is fictional, and every step is the act that anybody's client would call, while
the owner moves the clock of the demonstration's own database. What it made is listed in var/demo/demo.json, written
last, when the service is ready. A second start goes on with what is there and writes the bundles anew.
Exit codes: 0 done, or stopped · 1 refused.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import signal
import socket
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.cli.init import fix
from app.cli.opening import anchors_path, assemble, open_database, open_keys, prepare_database, read_settings
from app.cli.private_files import PUBLIC, add_anchor, read_private, write_whole
from app.cli.serve import listen, serve
from app.errors import AkashiError
from app.keys.keys import private_jwk, public_jwk
from app.keys.software import KeyFolder, generate_software_key
from app.registry.demonstration.stage import Company, Stage
from app.registry.demonstration.story import FIRST_DAY, play_story
from app.registry.registry import Registry
from app.registry.sign_in import register_client
from app.registry.upkeep import begin
from app.registry.verification import bundle, verify
from app.settings import Settings
from app.storage.clock import install_adjustable_clock, release_clock, set_clock
from app.storage.database import Database
from app.trust.development import write_development_chain

FOLDER = Path("var/demo")
LISTING = "demo.json"
STATE = "state.json"
BEFORE_THE_STORY = timedelta(days=30)
"""How long the development chain and the anchors have been valid when the story begins."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is said by the environment; see docs/settings.md."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Play the story unless it was played, write what it made, serve."""
    del arguments
    folder = FOLDER.resolve()
    settings = demo_settings(folder)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does, with everything put away
    with listen(settings) if settings.demo_serve else nullcontext() as listening:
        state = _state(folder)
        with open_database(settings, name=state["database"], alone=True) as urls:
            _demonstrate(settings, urls, folder, state, listening)
    return 0


def _demonstrate(
    settings: Settings, urls: dict[str, str], folder: Path, state: dict[str, Any], listening: socket.socket | None
) -> None:
    prepare_database(settings, urls)
    database = Database.connect(urls)
    try:
        if not state["played"]:
            state = _play(settings, database, urls["migrator"], folder, state)
        registry = assemble(settings, database)
        (folder / LISTING).unlink(missing_ok=True)  # from here on it is written when all that it names is there
        begin(registry)
        listing = _listing(registry, folder, state)
        _tell_certificates(registry, listing)

        def write_listing() -> None:
            write_whole(folder / LISTING, _json(listing), PUBLIC)

        if listening is None:
            write_listing()
            return
        print(f"\nServing {registry.base_url} until stopped (Ctrl-C).", flush=True)
        serve(settings, registry, listening, when_ready=write_listing)
    finally:
        database.close()


def demo_settings(folder: Path) -> Settings:
    """The settings of the environment, in the demonstration's own folder, address and secret."""
    chosen = read_settings()
    secret = read_private(folder / "secret")
    if secret is None:
        secret = secrets.token_urlsafe(24)
        write_whole(folder / "secret", secret)
    return read_settings(
        var=folder,
        production=False,
        public_url=f"http://localhost:{chosen.port}",
        key_folder=folder / "keys",
        key_secret=SecretStr(secret),
        key_secret_file=None,
        anchors=folder / "anchors.json",
        security_contact=chosen.security_contact,
    )


def _state(folder: Path) -> dict[str, Any]:
    """What an earlier start left: a story that was interrupted is begun anew in a database of its own."""
    kept = read_private(folder / STATE)
    if kept is not None:
        known: dict[str, Any] = json.loads(kept)
        if known["played"]:
            return known
        shutil.rmtree(folder / "pki", ignore_errors=True)
        (folder / "anchors.json").unlink(missing_ok=True)
    state: dict[str, Any] = {"database": f"akashi_demo_{secrets.token_hex(4)}", "played": False}
    write_whole(folder / STATE, _json(state))
    return state


def _play(
    settings: Settings, database: Database, migrator_url: str, folder: Path, state: dict[str, Any]
) -> dict[str, Any]:
    """The story is played up to now and the clock released; what its actors remember is kept in the state."""
    print("Fifteen months of a registry, in seconds. Everybody in it is fictional.\n", flush=True)
    install_adjustable_clock(migrator_url)
    now = database.now().replace(microsecond=0)
    keys = open_keys(settings)
    set_clock(migrator_url, now - timedelta(days=FIRST_DAY) - BEFORE_THE_STORY)
    chain = write_development_chain(folder / "pki", keys, not_before=database.now().replace(microsecond=0))
    fix(database, keys, settings.base_url, anchors_path(settings), development=True)
    add_anchor(anchors_path(settings), chain.anchor)
    stage = Stage(assemble(settings, database), KeyFolder(folder / "people", keys_secret(settings)), chain)

    def tell(when: datetime, says: str) -> None:
        print(f"  {when:%Y-%m-%d}  {says}", flush=True)

    play_story(stage, now=now, set_clock=lambda instant: set_clock(migrator_url, instant), tell=tell)
    release_clock(migrator_url)
    for anchor in stage.registry.anchors.keys:
        add_anchor(anchors_path(settings), anchor)
    played = {
        "database": state["database"],
        "played": True,
        "certificates": {key: ready.public_id for key, ready in stage.prepared.items()},
        "clients": {name: _client(stage, company, folder) for name, company in stage.companies.items()},
    }
    write_whole(folder / "people.json", _json(_people(stage, folder)))
    write_whole(folder / STATE, _json(played))
    return played


def keys_secret(settings: Settings) -> str:
    """The demonstration's own secret; `demo_settings` made it."""
    secret = settings.read_key_secret()
    if secret is None:
        raise AkashiError("key_secret_missing")
    return secret.get_secret_value()


def _client(stage: Stage, company: Company, folder: Path) -> str:
    """A machine client of a body: its credentials go into a private file, whose path is returned."""
    key = generate_software_key()
    client_id = register_client(stage.registry, company.id, public_jwk(key.public_key), sorted(company.actor.scopes))
    path = folder / "clients" / f"{company.cast.key}.json"
    content = {
        "issuer": stage.registry.base_url,
        "token_endpoint": f"{stage.registry.base_url}/oauth/token",
        "client_id": client_id,
        "party": str(company.id),
        "scope": " ".join(sorted(company.actor.scopes)),
        "private_jwk": private_jwk(key.authority()),
    }
    write_whole(path, _json(content))
    return str(path)


def _people(stage: Stage, folder: Path) -> dict[str, Any]:
    """Whose key file is which, for whoever wants to confirm a decision with `akashi sign`."""
    return {
        "key_secret_file": str(folder / "secret"),
        "people": {
            name: {
                who: {"person": str(player.id), "key_file": str(folder / "people" / f"{player.key.thumbprint}.key")}
                for who, player in company.people.items()
            }
            for name, company in stage.companies.items()
        },
    }


def _listing(registry: Registry, folder: Path, state: dict[str, Any]) -> dict[str, Any]:
    """The content of demo.json; the bundles that it names are written anew. Withheld ones have none."""
    bundles: dict[str, str] = {}
    for name, public_id in state["certificates"].items():
        try:
            content = bundle(registry, public_id)
        except AkashiError as refusal:
            if refusal.code != "withheld":
                raise
            continue
        path = folder / "bundles" / f"{name}.json"
        write_whole(path, content.decode("utf-8"), PUBLIC)
        bundles[name] = str(path)
    return {
        "base_url": registry.base_url,
        "certificates": state["certificates"],
        "bundles": bundles,
        "anchors": str(folder / "anchors.json"),
        "clients": state["clients"],
    }


def _tell_certificates(registry: Registry, listing: dict[str, Any]) -> None:
    """One line for each certificate: what it reads now, and where."""
    print("\nWhat each certificate reads now:\n")
    widest = max(map(len, listing["certificates"]))
    for name, public_id in listing["certificates"].items():
        report = verify(registry, public_id)
        state = report.standing.state if report.standing else ""
        print(f"  {name:{widest}}  {report.verdict:20}  {state:10}  {registry.base_url}/c/{public_id}", flush=True)
    if "in_force" in listing["bundles"]:
        print("\nOffline, with this service stopped:")
        print(f"  akashi verify {_shown(listing['bundles']['in_force'])} --anchors {_shown(listing['anchors'])}")


def _shown(path: str) -> str:
    """A path as short as it can be said from here."""
    place = Path(path)
    return str(place.relative_to(Path.cwd())) if place.is_relative_to(Path.cwd()) else path


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
