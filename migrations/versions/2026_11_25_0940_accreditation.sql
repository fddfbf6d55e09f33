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

-- A body's key signs only while a binding of its accreditation body covers it; an accreditation body's key is its own anchor.
CREATE FUNCTION akashi.key_is_bound(body uuid, key text, at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM akashi.key_binding b
                   WHERE b.bound_body_id = body AND b.thumbprint = key AND 'certify' = ANY (b.purposes)
                     AND b.valid_from <= at AND at < b.valid_to)
        OR EXISTS (SELECT FROM akashi.signing_key k JOIN akashi.party p ON p.id = k.party_id
                   WHERE k.party_id = body AND k.thumbprint = key AND k.purpose = 'accredit' AND p.kind = 'accreditation_body')
$$;
GRANT EXECUTE ON FUNCTION akashi.key_is_bound(uuid, text, timestamptz) TO akashi_service, akashi_keeper;

-- The statement that holds on a plain date (at a decision) or at an instant (now), as the accreditation body numbered them.
CREATE FUNCTION akashi.accreditation_on(accreditation uuid, day date) RETURNS akashi.accreditation_statement
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s FROM akashi.accreditation_statement s
    WHERE s.accreditation_id = accreditation AND s.effective_on <= day
    ORDER BY s.statement_no DESC LIMIT 1
$$;

-- Null when the accreditation covers the act on that day, else the code of what is missing.
CREATE FUNCTION akashi.accreditation_gap(accreditation uuid, body uuid, scheme text, designation text, wanted_areas text[], wanted_countries text[],
                                         act text, day date) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s akashi.accreditation_statement;
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.accreditation a WHERE a.id = accreditation AND a.accredited_id = body AND a.scheme_code = scheme) THEN
        RETURN 'not_accredited';
    END IF;
    s := akashi.accreditation_on(accreditation, day);
    IF s.statement_no IS NULL OR s.status = 'withdrawn' OR s.valid_to < day THEN
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

-- Whoever confirms for an accreditation body has that function on the day of confirming, for the scheme in question.
CREATE FUNCTION akashi.check_officer(body uuid, draft uuid, accreditation uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.draft_person p JOIN akashi.accreditation a ON a.body_id = p.body_id AND a.id = check_officer.accreditation
               WHERE p.body_id = body AND p.draft_id = draft
                 AND NOT EXISTS (SELECT FROM akashi.person_function f
                     WHERE f.body_id = p.body_id AND f.person_id = p.person_id AND f.function = 'accreditation_officer' AND f.scheme_code = a.scheme_code
                       AND (akashi.now() AT TIME ZONE a.time_zone)::date BETWEEN f.valid_from AND coalesce(f.valid_to, 'infinity'))) THEN
        PERFORM akashi.refuse('decider_not_competent', 'statements and bindings are confirmed by an officer with that function (17011 6.1)');
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION akashi.check_officer(uuid, uuid, uuid) TO akashi_service;

CREATE FUNCTION akashi.act_of_an_officer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.check_officer(d.body_id, d.id, (convert_from(d.document, 'UTF8')::jsonb->>'accreditation')::uuid)
    FROM akashi.draft d WHERE d.body_id = NEW.body_id AND d.id = NEW.draft_id;
    RETURN NEW;
END $$;
CREATE TRIGGER act_of_an_officer BEFORE INSERT ON akashi.act FOR EACH ROW WHEN (NEW.name IN ('state', 'bind'))
    EXECUTE FUNCTION akashi.act_of_an_officer();

CREATE FUNCTION akashi.statement_matches_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb; zone text;
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_accreditation(NEW.accreditation_id);
    SELECT convert_from(document, 'UTF8')::jsonb INTO d FROM akashi.draft
        WHERE body_id = NEW.body_id AND id = NEW.draft_id AND kind = 'accreditation_statement';
    IF d IS NULL OR d->>'accreditation' IS DISTINCT FROM NEW.accreditation_id::text OR (d->>'statement_no')::int <> NEW.statement_no
       OR d->>'act' <> NEW.act OR d->>'status' <> NEW.status OR (d->>'effective_on')::date <> NEW.effective_on
       OR (d->>'valid_to')::date <> NEW.valid_to OR d->'permitted_acts' <> to_jsonb(NEW.permitted_acts)
       OR d->'scope' <> jsonb_build_object('documents', NEW.documents, 'areas', NEW.areas, 'countries', NEW.countries) THEN
        PERFORM akashi.refuse('document_mismatch', 'a statement is recorded as its officer confirmed it');
    END IF;
    PERFORM akashi.check_officer(NEW.body_id, NEW.draft_id, NEW.accreditation_id);
    RETURN NEW;
END $$;
CREATE TRIGGER statement_matches_its_draft BEFORE INSERT ON akashi.accreditation_statement
    FOR EACH ROW EXECUTE FUNCTION akashi.statement_matches_its_draft();

CREATE FUNCTION akashi.binding_matches_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb;
BEGIN
    SELECT convert_from(document, 'UTF8')::jsonb INTO d FROM akashi.draft
        WHERE body_id = NEW.body_id AND id = NEW.draft_id AND kind = 'key_binding';
    IF d IS NULL OR d->>'binding' IS DISTINCT FROM NEW.id::text OR d->>'body' <> NEW.bound_body_id::text OR d->>'key' <> NEW.thumbprint
       OR d->'purposes' <> to_jsonb(NEW.purposes) OR (d->>'from')::timestamptz <> NEW.valid_from OR (d->>'to')::timestamptz <> NEW.valid_to THEN
        PERFORM akashi.refuse('document_mismatch', 'a key binding is recorded as its officer confirmed it');
    END IF;
    IF NOT EXISTS (SELECT FROM akashi.accreditation a WHERE a.body_id = NEW.body_id AND a.id = NEW.accreditation_id AND a.accredited_id = NEW.bound_body_id) THEN
        PERFORM akashi.refuse('not_accredited', 'a key is bound to the body that the accreditation names (invariant 17)');
    END IF;
    PERFORM akashi.check_officer(NEW.body_id, NEW.draft_id, NEW.accreditation_id);
    RETURN NEW;
END $$;
CREATE TRIGGER binding_matches_its_draft BEFORE INSERT ON akashi.key_binding
    FOR EACH ROW EXECUTE FUNCTION akashi.binding_matches_its_draft();
