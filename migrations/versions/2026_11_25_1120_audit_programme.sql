-- The cycle of audits: programme, time, plan, follow-up and surveillance (17021-1 9.1.2 to 9.6).

-- Scheme data.
CREATE TABLE akashi.assessment_limit (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    name text NOT NULL CHECK (name IN ('major_verification_months', 'largest_time_reduction_percent', 'conclusion_days')),
    amount integer NOT NULL CHECK (amount >= 0),
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, name)
);
COMMENT ON TABLE akashi.assessment_limit IS 'The limits of a scheme for what happens before a decision; a limit without a row does not bind.';

CREATE TABLE akashi.required_clause (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    clause text NOT NULL CHECK (clause IN ('mark_use', 'suspension', 'disclosure')),
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, clause)
);
COMMENT ON TABLE akashi.required_clause IS 'What an agreement under a scheme must settle before anything is granted (17021-1 5.1.2).';

CREATE TABLE akashi.cycle_audit (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    act text NOT NULL REFERENCES akashi.decision_type,
    kind text NOT NULL,
    year integer NOT NULL CHECK (year BETWEEN 0 AND 10),
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, act, kind, year)
);
COMMENT ON TABLE akashi.cycle_audit IS 'The audits of a whole cycle, by the act that begins it; a programme plans them all (17021-1 9.1.3).';

INSERT INTO akashi.assessment_limit VALUES
    ('aims', 'major_verification_months',      6,  'ISO/IEC 17021-1 9.5.3.2'),
    ('aims', 'largest_time_reduction_percent', 30, 'IAF MD 5'),
    ('aims', 'conclusion_days',                30, 'scheme parameter: ISO/IEC 17021-1 9.6.1 sets no number');
INSERT INTO akashi.required_clause VALUES
    ('aims', 'mark_use',   'ISO/IEC 17021-1 8.3, 5.1.2'),
    ('aims', 'suspension', 'ISO/IEC 17021-1 9.6.5, 5.1.2'),
    ('aims', 'disclosure', 'ISO/IEC 17021-1 8.4, 5.1.2');
INSERT INTO akashi.cycle_audit
SELECT 'aims', t.act, c.kind, c.year, 'ISO/IEC 17021-1 9.1.3.2' FROM akashi.decision_type t JOIN (VALUES
    ('grant', 'stage_1', 0), ('grant', 'stage_2', 0), ('grant', 'surveillance', 1), ('grant', 'surveillance', 2), ('grant', 'recertification', 3),
    ('renew', 'surveillance', 1), ('renew', 'surveillance', 2), ('renew', 'recertification', 3),
    ('restore_expired', 'surveillance', 1), ('restore_expired', 'surveillance', 2), ('restore_expired', 'recertification', 3),
    ('transfer_in', 'recertification', 3)) c (act, kind, year) USING (act);
INSERT INTO akashi.required_audit
SELECT 'aims', t.act, w.kinds, w.team, w.origin FROM akashi.decision_type t JOIN (VALUES
    ('grant',           ARRAY['stage_1'],                                                     'any',   'ISO/IEC 17021-1 9.3.1'),
    ('grant',           ARRAY['stage_2'],                                                     'scope', 'ISO/IEC 17021-1 9.3.1'),
    ('renew',           ARRAY['recertification'],                                             'scope', 'ISO/IEC 17021-1 9.6.3'),
    ('restore_expired', ARRAY['recertification', 'stage_2'],                                  'scope', 'ISO/IEC 17021-1 9.6.3.2.5'),
    ('extend',          ARRAY['extension', 'surveillance', 'recertification', 'stage_2'],     'added', 'ISO/IEC 17021-1 9.6.4.1'),
    ('transition',      ARRAY['surveillance', 'recertification', 'short_notice', 'extension'], 'scope', 'transition rules of the standard''s edition'),
    ('maintain',        ARRAY['surveillance', 'short_notice', 'follow_up'],                   'any',   'ISO/IEC 17021-1 9.6.2')
    ) w (act, kinds, team, origin) USING (act);
INSERT INTO akashi.requirement
SELECT t.act, w.rule, w.origin FROM akashi.decision_type t JOIN (VALUES
    ('audits',         ARRAY['renew', 'restore_expired', 'extend', 'transition', 'maintain'],                     'ISO/IEC 17021-1 9.6'),
    ('agreement',      ARRAY['grant', 'transfer_in', 'renew', 'extend', 'transition', 'restore', 'restore_expired'], 'ISO/IEC 17021-1 5.1.2'),
    ('programme',      ARRAY['grant', 'transfer_in', 'renew', 'extend', 'transition', 'restore_expired'],         'ISO/IEC 17021-1 9.1.3, 9.1.5'),
    ('audit_time',     ARRAY['grant', 'renew', 'extend', 'transition', 'restore_expired'],                        'ISO/IEC 17021-1 9.1.4'),
    ('plan',           ARRAY['grant', 'renew', 'extend', 'transition', 'restore_expired'],                        'ISO/IEC 17021-1 9.2.3'),
    ('majors_in_time', ARRAY['grant', 'restore_expired'],                                                         'ISO/IEC 17021-1 9.5.3.2')
    ) w (rule, acts, origin) ON t.act = ANY (w.acts)
ON CONFLICT (act, rule) DO NOTHING;

GRANT SELECT ON akashi.assessment_limit, akashi.required_clause, akashi.cycle_audit TO akashi_service, akashi_jobs, akashi_keeper;
CALL akashi.make_insert_only('akashi.assessment_limit');
CALL akashi.make_insert_only('akashi.required_clause');
CALL akashi.make_insert_only('akashi.cycle_audit');

-- Programme and time.
CREATE TABLE akashi.audit_programme (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    certification_id uuid NOT NULL,
    cycle integer NOT NULL CHECK (cycle >= 1),
    version integer NOT NULL CHECK (version >= 1),
    established_on date NOT NULL,
    site_ids uuid[] NOT NULL,
    visited_site_ids uuid[] NOT NULL,
    sampling text CHECK (length(sampling) BETWEEN 1 AND 4000),
    person_id uuid NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, certification_id, cycle, version),
    FOREIGN KEY (body_id, certification_id) REFERENCES akashi.certification,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person,
    CONSTRAINT visited_site_not_in_programme CHECK (visited_site_ids <@ site_ids),
    CONSTRAINT sampling_without_reason CHECK (site_ids <@ visited_site_ids OR sampling IS NOT NULL)
);
CREATE INDEX audit_programme_pages ON akashi.audit_programme (body_id, recorded_at);
COMMENT ON TABLE akashi.audit_programme IS
    'The audits and sites of a whole cycle; not visiting every site is justified (17021-1 9.1.3, 9.1.5). The newest version holds.';

