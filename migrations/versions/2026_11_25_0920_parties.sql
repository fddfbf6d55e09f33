-- Who takes part: accreditation and certification bodies with their keys, their people, and the organisations they assess.

-- Countries are data: ISO 3166-1 alpha-2, current as of ISO/TC 46 N1127 (2024-02-29), from the time zone database (public domain).
CREATE TABLE akashi.country (code text PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$'));
INSERT INTO akashi.country SELECT regexp_split_to_table(
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ
     BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR
     CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
     GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU
     ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ
     LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
     MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
     PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
     SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
     TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW', '\s+');
CALL akashi.make_insert_only('akashi.country');
GRANT SELECT ON akashi.country TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;

CREATE TABLE akashi.party (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('accreditation_body', 'certification_body', 'declarant', 'registry')),
    country text NOT NULL CONSTRAINT party_country REFERENCES akashi.country,
    time_zone text NOT NULL,
    public_information jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    UNIQUE (id, kind),
    CONSTRAINT public_information_missing CHECK (
        kind <> 'certification_body'
        OR public_information ?& ARRAY['processes', 'mark_rules', 'complaints_and_appeals', 'impartiality'])
);
COMMENT ON CONSTRAINT public_information_missing ON akashi.party IS '17021-1 8.1.1: a body certifies only with its public information.';
COMMENT ON TABLE akashi.party IS 'A body; a certification body is registered only with its public information (17021-1 8.1.1).';
COMMENT ON COLUMN akashi.party.kind IS
    'A declarant speaks for itself alone; the registry''s operator says who holds a key, never who is accredited or certified.';
CREATE UNIQUE INDEX one_registry ON akashi.party (kind) WHERE kind = 'registry';

CREATE TABLE akashi.party_name (
    party_id uuid NOT NULL REFERENCES akashi.party,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    valid_from date,
    valid_to date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, language, name)
);

CREATE TABLE akashi.party_identifier (
    party_id uuid NOT NULL REFERENCES akashi.party,
    scheme text NOT NULL CHECK (scheme IN ('lei', 'jp_corporate_number', 'other')),
    value text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, scheme, value)
);

CREATE TABLE akashi.signing_key (
    party_id uuid NOT NULL REFERENCES akashi.party,
    thumbprint text NOT NULL CHECK (thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
    purpose text NOT NULL CHECK (purpose IN ('accredit', 'certify', 'identify')),
    jwk jsonb NOT NULL,
    chain bytea[] NOT NULL DEFAULT '{}',
    possession jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, thumbprint),
    UNIQUE (thumbprint)
);
COMMENT ON TABLE akashi.signing_key IS
    'A body''s public key after proof of possession; registering it grants nothing, only the binding of an accreditation body, or of the registry, does.';

CALL akashi.make_operators_table('akashi.party');
CALL akashi.make_operators_table('akashi.party_name');
CALL akashi.make_operators_table('akashi.party_identifier');
CALL akashi.make_operators_table('akashi.signing_key');
CREATE POLICY own_key ON akashi.signing_key FOR INSERT TO akashi_service WITH CHECK (party_id = akashi.current_body());

CREATE TABLE akashi.person (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    relation text NOT NULL CHECK (relation IN ('employee', 'individual_contract', 'committee_member', 'controlled_entity', 'outsourced')),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id)
);

CREATE TABLE akashi.person_name (
    body_id uuid NOT NULL,
    person_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    PRIMARY KEY (body_id, person_id),
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.person_name IS 'The erasable layer: no signed document holds a natural person''s name (17021-1 9.9; invariant 20).';

CREATE TABLE akashi.person_function (
    body_id uuid NOT NULL,
    person_id uuid NOT NULL,
    function text NOT NULL CHECK (function IN ('auditor', 'reviewer', 'decider', 'duty_officer', 'appeal_handler', 'accreditation_officer',
        'identity_officer')),
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    valid_from date NOT NULL,
    valid_to date,
    basis text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, person_id, function, scheme_code, valid_from),
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person,
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE akashi.person_function IS 'Demonstrated competence per function and scheme, dated (17021-1 7.1, 7.2).';

CREATE TABLE akashi.person_function_end (
    body_id uuid NOT NULL,
    person_id uuid NOT NULL,
    function text NOT NULL,
    scheme_code text NOT NULL,
    valid_from date NOT NULL,
    last_day date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, person_id, function, scheme_code, valid_from),
    FOREIGN KEY (body_id, person_id, function, scheme_code, valid_from) REFERENCES akashi.person_function,
    CONSTRAINT function_ends_before_it_begins CHECK (last_day >= valid_from)
);
COMMENT ON TABLE akashi.person_function_end IS 'The last day of a function, learned after it was recorded; what was decided until then stands.';

