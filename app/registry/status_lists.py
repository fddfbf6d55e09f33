"""Status lists as they were published: the newest, one by its number, or the one that counted at a time (C029)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import AkashiError
from app.registry.registry import Registry
from app.registry.status_publication import list_name
from app.storage import publications
from app.storage.database import now
from app.storage.rows import Row


@dataclass(frozen=True)
class PublishedList:
    """One publication of a list: its bytes never change; `moment` is when it was asked for."""

    number: int
    content: bytes
    media_type: str
    valid_until: datetime
    moment: datetime


def newest_list(registry: Registry, list_number: int) -> PublishedList:
    """The list as it stands; raises `unknown_status_list`."""
    with registry.database.transaction("reader") as connection:
        return _published(publications.latest(connection, list_name(list_number)), now(connection))


def numbered_list(registry: Registry, list_number: int, number: int) -> PublishedList:
    """One publication of a list, for ever; raises `unknown_status_list`."""
    with registry.database.transaction("reader") as connection:
        return _published(publications.numbered(connection, list_name(list_number), number), now(connection))


def list_at(registry: Registry, list_number: int, at: datetime) -> PublishedList:
    """The publication that counted at a time; a time that has not come, or at which none counted, is unknown."""
    with registry.database.transaction("reader") as connection:
        moment = now(connection)
        found = publications.as_published(connection, list_name(list_number), at) if at <= moment else None
        return _published(found, moment)


def _published(row: Row[Any] | None, moment: datetime) -> PublishedList:
    if row is None:
        raise AkashiError("unknown_status_list")
    return PublishedList(row.number, bytes(row.content), row.media_type, row.valid_until, moment)