CREATE TABLE akashi.programme_audit (
    body_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('stage_1', 'stage_2', 'surveillance', 'recertification', 'extension', 'follow_up', 'short_notice')),
    year integer NOT NULL CHECK (year BETWEEN 0 AND 10),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, programme_id, kind, year),
    FOREIGN KEY (body_id, programme_id) REFERENCES akashi.audit_programme
);

CREATE FUNCTION akashi.adjusted_days(base numeric, adjustments jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT base + coalesce((SELECT sum((a->>'days')::numeric) FROM jsonb_array_elements(adjustments) a), 0)
$$;
CREATE FUNCTION akashi.every_adjustment_has_a_reason(adjustments jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT EXISTS (SELECT FROM jsonb_array_elements(adjustments) a
                       WHERE coalesce(length(a->>'reason'), 0) = 0 OR (a->>'days')::numeric IS NULL OR (a->>'days')::numeric = 0)
$$;
CREATE TABLE akashi.audit_time (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    certification_id uuid NOT NULL,
    method text NOT NULL CHECK (length(method) BETWEEN 1 AND 300),
    inputs jsonb NOT NULL CHECK (jsonb_typeof(inputs) = 'object'),
    base_days numeric(6, 2) NOT NULL CHECK (base_days > 0),
    adjustments jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(adjustments) = 'array'),
    result_days numeric NOT NULL GENERATED ALWAYS AS (akashi.adjusted_days(base_days, adjustments)) STORED CHECK (result_days > 0),
    person_id uuid NOT NULL,
    calculated_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, certification_id) REFERENCES akashi.certification,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person,
    CONSTRAINT adjustment_without_reason CHECK (akashi.every_adjustment_has_a_reason(adjustments))
);
CREATE INDEX audit_time_pages ON akashi.audit_time (body_id, recorded_at);
CREATE INDEX audit_time_certification ON akashi.audit_time (body_id, certification_id);
COMMENT ON TABLE akashi.audit_time IS 'How the time of the audits was calculated, from what, with which reductions, justified by whom (17021-1 9.1.4).';

-- The plan, and what the client says about its team.
CREATE TABLE akashi.audit_plan (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    certification_ids uuid[] NOT NULL CHECK (cardinality(certification_ids) >= 1),
    kind text NOT NULL,
    objectives text NOT NULL CHECK (length(objectives) BETWEEN 1 AND 4000),
    criteria text NOT NULL CHECK (length(criteria) BETWEEN 1 AND 4000),
    method text NOT NULL CHECK (method IN ('on_site', 'remote', 'both')),
    sent_on date NOT NULL,
    objections_until date NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, id, organisation_id),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation,
    CONSTRAINT no_time_to_object CHECK (sent_on < objections_until AND objections_until < first_day),
    CONSTRAINT plan_ends_before_it_begins CHECK (last_day >= first_day)
);
CREATE INDEX audit_plan_pages ON akashi.audit_plan (body_id, recorded_at);
COMMENT ON TABLE akashi.audit_plan IS 'What is audited when, by whom; sent to the client in time to object to members of the team (17021-1 9.2.3).';
ALTER TABLE akashi.audit ADD FOREIGN KEY (body_id, plan_id, organisation_id) REFERENCES akashi.audit_plan (body_id, id, organisation_id);

CREATE TABLE akashi.plan_member (
    body_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    person_id uuid NOT NULL,
    function text NOT NULL CHECK (function IN ('team_leader', 'auditor', 'technical_expert', 'observer')),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, plan_id, person_id),
    FOREIGN KEY (body_id, plan_id) REFERENCES akashi.audit_plan,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
CREATE UNIQUE INDEX one_planned_leader ON akashi.plan_member (body_id, plan_id) WHERE function = 'team_leader';

CREATE TABLE akashi.plan_objection (
    body_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    person_id uuid NOT NULL,
    grounds text NOT NULL CHECK (length(grounds) BETWEEN 1 AND 4000),
    received_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, plan_id, person_id),
    FOREIGN KEY (body_id, plan_id, person_id) REFERENCES akashi.plan_member
);
CREATE TABLE akashi.objection_answer (
    body_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    person_id uuid NOT NULL,
    upheld boolean NOT NULL,
    answer text NOT NULL CHECK (length(answer) BETWEEN 1 AND 4000),
    answered_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, plan_id, person_id),
    FOREIGN KEY (body_id, plan_id, person_id) REFERENCES akashi.plan_objection
);

-- What the team leader concludes from surveillance, and how these conclusions are watched.
CREATE TABLE akashi.surveillance_conclusion (
    body_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    person_id uuid NOT NULL,
    positive boolean NOT NULL,
    conclusion text NOT NULL CHECK (length(conclusion) BETWEEN 1 AND 4000),
    concluded_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, audit_id),
    FOREIGN KEY (body_id, audit_id) REFERENCES akashi.audit,
    FOREIGN KEY (body_id, audit_id, person_id) REFERENCES akashi.audit_member (body_id, audit_id, person_id)
);
COMMENT ON TABLE akashi.surveillance_conclusion IS
    'A positive conclusion of the team leader keeps the certification running; any other, or a major, demands a decision (17021-1 9.6.1).';
CREATE TABLE akashi.conclusion_monitoring (
    body_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    person_id uuid NOT NULL,
    confirmed boolean NOT NULL,
    note text NOT NULL CHECK (length(note) BETWEEN 1 AND 4000),
    monitored_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, audit_id),
    FOREIGN KEY (body_id, audit_id) REFERENCES akashi.surveillance_conclusion,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.conclusion_monitoring IS 'A sample of conclusions, looked at by somebody who was not in the team (17021-1 9.6.1).';