CREATE TABLE akashi.operating_entity (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    under_control boolean NOT NULL,
    agreement_signed_on date NOT NULL,
    risk_assessed_on date NOT NULL,
    risk_assessment text NOT NULL CHECK (length(risk_assessment) BETWEEN 1 AND 4000),
    valid_from date NOT NULL,
    valid_to date,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    CONSTRAINT entity_before_its_agreement CHECK (valid_from >= agreement_signed_on AND valid_from >= risk_assessed_on),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE akashi.operating_entity IS
    'A branch, agent or franchise through which the body acts, with risk assessment and agreement (17021-1 6.2, IAF MD 23).';

CREATE TABLE akashi.person_entity (
    body_id uuid NOT NULL,
    person_id uuid NOT NULL,
    entity_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, person_id, entity_id, valid_from),
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person,
    FOREIGN KEY (body_id, entity_id) REFERENCES akashi.operating_entity,
    CHECK (valid_to >= valid_from)
);

CREATE TABLE akashi.person_key (
    body_id uuid NOT NULL,
    person_id uuid NOT NULL,
    thumbprint text NOT NULL CHECK (thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
    jwk jsonb NOT NULL,
    possession jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, thumbprint),
    UNIQUE (body_id, person_id, thumbprint),
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.person_key IS 'A person''s own key; never the body''s key (trigger person_key_is_not_a_body_key).';

CREATE TABLE akashi.organisation (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    country text NOT NULL CONSTRAINT organisation_country REFERENCES akashi.country,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id)
);
CREATE INDEX organisation_pages ON akashi.organisation (body_id, recorded_at);

CREATE TABLE akashi.organisation_name (
    body_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    folded text NOT NULL,
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    script text NOT NULL CHECK (script ~ '^[A-Z][a-z]{3}$'),
    source text NOT NULL,
    valid_from date,
    valid_to date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, organisation_id, language, script, name),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation,
    CHECK (valid_to >= valid_from)
);
COMMENT ON COLUMN akashi.organisation_name.name IS 'Exactly as registered; folding is for search only.';

CREATE TABLE akashi.organisation_identifier (
    body_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    scheme text NOT NULL CHECK (scheme IN ('lei', 'jp_corporate_number', 'other')),
    value text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, organisation_id, scheme, value),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation
);

CREATE TABLE akashi.site (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    names jsonb NOT NULL,
    address jsonb NOT NULL,
    country text NOT NULL CONSTRAINT site_country REFERENCES akashi.country,
    virtual boolean NOT NULL,
    central_function boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, organisation_id, id),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['person', 'person_name', 'person_function', 'person_function_end', 'operating_entity', 'person_entity',
                                'person_key', 'organisation',
                                'organisation_name', 'organisation_identifier', 'site'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['party', 'party_name', 'party_identifier', 'signing_key', 'person', 'person_function',
                                'person_function_end', 'operating_entity', 'person_entity', 'person_key', 'organisation', 'organisation_name', 'organisation_identifier', 'site'] LOOP
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
GRANT UPDATE (name), DELETE ON akashi.person_name TO akashi_service;

CREATE FUNCTION akashi.person_key_is_not_a_body_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.signing_key k WHERE k.thumbprint = NEW.thumbprint) THEN
        PERFORM akashi.refuse('person_key_is_a_body_key', 'a person''s key is never the body''s key (deciding in two steps)');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_key_is_not_a_body_key BEFORE INSERT ON akashi.person_key
    FOR EACH ROW EXECUTE FUNCTION akashi.person_key_is_not_a_body_key();
