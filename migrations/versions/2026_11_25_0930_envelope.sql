-- One envelope for every fact: drafted, confirmed by a person, reserved (exact bytes), sealed (signature, ordinal, log entry).

CREATE FUNCTION akashi.subject_of(identifier text) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT pg_catalog.sha256(pg_catalog.convert_to('akashi-subject-v1' || chr(10) || identifier, 'UTF8')) $$;
CREATE FUNCTION akashi.commitment(salt bytea, document bytea) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT pg_catalog.sha256(pg_catalog.convert_to('akashi-entry-v1' || chr(10), 'UTF8') || salt || pg_catalog.sha256(document)) $$;
CREATE FUNCTION akashi.base64url(bytes bytea) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT pg_catalog.rtrim(pg_catalog.translate(pg_catalog.replace(pg_catalog.encode(bytes, 'base64'), chr(10), ''), '+/', '-_'), '=') $$;
CREATE FUNCTION akashi.from_base64url(presented text) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT pg_catalog.decode(pg_catalog.rpad(pg_catalog.translate(presented, '-_', '+/'), (pg_catalog.length(presented) + 3) / 4 * 4, '='), 'base64') $$;
-- Header (1) or payload (2) of a JWS signing input.
CREATE FUNCTION akashi.part_of(signing_input bytea, part integer) RETURNS jsonb LANGUAGE sql IMMUTABLE
    AS $$ SELECT pg_catalog.convert_from(akashi.from_base64url(pg_catalog.split_part(pg_catalog.convert_from(signing_input, 'UTF8'), '.', part)), 'UTF8')::jsonb $$;
CREATE FUNCTION akashi.utc_ms(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT pg_catalog.to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- Whoever writes about a subject does so alone; whoever relies on an accreditation shares it with others who do.
CREATE FUNCTION akashi.lock_subject(subject bytea) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(pg_catalog.encode(subject, 'hex'), 1)) $$;
CREATE FUNCTION akashi.lock_accreditation(id uuid) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(id::text, 2)) $$;
CREATE FUNCTION akashi.share_accreditation(id uuid) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended(id::text, 2)) $$;
COMMENT ON FUNCTION akashi.share_accreditation IS 'Invariant 6: whoever relies on an accreditation holds off who changes it; rules are read again under the lock.';
CREATE FUNCTION akashi.lock_draft(body uuid, id uuid) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(body::text || id::text, 6)) $$;
CREATE FUNCTION akashi.lock_idempotency_key(body uuid, key text) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(body::text || key, 7)) $$;
-- A status list must show every fact with an earlier time than its own, and the log takes facts in the order of recording.
-- Recording is therefore shared by all who record; a publisher takes its time, and the integrator the end of the queue, when
-- nobody is recording; neither holds anybody up while it composes and signs.
CREATE FUNCTION akashi.share_recording() RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('akashi record', 5)) $$;
CREATE FUNCTION akashi.moment_of_publication() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE moment timestamptz;
BEGIN
    PERFORM pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended('akashi record', 5));
    moment := akashi.now();
    PERFORM pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended('akashi record', 5));
    RETURN moment;
END $$;
COMMENT ON FUNCTION akashi.moment_of_publication IS '17021-1 8.3, 9.6.5: a status list shows every fact of an earlier time than its own.';
GRANT EXECUTE ON FUNCTION akashi.moment_of_publication() TO akashi_jobs;
GRANT EXECUTE ON FUNCTION akashi.subject_of(text), akashi.commitment(bytea, bytea), akashi.base64url(bytea), akashi.from_base64url(text),
    akashi.part_of(bytea, integer), akashi.utc_ms(timestamptz),
    akashi.lock_subject(bytea), akashi.lock_accreditation(uuid), akashi.share_accreditation(uuid), akashi.lock_draft(uuid, uuid),
    akashi.lock_idempotency_key(uuid, text)
    TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;

CREATE TABLE akashi.draft (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('decision', 'sheet', 'accreditation_statement', 'key_binding', 'transfer_evidence', 'accreditation_letter',
                                       'identity_binding')),
    document bytea NOT NULL CHECK (length(document) <= CASE kind WHEN 'sheet' THEN 262144 ELSE 65536 END),
    facts jsonb,
    late_reason text CHECK (length(late_reason) BETWEEN 1 AND 1000),
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id)
);
COMMENT ON TABLE akashi.draft IS 'The exact document that a person is asked to confirm; a draft decides nothing.';

