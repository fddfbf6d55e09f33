-- Around the decisions: notices of change, complaints, appeals (17021-1 8.5.3, 9.7, 9.8), and what is due by when (9.1.3).

ALTER TABLE akashi.scheme ADD COLUMN surveillance_each_year boolean NOT NULL DEFAULT true,
    ADD COLUMN appeal_excludes_reviewers boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN akashi.scheme.surveillance_each_year IS
    'Whether each calendar year has a surveillance, but for years of recertification; where surveillance_months is null there is none at all.';
COMMENT ON COLUMN akashi.scheme.appeal_excludes_reviewers IS 'Whether who reviewed the application stays away from appeals too (invariant 3, scheme parameter).';

INSERT INTO akashi.requirement (act, rule, origin) VALUES
    ('overturn_suspension', 'appeal_upheld', 'ISO/IEC 17021-1 9.7'),
    ('overturn_withdrawal', 'appeal_upheld', 'ISO/IEC 17021-1 9.7');

CREATE TABLE akashi.reply_term (
    matter text PRIMARY KEY CHECK (matter IN ('change_notice', 'complaint', 'misuse', 'appeal')),
    acknowledge_days integer CHECK (acknowledge_days BETWEEN 1 AND 365),
    decide_days integer NOT NULL CHECK (decide_days BETWEEN 1 AND 730),
    origin text NOT NULL
);
COMMENT ON TABLE akashi.reply_term IS 'Within how many days of its receipt a case is acknowledged and decided; the clauses demand it and name no number.';
INSERT INTO akashi.reply_term (matter, acknowledge_days, decide_days, origin) VALUES
    ('change_notice', NULL, 30, 'registry rule; ISO/IEC 17021-1 8.5.3 names no number'),
    ('complaint', 10, 90, 'registry rule; ISO/IEC 17021-1 9.8 names no number'),
    ('misuse',    10, 60, 'registry rule; ISO/IEC 17021-1 8.3 names no number'),
    ('appeal',    10, 90, 'registry rule; ISO/IEC 17021-1 9.7 names no number');
CALL akashi.make_insert_only('akashi.reply_term');
GRANT SELECT ON akashi.reply_term TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;

CREATE TABLE akashi.change_notice (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    certification_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('legal_status', 'ownership', 'name', 'management', 'address', 'site_opened', 'site_closed',
                                       'scope', 'system', 'merger')),
    detail text NOT NULL CHECK (length(detail) BETWEEN 1 AND 4000),
    received_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, certification_id) REFERENCES akashi.certification
);
CREATE INDEX change_notice_pages ON akashi.change_notice (body_id, recorded_at);
CREATE INDEX change_notice_certification ON akashi.change_notice (body_id, certification_id);
COMMENT ON TABLE akashi.change_notice IS 'What the holder tells of a change that may touch its certification (17021-1 8.5.3).';

CREATE TABLE akashi.change_disposition (
    body_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    person_id uuid NOT NULL,
    disposition text NOT NULL CHECK (disposition IN ('no_action', 'special_audit', 'scope_change', 'suspend', 'amend', 'end')),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 4000),
    assessment text CHECK (length(assessment) BETWEEN 1 AND 8192),
    disposed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, notice_id),
    FOREIGN KEY (body_id, notice_id) REFERENCES akashi.change_notice,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.change_disposition IS
    'What a competent person finds to follow from a notice; it decides nothing. `assessment`: whether the legal successor still conforms.';

CREATE TABLE akashi.organisation_identifier_end (
    body_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    scheme text NOT NULL,
    value text NOT NULL,
    last_day date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, organisation_id, scheme, value),
    FOREIGN KEY (body_id, organisation_id, scheme, value) REFERENCES akashi.organisation_identifier
);
COMMENT ON TABLE akashi.organisation_identifier_end IS 'The last day of a registration, as after a merger into a legal successor; the registration itself stays on record.';

CREATE TABLE akashi.complaint (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    reference text NOT NULL CHECK (reference ~ '^[0-9A-HJKMNP-TV-Z]{12}$'),
    kind text NOT NULL CHECK (kind IN ('complaint', 'misuse')),
    certification_id uuid,
    origin text NOT NULL CHECK (origin IN ('holder', 'third_party', 'accreditation_body', 'authority')),
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 4000),
    received_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, reference),
    FOREIGN KEY (body_id, certification_id) REFERENCES akashi.certification
);
CREATE INDEX complaint_pages ON akashi.complaint (body_id, recorded_at);
CREATE INDEX complaint_certification ON akashi.complaint (body_id, certification_id);
COMMENT ON TABLE akashi.complaint IS
    'A complaint about the body or about a holder, or a report of misuse of certificate or mark (17021-1 8.3, 9.8); without a certification it is about the body.';

CREATE TABLE akashi.complaint_contact (
    body_id uuid NOT NULL,
    complaint_id uuid NOT NULL,
    contact text NOT NULL CHECK (length(contact) BETWEEN 1 AND 1000),
    PRIMARY KEY (body_id, complaint_id),
    FOREIGN KEY (body_id, complaint_id) REFERENCES akashi.complaint
);
COMMENT ON TABLE akashi.complaint_contact IS 'Who complained, and how they are reached: kept apart so that it can be erased.';

CREATE TABLE akashi.complaint_involved (
    body_id uuid NOT NULL,
    complaint_id uuid NOT NULL,
    person_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, complaint_id, person_id),
    FOREIGN KEY (body_id, complaint_id) REFERENCES akashi.complaint,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.complaint_involved IS 'People of the body whom a complaint is about.';

CREATE TABLE akashi.complaint_step (
    body_id uuid NOT NULL,
    complaint_id uuid NOT NULL,
    step text NOT NULL CHECK (step IN ('acknowledged', 'investigated')),
    person_id uuid NOT NULL,
    done_on date NOT NULL,
    account text NOT NULL CHECK (length(account) BETWEEN 1 AND 8192),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, complaint_id, step),
    FOREIGN KEY (body_id, complaint_id) REFERENCES akashi.complaint,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);

CREATE TABLE akashi.complaint_decision (
    body_id uuid NOT NULL,
    complaint_id uuid NOT NULL,
    person_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('justified', 'partly_justified', 'not_justified')),
    reasons text NOT NULL CHECK (length(reasons) BETWEEN 1 AND 8192),
    decided_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, complaint_id),
    FOREIGN KEY (body_id, complaint_id) REFERENCES akashi.complaint,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);

