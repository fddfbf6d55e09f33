"""Queries of what a body keeps about its own work, for its own clients: each row once, from a place on.

Row-level security shows no other body's rows; the body is named all the same. A row's place is the microsecond of its
recording and its id, which never change (C104). Parts of a record come as JSON, in the order of their recording.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.storage import own_assessment
from app.storage.public_record import Place
from app.storage.rows import Connection, Row, many, one

_PERSON = """
SELECT p.body_id, p.id, p.recorded_at, p.relation,
       (SELECT n.name FROM akashi.person_name n WHERE n.body_id = p.body_id AND n.person_id = p.id) AS name,
       (SELECT json_agg(json_build_object('function', f.function, 'scheme', f.scheme_code, 'valid_from', f.valid_from,
                                          'valid_to', least(f.valid_to, e.last_day), 'basis', f.basis)
                        ORDER BY f.recorded_at, f.function)
        FROM akashi.person_function f
        LEFT JOIN akashi.person_function_end e USING (body_id, person_id, function, scheme_code, valid_from)
        WHERE f.body_id = p.body_id AND f.person_id = p.id) AS functions,
       ARRAY(SELECT k.thumbprint FROM akashi.person_key k
             WHERE k.body_id = p.body_id AND k.person_id = p.id
               AND NOT EXISTS (SELECT FROM akashi.person_key_end x
                               WHERE x.body_id = k.body_id AND x.thumbprint = k.thumbprint)
             ORDER BY k.recorded_at) AS keys,
       (SELECT json_agg(json_build_object('function', k.function, 'scheme', k.scheme_code, 'area', k.area,
                                          'evidence', k.evidence, 'valid_from', k.valid_from,
                                          'valid_to', least(k.valid_to, e.last_day))
                        ORDER BY k.recorded_at, k.function, k.area)
        FROM akashi.competence k LEFT JOIN akashi.competence_end e
             USING (body_id, person_id, function, scheme_code, area, valid_from)
        WHERE k.body_id = p.body_id AND k.person_id = p.id) AS competences,
       (SELECT json_agg(json_build_object('id', i.id, 'organisation', i.organisation_id, 'kind', i.kind, 'detail', i.detail,
                                          'began_on', i.began_on, 'ended_on', coalesce(i.ended_on, e.ended_on))
                        ORDER BY i.recorded_at, i.id)
        FROM akashi.interest i LEFT JOIN akashi.interest_end e ON e.body_id = i.body_id AND e.interest_id = i.id
        WHERE i.body_id = p.body_id AND i.person_id = p.id) AS interests
FROM akashi.person p
"""
_ORGANISATION = """
SELECT o.body_id, o.id, o.recorded_at, o.country,
       (SELECT json_agg(json_build_object('name', n.name, 'language', n.language, 'script', n.script, 'source', n.source,
                                          'valid_from', n.valid_from, 'valid_to', coalesce(e.last_day, n.valid_to))
                        ORDER BY n.recorded_at, n.language, n.name)
        FROM akashi.organisation_name n
        LEFT JOIN akashi.organisation_name_end e USING (body_id, organisation_id, language, script, name)
        WHERE n.body_id = o.body_id AND n.organisation_id = o.id) AS names,
       (SELECT json_agg(json_build_object('scheme', i.scheme, 'value', i.value, 'last_day', e.last_day)
                        ORDER BY i.scheme, i.value)
        FROM akashi.organisation_identifier i
        LEFT JOIN akashi.organisation_identifier_end e USING (body_id, organisation_id, scheme, value) WHERE i.body_id = o.body_id AND i.organisation_id = o.id) AS identifiers,
       (SELECT json_agg(json_build_object('id', s.id, 'names', s.names, 'addresses', s.address->'addresses',
                                          'country', s.country, 'virtual', s.virtual,
                                          'central_function', s.central_function) ORDER BY s.recorded_at, s.id)
        FROM akashi.site s WHERE s.body_id = o.body_id AND s.organisation_id = o.id) AS sites