CREATE TABLE akashi.draft_person (
    body_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    person_id uuid NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) = 32),
    PRIMARY KEY (body_id, draft_id, person_id),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.draft_person IS 'Who is to confirm; the document holds only the salted commitment of the person''s id.';

CREATE TABLE akashi.draft_reason (
    body_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    code text NOT NULL,
    text text NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) = 32),
    PRIMARY KEY (body_id, draft_id),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft
);
COMMENT ON TABLE akashi.draft_reason IS 'The reason behind the document''s commitment; opened by consent or legal duty (17021-1 8.1.2, 8.4).';

CREATE TABLE akashi.confirmation (
    body_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    person_id uuid NOT NULL,
    thumbprint text NOT NULL,
    evidence jsonb NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, draft_id, person_id),
    FOREIGN KEY (body_id, draft_id, person_id) REFERENCES akashi.draft_person,
    FOREIGN KEY (body_id, person_id, thumbprint) REFERENCES akashi.person_key (body_id, person_id, thumbprint)
);
COMMENT ON TABLE akashi.confirmation IS 'A person''s own evidence over the draft; any client may carry it, none can make it.';

CREATE TABLE akashi.act (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    name text NOT NULL CHECK (name IN ('decide', 'issue', 'state', 'bind', 'attest', 'write', 'identify')),
    draft_id uuid NOT NULL,
    subject bytea NOT NULL CHECK (length(subject) = 32),
    idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 255),
    request_digest bytea CHECK (length(request_digest) = 32),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, id, subject),
    UNIQUE (body_id, id, draft_id),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft
);
CREATE INDEX act_draft ON akashi.act (body_id, draft_id);
CREATE UNIQUE INDEX act_idempotency ON akashi.act (body_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
COMMENT ON TABLE akashi.act IS 'One act between its two commits: the facts reserved together are sealed together or voided together.';

CREATE TABLE akashi.act_void (
    body_id uuid NOT NULL,
    act_id uuid NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, act_id),
    FOREIGN KEY (body_id, act_id) REFERENCES akashi.act
);

CREATE TABLE akashi.slot (
    body_id uuid NOT NULL REFERENCES akashi.party,
    subject bytea NOT NULL,
    act_id uuid,
    PRIMARY KEY (body_id, subject),
    FOREIGN KEY (body_id, act_id, subject) REFERENCES akashi.act (body_id, id, subject)
);
CREATE INDEX slot_act ON akashi.slot (body_id, act_id);
COMMENT ON TABLE akashi.slot IS 'The one mutable row of a subject: which act is under way about it.';

CREATE TABLE akashi.reservation (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    act_id uuid NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal BETWEEN 1 AND 1000),
    log_kind text NOT NULL CHECK (log_kind IN ('certification', 'accreditation', 'key')),
    statement text NOT NULL CHECK (statement IN ('akashi-decision-1', 'akashi-standing-event-1', 'certificate',
                                                 'akashi-accreditation-statement-1', 'akashi-key-binding-1', 'akashi-transfer-evidence-1',
                                                 'akashi-accreditation-letter-1', 'akashi-identity-binding-1')),
    subject bytea NOT NULL CHECK (length(subject) = 32),
    media_type text NOT NULL,
    signing_input bytea NOT NULL CHECK (length(signing_input) <= 262144),
    salt bytea NOT NULL CHECK (length(salt) = 32),
    thumbprint text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, act_id, ordinal),
    UNIQUE (body_id, act_id, statement),
    UNIQUE (body_id, id, act_id),
    FOREIGN KEY (body_id, act_id, subject) REFERENCES akashi.act (body_id, id, subject),
    FOREIGN KEY (body_id, thumbprint) REFERENCES akashi.signing_key (party_id, thumbprint)
);
ALTER TABLE akashi.reservation ALTER COLUMN signing_input SET STORAGE EXTERNAL;
CREATE INDEX reservation_id ON akashi.reservation (id);  -- the keeper is given an id and nothing else
COMMENT ON TABLE akashi.reservation IS 'The exact bytes to be signed, committed before any signature exists; kept once.';