-- The technical review before a decision.
CREATE TABLE akashi.review (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    certification_id uuid NOT NULL,
    audit_ids uuid[] NOT NULL CHECK (cardinality(audit_ids) >= 1),
    reviewer_id uuid NOT NULL,
    sufficient boolean NOT NULL,
    note text NOT NULL CHECK (length(note) BETWEEN 1 AND 4000),
    reviewed_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, certification_id) REFERENCES akashi.certification,
    FOREIGN KEY (body_id, reviewer_id) REFERENCES akashi.person
);
CREATE INDEX review_certification ON akashi.review (body_id, certification_id);
COMMENT ON TABLE akashi.review IS 'Whether what the audit team reported suffices to decide; the reviewer was not in the team and may decide (17021-1 9.5.2).';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_programme', 'programme_audit', 'audit_time', 'audit_plan', 'plan_member', 'plan_objection',
                                'objection_answer', 'surveillance_conclusion', 'conclusion_monitoring', 'review'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.audit_programme FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('established_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.audit_time FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('calculated_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.audit_plan FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('sent_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.plan_objection FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('received_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.objection_answer FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('answered_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.surveillance_conclusion FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('concluded_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.conclusion_monitoring FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('monitored_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.review FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('reviewed_on');

-- The newest effective decision that rested on audits: what the next one rests on is fresh since then.
CREATE FUNCTION akashi.last_assessed(body uuid, certification uuid) RETURNS akashi.decision LANGUAGE sql STABLE AS $$
    SELECT d FROM akashi.standing_event e JOIN akashi.decision d ON d.body_id = e.body_id AND d.id = e.decision_id
    WHERE e.body_id = body AND e.certification_id = certification AND akashi.demands(d.act, 'audits')
    ORDER BY e.event_no DESC LIMIT 1
$$;

-- Of these audits those that may carry a decision: one may support several of different kinds (a surveillance both a maintaining
-- and an extending one), but what began a cycle is spent with it.
CREATE FUNCTION akashi.audits_that_count(d akashi.decision, audits uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE l akashi.decision := akashi.last_assessed(d.body_id, d.certification_id); spent uuid[]; again boolean;
BEGIN
    IF l.id IS NULL THEN
        RETURN audits;
    END IF;
    spent := ARRAY(SELECT r.audit_id FROM akashi.draft_audit r WHERE r.body_id = l.body_id AND r.draft_id = l.id);
    again := l.act <> d.act AND NOT EXISTS (SELECT FROM akashi.decision_type t WHERE t.act = l.act AND t.period IN ('initial', 'renewed', 'restored'));
    RETURN ARRAY(SELECT a.id FROM akashi.audit a WHERE a.body_id = d.body_id AND a.id = ANY (audits)
                 AND CASE WHEN a.id = ANY (spent) THEN again ELSE a.last_day >= l.decided_on END);
END $$;
COMMENT ON FUNCTION akashi.audits_that_count IS '17021-1 9.6: a decision rests on an audit that came after the last decision of its kind.';

-- What the deciders named, by its ids, so that audits are found by their key.
CREATE FUNCTION akashi.audits_relied_on(d akashi.decision) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT r.audit_id FROM akashi.draft_audit r WHERE r.body_id = d.body_id AND r.draft_id = d.id)
$$;

CREATE FUNCTION akashi.scheme_audits(scheme text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.required_audit r WHERE r.scheme_code = scheme)
$$;
COMMENT ON FUNCTION akashi.scheme_audits IS 'A scheme that demands no audits has neither programme nor time nor plan of them.';

CREATE FUNCTION akashi.sites_of_organisation(body uuid, organisation uuid, sites uuid[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM unnest(sites) i WHERE NOT EXISTS (
        SELECT FROM akashi.site s WHERE s.body_id = body AND s.organisation_id = organisation AND s.id = i))
$$;

-- Application and agreement name what the scheme and the organisation have.
CREATE FUNCTION akashi.application_names_what_exists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT 'technical_area', unnest(NEW.areas) UNION ALL SELECT 'role', unnest(NEW.roles)) w (vocabulary, code)
               WHERE NOT EXISTS (SELECT FROM akashi.scheme_term t WHERE t.scheme_code = NEW.scheme_code AND t.vocabulary = w.vocabulary AND t.code = w.code)) THEN
        PERFORM akashi.refuse('unknown_scheme_term', 'roles and technical areas are those of the scheme');
    END IF;
    IF NOT akashi.sites_of_organisation(NEW.body_id, NEW.organisation_id, NEW.site_ids) THEN
        PERFORM akashi.refuse('unknown_site', 'sites are those of the organisation');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER application_names_what_exists BEFORE INSERT ON akashi.application FOR EACH ROW EXECUTE FUNCTION akashi.application_names_what_exists();

CREATE FUNCTION akashi.agreement_names_what_exists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT akashi.sites_of_organisation(NEW.body_id, NEW.organisation_id, NEW.site_ids) THEN
        PERFORM akashi.refuse('unknown_site', 'sites are those of the organisation');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_names_what_exists BEFORE INSERT ON akashi.agreement FOR EACH ROW EXECUTE FUNCTION akashi.agreement_names_what_exists();

-- Programme and time are a competent person's.
CREATE FUNCTION akashi.planned_by_the_competent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; day date := coalesce(to_jsonb(NEW)->>'established_on', to_jsonb(NEW)->>'calculated_on')::date;
BEGIN
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    IF NOT akashi.person_has_function(NEW.body_id, NEW.person_id, 'reviewer', c.scheme_code, day)
       AND NOT akashi.person_has_function(NEW.body_id, NEW.person_id, 'auditor', c.scheme_code, day) THEN
        PERFORM akashi.refuse('planner_not_competent', '17021-1 7.2, 9.1.3, 9.1.4: programme and time are justified by a reviewer or an auditor');
    END IF;
    PERFORM akashi.demand_no_interest(NEW.body_id, NEW.person_id, c.organisation_id, day);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.planned_by_the_competent IS '17021-1 7.2, 9.1.3, 9.1.4: justified by a reviewer or an auditor.';
CREATE TRIGGER planned_by_the_competent BEFORE INSERT ON akashi.audit_programme FOR EACH ROW EXECUTE FUNCTION akashi.planned_by_the_competent();
CREATE TRIGGER planned_by_the_competent BEFORE INSERT ON akashi.audit_time FOR EACH ROW EXECUTE FUNCTION akashi.planned_by_the_competent();

CREATE FUNCTION akashi.programme_is_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_subject(c.subject) FROM akashi.certification c WHERE c.body_id = NEW.body_id AND c.id = NEW.certification_id;
    IF NOT akashi.sites_of_organisation(NEW.body_id, (SELECT c.organisation_id FROM akashi.certification c
            WHERE c.body_id = NEW.body_id AND c.id = NEW.certification_id), NEW.site_ids) THEN
        PERFORM akashi.refuse('unknown_site', 'sites are those of the organisation');
    END IF;
    IF NEW.version <> 1 + coalesce((SELECT max(p.version) FROM akashi.audit_programme p WHERE p.body_id = NEW.body_id
                                    AND p.certification_id = NEW.certification_id AND p.cycle = NEW.cycle), 0) THEN
        PERFORM akashi.refuse('programme_out_of_order', 'versions of a programme are numbered without gaps');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.programme_is_in_order IS '17021-1 9.1.3, 9.1.5: versions of a cycle without a gap, sites of the organisation.';
CREATE TRIGGER programme_is_in_order BEFORE INSERT ON akashi.audit_programme FOR EACH ROW EXECUTE FUNCTION akashi.programme_is_in_order();

CREATE FUNCTION akashi.reduction_is_limited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.certification c JOIN akashi.assessment_limit l ON l.scheme_code = c.scheme_code AND l.name = 'largest_time_reduction_percent'
               WHERE c.body_id = NEW.body_id AND c.id = NEW.certification_id
                 AND akashi.adjusted_days(NEW.base_days, NEW.adjustments) * 100 < NEW.base_days * (100 - l.amount)) THEN
        PERFORM akashi.refuse('time_reduced_too_far', '17021-1 9.1.4, IAF MD 5: the scheme limits how far audit time is reduced');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.reduction_is_limited IS '17021-1 9.1.4, IAF MD 5: at most by the percentage of the scheme.';
CREATE TRIGGER reduction_is_limited BEFORE INSERT ON akashi.audit_time FOR EACH ROW EXECUTE FUNCTION akashi.reduction_is_limited();

-- The plan.
CREATE FUNCTION akashi.plan_serves_its_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(NEW.certification_ids) i WHERE NOT EXISTS (SELECT FROM akashi.certification c
               WHERE c.body_id = NEW.body_id AND c.id = i AND c.organisation_id = NEW.organisation_id)) THEN
        PERFORM akashi.refuse('unknown_certification', 'an audit serves certifications of one organisation');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_serves_its_client BEFORE INSERT ON akashi.audit_plan FOR EACH ROW EXECUTE FUNCTION akashi.plan_serves_its_client();

-- Before the first day anybody fit may join; a plan that is written down later is written down whole, in one transaction.
CREATE FUNCTION akashi.planned_member_is_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE p akashi.audit_plan; made xid;
BEGIN
    SELECT * INTO p FROM akashi.audit_plan x WHERE x.body_id = NEW.body_id AND x.id = NEW.plan_id;
    SELECT x.xmin INTO made FROM akashi.audit_plan x WHERE x.body_id = NEW.body_id AND x.id = NEW.plan_id;
    IF akashi.body_today(NEW.body_id) >= p.first_day AND made <> pg_current_xact_id()::xid THEN
        PERFORM akashi.refuse('team_frozen', '17021-1 9.2.3: from the first day of an audit on nobody joins its team');
    END IF;
    IF NEW.function IN ('team_leader', 'auditor') AND EXISTS (SELECT FROM akashi.certification c WHERE c.body_id = NEW.body_id
        AND c.id = ANY (p.certification_ids) AND NOT akashi.person_has_function(NEW.body_id, NEW.person_id, 'auditor', c.scheme_code, p.first_day)) THEN
        PERFORM akashi.refuse('auditor_not_competent', '17021-1 7.1, 7.2: competence is demonstrated before acting');
    END IF;
    PERFORM akashi.demand_no_interest(NEW.body_id, NEW.person_id, p.organisation_id, p.first_day);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.planned_member_is_fit IS '17021-1 7.2, 9.2.3; invariant 4: nobody joins from the first day on.';
CREATE TRIGGER planned_member_is_fit BEFORE INSERT ON akashi.plan_member FOR EACH ROW EXECUTE FUNCTION akashi.planned_member_is_fit();

CREATE FUNCTION akashi.objection_is_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.audit_plan p WHERE p.body_id = NEW.body_id AND p.id = NEW.plan_id
                   AND NEW.received_on BETWEEN p.sent_on AND p.objections_until) THEN
        PERFORM akashi.refuse('objection_out_of_time', '17021-1 9.2.3: the client objects after the plan was sent and until the day that it names');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.objection_is_in_time IS '17021-1 9.2.3.';
