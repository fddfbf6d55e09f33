-- Schemes are data: what may be certified, by which documents, within which limits, in whose words.

CREATE TABLE akashi.scheme (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9-]{1,31}$'),
    title_en text NOT NULL,
    title_ja text NOT NULL,
    activity text NOT NULL CHECK (activity IN ('certification', 'inspection', 'testing', 'validation', 'verification', 'declaration')),
    object text NOT NULL CHECK (object IN ('management_system', 'product', 'process', 'service', 'person', 'model')),
    assurance text NOT NULL CHECK (assurance IN ('accredited_third_party', 'third_party', 'self_declared')),
    owner text NOT NULL,
    maximum_months integer NOT NULL CHECK (maximum_months BETWEEN 1 AND 120),
    surveillance_months integer CHECK (surveillance_months BETWEEN 1 AND 60),
    suspension_months integer NOT NULL CHECK (suspension_months BETWEEN 1 AND 24),
    renewal_months integer NOT NULL CHECK (renewal_months BETWEEN 1 AND 60),
    restoration_months integer NOT NULL CHECK (restoration_months BETWEEN 0 AND 24),
    late_after_days integer NOT NULL CHECK (late_after_days BETWEEN 1 AND 365),
    required_fields text[] NOT NULL CHECK (required_fields <@ ARRAY['roles', 'areas', 'countries', 'sites', 'soa', 'criteria']),
    waived_rules text[] NOT NULL DEFAULT '{}',
    origin text NOT NULL,
    CHECK ((assurance = 'self_declared') = (activity = 'declaration'))
);
COMMENT ON COLUMN akashi.scheme.assurance IS
    'Whose word an entry is: a third party''s under accreditation, a third party''s alone, or the declarant''s own; never shown alike.';
COMMENT ON COLUMN akashi.scheme.waived_rules IS 'Rules of `requirement`, and application, that this scheme does not know: a declaration rests on no audit.';
COMMENT ON TABLE akashi.scheme IS 'A conformity assessment scheme and its limits (ISO/IEC 17000; scheme parameters of invariants 1, 2, 9, 13).';

CREATE TABLE akashi.scheme_phase (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    phase text NOT NULL CHECK (phase IN ('proposed', 'pilot', 'operating', 'closed')),
    starts_on date NOT NULL,
    comments_until date,
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, phase),
    UNIQUE (scheme_code, starts_on),
    CHECK (phase = 'proposed' OR comments_until IS NULL)
);
COMMENT ON TABLE akashi.scheme_phase IS 'The life of a scheme, dated: proposed (with the time for comments), pilot, operating, closed.';

CREATE TABLE akashi.normative_document (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    designation text NOT NULL,
    use text NOT NULL CHECK (use IN ('requirements', 'accreditation_criteria')),
    title_en text NOT NULL,
    title_ja text NOT NULL,
    identical_adoptions text[] NOT NULL DEFAULT '{}',
    usable_from date,
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, designation)
);
COMMENT ON TABLE akashi.normative_document IS 'A standard with its edition, by address and own-words title; never its text (17021-1 8.2.2).';

-- How an edition ends is known only years after it appeared, and may be put off: each word about it is a fact of its own.
CREATE TABLE akashi.edition_transition (
    scheme_code text NOT NULL,
    designation text NOT NULL,
    stated_on date NOT NULL,
    usable_to date NOT NULL,
    certificates_to date NOT NULL,
    origin text NOT NULL,
    successor text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (scheme_code, designation, stated_on),
    FOREIGN KEY (scheme_code, designation) REFERENCES akashi.normative_document,
    FOREIGN KEY (scheme_code, successor) REFERENCES akashi.normative_document,
    CHECK (usable_to <= certificates_to)
);
COMMENT ON TABLE akashi.edition_transition IS 'The transition period of an edition, as stated on a day; for decisions from that day on, until another is stated.';
COMMENT ON COLUMN akashi.edition_transition.usable_to IS 'The last day on which a cycle or a wider scope is decided to this edition.';
COMMENT ON COLUMN akashi.edition_transition.certificates_to IS 'The last day of any certificate to this edition that is decided from now on.';

CREATE TABLE akashi.scheme_term (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    vocabulary text NOT NULL CHECK (vocabulary IN ('role', 'technical_area', 'control', 'criterion')),
    code text NOT NULL,
    title_en text NOT NULL,
    title_ja text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, vocabulary, code)
);
COMMENT ON TABLE akashi.scheme_term IS
    'Code lists of a scheme: AI roles, technical areas, control identifiers, criteria (action goals) with own-words titles.';

CREATE TABLE akashi.reason_code (
    act text NOT NULL,
    code text NOT NULL,
    title_en text NOT NULL,
    title_ja text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (act, code)
);
COMMENT ON TABLE akashi.reason_code IS 'The coded reasons of acts that stop, reduce, end or refuse (17021-1 9.6.5).';

