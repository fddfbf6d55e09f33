"""Queries of one certification's dossier: decisions with their reasons, open drafts, audits, cases.

Each part comes in the order of recording. A draft is found by what its document says (`akashi.drafted_about`, indexed).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.storage.overlaps import CONFIRMATIONS
from app.storage.own_records import RECORDS
from app.storage.rows import Connection, Row, many

_DECISIONS = """
SELECT d.body_id, d.id, d.recorded_at, c.public_id AS certification, d.act, d.decided_on, d.effective_on, d.until,
       d.late_reason, d.annuls_no AS annuls, d.ratifies_no AS ratifies, r.code AS reason_code, r.text AS reason,
       ARRAY(SELECT p.person_id FROM akashi.draft_person p
             WHERE p.body_id = d.body_id AND p.draft_id = d.id ORDER BY p.person_id) AS deciders,
       e.event_no, e.to_state AS state, v.version_no AS version
FROM akashi.decision d
JOIN akashi.certification c ON c.body_id = d.body_id AND c.id = d.certification_id
LEFT JOIN akashi.draft_reason r ON r.body_id = d.body_id AND r.draft_id = d.id
LEFT JOIN akashi.standing_event e ON e.body_id = d.body_id AND e.decision_id = d.id
LEFT JOIN akashi.certificate_version v ON v.body_id = d.body_id AND v.decision_id = d.id
"""
_OPEN_DRAFTS = """
SELECT f.body_id, f.id, f.recorded_at, akashi.drafted_about(f.document) AS certification,
       CAST(convert_from(f.document, 'UTF8') AS jsonb)->>'act' AS act,
       CAST(CAST(convert_from(f.document, 'UTF8') AS jsonb)->>'decided_on' AS date) AS decided_on, f.carried_by,
       ARRAY(SELECT p.person_id FROM akashi.draft_person p
             WHERE p.body_id = f.body_id AND p.draft_id = f.id
               AND NOT EXISTS (SELECT FROM akashi.confirmation k WHERE k.body_id = p.body_id AND k.draft_id = p.draft_id
                               AND k.person_id = p.person_id) ORDER BY p.person_id) AS awaited
FROM akashi.draft f
WHERE f.kind = 'decision' AND NOT EXISTS (SELECT FROM akashi.decision d WHERE d.body_id = f.body_id AND d.id = f.id)
"""
PARTS = {
    "decisions": _DECISIONS,
    "drafts": _OPEN_DRAFTS,
    "change_notices": RECORDS["change_notice"],
    "complaints": RECORDS["complaint"],
    "appeals": RECORDS["appeal"],
    "overlaps": CONFIRMATIONS,
}
"""What is kept about one certification, found by its public ID."""


def part_of_dossier(connection: Connection, part: str, body: UUID, public_id: str) -> tuple[Row[Any], ...]:
    """One part of what the body keeps about a certification."""
    return many(
        connection,
        f"SELECT r.* FROM ({PARTS[part]}) r WHERE r.body_id = :body AND r.certification = :public_id "  # noqa: S608, all text is ours
        "ORDER BY r.recorded_at, r.id",
        body=body,
        public_id=public_id,
    )


def audits_in_dossier(connection: Connection, body: UUID, certification: UUID) -> tuple[Row[Any], ...]:
    """The audits of a certification with team and findings."""
    return many(
        connection,
        f"SELECT r.* FROM ({RECORDS['audit']}) r WHERE r.body_id = :body AND r.id IN "  # noqa: S608, all text is ours
        "(SELECT x.audit_id FROM akashi.audit_of_certification x WHERE x.body_id = :body AND x.certification_id = :one) "
        "ORDER BY r.recorded_at, r.id",
        body=body,
        one=certification,
    )
