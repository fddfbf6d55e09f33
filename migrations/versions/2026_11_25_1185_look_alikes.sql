-- What could be taken for another: a number that looks like one the body gave, a second certificate of one scope.

-- What the eye sees of a number. Width, case, spaces and every kind of hyphen do not count; Cyrillic and Greek letters read as
-- the Latin ones that they look like; o and the ideographic zero as 0, i, l and a bar as 1, rn as m (UTS 39, confusables).
CREATE FUNCTION akashi.number_shape(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT replace(translate(translate(translate(translate(lower(normalize(number, NFKC)),
        U&' _-\00A0\00AD\2009\200B\200C\200D\2060\FEFF\2010\2011\2012\2013\2014\2015\2212\02D7\2043\30FC\2500', ''),
        U&'\0430\0432\0441\0435\043D\0458\043A\043C\043E\0440\0455\0442\0445\0443\0456', 'abcehjkmopstxyi'),
        U&'\03B1\03B2\03B5\03B7\03B9\03BA\03BC\03BD\03BF\03C1\03C4\03C5\03C7\03B6', 'abehikmnoptyxz'),
        U&'oil|\3007', '01110'),
        'rn', 'm')
$$;
COMMENT ON FUNCTION akashi.number_shape IS '17021-1 8.2.2; invariant 18: two numbers of one shape are one number to a reader.';
GRANT EXECUTE ON FUNCTION akashi.number_shape(text) TO akashi_service;
CREATE UNIQUE INDEX certificate_number_looks_alike ON akashi.certification (body_id, akashi.number_shape(number));
COMMENT ON INDEX akashi.certificate_number_looks_alike IS '17021-1 8.2.2; invariant 18: a body gives no number that looks like another of its own.';

-- --- One scope certified twice ---

CREATE TABLE akashi.overlap_confirmation (
    body_id uuid NOT NULL,
    certification_id uuid NOT NULL,
    other_id uuid NOT NULL,
    person_id uuid NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 4000),
    confirmed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, certification_id, other_id),
    FOREIGN KEY (body_id, certification_id) REFERENCES akashi.certification,
    FOREIGN KEY (body_id, other_id) REFERENCES akashi.certification,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.overlap_confirmation IS 'A competent person means both: two certifications of one client and scheme whose scopes overlap (invariant 23).';
CREATE INDEX overlap_confirmation_other ON akashi.overlap_confirmation (body_id, other_id, certification_id);
CREATE INDEX certification_of_client ON akashi.certification (body_id, organisation_id, scheme_code);
CALL akashi.make_tenant_only('akashi.overlap_confirmation');
CALL akashi.make_insert_only('akashi.overlap_confirmation');
CALL akashi.make_stamped('akashi.overlap_confirmation');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.overlap_confirmation FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('confirmed_on');

CREATE FUNCTION akashi.overlap_is_confirmed_by_the_competent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification;
BEGIN
    SELECT x.* INTO c FROM akashi.certification x JOIN akashi.certification o ON o.body_id = x.body_id AND o.organisation_id = x.organisation_id
        AND o.scheme_code = x.scheme_code AND o.id <> x.id
        WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id AND o.id = NEW.other_id;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('unknown_certification', 'two certifications of one client and scheme stand beside one another (invariant 23)');
    END IF;
    IF NOT (akashi.person_has_function(NEW.body_id, NEW.person_id, 'reviewer', c.scheme_code, NEW.confirmed_on)
            OR akashi.person_has_function(NEW.body_id, NEW.person_id, 'decider', c.scheme_code, NEW.confirmed_on)) THEN
        PERFORM akashi.refuse('reviewer_not_competent', '17021-1 7.2: a competent person says that both are meant (invariant 23)');
    END IF;
    PERFORM akashi.demand_no_interest(c.body_id, NEW.person_id, c.organisation_id, NEW.confirmed_on);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.overlap_is_confirmed_by_the_competent IS '17021-1 7.2; invariant 23.';
CREATE TRIGGER overlap_is_confirmed_by_the_competent BEFORE INSERT ON akashi.overlap_confirmation
    FOR EACH ROW EXECUTE FUNCTION akashi.overlap_is_confirmed_by_the_competent();

-- Who certifies one client in one scheme does so one after the other: each sees what the other brought about.
CREATE FUNCTION akashi.lock_client(c akashi.certification) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(c.body_id::text || c.organisation_id::text || c.scheme_code, 19)) $$;

CREATE FUNCTION akashi.check_overlap(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE other text;
BEGIN
    PERFORM akashi.lock_client(c);
    SELECT o.number INTO other FROM akashi.certification o CROSS JOIN LATERAL akashi.decision_in_force(o.body_id, o.id) f
    WHERE o.body_id = c.body_id AND o.organisation_id = c.organisation_id AND o.scheme_code = c.scheme_code AND o.id <> c.id
      AND NOT EXISTS (SELECT FROM akashi.overlap_confirmation x WHERE x.body_id = c.body_id AND x.certification_id = c.id AND x.other_id = o.id)
      AND NOT EXISTS (SELECT FROM akashi.overlap_confirmation x WHERE x.body_id = c.body_id AND x.certification_id = o.id AND x.other_id = c.id)
      AND f.last_valid_day >= akashi.body_today(c.body_id) AND akashi.current_state(o.body_id, o.id) IN ('active', 'suspended')
      AND (f.areas && d.areas OR f.areas = d.areas) AND (f.site_ids && d.site_ids OR f.site_ids = d.site_ids)
      AND (f.criteria && d.criteria OR f.criteria = d.criteria)
    ORDER BY o.recorded_at LIMIT 1;
    IF FOUND THEN
        PERFORM akashi.refuse('overlap_not_confirmed', format('%s certifies this client for part of the scope already: a competent person confirms that both are meant (invariant 23)', other));
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_overlap IS 'Invariant 23: a shared technical area at a shared site, or shared criteria, of one client, scheme and body; a warning that a person confirms.';

CREATE FUNCTION akashi.stands_beside_no_other() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; d akashi.decision; s akashi.scheme;
BEGIN
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    SELECT * INTO s FROM akashi.scheme x WHERE x.code = c.scheme_code;
    IF TG_TABLE_NAME = 'decision' THEN
        d := NEW;
    ELSE
        SELECT * INTO d FROM akashi.decision x WHERE x.body_id = NEW.body_id AND x.id = NEW.decision_id;
    END IF;
    IF akashi.demands(d.act, 'no_overlap', s) THEN
        PERFORM akashi.check_overlap(d, c);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.stands_beside_no_other IS 'Invariant 23, at the decision and again when its certificate is issued.';
CREATE TRIGGER decision_v_stands_beside_no_other BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.stands_beside_no_other();
CREATE TRIGGER version_stands_beside_no_other BEFORE INSERT ON akashi.certificate_version FOR EACH ROW EXECUTE FUNCTION akashi.stands_beside_no_other();

INSERT INTO akashi.requirement (act, rule, origin)
SELECT act, 'no_overlap', 'invariant 23' FROM unnest(ARRAY['grant', 'transfer_in', 'extend', 'renew', 'restore_expired']) act;

GRANT EXECUTE ON FUNCTION akashi.lock_client(akashi.certification), akashi.check_overlap(akashi.decision, akashi.certification) TO akashi_service;
CALL akashi.pin_settings();