CREATE TABLE akashi.decision_type (
    act text PRIMARY KEY,
    makes_version boolean NOT NULL,
    makes_event boolean NOT NULL,
    needs_reason boolean NOT NULL,
    needs_until boolean NOT NULL DEFAULT false,
    deciders integer NOT NULL CHECK (deciders BETWEEN 1 AND 2),
    extent text CHECK (extent IN ('first', 'any', 'grown', 'shrunk', 'same', 'wording', 'texts', 'edition', 'inside')),
    period text CHECK (period IN ('initial', 'kept', 'renewed', 'restored', 'taken_over', 'stated')),
    refers_to text CHECK (refers_to IN ('annuls', 'ratifies')),
    ends boolean NOT NULL DEFAULT false,
    looks_back boolean NOT NULL DEFAULT false,
    successor_bit text CHECK (successor_bit IN ('refresh', 'revocation')),
    origin text NOT NULL,
    CHECK (makes_version = (extent IS NOT NULL) AND makes_version = (period IS NOT NULL))
);
COMMENT ON TABLE akashi.decision_type IS 'What a decision brings about: a version, an event, how many deciders (four eyes), which bit of the superseded version it sets.';
COMMENT ON COLUMN akashi.decision_type.extent IS
    'How the scope of its version lies to the one before: grown and shrunk by codes and sites, same, only the wording, only texts, the edition, inside (invariant 10).';
COMMENT ON COLUMN akashi.decision_type.period IS
    'How its version runs: a first cycle, the end that was, a new cycle, after a lapse, as taken over, as stated elsewhere (invariant 2).';
COMMENT ON COLUMN akashi.decision_type.refers_to IS 'The member of the document by which it names an earlier event.';
COMMENT ON COLUMN akashi.decision_type.ends IS 'It stops or ends the certification: never blocked, announced at most 31 days ahead.';
COMMENT ON COLUMN akashi.decision_type.looks_back IS 'It may be effective before it was decided: an annulment, and what was stated elsewhere.';

CREATE TABLE akashi.transition (
    from_state text NOT NULL,
    act text NOT NULL REFERENCES akashi.decision_type,
    to_state text NOT NULL,
    validity text NOT NULL CHECK (validity IN ('within', 'after', 'any')),
    origin text NOT NULL,
    PRIMARY KEY (from_state, act, to_state)
);
COMMENT ON TABLE akashi.transition IS 'Standing moves only along these rows (17021-1 9.6.3, 9.6.5; invariant 12).';
COMMENT ON COLUMN akashi.transition.validity IS 'Whether now must lie within the last version''s period of validity, or after it.';

CREATE TABLE akashi.requirement (
    act text NOT NULL REFERENCES akashi.decision_type,
    rule text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (act, rule)
);
COMMENT ON TABLE akashi.requirement IS 'Which rules a kind of decision must satisfy; reducing acts are never blocked by accreditation.';

-- At least one relied-on audit of one of these kinds; whose team covers the whole scope, what the act adds to it, or any part.
CREATE TABLE akashi.required_audit (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    act text NOT NULL REFERENCES akashi.decision_type,
    kinds text[] NOT NULL CHECK (cardinality(kinds) >= 1),
    team text NOT NULL CHECK (team IN ('scope', 'added', 'any')),
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, act, kinds)
);
COMMENT ON TABLE akashi.required_audit IS 'The audits on which an act of a scheme rests (17021-1 9.3 to 9.6); a scheme without rows certifies without audits.';

CREATE TABLE akashi.accreditation_transition (
    from_status text NOT NULL,
    act text NOT NULL,
    to_status text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (from_status, act),
    UNIQUE (from_status, act, to_status)
);
COMMENT ON TABLE akashi.accreditation_transition IS 'An accreditation moves only along these rows (17011 7.6 to 7.11).';

GRANT SELECT ON akashi.scheme, akashi.scheme_phase, akashi.normative_document, akashi.edition_transition, akashi.scheme_term, akashi.reason_code, akashi.decision_type,
    akashi.transition, akashi.requirement, akashi.required_audit, akashi.accreditation_transition
    TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;

CALL akashi.make_insert_only('akashi.scheme');
CALL akashi.make_insert_only('akashi.scheme_phase');
CALL akashi.make_insert_only('akashi.normative_document');
CALL akashi.make_insert_only('akashi.edition_transition');
CALL akashi.make_stamped('akashi.edition_transition');
CALL akashi.make_insert_only('akashi.scheme_term');
CALL akashi.make_insert_only('akashi.reason_code');
CALL akashi.make_insert_only('akashi.decision_type');
CALL akashi.make_insert_only('akashi.transition');
CALL akashi.make_insert_only('akashi.requirement');
CALL akashi.make_insert_only('akashi.required_audit');
CALL akashi.make_insert_only('akashi.accreditation_transition');