CREATE TABLE akashi.envelope (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    subject bytea NOT NULL,
    n bigint NOT NULL CHECK (n >= 1),
    signature bytea NOT NULL CHECK (length(signature) = 64),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    UNIQUE (body_id, subject, n),
    FOREIGN KEY (body_id, id) REFERENCES akashi.reservation
);
CREATE INDEX envelope_subject ON akashi.envelope (subject, n);
COMMENT ON TABLE akashi.envelope IS 'A stored fact: the reservation''s bytes with the asserting party''s signature and the subject''s ordinal.';

CREATE TABLE akashi.log_queue (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body_id uuid NOT NULL,
    envelope_id uuid NOT NULL,
    entry bytea NOT NULL CHECK (length(entry) <= 4096),
    UNIQUE (body_id, envelope_id),
    FOREIGN KEY (body_id, envelope_id) REFERENCES akashi.envelope
);
COMMENT ON TABLE akashi.log_queue IS 'The leaf of each envelope in the order of recording; the integrator alone will give log indexes.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['draft', 'draft_person', 'draft_reason', 'confirmation', 'act', 'act_void', 'slot', 'reservation', 'envelope', 'log_queue'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['draft', 'draft_person', 'draft_reason', 'confirmation', 'act', 'act_void', 'reservation', 'envelope', 'log_queue'] LOOP
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['draft', 'confirmation', 'act', 'act_void', 'reservation', 'envelope'] LOOP
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
REVOKE INSERT ON akashi.log_queue FROM akashi_service;
GRANT UPDATE (act_id) ON akashi.slot TO akashi_service;

-- A draft that was confirmed is closed: nobody may join it afterwards.
CREATE FUNCTION akashi.draft_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_draft(NEW.body_id, NEW.draft_id);
    IF EXISTS (SELECT FROM akashi.act a WHERE a.body_id = NEW.body_id AND a.draft_id = NEW.draft_id) THEN
        PERFORM akashi.refuse('draft_is_closed', 'a confirmed draft is never changed (deciding in two steps)');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draft_is_open BEFORE INSERT ON akashi.draft_person FOR EACH ROW EXECUTE FUNCTION akashi.draft_is_open();
CREATE TRIGGER draft_is_open BEFORE INSERT ON akashi.draft_reason FOR EACH ROW EXECUTE FUNCTION akashi.draft_is_open();
CREATE TRIGGER draft_is_open BEFORE INSERT ON akashi.confirmation FOR EACH ROW EXECUTE FUNCTION akashi.draft_is_open();

CREATE FUNCTION akashi.act_rests_on_confirmations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_draft(NEW.body_id, NEW.draft_id);
    IF EXISTS (SELECT FROM akashi.draft_person p WHERE p.body_id = NEW.body_id AND p.draft_id = NEW.draft_id
               AND NOT EXISTS (SELECT FROM akashi.confirmation c
                               WHERE c.body_id = p.body_id AND c.draft_id = p.draft_id AND c.person_id = p.person_id))
       OR NOT EXISTS (SELECT FROM akashi.draft_person p WHERE p.body_id = NEW.body_id AND p.draft_id = NEW.draft_id) THEN
        PERFORM akashi.refuse('not_confirmed', 'only the evidence of every named decider makes a decision (17021-1 9.5.1)');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.act_rests_on_confirmations IS '17021-1 9.5, 9.5.1: only the evidence of every named decider makes a decision.';
CREATE TRIGGER act_rests_on_confirmations BEFORE INSERT ON akashi.act
    FOR EACH ROW EXECUTE FUNCTION akashi.act_rests_on_confirmations();

-- What a draft is about: the certification, accreditation or key that its document names. A refusal is about itself: nobody
-- who knows a certificate's ID finds it, and the certification's ordinals have no gap without it (17021-1 8.4).
CREATE FUNCTION akashi.subject_of_draft(d akashi.draft) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT akashi.subject_of(convert_from(d.document, 'UTF8')::jsonb ->> CASE d.kind
        WHEN 'decision' THEN CASE convert_from(d.document, 'UTF8')::jsonb->>'act' WHEN 'refuse' THEN 'decision' ELSE 'certification' END
        WHEN 'key_binding' THEN 'key' WHEN 'identity_binding' THEN 'key' WHEN 'transfer_evidence' THEN 'evidence' ELSE 'accreditation' END)
