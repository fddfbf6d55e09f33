-- The decision, the certificate and its standing: where the rules of conformity assessment bind.

CREATE TABLE akashi.draft_audit (
    body_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    PRIMARY KEY (body_id, draft_id, audit_id),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, audit_id) REFERENCES akashi.audit
);
CREATE INDEX draft_audit_audit ON akashi.draft_audit (body_id, audit_id);

CREATE TABLE akashi.draft_accreditation (
    body_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    accreditation_id uuid NOT NULL REFERENCES akashi.accreditation (id),
    PRIMARY KEY (body_id, draft_id, accreditation_id),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft
);

CREATE TABLE akashi.decision (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    certification_id uuid NOT NULL,
    act text NOT NULL REFERENCES akashi.decision_type,
    decided_on date NOT NULL,
    time_zone text NOT NULL,
    effective_on date NOT NULL,
    effective_at timestamptz,
    until date,
    late_reason text,
    annuls_no integer,
    ratifies_no integer,
    designation text,
    areas text[] NOT NULL DEFAULT '{}',
    countries text[] NOT NULL DEFAULT '{}',
    roles text[] NOT NULL DEFAULT '{}',
    criteria text[] NOT NULL DEFAULT '{}',
    site_ids uuid[] NOT NULL DEFAULT '{}',
    soa_version text,
    soa_date date,
    last_valid_day date,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, certification_id, id),
    UNIQUE (body_id, certification_id, id, act),
    FOREIGN KEY (body_id, id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, certification_id) REFERENCES akashi.certification,
    CONSTRAINT effective_before_decision CHECK (effective_on >= decided_on OR act IN ('annul', 'import')),
    CONSTRAINT suspension_ends_before_it_begins CHECK (until >= effective_on)
);
COMMENT ON CONSTRAINT suspension_ends_before_it_begins ON akashi.decision IS '17021-1 9.6.5; invariant 13.';
COMMENT ON CONSTRAINT effective_before_decision ON akashi.decision IS '17021-1 8.2.2; invariant 1: never effective before it was decided, but for an annulment and history from elsewhere.';
COMMENT ON TABLE akashi.decision IS 'A confirmed decision; the row exists only with every decider''s evidence (17021-1 9.5). The effective date is never before the decision (8.2.2, invariant 1).';

CREATE TABLE akashi.status_list (
    list_no integer PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('revocation', 'suspension', 'refresh')),
    size integer NOT NULL CHECK (size >= 131072 AND size % 8 = 0),
    recorded_at timestamptz NOT NULL
);
INSERT INTO akashi.status_list VALUES (1, 'revocation', 131072, akashi.now()), (2, 'suspension', 131072, akashi.now()), (3, 'refresh', 131072, akashi.now());

CREATE TABLE akashi.status_position (
    list_no integer NOT NULL REFERENCES akashi.status_list,
    position integer NOT NULL CHECK (position >= 0),
    body_id uuid NOT NULL,
    act_id uuid NOT NULL,
    PRIMARY KEY (list_no, position),
    UNIQUE (body_id, act_id, list_no),
    UNIQUE (body_id, act_id, list_no, position),
    FOREIGN KEY (body_id, act_id) REFERENCES akashi.act
);
COMMENT ON CONSTRAINT status_position_pkey ON akashi.status_position IS 'Invariant 16: a position of a list is given once.';
COMMENT ON TABLE akashi.status_position IS 'A position drawn at random, never reused, not even after a void (invariant 16).';

CREATE TABLE akashi.issuance_reservation (
    body_id uuid NOT NULL,
    reservation_id uuid NOT NULL,
    act_id uuid NOT NULL,
    certification_id uuid NOT NULL,
    version_no integer NOT NULL CHECK (version_no >= 1),
    decision_id uuid NOT NULL,
    revocation_list integer NOT NULL,
    revocation_position integer NOT NULL,
    suspension_list integer NOT NULL,
    suspension_position integer NOT NULL,
    refresh_list integer NOT NULL,
    refresh_position integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, reservation_id),
    UNIQUE (body_id, act_id),
    UNIQUE (body_id, reservation_id, certification_id, version_no, decision_id),
    FOREIGN KEY (body_id, reservation_id, act_id) REFERENCES akashi.reservation (body_id, id, act_id),
    FOREIGN KEY (body_id, act_id, decision_id) REFERENCES akashi.act (body_id, id, draft_id),
    FOREIGN KEY (body_id, certification_id, decision_id) REFERENCES akashi.decision (body_id, certification_id, id),
    FOREIGN KEY (body_id, act_id, revocation_list, revocation_position) REFERENCES akashi.status_position (body_id, act_id, list_no, position),
    FOREIGN KEY (body_id, act_id, suspension_list, suspension_position) REFERENCES akashi.status_position (body_id, act_id, list_no, position),
    FOREIGN KEY (body_id, act_id, refresh_list, refresh_position) REFERENCES akashi.status_position (body_id, act_id, list_no, position)
);
COMMENT ON TABLE akashi.issuance_reservation IS 'The intended version: its act, its bytes, its decision and its status positions belong together.';