CREATE TABLE akashi.complaint_publicity (
    body_id uuid NOT NULL,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    complaint_id uuid NOT NULL,
    side text NOT NULL CHECK (side IN ('body', 'holder', 'complainant')),
    extent text NOT NULL CHECK (extent IN ('nothing', 'subject', 'resolution')),
    agreed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, sequence),
    FOREIGN KEY (body_id, complaint_id) REFERENCES akashi.complaint
);
CREATE INDEX complaint_publicity_latest ON akashi.complaint_publicity (body_id, complaint_id, side, sequence DESC);
COMMENT ON TABLE akashi.complaint_publicity IS 'How much each side agrees to make public; the latest word of a side holds, and the least of the three counts (17021-1 9.8).';

CREATE TABLE akashi.appeal (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    certification_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    grounds text NOT NULL CHECK (length(grounds) BETWEEN 1 AND 8192),
    lodged_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    CONSTRAINT appealed_once UNIQUE (body_id, decision_id),
    FOREIGN KEY (body_id, certification_id, decision_id) REFERENCES akashi.decision (body_id, certification_id, id)
);
CREATE INDEX appeal_pages ON akashi.appeal (body_id, recorded_at);
COMMENT ON CONSTRAINT appealed_once ON akashi.appeal IS '17021-1 9.7: one appeal against a decision.';
CREATE INDEX appeal_certification ON akashi.appeal (body_id, certification_id);
COMMENT ON TABLE akashi.appeal IS 'The holder or applicant appeals against one decision, a refusal too (17021-1 9.7); once.';

CREATE TABLE akashi.appeal_acknowledgement (
    body_id uuid NOT NULL,
    appeal_id uuid NOT NULL,
    person_id uuid NOT NULL,
    done_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, appeal_id),
    FOREIGN KEY (body_id, appeal_id) REFERENCES akashi.appeal,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);

CREATE TABLE akashi.appeal_panel (
    body_id uuid NOT NULL,
    appeal_id uuid NOT NULL,
    person_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, appeal_id, person_id),
    FOREIGN KEY (body_id, appeal_id) REFERENCES akashi.appeal,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.appeal_panel IS 'Who handles an appeal: nobody who audited, nobody who decided (17021-1 9.7, invariant 3).';

CREATE TABLE akashi.appeal_outcome (
    body_id uuid NOT NULL,
    appeal_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('upheld', 'dismissed')),
    reasons text NOT NULL CHECK (length(reasons) BETWEEN 1 AND 8192),
    decided_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, appeal_id),
    FOREIGN KEY (body_id, appeal_id) REFERENCES akashi.appeal
);
COMMENT ON TABLE akashi.appeal_outcome IS
    'What the panel found. An upheld appeal changes nothing by itself: the panel''s members then decide what annuls the event (invariant 21).';

CREATE TABLE akashi.appeal_publicity (
    body_id uuid NOT NULL,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    appeal_id uuid NOT NULL,
    agreed boolean NOT NULL,
    agreed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, sequence),
    FOREIGN KEY (body_id, appeal_id) REFERENCES akashi.appeal
);
CREATE INDEX appeal_publicity_latest ON akashi.appeal_publicity (body_id, appeal_id, sequence DESC);
COMMENT ON TABLE akashi.appeal_publicity IS 'Whether the appellant agrees that the appeal be known; the latest word holds.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['change_notice', 'change_disposition', 'organisation_identifier_end', 'complaint', 'complaint_involved', 'complaint_step', 'complaint_decision',
                                'complaint_publicity', 'appeal', 'appeal_acknowledgement', 'appeal_panel', 'appeal_outcome', 'appeal_publicity'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
CALL akashi.make_tenant_only('akashi.complaint_contact');
GRANT DELETE ON akashi.complaint_contact TO akashi_service;

CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.change_notice FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('received_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.change_disposition FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('disposed_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.complaint FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('received_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.complaint_step FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('done_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.complaint_decision FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('decided_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.complaint_publicity FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('agreed_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.appeal FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('lodged_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.appeal_acknowledgement FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('done_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.appeal_outcome FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('decided_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.appeal_publicity FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('agreed_on');

-- What is written about a certification's cases is written alone, as its decisions are.
CREATE FUNCTION akashi.lock_certification(body uuid, certification uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_subject(c.subject) FROM akashi.certification c WHERE c.body_id = body AND c.id = certification;
END $$;

-- The audits of a certification, and who was in their teams.
CREATE VIEW akashi.audit_of_certification WITH (security_invoker = true) AS
SELECT a.body_id, l.certification_id, a.id AS audit_id, a.kind, a.first_day, a.last_day
FROM akashi.audit a JOIN akashi.audit_certification l ON l.body_id = a.body_id AND l.audit_id = a.id;
CREATE VIEW akashi.auditor_of_certification WITH (security_invoker = true) AS
SELECT a.*, m.person_id FROM akashi.audit_of_certification a JOIN akashi.audit_member m ON m.body_id = a.body_id AND m.audit_id = a.audit_id;
GRANT SELECT ON akashi.audit_of_certification, akashi.auditor_of_certification TO akashi_service;

-- Notices of change.

CREATE FUNCTION akashi.change_is_disposed_of_by_the_competent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE n akashi.change_notice; scheme text;
BEGIN
    SELECT * INTO n FROM akashi.change_notice x WHERE x.body_id = NEW.body_id AND x.id = NEW.notice_id;
    PERFORM akashi.lock_certification(n.body_id, n.certification_id);
    SELECT c.scheme_code INTO scheme FROM akashi.certification c WHERE c.body_id = n.body_id AND c.id = n.certification_id;
    IF NOT (akashi.person_has_function(NEW.body_id, NEW.person_id, 'reviewer', scheme, NEW.disposed_on)
            OR akashi.person_has_function(NEW.body_id, NEW.person_id, 'decider', scheme, NEW.disposed_on)) THEN
        PERFORM akashi.refuse('change_judged_without_competence', '17021-1 7.1, 8.5.3: what a change means is judged by a competent person');
    END IF;
    PERFORM akashi.demand_no_interest(c.body_id, NEW.person_id, c.organisation_id, NEW.disposed_on)
        FROM akashi.certification c WHERE c.body_id = n.body_id AND c.id = n.certification_id;
    IF NEW.disposed_on < n.received_on THEN
        PERFORM akashi.refuse('case_out_of_order', '17021-1 8.5.3: a change is judged after it was told');
    END IF;
    IF n.kind = 'merger' AND NEW.disposition = 'amend' AND NEW.assessment IS NULL THEN
        PERFORM akashi.refuse('successor_not_assessed', '17021-1 8.5.3: a legal successor is assessed before the certificate names it');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.change_is_disposed_of_by_the_competent IS '17021-1 7.1, 8.5.3.';
CREATE TRIGGER change_is_disposed_of_by_the_competent BEFORE INSERT ON akashi.change_disposition
    FOR EACH ROW EXECUTE FUNCTION akashi.change_is_disposed_of_by_the_competent();

-- A name changes under the same registration; another number of a register is another legal entity.
CREATE FUNCTION akashi.another_legal_entity(earlier jsonb, later jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (SELECT FROM jsonb_array_elements(coalesce(later->'identifiers', '[]')) n
                   JOIN jsonb_array_elements(coalesce(earlier->'identifiers', '[]')) o ON o->>'scheme' = n->>'scheme'
                   WHERE n->>'scheme' <> 'other' AND NOT coalesce(earlier->'identifiers', '[]') @> jsonb_build_array(n))
$$;

CREATE FUNCTION akashi.check_succession(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v akashi.certificate_version := akashi.latest_version(d.body_id, d.certification_id); earlier jsonb; later jsonb;
BEGIN
    SELECT f.facts->'holder' INTO later FROM akashi.draft f WHERE f.body_id = d.body_id AND f.id = d.id;
    SELECT f.facts->'holder' INTO earlier FROM akashi.draft f WHERE f.body_id = d.body_id AND f.id = v.decision_id;
    IF earlier IS NULL OR later IS NULL OR earlier = later THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM akashi.change_notice n
               LEFT JOIN akashi.change_disposition p ON p.body_id = n.body_id AND p.notice_id = n.id AND p.disposed_on <= d.decided_on
               WHERE n.body_id = d.body_id AND n.certification_id = d.certification_id AND n.kind = 'merger'
                 AND n.received_on <= d.decided_on AND coalesce(p.disposition, 'end') = 'end')
       OR (akashi.another_legal_entity(earlier, later) AND NOT EXISTS (
            SELECT FROM akashi.change_notice n JOIN akashi.change_disposition p ON p.body_id = n.body_id AND p.notice_id = n.id
            WHERE n.body_id = d.body_id AND n.certification_id = d.certification_id AND p.disposition = 'amend' AND p.assessment IS NOT NULL
              AND p.disposed_on <= d.decided_on AND p.recorded_at > v.recorded_at)) THEN
        PERFORM akashi.refuse('successor_not_assessed', '17021-1 8.5.3: a legal successor is assessed before the certificate names it, else the certification ends');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_succession IS
    '17021-1 8.5.3: a name alone needs an amendment; a merger needs the body''s assessment, made since the version that is superseded.';

-- Complaints.

-- Whoever a complaint is about, audited or decided in its certification, has been involved in its subject.
CREATE FUNCTION akashi.involved_in(c akashi.complaint, person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.complaint_involved i WHERE i.body_id = c.body_id AND i.complaint_id = c.id AND i.person_id = person)
        OR EXISTS (SELECT FROM akashi.auditor_of_certification a
                   WHERE a.body_id = c.body_id AND a.certification_id = c.certification_id AND a.person_id = person)
        OR EXISTS (SELECT FROM akashi.decision d JOIN akashi.draft_person p ON p.body_id = d.body_id AND p.draft_id = d.id
                   WHERE d.body_id = c.body_id AND d.certification_id = c.certification_id AND p.person_id = person)
$$;

CREATE FUNCTION akashi.lock_complaint(body uuid, id uuid) RETURNS akashi.complaint LANGUAGE plpgsql AS $$
DECLARE c akashi.complaint;
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(body::text || id::text, 15));
    SELECT * INTO c FROM akashi.complaint x WHERE x.body_id = body AND x.id = lock_complaint.id;
    PERFORM akashi.lock_certification(c.body_id, c.certification_id);
    RETURN c;
END $$;

CREATE FUNCTION akashi.complaint_step_is_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.complaint := akashi.lock_complaint(NEW.body_id, NEW.complaint_id);
BEGIN
    IF NEW.done_on < c.received_on THEN
        PERFORM akashi.refuse('case_out_of_order', '17021-1 9.8: a complaint is received, acknowledged, investigated, decided');
    END IF;
    IF NEW.step = 'investigated' AND akashi.involved_in(c, NEW.person_id) THEN
        PERFORM akashi.refuse('involved_in_complaint', '17021-1 9.8: a complaint is handled by people who are not involved in its subject');
    END IF;
    IF NEW.step = 'investigated' THEN
        PERFORM akashi.demand_no_interest(x.body_id, NEW.person_id, x.organisation_id, NEW.done_on)
            FROM akashi.certification x WHERE x.body_id = c.body_id AND x.id = c.certification_id;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.complaint_step_is_in_order IS '17021-1 9.8.';
CREATE TRIGGER complaint_step_is_in_order BEFORE INSERT ON akashi.complaint_step
    FOR EACH ROW EXECUTE FUNCTION akashi.complaint_step_is_in_order();

CREATE FUNCTION akashi.complaint_is_decided_by_the_uninvolved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.complaint := akashi.lock_complaint(NEW.body_id, NEW.complaint_id);
BEGIN
    IF (SELECT count(*) FROM akashi.complaint_step s WHERE s.body_id = c.body_id AND s.complaint_id = c.id AND s.done_on <= NEW.decided_on) < 2 THEN
        PERFORM akashi.refuse('case_out_of_order', '17021-1 9.8: a complaint is received, acknowledged, investigated, decided');
    END IF;
    IF akashi.involved_in(c, NEW.person_id) THEN
        PERFORM akashi.refuse('involved_in_complaint', '17021-1 9.8: a complaint is decided by people who are not involved in its subject');
    END IF;
    PERFORM akashi.demand_no_interest(x.body_id, NEW.person_id, x.organisation_id, NEW.decided_on)
        FROM akashi.certification x WHERE x.body_id = c.body_id AND x.id = c.certification_id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.complaint_is_decided_by_the_uninvolved IS '17021-1 9.8.';
CREATE TRIGGER complaint_is_decided_by_the_uninvolved BEFORE INSERT ON akashi.complaint_decision
    FOR EACH ROW EXECUTE FUNCTION akashi.complaint_is_decided_by_the_uninvolved();

CREATE FUNCTION akashi.who_is_involved_handled_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.complaint := akashi.lock_complaint(NEW.body_id, NEW.complaint_id);
BEGIN
    IF EXISTS (SELECT FROM akashi.complaint_decision x WHERE x.body_id = c.body_id AND x.complaint_id = c.id AND x.person_id = NEW.person_id)
       OR EXISTS (SELECT FROM akashi.complaint_step x WHERE x.body_id = c.body_id AND x.complaint_id = c.id AND x.person_id = NEW.person_id
                  AND x.step = 'investigated') THEN
        PERFORM akashi.refuse('involved_in_complaint', '17021-1 9.8: who handled a complaint is not one whom it is about');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.who_is_involved_handled_nothing IS '17021-1 9.8, from the other side.';
CREATE TRIGGER who_is_involved_handled_nothing BEFORE INSERT ON akashi.complaint_involved
    FOR EACH ROW EXECUTE FUNCTION akashi.who_is_involved_handled_nothing();

-- Appeals.

CREATE FUNCTION akashi.appeal_is_open(body uuid, appeal uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM akashi.appeal_outcome o WHERE o.body_id = body AND o.appeal_id = appeal)
$$;

CREATE FUNCTION akashi.appeal_follows_its_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.decision d WHERE d.body_id = NEW.body_id AND d.id = NEW.decision_id AND d.decided_on > NEW.lodged_on) THEN
        PERFORM akashi.refuse('case_out_of_order', '17021-1 9.7: an appeal follows the decision that it is about');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.appeal_follows_its_decision IS '17021-1 9.7.';
CREATE TRIGGER appeal_follows_its_decision BEFORE INSERT ON akashi.appeal FOR EACH ROW EXECUTE FUNCTION akashi.appeal_follows_its_decision();

CREATE FUNCTION akashi.acknowledgement_follows_its_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.appeal a WHERE a.body_id = NEW.body_id AND a.id = NEW.appeal_id AND a.lodged_on > NEW.done_on) THEN
        PERFORM akashi.refuse('case_out_of_order', '17021-1 9.7: an appeal is lodged, acknowledged, handled, decided');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acknowledgement_follows_its_appeal BEFORE INSERT ON akashi.appeal_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION akashi.acknowledgement_follows_its_appeal();

-- Null, or how a person has been part of what an appeal is about: the certification's audits, the decision and those after it.
CREATE FUNCTION akashi.part_in_appealed(a akashi.appeal, person uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM akashi.auditor_of_certification u
                     WHERE u.body_id = a.body_id AND u.certification_id = a.certification_id AND u.person_id = person) THEN 'audited'
        WHEN EXISTS (SELECT FROM akashi.decision o JOIN akashi.decision d ON d.body_id = o.body_id AND d.certification_id = o.certification_id
                         AND d.recorded_at >= o.recorded_at AND NOT akashi.demands(d.act, 'appeal_upheld')
                     JOIN akashi.draft_person p ON p.body_id = d.body_id AND p.draft_id = d.id
                     WHERE o.body_id = a.body_id AND o.id = a.decision_id AND p.person_id = person) THEN 'decided'
        WHEN EXISTS (SELECT FROM akashi.certification c JOIN akashi.scheme s ON s.code = c.scheme_code AND s.appeal_excludes_reviewers
                     JOIN akashi.application_review r ON r.body_id = c.body_id AND r.application_id = c.application_id
                     WHERE c.body_id = a.body_id AND c.id = a.certification_id AND r.reviewer_id = person) THEN 'reviewed'
    END
$$;

CREATE FUNCTION akashi.panel_had_no_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.appeal; scheme text;
BEGIN
    SELECT * INTO a FROM akashi.appeal x WHERE x.body_id = NEW.body_id AND x.id = NEW.appeal_id;
    PERFORM akashi.lock_certification(a.body_id, a.certification_id);
    IF NOT akashi.appeal_is_open(NEW.body_id, NEW.appeal_id) THEN
        PERFORM akashi.refuse('appeal_decided', '17021-1 9.7: who decided an appeal is not chosen afterwards');
    END IF;
    SELECT c.scheme_code INTO scheme FROM akashi.certification c WHERE c.body_id = a.body_id AND c.id = a.certification_id;
    IF NOT akashi.person_has_function(NEW.body_id, NEW.person_id, 'appeal_handler', scheme, akashi.body_today(NEW.body_id)) THEN
        PERFORM akashi.refuse('appeal_handler_not_competent', '17021-1 7.1, 7.2: competence for appeals is demonstrated before acting');
    END IF;
    IF akashi.part_in_appealed(a, NEW.person_id) IS NOT NULL THEN
        PERFORM akashi.refuse('appeal_handler_involved', '17021-1 9.7: appeals are handled by people who neither audited nor decided (invariant 3)');
    END IF;
    PERFORM akashi.demand_no_interest(c.body_id, NEW.person_id, c.organisation_id, akashi.body_today(NEW.body_id))
        FROM akashi.certification c WHERE c.body_id = a.body_id AND c.id = a.certification_id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.panel_had_no_part IS '17021-1 9.7; invariant 3. Audits of the certification and decisions from the appealed one on are its subject.';
CREATE TRIGGER panel_had_no_part BEFORE INSERT ON akashi.appeal_panel FOR EACH ROW EXECUTE FUNCTION akashi.panel_had_no_part();

CREATE FUNCTION akashi.appeal_is_decided_by_its_panel() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.appeal; scheme text;
BEGIN
    SELECT * INTO a FROM akashi.appeal x WHERE x.body_id = NEW.body_id AND x.id = NEW.appeal_id;
    PERFORM akashi.lock_certification(a.body_id, a.certification_id);
    IF NOT EXISTS (SELECT FROM akashi.appeal_acknowledgement k WHERE k.body_id = a.body_id AND k.appeal_id = a.id AND k.done_on <= NEW.decided_on) THEN
        PERFORM akashi.refuse('case_out_of_order', '17021-1 9.7: an appeal is lodged, acknowledged, handled, decided');
    END IF;
    SELECT c.scheme_code INTO scheme FROM akashi.certification c WHERE c.body_id = a.body_id AND c.id = a.certification_id;
    IF NOT EXISTS (SELECT FROM akashi.appeal_panel m WHERE m.body_id = a.body_id AND m.appeal_id = a.id) THEN
        PERFORM akashi.refuse('appeal_without_panel', '17021-1 9.7: an appeal has handlers before it has an outcome');
    END IF;
    IF EXISTS (SELECT FROM akashi.appeal_panel m WHERE m.body_id = a.body_id AND m.appeal_id = a.id
               AND NOT akashi.person_has_function(m.body_id, m.person_id, 'appeal_handler', scheme, NEW.decided_on)) THEN
        PERFORM akashi.refuse('appeal_handler_not_competent', '17021-1 7.2: competence on the day of the outcome');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.appeal_is_decided_by_its_panel IS '17021-1 9.7.';
CREATE TRIGGER appeal_is_decided_by_its_panel BEFORE INSERT ON akashi.appeal_outcome
    FOR EACH ROW EXECUTE FUNCTION akashi.appeal_is_decided_by_its_panel();

-- The day up to which an appeal's subject reaches: its outcome or, if later, what then annulled the event; open, it has no end.
CREATE FUNCTION akashi.appeal_reaches_to(a akashi.appeal) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT greatest(coalesce(o.decided_on, 'infinity'), d.decided_on)
    FROM (SELECT) one
    LEFT JOIN akashi.appeal_outcome o ON o.body_id = a.body_id AND o.appeal_id = a.id
    LEFT JOIN akashi.standing_event e ON e.body_id = a.body_id AND e.certification_id = a.certification_id AND e.decision_id = a.decision_id
    LEFT JOIN akashi.decision d ON d.body_id = a.body_id AND d.certification_id = a.certification_id AND d.annuls_no = e.event_no
        AND akashi.demands(d.act, 'appeal_upheld')
    ORDER BY 1 DESC LIMIT 1
$$;

-- From the other side: whoever handles an appeal, or decided a complaint, joins no team that its subject reaches.
CREATE FUNCTION akashi.auditor_handles_no_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE u akashi.audit_of_certification;
BEGIN
    FOR u IN SELECT * FROM akashi.audit_of_certification x WHERE x.body_id = NEW.body_id AND x.audit_id = NEW.audit_id ORDER BY x.certification_id LOOP
        PERFORM akashi.lock_certification(u.body_id, u.certification_id);
        IF EXISTS (SELECT FROM akashi.appeal a JOIN akashi.appeal_panel m ON m.body_id = a.body_id AND m.appeal_id = a.id
                   WHERE a.body_id = u.body_id AND a.certification_id = u.certification_id AND m.person_id = NEW.person_id
                     AND u.first_day <= akashi.appeal_reaches_to(a)) THEN
            PERFORM akashi.refuse('appeal_handler_involved', '17021-1 9.7: appeals are handled by people who neither audited nor decided (invariant 3)');
        END IF;
        IF EXISTS (SELECT FROM akashi.complaint c JOIN akashi.complaint_decision x ON x.body_id = c.body_id AND x.complaint_id = c.id
                   WHERE c.body_id = u.body_id AND c.certification_id = u.certification_id AND x.person_id = NEW.person_id
                     AND u.first_day <= x.decided_on) THEN
            PERFORM akashi.refuse('involved_in_complaint', '17021-1 9.8: a complaint is decided by people who are not involved in its subject');
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.auditor_handles_no_case IS '17021-1 9.7, 9.8; invariant 3 from the other side.';
CREATE TRIGGER unrelated_to_any_case BEFORE INSERT ON akashi.audit_member FOR EACH ROW EXECUTE FUNCTION akashi.auditor_handles_no_case();

CREATE FUNCTION akashi.check_appeal(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a akashi.appeal;
BEGIN
    IF NOT akashi.demands(d.act, 'appeal_upheld') THEN
        RETURN;
    END IF;
    SELECT x.* INTO a FROM akashi.appeal x
        JOIN akashi.standing_event e ON e.body_id = x.body_id AND e.certification_id = x.certification_id AND e.decision_id = x.decision_id
        JOIN akashi.appeal_outcome o ON o.body_id = x.body_id AND o.appeal_id = x.id AND o.outcome = 'upheld' AND o.decided_on <= d.decided_on
        WHERE x.body_id = d.body_id AND x.certification_id = d.certification_id AND e.event_no = d.annuls_no;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('appeal_not_upheld', '17021-1 9.7: only an upheld appeal about this very event overturns it (invariant 21)');
    END IF;
    IF ARRAY(SELECT p.person_id FROM akashi.draft_person p WHERE p.body_id = d.body_id AND p.draft_id = d.id ORDER BY 1)
       IS DISTINCT FROM ARRAY(SELECT m.person_id FROM akashi.appeal_panel m WHERE m.body_id = a.body_id AND m.appeal_id = a.id ORDER BY 1) THEN
        PERFORM akashi.refuse('decided_outside_the_panel', '17021-1 9.7: what overturns an event is decided by those who handled the appeal');
    END IF;
    IF EXISTS (SELECT FROM akashi.appeal_panel m WHERE m.body_id = a.body_id AND m.appeal_id = a.id AND akashi.part_in_appealed(a, m.person_id) IS NOT NULL) THEN
        PERFORM akashi.refuse('appeal_handler_involved', '17021-1 9.7: appeals are handled by people who neither audited nor decided (invariant 3)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_appeal IS '17021-1 9.7; invariants 3 and 21.';

CREATE FUNCTION akashi.check_apart(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT akashi.demands(d.act, 'appeal_upheld') AND EXISTS (
        SELECT FROM akashi.draft_person p
        JOIN akashi.appeal_panel m ON m.body_id = p.body_id AND m.person_id = p.person_id
        JOIN akashi.appeal a ON a.body_id = m.body_id AND a.id = m.appeal_id
        WHERE p.body_id = d.body_id AND p.draft_id = d.id AND a.certification_id = d.certification_id AND akashi.appeal_is_open(a.body_id, a.id)) THEN
        PERFORM akashi.refuse('appeal_handler_involved', '17021-1 9.7: whoever handles an appeal decides nothing else about the certification meanwhile');
    END IF;
    IF EXISTS (SELECT FROM akashi.draft_person p
               JOIN akashi.complaint_decision x ON x.body_id = p.body_id AND x.person_id = p.person_id
               JOIN akashi.complaint c ON c.body_id = x.body_id AND c.id = x.complaint_id
               WHERE p.body_id = d.body_id AND p.draft_id = d.id AND c.certification_id = d.certification_id AND d.decided_on <= x.decided_on) THEN
        PERFORM akashi.refuse('involved_in_complaint', '17021-1 9.8: a complaint is decided by people who are not involved in its subject');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_apart IS '17021-1 9.7, 9.8; invariant 3 from the side of the decision.';
CREATE INDEX appeal_panel_person ON akashi.appeal_panel (body_id, person_id);
CREATE INDEX complaint_decision_person ON akashi.complaint_decision (body_id, person_id);

CREATE FUNCTION akashi.decision_regards_what_is_around() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.lock_certification(NEW.body_id, NEW.certification_id);
    PERFORM akashi.check_succession(NEW);
    PERFORM akashi.check_appeal(NEW);
    PERFORM akashi.check_apart(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER decision_regards_what_is_around BEFORE INSERT ON akashi.decision
    FOR EACH ROW EXECUTE FUNCTION akashi.decision_regards_what_is_around();

-- What is due by when: read by the body, and of its certifications by their accreditation body. Nothing here accuses anybody.

-- The same as app/conformity/surveillance.py, which explains it; a test compares both.
CREATE FUNCTION akashi.surveillance_due(first_within integer, each_year boolean, initial boolean, decided_on date, last_valid_day date,
                                        renewed date[], last_reported date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN first_within IS NOT NULL THEN least(
        CASE WHEN initial AND coalesce(last_reported < decided_on, true) THEN (decided_on + make_interval(months => first_within))::date END,
        CASE WHEN each_year THEN (
            SELECT make_date(y, 12, 31)
            FROM generate_series(greatest(extract(year FROM decided_on), extract(year FROM last_reported))::integer + 1,
                                 extract(year FROM last_valid_day)::integer - 1) y
            WHERE NOT EXISTS (SELECT FROM unnest(renewed) r WHERE extract(year FROM r) = y) ORDER BY y LIMIT 1) END) END
$$;
COMMENT ON FUNCTION akashi.surveillance_due IS '17021-1 9.1.3: the last day on which the next surveillance is in time; the numbers are the scheme''s.';

CREATE FUNCTION akashi.last_surveillance(body uuid, certification uuid) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT max(a.last_day) FROM akashi.audit_of_certification a
    WHERE a.body_id = body AND a.certification_id = certification AND a.kind = 'surveillance'
$$;

-- Certifications that are held: in force or suspended, and not expired.
CREATE VIEW akashi.held_certification WITH (security_invoker = true) AS
SELECT c.body_id, c.id, c.public_id, c.scheme_code, e.event_no, e.to_state AS state, l.decision_id, l.last_valid_day,
       first.decided_on, first.period = 'initial' AS initial
FROM akashi.certification c
JOIN LATERAL (SELECT v.decision_id, d.last_valid_day FROM akashi.certificate_version v
              JOIN akashi.decision d ON d.body_id = v.body_id AND d.id = v.decision_id
              WHERE v.body_id = c.body_id AND v.certification_id = c.id ORDER BY v.version_no DESC LIMIT 1) l ON true
JOIN LATERAL (SELECT d.decided_on, t.period FROM akashi.certificate_version v
              JOIN akashi.decision d ON d.body_id = v.body_id AND d.id = v.decision_id JOIN akashi.decision_type t ON t.act = d.act
              WHERE v.body_id = c.body_id AND v.certification_id = c.id AND v.version_no = 1) first ON true
JOIN LATERAL (SELECT x.event_no, x.to_state FROM akashi.standing_event x
              WHERE x.body_id = c.body_id AND x.certification_id = c.id AND x.effective_at <= akashi.now() ORDER BY x.event_no DESC LIMIT 1) e ON true
WHERE e.to_state IN ('active', 'suspended') AND l.last_valid_day >= akashi.body_today(c.body_id);
GRANT SELECT ON akashi.held_certification TO akashi_service;

-- What is drafted about a certification is found by what its document says.
CREATE FUNCTION akashi.drafted_about(document bytea) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT pg_catalog.convert_from(document, 'UTF8')::pg_catalog.jsonb->>'certification' $$;
GRANT EXECUTE ON FUNCTION akashi.drafted_about(bytea) TO akashi_service;
CREATE INDEX draft_certification ON akashi.draft (body_id, akashi.drafted_about(document)) WHERE kind = 'decision';

CREATE FUNCTION akashi.due_of_cycles(body uuid, one uuid) RETURNS TABLE (what text, due_on date, certification_id uuid, item_id uuid) LANGUAGE sql STABLE AS $$
    SELECT x.what, x.due_on, h.id, h.id
    FROM akashi.held_certification h
    JOIN akashi.scheme s ON s.code = h.scheme_code
    JOIN LATERAL (VALUES
        ('recertification', CASE WHEN s.surveillance_months IS NOT NULL THEN h.last_valid_day END),
        ('surveillance', akashi.surveillance_due(s.surveillance_months, s.surveillance_each_year, h.initial, h.decided_on, h.last_valid_day,
            ARRAY(SELECT d.decided_on FROM akashi.certificate_version v JOIN akashi.decision d ON d.body_id = v.body_id AND d.id = v.decision_id
                  JOIN akashi.decision_type t ON t.act = d.act AND t.period IN ('renewed', 'restored')
                  WHERE v.body_id = h.body_id AND v.certification_id = h.id),
            akashi.last_surveillance(h.body_id, h.id)))) x (what, due_on) ON x.due_on IS NOT NULL
    WHERE h.body_id = body AND (one IS NULL OR h.id = one)
$$;
COMMENT ON FUNCTION akashi.due_of_cycles IS '17021-1 9.1.3, 9.6.3: surveillance and recertification by their last days in time.';

-- A surveillance is due to be concluded, and where the conclusion is not positive, to be decided on: by a decision that rests
-- on it, or one that has changed the standing since.
CREATE FUNCTION akashi.due_of_conclusions(body uuid, one uuid) RETURNS TABLE (what text, due_on date, certification_id uuid, item_id uuid) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN s.audit_id IS NULL THEN 'surveillance_conclusion' ELSE 'surveillance_decision' END, a.last_day + m.amount, h.id, a.id
    FROM akashi.held_certification h
    JOIN akashi.audit_certification l ON l.body_id = h.body_id AND l.certification_id = h.id
    JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id AND a.kind = 'surveillance'
    JOIN akashi.assessment_limit m ON m.scheme_code = h.scheme_code AND m.name = 'conclusion_days'
    LEFT JOIN akashi.surveillance_conclusion s ON s.body_id = a.body_id AND s.audit_id = a.id
    WHERE h.body_id = body AND (one IS NULL OR h.id = one) AND s.positive IS NOT TRUE
      AND NOT EXISTS (SELECT FROM akashi.decision d WHERE d.body_id = h.body_id AND d.certification_id = h.id AND d.recorded_at > a.recorded_at
                      AND (EXISTS (SELECT FROM akashi.draft_audit r WHERE r.body_id = d.body_id AND r.draft_id = d.id AND r.audit_id = a.id)
                           OR EXISTS (SELECT FROM akashi.standing_event e WHERE e.body_id = d.body_id AND e.decision_id = d.id AND e.from_state <> e.to_state)))
$$;
COMMENT ON FUNCTION akashi.due_of_conclusions IS '17021-1 9.6.1: the team leader''s conclusion keeps a certification running, else an independent decision.';

-- A suspension is due to be ended or prolonged by its time limit; an urgent one to be ratified within five working days,
-- Monday to Friday in the body's zone (holidays are nobody's statement here).
CREATE FUNCTION akashi.due_of_suspensions(body uuid, one uuid) RETURNS TABLE (what text, due_on date, certification_id uuid, item_id uuid) LANGUAGE sql STABLE AS $$
    SELECT 'suspension', e.until, h.id, h.id
    FROM akashi.held_certification h
    JOIN LATERAL (SELECT x.until FROM akashi.standing_event x WHERE x.body_id = h.body_id AND x.certification_id = h.id AND x.until IS NOT NULL
                  ORDER BY x.event_no DESC LIMIT 1) e ON true
    WHERE h.body_id = body AND (one IS NULL OR h.id = one) AND h.state = 'suspended'
    UNION ALL
    SELECT 'ratification', akashi.working_days_after((e.effective_at AT TIME ZONE p.time_zone)::date, 5), h.id, e.decision_id
    FROM akashi.held_certification h
    JOIN akashi.party p ON p.id = h.body_id
    JOIN akashi.standing_event e ON e.body_id = h.body_id AND e.certification_id = h.id AND e.act = 'suspend_urgently'
    WHERE h.body_id = body AND (one IS NULL OR h.id = one) AND h.state = 'suspended'
      AND NOT EXISTS (SELECT FROM akashi.standing_event n WHERE n.body_id = e.body_id AND n.certification_id = e.certification_id
                      AND n.event_no > e.event_no AND n.from_state <> n.to_state)
      AND NOT EXISTS (SELECT FROM akashi.decision d WHERE d.body_id = e.body_id AND d.certification_id = e.certification_id AND d.ratifies_no = e.event_no)
$$;
COMMENT ON FUNCTION akashi.due_of_suspensions IS '17021-1 9.6.5; invariant 13: the end of a suspension is work for the body, and so is a ratification.';

CREATE FUNCTION akashi.due_of_appeals(body uuid, one uuid) RETURNS TABLE (what text, due_on date, certification_id uuid, item_id uuid) LANGUAGE sql STABLE AS $$
    SELECT x.what, x.due_on, a.certification_id, a.id
    FROM akashi.appeal a
    JOIN akashi.reply_term t ON t.matter = 'appeal'
    JOIN LATERAL (VALUES
        ('appeal_acknowledgement', CASE WHEN NOT EXISTS (SELECT FROM akashi.appeal_acknowledgement k WHERE k.body_id = a.body_id AND k.appeal_id = a.id)
                                        THEN a.lodged_on + t.acknowledge_days END),
        ('appeal_decision', a.lodged_on + t.decide_days)) x (what, due_on) ON x.due_on IS NOT NULL
    WHERE a.body_id = body AND (one IS NULL OR a.certification_id = one) AND akashi.appeal_is_open(a.body_id, a.id)
$$;

CREATE FUNCTION akashi.due_of_other_cases(body uuid, one uuid) RETURNS TABLE (what text, due_on date, certification_id uuid, item_id uuid) LANGUAGE sql STABLE AS $$
    SELECT 'change_notice', n.received_on + t.decide_days, n.certification_id, n.id
    FROM akashi.change_notice n JOIN akashi.reply_term t ON t.matter = 'change_notice'
    WHERE n.body_id = body AND (one IS NULL OR n.certification_id = one) AND NOT EXISTS (SELECT FROM akashi.change_disposition p WHERE p.body_id = n.body_id AND p.notice_id = n.id)
    UNION ALL
    SELECT x.what, x.due_on, c.certification_id, c.id
    FROM akashi.complaint c
    JOIN akashi.reply_term t ON t.matter = c.kind
    JOIN LATERAL (VALUES
        ('complaint_acknowledgement', CASE WHEN NOT EXISTS (SELECT FROM akashi.complaint_step k WHERE k.body_id = c.body_id AND k.complaint_id = c.id
                                                            AND k.step = 'acknowledged') THEN c.received_on + t.acknowledge_days END),
        ('complaint_decision', c.received_on + t.decide_days)) x (what, due_on) ON x.due_on IS NOT NULL
    WHERE c.body_id = body AND (one IS NULL OR c.certification_id = one) AND NOT EXISTS (SELECT FROM akashi.complaint_decision d WHERE d.body_id = c.body_id AND d.complaint_id = c.id)
$$;

CREATE FUNCTION akashi.due(body uuid, one uuid) RETURNS TABLE (what text, due_on date, certification_id uuid, item_id uuid) LANGUAGE sql STABLE AS $$
    SELECT * FROM akashi.due_of_cycles(body, one)
    UNION ALL SELECT * FROM akashi.due_of_conclusions(body, one)
    UNION ALL SELECT * FROM akashi.due_of_suspensions(body, one)
    UNION ALL SELECT * FROM akashi.due_of_appeals(body, one)
    UNION ALL SELECT * FROM akashi.due_of_other_cases(body, one)
$$;
COMMENT ON FUNCTION akashi.due IS 'What the body has to do by when, of all or of one certification (17021-1 8.5.3, 9.1.3, 9.6.5, 9.7, 9.8); the day itself is in time.';

-- What an accreditation body may see of the bodies that it accredits: of certificates that rest on its accreditation, and no case but appeals.
CREATE FUNCTION akashi.overseen_due() RETURNS TABLE (body_id uuid, what text, due_on date, certificate_id text, item_id uuid, today date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT b.accredited_id, w.what, w.due_on, c.public_id, w.item_id, akashi.body_today(b.accredited_id)
    FROM (SELECT DISTINCT a.accredited_id FROM akashi.accreditation a WHERE a.body_id = akashi.current_body()) b
    JOIN LATERAL (SELECT * FROM akashi.due_of_cycles(b.accredited_id, NULL) UNION ALL SELECT * FROM akashi.due_of_suspensions(b.accredited_id, NULL)
                  UNION ALL SELECT * FROM akashi.due_of_appeals(b.accredited_id, NULL)) w ON true
    JOIN akashi.certification c ON c.body_id = b.accredited_id AND c.id = w.certification_id
    WHERE EXISTS (SELECT FROM akashi.certificate_version v
                  JOIN akashi.draft_accreditation x ON x.body_id = v.body_id AND x.draft_id = v.decision_id
                  JOIN akashi.accreditation a ON a.id = x.accreditation_id AND a.body_id = akashi.current_body()
                  WHERE v.body_id = c.body_id AND v.certification_id = c.id)
$$;
COMMENT ON FUNCTION akashi.overseen_due IS 'ISO/IEC 17011 7.9: an accreditation body surveys what it accredited; it sees no other body''s work.';

GRANT EXECUTE ON FUNCTION akashi.surveillance_due(integer, boolean, boolean, date, date, date[], date), akashi.last_surveillance(uuid, uuid),
    akashi.due_of_cycles(uuid, uuid), akashi.due_of_conclusions(uuid, uuid), akashi.due_of_suspensions(uuid, uuid), akashi.due_of_appeals(uuid, uuid), akashi.due_of_other_cases(uuid, uuid), akashi.due(uuid, uuid),
    akashi.overseen_due(), akashi.working_days_after(date, integer)
    TO akashi_service;

-- A body of which an accreditation body stated that it ceased, while none of its accreditations is alive: it reads, and acts no more.
CREATE FUNCTION akashi.body_has_ceased(body uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH held AS (SELECT (akashi.accreditation_on(a.id, (akashi.now() AT TIME ZONE a.time_zone)::date)).status
                  FROM akashi.accreditation a WHERE a.accredited_id = body)
    SELECT EXISTS (SELECT FROM held WHERE status = 'ceased') AND NOT EXISTS (SELECT FROM held WHERE status IN ('active', 'suspended'))
$$;
COMMENT ON FUNCTION akashi.body_has_ceased IS 'IAF MD 2, accreditation cascade: its keys are frozen too (key_is_bound).';
GRANT EXECUTE ON FUNCTION akashi.body_has_ceased(uuid) TO akashi_service;

-- Every certification for which a person did something that stands in its records.
CREATE FUNCTION akashi.certifications_resting_on(body uuid, person uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT d.certification_id FROM akashi.draft_person p JOIN akashi.decision d ON d.body_id = p.body_id AND d.id = p.draft_id
    WHERE p.body_id = body AND p.person_id = person
    UNION
    SELECT l.certification_id FROM akashi.audit_certification l
    WHERE l.body_id = body AND l.audit_id IN (
        SELECT m.audit_id FROM akashi.audit_member m WHERE m.body_id = body AND m.person_id = person
        UNION ALL
        SELECT f.audit_id FROM akashi.finding_step t JOIN akashi.finding f ON f.body_id = t.body_id AND f.id = t.finding_id
        WHERE t.body_id = body AND t.person_id = person
        UNION ALL
        SELECT m.audit_id FROM akashi.conclusion_monitoring m WHERE m.body_id = body AND m.person_id = person)
    UNION
    SELECT c.id FROM akashi.application_review v JOIN akashi.certification c ON c.body_id = v.body_id AND c.application_id = v.application_id
    WHERE v.body_id = body AND v.reviewer_id = person
    UNION
    SELECT x.certification_id FROM (
        SELECT r.certification_id, r.body_id, r.reviewer_id FROM akashi.review r
        UNION ALL SELECT p.certification_id, p.body_id, p.person_id FROM akashi.audit_programme p
        UNION ALL SELECT t.certification_id, t.body_id, t.person_id FROM akashi.audit_time t
        UNION ALL SELECT n.certification_id, p.body_id, p.person_id FROM akashi.change_disposition p
            JOIN akashi.change_notice n ON n.body_id = p.body_id AND n.id = p.notice_id
        UNION ALL SELECT c.certification_id, d.body_id, d.person_id FROM akashi.complaint_decision d
            JOIN akashi.complaint c ON c.body_id = d.body_id AND c.id = d.complaint_id
        UNION ALL SELECT a.certification_id, m.body_id, m.person_id FROM akashi.appeal_panel m
            JOIN akashi.appeal a ON a.body_id = m.body_id AND a.id = m.appeal_id) x (certification_id, body_id, person_id)
    WHERE x.body_id = body AND x.person_id = person AND x.certification_id IS NOT NULL
$$;
COMMENT ON FUNCTION akashi.certifications_resting_on IS '17021-1 9.9; invariant 20: for as long as their records are kept, so is who did their work.';
GRANT EXECUTE ON FUNCTION akashi.certifications_resting_on(uuid, uuid) TO akashi_service;

-- Two plain facts that anyone may read, stated by the body and signed by nobody.
GRANT SELECT ON akashi.audit, akashi.audit_certification, akashi.appeal, akashi.appeal_outcome, akashi.appeal_publicity TO akashi_public;
CREATE VIEW public_record.told WITH (security_barrier = true) AS
SELECT c.body_id, c.id AS certification_id,
       (SELECT max(a.last_day) FROM akashi.audit_certification l JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id
        WHERE l.body_id = c.body_id AND l.certification_id = c.id AND a.kind = 'surveillance') AS last_surveillance_on,
       EXISTS (SELECT FROM akashi.appeal a
               WHERE a.body_id = c.body_id AND a.certification_id = c.id
                 AND NOT EXISTS (SELECT FROM akashi.appeal_outcome o WHERE o.body_id = a.body_id AND o.appeal_id = a.id)
                 AND (SELECT p.agreed FROM akashi.appeal_publicity p WHERE p.body_id = a.body_id AND p.appeal_id = a.id
                      ORDER BY p.sequence DESC LIMIT 1)) AS under_appeal
FROM public_record.certification c;
ALTER VIEW public_record.told OWNER TO akashi_public;
GRANT SELECT ON public_record.told TO akashi_reader;
COMMENT ON VIEW public_record.told IS
    'The last surveillance that the body reported, and an open appeal whose appellant agrees that it be known; never what is overdue (17021-1 9.1.3, 9.7).';

GRANT EXECUTE ON FUNCTION akashi.lock_certification(uuid, uuid), akashi.lock_complaint(uuid, uuid), akashi.another_legal_entity(jsonb, jsonb),
    akashi.involved_in(akashi.complaint, uuid), akashi.appeal_is_open(uuid, uuid), akashi.part_in_appealed(akashi.appeal, uuid),
    akashi.appeal_reaches_to(akashi.appeal), akashi.check_succession(akashi.decision), akashi.check_appeal(akashi.decision),
    akashi.check_apart(akashi.decision)
    TO akashi_service;

CALL akashi.pin_settings();
