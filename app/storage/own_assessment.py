"""What of a body's assessment work its own clients read: programmes, times, plans, reviews, threats, entities, relations."""

from __future__ import annotations

_PROGRAMME = """
SELECT p.body_id, p.id, p.recorded_at, c.public_id AS certification, p.cycle, p.version, p.established_on,
       p.site_ids AS sites, p.visited_site_ids AS visited, p.sampling, p.person_id AS justified_by,
       (SELECT json_agg(json_build_object('kind', a.kind, 'year', a.year) ORDER BY a.year, a.kind)
        FROM akashi.programme_audit a WHERE a.body_id = p.body_id AND a.programme_id = p.id) AS audits
FROM akashi.audit_programme p JOIN akashi.certification c ON c.body_id = p.body_id AND c.id = p.certification_id
"""
_AUDIT_TIME = """
SELECT t.body_id, t.id, t.recorded_at, c.public_id AS certification, t.method, t.inputs,
       CAST(t.base_days AS text) AS base_days, CAST(t.result_days AS text) AS result_days, t.adjustments,
       t.person_id AS justified_by, t.calculated_on
FROM akashi.audit_time t JOIN akashi.certification c ON c.body_id = t.body_id AND c.id = t.certification_id
"""
_AUDIT_PLAN = """
SELECT p.body_id, p.id, p.recorded_at, p.kind, p.objectives, p.criteria, p.method, p.sent_on, p.objections_until,
       p.first_day, p.last_day,
       ARRAY(SELECT c.public_id FROM akashi.certification c WHERE c.body_id = p.body_id AND c.id = ANY (p.certification_ids)
             ORDER BY c.public_id) AS certifications,
       (SELECT json_agg(json_build_object('person', m.person_id, 'function', m.function)
                        ORDER BY m.recorded_at, m.person_id)
        FROM akashi.plan_member m WHERE m.body_id = p.body_id AND m.plan_id = p.id) AS team,
       (SELECT json_agg(json_build_object('person', o.person_id, 'grounds', o.grounds, 'received_on', o.received_on,
                                          'upheld', a.upheld, 'answer', a.answer, 'answered_on', a.answered_on)
                        ORDER BY o.recorded_at, o.person_id)
        FROM akashi.plan_objection o LEFT JOIN akashi.objection_answer a USING (body_id, plan_id, person_id)
        WHERE o.body_id = p.body_id AND o.plan_id = p.id) AS objections
FROM akashi.audit_plan p
"""
_REVIEW = """
SELECT r.body_id, r.id, r.recorded_at, c.public_id AS certification, r.audit_ids AS audits, r.reviewer_id AS reviewer,
       r.sufficient, r.note, r.reviewed_on
FROM akashi.review r JOIN akashi.certification c ON c.body_id = r.body_id AND c.id = r.certification_id
"""
_THREAT = """
SELECT t.body_id, t.id, t.recorded_at, t.source, t.description, t.organisation_id AS organisation,
       t.person_id AS person, t.identified_on,
       (SELECT json_agg(json_build_object('outcome', m.outcome, 'measure', m.measure, 'person', m.person_id,
                                          'done_on', m.done_on) ORDER BY m.recorded_at)
        FROM akashi.threat_mitigation m WHERE m.body_id = t.body_id AND m.threat_id = t.id) AS mitigations
FROM akashi.impartiality_threat t
"""
_ENTITY = """
SELECT e.body_id, e.id, e.recorded_at, e.name, e.country, e.under_control, e.agreement_signed_on, e.risk_assessed_on,
       e.risk_assessment, e.valid_from, e.valid_to,
       (SELECT json_agg(json_build_object('person', m.person_id, 'valid_from', m.valid_from, 'valid_to', m.valid_to)
                        ORDER BY m.recorded_at, m.person_id)
        FROM akashi.person_entity m WHERE m.body_id = e.body_id AND m.entity_id = e.id) AS people
FROM akashi.operating_entity e
"""
_RELATION = """
SELECT r.body_id, r.id, r.recorded_at, r.organisation_id AS organisation, r.relation, r.detail, r.began_on,
       coalesce(r.ended_on, e.ended_on) AS ended_on
FROM akashi.client_relation r LEFT JOIN akashi.client_relation_end e ON e.body_id = r.body_id AND e.relation_id = r.id
"""
RECORDS = {
    "audit_programme": _PROGRAMME,
    "audit_time": _AUDIT_TIME,
    "audit_plan": _AUDIT_PLAN,
    "review": _REVIEW,
    "impartiality_threat": _THREAT,
    "operating_entity": _ENTITY,
    "client_relation": _RELATION,
}
"""Each kind of record with its parts."""