CREATE TABLE akashi.certificate_version (
    body_id uuid NOT NULL,
    certification_id uuid NOT NULL,
    version_no integer NOT NULL,
    supersedes_no integer GENERATED ALWAYS AS (nullif(version_no - 1, 0)) STORED,
    decision_id uuid NOT NULL,
    envelope_id uuid NOT NULL,
    effective_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, certification_id, version_no),
    UNIQUE (body_id, decision_id),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (body_id, certification_id, supersedes_no) REFERENCES akashi.certificate_version (body_id, certification_id, version_no),
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope,
    FOREIGN KEY (body_id, envelope_id, certification_id, version_no, decision_id)
        REFERENCES akashi.issuance_reservation (body_id, reservation_id, certification_id, version_no, decision_id),
    CONSTRAINT validity_is_a_period CHECK (valid_until > effective_at)
);
COMMENT ON CONSTRAINT certificate_version_pkey ON akashi.certificate_version IS '17021-1 8.2.2; invariant 11: one version of each number.';
COMMENT ON CONSTRAINT validity_is_a_period ON akashi.certificate_version IS 'Invariant 2: the end lies after the beginning.';
COMMENT ON TABLE akashi.certificate_version IS 'An issued certificate: gapless, immutable, one successor each; signature and bytes live in its envelope (invariant 11).';

CREATE TABLE akashi.standing_event (
    body_id uuid NOT NULL,
    certification_id uuid NOT NULL,
    event_no integer NOT NULL CHECK (event_no >= 1),
    previous_no integer GENERATED ALWAYS AS (nullif(event_no - 1, 0)) STORED,
    act text NOT NULL,
    from_state text NOT NULL CHECK ((event_no = 1) = (from_state = 'none')),
    to_state text NOT NULL,
    decision_id uuid NOT NULL,
    version_no integer,
    effective_at timestamptz NOT NULL,
    until date,
    envelope_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, certification_id, event_no),
    UNIQUE (body_id, certification_id, event_no, to_state),
    UNIQUE (body_id, decision_id),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (body_id, certification_id, previous_no, from_state)
        REFERENCES akashi.standing_event (body_id, certification_id, event_no, to_state),
    FOREIGN KEY (from_state, act, to_state) REFERENCES akashi.transition (from_state, act, to_state),
    FOREIGN KEY (body_id, certification_id, decision_id, act) REFERENCES akashi.decision (body_id, certification_id, id, act),
    FOREIGN KEY (body_id, certification_id, version_no) REFERENCES akashi.certificate_version (body_id, certification_id, version_no),
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope
);
COMMENT ON CONSTRAINT standing_event_body_id_certification_id_previous_no_from_s_fkey ON akashi.standing_event IS 'Invariant 12: each event continues its predecessor from the state that it left.';
COMMENT ON CONSTRAINT standing_event_from_state_act_to_state_fkey ON akashi.standing_event IS 'Invariant 12: along the rows of the transition table.';
COMMENT ON TABLE akashi.standing_event IS 'The chain of standing: each event continues its predecessor along the transition table; nothing is ever closed by an update.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['draft_audit', 'draft_accreditation', 'decision', 'issuance_reservation', 'certificate_version', 'standing_event', 'status_position'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['decision', 'issuance_reservation', 'certificate_version', 'standing_event'] LOOP
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
CALL akashi.make_insert_only('akashi.status_list');
GRANT SELECT ON akashi.status_list TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;
REVOKE INSERT ON akashi.status_position FROM akashi_service;
CREATE TRIGGER draft_is_open BEFORE INSERT ON akashi.draft_audit FOR EACH ROW EXECUTE FUNCTION akashi.draft_is_open();
CREATE TRIGGER draft_is_open BEFORE INSERT ON akashi.draft_accreditation FOR EACH ROW EXECUTE FUNCTION akashi.draft_is_open();

-- Draws an unused position of a list of that purpose for an act; opens the next list when none has room.
CREATE FUNCTION akashi.claim_position(wanted text, act uuid, OUT list_no integer, OUT "position" integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE tenant uuid := akashi.current_body(); capacity integer; tries integer := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.act a WHERE a.body_id = tenant AND a.id = act) THEN
        PERFORM akashi.refuse('unknown_act', 'a position is claimed for an act of the body');
    END IF;
    SELECT max(l.list_no) INTO list_no FROM akashi.status_list l WHERE l.purpose = wanted;
    SELECT l.size INTO capacity FROM akashi.status_list l WHERE l.list_no = claim_position.list_no;
    LOOP
        tries := tries + 1;
        IF tries <= 64 THEN
            "position" := ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 8))::bit(32)::bigint % capacity;
        ELSE  -- A list this full is searched instead of guessed at.
            SELECT free INTO "position" FROM generate_series(0, capacity - 1) free
            WHERE NOT EXISTS (SELECT FROM akashi.status_position p WHERE p.list_no = claim_position.list_no AND p.position = free)
            ORDER BY gen_random_uuid() LIMIT 1;
            IF NOT FOUND THEN
                PERFORM pg_advisory_xact_lock(3, 0);  -- one for all purposes: lists are numbered together
                SELECT l.list_no, l.size INTO list_no, capacity FROM akashi.status_list l WHERE l.purpose = wanted ORDER BY l.list_no DESC LIMIT 1;
                IF (SELECT count(*) FROM akashi.status_position p WHERE p.list_no = claim_position.list_no) >= capacity THEN
                    INSERT INTO akashi.status_list SELECT max(l.list_no) + 1, wanted, capacity, akashi.now() FROM akashi.status_list l
                    RETURNING status_list.list_no INTO list_no;
                END IF;
                tries := 0;
                CONTINUE;
            END IF;
        END IF;
        INSERT INTO akashi.status_position VALUES (list_no, "position", tenant, act)
            ON CONFLICT ON CONSTRAINT status_position_pkey DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.claim_position IS 'Invariant 16: drawn at random, never given twice.';
GRANT EXECUTE ON FUNCTION akashi.claim_position(text, uuid) TO akashi_service;
CALL akashi.pin_settings();