$$;
COMMENT ON FUNCTION akashi.subject_of_draft IS '17021-1 8.4, 9.5: a refusal is about itself, so that no ID and no ordinal leads to it.';
GRANT EXECUTE ON FUNCTION akashi.subject_of_draft(akashi.draft) TO akashi_service, akashi_keeper;

CREATE FUNCTION akashi.act_is_of_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d akashi.draft; other uuid;
BEGIN
    SELECT * INTO d FROM akashi.draft x WHERE x.body_id = NEW.body_id AND x.id = NEW.draft_id;
    IF NEW.subject IS DISTINCT FROM akashi.subject_of_draft(d) OR d.kind IS DISTINCT FROM (CASE NEW.name
        WHEN 'state' THEN 'accreditation_statement' WHEN 'bind' THEN 'key_binding' WHEN 'attest' THEN 'transfer_evidence' WHEN 'write' THEN 'accreditation_letter'
        WHEN 'identify' THEN 'identity_binding' ELSE 'decision' END) THEN
        PERFORM akashi.refuse('document_mismatch', 'an act is about what its confirmed document names');
    END IF;
    SELECT a.id INTO other FROM akashi.act a WHERE a.body_id = NEW.body_id AND a.draft_id = NEW.draft_id AND a.name = NEW.name
        AND akashi.act_is_open(a.body_id, a.id);
    IF FOUND AND akashi.act_is_sealed(NEW.body_id, other) THEN
        PERFORM akashi.refuse('already_recorded', 'what was confirmed once is carried out once');
    ELSIF FOUND THEN
        PERFORM akashi.refuse('act_under_way', 'another act is carrying it out');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_act_is_of_its_draft BEFORE INSERT ON akashi.act FOR EACH ROW EXECUTE FUNCTION akashi.act_is_of_its_draft();

CREATE FUNCTION akashi.act_is_open(body uuid, act uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM akashi.act_void v WHERE v.body_id = body AND v.act_id = act)
$$;
GRANT EXECUTE ON FUNCTION akashi.act_is_open(uuid, uuid) TO akashi_service, akashi_jobs, akashi_keeper;

CREATE FUNCTION akashi.act_is_sealed(body uuid, act uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.envelope e JOIN akashi.reservation r USING (body_id, id) WHERE r.body_id = body AND r.act_id = act)
$$;
GRANT EXECUTE ON FUNCTION akashi.act_is_sealed(uuid, uuid) TO akashi_service, akashi_jobs, akashi_keeper;

-- The reserved bytes are those of the act: its document word for word, under the key that is named in the header.
CREATE FUNCTION akashi.reservation_is_of_its_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.act; d akashi.draft;
BEGIN
    SELECT * INTO a FROM akashi.act x WHERE x.body_id = NEW.body_id AND x.id = NEW.act_id;
    SELECT * INTO d FROM akashi.draft x WHERE x.body_id = a.body_id AND x.id = a.draft_id;
    IF NOT akashi.act_is_open(NEW.body_id, NEW.act_id) OR akashi.act_is_sealed(NEW.body_id, NEW.act_id) THEN
        PERFORM akashi.refuse('act_is_void', 'nothing is added to an act that ended');
    END IF;
    IF ((a.name, NEW.statement, NEW.log_kind) IN (VALUES
            ('decide', 'akashi-decision-1', 'certification'), ('decide', 'akashi-standing-event-1', 'certification'),
            ('issue', 'certificate', 'certification'), ('issue', 'akashi-standing-event-1', 'certification'),
            ('state', 'akashi-accreditation-statement-1', 'accreditation'), ('bind', 'akashi-key-binding-1', 'key'),
            ('attest', 'akashi-transfer-evidence-1', 'accreditation'), ('write', 'akashi-accreditation-letter-1', 'accreditation'),
            ('identify', 'akashi-identity-binding-1', 'key'))) IS NOT TRUE THEN
        PERFORM akashi.refuse('document_mismatch', 'an act reserves the facts of its kind');
    END IF;
    IF akashi.part_of(NEW.signing_input, 1) ->> 'kid' IS DISTINCT FROM NEW.thumbprint
       OR (NEW.statement IN ('akashi-decision-1', 'akashi-accreditation-statement-1', 'akashi-key-binding-1', 'akashi-transfer-evidence-1',
                             'akashi-accreditation-letter-1', 'akashi-identity-binding-1')
           AND split_part(convert_from(NEW.signing_input, 'UTF8'), '.', 2) IS DISTINCT FROM akashi.base64url(d.document)) THEN
        PERFORM akashi.refuse('document_mismatch', 'what is signed is what was confirmed, byte by byte');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_is_of_its_act BEFORE INSERT ON akashi.reservation
    FOR EACH ROW EXECUTE FUNCTION akashi.reservation_is_of_its_act();

