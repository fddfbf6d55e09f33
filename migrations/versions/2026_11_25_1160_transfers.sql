-- Transfers: a handshake of two bodies, with the accreditation body's evidence where one does not answer (IAF MD 2).

CREATE TABLE akashi.transfer_terms (
    scheme_code text PRIMARY KEY REFERENCES akashi.scheme,
    answer_days integer NOT NULL CHECK (answer_days BETWEEN 1 AND 90),
    completion_days integer NOT NULL CHECK (completion_days BETWEEN 1 AND 365),
    loss_months integer NOT NULL CHECK (loss_months BETWEEN 0 AND 24),
    reviewed text[] NOT NULL,
    recognised_at text[] NOT NULL,
    origin text NOT NULL
);
COMMENT ON TABLE akashi.transfer_terms IS 'Whether certifications of a scheme may be transferred, and within which limits; a scheme without a row knows no transfer.';
COMMENT ON COLUMN akashi.transfer_terms.answer_days IS 'So long the issuing body has to answer; the last day counts.';
COMMENT ON COLUMN akashi.transfer_terms.completion_days IS 'So long after its closing a certification is not taken back without the accepting body''s word.';
COMMENT ON COLUMN akashi.transfer_terms.loss_months IS 'So long after its accreditation was suspended or lost a certification may still be transferred.';
COMMENT ON COLUMN akashi.transfer_terms.recognised_at IS 'The levels of recognition arrangements of which one is asked of the accreditation body; none where none is asked.';
COMMENT ON COLUMN akashi.transfer_terms.reviewed IS 'What a pre-transfer review looks at; what cannot be seen on paper is seen at a visit.';

CREATE TABLE akashi.transfer_transition (
    from_state text NOT NULL,
    step text NOT NULL,
    to_state text NOT NULL,
    party text NOT NULL CHECK (party IN ('accepting', 'issuing', 'accreditation_body')),
    origin text NOT NULL,
    PRIMARY KEY (from_state, step),
    UNIQUE (from_state, step, to_state)
);
COMMENT ON TABLE akashi.transfer_transition IS 'A transfer moves only along these rows, each step taken by the party that it names (IAF MD 2).';

CREATE TABLE akashi.transfer (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 60),
    from_body_id uuid,
    from_certification_id uuid,
    previous jsonb,
    subject bytea NOT NULL CHECK (length(subject) = 32),
    overseers uuid[] NOT NULL DEFAULT '{}',
    requested_on date NOT NULL,
    request_sha256 bytea NOT NULL CHECK (length(request_sha256) = 32),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, application_id, organisation_id, scheme_code) REFERENCES akashi.application (body_id, id, organisation_id, scheme_code),
    FOREIGN KEY (from_body_id, from_certification_id) REFERENCES akashi.certification (body_id, id),
    CONSTRAINT transfer_has_one_source CHECK ((from_body_id IS NULL) = (from_certification_id IS NULL) AND (from_body_id IS NULL) = (previous IS NOT NULL))
);
CREATE INDEX transfer_leads_from ON akashi.transfer (from_body_id, from_certification_id);
CREATE INDEX transfer_of_certificate ON akashi.transfer (source) WHERE from_body_id IS NOT NULL;
CREATE INDEX transfer_overseers ON akashi.transfer USING gin (overseers);
CREATE INDEX transfer_application ON akashi.transfer (body_id, application_id);
COMMENT ON TABLE akashi.transfer IS 'The accepting body''s notice that a client asked in writing to be taken over, from a certificate here or, as data, from a body outside.';
COMMENT ON COLUMN akashi.transfer.overseers IS 'The accreditation bodies on which the certificate rests: with the two bodies, all who see the transfer.';

CREATE TABLE akashi.transfer_step (
    body_id uuid NOT NULL REFERENCES akashi.party,
    to_body_id uuid NOT NULL,
    transfer_id uuid NOT NULL,
    n integer NOT NULL CHECK (n >= 1),
    step text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    done_on date NOT NULL,
    person_id uuid,
    ground text,
    content jsonb NOT NULL DEFAULT '{}',
    decision_id uuid,
    envelope_id uuid,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (to_body_id, transfer_id, n),
    UNIQUE (body_id, decision_id, step),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (to_body_id, transfer_id) REFERENCES akashi.transfer (body_id, id),
    FOREIGN KEY (from_state, step, to_state) REFERENCES akashi.transfer_transition (from_state, step, to_state),
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person,
    FOREIGN KEY (body_id, decision_id) REFERENCES akashi.decision,
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope
);
COMMENT ON TABLE akashi.transfer_step IS 'What each party did, in order; a decision or a change of standing leaves its step by itself, and says what it says.';

CALL akashi.make_tenant_only('akashi.transfer');
CALL akashi.make_tenant_only('akashi.transfer_step');
CREATE POLICY parties_read ON akashi.transfer FOR SELECT TO akashi_service
    USING (from_body_id = akashi.current_body() OR overseers @> ARRAY[akashi.current_body()]);
CREATE POLICY parties_read ON akashi.transfer_step FOR SELECT TO akashi_service
    USING (EXISTS (SELECT FROM akashi.transfer t WHERE t.body_id = to_body_id AND t.id = transfer_id));
CALL akashi.make_insert_only('akashi.transfer');
CALL akashi.make_insert_only('akashi.transfer_step');
CALL akashi.make_insert_only('akashi.transfer_terms');
CALL akashi.make_insert_only('akashi.transfer_transition');
CALL akashi.make_stamped('akashi.transfer');
CALL akashi.make_stamped('akashi.transfer_step');
GRANT SELECT ON akashi.transfer_terms, akashi.transfer_transition TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;

-- The way back: what was closed for a transfer that then failed. The bits of the closed versions stay set (the credential and its status).

INSERT INTO akashi.decision_type (act, makes_version, makes_event, needs_reason, needs_until, deciders, extent, period, refers_to, ends,
                                  looks_back, successor_bit, origin) VALUES
    ('overturn_transfer', true, true, false, false, 1, 'same', 'kept', 'annuls', false, false, 'revocation', 'IAF MD 2: a transfer that failed');
INSERT INTO akashi.transition (from_state, act, to_state, validity, origin) VALUES
    ('transferred', 'overturn_transfer', 'active', 'within', 'IAF MD 2: a transfer that failed');
INSERT INTO akashi.requirement (act, rule, origin) VALUES
    ('overturn_transfer', 'facts', 'ISO/IEC 17021-1 8.2.2'),
    ('overturn_transfer', 'independence', 'ISO/IEC 17021-1 9.5.1');

-- What happened and who did it, read by whoever may see the transfer.

CREATE FUNCTION akashi.transfer_state(t akashi.transfer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT s.to_state FROM akashi.transfer_step s WHERE s.to_body_id = t.body_id AND s.transfer_id = t.id ORDER BY s.n DESC LIMIT 1),
                    CASE WHEN t.from_body_id IS NULL THEN 'outside' ELSE 'opened' END)
$$;

