-- Accreditation: what an accreditation body states about a certification body, and which keys it binds.

CREATE TABLE akashi.accreditation (
    body_id uuid NOT NULL,
    body_kind text NOT NULL DEFAULT 'accreditation_body' CHECK (body_kind = 'accreditation_body'),
    id uuid NOT NULL UNIQUE,
    accredited_id uuid NOT NULL,
    accredited_kind text NOT NULL DEFAULT 'certification_body' CHECK (accredited_kind = 'certification_body'),
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    number text NOT NULL CHECK (length(number) BETWEEN 1 AND 60),
    time_zone text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, number),
    FOREIGN KEY (body_id, body_kind) REFERENCES akashi.party (id, kind),
    FOREIGN KEY (accredited_id, accredited_kind) REFERENCES akashi.party (id, kind)
);

CREATE TABLE akashi.accreditation_statement (
    body_id uuid NOT NULL,
    accreditation_id uuid NOT NULL,
    statement_no integer NOT NULL CHECK (statement_no >= 1),
    previous_no integer GENERATED ALWAYS AS (nullif(statement_no - 1, 0)) STORED,
    act text NOT NULL,
    from_status text NOT NULL CHECK ((statement_no = 1) = (from_status = 'none')),
    status text NOT NULL,
    documents text[] NOT NULL CHECK (cardinality(documents) >= 1),
    areas text[] NOT NULL CHECK (cardinality(areas) >= 1),
    countries text[] NOT NULL CHECK (cardinality(countries) >= 1),
    criteria text[] NOT NULL CHECK (cardinality(criteria) >= 1),
    suspended_whole boolean NOT NULL,
    suspended_areas text[] NOT NULL DEFAULT '{}',
    suspended_countries text[] NOT NULL DEFAULT '{}',
    permitted_acts text[] NOT NULL DEFAULT '{}',
    symbol_allowed boolean NOT NULL,
    effective_on date NOT NULL,
    valid_to date NOT NULL,
    draft_id uuid NOT NULL,
    envelope_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, accreditation_id, statement_no),
    UNIQUE (body_id, accreditation_id, statement_no, status),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (body_id, accreditation_id) REFERENCES akashi.accreditation,
    FOREIGN KEY (body_id, accreditation_id, previous_no, from_status)
        REFERENCES akashi.accreditation_statement (body_id, accreditation_id, statement_no, status),
    FOREIGN KEY (from_status, act, status) REFERENCES akashi.accreditation_transition (from_status, act, to_status),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope,
    CONSTRAINT accreditation_period CHECK (valid_to > effective_on OR act <> 'grant'),
    CONSTRAINT suspension_names_its_scope CHECK (
        (status = 'suspended') = (suspended_whole OR cardinality(suspended_areas) + cardinality(suspended_countries) > 0))
);
COMMENT ON CONSTRAINT suspension_names_its_scope ON akashi.accreditation_statement IS '17011 7.11: a suspension is whole or names its part.';
CREATE INDEX accreditation_statement_latest ON akashi.accreditation_statement (accreditation_id, statement_no DESC);
COMMENT ON TABLE akashi.accreditation_statement IS
    'Each statement is the full resulting state; its date counts from the start of that day in the accreditation''s zone.';

CREATE TABLE akashi.key_binding (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    accreditation_id uuid NOT NULL,
    bound_body_id uuid NOT NULL,
    thumbprint text NOT NULL,
    purposes text[] NOT NULL CHECK (purposes <@ ARRAY['certify', 'suspend'] AND cardinality(purposes) >= 1),
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    draft_id uuid NOT NULL,
    envelope_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (body_id, accreditation_id) REFERENCES akashi.accreditation,
    FOREIGN KEY (bound_body_id, thumbprint) REFERENCES akashi.signing_key (party_id, thumbprint),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope,
    CONSTRAINT binding_period CHECK (valid_to > valid_from AND valid_to <= valid_from + interval '27 months')
);
COMMENT ON CONSTRAINT binding_period ON akashi.key_binding IS 'Invariant 17: at most 27 months, as a certificate of a key.';
CREATE INDEX key_binding_thumbprint ON akashi.key_binding (bound_body_id, thumbprint);