CREATE TRIGGER objection_is_in_time BEFORE INSERT ON akashi.plan_objection FOR EACH ROW EXECUTE FUNCTION akashi.objection_is_in_time();

CREATE FUNCTION akashi.answer_follows_the_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.plan_objection o WHERE o.body_id = NEW.body_id AND o.plan_id = NEW.plan_id AND o.person_id = NEW.person_id
               AND NEW.answered_on < o.received_on) THEN
        PERFORM akashi.refuse('answer_before_objection', 'an objection is answered after it was received');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_follows_the_objection BEFORE INSERT ON akashi.objection_answer FOR EACH ROW EXECUTE FUNCTION akashi.answer_follows_the_objection();

-- The audit follows its plan.
CREATE FUNCTION akashi.audit_follows_its_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.plan_id IS NOT NULL AND NOT EXISTS (SELECT FROM akashi.audit_plan p WHERE p.body_id = NEW.body_id AND p.id = NEW.plan_id
        AND p.kind = NEW.kind AND p.first_day = NEW.first_day) THEN
        PERFORM akashi.refuse('audit_not_as_planned', '17021-1 9.2.3: an audit is of the kind, and begins on the day, of its plan');
    END IF;
    IF NEW.entity_id IS NOT NULL AND NOT EXISTS (SELECT FROM akashi.operating_entity e WHERE e.body_id = NEW.body_id AND e.id = NEW.entity_id
        AND NEW.first_day >= e.valid_from AND NEW.last_day <= coalesce(e.valid_to, 'infinity')) THEN
        PERFORM akashi.refuse('entity_not_in_force', '17021-1 6.2, IAF MD 23: an entity acts within the dates of its agreement');
    END IF;
    IF EXISTS (SELECT FROM akashi.plan_objection o WHERE o.body_id = NEW.body_id AND o.plan_id = NEW.plan_id AND NOT EXISTS (
               SELECT FROM akashi.objection_answer a WHERE a.body_id = o.body_id AND a.plan_id = o.plan_id AND a.person_id = o.person_id)) THEN
        PERFORM akashi.refuse('objection_unanswered', '17021-1 9.2.3: an objection to a member is answered before the audit is recorded');
    END IF;
    IF NEW.stage_1_basis IS NOT NULL AND NOT EXISTS (
        SELECT FROM akashi.certification c JOIN akashi.certificate_version v ON v.body_id = c.body_id AND v.certification_id = c.id
        JOIN akashi.party p ON p.id = c.body_id
        WHERE c.body_id = NEW.body_id AND c.organisation_id = NEW.organisation_id
          AND (v.valid_until AT TIME ZONE p.time_zone)::date <= NEW.first_day) THEN
        PERFORM akashi.refuse('stage_1_needed', '17021-1 9.3.1, 9.6.3.2.5: without stage 1 only after a certificate of the organisation has expired');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.audit_follows_its_plan IS '17021-1 9.2.3, 9.3.1: as planned, objections answered; without stage 1 only after an expiry.';
