-- Recognition arrangements by date and level, and the accreditation body's further statements (17011).

INSERT INTO akashi.accreditation_transition (from_status, act, to_status, origin) VALUES
    ('active',       'extend',     'active',       'ISO/IEC 17011 7.10'),
    ('active',       'reduce',     'active',       'ISO/IEC 17011 7.11'),
    ('suspended',    'reduce',     'suspended',    'ISO/IEC 17011 7.11, the suspension goes on'),
    ('active',       'renew',      'active',       'ISO/IEC 17011 7.9'),
    ('suspended',    'renew',      'suspended',    'ISO/IEC 17011 7.9, the suspension goes on'),
    ('active',       'relinquish', 'relinquished', 'ISO/IEC 17011 7.11, at the request of the certification body'),
    ('suspended',    'relinquish', 'relinquished', 'ISO/IEC 17011 7.11, at the request of the certification body'),
    ('active',       'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)'),
    ('suspended',    'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)'),
    ('withdrawn',    'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)'),
    ('relinquished', 'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)');


-- Applications to an accreditation body: of both bodies, nobody else reads them (17011 7.2, 7.3).

CREATE TABLE akashi.accreditation_application (
    body_id uuid NOT NULL,
    body_kind text NOT NULL DEFAULT 'certification_body' CHECK (body_kind = 'certification_body'),
    id uuid NOT NULL,
    accreditation_body_id uuid NOT NULL,
    accreditation_body_kind text NOT NULL DEFAULT 'accreditation_body' CHECK (accreditation_body_kind = 'accreditation_body'),
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    documents text[] NOT NULL CHECK (cardinality(documents) BETWEEN 1 AND 500),
    areas text[] NOT NULL CHECK (cardinality(areas) BETWEEN 1 AND 500),
    countries text[] NOT NULL CHECK (cardinality(countries) BETWEEN 1 AND 500),
    applied_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (accreditation_body_id, id),
    FOREIGN KEY (body_id, body_kind) REFERENCES akashi.party (id, kind),
    FOREIGN KEY (accreditation_body_id, accreditation_body_kind) REFERENCES akashi.party (id, kind)
);
COMMENT ON TABLE akashi.accreditation_application IS 'What a certification body wants to be accredited for (ISO/IEC 17011 7.2).';

CREATE TABLE akashi.accreditation_application_review (
    body_id uuid NOT NULL,
    application_id uuid NOT NULL,
    officer_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'declined')),
    reason text CHECK (length(reason) BETWEEN 1 AND 4000),
    reviewed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, application_id),
    FOREIGN KEY (body_id, application_id) REFERENCES akashi.accreditation_application (accreditation_body_id, id),
    FOREIGN KEY (body_id, officer_id) REFERENCES akashi.person,
    CONSTRAINT accreditation_declined_without_reason CHECK (outcome = 'accepted' OR reason IS NOT NULL)
);
COMMENT ON CONSTRAINT accreditation_declined_without_reason ON akashi.accreditation_application_review IS '17011 7.3: declined with a reason.';
COMMENT ON TABLE akashi.accreditation_application_review IS 'Whether the accreditation body takes the application on; once (ISO/IEC 17011 7.3).';

-- Which accreditation bodies are recognised, as their arrangements publish it, copied by the operator: observed, never signed.

CREATE TABLE akashi.recognition_arrangement (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
    title_en text NOT NULL,
    title_ja text NOT NULL,
    owner text NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    origin text NOT NULL
);
COMMENT ON TABLE akashi.recognition_arrangement IS 'Arrangements between accreditation bodies, dated: a recognition never outlives its arrangement.';
INSERT INTO akashi.recognition_arrangement VALUES
    ('iaf-mla',  'IAF Multilateral Recognition Arrangement (MLA)', 'IAF国際相互承認協定（MLA）', 'International Accreditation Forum',
     '1998-01-22', '2025-12-31', 'IAF; ended with the founding of Global Accreditation Cooperation'),
    ('ilac-mra', 'ILAC Mutual Recognition Arrangement (MRA)', 'ILAC相互承認協定（MRA）', 'International Laboratory Accreditation Cooperation',
     '2001-01-31', '2025-12-31', 'ILAC; ended with the founding of Global Accreditation Cooperation'),
    ('gac-mra',  'Global Accreditation Cooperation Mutual Recognition Arrangement (MRA)', 'グローバル認定協力機構相互承認協定（MRA）',
     'Global Accreditation Cooperation Incorporated', '2026-01-01', NULL, 'successor of the IAF MLA and the ILAC MRA since 1 January 2026');