CALL akashi.make_public_record('akashi.accreditation');
CALL akashi.make_public_record('akashi.accreditation_statement');
CALL akashi.make_public_record('akashi.key_binding');
CALL akashi.make_insert_only('akashi.accreditation');
CALL akashi.make_insert_only('akashi.accreditation_statement');
CALL akashi.make_insert_only('akashi.key_binding');
CALL akashi.make_stamped('akashi.accreditation');
CALL akashi.make_stamped('akashi.accreditation_statement');
CALL akashi.make_stamped('akashi.key_binding');

-- Where no accreditation body speaks, the registry says who holds a key: identity only, for one scheme, and nothing about anybody's competence.
CREATE TABLE akashi.identity_binding (
    body_id uuid NOT NULL,
    body_kind text NOT NULL DEFAULT 'registry' CHECK (body_kind = 'registry'),
    id uuid NOT NULL,
    bound_body_id uuid NOT NULL,
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    thumbprint text NOT NULL,
    purposes text[] NOT NULL CHECK (purposes <@ ARRAY['certify', 'suspend'] AND cardinality(purposes) >= 1),
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    draft_id uuid NOT NULL,
    envelope_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (body_id, body_kind) REFERENCES akashi.party (id, kind),
    FOREIGN KEY (bound_body_id, thumbprint) REFERENCES akashi.signing_key (party_id, thumbprint),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope,
    CONSTRAINT identity_binding_period CHECK (valid_to > valid_from AND valid_to <= valid_from + interval '27 months')
);
CREATE INDEX identity_binding_thumbprint ON akashi.identity_binding (bound_body_id, thumbprint);
COMMENT ON TABLE akashi.identity_binding IS 'Evidence `identity_only`: it can never support a statement about accreditation (records, signing).';
CALL akashi.make_public_record('akashi.identity_binding');
CALL akashi.make_insert_only('akashi.identity_binding');
CALL akashi.make_stamped('akashi.identity_binding');

-- The statement that holds on a plain date (at a decision) or at an instant (now), as the accreditation body numbered them.
CREATE FUNCTION akashi.accreditation_on(accreditation uuid, day date) RETURNS akashi.accreditation_statement LANGUAGE sql STABLE AS $$
    SELECT s FROM akashi.accreditation_statement s
    WHERE s.accreditation_id = accreditation AND s.effective_on <= day
    ORDER BY s.statement_no DESC LIMIT 1
$$;
COMMENT ON FUNCTION akashi.accreditation_on IS '17011 7.11: the statement that holds on a day, also one that was made later with an earlier date.';