FROM akashi.organisation o
"""
_APPLICATION = """
SELECT a.body_id, a.id, a.recorded_at, a.organisation_id AS organisation, a.scheme_code AS scheme,
       a.scope_requested, a.areas, a.roles, a.headcount, a.site_ids AS sites, a.received_on, r.outcome, r.reviewer_id AS reviewer, r.reason, r.reviewed_on
FROM akashi.application a
LEFT JOIN akashi.application_review r ON r.body_id = a.body_id AND r.application_id = a.id
"""
_AGREEMENT = """
SELECT g.body_id, g.id, g.recorded_at, g.organisation_id AS organisation, g.version, g.clauses,
       g.site_ids AS sites, g.signed_on,
       ARRAY(SELECT c.field
             FROM (SELECT DISTINCT ON (d.field) d.field, d.granted FROM akashi.disclosure_consent d
                   WHERE d.body_id = g.body_id AND d.agreement_id = g.id ORDER BY d.field, d.sequence DESC) c
             WHERE c.granted ORDER BY c.field) AS consented
FROM akashi.agreement g
"""
_CERTIFICATION = """
SELECT c.body_id, c.id, c.recorded_at, c.public_id AS certificate_id, c.number, c.scheme_code AS scheme,
       c.organisation_id AS organisation, c.application_id AS application, c.agreement_id AS agreement,
       (SELECT max(v.version_no) FROM akashi.certificate_version v
        WHERE v.body_id = c.body_id AND v.certification_id = c.id) AS latest_version
FROM akashi.certification c
"""
_AUDIT = """
SELECT a.body_id, a.id, a.recorded_at, a.kind, a.stage_1_id AS stage_1, a.stage_1_reason AS stage_1_not_required,
       a.first_day - (SELECT s.last_day FROM akashi.audit s WHERE s.body_id = a.body_id AND s.id = a.stage_1_id)
           AS days_after_stage_1,
       a.plan_id AS plan, a.entity_id AS entity, a.first_day, a.last_day, a.report_sha256,
       (SELECT json_agg(json_build_object('certification', c.public_id, 'areas', l.areas, 'sites', l.site_ids)
                        ORDER BY l.recorded_at, c.public_id)
        FROM akashi.audit_certification l JOIN akashi.certification c ON c.body_id = l.body_id AND c.id = l.certification_id
        WHERE l.body_id = a.body_id AND l.audit_id = a.id) AS serves,
       (SELECT json_agg(json_build_object('person', m.person_id, 'function', m.function)
                        ORDER BY m.recorded_at, m.person_id)
        FROM akashi.audit_member m WHERE m.body_id = a.body_id AND m.audit_id = a.id) AS team,
       (SELECT json_agg(json_build_object(
                    'id', f.id, 'grade', f.grade, 'clause', f.clause, 'description', f.description, 'due_on', f.due_on,
                    'steps', (SELECT json_agg(json_build_object('step', t.step, 'person', t.person_id, 'done_on', t.done_on,
                                                                'note', t.note)
                                              ORDER BY t.recorded_at, t.step)
                              FROM akashi.finding_step t WHERE t.body_id = f.body_id AND t.finding_id = f.id))
                ORDER BY f.recorded_at, f.id)
        FROM akashi.finding f WHERE f.body_id = a.body_id AND f.audit_id = a.id) AS findings,
       (SELECT json_build_object('leader', s.person_id, 'positive', s.positive, 'conclusion', s.conclusion,
                                 'concluded_on', s.concluded_on, 'monitored_by', m.person_id, 'confirmed', m.confirmed,
                                 'monitored_on', m.monitored_on)
        FROM akashi.surveillance_conclusion s LEFT JOIN akashi.conclusion_monitoring m USING (body_id, audit_id)
        WHERE s.body_id = a.body_id AND s.audit_id = a.id) AS conclusion
FROM akashi.audit a
"""
_CHANGE_NOTICE = """
SELECT n.body_id, n.id, n.recorded_at, c.public_id AS certification, n.kind, n.detail, n.received_on, n.carried_by,
       CASE WHEN p.notice_id IS NOT NULL THEN json_build_object(
           'consequence', p.disposition, 'person', p.person_id, 'reason', p.reason, 'assessment', p.assessment,
           'disposed_on', p.disposed_on) END AS disposition