CREATE TABLE akashi.recognition (
    party_id uuid NOT NULL,
    party_kind text NOT NULL DEFAULT 'accreditation_body' CHECK (party_kind = 'accreditation_body'),
    id uuid NOT NULL UNIQUE,
    arrangement_code text NOT NULL REFERENCES akashi.recognition_arrangement,
    level text NOT NULL CHECK (level IN ('L2', 'L3', 'L4', 'L5')),
    scope text NOT NULL CHECK (length(scope) BETWEEN 1 AND 200),
    valid_from date NOT NULL,
    valid_to date,
    source_url text NOT NULL CHECK (source_url ~ '^https://' AND length(source_url) <= 2000),
    source_sha256 bytea NOT NULL CHECK (length(source_sha256) = 32),
    observed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, id),
    FOREIGN KEY (party_id, party_kind) REFERENCES akashi.party (id, kind),
    CONSTRAINT recognition_period CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE akashi.recognition IS 'As published by the arrangement''s owner on a day, copied by the operator with the digest of what was fetched (finding 10).';
CREATE INDEX recognition_arrangement_code ON akashi.recognition (arrangement_code);

CREATE TABLE akashi.recognition_end (
    recognition_id uuid PRIMARY KEY REFERENCES akashi.recognition (id),
    last_day date NOT NULL,
    source_url text NOT NULL CHECK (source_url ~ '^https://' AND length(source_url) <= 2000),
    source_sha256 bytea NOT NULL CHECK (length(source_sha256) = 32),
    observed_on date NOT NULL,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE akashi.recognition_end IS 'The last day of a recognition, learned after it was copied.';

CREATE TABLE akashi.recognition_objection (
    body_id uuid NOT NULL,
    recognition_id uuid NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 4000),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, recognition_id),
    FOREIGN KEY (body_id, recognition_id) REFERENCES akashi.recognition (party_id, id)
);
COMMENT ON TABLE akashi.recognition_objection IS 'The accreditation body says that what was copied about it is wrong; shown beside it at once.';

-- Letters: what an accreditation body states of named certificates. They are named by their subjects, so that who holds one
-- certificate's evidence, in which all letters of the accreditation stand, learns nothing of the others.

CREATE TABLE akashi.accreditation_letter (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    accreditation_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('bring_under', 'accept_unaccredited')),
    subjects bytea[] NOT NULL CHECK (cardinality(subjects) BETWEEN 1 AND 1000),
    effective_on date NOT NULL,
    draft_id uuid NOT NULL,
    envelope_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (body_id, accreditation_id) REFERENCES akashi.accreditation,
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope
);
CREATE INDEX accreditation_letter_accreditation ON akashi.accreditation_letter (accreditation_id);
CREATE INDEX accreditation_letter_subjects ON akashi.accreditation_letter USING gin (subjects);
COMMENT ON TABLE akashi.accreditation_letter IS
    'bring_under: certificates decided before count under the accreditation from a date on. accept_unaccredited: invariant 7''s exception, in writing.';

