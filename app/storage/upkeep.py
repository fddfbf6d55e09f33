"""Queries of the upkeep: which process leads, and whether what is published still counts."""

from __future__ import annotations

from sqlalchemy import Connection

from app.storage.publications import NAMES
from app.storage.rows import scalar


def take_lead(connection: Connection) -> bool:
    """Whether this transaction leads until its end; of several processes, one does."""
    return bool(scalar(connection, "SELECT pg_try_advisory_xact_lock(hashtextextended('akashi upkeep', 6))"))


def lists_are_fresh(connection: Connection) -> bool:
    """Whether something is published, and the newest publication of every name counts now; for the reader's role."""
    return bool(
        scalar(
            connection,
            f"{NAMES.format(table='public_record.publication')} "  # noqa: S608, all text is ours
            "SELECT coalesce(bool_and(p.valid_until > akashi.now()), false) FROM names n, LATERAL (SELECT valid_until "
            "FROM public_record.publication p WHERE p.name = n.name ORDER BY p.number DESC LIMIT 1) p",
        )
    )
