"""Queries of what is due by when: for a body, and for the accreditation body that oversees it.

Rows come in the order of their days, then by what is due. A row's place is its day and its name, which stay the same
while it is due.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.storage.public_record import Place
from app.storage.rows import Connection, Row, many, one

_OWN = """
SELECT w.what, w.due_on, c.public_id AS certificate_id, w.item_id, akashi.body_today(:body) AS today,
       CAST(:body AS uuid) AS body_id
FROM akashi.due(:body, :certification) w
LEFT JOIN akashi.certification c ON c.body_id = :body AND c.id = w.certification_id
"""
_OVERSEEN = """
SELECT w.* FROM akashi.overseen_due() w
WHERE w.body_id IS DISTINCT FROM :body AND CAST(:certification AS uuid) IS NULL
"""
_PLACED = """
SELECT * FROM (
    SELECT r.*, r.due_on < r.today AS overdue, r.due_on - DATE '0001-01-01' AS sequence,
           replace(r.what, '_', '-') || '-' || CAST(r.item_id AS text) COLLATE "C" AS id
    FROM ({rows}) r) placed
WHERE (CAST(:what AS text) IS NULL OR what = :what)
  AND (CAST(:overdue AS boolean) IS NULL OR overdue = :overdue)
  AND (CAST(:sequence AS bigint) IS NULL OR (sequence, id) {beyond} (:sequence, CAST(:id AS text)))
ORDER BY sequence {direction}, id {direction} LIMIT :limit
"""


def due(
    connection: Connection,
    body: UUID,
    *,
    overseen: bool,
    what: str | None,
    overdue: bool | None,
    place: Place | None,
    limit: int | None,
    certification: UUID | None = None,
) -> tuple[Row[Any], ...]:
    """What the body has to do by when, or what those have to do whom it accredited; from a place on, nearest first.

    With a certification, of that one alone; without a limit, all.
    """
    backwards = place is not None and place.backwards
    statement = _PLACED.format(
        rows=_OVERSEEN if overseen else _OWN,
        beyond="<" if backwards else ">",
        direction="DESC" if backwards else "ASC",
    )
    return many(
        connection,
        statement,
        body=body,
        what=what,
        overdue=overdue,
        sequence=None if place is None else place.sequence,
        id=None if place is None else place.id,
        limit=limit,
        certification=certification,
    )


def told(connection: Connection, public_id: str) -> Row[Any] | None:
    """What a body told of a certification and anyone may know, though nobody signed it."""
    return one(
        connection,
        "SELECT t.last_surveillance_on, t.under_appeal FROM public_record.certification c, "
        "LATERAL (SELECT * FROM public_record.told t WHERE t.body_id = c.body_id AND t.certification_id = c.id OFFSET 0) t "
        "WHERE c.public_id = :public_id",
        public_id=public_id,
    )