CALL akashi.make_tenant_only('akashi.accreditation_application');
CALL akashi.make_tenant_only('akashi.accreditation_application_review');
CALL akashi.make_operators_table('akashi.recognition');
CALL akashi.make_operators_table('akashi.recognition_end');
CALL akashi.make_public_record('akashi.recognition_objection');
CALL akashi.make_public_record('akashi.accreditation_letter');
CREATE POLICY addressee_reads ON akashi.accreditation_application FOR SELECT TO akashi_service USING (accreditation_body_id = akashi.current_body());
CREATE POLICY applicant_reads ON akashi.accreditation_application_review FOR SELECT TO akashi_service USING (
    EXISTS (SELECT FROM akashi.accreditation_application a WHERE a.id = application_id AND a.body_id = akashi.current_body()));
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['accreditation_application', 'accreditation_application_review', 'recognition', 'recognition_end',
                                'recognition_objection', 'accreditation_letter'] LOOP
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
CALL akashi.make_insert_only('akashi.recognition_arrangement');
GRANT SELECT ON akashi.recognition_arrangement TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;
GRANT SELECT ON akashi.recognition, akashi.recognition_end, akashi.recognition_objection, akashi.accreditation_letter TO akashi_public;
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.accreditation_application FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('applied_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.accreditation_application_review FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('reviewed_on');

CREATE FUNCTION akashi.officer_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.accreditation_application;
BEGIN
    SELECT * INTO a FROM akashi.accreditation_application x WHERE x.accreditation_body_id = NEW.body_id AND x.id = NEW.application_id;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('unknown_application', 'an accreditation body reviews what was applied for at it');
    END IF;
    IF NOT akashi.person_has_function(NEW.body_id, NEW.officer_id, 'accreditation_officer', a.scheme_code, NEW.reviewed_on) THEN
        PERFORM akashi.refuse('reviewer_not_competent', '17011 7.3: an application is reviewed by an officer with that function');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.officer_reviews IS 'ISO/IEC 17011 7.3.';
CREATE TRIGGER officer_reviews BEFORE INSERT ON akashi.accreditation_application_review FOR EACH ROW EXECUTE FUNCTION akashi.officer_reviews();

CREATE FUNCTION akashi.countries_exist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(NEW.countries) x WHERE NOT EXISTS (SELECT FROM akashi.country c WHERE c.code = x)) THEN
        PERFORM akashi.refuse('unknown_country', 'countries are named by ISO 3166-1 alpha-2');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER countries_exist BEFORE INSERT ON akashi.accreditation_application FOR EACH ROW EXECUTE FUNCTION akashi.countries_exist();

-- What the certifications of an accredited body rest on it: read across bodies, by the two parties to the accreditation alone.

CREATE INDEX draft_accreditation_accreditation ON akashi.draft_accreditation (accreditation_id, body_id, draft_id);

CREATE FUNCTION akashi.is_party_to(accreditation uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.accreditation a WHERE a.id = accreditation AND akashi.current_body() IN (a.body_id, a.accredited_id))
$$;
COMMENT ON FUNCTION akashi.is_party_to IS 'Invariant 19: an accreditation is seen from within by its two parties.';

