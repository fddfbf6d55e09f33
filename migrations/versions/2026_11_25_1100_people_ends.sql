-- The last day of a person's function and the end of a person's key, both learned after they were recorded.

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

CREATE TABLE akashi.person_key_end (
    body_id uuid NOT NULL,
    thumbprint text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, thumbprint),
    FOREIGN KEY (body_id, thumbprint) REFERENCES akashi.person_key
);
COMMENT ON TABLE akashi.person_key_end IS 'Keys that confirm nothing from here on; what they confirmed before stays evidence.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['person_function_end', 'person_key_end'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION akashi.person_has_function(body uuid, person uuid, wanted text, scheme text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.person_function f
                   LEFT JOIN akashi.person_function_end e USING (body_id, person_id, function, scheme_code, valid_from)
                   WHERE f.body_id = body AND f.person_id = person AND f.function = wanted AND f.scheme_code = scheme
                     AND f.valid_from <= day AND day <= coalesce(least(f.valid_to, e.last_day), 'infinity'))
$$;

CREATE OR REPLACE FUNCTION akashi.check_officers(act akashi.act, scheme text, zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.draft_person p JOIN akashi.person n ON n.body_id = p.body_id AND n.id = p.person_id
               WHERE p.body_id = act.body_id AND p.draft_id = act.draft_id
                 AND (n.relation = 'outsourced' OR NOT akashi.person_has_function(
                    p.body_id, p.person_id, 'accreditation_officer', scheme, (akashi.now() AT TIME ZONE zone)::date))) THEN
        PERFORM akashi.refuse('decider_not_competent', 'an accreditation body''s statement is confirmed by an officer with that function');
    END IF;
END $$;

-- An end that is recorded at the same moment is the signer's to notice: it compares the two instants.
CREATE FUNCTION akashi.person_key_is_not_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.person_key_end e WHERE e.body_id = NEW.body_id AND e.thumbprint = NEW.thumbprint) THEN
        PERFORM akashi.refuse('person_key_ended', 'an ended key is nobody''s evidence any more (deciding in two steps)');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_key_is_not_ended BEFORE INSERT ON akashi.confirmation
    FOR EACH ROW EXECUTE FUNCTION akashi.person_key_is_not_ended();

CALL akashi.pin_settings();
