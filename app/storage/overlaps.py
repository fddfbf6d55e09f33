"""Rows about certifications of one client that stand beside one another: what a person confirmed, for the dossier too."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.storage.rows import Connection, insert

CONFIRMATIONS = """
SELECT x.body_id, x.other_id AS id, x.recorded_at, c.public_id AS certification, o.public_id AS other, o.number,
       x.person_id AS person, x.reason, x.confirmed_on
FROM akashi.overlap_confirmation x
JOIN akashi.certification c ON c.body_id = x.body_id AND c.id = x.certification_id
JOIN akashi.certification o ON o.body_id = x.body_id AND o.id = x.other_id
"""


def add_confirmation(
    connection: Connection,
    *,
    body: UUID,
    certification: UUID,
    other: UUID,
    person: UUID,
    reason: str,
    confirmed_on: date,
) -> None:
    """The word of a person that both certifications are meant."""
    insert(
        connection,
        "overlap_confirmation",
        body_id=body,
        certification_id=certification,
        other_id=other,
        person_id=person,
        reason=reason,
        confirmed_on=confirmed_on,
    )
