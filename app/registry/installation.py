"""What this installation is, fixed once: its public address, which is signed into credentials, and its own two keys.

A start with another address is refused, for it would sign credentials that lead elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import AkashiError
from app.storage import installation
from app.storage.database import Database


@dataclass(frozen=True)
class Installation:
    """The public base URL without a slash at its end, the thumbprint of the publication key, the log's verifier key."""

    public_url: str
    publication_key: str
    log_key: str


def fixed_installation(database: Database) -> Installation | None:
    """What was fixed, or None before `akashi init`."""
    with database.transaction() as connection:
        row = installation.find_installation(connection)
    return None if row is None else Installation(row.public_url, row.publication_key, row.log_key)


def fix_installation(database: Database, wanted: Installation) -> None:
    """Address and keys stand for good; what was fixed before is never changed: `already_recorded`."""
    with database.transaction() as connection:
        installation.add_installation(
            connection,
            public_url=wanted.public_url,
            publication_key=wanted.publication_key,
            log_key=wanted.log_key,
        )


def check_installation(database: Database, base_url: str) -> Installation:
    """What was fixed; raises `not_initialised`, or `public_address_differs` for a start with another address."""
    fixed = fixed_installation(database)
    if fixed is None:
        raise AkashiError("not_initialised")
    if fixed.public_url != base_url:
        raise AkashiError("public_address_differs", note=f"{fixed.public_url}, not {base_url}")
    return fixed
