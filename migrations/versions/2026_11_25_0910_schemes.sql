-- Schemes are data: what may be certified, by which documents, within which limits, in whose words.

CREATE TABLE akashi.scheme (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
    title_en text NOT NULL,
    title_ja text NOT NULL,
    activity text NOT NULL CHECK (activity IN ('certification', 'inspection', 'testing', 'validation', 'verification', 'declaration')),
    object text NOT NULL CHECK (object IN ('management_system', 'product', 'process', 'service', 'person', 'model')),
    accreditation text NOT NULL CHECK (accreditation IN ('required', 'none')),
    phase text NOT NULL CHECK (phase IN ('proposed', 'pilot', 'operating', 'closed')),
    owner text NOT NULL,
    maximum_months integer NOT NULL CHECK (maximum_months BETWEEN 1 AND 120),
    surveillance_months integer CHECK (surveillance_months BETWEEN 1 AND 60),
    suspension_months integer NOT NULL CHECK (suspension_months BETWEEN 1 AND 24),
    late_after_days integer NOT NULL CHECK (late_after_days BETWEEN 1 AND 365),
    required_fields text[] NOT NULL,
    required_audits text[] NOT NULL,
    origin text NOT NULL
);
COMMENT ON TABLE akashi.scheme IS 'A conformity assessment scheme and its limits (ISO/IEC 17000; scheme parameters of invariants 1, 2, 9, 13).';

CREATE TABLE akashi.normative_document (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    designation text NOT NULL,
    use text NOT NULL CHECK (use IN ('requirements', 'accreditation_criteria')),
    title_en text NOT NULL,
    title_ja text NOT NULL,
    identical_adoptions text[] NOT NULL DEFAULT '{}',
    usable_from date,
    usable_to date,
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, designation)
);
COMMENT ON TABLE akashi.normative_document IS 'A standard with its edition, by address and own-words title; never its text (17021-1 8.2.2).';

CREATE TABLE akashi.scheme_term (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    vocabulary text NOT NULL CHECK (vocabulary IN ('role', 'technical_area', 'control')),
    code text NOT NULL,
    title_en text NOT NULL,
    title_ja text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, vocabulary, code)
);
COMMENT ON TABLE akashi.scheme_term IS 'Code lists of a scheme: AI roles, technical areas, control identifiers with own-words titles.';

CREATE TABLE akashi.reason_code (
    act text NOT NULL,
    code text NOT NULL,
    title_en text NOT NULL,
    title_ja text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (act, code)
);

CREATE TABLE akashi.decision_type (
    act text PRIMARY KEY,
    makes_version boolean NOT NULL,
    makes_event boolean NOT NULL,
    needs_reason boolean NOT NULL,
    deciders integer NOT NULL CHECK (deciders BETWEEN 1 AND 2),
    successor_bit text CHECK (successor_bit IN ('refresh', 'revocation'))
);
COMMENT ON TABLE akashi.decision_type IS 'What a decision brings about: a version, an event, how many deciders (four eyes), which bit of the superseded version it sets.';

CREATE TABLE akashi.transition (
    from_state text NOT NULL,
    act text NOT NULL REFERENCES akashi.decision_type,
    to_state text NOT NULL,
    within_validity boolean NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (from_state, act),
    UNIQUE (from_state, act, to_state)
);
COMMENT ON TABLE akashi.transition IS 'Standing moves only along these rows (invariant 12).';

CREATE TABLE akashi.requirement (
    act text NOT NULL REFERENCES akashi.decision_type,
    rule text NOT NULL CHECK (rule IN ('accreditation_at_decision', 'accreditation_now', 'audits', 'findings_closed', 'facts')),
    origin text NOT NULL,
    PRIMARY KEY (act, rule)
);
COMMENT ON TABLE akashi.requirement IS 'Which rules a kind of decision must satisfy; reducing acts are never blocked by accreditation.';

CREATE TABLE akashi.accreditation_transition (
    from_status text NOT NULL,
    act text NOT NULL,
    to_status text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (from_status, act),
    UNIQUE (from_status, act, to_status)
);

GRANT SELECT ON akashi.scheme, akashi.normative_document, akashi.scheme_term, akashi.reason_code, akashi.decision_type,
    akashi.transition, akashi.requirement, akashi.accreditation_transition
    TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;

CALL akashi.make_insert_only('akashi.scheme');
CALL akashi.make_insert_only('akashi.normative_document');
CALL akashi.make_insert_only('akashi.scheme_term');
CALL akashi.make_insert_only('akashi.reason_code');
CALL akashi.make_insert_only('akashi.decision_type');
CALL akashi.make_insert_only('akashi.transition');
CALL akashi.make_insert_only('akashi.requirement');
CALL akashi.make_insert_only('akashi.accreditation_transition');