-- A body's key signs only while a binding of its accreditation body covers it; an accreditation body's key is its own anchor.
-- Once an accreditation body has stated that the body ceased, its keys are frozen: only a binding under another accreditation
-- that is alive (neither ended nor ceased) still counts (domain, accreditation cascade).
CREATE FUNCTION akashi.key_is_bound(body uuid, key text, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH binding AS (
        SELECT (akashi.accreditation_on(b.accreditation_id, (at AT TIME ZONE n.time_zone)::date)).status
        FROM akashi.key_binding b JOIN akashi.accreditation n ON n.body_id = b.body_id AND n.id = b.accreditation_id
        WHERE b.bound_body_id = body AND b.thumbprint = key AND 'certify' = ANY (b.purposes) AND b.valid_from <= at AND at < b.valid_to)
    SELECT EXISTS (SELECT FROM binding)
           AND (NOT EXISTS (SELECT FROM binding WHERE status = 'ceased') OR EXISTS (SELECT FROM binding WHERE status IN ('active', 'suspended')))
        OR EXISTS (SELECT FROM akashi.identity_binding b
                   WHERE b.bound_body_id = body AND b.thumbprint = key AND 'certify' = ANY (b.purposes) AND b.valid_from <= at AND at < b.valid_to)
           AND NOT EXISTS (SELECT FROM akashi.accreditation n WHERE n.accredited_id = body
                           AND (akashi.accreditation_on(n.id, (at AT TIME ZONE n.time_zone)::date)).status = 'ceased')
        OR EXISTS (SELECT FROM akashi.signing_key k JOIN akashi.party p ON p.id = k.party_id
                   WHERE k.party_id = body AND k.thumbprint = key AND (k.purpose, p.kind) IN (('accredit', 'accreditation_body'), ('identify', 'registry')))
$$;
COMMENT ON FUNCTION akashi.key_is_bound IS 'IAF MD 2; invariant 17: bound by an accreditation that lives; frozen with the body that ceased.';
GRANT EXECUTE ON FUNCTION akashi.key_is_bound(uuid, text, timestamptz) TO akashi_service, akashi_keeper;

-- Null when the accreditation covers the act on that day, else the code of what is missing.
CREATE FUNCTION akashi.accreditation_gap(accreditation uuid, body uuid, scheme text, designation text, wanted_areas text[], wanted_countries text[],
                                         act text, day date) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE s akashi.accreditation_statement;
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.accreditation a WHERE a.id = accreditation AND a.accredited_id = body AND a.scheme_code = scheme) THEN
        RETURN 'not_accredited';
    END IF;
    s := akashi.accreditation_on(accreditation, day);
    IF s.statement_no IS NULL OR s.status NOT IN ('active', 'suspended') OR s.valid_to < day THEN
        RETURN 'not_accredited';
    END IF;
    IF NOT (designation = ANY (s.documents) AND wanted_areas <@ s.areas AND wanted_countries <@ s.countries) THEN
        RETURN 'outside_accreditation';
    END IF;
    IF s.status = 'suspended' AND NOT act = ANY (s.permitted_acts)
       AND (s.suspended_whole OR s.suspended_areas && wanted_areas OR s.suspended_countries && wanted_countries) THEN
        RETURN 'accreditation_suspended';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION akashi.accreditation_gap IS '17011 7.6, 7.11; invariant 6: what the accreditation lacks for an act on a day, or null.';