-- Triggers that read with the owner's eyes first ask whose row it is: an error must not tell that another body's row exists.
CREATE FUNCTION akashi.void_before_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM akashi.demand_read_committed();
    IF NEW.body_id IS DISTINCT FROM akashi.current_body() THEN
        PERFORM akashi.refuse('unknown_reference', 'each body voids its own acts');
    END IF;
    PERFORM akashi.lock_subject(a.subject) FROM akashi.act a WHERE a.body_id = NEW.body_id AND a.id = NEW.act_id;
    IF akashi.act_is_sealed(NEW.body_id, NEW.act_id) THEN
        PERFORM akashi.refuse('act_is_sealed', 'a sealed act is never voided');
    END IF;
    UPDATE akashi.slot SET act_id = NULL WHERE body_id = NEW.body_id AND act_id = NEW.act_id;
    RETURN NEW;
END $$;
CREATE TRIGGER void_before_seal BEFORE INSERT ON akashi.act_void FOR EACH ROW EXECUTE FUNCTION akashi.void_before_seal();

-- Taken before the time is: whichever of a certificate and a suspension of its accreditation commits first has the earlier time.
CREATE FUNCTION akashi.lock_what_it_rests_on(r akashi.reservation) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF r.log_kind = 'accreditation' THEN
        PERFORM akashi.lock_accreditation((akashi.part_of(r.signing_input, 2)->>'accreditation')::uuid);
    ELSIF r.log_kind = 'key' THEN
        PERFORM akashi.share_accreditation((akashi.part_of(r.signing_input, 2)->>'accreditation')::uuid);
    ELSIF r.log_kind = 'certification' THEN  -- what the decision rests on, and what the key does: a body that ceased signs nothing
        PERFORM akashi.share_accreditation(w.accreditation_id) FROM (
            SELECT x.accreditation_id FROM akashi.act a JOIN akashi.draft_accreditation x ON x.body_id = a.body_id AND x.draft_id = a.draft_id
            WHERE a.body_id = r.body_id AND a.id = r.act_id
            UNION SELECT b.accreditation_id FROM akashi.key_binding b WHERE b.bound_body_id = r.body_id AND b.thumbprint = r.thumbprint
            ORDER BY 1) w;
    END IF;
END $$;
COMMENT ON FUNCTION akashi.lock_what_it_rests_on IS 'IAF MD 2; invariants 6 and 17: taken before the time is, so that order and instants agree.';

-- The commit that stores a signature: gives the ordinal, refuses a void act and a key that nobody bound.
CREATE FUNCTION akashi.seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r akashi.reservation;
BEGIN
    PERFORM akashi.demand_read_committed();
    SELECT * INTO r FROM akashi.reservation WHERE body_id = NEW.body_id AND id = NEW.id AND body_id = akashi.current_body();
    IF NOT FOUND THEN
        PERFORM akashi.refuse('unknown_reservation', 'a signature is stored only over reserved bytes');
    END IF;
    PERFORM akashi.lock_subject(a.subject) FROM akashi.act a WHERE a.body_id = r.body_id AND a.id = r.act_id;
    PERFORM akashi.lock_subject(r.subject);
    IF NOT akashi.act_is_open(r.body_id, r.act_id) THEN
        PERFORM akashi.refuse('act_is_void', 'a voided act is never sealed');
    END IF;
    PERFORM akashi.lock_what_it_rests_on(r);
    PERFORM akashi.share_recording();
    NEW.recorded_at := akashi.now();
    IF NOT akashi.key_is_bound(r.body_id, r.thumbprint, NEW.recorded_at) THEN
        PERFORM akashi.refuse('key_not_bound', 'the signing key belongs to the body and is bound by an accreditation body or the registry (invariant 17)');
    END IF;
    NEW.subject := r.subject;
    SELECT coalesce(max(e.n), 0) + 1 INTO NEW.n FROM akashi.envelope e WHERE e.subject = r.subject;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.seal IS 'Invariants 15 and 17: the ordinal and the instant are the databases; a void act and an unbound key seal nothing.';