CREATE TRIGGER audit_follows_its_plan BEFORE INSERT ON akashi.audit FOR EACH ROW EXECUTE FUNCTION akashi.audit_follows_its_plan();

CREATE FUNCTION akashi.audit_serves_as_planned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.audit;
BEGIN
    SELECT * INTO a FROM akashi.audit x WHERE x.body_id = NEW.body_id AND x.id = NEW.audit_id;
    IF a.plan_id IS NOT NULL AND NOT EXISTS (SELECT FROM akashi.audit_plan p WHERE p.body_id = a.body_id AND p.id = a.plan_id
        AND NEW.certification_id = ANY (p.certification_ids)) THEN
        PERFORM akashi.refuse('audit_not_as_planned', '17021-1 9.2.3: an audit serves the certifications of its plan');
    END IF;
    IF a.stage_1_id IS NOT NULL AND NOT EXISTS (SELECT FROM akashi.audit_certification l WHERE l.body_id = a.body_id AND l.audit_id = a.stage_1_id
        AND l.certification_id = NEW.certification_id) THEN
        PERFORM akashi.refuse('stage_2_without_stage_1', '17021-1 9.3.1: stage 2 follows a completed stage 1 of the same certification');
    END IF;
    IF EXISTS (SELECT FROM akashi.scheme_term t RIGHT JOIN unnest(NEW.areas) w ON t.vocabulary = 'technical_area' AND t.code = w
               AND t.scheme_code = (SELECT c.scheme_code FROM akashi.certification c WHERE c.body_id = NEW.body_id AND c.id = NEW.certification_id)
               WHERE t.code IS NULL) THEN
        PERFORM akashi.refuse('unknown_scheme_term', 'roles and technical areas are those of the scheme');
    END IF;
    IF NOT akashi.sites_of_organisation(NEW.body_id, a.organisation_id, NEW.site_ids) THEN
        PERFORM akashi.refuse('unknown_site', 'sites are those of the organisation');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.audit_serves_as_planned IS '17021-1 9.2.3, 9.3.1; invariant 8: an audit serves the certifications of its plan, stage 2 those of its stage 1.';
CREATE TRIGGER audit_serves_as_planned BEFORE INSERT ON akashi.audit_certification FOR EACH ROW EXECUTE FUNCTION akashi.audit_serves_as_planned();

CREATE FUNCTION akashi.was_planned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE plan uuid;
BEGIN
    SELECT a.plan_id INTO plan FROM akashi.audit a WHERE a.body_id = NEW.body_id AND a.id = NEW.audit_id;
    IF plan IS NOT NULL AND NOT EXISTS (SELECT FROM akashi.plan_member m WHERE m.body_id = NEW.body_id AND m.plan_id = plan
        AND m.person_id = NEW.person_id AND m.function = NEW.function) THEN
        PERFORM akashi.refuse('team_frozen', '17021-1 9.2.3: the team is that of the plan, frozen on the first day');
    END IF;
    IF EXISTS (SELECT FROM akashi.objection_answer o WHERE o.body_id = NEW.body_id AND o.plan_id = plan AND o.person_id = NEW.person_id AND o.upheld) THEN
        PERFORM akashi.refuse('objection_upheld', '17021-1 9.2.3: the client''s objection to this member was upheld');
    END IF;
    IF EXISTS (SELECT FROM akashi.review r WHERE r.body_id = NEW.body_id AND r.reviewer_id = NEW.person_id AND NEW.audit_id = ANY (r.audit_ids)
               AND r.certification_id IN (SELECT l.certification_id FROM akashi.audit_certification l WHERE l.body_id = NEW.body_id AND l.audit_id = NEW.audit_id)) THEN
        PERFORM akashi.refuse('reviewer_in_audit_team', '17021-1 9.5.1, 9.5.2: reviewers are not those who carried out the audit (invariant 3)');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.was_planned IS '17021-1 9.2.3, 9.5.2; invariant 3: the team is that of the plan; whoever reviewed joins no such team.';
CREATE TRIGGER was_planned BEFORE INSERT ON akashi.audit_member FOR EACH ROW EXECUTE FUNCTION akashi.was_planned();

