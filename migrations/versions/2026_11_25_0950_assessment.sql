-- From the application to the findings: what a decision may rest on (17021-1 clause 9.1 to 9.4).

CREATE TABLE akashi.application (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    scope_requested text NOT NULL CHECK (length(scope_requested) BETWEEN 1 AND 4000),
    areas text[] NOT NULL DEFAULT '{}',
    roles text[] NOT NULL DEFAULT '{}',
    headcount integer CHECK (headcount >= 1),
    site_ids uuid[] NOT NULL DEFAULT '{}',
    received_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, id, organisation_id, scheme_code),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation
);
CREATE INDEX application_pages ON akashi.application (body_id, recorded_at);

CREATE TABLE akashi.application_review (
    body_id uuid NOT NULL,
    application_id uuid NOT NULL,
    reviewer_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'declined')),
    reason text,
    reviewed_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, application_id),
    FOREIGN KEY (body_id, application_id) REFERENCES akashi.application,
    FOREIGN KEY (body_id, reviewer_id) REFERENCES akashi.person,
    CONSTRAINT declined_without_reason CHECK (outcome = 'accepted' OR coalesce(length(reason), 0) >= 1)
);
COMMENT ON CONSTRAINT declined_without_reason ON akashi.application_review IS '17021-1 9.1.2: declined with a reason.';

CREATE TABLE akashi.agreement (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    clauses text[] NOT NULL DEFAULT '{}' CHECK (clauses <@ ARRAY['mark_use', 'suspension', 'disclosure']),
    site_ids uuid[] NOT NULL DEFAULT '{}',
    signed_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, organisation_id, version),
    UNIQUE (body_id, id, organisation_id),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation
);
CREATE INDEX agreement_pages ON akashi.agreement (body_id, recorded_at);
COMMENT ON TABLE akashi.agreement IS 'The enforceable agreement: mark use, suspension, disclosure (17021-1 5.1.2).';
COMMENT ON COLUMN akashi.agreement.site_ids IS 'The sites that it covers; none named means all of the organisation.';

CREATE TABLE akashi.disclosure_consent (
    body_id uuid NOT NULL,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    agreement_id uuid NOT NULL,
    field text NOT NULL CHECK (field IN ('holder', 'identifiers', 'scope', 'sites', 'soa', 'directory')),
    granted boolean NOT NULL,
    given_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, sequence),
    FOREIGN KEY (body_id, agreement_id) REFERENCES akashi.agreement
);
CREATE INDEX disclosure_consent_latest ON akashi.disclosure_consent (body_id, agreement_id, field, sequence DESC);
COMMENT ON TABLE akashi.disclosure_consent IS 'Consent by field, dated; the latest row of a field holds (17021-1 8.4). Ending consent ends the serving, not the record.';

CREATE TABLE akashi.certification (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    public_id text NOT NULL UNIQUE CHECK (public_id ~ '^[0-9A-HJKMNP-TV-Z]{35}$'),
    subject bytea NOT NULL UNIQUE,
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    organisation_id uuid NOT NULL,
    provenance text NOT NULL DEFAULT 'issued' CHECK (provenance IN ('issued', 'imported')),
    application_id uuid,
    agreement_id uuid,
    number text NOT NULL CHECK (length(number) BETWEEN 1 AND 60),
    folded_number text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, folded_number),
    UNIQUE (body_id, application_id),
    UNIQUE (body_id, id, organisation_id),
    FOREIGN KEY (body_id, application_id, organisation_id, scheme_code)
        REFERENCES akashi.application (body_id, id, organisation_id, scheme_code),
    FOREIGN KEY (body_id, agreement_id, organisation_id) REFERENCES akashi.agreement (body_id, id, organisation_id),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation,
    CONSTRAINT subject_of_the_public_id CHECK (subject = akashi.subject_of(public_id)),
    CONSTRAINT certification_without_agreement CHECK (agreement_id IS NOT NULL OR provenance = 'imported')
);
CREATE INDEX certification_pages ON akashi.certification (body_id, recorded_at);
COMMENT ON CONSTRAINT certification_public_id_key ON akashi.certification IS 'Invariant 18: an ID is given once.';
COMMENT ON CONSTRAINT certification_public_id_check ON akashi.certification IS 'Invariant 18: seven groups with 140 random bits.';
COMMENT ON CONSTRAINT certification_body_id_folded_number_key ON akashi.certification IS '17021-1 8.2.2; invariant 18: a number is given once, whatever its case, spaces and hyphens.';
COMMENT ON CONSTRAINT certification_without_agreement ON akashi.certification IS '17021-1 5.1.2: certification rests on an enforceable agreement.';
COMMENT ON COLUMN akashi.certification.provenance IS 'Imported: granted elsewhere and stated here; it needs no application here, and its first act is an import.';