-- Acts by which a certification rests on the accreditations of their decision; an import names what was claimed elsewhere.
CREATE FUNCTION akashi.names_accreditation(act text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT names_accreditation.act = 'import' OR akashi.demands(names_accreditation.act, 'accreditation_at_decision')
$$;

-- One row for each decision that named the accreditation and whose version was issued, and for each certificate that was brought
-- under it: what the accreditation body may see (ID, number, dates, scope codes; no fact about the client), and the extent of the
-- version in force where it rests on this decision.
CREATE FUNCTION akashi.decisions_resting_on(accreditation uuid)
    RETURNS TABLE (certificate_id text, number text, decision_id uuid, act text, decided_on date, time_zone text, recorded_at timestamptz,
                   designation text, areas text[], countries text[], state text, claimed boolean, in_force boolean, in_force_until timestamptz,
                   designation_now text, areas_now text[], countries_now text[], brought_under_from date)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT akashi.is_party_to(accreditation) THEN
        PERFORM akashi.refuse('unknown_accreditation', 'only the two parties to an accreditation see what rests on it (invariant 19)');
    END IF;
    RETURN QUERY
    WITH resting AS (
        SELECT x.body_id, x.draft_id AS decision_id, true AS claimed FROM akashi.draft_accreditation x
        JOIN akashi.decision b ON b.body_id = x.body_id AND b.id = x.draft_id
        WHERE x.accreditation_id = accreditation AND akashi.names_accreditation(b.act)
        UNION
        SELECT w.body_id, w.decision_id, false FROM akashi.accreditation_letter y CROSS JOIN LATERAL unnest(y.subjects) AS named (subject)
        JOIN akashi.certification b ON b.subject = named.subject
        JOIN akashi.certificate_version w ON w.body_id = b.body_id AND w.certification_id = b.id
        WHERE y.accreditation_id = accreditation AND y.purpose = 'bring_under' AND NOT EXISTS (
            SELECT FROM akashi.draft_accreditation x WHERE x.body_id = w.body_id AND x.draft_id = w.decision_id AND x.accreditation_id = accreditation))
    SELECT c.public_id, c.number, d.id, d.act, d.decided_on, d.time_zone, d.recorded_at, d.designation, d.areas, d.countries, e.to_state,
           x.claimed, CASE WHEN x.claimed THEN r.decision_id = d.id ELSE n.decision_id = d.id END, n.valid_until, g.designation, g.areas, g.countries, l.effective_on
    FROM resting x
    JOIN akashi.decision d ON d.body_id = x.body_id AND d.id = x.decision_id
    JOIN akashi.certificate_version v ON v.body_id = d.body_id AND v.decision_id = d.id
    JOIN akashi.certification c ON c.body_id = d.body_id AND c.id = d.certification_id
    CROSS JOIN LATERAL (SELECT w.version_no, w.decision_id, w.valid_until FROM akashi.certificate_version w
        WHERE w.body_id = c.body_id AND w.certification_id = c.id
        ORDER BY w.effective_at <= akashi.now() DESC, CASE WHEN w.effective_at <= akashi.now() THEN -w.version_no ELSE w.version_no END LIMIT 1) n
    LEFT JOIN LATERAL (SELECT w.decision_id FROM akashi.certificate_version w JOIN akashi.decision b ON b.body_id = w.body_id AND b.id = w.decision_id
        WHERE w.body_id = c.body_id AND w.certification_id = c.id AND w.version_no <= n.version_no AND akashi.names_accreditation(b.act) ORDER BY w.version_no DESC LIMIT 1) r ON true
    JOIN akashi.decision g ON g.body_id = c.body_id AND g.id = n.decision_id
    CROSS JOIN LATERAL (SELECT s.to_state FROM akashi.standing_event s WHERE s.body_id = c.body_id AND s.certification_id = c.id
        ORDER BY s.event_no DESC LIMIT 1) e
    LEFT JOIN LATERAL (SELECT min(y.effective_on) AS effective_on FROM akashi.accreditation_letter y
        WHERE y.accreditation_id = accreditation AND y.purpose = 'bring_under' AND y.subjects @> ARRAY[c.subject]) l ON true
    ORDER BY d.recorded_at, d.id;
END $$;
COMMENT ON FUNCTION akashi.decisions_resting_on IS '17011 7.11: for the preview of a sanction and the queue of flagged decisions (domain, accreditation cascade).';

-- Null when an accreditation body may write a letter of this purpose about these certifications, else the code of what is missing.
CREATE FUNCTION akashi.letter_gap(accreditation uuid, purpose text, named bytea[], day date) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE n akashi.accreditation;
BEGIN
    SELECT * INTO n FROM akashi.accreditation a WHERE a.id = accreditation AND a.body_id = akashi.current_body();
    IF NOT FOUND THEN
        RETURN 'unknown_accreditation';
    END IF;
    IF EXISTS (SELECT FROM unnest(named) s WHERE NOT EXISTS (
        SELECT FROM akashi.certification c WHERE c.body_id = n.accredited_id AND c.subject = s
        AND (letter_gap.purpose = 'accept_unaccredited' OR c.scheme_code = n.scheme_code))) THEN  -- accepted in whichever scheme (invariant 7)
        RETURN 'unknown_certification';
    END IF;
    IF letter_gap.purpose = 'accept_unaccredited' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT min(CASE WHEN d.id IS NULL THEN 'not_yet_issued' ELSE akashi.accreditation_gap(
                n.id, n.accredited_id, n.scheme_code, d.designation, d.areas, d.countries, 'grant', day) || '_now' END)
            FROM akashi.certification c
            LEFT JOIN LATERAL (SELECT w.decision_id FROM akashi.certificate_version w WHERE w.body_id = c.body_id AND w.certification_id = c.id
                ORDER BY w.version_no DESC LIMIT 1) v ON true
            LEFT JOIN akashi.decision d ON d.body_id = c.body_id AND d.id = v.decision_id
            WHERE c.body_id = n.accredited_id AND c.subject = ANY (named));