-- Now: by the calendar of the accreditation, or where the day has come in the body's zone before, by the body's. What is given
-- from a date on is given to decisions of that date (at_decision compares plain dates); what is taken away waits for its own zone.
CREATE FUNCTION akashi.accreditation_gap_now(accreditation uuid, body uuid, scheme text, designation text, wanted_areas text[], wanted_countries text[],
                                             act text, body_zone text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE zone text; there date; here date := (akashi.now() AT TIME ZONE body_zone)::date; gap text;
BEGIN
    SELECT a.time_zone INTO zone FROM akashi.accreditation a WHERE a.id = accreditation;
    there := (akashi.now() AT TIME ZONE coalesce(zone, body_zone))::date;
    gap := akashi.accreditation_gap(accreditation, body, scheme, designation, wanted_areas, wanted_countries, act, there);
    IF gap IS NOT NULL AND here > there
       AND akashi.accreditation_gap(accreditation, body, scheme, designation, wanted_areas, wanted_countries, act, here) IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN gap;
END $$;
COMMENT ON FUNCTION akashi.accreditation_gap_now IS '17011 7.6, 7.11; invariant 6: the same now, on whichever side of the date line.';

-- Officers (17011: decisions by the competent): judged before anything is signed, in the first commit.
CREATE FUNCTION akashi.check_officers(act akashi.act, scheme text, zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.draft_person p JOIN akashi.person n ON n.body_id = p.body_id AND n.id = p.person_id
               WHERE p.body_id = act.body_id AND p.draft_id = act.draft_id
                 AND (n.relation = 'outsourced' OR NOT EXISTS (
                    SELECT FROM akashi.person_function f WHERE f.body_id = p.body_id AND f.person_id = p.person_id
                      AND f.function = 'accreditation_officer' AND f.scheme_code = scheme
                      AND (akashi.now() AT TIME ZONE zone)::date BETWEEN f.valid_from AND coalesce(f.valid_to, 'infinity')))) THEN
        PERFORM akashi.refuse('decider_not_competent', 'an accreditation body''s statement is confirmed by an officer with that function');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_officers IS '17011 7.9, 7.11: an accreditation body speaks through an officer with that function.';

CREATE FUNCTION akashi.check_statement_draft(d jsonb, act akashi.act, n akashi.accreditation) RETURNS void LANGUAGE plpgsql AS $$
DECLARE last akashi.accreditation_statement;
BEGIN
    IF d->>'accreditation_body' IS DISTINCT FROM n.body_id::text OR d->>'body' IS DISTINCT FROM n.accredited_id::text
       OR d->>'number' IS DISTINCT FROM n.number OR d->>'scheme' IS DISTINCT FROM n.scheme_code OR d->>'time_zone' IS DISTINCT FROM n.time_zone
       OR NOT EXISTS (SELECT FROM akashi.draft_person p WHERE p.body_id = act.body_id AND p.draft_id = act.draft_id
                      AND d->>'confirmed_by_commitment' = akashi.base64url(akashi.commitment(p.salt, convert_to(p.person_id::text, 'UTF8')))) THEN
        PERFORM akashi.refuse('document_mismatch', 'a statement names its accreditation and its officer as the records have them');
    END IF;
    SELECT * INTO last FROM akashi.accreditation_statement s WHERE s.accreditation_id = n.id ORDER BY s.statement_no DESC LIMIT 1;
    IF (d->>'statement_no')::integer IS DISTINCT FROM coalesce(last.statement_no, 0) + 1 THEN
        PERFORM akashi.refuse('event_out_of_order', 'another statement was made since this one was drafted');
    END IF;
    IF NOT EXISTS (SELECT FROM akashi.accreditation_transition t WHERE t.from_status = coalesce(last.status, 'none')
                   AND t.act = d->>'act' AND t.to_status = d->>'status') THEN
        PERFORM akashi.refuse('no_such_transition', 'an accreditation moves only along its transition table (17011 7.6, 7.11)');
    END IF;
    PERFORM akashi.check_statement_codes(d);
    IF last.statement_no IS NOT NULL THEN
        PERFORM akashi.check_statement_change(d, last);
    END IF;
END $$;

-- What an act may change of the full state that the last statement left, and nothing besides.
CREATE FUNCTION akashi.check_statement_change(d jsonb, last akashi.accreditation_statement) RETURNS void LANGUAGE plpgsql AS $$
DECLARE stated jsonb := jsonb_build_object('documents', last.documents, 'areas', last.areas, 'countries', last.countries);
BEGIN
    IF d->>'act' = 'reduce' THEN
        IF NOT akashi.scope_grows(d->'scope', stated) THEN
            PERFORM akashi.refuse('scope_not_reduced', '17011 7.11: a reduction names less than before, and nothing new');
        END IF;
    ELSIF d->>'act' = 'extend' THEN
        IF NOT akashi.scope_grows(stated, d->'scope') THEN
            PERFORM akashi.refuse('scope_not_extended', '17011 7.10: an extension names more than before, and all of it');
        END IF;
    ELSIF d->'scope' IS DISTINCT FROM stated THEN
        PERFORM akashi.refuse('accreditation_scope_changed', '17011 7.10, 7.11: scope changes by extension or reduction alone');
    END IF;
    IF d->>'act' = 'renew' AND (d->>'valid_to')::date <= last.valid_to THEN
        PERFORM akashi.refuse('renewal_not_later', '17011 7.9: a renewal ends later than what it renews');
    ELSIF d->>'act' <> 'renew' AND (d->>'valid_to')::date <> last.valid_to THEN
        PERFORM akashi.refuse('document_mismatch', '17011 7.9: only a renewal moves the last valid day');
    END IF;
    IF d->>'act' IN ('reduce', 'renew') AND (d->'suspended' IS DISTINCT FROM akashi.suspended_part(last)
          OR d->'permitted_acts' IS DISTINCT FROM to_jsonb(last.permitted_acts) OR d->'symbol_allowed' IS DISTINCT FROM to_jsonb(last.symbol_allowed)) THEN
        PERFORM akashi.refuse('document_mismatch', '17011 7.11: a sanction ends by restoration, never in passing');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_statement_change IS 'ISO/IEC 17011 7.9 to 7.11: each act changes what it names, and a statement is the full resulting state.';

-- Whether one scope lies in another and is not the same.
CREATE FUNCTION akashi.scope_grows(smaller jsonb, larger jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT smaller->'documents' <@ (larger->'documents') AND smaller->'areas' <@ (larger->'areas') AND smaller->'countries' <@ (larger->'countries')
       AND NOT (larger->'documents' <@ (smaller->'documents') AND larger->'areas' <@ (smaller->'areas') AND larger->'countries' <@ (smaller->'countries'))
$$;

-- The member `suspended` of a statement's document.
CREATE FUNCTION akashi.suspended_part(s akashi.accreditation_statement) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN s.status <> 'suspended' THEN 'null' WHEN s.suspended_whole THEN '{"whole": true}'
                ELSE jsonb_build_object('areas', s.suspended_areas, 'countries', s.suspended_countries) END
$$;

-- A code that means nothing would take away or give nothing, and nobody would notice.
CREATE FUNCTION akashi.check_statement_codes(d jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM jsonb_array_elements_text(d->'scope'->'countries') x WHERE NOT EXISTS (SELECT FROM akashi.country c WHERE c.code = x)) THEN
        PERFORM akashi.refuse('unknown_country', 'countries are named by ISO 3166-1 alpha-2');
    END IF;
    IF d->>'act' = 'suspend' AND (NOT coalesce(d->'suspended'->'areas', '[]') <@ (d->'scope'->'areas')
                                  OR NOT coalesce(d->'suspended'->'countries', '[]') <@ (d->'scope'->'countries')) THEN
        PERFORM akashi.refuse('suspension_outside_scope', '17011 7.11: only what is accredited can be suspended');
    END IF;
END $$;

-- Whether from today or from a later day, whole or suspended: the accreditation body has said that it accredits, and not that it ended.
CREATE FUNCTION akashi.check_binding(accreditation uuid, body uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE last akashi.accreditation_statement;
BEGIN
    PERFORM akashi.share_accreditation(accreditation);
    SELECT * INTO last FROM akashi.accreditation_statement s WHERE s.accreditation_id = accreditation ORDER BY s.statement_no DESC LIMIT 1;
    IF last.status IS NULL OR last.status NOT IN ('active', 'suspended')
       OR NOT EXISTS (SELECT FROM akashi.accreditation n WHERE n.id = accreditation AND n.accredited_id = body) THEN
        PERFORM akashi.refuse('not_accredited', 'a key is bound to the body that a stated accreditation names (invariant 17)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_binding IS '17011 7.6, 7.11; invariant 17: no statement, or the end stated, no key; at both commits.';

CREATE FUNCTION akashi.check_binding_draft(d jsonb, n akashi.accreditation) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF d->>'accreditation_body' IS DISTINCT FROM n.body_id::text OR d->>'body' IS DISTINCT FROM n.accredited_id::text THEN
        PERFORM akashi.refuse('not_accredited', 'a key is bound to the body that a stated accreditation names (invariant 17)');
    END IF;
    PERFORM akashi.check_binding(n.id, n.accredited_id);
END $$;

CREATE FUNCTION akashi.officers_act_is_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb; n akashi.accreditation;
BEGIN
    IF NEW.name NOT IN ('state', 'bind', 'write') THEN
        RETURN NEW;
    END IF;
    PERFORM akashi.lock_subject(NEW.subject);
    SELECT convert_from(x.document, 'UTF8')::jsonb INTO d FROM akashi.draft x WHERE x.body_id = NEW.body_id AND x.id = NEW.draft_id;
    SELECT * INTO n FROM akashi.accreditation a WHERE a.body_id = NEW.body_id AND a.id = (d->>'accreditation')::uuid;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('unknown_accreditation', 'an accreditation body speaks of its own accreditations');
    END IF;
    PERFORM akashi.check_officers(NEW, n.scheme_code, n.time_zone);
    CASE NEW.name
        WHEN 'state' THEN PERFORM akashi.check_statement_draft(d, NEW, n);
        WHEN 'bind' THEN PERFORM akashi.check_binding_draft(d, n);
        ELSE PERFORM akashi.check_letter_draft(d, NEW, n);
    END CASE;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.officers_act_is_lawful IS '17011 7.9, 7.11: judged before anything is signed.';
CREATE TRIGGER c_officers_act_is_lawful BEFORE INSERT ON akashi.act FOR EACH ROW EXECUTE FUNCTION akashi.officers_act_is_lawful();

-- The confirmed document that an envelope holds; null if the envelope is of another act, kind or draft.
CREATE FUNCTION akashi.document_in(body uuid, envelope uuid, draft uuid, statement text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT akashi.part_of(r.signing_input, 2) FROM akashi.reservation r JOIN akashi.act a ON a.body_id = r.body_id AND a.id = r.act_id
    WHERE r.body_id = document_in.body AND r.id = document_in.envelope AND r.statement = document_in.statement AND a.draft_id = document_in.draft
$$;

CREATE FUNCTION akashi.statement_matches_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb;
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_accreditation(NEW.accreditation_id);
    d := akashi.document_in(NEW.body_id, NEW.envelope_id, NEW.draft_id, 'akashi-accreditation-statement-1');
    IF d->>'accreditation' IS DISTINCT FROM NEW.accreditation_id::text OR (d->>'statement_no')::integer IS DISTINCT FROM NEW.statement_no
       OR d->>'act' IS DISTINCT FROM NEW.act OR d->>'status' IS DISTINCT FROM NEW.status
       OR d->>'effective_on' IS DISTINCT FROM NEW.effective_on::text OR d->>'valid_to' IS DISTINCT FROM NEW.valid_to::text
       OR d->'criteria' IS DISTINCT FROM to_jsonb(NEW.criteria) OR d->'permitted_acts' IS DISTINCT FROM to_jsonb(NEW.permitted_acts)
       OR d->'symbol_allowed' IS DISTINCT FROM to_jsonb(NEW.symbol_allowed)
       OR d->'scope' IS DISTINCT FROM jsonb_build_object('documents', NEW.documents, 'areas', NEW.areas, 'countries', NEW.countries)
       OR coalesce((d->'suspended'->>'whole')::boolean, false) IS DISTINCT FROM NEW.suspended_whole
       OR coalesce(d->'suspended'->'areas', '[]') IS DISTINCT FROM to_jsonb(NEW.suspended_areas)
       OR coalesce(d->'suspended'->'countries', '[]') IS DISTINCT FROM to_jsonb(NEW.suspended_countries) THEN
        PERFORM akashi.refuse('document_mismatch', 'a statement is recorded as its officer confirmed it');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.statement_matches_its_draft IS '17011 7.9, 7.11: a statement is recorded as its officer confirmed it.';
CREATE TRIGGER statement_matches_its_draft BEFORE INSERT ON akashi.accreditation_statement
    FOR EACH ROW EXECUTE FUNCTION akashi.statement_matches_its_draft();

CREATE FUNCTION akashi.binding_matches_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb;
BEGIN
    PERFORM akashi.demand_read_committed();
    d := akashi.document_in(NEW.body_id, NEW.envelope_id, NEW.draft_id, 'akashi-key-binding-1');
    IF d->>'binding' IS DISTINCT FROM NEW.id::text OR d->>'body' IS DISTINCT FROM NEW.bound_body_id::text
       OR d->>'accreditation' IS DISTINCT FROM NEW.accreditation_id::text OR d->>'key' IS DISTINCT FROM NEW.thumbprint
       OR d->'purposes' IS DISTINCT FROM to_jsonb(NEW.purposes)
       OR (d->>'from')::timestamptz IS DISTINCT FROM NEW.valid_from OR (d->>'to')::timestamptz IS DISTINCT FROM NEW.valid_to THEN
        PERFORM akashi.refuse('document_mismatch', 'a key binding is recorded as its officer confirmed it');
    END IF;
    PERFORM akashi.check_binding(NEW.accreditation_id, NEW.bound_body_id);
    RETURN NEW;
END $$;
CREATE TRIGGER binding_matches_its_draft BEFORE INSERT ON akashi.key_binding
    FOR EACH ROW EXECUTE FUNCTION akashi.binding_matches_its_draft();

GRANT EXECUTE ON FUNCTION akashi.check_officers(akashi.act, text, text), akashi.check_statement_draft(jsonb, akashi.act, akashi.accreditation),
    akashi.check_statement_change(jsonb, akashi.accreditation_statement), akashi.check_statement_codes(jsonb),
    akashi.scope_grows(jsonb, jsonb), akashi.suspended_part(akashi.accreditation_statement), akashi.check_binding(uuid, uuid),
    akashi.check_binding_draft(jsonb, akashi.accreditation), akashi.document_in(uuid, uuid, uuid, text) TO akashi_service;
CALL akashi.pin_settings();