CREATE TABLE akashi.audit (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('stage_1', 'stage_2', 'surveillance', 'recertification', 'extension', 'follow_up', 'short_notice')),
    stage_1_id uuid,
    stage_1_basis text CHECK (stage_1_basis = 'not_required_post_expiry'),
    stage_1_reason text CHECK (length(stage_1_reason) BETWEEN 1 AND 4000),
    plan_id uuid,
    entity_id uuid,
    first_day date NOT NULL,
    last_day date NOT NULL,
    report_sha256 bytea NOT NULL CHECK (length(report_sha256) = 32),
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, id, organisation_id),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation,
    FOREIGN KEY (body_id, entity_id) REFERENCES akashi.operating_entity,
    FOREIGN KEY (body_id, stage_1_id, organisation_id) REFERENCES akashi.audit (body_id, id, organisation_id),
    CONSTRAINT audit_ends_before_it_begins CHECK (last_day >= first_day),
    CONSTRAINT stage_2_without_stage_1 CHECK ((kind = 'stage_2') = (stage_1_id IS NOT NULL OR stage_1_basis IS NOT NULL)
                                              AND (stage_1_id IS NULL OR stage_1_basis IS NULL)),
    CONSTRAINT stage_1_basis_without_reason CHECK ((stage_1_basis IS NULL) = (stage_1_reason IS NULL))
);
CREATE INDEX audit_pages ON akashi.audit (body_id, recorded_at);
COMMENT ON TABLE akashi.audit IS 'A concluded audit with its report by content hash (17021-1 9.2 to 9.4).';

-- Whether an audit is one of these kinds; a stage 2 that states why it needs no stage 1 stands for both.
CREATE FUNCTION akashi.serves_as(a akashi.audit, kinds text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT a.kind = ANY (kinds) OR ('stage_1' = ANY (kinds) AND a.stage_1_basis IS NOT NULL)
$$;
GRANT EXECUTE ON FUNCTION akashi.serves_as(akashi.audit, text[]) TO akashi_service;

CREATE TABLE akashi.audit_certification (
    body_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    certification_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    areas text[] NOT NULL DEFAULT '{}',
    site_ids uuid[] NOT NULL DEFAULT '{}',
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, audit_id, certification_id),
    FOREIGN KEY (body_id, audit_id, organisation_id) REFERENCES akashi.audit (body_id, id, organisation_id),
    FOREIGN KEY (body_id, certification_id, organisation_id) REFERENCES akashi.certification (body_id, id, organisation_id)
);
CREATE INDEX audit_certification_certification ON akashi.audit_certification (body_id, certification_id);
COMMENT ON TABLE akashi.audit_certification IS
    'The certifications of one organisation that an (integrated) audit serves, with the areas and sites audited for each.';

CREATE TABLE akashi.audit_member (
    body_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    person_id uuid NOT NULL,
    function text NOT NULL CHECK (function IN ('team_leader', 'auditor', 'technical_expert', 'observer')),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, audit_id, person_id),
    FOREIGN KEY (body_id, audit_id) REFERENCES akashi.audit,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
CREATE UNIQUE INDEX one_team_leader ON akashi.audit_member (body_id, audit_id) WHERE function = 'team_leader';
COMMENT ON INDEX akashi.one_team_leader IS '17021-1 9.2.2: one team leader each.';

CREATE TABLE akashi.finding (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    audit_id uuid NOT NULL,
    grade text NOT NULL CHECK (grade IN ('major', 'minor', 'opportunity')),
    clause text NOT NULL CHECK (length(clause) BETWEEN 1 AND 40),
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 4000),
    due_on date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, audit_id) REFERENCES akashi.audit,
    CHECK (grade = 'opportunity' OR due_on IS NOT NULL)
);
CREATE INDEX finding_audit ON akashi.finding (body_id, audit_id);