-- Findings are resolved in order, by those who may.
CREATE FUNCTION akashi.step_is_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE f akashi.finding; before text[];
BEGIN
    SELECT * INTO f FROM akashi.finding x WHERE x.body_id = NEW.body_id AND x.id = NEW.finding_id;
    before := CASE NEW.step WHEN 'plan_accepted' THEN ARRAY['corrective_action']
                            WHEN 'verified' THEN ARRAY['corrected', 'corrective_action', 'plan_accepted'] ELSE '{}' END;
    IF EXISTS (SELECT FROM unnest(before) b WHERE NOT EXISTS (SELECT FROM akashi.finding_step t WHERE t.body_id = NEW.body_id
               AND t.finding_id = NEW.finding_id AND t.step = b AND t.done_on <= NEW.done_on)) THEN
        PERFORM akashi.refuse('step_out_of_order', '17021-1 9.4.9, 9.5.2: correction and corrective action, their acceptance, then verification');
    END IF;
    IF NEW.step IN ('plan_accepted', 'verified') AND EXISTS (
        SELECT FROM akashi.audit_certification l JOIN akashi.certification c ON c.body_id = l.body_id AND c.id = l.certification_id
        WHERE l.body_id = NEW.body_id AND l.audit_id = f.audit_id
          AND NOT akashi.person_has_function(NEW.body_id, NEW.person_id, 'auditor', c.scheme_code, NEW.done_on)
          AND NOT akashi.person_has_function(NEW.body_id, NEW.person_id, 'reviewer', c.scheme_code, NEW.done_on)) THEN
        PERFORM akashi.refuse('resolver_not_competent', '17021-1 7.2, 9.4.10: an auditor or reviewer accepts and verifies, no outsider');
    END IF;
    IF NEW.step IN ('plan_accepted', 'verified') THEN
        PERFORM akashi.demand_no_interest(NEW.body_id, NEW.person_id, a.organisation_id, NEW.done_on)
            FROM akashi.audit a WHERE a.body_id = f.body_id AND a.id = f.audit_id;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.step_is_in_order IS '17021-1 9.4.9, 9.4.10, 9.5.2; invariant 8: correction and corrective action, acceptance, verification, by those who may.';
CREATE TRIGGER step_is_in_order BEFORE INSERT ON akashi.finding_step FOR EACH ROW EXECUTE FUNCTION akashi.step_is_in_order();

-- Conclusions.
CREATE FUNCTION akashi.conclusion_is_the_leader_s() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.audit;
BEGIN
    PERFORM akashi.lock_audit(NEW.body_id, NEW.audit_id);
    SELECT * INTO a FROM akashi.audit x WHERE x.body_id = NEW.body_id AND x.id = NEW.audit_id;
    IF a.kind NOT IN ('surveillance', 'follow_up', 'short_notice') THEN
        PERFORM akashi.refuse('conclusion_of_no_surveillance', '17021-1 9.6.1: other audits end in a decision');
    END IF;
    IF NOT EXISTS (SELECT FROM akashi.audit_member m WHERE m.body_id = NEW.body_id AND m.audit_id = NEW.audit_id
                   AND m.person_id = NEW.person_id AND m.function = 'team_leader') THEN
        PERFORM akashi.refuse('conclusion_by_another', '17021-1 9.6.1: the team leader concludes');
    END IF;
    IF NEW.concluded_on < a.last_day THEN
        PERFORM akashi.refuse('conclusion_before_audit_end', '17021-1 9.6.1: a conclusion follows the audit');
    END IF;
    IF NEW.positive AND EXISTS (SELECT FROM akashi.finding f WHERE f.body_id = NEW.body_id AND f.audit_id = NEW.audit_id AND f.grade = 'major') THEN
        PERFORM akashi.refuse('major_demands_a_decision', '17021-1 9.6.1: with a major nonconformity an independent decision is needed');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.conclusion_is_the_leader_s IS '17021-1 9.6.1: by the team leader, and nothing positive beside a major.';
CREATE TRIGGER conclusion_is_the_leader_s BEFORE INSERT ON akashi.surveillance_conclusion
    FOR EACH ROW EXECUTE FUNCTION akashi.conclusion_is_the_leader_s();

CREATE FUNCTION akashi.finding_precedes_the_conclusion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.grade = 'major' AND EXISTS (SELECT FROM akashi.surveillance_conclusion s WHERE s.body_id = NEW.body_id AND s.audit_id = NEW.audit_id AND s.positive) THEN
        PERFORM akashi.refuse('major_demands_a_decision', '17021-1 9.6.1: the team leader has already concluded that there is none');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.finding_precedes_the_conclusion IS '17021-1 9.6.1 from the other side.';
-- After finding_precedes_the_decision, which holds the lock.
CREATE TRIGGER finding_precedes_the_leader_s_conclusion BEFORE INSERT ON akashi.finding
    FOR EACH ROW EXECUTE FUNCTION akashi.finding_precedes_the_conclusion();

CREATE FUNCTION akashi.monitor_was_not_in_the_team() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.audit_member m WHERE m.body_id = NEW.body_id AND m.audit_id = NEW.audit_id AND m.person_id = NEW.person_id) THEN
        PERFORM akashi.refuse('monitor_in_audit_team', '17021-1 9.6.1: conclusions are monitored by others');
    END IF;
    PERFORM akashi.demand_no_interest(NEW.body_id, NEW.person_id, a.organisation_id, NEW.monitored_on)
        FROM akashi.audit a WHERE a.body_id = NEW.body_id AND a.id = NEW.audit_id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.monitor_was_not_in_the_team IS '17021-1 9.6.1.';
CREATE TRIGGER monitor_was_not_in_the_team BEFORE INSERT ON akashi.conclusion_monitoring
    FOR EACH ROW EXECUTE FUNCTION akashi.monitor_was_not_in_the_team();

-- The technical review.
CREATE FUNCTION akashi.review_is_independent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; missing text[];
BEGIN
    PERFORM akashi.demand_read_committed();
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    PERFORM akashi.lock_subject(c.subject);
    IF EXISTS (SELECT FROM unnest(NEW.audit_ids) i WHERE NOT EXISTS (SELECT FROM akashi.audit_certification l
               WHERE l.body_id = NEW.body_id AND l.audit_id = i AND l.certification_id = c.id)) THEN
        PERFORM akashi.refuse('audit_of_another_certification', 'a review is about audits of its own certification');
    END IF;
    IF EXISTS (SELECT FROM akashi.audit_member m WHERE m.body_id = NEW.body_id AND m.audit_id = ANY (NEW.audit_ids) AND m.person_id = NEW.reviewer_id) THEN
        PERFORM akashi.refuse('reviewer_in_audit_team', '17021-1 9.5.1, 9.5.2: reviewers are not those who carried out the audit (invariant 3)');
    END IF;
    IF EXISTS (SELECT FROM akashi.audit a WHERE a.body_id = NEW.body_id AND a.id = ANY (NEW.audit_ids) AND a.last_day > NEW.reviewed_on) THEN
        PERFORM akashi.refuse('review_date_impossible', '17021-1 9.5.2: a review follows the audits that it is about');
    END IF;
    IF NOT akashi.person_has_function(NEW.body_id, NEW.reviewer_id, 'reviewer', c.scheme_code, NEW.reviewed_on) THEN
        PERFORM akashi.refuse('reviewer_not_competent', '17021-1 7.2, 9.5.2: the review is a competent person''s');
    END IF;
    missing := akashi.areas_not_covered(NEW.body_id, ARRAY[NEW.reviewer_id], ARRAY['reviewer'], c.scheme_code,
        (SELECT a.areas FROM akashi.application a WHERE a.body_id = c.body_id AND a.id = c.application_id), NEW.reviewed_on);
    IF cardinality(missing) > 0 THEN
        PERFORM akashi.refuse('reviewer_lacks_area', '17021-1 7.2: ' || array_to_string(missing, ', '));
    END IF;
    PERFORM akashi.demand_no_interest(NEW.body_id, NEW.reviewer_id, c.organisation_id, NEW.reviewed_on);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.review_is_independent IS '17021-1 9.5.2; invariants 3 and 4: by somebody competent who was not in the team.';
