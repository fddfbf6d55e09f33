"""Queries that record what arrangements publish about accreditation bodies, and what these say to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.storage.rows import insert, scalar


def arrangement_exists(connection: Connection, code: str) -> bool:
    """Whether there is an arrangement of this code."""
    found = scalar(connection, "SELECT 1 FROM akashi.recognition_arrangement WHERE code = :code", code=code)
    return found is not None


def add_recognition(connection: Connection, *, recognition: UUID, **columns: Any) -> None:
    """A recognition as published."""
    insert(connection, "recognition", id=recognition, **columns)


def add_end(connection: Connection, **columns: Any) -> None:
    """The last day of a recognition as published."""
    insert(connection, "recognition_end", **columns)


def is_about(connection: Connection, recognition: UUID, body: UUID) -> bool:
    """Whether a recognition is one of this accreditation body."""
    found = scalar(
        connection,
        "SELECT 1 FROM akashi.recognition WHERE party_id = :body AND id = :recognition",
        body=body,
        recognition=recognition,
    )
    return found is not None


def add_objection(connection: Connection, *, body: UUID, **columns: Any) -> None:
    """The accreditation body's objection."""
    insert(connection, "recognition_objection", body_id=body, **columns)