CREATE TRIGGER seal BEFORE INSERT ON akashi.envelope FOR EACH ROW EXECUTE FUNCTION akashi.seal();

-- The leaf (trust, the log): RFC 8785 form by construction, for every member is plain ASCII and the order is fixed.
CREATE FUNCTION akashi.append_leaf() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO akashi.log_queue (body_id, envelope_id, entry)
    SELECT r.body_id, r.id, convert_to(format(
        '{"commitment":"%s","issuer":"%s","key":"%s","kind":"%s","n":%s,"recorded":"%s","subject":"%s","v":1}',
        akashi.base64url(akashi.commitment(r.salt, r.signing_input)), r.body_id, r.thumbprint, r.log_kind, NEW.n,
        akashi.utc_ms(NEW.recorded_at), akashi.base64url(r.subject)), 'UTF8')
    FROM akashi.reservation r WHERE r.body_id = NEW.body_id AND r.id = NEW.id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION akashi.append_leaf IS 'Invariant 15: every sealed fact has its log entry.';
CREATE TRIGGER append_leaf AFTER INSERT ON akashi.envelope FOR EACH ROW EXECUTE FUNCTION akashi.append_leaf();

-- At the end of the commit that seals: every fact of the act is sealed with it, and each stands in the records as what it is.
-- A signature without its row would be a certificate that no rule has seen (issuing: never a ghost).
CREATE FUNCTION akashi.envelope_has_its_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r akashi.reservation; recorded boolean;
BEGIN
    SELECT * INTO r FROM akashi.reservation x WHERE x.body_id = NEW.body_id AND x.id = NEW.id;
    recorded := CASE r.statement
        WHEN 'akashi-decision-1' THEN EXISTS (SELECT FROM akashi.act a JOIN akashi.decision d ON d.body_id = a.body_id AND d.id = a.draft_id
            JOIN akashi.decision_type t ON t.act = d.act WHERE a.body_id = r.body_id AND a.id = r.act_id
            AND (t.makes_version OR NOT t.makes_event OR EXISTS (SELECT FROM akashi.standing_event e WHERE e.body_id = d.body_id AND e.decision_id = d.id)))
        WHEN 'akashi-standing-event-1' THEN EXISTS (SELECT FROM akashi.standing_event e WHERE e.body_id = r.body_id AND e.envelope_id = r.id)
        WHEN 'certificate' THEN EXISTS (SELECT FROM akashi.certificate_version v JOIN akashi.standing_event e USING (body_id, certification_id, version_no)
                                        WHERE v.body_id = r.body_id AND v.envelope_id = r.id)
        WHEN 'akashi-accreditation-statement-1' THEN EXISTS (SELECT FROM akashi.accreditation_statement s WHERE s.body_id = r.body_id AND s.envelope_id = r.id)
        WHEN 'akashi-transfer-evidence-1' THEN EXISTS (SELECT FROM akashi.transfer_step s WHERE s.body_id = r.body_id AND s.envelope_id = r.id)
        WHEN 'akashi-accreditation-letter-1' THEN EXISTS (SELECT FROM akashi.accreditation_letter l WHERE l.body_id = r.body_id AND l.envelope_id = r.id)
        WHEN 'akashi-identity-binding-1' THEN EXISTS (SELECT FROM akashi.identity_binding b WHERE b.body_id = r.body_id AND b.envelope_id = r.id)
        ELSE EXISTS (SELECT FROM akashi.key_binding b WHERE b.body_id = r.body_id AND b.envelope_id = r.id) END;
    IF NOT recorded OR EXISTS (SELECT FROM akashi.reservation o WHERE o.body_id = r.body_id AND o.act_id = r.act_id
                               AND NOT EXISTS (SELECT FROM akashi.envelope e WHERE e.body_id = o.body_id AND e.id = o.id)) THEN
        PERFORM akashi.refuse('act_incomplete', 'an act is sealed whole, with the rows that its rules judge');
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION akashi.envelope_has_its_record IS 'Invariant 15: an act is sealed whole, with the rows that its rules judge; never a ghost.';
CREATE CONSTRAINT TRIGGER envelope_has_its_record AFTER INSERT ON akashi.envelope DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION akashi.envelope_has_its_record();