CREATE FUNCTION akashi.transfer_is_open(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state NOT IN ('completed', 'withdrawn', 'taken_back')
$$;

CREATE FUNCTION akashi.last_step(t akashi.transfer, VARIADIC steps text[]) RETURNS akashi.transfer_step LANGUAGE sql STABLE AS $$
    SELECT s FROM akashi.transfer_step s WHERE s.to_body_id = t.body_id AND s.transfer_id = t.id AND s.step = ANY (steps) ORDER BY s.n DESC LIMIT 1
$$;

-- On whose word the certification comes over: of the issuing body, of its accreditation body, or of neither, being outside.
CREATE FUNCTION akashi.transfer_basis(t akashi.transfer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN t.from_body_id IS NULL THEN 'outside' ELSE (akashi.last_step(t, 'released', 'no_cooperation')).step END
$$;

-- The transfer by which an application's certification is taken over.
CREATE FUNCTION akashi.transfer_for(body uuid, application uuid) RETURNS akashi.transfer LANGUAGE sql STABLE AS $$
    SELECT t FROM akashi.transfer t WHERE t.body_id = body AND t.application_id = application ORDER BY t.recorded_at DESC LIMIT 1
$$;

-- The newest transfer of a certification away from its body.
CREATE FUNCTION akashi.transfer_of(body uuid, certification uuid) RETURNS akashi.transfer LANGUAGE sql STABLE AS $$
    SELECT t FROM akashi.transfer t WHERE t.from_body_id = body AND t.from_certification_id = certification ORDER BY t.recorded_at DESC LIMIT 1
$$;

-- The transferred certification as its own body's records have it.
CREATE TYPE akashi.transfer_source AS (
    state text, valid_until timestamptz, suspension_no integer, suspended_at timestamptz, accreditations uuid[], says jsonb);

CREATE FUNCTION akashi.says(d akashi.decision, c akashi.certification) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'certificate_id', c.public_id, 'number', c.number, 'document', d.designation, 'body_names', f.facts->'body'->'names', 'country', f.facts->'body'->'country',
        'areas', to_jsonb(d.areas), 'countries', to_jsonb(d.countries), 'roles', to_jsonb(d.roles),
        'sites', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s->'id', 'country', s->'country')), '[]') FROM jsonb_array_elements(f.facts->'scope'->'sites') s),
        'identifiers', coalesce(f.facts->'holder'->'identifiers', '[]'), 'last_valid_day', d.last_valid_day,
        'initially_certified_on', f.facts->'cycle'->'initially_certified_on', 'cycle_started_on', f.facts->'cycle'->'started_on')
    FROM akashi.draft f WHERE f.body_id = d.body_id AND f.id = d.id
$$;

-- The accepting body reads its standing at once, for that is public, and what it says once it was given over (17021-1 8.4).
CREATE FUNCTION akashi.source_of(wanted uuid) RETURNS akashi.transfer_source LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE t akashi.transfer; c akashi.certification; d akashi.decision; e akashi.standing_event; source akashi.transfer_source;
BEGIN
    SELECT * INTO t FROM akashi.transfer x WHERE x.body_id = akashi.current_body() AND x.id = wanted;
    IF t.from_body_id IS NULL THEN
        source.says := t.previous;
        RETURN source;
    END IF;
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = t.from_body_id AND x.id = t.from_certification_id;
    d := akashi.decision_in_force(c.body_id, c.id);
    source.state := akashi.current_state(c.body_id, c.id);
    source.valid_until := (akashi.latest_version(c.body_id, c.id)).valid_until;
    SELECT * INTO e FROM akashi.standing_event x WHERE x.body_id = c.body_id AND x.certification_id = c.id AND x.to_state = 'suspended'
        AND x.from_state <> 'suspended' ORDER BY x.event_no DESC LIMIT 1;
    source.suspension_no := e.event_no;
    source.suspended_at := e.recorded_at;
    source.accreditations := akashi.accreditations_named(d.body_id, d.id);
    IF akashi.transfer_basis(t) IS NOT NULL THEN
        source.says := akashi.says(d, c);
    END IF;
    RETURN source;
END $$;
COMMENT ON FUNCTION akashi.source_of IS 'Invariant 14 crosses bodies: the accepting one is judged by the issuing one''s records (records, roles).';

-- The instant at which the new certificate will begin, once its decision is signed; for either body.
CREATE FUNCTION akashi.start_of_transfer(accepting uuid, wanted uuid) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER AS $$
    SELECT (f.facts->'validity'->>'valid_from')::timestamptz
    FROM akashi.transfer t
    JOIN akashi.transfer_step s ON s.to_body_id = t.body_id AND s.transfer_id = t.id AND s.step = 'accepted'
    JOIN akashi.draft f ON f.body_id = s.body_id AND f.id = s.decision_id
    WHERE t.body_id = accepting AND t.id = wanted AND akashi.current_body() IN (t.body_id, t.from_body_id)
      AND EXISTS (SELECT FROM akashi.act a WHERE a.body_id = f.body_id AND a.draft_id = f.id AND a.name = 'decide' AND akashi.act_is_sealed(a.body_id, a.id))
    ORDER BY s.n DESC LIMIT 1
$$;
COMMENT ON FUNCTION akashi.start_of_transfer IS 'Invariant 14: the issuing body closes at the very instant that the accepting body''s signed decision names.';

-- Opening.

CREATE FUNCTION akashi.transfer_begins_lawfully() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE a akashi.application; c akashi.certification;
BEGIN
    PERFORM akashi.demand_read_committed();
    IF NEW.body_id IS DISTINCT FROM akashi.current_body() THEN
        PERFORM akashi.refuse('unknown_reference', 'each body opens its own transfers');
    END IF;
    SELECT * INTO a FROM akashi.application x WHERE x.body_id = NEW.body_id AND x.id = NEW.application_id;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('unknown_application', '17021-1 9.1.1: a client that asks for a transfer applies');
    END IF;
    IF NOT EXISTS (SELECT FROM akashi.transfer_terms x WHERE x.scheme_code = a.scheme_code) THEN
        PERFORM akashi.refuse('transfer_not_provided', 'IAF MD 2: this scheme knows no transfer');
    END IF;
    IF NEW.requested_on > akashi.body_today(NEW.body_id) THEN
        PERFORM akashi.refuse('date_in_the_future', 'requested_on of transfer: what is recorded has happened');
    END IF;
    NEW.organisation_id := a.organisation_id;
    NEW.scheme_code := a.scheme_code;
    NEW.subject := akashi.subject_of(CASE WHEN NEW.previous IS NULL THEN NEW.source ELSE NEW.id::text END);
    NEW.from_body_id := NULL;
    NEW.from_certification_id := NULL;
    NEW.overseers := '{}';
    IF NEW.previous IS NULL THEN
        SELECT * INTO c FROM akashi.certification x WHERE x.public_id = NEW.source
            AND EXISTS (SELECT FROM akashi.certificate_version v WHERE v.body_id = x.body_id AND v.certification_id = x.id);
        PERFORM akashi.check_opening(NEW, a, c);
        NEW.from_body_id := c.body_id;
        NEW.from_certification_id := c.id;
        NEW.overseers := ARRAY(SELECT DISTINCT n.body_id FROM akashi.accreditation n
            WHERE n.id = ANY (akashi.accreditations_named(c.body_id, (akashi.decision_in_force(c.body_id, c.id)).id)) ORDER BY 1);
    END IF;
    PERFORM akashi.lock_subject(akashi.subject_of(NEW.application_id::text));
    PERFORM akashi.lock_subject(NEW.subject);
    PERFORM akashi.check_no_other_transfer(NEW);
    IF c.id IS NULL THEN
        PERFORM akashi.check_source(NEW, ROW(NULL, NULL, NULL, NULL, NULL, NEW.previous)::akashi.transfer_source);
    ELSE
        PERFORM akashi.check_standing_of_source(akashi.current_state(c.body_id, c.id), (akashi.latest_version(c.body_id, c.id)).valid_until);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transfer_begins_lawfully BEFORE INSERT ON akashi.transfer FOR EACH ROW EXECUTE FUNCTION akashi.transfer_begins_lawfully();