END $$;

CREATE FUNCTION akashi.check_letter(accreditation uuid, purpose text, subjects bytea[], effective_on date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE last akashi.accreditation_statement; gap text;
BEGIN
    SELECT * INTO last FROM akashi.accreditation_statement s WHERE s.accreditation_id = accreditation ORDER BY s.statement_no DESC LIMIT 1;
    IF last.status IS NULL OR last.status NOT IN ('active', 'suspended') THEN
        PERFORM akashi.refuse('not_accredited', 'a letter rests on an accreditation that is stated and not ended');
    END IF;
    gap := akashi.letter_gap(accreditation, purpose, subjects, effective_on);
    IF gap IS NOT NULL THEN
        PERFORM akashi.refuse(gap, 'a letter names certificates of the accredited body that its scope covers on that date');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_letter IS 'Issued before the accreditation was obtained: both facts are shown, never a silent rewrite (domain, scenarios; invariant 7).';

CREATE FUNCTION akashi.subjects_in(document jsonb) RETURNS bytea[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(akashi.from_base64url(x)) FROM jsonb_array_elements_text(document->'certifications') x
$$;

CREATE FUNCTION akashi.check_letter_draft(d jsonb, act akashi.act, n akashi.accreditation) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF d->>'accreditation_body' IS DISTINCT FROM n.body_id::text OR d->>'body' IS DISTINCT FROM n.accredited_id::text OR d->>'time_zone' IS DISTINCT FROM n.time_zone
       OR NOT EXISTS (SELECT FROM akashi.draft_person p WHERE p.body_id = act.body_id AND p.draft_id = act.draft_id
                      AND d->>'confirmed_by_commitment' = akashi.base64url(akashi.commitment(p.salt, convert_to(p.person_id::text, 'UTF8')))) THEN
        PERFORM akashi.refuse('document_mismatch', 'a letter names its accreditation and its officer as the records have them');
    END IF;
    PERFORM akashi.check_letter(n.id, d->>'purpose', akashi.subjects_in(d), (d->>'effective_on')::date);
END $$;
COMMENT ON FUNCTION akashi.check_letter_draft IS 'Invariant 7.';

CREATE FUNCTION akashi.letter_matches_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb;
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_accreditation(NEW.accreditation_id);
    d := akashi.document_in(NEW.body_id, NEW.envelope_id, NEW.draft_id, 'akashi-accreditation-letter-1');
    IF d->>'letter' IS DISTINCT FROM NEW.id::text OR d->>'accreditation' IS DISTINCT FROM NEW.accreditation_id::text
       OR d->>'purpose' IS DISTINCT FROM NEW.purpose OR d->>'effective_on' IS DISTINCT FROM NEW.effective_on::text
       OR akashi.subjects_in(d) IS DISTINCT FROM NEW.subjects THEN
        PERFORM akashi.refuse('document_mismatch', 'a letter is recorded as its officer confirmed it');
    END IF;
    PERFORM akashi.check_letter(NEW.accreditation_id, NEW.purpose, NEW.subjects, NEW.effective_on);
    RETURN NEW;
END $$;
CREATE TRIGGER letter_matches_its_draft BEFORE INSERT ON akashi.accreditation_letter FOR EACH ROW EXECUTE FUNCTION akashi.letter_matches_its_draft();

-- Invariant 7: who is accredited for a scope does not certify in it without accreditation, unless the accreditation body accepted it.

CREATE FUNCTION akashi.accepted_unaccredited(body uuid, certification bytea) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.accreditation_letter l JOIN akashi.accreditation a ON a.body_id = l.body_id AND a.id = l.accreditation_id
                   WHERE a.accredited_id = body AND l.purpose = 'accept_unaccredited' AND l.subjects @> ARRAY[certification]
                     AND l.effective_on <= (akashi.now() AT TIME ZONE a.time_zone)::date)
$$;
COMMENT ON FUNCTION akashi.accepted_unaccredited IS 'Invariant 7: the exception, by a letter that the accreditation body signed.';

CREATE FUNCTION akashi.check_unaccredited(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a akashi.accreditation;
BEGIN
    IF NOT akashi.demands(d.act, 'accreditation_at_decision') OR akashi.accepted_unaccredited(d.body_id, c.subject)
       OR EXISTS (SELECT FROM akashi.draft_accreditation x WHERE x.body_id = d.body_id AND x.draft_id = d.id) THEN
        RETURN;
    END IF;
    FOR a IN SELECT * FROM akashi.accreditation n WHERE n.accredited_id = d.body_id AND n.scheme_code = c.scheme_code ORDER BY n.id LOOP
        PERFORM akashi.share_accreditation(a.id);
        IF akashi.accreditation_gap(a.id, d.body_id, c.scheme_code, d.designation, d.areas, d.countries, 'grant', d.decided_on) IS NULL THEN
            PERFORM akashi.refuse('unaccredited_in_accredited_scope', 'no unaccredited certificate where the body is accredited (invariant 7)');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_unaccredited IS 'Invariant 7: no unaccredited certificate in an accredited scope, except one that the accreditation body accepted in writing.';

CREATE FUNCTION akashi.decision_stays_accredited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification;
BEGIN
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    PERFORM akashi.check_unaccredited(NEW, c);
    RETURN NEW;
END $$;
CREATE TRIGGER decision_stays_accredited BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.decision_stays_accredited();

CREATE VIEW public_record.recognition_arrangement WITH (security_barrier = true) AS SELECT * FROM akashi.recognition_arrangement;
CREATE VIEW public_record.recognition WITH (security_barrier = true) AS
SELECT r.party_id, r.id, r.arrangement_code, a.title_en, a.title_ja, a.owner, r.level, r.scope, greatest(r.valid_from, a.valid_from) AS valid_from,
       least(r.valid_to, a.valid_to) AS valid_to, r.source_url, r.source_sha256, r.observed_on, r.recorded_at,
       e.last_day AS ended_on, e.recorded_at AS end_recorded_at, o.recorded_at AS objected_at
FROM akashi.recognition r JOIN akashi.recognition_arrangement a ON a.code = r.arrangement_code
LEFT JOIN akashi.recognition_end e ON e.recognition_id = r.id
LEFT JOIN akashi.recognition_objection o ON o.body_id = r.party_id AND o.recognition_id = r.id;
CREATE VIEW public_record.accreditation_letter WITH (security_barrier = true) AS
SELECT accreditation_id, subjects, recorded_at FROM akashi.accreditation_letter;
ALTER VIEW public_record.accreditation_letter OWNER TO akashi_public;
-- With its owner's eyes, so that the index may be used; every letter is anybody's to read.
CREATE FUNCTION akashi.letters_about(about bytea[]) RETURNS TABLE (accreditation_id uuid, recorded_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.accreditation_id, l.recorded_at FROM akashi.accreditation_letter l WHERE l.subjects && about
$$;
GRANT EXECUTE ON FUNCTION akashi.letters_about(bytea[]) TO akashi_reader;
ALTER VIEW public_record.recognition_arrangement OWNER TO akashi_public;
ALTER VIEW public_record.recognition OWNER TO akashi_public;
GRANT SELECT ON public_record.recognition_arrangement, public_record.recognition, public_record.accreditation_letter TO akashi_reader;

GRANT EXECUTE ON FUNCTION akashi.is_party_to(uuid), akashi.names_accreditation(text), akashi.decisions_resting_on(uuid), akashi.letter_gap(uuid, text, bytea[], date),
    akashi.check_letter(uuid, text, bytea[], date), akashi.subjects_in(jsonb), akashi.check_letter_draft(jsonb, akashi.act, akashi.accreditation),
    akashi.check_unaccredited(akashi.decision, akashi.certification), akashi.accepted_unaccredited(uuid, bytea) TO akashi_service;
GRANT EXECUTE ON FUNCTION akashi.accepted_unaccredited(uuid, bytea) TO akashi_keeper;
CALL akashi.pin_settings();
