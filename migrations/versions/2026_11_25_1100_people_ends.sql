-- The end of a person's key, learned after it was recorded; an officer's function is asked through its end too.

CREATE TABLE akashi.person_key_end (
    body_id uuid NOT NULL,
    thumbprint text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, thumbprint),
    FOREIGN KEY (body_id, thumbprint) REFERENCES akashi.person_key
);
COMMENT ON TABLE akashi.person_key_end IS 'Keys that confirm nothing from here on; what they confirmed before stays evidence.';

CALL akashi.make_tenant_only('akashi.person_key_end');
CALL akashi.make_insert_only('akashi.person_key_end');
CALL akashi.make_stamped('akashi.person_key_end');

CREATE OR REPLACE FUNCTION akashi.check_officers(act akashi.act, scheme text, zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.draft_person p JOIN akashi.person n ON n.body_id = p.body_id AND n.id = p.person_id
               WHERE p.body_id = act.body_id AND p.draft_id = act.draft_id
                 AND (n.relation = 'outsourced' OR NOT akashi.person_has_function(
                    p.body_id, p.person_id, 'accreditation_officer', scheme, (akashi.now() AT TIME ZONE zone)::date))) THEN
        PERFORM akashi.refuse('decider_not_competent', 'an accreditation body''s statement is confirmed by an officer with that function');
    END IF;
END $$;

-- Confirming and ending one key wait for each other, so that whatever it confirmed was recorded before its end.
CREATE FUNCTION akashi.person_key_is_not_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended(NEW.thumbprint, 16));
    IF EXISTS (SELECT FROM akashi.person_key_end e WHERE e.body_id = NEW.body_id AND e.thumbprint = NEW.thumbprint) THEN
        PERFORM akashi.refuse('person_key_ended', 'an ended key is nobody''s evidence any more (deciding in two steps)');
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION akashi.person_key_is_at_rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(NEW.thumbprint, 16));
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.person_key_is_at_rest IS 'Its name sorts before the stamp: the end is dated after every confirmation that it waited for.';
CREATE TRIGGER a_rest BEFORE INSERT ON akashi.person_key_end
    FOR EACH ROW EXECUTE FUNCTION akashi.person_key_is_at_rest();
CREATE TRIGGER person_key_is_not_ended BEFORE INSERT ON akashi.confirmation
    FOR EACH ROW EXECUTE FUNCTION akashi.person_key_is_not_ended();

CALL akashi.pin_settings();
