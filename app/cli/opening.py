"""From settings to an open registry: the database by role, the keys, the anchors, the fixed address.

Every command that works on the registry begins here. With five addresses it uses that database; without, it starts
the embedded server of this project folder, or joins the one that a running service has started. Outside production
the schema is brought up to date; in production nothing is changed, and each thing that is not as it must be is refused
with what to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from app.cli.private_files import read_private, write_whole
from app.cli.verify import read_anchors
from app.errors import AkashiError
from app.keys.software import KeyFolder
from app.registry.installation import check_installation
from app.registry.log_place import LogPlace
from app.registry.registry import Registry
from app.settings import Settings, explain_faults
from app.storage.database import Database, check_server
from app.storage.embedded import EmbeddedServer
from app.storage.migration import migrate, pending
from app.storage.provisioning import new_passwords, provision, role_urls, weaknesses
from app.storage.server_place import PORT, Place, place_for

DATABASE = "akashi"


def read_settings(**fixed: Any) -> Settings:
    """The settings of the environment; raises `malformed_settings` with a sentence for each wrong value."""
    try:
        return Settings(**fixed)
    except ValidationError as error:
        raise AkashiError("malformed_settings", note="; ".join(explain_faults(error))) from error


@contextmanager
def open_registry(settings: Settings) -> Iterator[Registry]:
    """The registry of these settings; its pools, and the server if it was started here, end with the block."""
    with open_database(settings) as urls:
        prepare_database(settings, urls)
        database = Database.connect(urls)
        try:
            yield assemble(settings, database)
        finally:
            database.close()


@contextmanager
def open_database(settings: Settings, *, name: str = DATABASE, alone: bool = False) -> Iterator[dict[str, str]]:
    """The addresses of the database by role, secrets all of them; with `alone` a running server is not joined."""
    given = settings.database_urls
    if given:
        yield {role: url.get_secret_value() for role, url in given.items()}
        return
    home = home_of(settings)
    place = place_for(home)
    try:
        server = EmbeddedServer.start(home, binaries=settings.postgres_binaries)
    except AkashiError as refusal:
        if alone or refusal.code != "database_in_use":
            raise
        yield role_urls(_address(place), name, _kept_passwords(place))
        return
    with server:
        passwords = _kept_passwords(place)
        provision(server.superuser_url(), name, passwords)
        yield role_urls(server.superuser_url(), name, passwords)


def prepare_database(settings: Settings, urls: dict[str, str]) -> None:
    """The schema is this release's; in production it must be so already, and roles and clock must be fit."""
    if not settings.production:
        migrate(urls["migrator"])
        return
    missing = pending(urls["migrator"])
    if missing:
        raise AkashiError("migrations_pending", note=", ".join(missing))
    found = weaknesses(urls)
    if found:
        raise AkashiError("database_not_fit", note="; ".join(found))


def assemble(settings: Settings, database: Database) -> Registry:
    """Database, keys, anchors and address in one value; raises what is missing or does not fit."""
    check_server(database)
    fixed = check_installation(database, settings.base_url)
    keys = open_keys(settings)
    keys.signer(fixed.publication_key)  # a key that is missing or does not open is refused now, not at the first act
    path = anchors_path(settings)
    anchors = read_anchors(path if path.exists() else settings.anchors)
    if settings.production and anchors.development:
        raise AkashiError("development_anchors", note=str(path))
    return Registry(
        database,
        keys,
        anchors,
        settings.base_url,
        fixed.publication_key,
        development=not settings.production,
        log=LogPlace.of(fixed.log_key, published_folder(settings) / "log", fence_folder(settings)),
    )


def open_keys(settings: Settings) -> KeyFolder:
    """The folder of this installation's signing keys; its secret has no default."""
    secret = settings.read_key_secret()
    if secret is None:
        raise AkashiError("key_secret_missing")
    return KeyFolder(settings.key_folder or settings.var / "keys", secret.get_secret_value())


def anchors_path(settings: Settings) -> Path:
    """Where this installation's anchors file is, or will be."""
    return settings.anchors or settings.var / "anchors.json"


def published_folder(settings: Settings) -> Path:
    """Where published files are written."""
    return settings.published or settings.var / "published"


def fence_folder(settings: Settings) -> Path:
    """Where the log's fence is."""
    return settings.log_fence or settings.var / "log-fence"


def home_of(settings: Settings) -> Path:
    """The folder to which the embedded server belongs: the one in which `var` lies."""
    return settings.var.resolve().parent


def _kept_passwords(place: Place) -> dict[str, str]:
    """The passwords of the embedded server's roles: generated once, kept beside its data for its starter alone."""
    path = place.folder / "role-passwords.json"
    kept = read_private(path)
    if kept is not None:
        known: dict[str, str] = json.loads(kept)
        return known
    passwords = new_passwords()
    write_whole(path, json.dumps(passwords))
    return passwords


def _address(place: Place) -> str:
    """Where the running server of a place is reached; user and database are put in by whoever connects."""
    return f"postgresql:///?host={quote(str(place.socket_folder), safe='')}&port={PORT}"