FROM akashi.change_notice n
JOIN akashi.certification c ON c.body_id = n.body_id AND c.id = n.certification_id
LEFT JOIN akashi.change_disposition p ON p.body_id = n.body_id AND p.notice_id = n.id
"""
_COMPLAINT = """
SELECT x.body_id, x.id, x.recorded_at, x.reference, x.kind, c.public_id AS certification, x.origin, x.subject,
       x.received_on, x.received_on + t.acknowledge_days AS acknowledge_by, x.received_on + t.decide_days AS decide_by,
       x.carried_by, o.contact,
       ARRAY(SELECT i.person_id FROM akashi.complaint_involved i
             WHERE i.body_id = x.body_id AND i.complaint_id = x.id ORDER BY i.recorded_at, i.person_id) AS involved,
       (SELECT json_agg(json_build_object('step', s.step, 'person', s.person_id, 'done_on', s.done_on, 'account', s.account)
                        ORDER BY s.recorded_at, s.step)
        FROM akashi.complaint_step s WHERE s.body_id = x.body_id AND s.complaint_id = x.id) AS steps,
       CASE WHEN d.complaint_id IS NOT NULL THEN json_build_object(
           'outcome', d.outcome, 'person', d.person_id, 'reasons', d.reasons, 'decided_on', d.decided_on) END AS decision,
       (SELECT json_agg(json_build_object('side', p.side, 'extent', p.extent, 'agreed_on', p.agreed_on) ORDER BY p.side)
        FROM (SELECT DISTINCT ON (q.side) q.side, q.extent, q.agreed_on FROM akashi.complaint_publicity q
              WHERE q.body_id = x.body_id AND q.complaint_id = x.id ORDER BY q.side, q.sequence DESC) p) AS publicity
FROM akashi.complaint x
JOIN akashi.reply_term t ON t.matter = x.kind
LEFT JOIN akashi.certification c ON c.body_id = x.body_id AND c.id = x.certification_id
LEFT JOIN akashi.complaint_contact o ON o.body_id = x.body_id AND o.complaint_id = x.id
LEFT JOIN akashi.complaint_decision d ON d.body_id = x.body_id AND d.complaint_id = x.id
"""
_APPEAL = """
SELECT a.body_id, a.id, a.recorded_at, c.public_id AS certification, a.decision_id AS decision, d.act, e.event_no,
       a.grounds, a.lodged_on, a.lodged_on + t.acknowledge_days AS acknowledge_by,
       a.lodged_on + t.decide_days AS decide_by, a.carried_by, k.done_on AS acknowledged_on,
       ARRAY(SELECT m.person_id FROM akashi.appeal_panel m
             WHERE m.body_id = a.body_id AND m.appeal_id = a.id ORDER BY m.recorded_at, m.person_id) AS panel,
       o.outcome, o.reasons, o.decided_on,
       coalesce((SELECT p.agreed FROM akashi.appeal_publicity p WHERE p.body_id = a.body_id AND p.appeal_id = a.id
                 ORDER BY p.sequence DESC LIMIT 1), false) AS may_be_known