CREATE TABLE akashi.finding_step (
    body_id uuid NOT NULL,
    finding_id uuid NOT NULL,
    step text NOT NULL CHECK (step IN ('corrected', 'corrective_action', 'plan_accepted', 'verified')),
    person_id uuid NOT NULL,
    done_on date NOT NULL,
    note text CHECK (length(note) BETWEEN 1 AND 4000),
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, finding_id, step),
    FOREIGN KEY (body_id, finding_id) REFERENCES akashi.finding,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.finding_step IS
    'Corrected, corrective action planned, plan accepted, verified: a minor needs its plan accepted, a major all of them (17021-1 9.5.2).';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['application', 'application_review', 'agreement', 'disclosure_consent', 'certification',
                                'audit', 'audit_certification', 'audit_member', 'finding', 'finding_step'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;

CREATE FUNCTION akashi.person_has_function(body uuid, person uuid, wanted text, scheme text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.person_function f
                   LEFT JOIN akashi.person_function_end e USING (body_id, person_id, function, scheme_code, valid_from)
                   WHERE f.body_id = body AND f.person_id = person AND f.function = wanted AND f.scheme_code = scheme
                     AND f.valid_from <= day AND day <= coalesce(least(f.valid_to, e.last_day), 'infinity'))
$$;
COMMENT ON FUNCTION akashi.person_has_function IS '17021-1 7.1, 7.2; invariant 5: demonstrated for that scheme and function, on that day.';
GRANT EXECUTE ON FUNCTION akashi.person_has_function(uuid, uuid, text, text, date) TO akashi_service, akashi_keeper;

CREATE FUNCTION akashi.body_today(body uuid) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (akashi.now() AT TIME ZONE p.time_zone)::date FROM akashi.party p WHERE p.id = body
$$;
GRANT EXECUTE ON FUNCTION akashi.body_today(uuid) TO akashi_service, akashi_keeper;

CREATE FUNCTION akashi.application_is_reviewed_by_the_competent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.application;
BEGIN
    SELECT * INTO a FROM akashi.application WHERE body_id = NEW.body_id AND id = NEW.application_id;
    IF NOT akashi.person_has_function(NEW.body_id, NEW.reviewer_id, 'reviewer', a.scheme_code, NEW.reviewed_on) THEN
        PERFORM akashi.refuse('reviewer_not_competent', '17021-1 9.1.2: the application is reviewed by a competent person');
    END IF;
    IF NEW.reviewed_on < a.received_on OR NEW.reviewed_on > akashi.body_today(NEW.body_id) THEN
        PERFORM akashi.refuse('review_date_impossible', 'a review lies between the receipt and today');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.application_is_reviewed_by_the_competent IS '17021-1 7.2, 9.1.2: reviewed by a competent person, once, between receipt and today.';
CREATE TRIGGER application_is_reviewed_by_the_competent BEFORE INSERT ON akashi.application_review
    FOR EACH ROW EXECUTE FUNCTION akashi.application_is_reviewed_by_the_competent();

CREATE FUNCTION akashi.certification_rests_on_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.application_id IS NULL AND (NEW.provenance = 'imported' OR EXISTS (
        SELECT FROM akashi.scheme s WHERE s.code = NEW.scheme_code AND 'application' = ANY (s.waived_rules))) THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM akashi.application_review r
                   WHERE r.body_id = NEW.body_id AND r.application_id = NEW.application_id AND r.outcome = 'accepted') THEN
        PERFORM akashi.refuse('application_not_accepted', '17021-1 9.1.2: only an accepted application leads on');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.certification_rests_on_acceptance IS '17021-1 9.1.2: only an accepted application becomes a certification, unless the scheme waives it.';
CREATE TRIGGER certification_rests_on_acceptance BEFORE INSERT ON akashi.certification
    FOR EACH ROW EXECUTE FUNCTION akashi.certification_rests_on_acceptance();

CREATE FUNCTION akashi.audit_lies_in_the_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_day > akashi.body_today(NEW.body_id) THEN
        PERFORM akashi.refuse('audit_not_ended', 'an audit is recorded when it has ended');
    END IF;
    IF NEW.stage_1_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM akashi.audit s WHERE s.body_id = NEW.body_id AND s.id = NEW.stage_1_id AND s.kind = 'stage_1' AND s.last_day <= NEW.first_day) THEN
        PERFORM akashi.refuse('stage_2_without_stage_1', '17021-1 9.3.1: stage 2 follows a completed stage 1');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.audit_lies_in_the_past IS '17021-1 9.3.1, 9.4; invariant 8: recorded when it has ended; stage 2 after stage 1.';
CREATE TRIGGER audit_lies_in_the_past BEFORE INSERT ON akashi.audit FOR EACH ROW EXECUTE FUNCTION akashi.audit_lies_in_the_past();