CREATE TRIGGER review_is_independent BEFORE INSERT ON akashi.review FOR EACH ROW EXECUTE FUNCTION akashi.review_is_independent();

-- Decisions.
CREATE FUNCTION akashi.check_agreement(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE g akashi.agreement;
BEGIN
    SELECT a.* INTO g FROM akashi.agreement a WHERE a.body_id = c.body_id AND a.organisation_id = c.organisation_id AND a.signed_on <= d.decided_on
       AND a.version >= coalesce((SELECT o.version FROM akashi.agreement o WHERE o.body_id = c.body_id AND o.id = c.agreement_id), 0)
    ORDER BY a.version DESC LIMIT 1;
    IF EXISTS (SELECT FROM akashi.required_clause r WHERE r.scheme_code = c.scheme_code AND r.clause <> ALL (coalesce(g.clauses, '{}'))) THEN
        PERFORM akashi.refuse('agreement_incomplete', '17021-1 5.1.2: the agreement settles mark use, suspension and disclosure');
    END IF;
    IF cardinality(g.site_ids) > 0 AND NOT d.site_ids <@ g.site_ids THEN
        PERFORM akashi.refuse('site_not_in_agreement', '17021-1 5.1.2: the agreement covers every site of the certification');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_agreement IS '17021-1 5.1.2: judged by the newest agreement signed by the day of the decision; history may have been imported before the first.';

CREATE FUNCTION akashi.check_programme(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE p akashi.audit_programme; begins boolean;
BEGIN
    SELECT * INTO p FROM akashi.audit_programme x WHERE x.body_id = d.body_id AND x.certification_id = d.certification_id
       AND x.established_on <= d.decided_on ORDER BY x.cycle DESC, x.version DESC LIMIT 1;
    begins := EXISTS (SELECT FROM akashi.cycle_audit y WHERE y.scheme_code = c.scheme_code AND y.act = d.act);
    IF p.id IS NULL OR (begins AND p.cycle <> 1 + (
        SELECT count(*) FROM akashi.decision o JOIN akashi.standing_event e ON e.body_id = o.body_id AND e.decision_id = o.id
        WHERE o.body_id = d.body_id AND o.certification_id = d.certification_id
          AND EXISTS (SELECT FROM akashi.cycle_audit y WHERE y.scheme_code = c.scheme_code AND y.act = o.act))) THEN
        PERFORM akashi.refuse('programme_missing', '17021-1 9.1.3: a programme for the whole cycle comes before its decision');
    END IF;
    IF EXISTS (SELECT FROM akashi.cycle_audit y WHERE y.scheme_code = c.scheme_code AND y.act = d.act AND NOT EXISTS (
        SELECT FROM akashi.programme_audit a WHERE a.body_id = p.body_id AND a.programme_id = p.id AND a.kind = y.kind AND a.year = y.year)) THEN
        PERFORM akashi.refuse('programme_incomplete', '17021-1 9.1.3.2: a programme plans every audit of the cycle');
    END IF;
    IF NOT d.site_ids <@ p.site_ids THEN
        PERFORM akashi.refuse('site_not_in_programme', '17021-1 9.1.5: a site enters a certificate only when it is in the programme');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_programme IS '17021-1 9.1.3, 9.1.5.';

CREATE FUNCTION akashi.check_audit_time(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE l akashi.decision := akashi.last_assessed(d.body_id, d.certification_id);
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.audit_time t WHERE t.body_id = d.body_id AND t.certification_id = d.certification_id
                   AND t.calculated_on <= d.decided_on AND (l.id IS NULL OR t.recorded_at > l.recorded_at)) THEN
        PERFORM akashi.refuse('audit_time_missing', '17021-1 9.1.4: the time of the audits is calculated, justified and recorded');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_audit_time IS '17021-1 9.1.4: anew for each decision that rests on audits.';

-- Each required audit was planned, and made by a team that covers the scope, or what the act adds to it.
CREATE FUNCTION akashi.check_teams(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
DECLARE w record; counted uuid[] := akashi.audits_that_count(d, akashi.audits_relied_on(d)); fit integer; planned boolean; added text[]; before text[];
BEGIN
    SELECT o.areas INTO before FROM akashi.decision o
        WHERE o.body_id = d.body_id AND o.id = (akashi.latest_version(d.body_id, d.certification_id)).decision_id;
    added := ARRAY(SELECT x FROM unnest(d.areas) x WHERE x <> ALL (coalesce(before, '{}')));
    FOR w IN SELECT r.kinds, CASE r.team WHEN 'scope' THEN d.areas WHEN 'added' THEN added ELSE '{}' END AS areas FROM akashi.required_audit r
             WHERE r.scheme_code = s.code AND r.act = d.act LOOP
        SELECT count(*), bool_or(a.plan_id IS NOT NULL) INTO fit, planned FROM akashi.audit a
            WHERE a.body_id = d.body_id AND a.id = ANY (counted) AND akashi.serves_as(a, w.kinds)
              AND cardinality(akashi.areas_team_lacks(a.body_id, a.id, s.code, w.areas)) = 0;
        IF fit = 0 THEN
            PERFORM akashi.refuse('team_lacks_area', '17021-1 7.2, 9.2.2: the team of an audit covers what is decided on it');
        ELSIF akashi.demands(d.act, 'plan', s) AND NOT planned THEN
            PERFORM akashi.refuse('audit_not_planned', '17021-1 9.2.3: the client was told the plan and could object to the team');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_teams IS '17021-1 7.2, 9.2.2, 9.2.3.';

CREATE FUNCTION akashi.check_majors(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE months integer; counted uuid[]; repeated date;
BEGIN
    SELECT m.amount INTO months FROM akashi.assessment_limit m WHERE m.scheme_code = c.scheme_code AND m.name = 'major_verification_months';
    counted := akashi.audits_that_count(d, ARRAY(SELECT l.audit_id FROM akashi.audit_certification l
                                                 WHERE l.body_id = d.body_id AND l.certification_id = d.certification_id));
    SELECT max(a.first_day) INTO repeated FROM akashi.audit a
        WHERE a.body_id = d.body_id AND a.id = ANY (akashi.audits_relied_on(d)) AND a.kind = 'stage_2';
    IF EXISTS (SELECT FROM akashi.audit a JOIN akashi.finding f ON f.body_id = a.body_id AND f.audit_id = a.id AND f.grade = 'major'
               JOIN akashi.finding_step t ON t.body_id = f.body_id AND t.finding_id = f.id AND t.step = 'verified'
               WHERE a.body_id = d.body_id AND a.id = ANY (counted) AND a.kind = 'stage_2'
                 AND t.done_on > (a.last_day + make_interval(months => months))::date AND (repeated > a.last_day) IS NOT TRUE) THEN
        PERFORM akashi.refuse('major_verified_too_late', '17021-1 9.5.3.2: six months after the last day of stage 2; later another stage 2 is needed (invariant 8)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_majors IS '17021-1 9.5.3.2; invariant 8: the deadline is inclusive and clips to the end of the month; the decision itself may follow later.';

-- A review is no duty of its own; one that found the report insufficient holds until another says otherwise.
CREATE FUNCTION akashi.check_technical_review(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE l akashi.decision := akashi.last_assessed(d.body_id, d.certification_id);
BEGIN
    IF (SELECT NOT r.sufficient FROM akashi.review r WHERE r.body_id = d.body_id AND r.certification_id = d.certification_id
            AND (l.id IS NULL OR r.recorded_at > l.recorded_at) ORDER BY r.reviewed_on DESC, r.recorded_at DESC LIMIT 1) THEN
        PERFORM akashi.refuse('review_insufficient', '17021-1 9.5.2: what the team reported suffices before a decision in favour');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_technical_review IS '17021-1 9.5.2.';

GRANT EXECUTE ON FUNCTION akashi.last_assessed(uuid, uuid), akashi.audits_that_count(akashi.decision, uuid[]), akashi.audits_relied_on(akashi.decision), akashi.scheme_audits(text), akashi.sites_of_organisation(uuid, uuid, uuid[]),
    akashi.adjusted_days(numeric, jsonb), akashi.every_adjustment_has_a_reason(jsonb),
    akashi.check_agreement(akashi.decision, akashi.certification), akashi.check_programme(akashi.decision, akashi.certification),
    akashi.check_audit_time(akashi.decision), akashi.check_teams(akashi.decision, akashi.scheme),
    akashi.check_majors(akashi.decision, akashi.certification), akashi.check_technical_review(akashi.decision) TO akashi_service;

CREATE FUNCTION akashi.groundwork_keeps_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; s akashi.scheme;
BEGIN
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    SELECT * INTO s FROM akashi.scheme x WHERE x.code = c.scheme_code;
    IF akashi.demands(NEW.act, 'agreement', s) THEN
        PERFORM akashi.check_agreement(NEW, c);
    END IF;
    IF NOT akashi.scheme_audits(c.scheme_code) THEN
        RETURN NEW;
    END IF;
    IF akashi.demands(NEW.act, 'programme', s) THEN
        PERFORM akashi.check_programme(NEW, c);
    END IF;
    IF akashi.demands(NEW.act, 'audit_time', s) THEN
        PERFORM akashi.check_audit_time(NEW);
    END IF;
    IF akashi.demands(NEW.act, 'audits', s) THEN
        PERFORM akashi.check_teams(NEW, s);
        PERFORM akashi.check_technical_review(NEW);
    END IF;
    IF akashi.demands(NEW.act, 'majors_in_time', s) THEN
        PERFORM akashi.check_majors(NEW, c);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER groundwork_keeps_the_rules BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.groundwork_keeps_the_rules();

-- Records are kept for the current and one full cycle (17021-1 9.9, invariant 20); the public core is kept for good.
CREATE FUNCTION akashi.retain_until(body uuid, certification uuid) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (greatest((SELECT max((v.valid_until AT TIME ZONE p.time_zone)::date) FROM akashi.certificate_version v
                      WHERE v.body_id = c.body_id AND v.certification_id = c.id),
                     coalesce(a.received_on, (c.recorded_at AT TIME ZONE p.time_zone)::date))
            + make_interval(months => s.maximum_months))::date
    FROM akashi.certification c JOIN akashi.scheme s ON s.code = c.scheme_code JOIN akashi.party p ON p.id = c.body_id
    LEFT JOIN akashi.application a ON a.body_id = c.body_id AND a.id = c.application_id
    WHERE c.body_id = body AND c.id = certification
$$;
COMMENT ON FUNCTION akashi.retain_until IS '17021-1 9.9; invariant 20: the end of the current cycle and one full cycle more.';

-- Of a person the name can be deleted, and not while it is needed to know who did the work of a certification.
CREATE FUNCTION akashi.name_is_retained() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE until date;
BEGIN
    SELECT max(akashi.retain_until(OLD.body_id, w)) INTO until FROM akashi.certifications_resting_on(OLD.body_id, OLD.person_id) w;
    IF until > akashi.body_today(OLD.body_id) THEN
        PERFORM akashi.refuse('name_retained', format('17021-1 9.9: records are kept for the current and one full cycle, until %s (invariant 20)', until));
    END IF;
    RETURN OLD;
END $$;
COMMENT ON FUNCTION akashi.name_is_retained IS '17021-1 9.9; invariant 20: a name is kept while anything rests on the person.';
CREATE TRIGGER name_is_retained BEFORE DELETE ON akashi.person_name FOR EACH ROW EXECUTE FUNCTION akashi.name_is_retained();
CREATE INDEX audit_member_person ON akashi.audit_member (body_id, person_id);
CREATE INDEX draft_person_person ON akashi.draft_person (body_id, person_id);
GRANT EXECUTE ON FUNCTION akashi.retain_until(uuid, uuid) TO akashi_service;
CALL akashi.pin_settings();