FROM akashi.appeal a
JOIN akashi.reply_term t ON t.matter = 'appeal'
JOIN akashi.certification c ON c.body_id = a.body_id AND c.id = a.certification_id
JOIN akashi.decision d ON d.body_id = a.body_id AND d.id = a.decision_id
LEFT JOIN akashi.standing_event e ON e.body_id = a.body_id AND e.decision_id = a.decision_id
LEFT JOIN akashi.appeal_acknowledgement k ON k.body_id = a.body_id AND k.appeal_id = a.id
LEFT JOIN akashi.appeal_outcome o ON o.body_id = a.body_id AND o.appeal_id = a.id
"""
_TRANSFER = """
SELECT akashi.current_body() AS body_id, t.id, t.recorded_at, t.body_id AS accepting_body, t.from_body_id AS issuing_body,
       CASE WHEN t.previous IS NULL THEN t.source END AS certificate_id, t.previous, t.scheme_code AS scheme,
       t.requested_on, t.request_sha256,
       (SELECT CAST(t.recorded_at AT TIME ZONE p.time_zone AS date) + x.answer_days FROM akashi.party p, akashi.transfer_terms x
        WHERE p.id = t.from_body_id AND x.scheme_code = t.scheme_code) AS answer_by,
       akashi.transfer_state(t) AS state, akashi.transfer_basis(t) AS basis,
       EXISTS (SELECT FROM akashi.transfer_step s WHERE s.to_body_id = t.body_id AND s.transfer_id = t.id
               AND s.step = 'source_changed') AS flagged,
       (SELECT json_agg(json_build_object('n', s.n, 'step', s.step, 'party', s.body_id, 'state', s.to_state,
                                          'done_on', s.done_on, 'ground', s.ground, 'content', s.content) ORDER BY s.n)
        FROM akashi.transfer_step s WHERE s.to_body_id = t.body_id AND s.transfer_id = t.id) AS steps
FROM akashi.transfer t
"""
"""Whoever takes part sees it, whoever opened it: row-level security, and no condition of the query, says who does."""
RECORDS = {
    "person": _PERSON,
    "organisation": _ORGANISATION,
    "application": _APPLICATION,
    "agreement": _AGREEMENT,
    "certification": _CERTIFICATION,
    "audit": _AUDIT,
    "change_notice": _CHANGE_NOTICE,
    "complaint": _COMPLAINT,
    "appeal": _APPEAL,
    "transfer": _TRANSFER,
} | own_assessment.RECORDS
"""Each kind of record with its parts, from the table of its name."""
SHARED = "transfer"
"""Of this kind a body sees others' records, too."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def own_records(connection: Connection, kind: str, body: UUID, place: Place | None, limit: int) -> tuple[Row[Any], ...]:
    """The body's records of a kind, from a place on, nearest to it first, each with its `sequence`.

    The page is found first, along an index, and only its records are put together.
    """
    backwards = place is not None and place.backwards
    direction, beyond = ("DESC", "<") if backwards else ("ASC", ">")
    mine = "true" if kind == SHARED else "b.body_id = :body"
    order = f"{{0}}.recorded_at {direction}, CAST({{0}}.id AS text) {direction}"
    after = {} if place is None else {"at": EPOCH + timedelta(microseconds=place.sequence), "id": place.id}
    past = (
        f"AND b.recorded_at {beyond}= :at AND (b.recorded_at, CAST(b.id AS text)) {beyond} (:at, :id) " if after else ""
    )
    return many(
        connection,
        f"WITH page AS MATERIALIZED (SELECT b.id FROM akashi.{kind} b WHERE {mine} {past}ORDER BY {order.format('b')} LIMIT :limit) "  # noqa: S608, all text is ours
        "SELECT r.*, CAST(extract(epoch FROM r.recorded_at) * 1000000 AS bigint) AS sequence FROM page p, "
        f"LATERAL (SELECT * FROM ({RECORDS[kind]}) x WHERE x.body_id = :body AND x.id = p.id) r ORDER BY {order.format('r')}",
        body=body,
        limit=limit,
        **after,
    )


def own_record(connection: Connection, kind: str, body: UUID, record: UUID) -> Row[Any] | None:
    """One record of the body."""
    return one(
        connection,
        f"SELECT r.* FROM ({RECORDS[kind]}) r WHERE r.body_id = :body AND r.id = :id",  # noqa: S608, all text is ours
        body=body,
        id=record,
    )


def signed_documents(connection: Connection, body: UUID, draft: UUID) -> tuple[Row[Any], ...]:
    """What was signed on a draft, in the order of signing."""
    return many(
        connection,
        "SELECT r.statement, r.signing_input, e.signature FROM akashi.act a "
        "JOIN akashi.reservation r ON r.body_id = a.body_id AND r.act_id = a.id "
        "JOIN akashi.envelope e ON e.body_id = r.body_id AND e.id = r.id "
        "WHERE a.body_id = :body AND a.draft_id = :draft ORDER BY e.recorded_at, r.ordinal",
        body=body,
        draft=draft,
    )
