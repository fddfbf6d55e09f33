"""Make an installation: roles and database, schema, publication key, key of the log, public address.

  akashi init                           on the embedded server of this folder
  akashi init --environment akashi.env  on your own PostgreSQL (15 or newer), as the administrator whose address is in
                                        AKASHI_ADMINISTRATOR_URL; the five addresses go into the file, readable by you

AKASHI_PUBLIC_URL is fixed here, because it is signed into credentials: a later start with another one is refused.
AKASHI_KEY_SECRET (or _FILE) encrypts the keys and is kept nowhere: keep it yourself. Safe to repeat: what is there
already stays, an interrupted run is finished. Exit codes: 0 done · 1 refused · 64 wrong use.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.cli.opening import DATABASE, anchors_path, open_database, open_keys, read_settings
from app.cli.output import print_json
from app.cli.private_files import add_anchor, read_private, write_whole
from app.errors import AkashiError
from app.keys.software import KeyFolder
from app.registry.installation import Installation, fix_installation, fixed_installation
from app.registry.log_place import log_key_of
from app.settings import Settings
from app.storage.database import Database, check_server
from app.storage.migration import migrate
from app.storage.provisioning import new_passwords, provision, role_urls, roles_exist
from app.trust.anchors import KeyAnchor, Role

ADMINISTRATOR = "AKASHI_ADMINISTRATOR_URL"
VARIABLES = {
    "service": "AKASHI_DATABASE_URL",
    "reader": "AKASHI_DATABASE_URL_READER",
    "jobs": "AKASHI_DATABASE_URL_JOBS",
    "keeper": "AKASHI_DATABASE_URL_KEEPER",
    "migrator": "AKASHI_DATABASE_URL_MIGRATOR",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which database, and where its addresses go."""
    parser.add_argument("--environment", type=Path, metavar="FILE", help="file for the five addresses, made 0600")
    parser.add_argument("--database", default=DATABASE, metavar="NAME", help="name of the database (akashi)")
    parser.add_argument(
        "--new-passwords", action="store_true", help="give roles that exist in the cluster new passwords"
    )


def run(arguments: argparse.Namespace) -> int:
    """Provision, migrate, fix address and key; what was done is printed as JSON."""
    settings = read_settings(production=False)  # production is declared once there is something to run
    keys = open_keys(settings)
    with _database(settings, arguments) as urls:
        migrate(urls["migrator"])
        database = Database.connect(urls)
        try:
            check_server(database)
            fixed = fix(database, keys, settings.base_url, anchors_path(settings))
        finally:
            database.close()
    print_json(
        {
            "public_url": fixed.public_url,
            "publication_key": fixed.publication_key,
            "log_key": fixed.log_key,
            "key_folder": str(keys.path),
            "anchors": str(anchors_path(settings)),
            "environment": str(arguments.environment) if arguments.environment else None,
        }
    )
    return 0


def fix(
    database: Database, keys: KeyFolder, base_url: str, anchors: Path, *, development: bool = False
) -> Installation:
    """Address and keys stand, and the publication key is among the anchors; safe to repeat.

    Keys are saved before they are fixed: a crash in between leaves key files that nobody names, and nothing else.
    """
    fixed = fixed_installation(database)
    if fixed is None:
        log_key = log_key_of(base_url, keys.create_note_key())
        fixed = Installation(base_url, keys.create().thumbprint, str(log_key))
        fix_installation(database, fixed)
    elif fixed.public_url != base_url:
        raise AkashiError("public_address_differs", note=f"{fixed.public_url}, not {base_url}")
    key = keys.signer(fixed.publication_key).public_key
    begin = database.now().replace(microsecond=0)
    add_anchor(
        anchors,
        KeyAnchor(party=base_url, valid_from=begin, role=Role.PUBLICATION, key=key, development=development),
    )
    return fixed


@contextmanager
def _database(settings: Settings, arguments: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The addresses by role: given already, made with an administrator's rights, or of the embedded server."""
    administrator = os.environ.get(ADMINISTRATOR)
    if administrator is None:
        if arguments.environment is not None:
            raise AkashiError("administrator_missing")
        with open_database(settings, name=arguments.database) as urls:
            yield urls
        return
    if arguments.environment is None:
        raise AkashiError("environment_file_missing")
    yield _provisioned(administrator, arguments)


def _provisioned(administrator: str, arguments: argparse.Namespace) -> dict[str, str]:
    """Roles and database exist; the file has their addresses before any password is set, so that none is ever lost."""
    kept = _kept_urls(arguments.environment)
    if kept is None:
        if roles_exist(administrator) and not arguments.new_passwords:
            raise AkashiError("roles_exist")
        urls = role_urls(administrator, arguments.database, new_passwords())
        write_whole(arguments.environment, "".join(f"{VARIABLES[role]}={url}\n" for role, url in urls.items()))
    else:
        urls = kept
    provision(administrator, arguments.database, {role: password_of(url) for role, url in urls.items()})
    return urls


def _kept_urls(path: Path) -> dict[str, str] | None:
    """The addresses of an earlier run."""
    content = read_private(path)
    if content is None:
        return None
    lines = dict(line.split("=", 1) for line in content.splitlines() if "=" in line)
    if not set(VARIABLES.values()) <= set(lines):
        raise AkashiError("environment_file_incomplete", note=str(path))
    return {role: lines[name] for role, name in VARIABLES.items()}


def password_of(url: str) -> str:
    """The password in an address."""
    from psycopg.conninfo import conninfo_to_dict

    parameters: dict[str, Any] = conninfo_to_dict(url)
    return str(parameters["password"])
