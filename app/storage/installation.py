"""Queries of the one row that says what this installation is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from app.storage.rows import insert, one


def find_installation(connection: Connection) -> Row[Any] | None:
    """The public address, the publication key and the key of the log, once they are fixed."""
    return one(connection, "SELECT public_url, publication_key, log_key FROM akashi.installation")


def add_installation(connection: Connection, *, public_url: str, publication_key: str, log_key: str) -> None:
    """They are fixed for good."""
    insert(connection, "installation", public_url=public_url, publication_key=publication_key, log_key=log_key)