-- Whoever writes about an audit holds all the certifications that it serves, in one order.
CREATE FUNCTION akashi.lock_audit(body uuid, audit uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE subject bytea;
BEGIN
    PERFORM akashi.demand_read_committed();
    FOR subject IN SELECT c.subject FROM akashi.audit_certification a JOIN akashi.certification c ON c.body_id = a.body_id AND c.id = a.certification_id
                   WHERE a.body_id = body AND a.audit_id = audit ORDER BY c.subject LOOP
        PERFORM akashi.lock_subject(subject);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION akashi.lock_audit(uuid, uuid) TO akashi_service;

CREATE FUNCTION akashi.team_member_did_not_decide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.lock_audit(NEW.body_id, NEW.audit_id);
    IF EXISTS (SELECT FROM akashi.decision d
               JOIN akashi.draft_audit r ON r.body_id = d.body_id AND r.draft_id = d.id
               JOIN akashi.draft_person p ON p.body_id = d.body_id AND p.draft_id = d.id
               WHERE d.body_id = NEW.body_id AND r.audit_id = NEW.audit_id AND p.person_id = NEW.person_id) THEN
        PERFORM akashi.refuse('decider_in_audit_team', '17021-1 9.5.1: deciders are not those who carried out the audit (invariant 3)');
    END IF;
    IF EXISTS (SELECT FROM akashi.audit_certification l JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id
               JOIN akashi.decision d ON d.body_id = l.body_id AND d.certification_id = l.certification_id AND a.last_day <= d.decided_on
               JOIN akashi.draft_person p ON p.body_id = d.body_id AND p.draft_id = d.id AND p.person_id = NEW.person_id
               JOIN akashi.standing_event e ON e.body_id = d.body_id AND e.decision_id = d.id AND e.from_state = 'suspended'
               WHERE l.body_id = NEW.body_id AND l.audit_id = NEW.audit_id AND akashi.demands(d.act, 'follow_up')
                 AND a.last_day >= (SELECT (s.effective_at AT TIME ZONE d.time_zone)::date FROM akashi.standing_event s
                                    WHERE s.body_id = e.body_id AND s.certification_id = e.certification_id AND s.event_no < e.event_no
                                      AND s.to_state = 'suspended' AND s.from_state <> 'suspended' ORDER BY s.event_no DESC LIMIT 1)) THEN
        PERFORM akashi.refuse('decider_in_audit_team', '17021-1 9.5.1, 9.6.5: who ended a suspension did not follow it up (invariant 3)');
    END IF;
    IF NEW.function IN ('team_leader', 'auditor') AND EXISTS (
        SELECT FROM akashi.audit_certification l JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id
        JOIN akashi.certification c ON c.body_id = l.body_id AND c.id = l.certification_id
        WHERE l.body_id = NEW.body_id AND l.audit_id = NEW.audit_id
          AND NOT akashi.person_has_function(NEW.body_id, NEW.person_id, 'auditor', c.scheme_code, a.first_day)) THEN
        PERFORM akashi.refuse('auditor_not_competent', '17021-1 7.1, 7.2: competence is demonstrated before acting');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.team_member_did_not_decide IS '17021-1 9.5.1; invariant 3 from the other side: who decided on an audit joins no team of it.';
CREATE TRIGGER team_member_did_not_decide BEFORE INSERT ON akashi.audit_member
    FOR EACH ROW EXECUTE FUNCTION akashi.team_member_did_not_decide();

CREATE FUNCTION akashi.finding_precedes_the_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.lock_audit(NEW.body_id, NEW.audit_id);
    IF EXISTS (SELECT FROM akashi.audit a JOIN akashi.audit_certification l ON l.body_id = a.body_id AND l.audit_id = a.id
               JOIN akashi.decision d ON d.body_id = l.body_id AND d.certification_id = l.certification_id
               WHERE a.body_id = NEW.body_id AND a.id = NEW.audit_id AND a.last_day <= d.decided_on
                 AND a.recorded_at < d.recorded_at AND akashi.demands(d.act, 'findings_closed')) THEN
        PERFORM akashi.refuse('audit_relied_on', 'a decision already took this audit for what it had found (17021-1 9.5.2, invariant 8)');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.finding_precedes_the_decision IS '17021-1 9.5.2; invariant 8 from the other side: nothing is found afterwards in what was relied on.';
CREATE TRIGGER finding_precedes_the_decision BEFORE INSERT ON akashi.finding
    FOR EACH ROW EXECUTE FUNCTION akashi.finding_precedes_the_decision();
CALL akashi.pin_settings();