CREATE FUNCTION akashi.check_opening(t akashi.transfer, a akashi.application, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF c.id IS NULL THEN
        PERFORM akashi.refuse('unknown_certificate', 'a certificate that is transferred was issued');
    END IF;
    IF c.body_id = t.body_id THEN
        PERFORM akashi.refuse('transfer_within_one_body', 'IAF MD 2: a transfer leads from one body to another');
    END IF;
    IF c.scheme_code <> a.scheme_code THEN
        PERFORM akashi.refuse('transfer_of_another_scheme', 'IAF MD 2: what was applied for is what is transferred');
    END IF;
END $$;

CREATE FUNCTION akashi.check_no_other_transfer(wanted akashi.transfer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.transfer t WHERE t.from_body_id = wanted.from_body_id AND t.from_certification_id = wanted.from_certification_id
               AND akashi.transfer_state(t) = 'completed') THEN
        PERFORM akashi.refuse('certification_transferred', 'another body certifies since the transfer; old and new do not run side by side (invariant 14)');
    END IF;
    IF EXISTS (SELECT FROM akashi.transfer t WHERE akashi.transfer_is_open(akashi.transfer_state(t)) AND (
            (t.from_body_id = wanted.from_body_id AND t.from_certification_id = wanted.from_certification_id)
            OR (t.body_id = wanted.body_id AND t.application_id = wanted.application_id)
            OR (t.body_id = wanted.body_id AND wanted.previous IS NOT NULL AND t.source = wanted.source
                AND t.previous->'body_names'->0->'name' = wanted.previous->'body_names'->0->'name'))) THEN
        PERFORM akashi.refuse('transfer_already_open', 'at most one open transfer of a certification (invariant 14)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_no_other_transfer IS 'Invariant 14, under the lock of the certification that is transferred.';

CREATE FUNCTION akashi.check_standing_of_source(state text, valid_until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF state = 'suspended' THEN
        PERFORM akashi.refuse('transfer_of_suspended', 'IAF MD 2: a suspended certification is not transferred (invariant 14)');
    ELSIF state <> 'active' THEN
        PERFORM akashi.refuse('transfer_of_ended', 'IAF MD 2: only a valid certification is transferred (invariant 14)');
    ELSIF valid_until <= akashi.now() THEN
        PERFORM akashi.refuse('transfer_of_expired', 'IAF MD 2: only a valid certification is transferred (invariant 14)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_standing_of_source IS 'IAF MD 2; invariant 14: from a certification in force.';

-- The steps. Number and states are never the caller's; who takes a step that he does not see takes none.

CREATE FUNCTION akashi.step_is_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer; m akashi.transfer_transition;
BEGIN
    PERFORM akashi.demand_read_committed();
    SELECT * INTO t FROM akashi.transfer x WHERE x.body_id = NEW.to_body_id AND x.id = NEW.transfer_id;
    IF NOT FOUND OR NEW.body_id IS DISTINCT FROM akashi.current_body() THEN
        PERFORM akashi.refuse('unknown_transfer', 'a transfer is known to both bodies and to the accreditation bodies of the issuing one');
    END IF;
    PERFORM akashi.lock_subject(t.subject);
    NEW.from_state := akashi.transfer_state(t);
    SELECT coalesce(max(s.n), 0) + 1 INTO NEW.n FROM akashi.transfer_step s WHERE s.to_body_id = t.body_id AND s.transfer_id = t.id;
    SELECT * INTO m FROM akashi.transfer_transition x WHERE x.from_state = NEW.from_state AND x.step = NEW.step;
    IF NOT FOUND OR NEW.body_id IS DISTINCT FROM (CASE m.party WHEN 'accepting' THEN t.body_id WHEN 'issuing' THEN t.from_body_id
        ELSE (SELECT x FROM unnest(t.overseers) x WHERE x = NEW.body_id) END) THEN
        PERFORM akashi.refuse('no_such_transfer_step', 'IAF MD 2: each party takes its own steps, in their order');
    END IF;
    NEW.to_state := m.to_state;
    IF NEW.done_on > akashi.body_today(NEW.body_id) THEN
        PERFORM akashi.refuse('date_in_the_future', 'done_on of transfer_step: what is recorded has happened');
    END IF;
    CASE NEW.step
        WHEN 'released' THEN PERFORM akashi.check_release(NEW, t);
        WHEN 'refused', 'withdrawn' THEN PERFORM akashi.check_ground(NEW);
        WHEN 'no_cooperation' THEN PERFORM akashi.check_evidence(NEW, t);
        WHEN 'reviewed' THEN PERFORM akashi.check_review(NEW, t);
        ELSE NEW.content := akashi.content_of_step(NEW, t);
    END CASE;
    RETURN NEW;
END $$;
CREATE TRIGGER step_is_lawful BEFORE INSERT ON akashi.transfer_step FOR EACH ROW EXECUTE FUNCTION akashi.step_is_lawful();

CREATE FUNCTION akashi.check_ground(s akashi.transfer_step) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.reason_code r WHERE r.act = 'transfer_' || s.step AND r.code = s.ground) THEN
        PERFORM akashi.refuse('reason_missing', 'IAF MD 2: a refusal, a withdrawal and a finding of no cooperation state a coded ground');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_ground IS 'IAF MD 2: coded grounds.';

CREATE FUNCTION akashi.check_release(s akashi.transfer_step, t akashi.transfer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.check_standing_of_source(akashi.current_state(t.from_body_id, t.from_certification_id),
        (akashi.latest_version(t.from_body_id, t.from_certification_id)).valid_until);
    IF s.person_id IS NULL OR NOT s.content ?& ARRAY['certificate', 'nonconformities', 'complaints', 'audits', 'cycle', 'planned_day'] THEN
        PERFORM akashi.refuse('release_incomplete', 'IAF MD 2: certificate, nonconformities, complaints, audits, cycle and the planned day are given over');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_release IS 'IAF MD 2: the issuing body co-operates; what it gives over is what the accepting body reviews.';

CREATE FUNCTION akashi.check_review(s akashi.transfer_step, t akashi.transfer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE terms akashi.transfer_terms; visited boolean := s.content->>'visited_on' IS NOT NULL;
BEGIN
    SELECT * INTO terms FROM akashi.transfer_terms x WHERE x.scheme_code = t.scheme_code;
    IF s.person_id IS NULL OR NOT akashi.person_has_function(s.body_id, s.person_id, 'reviewer', t.scheme_code, s.done_on) THEN
        PERFORM akashi.refuse('reviewer_not_competent', 'IAF MD 2, 17021-1 9.1.2: the pre-transfer review is made by a competent person');
    END IF;
    PERFORM akashi.demand_no_interest(s.body_id, s.person_id, t.organisation_id, s.done_on);
    IF NOT s.content ?& ARRAY['reviewed', 'conclusion', 'sites', 'visited_on'] OR s.content->>'conclusion' NOT IN ('accepted', 'declined') THEN
        PERFORM akashi.refuse('transfer_review_incomplete', 'IAF MD 2: what was looked at, which sites are whose, and to what conclusion');
    END IF;
    IF s.content->>'conclusion' = 'accepted' AND NOT (visited OR to_jsonb(terms.reviewed) <@ (s.content->'reviewed')) THEN
        PERFORM akashi.refuse('transfer_visit_missing', 'IAF MD 2: what the documents leave in doubt is seen at a visit');
    END IF;
    IF s.content->>'conclusion' = 'accepted' AND NOT coalesce((s.content->>'nonconformities_settled')::boolean, false) THEN
        PERFORM akashi.refuse('open_nonconformities', 'IAF MD 2: majors verified and minors'' plans accepted before anything is taken over (invariant 8)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_review IS 'IAF MD 2: the pre-transfer review.';

-- What a decision or an event leaves in the record: its own words, never the caller's.
CREATE FUNCTION akashi.content_of_step(s akashi.transfer_step, t akashi.transfer) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE d akashi.decision; e akashi.standing_event; act text := CASE s.step WHEN 'accepted' THEN 'transfer_in' WHEN 'closed' THEN 'transfer_out'
    WHEN 'completed' THEN 'transfer_in' WHEN 'taken_back' THEN 'overturn_transfer' END;
BEGIN
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = s.body_id AND x.id = s.decision_id;
    SELECT * INTO e FROM akashi.standing_event x WHERE x.body_id = s.body_id AND x.decision_id = s.decision_id;
    IF d.id IS NULL OR d.act IS DISTINCT FROM coalesce(act, d.act) OR (s.step <> 'accepted' AND e.event_no IS NULL)
       OR (s.body_id = t.body_id AND NOT EXISTS (SELECT FROM akashi.certification c WHERE c.body_id = d.body_id AND c.id = d.certification_id
                                                 AND c.application_id = t.application_id))
       OR (s.body_id <> t.body_id AND d.certification_id IS DISTINCT FROM t.from_certification_id) THEN
        PERFORM akashi.refuse('unknown_decision', 'a transfer moves by the decisions of its own certifications');
    END IF;
    RETURN jsonb_strip_nulls(jsonb_build_object('act', d.act, 'event_no', e.event_no, 'effective_on', d.effective_on, 'effective_at', akashi.utc_ms(e.effective_at),
        'reason', (SELECT r.code FROM akashi.draft_reason r WHERE r.body_id = d.body_id AND r.draft_id = d.id AND s.step = 'source_changed'),
        'certificate_id', (SELECT c.public_id FROM akashi.certification c WHERE c.body_id = d.body_id AND c.id = d.certification_id AND s.step = 'completed')));
END $$;
COMMENT ON FUNCTION akashi.content_of_step IS 'C094: a change of standing while a transfer is open is shown, with its coded reason, to the other body and to the accreditation bodies.';

-- The accreditation body's evidence: drafted, confirmed by an officer, signed in the one envelope.

CREATE FUNCTION akashi.check_evidence_draft(d jsonb, act akashi.act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer; terms akashi.transfer_terms; n akashi.accreditation;
BEGIN
    SELECT * INTO t FROM akashi.transfer x WHERE x.body_id = (d->>'accepting_body')::uuid AND x.id = (d->>'transfer')::uuid;
    SELECT * INTO n FROM akashi.accreditation a WHERE a.body_id = act.body_id AND a.id = (d->>'accreditation')::uuid AND a.accredited_id = t.from_body_id;
    IF n.id IS NULL OR NOT act.body_id = ANY (t.overseers) THEN
        PERFORM akashi.refuse('unknown_transfer', 'IAF MD 2: an accreditation body speaks of the bodies that it accredits');
    END IF;
    IF d->>'accreditation_body' IS DISTINCT FROM act.body_id::text OR d->>'issuing_body' IS DISTINCT FROM t.from_body_id::text
       OR d->>'certification' IS DISTINCT FROM t.source OR d->>'time_zone' IS DISTINCT FROM n.time_zone
       OR NOT EXISTS (SELECT FROM akashi.draft_person p WHERE p.body_id = act.body_id AND p.draft_id = act.draft_id
                      AND d->>'confirmed_by_commitment' = akashi.base64url(akashi.commitment(p.salt, convert_to(p.person_id::text, 'UTF8')))) THEN
        PERFORM akashi.refuse('document_mismatch', 'evidence names its transfer and its officer as the records have them');
    END IF;
    PERFORM akashi.check_officers(act, n.scheme_code, n.time_zone);
    PERFORM akashi.lock_subject(t.subject);
    PERFORM akashi.check_ground_of_evidence(d, t);
END $$;
COMMENT ON FUNCTION akashi.check_evidence_draft IS 'IAF MD 2: the accreditation body of the issuing body is whom the accepting body turns to.';

CREATE FUNCTION akashi.check_ground_of_evidence(d jsonb, t akashi.transfer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE days integer; change akashi.transfer_step;
BEGIN
    SELECT x.answer_days INTO days FROM akashi.transfer_terms x WHERE x.scheme_code = t.scheme_code;
    SELECT * INTO change FROM akashi.transfer_step s WHERE s.to_body_id = t.body_id AND s.transfer_id = t.id AND s.step = 'source_changed'
        AND s.content->>'act' IN ('suspend', 'suspend_urgently') AND (s.content->>'event_no')::integer = (d->>'event_no')::integer;
    IF NOT EXISTS (SELECT FROM akashi.reason_code r WHERE r.act = 'transfer_no_cooperation' AND r.code = d->>'ground')
       OR (d->>'ground' = 'refusal_without_ground' AND akashi.transfer_state(t) <> 'refused')
       OR (d->>'ground' = 'suspension_without_ground') <> (change.n IS NOT NULL) OR (change.n IS NULL AND d->>'event_no' IS NOT NULL)
       OR (d->>'ground' = 'body_ceased' AND NOT EXISTS (SELECT FROM akashi.accreditation a, akashi.accreditation_on(a.id, (akashi.now() AT TIME ZONE a.time_zone)::date) s
            WHERE a.accredited_id = t.from_body_id AND a.body_id = (d->>'accreditation_body')::uuid AND s.status = 'ceased')) THEN
        PERFORM akashi.refuse('ground_not_given', 'IAF MD 2: the ground that an accreditation body states is in the record of the transfer, or in its own statement');
    END IF;
    IF d->>'ground' = 'no_answer' AND (akashi.transfer_state(t) <> 'opened'
        OR akashi.body_today(t.from_body_id) <= (t.recorded_at AT TIME ZONE (SELECT p.time_zone FROM akashi.party p WHERE p.id = t.from_body_id))::date + days) THEN
        PERFORM akashi.refuse('answer_not_due', 'IAF MD 2: the issuing body has time to answer until the last of its days');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_ground_of_evidence IS 'IAF MD 2: no answer in time, a refusal or a suspension without ground, or a body that is no more (C094).';

CREATE FUNCTION akashi.evidence_is_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name = 'attest' THEN
        PERFORM akashi.lock_subject(NEW.subject);
        PERFORM akashi.check_evidence_draft((SELECT convert_from(x.document, 'UTF8')::jsonb FROM akashi.draft x WHERE x.body_id = NEW.body_id AND x.id = NEW.draft_id), NEW);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER d_evidence_is_lawful BEFORE INSERT ON akashi.act FOR EACH ROW EXECUTE FUNCTION akashi.evidence_is_lawful();

CREATE FUNCTION akashi.check_evidence(s akashi.transfer_step, t akashi.transfer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a akashi.act; d jsonb;
BEGIN
    SELECT x.* INTO a FROM akashi.reservation r JOIN akashi.act x ON x.body_id = r.body_id AND x.id = r.act_id WHERE r.body_id = s.body_id AND r.id = s.envelope_id;
    d := akashi.document_in(s.body_id, s.envelope_id, a.draft_id, 'akashi-transfer-evidence-1');
    IF d IS NULL OR d->>'transfer' IS DISTINCT FROM t.id::text OR d->>'accepting_body' IS DISTINCT FROM t.body_id::text
       OR d->>'ground' IS DISTINCT FROM s.ground OR d->>'stated_on' IS DISTINCT FROM s.done_on::text
       OR s.content IS DISTINCT FROM jsonb_strip_nulls(jsonb_build_object('event_no', d->'event_no')) THEN
        PERFORM akashi.refuse('document_mismatch', 'evidence is recorded as its officer confirmed it');
    END IF;
    PERFORM akashi.check_ground_of_evidence(d, t);
END $$;
COMMENT ON FUNCTION akashi.check_evidence IS 'IAF MD 2: only what the accreditation body signed stands in for the issuing body''s word.';

-- The decision to take over.

CREATE FUNCTION akashi.check_source(t akashi.transfer, source akashi.transfer_source) RETURNS void LANGUAGE plpgsql AS $$
DECLARE evidence akashi.transfer_step := akashi.last_step(t, 'no_cooperation');
BEGIN
    IF t.from_body_id IS NULL THEN
        IF (source.says->>'last_valid_day')::date < akashi.body_today(t.body_id) THEN
            PERFORM akashi.refuse('transfer_of_expired', 'IAF MD 2: only a valid certification is transferred (invariant 14)');
        END IF;
        RETURN;
    END IF;
    IF source.state = 'suspended' AND (evidence.content->>'event_no')::integer = source.suspension_no AND source.suspended_at > t.recorded_at THEN
        source.state := 'active';  -- The accreditation body found no ground for it (C094).
    END IF;
    PERFORM akashi.check_standing_of_source(source.state, source.valid_until);
END $$;
COMMENT ON FUNCTION akashi.check_source IS 'IAF MD 2; invariant 14: the certification that is taken over is in force, at the decision and at the issue.';

-- When an accreditation ceased to cover what it covered; null while it does.
CREATE FUNCTION akashi.lost_on(accreditation uuid, body uuid, scheme text, says jsonb) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE zone text; today date; s akashi.accreditation_statement;
BEGIN
    SELECT a.time_zone INTO zone FROM akashi.accreditation a WHERE a.id = accreditation;
    today := (akashi.now() AT TIME ZONE zone)::date;
    IF akashi.accreditation_gap(accreditation, body, scheme, says->>'document', akashi.sorted_texts(says->'areas'), akashi.sorted_texts(says->'countries'),
                                'transfer_in', today) IS NULL THEN
        RETURN NULL;
    END IF;
    s := akashi.accreditation_on(accreditation, today);
    RETURN CASE WHEN s.valid_to < today AND s.status IN ('active', 'suspended') THEN s.valid_to + 1 ELSE coalesce(s.effective_on, '-infinity') END;
END $$;

CREATE FUNCTION akashi.check_accreditation_of_source(t akashi.transfer, source akashi.transfer_source, review akashi.transfer_step) RETURNS void LANGUAGE plpgsql AS $$
DECLARE terms akashi.transfer_terms; lost date; covered boolean;
BEGIN
    IF t.from_body_id IS NULL OR NOT EXISTS (SELECT FROM akashi.scheme s WHERE s.code = t.scheme_code AND s.assurance = 'accredited_third_party') THEN
        RETURN;
    END IF;
    IF cardinality(source.accreditations) = 0 THEN
        PERFORM akashi.refuse('transfer_of_unaccredited', 'IAF MD 2: only an accredited certification is transferred');
    END IF;
    SELECT * INTO terms FROM akashi.transfer_terms x WHERE x.scheme_code = t.scheme_code;
    PERFORM akashi.share_accreditation(x) FROM unnest(source.accreditations) x;
    SELECT bool_or(l IS NULL), max(l) INTO covered, lost FROM unnest(source.accreditations) x, akashi.lost_on(x, t.from_body_id, t.scheme_code, source.says) l;
    IF covered THEN
        RETURN;
    END IF;
    IF akashi.body_today(t.body_id) > (lost + make_interval(months => terms.loss_months))::date THEN
        PERFORM akashi.refuse('transfer_window_closed', 'IAF MD 2: after the loss of accreditation within six months, or until the certificate ends');
    END IF;
    IF review.content->>'accreditation_body_told_on' IS NULL THEN
        PERFORM akashi.refuse('accreditation_body_not_told', 'IAF MD 2: the accepting body tells its accreditation body when the issuing one lost its accreditation');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_accreditation_of_source IS 'IAF MD 2: accredited, or within the time that follows the loss.';

-- Whether an accreditation body is recognised today at one of the levels, as its arrangement publishes it.
CREATE FUNCTION akashi.is_recognised(accreditation_body uuid, levels text[], day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.recognition r JOIN akashi.recognition_arrangement a ON a.code = r.arrangement_code
                   LEFT JOIN akashi.recognition_end e ON e.recognition_id = r.id
                   WHERE r.party_id = accreditation_body AND r.level = ANY (levels)
                     AND r.valid_from <= day AND day <= coalesce(least(r.valid_to, a.valid_to, e.last_day), 'infinity'))
$$;
COMMENT ON FUNCTION akashi.is_recognised IS 'IAF MD 2: whether a recognition of one of these levels holds on a day, within its arrangement.';

CREATE FUNCTION akashi.check_recognition(t akashi.transfer, source akashi.transfer_source) RETURNS void LANGUAGE plpgsql AS $$
DECLARE levels text[] := (SELECT x.recognised_at FROM akashi.transfer_terms x WHERE x.scheme_code = t.scheme_code); day date := akashi.body_today(t.body_id);
BEGIN
    IF cardinality(levels) = 0
       OR EXISTS (SELECT FROM akashi.accreditation n WHERE n.id = ANY (source.accreditations) AND akashi.is_recognised(n.body_id, levels, day))
       OR (t.from_body_id IS NULL AND EXISTS (SELECT FROM akashi.recognition_arrangement a WHERE a.code = source.says->>'arrangement'
                                              AND day BETWEEN a.valid_from AND coalesce(a.valid_to, 'infinity'))) THEN
        RETURN;
    END IF;
    PERFORM akashi.refuse('transfer_not_recognised', 'IAF MD 2: only a certification accredited by a signatory of the arrangement is transferred');
END $$;
COMMENT ON FUNCTION akashi.check_recognition IS 'IAF MD 2: of a body outside the accepting one states the arrangement, as it stands on the certificate.';

-- Each site was a site of the old certificate, in the same country, and none of them stands for two.
CREATE FUNCTION akashi.sites_are_inside(d akashi.decision, says jsonb, matched jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM unnest(d.site_ids) i LEFT JOIN akashi.site s ON s.body_id = d.body_id AND s.id = i
                       WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(says->'sites') o WHERE o->>'id' = matched->>i::text AND o->>'country' = s.country))
       AND (SELECT count(DISTINCT matched->>i::text) = count(*) FROM unnest(d.site_ids) i)
$$;

CREATE FUNCTION akashi.check_taken_over(d akashi.decision, t akashi.transfer, says jsonb, review akashi.transfer_step) RETURNS void LANGUAGE plpgsql AS $$
DECLARE f jsonb := (SELECT x.facts FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id);
BEGIN
    IF NOT (d.designation = says->>'document' AND to_jsonb(d.areas) <@ (says->'areas') AND to_jsonb(d.countries) <@ (says->'countries')
            AND to_jsonb(d.roles) <@ (says->'roles') AND akashi.sites_are_inside(d, says, review.content->'sites')) THEN
        PERFORM akashi.refuse('transfer_widens_scope', 'IAF MD 2: codes and sites are those of the old certificate; more is an extension of its own (invariant 10)');
    END IF;
    IF d.last_valid_day IS DISTINCT FROM (says->>'last_valid_day')::date THEN
        PERFORM akashi.refuse('transfer_moves_the_end', 'IAF MD 2: the cycle goes on, and with it the last valid day (invariant 2)');
    END IF;
    IF f->'cycle'->>'initially_certified_on' IS DISTINCT FROM says->>'initially_certified_on' OR f->'cycle'->>'started_on' IS DISTINCT FROM says->>'cycle_started_on'
       OR f->'previous'->>'basis' IS DISTINCT FROM akashi.transfer_basis(t) OR f->'previous'->>'certificate_id' IS DISTINCT FROM says->>'certificate_id'
       OR f->'previous'->>'number' IS DISTINCT FROM says->>'number' OR f->'previous'->>'last_valid_day' IS DISTINCT FROM says->>'last_valid_day' THEN
        PERFORM akashi.refuse('document_mismatch', 'the new certificate names the old one, its cycle, and on whose word it was taken over');
    END IF;
    IF EXISTS (SELECT FROM jsonb_array_elements(says->'identifiers') o JOIN jsonb_array_elements(coalesce(f->'holder'->'identifiers', '[]')) i ON i->>'scheme' = o->>'scheme'
               WHERE o->>'scheme' <> 'other' AND i->>'value' <> o->>'value') THEN
        PERFORM akashi.refuse('transfer_of_another_holder', 'IAF MD 2: the client that is taken over is the one that was certified');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_taken_over IS 'IAF MD 2; C095: scope within the old one, the same end, the same cycle, the same holder.';

CREATE FUNCTION akashi.check_transfer_in(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer; source akashi.transfer_source; review akashi.transfer_step; starts timestamptz;
BEGIN
    SELECT x.* INTO t FROM akashi.certification c, akashi.transfer_for(c.body_id, c.application_id) x WHERE c.body_id = d.body_id AND c.id = d.certification_id;
    IF t.id IS NULL OR NOT akashi.transfer_is_open(akashi.transfer_state(t)) THEN
        PERFORM akashi.refuse('no_open_transfer', 'IAF MD 2: a certification is taken over by a transfer that both sides know');
    END IF;
    PERFORM akashi.lock_subject(t.subject);
    source := akashi.source_of(t.id);
    PERFORM akashi.check_source(t, source);
    IF akashi.transfer_basis(t) IS NULL THEN
        PERFORM akashi.refuse('transfer_not_released', 'IAF MD 2: the issuing body gives over, or its accreditation body states that it does not cooperate');
    END IF;
    review := akashi.last_step(t, 'reviewed');
    IF akashi.transfer_state(t) NOT IN ('reviewed', 'accepted') OR review.content->>'conclusion' IS DISTINCT FROM 'accepted' OR review.done_on > d.decided_on THEN
        PERFORM akashi.refuse('transfer_not_reviewed', 'IAF MD 2: a pre-transfer review, concluded in favour, comes before the decision');
    END IF;
    PERFORM akashi.check_accreditation_of_source(t, source, review);
    PERFORM akashi.check_recognition(t, source);
    PERFORM akashi.check_taken_over(d, t, source.says, review);
    starts := (SELECT x.facts->'validity'->>'valid_from' FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id)::timestamptz;
    IF akashi.transfer_basis(t) = 'released' AND (starts <= akashi.now() OR d.effective_on < ((akashi.last_step(t, 'released')).content->>'planned_day')::date) THEN
        PERFORM akashi.refuse('transfer_begins_too_early', 'IAF MD 2: the old certificate closes when the new one begins, so that lies ahead, and not before the planned day');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_transfer_in IS 'IAF MD 2; invariant 14.';

-- The other half: the issuing body closes at the instant at which the new certificate begins, or takes back what was never taken over.

CREATE FUNCTION akashi.check_transfer_out(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer := akashi.transfer_of(d.body_id, d.certification_id); starts timestamptz;
BEGIN
    IF t.id IS NULL OR (NOT akashi.transfer_is_open(akashi.transfer_state(t)) AND akashi.transfer_state(t) <> 'completed') THEN
        PERFORM akashi.refuse('no_open_transfer', 'IAF MD 2: a certification is given over in a transfer that both sides know');
    END IF;
    starts := akashi.start_of_transfer(t.body_id, t.id);
    IF akashi.transfer_state(t) NOT IN ('accepted', 'completed') OR starts IS NULL THEN
        PERFORM akashi.refuse('transfer_not_decided', 'IAF MD 2: the accepting body decides first, so that nobody is left without a certificate');
    END IF;
    IF akashi.transfer_state(t) = 'completed' THEN  -- Taken over without its body's help; that one closes late, as from now.
        starts := NULL;
    END IF;
    IF d.effective_at IS DISTINCT FROM starts OR d.effective_on IS DISTINCT FROM (coalesce(starts, akashi.now()) AT TIME ZONE d.time_zone)::date THEN
        PERFORM akashi.refuse('closes_at_another_instant', 'the old certificate closes at the very instant at which the new one begins (invariant 14)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_transfer_out IS 'IAF MD 2; invariant 14: no gap, no overlap.';

CREATE FUNCTION akashi.check_overturned_transfer(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer := akashi.transfer_of(d.body_id, d.certification_id); closed akashi.transfer_step; state text; days integer;
BEGIN
    PERFORM akashi.lock_subject(t.subject);
    closed := akashi.last_step(t, 'closed');
    state := akashi.transfer_state(t);
    SELECT x.completion_days INTO days FROM akashi.transfer_terms x WHERE x.scheme_code = t.scheme_code;
    IF (closed.content->>'event_no')::integer IS DISTINCT FROM d.annuls_no
       OR (state = 'withdrawn' OR (state = 'closed' AND akashi.now() > (closed.content->>'effective_at')::timestamptz + make_interval(days => days))) IS NOT TRUE THEN
        PERFORM akashi.refuse('transfer_not_failed', 'IAF MD 2: only what the accepting body gave up, or left undone, is taken back (invariant 14)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_overturned_transfer IS 'IAF MD 2: nobody is left without a body because a transfer failed; the gap stays visible.';

-- What was taken over is not carried on here as well; only what reduces or ends it is left to its old body.
CREATE FUNCTION akashi.check_not_taken_over(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer := akashi.transfer_of(d.body_id, d.certification_id);
BEGIN
    IF t.id IS NULL THEN
        RETURN;
    END IF;
    PERFORM akashi.lock_subject(t.subject);
    IF akashi.transfer_state(t) = 'completed' THEN
        PERFORM akashi.refuse('certification_transferred', 'another body certifies since the transfer; old and new do not run side by side (invariant 14)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_not_taken_over IS 'Invariant 14.';

CREATE FUNCTION akashi.decision_of_a_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE NEW.act
        WHEN 'transfer_in' THEN PERFORM akashi.check_transfer_in(NEW);
        WHEN 'transfer_out' THEN PERFORM akashi.check_transfer_out(NEW);
        WHEN 'overturn_transfer' THEN PERFORM akashi.check_overturned_transfer(NEW);
        ELSE PERFORM akashi.check_not_taken_over(NEW);
    END CASE;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_of_a_transfer BEFORE INSERT ON akashi.decision FOR EACH ROW
    WHEN (NEW.act NOT IN ('grant', 'refuse', 'import', 'suspend', 'suspend_urgently', 'ratify', 'reduce', 'withdraw', 'cancel', 'annul'))
    EXECUTE FUNCTION akashi.decision_of_a_transfer();

-- Only then is the new certificate issued: at the reservation, before anything is signed, and once more at the second commit.

CREATE FUNCTION akashi.check_issue_of_transfer(d akashi.decision, starts timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer; source akashi.transfer_source; closed akashi.transfer_step;
BEGIN
    SELECT x.* INTO t FROM akashi.certification c, akashi.transfer_for(c.body_id, c.application_id) x WHERE c.body_id = d.body_id AND c.id = d.certification_id;
    PERFORM akashi.lock_subject(t.subject);
    IF t.id IS NULL OR akashi.transfer_state(t) NOT IN ('accepted', 'closed')
       OR (akashi.last_step(t, 'accepted')).decision_id IS DISTINCT FROM d.id THEN
        PERFORM akashi.refuse('no_open_transfer', 'IAF MD 2: only the newest decision of an open transfer is carried out');
    END IF;
    source := akashi.source_of(t.id);
    IF akashi.transfer_state(t) = 'closed' THEN
        closed := akashi.last_step(t, 'closed');
        IF source.state <> 'transferred' OR (closed.content->>'effective_at')::timestamptz IS DISTINCT FROM starts THEN
            PERFORM akashi.refuse('transfer_of_ended', 'IAF MD 2: what was given over is still given over, from the same instant (invariant 14)');
        END IF;
        source.state := 'active';
    ELSIF akashi.transfer_basis(t) = 'released' THEN
        PERFORM akashi.check_source(t, source);
        PERFORM akashi.refuse('transfer_out_missing', 'IAF MD 2: the issuing body closes first (invariant 14)');
    END IF;
    PERFORM akashi.check_source(t, source);
    PERFORM akashi.check_accreditation_of_source(t, source, akashi.last_step(t, 'reviewed'));
END $$;
COMMENT ON FUNCTION akashi.check_issue_of_transfer IS 'IAF MD 2; invariant 14: old and new intervals do not overlap.';

CREATE FUNCTION akashi.issue_of_a_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d akashi.decision;
BEGIN
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = NEW.body_id AND x.id = NEW.decision_id;
    IF d.act = 'transfer_in' THEN
        PERFORM akashi.check_issue_of_transfer(d, (SELECT f.facts->'validity'->>'valid_from' FROM akashi.draft f WHERE f.body_id = d.body_id AND f.id = d.id)::timestamptz);
    ELSIF d.act = 'overturn_transfer' THEN
        PERFORM akashi.check_overturned_transfer(d);
    ELSIF d.act NOT IN ('grant', 'import', 'reduce') THEN
        PERFORM akashi.check_not_taken_over(d);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_of_a_transfer BEFORE INSERT ON akashi.issuance_reservation FOR EACH ROW EXECUTE FUNCTION akashi.issue_of_a_transfer();
CREATE TRIGGER version_of_a_transfer BEFORE INSERT ON akashi.certificate_version FOR EACH ROW EXECUTE FUNCTION akashi.issue_of_a_transfer();

-- Decisions and events leave their step, in the same commit.

CREATE FUNCTION akashi.add_step(t akashi.transfer, body uuid, step text, decision uuid, day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO akashi.transfer_step (body_id, to_body_id, transfer_id, step, done_on, decision_id) VALUES (body, t.body_id, t.id, step, day, decision);
END $$;

CREATE FUNCTION akashi.decision_leaves_its_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.add_step(akashi.transfer_for(c.body_id, c.application_id), NEW.body_id, 'accepted', NEW.id, NEW.decided_on)
        FROM akashi.certification c WHERE c.body_id = NEW.body_id AND c.id = NEW.certification_id;
    RETURN NULL;
END $$;
CREATE TRIGGER decision_leaves_its_step AFTER INSERT ON akashi.decision FOR EACH ROW WHEN (NEW.act = 'transfer_in')
    EXECUTE FUNCTION akashi.decision_leaves_its_step();

CREATE FUNCTION akashi.event_leaves_its_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE t akashi.transfer; taken text; day date;
BEGIN
    IF NEW.act = 'transfer_in' THEN
        SELECT x.* INTO t FROM akashi.certification c, akashi.transfer_for(c.body_id, c.application_id) x
            WHERE c.body_id = NEW.body_id AND c.id = NEW.certification_id;
    ELSE
        t := akashi.transfer_of(NEW.body_id, NEW.certification_id);
    END IF;
    taken := CASE NEW.act WHEN 'transfer_in' THEN 'completed' WHEN 'transfer_out' THEN 'closed' WHEN 'overturn_transfer' THEN 'taken_back' ELSE 'source_changed' END;
    IF t.id IS NOT NULL THEN
        PERFORM akashi.lock_subject(t.subject);
    END IF;
    IF t.id IS NOT NULL AND EXISTS (SELECT FROM akashi.transfer_transition x WHERE x.from_state = akashi.transfer_state(t) AND x.step = taken) THEN
        SELECT d.decided_on INTO day FROM akashi.decision d WHERE d.body_id = NEW.body_id AND d.id = NEW.decision_id;
        PERFORM akashi.add_step(t, NEW.body_id, taken, NEW.decision_id, day);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER event_leaves_its_step AFTER INSERT ON akashi.standing_event FOR EACH ROW
    WHEN (NEW.act IN ('transfer_in', 'transfer_out', 'overturn_transfer') OR NEW.from_state <> NEW.to_state AND NEW.from_state <> 'none' OR NEW.act = 'reduce')
    EXECUTE FUNCTION akashi.event_leaves_its_step();

-- What the public reads: which certificate continues which, and the accreditation body's evidence where it stood in.

GRANT SELECT (application_id) ON akashi.certification TO akashi_public;
GRANT SELECT (body_id, id, application_id, source, from_body_id, from_certification_id) ON akashi.transfer TO akashi_public;
GRANT SELECT (body_id, to_body_id, transfer_id, n, step, decision_id, envelope_id) ON akashi.transfer_step TO akashi_public;

CREATE VIEW public_record.takeover WITH (security_barrier = true) AS
SELECT t.from_body_id, t.from_certification_id, t.source AS from_public_id, c.body_id, c.id AS certification_id, c.public_id, v.effective_at, v.recorded_at,
       word.body_id AS evidence_body_id, word.envelope_id AS evidence_id
FROM akashi.transfer_step done
JOIN akashi.transfer t ON t.body_id = done.to_body_id AND t.id = done.transfer_id
JOIN akashi.certification c ON c.body_id = t.body_id AND c.application_id = t.application_id
JOIN akashi.certificate_version v ON v.body_id = c.body_id AND v.certification_id = c.id AND v.version_no = 1
LEFT JOIN LATERAL (SELECT s.body_id, s.envelope_id FROM akashi.transfer_step s WHERE s.to_body_id = t.body_id AND s.transfer_id = t.id
                   AND s.step IN ('released', 'no_cooperation') ORDER BY s.n DESC LIMIT 1) word ON word.envelope_id IS NOT NULL
WHERE done.step = 'completed' AND t.from_body_id IS NOT NULL;
COMMENT ON VIEW public_record.takeover IS 'The old ID keeps resolving: which certificate continues it, and on whose evidence where its own body gave no word.';
ALTER VIEW public_record.takeover OWNER TO akashi_public;
GRANT SELECT ON public_record.takeover TO akashi_reader;

-- The terms of the first scheme, the steps, and the grounds.

INSERT INTO akashi.transfer_terms (scheme_code, answer_days, completion_days, loss_months, reviewed, recognised_at, origin) VALUES
    ('aims', 14, 31, 6, ARRAY['audit_reports', 'certificate', 'complaints', 'cycle', 'nonconformities'], ARRAY['L3', 'L4', 'L5'],
     'IAF MD 2: six months after a loss of accreditation; days to answer and to complete are rules of this registry');

INSERT INTO akashi.transfer_transition (from_state, step, to_state, party, origin)
SELECT from_state, step, to_state, party, origin FROM (VALUES
    ('released',       'released',  'issuing',            'IAF MD 2: co-operation of the issuing body', ARRAY['opened', 'refused', 'released', 'attested']),
    ('refused',        'refused',   'issuing',            'IAF MD 2: a ground is stated', ARRAY['opened']),
    ('no_cooperation', 'attested',  'accreditation_body', 'IAF MD 2: escalation to the accreditation body', ARRAY['opened', 'refused', 'released', 'reviewed', 'accepted']),
    ('reviewed',       'reviewed',  'accepting',          'IAF MD 2: pre-transfer review', ARRAY['outside', 'released', 'attested', 'reviewed', 'accepted']),
    ('accepted',       'accepted',  'accepting',          'IAF MD 2: decision to take over', ARRAY['reviewed', 'accepted']),
    ('closed',         'closed',    'issuing',            'invariant 14: the old certificate closes', ARRAY['accepted']),
    ('completed',      'completed', 'accepting',          'the new certificate is issued', ARRAY['accepted', 'closed']),
    ('withdrawn',      'withdrawn', 'accepting',          'the accepting body gives up', ARRAY['outside', 'opened', 'released', 'refused', 'attested', 'reviewed', 'accepted', 'closed']),
    ('taken_back',     'taken_back', 'issuing',           'a transfer that failed', ARRAY['closed', 'withdrawn'])
) AS m (step, to_state, party, origin, from_states), unnest(m.from_states) AS from_state;
INSERT INTO akashi.transfer_transition (from_state, step, to_state, party, origin) VALUES
    ('completed', 'closed', 'completed', 'issuing', 'IAF MD 2: closed late by a body that did not cooperate');
INSERT INTO akashi.transfer_transition (from_state, step, to_state, party, origin)
SELECT state, 'source_changed', state, 'issuing', 'C094: shown while the transfer is open, and an annulment for ever'
FROM unnest(ARRAY['opened', 'released', 'refused', 'attested', 'reviewed', 'accepted', 'closed', 'completed']) AS state;

INSERT INTO akashi.reason_code (act, code, title_en, title_ja, origin) VALUES
    ('transfer_refused', 'client_did_not_ask',   'The client did not ask for a transfer', '登録組織が移転を求めていないこと', 'IAF MD 2'),
    ('transfer_refused', 'not_in_force',         'The certification is suspended or has ended', '認証が一時停止中であるか終了していること', 'IAF MD 2'),
    ('transfer_refused', 'suspension_under_way', 'A suspension or withdrawal is being decided', '一時停止又は取消しの手続中であること', 'IAF MD 2'),
    ('transfer_withdrawn', 'client_request',     'At the client''s request', '登録組織の申し出', 'IAF MD 2'),
    ('transfer_withdrawn', 'review_declined',    'The pre-transfer review concluded against it', '移転前レビューの結果による不受理', 'IAF MD 2'),
    ('transfer_withdrawn', 'source_ended',       'The certification was suspended or has ended', '認証の一時停止又は終了', 'IAF MD 2'),
    ('transfer_withdrawn', 'issue_failed',       'The certificate could not be issued', '登録証を発行できなかったこと', 'IAF MD 2'),
    ('transfer_no_cooperation', 'no_answer',                 'The body did not answer in time', '認証機関が期限内に回答しなかったこと', 'IAF MD 2'),
    ('transfer_no_cooperation', 'refusal_without_ground',    'The body refused without sufficient ground', '認証機関が十分な理由なく拒否したこと', 'IAF MD 2'),
    ('transfer_no_cooperation', 'suspension_without_ground', 'The body suspended without ground after the notice of transfer', '移転の通知後に理由なく一時停止したこと', 'IAF MD 2'),
    ('transfer_no_cooperation', 'body_ceased',               'The body has ceased to exist or to work', '認証機関が消滅又は業務を停止したこと', 'IAF MD 2');

GRANT EXECUTE ON FUNCTION akashi.transfer_state(akashi.transfer), akashi.transfer_is_open(text), akashi.last_step(akashi.transfer, text[]),
    akashi.transfer_basis(akashi.transfer), akashi.transfer_for(uuid, uuid), akashi.transfer_of(uuid, uuid), akashi.source_of(uuid),
    akashi.start_of_transfer(uuid, uuid), akashi.check_standing_of_source(text, timestamptz), akashi.check_ground(akashi.transfer_step),
    akashi.check_release(akashi.transfer_step, akashi.transfer), akashi.check_review(akashi.transfer_step, akashi.transfer),
    akashi.content_of_step(akashi.transfer_step, akashi.transfer), akashi.check_evidence_draft(jsonb, akashi.act),
    akashi.check_ground_of_evidence(jsonb, akashi.transfer), akashi.check_evidence(akashi.transfer_step, akashi.transfer),
    akashi.check_source(akashi.transfer, akashi.transfer_source), akashi.lost_on(uuid, uuid, text, jsonb),
    akashi.check_accreditation_of_source(akashi.transfer, akashi.transfer_source, akashi.transfer_step),
    akashi.is_recognised(uuid, text[], date), akashi.check_recognition(akashi.transfer, akashi.transfer_source),
    akashi.sites_are_inside(akashi.decision, jsonb, jsonb), akashi.check_taken_over(akashi.decision, akashi.transfer, jsonb, akashi.transfer_step),
    akashi.check_transfer_in(akashi.decision), akashi.check_transfer_out(akashi.decision), akashi.check_overturned_transfer(akashi.decision),
    akashi.check_not_taken_over(akashi.decision), akashi.check_issue_of_transfer(akashi.decision, timestamptz),
    akashi.add_step(akashi.transfer, uuid, text, uuid, date)
    TO akashi_service;
CALL akashi.pin_settings();
