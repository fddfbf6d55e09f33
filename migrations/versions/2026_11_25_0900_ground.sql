-- The ground: two schemas, the clock, the tenant context, and the three ways a table may be protected.

CREATE SCHEMA akashi;
CREATE SCHEMA public_record;
REVOKE ALL ON SCHEMA akashi, public_record FROM PUBLIC;
GRANT USAGE ON SCHEMA akashi TO akashi_service, akashi_jobs, akashi_keeper, akashi_public;
GRANT USAGE ON SCHEMA public_record TO akashi_reader, akashi_public;
GRANT CREATE ON SCHEMA public_record TO akashi_public;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION akashi.now() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT pg_catalog.clock_timestamp()';
COMMENT ON FUNCTION akashi.now() IS
    'The only clock of rules and acts. Production refuses to start if this definition differs.';
GRANT EXECUTE ON FUNCTION akashi.now() TO PUBLIC;
GRANT USAGE ON SCHEMA akashi TO akashi_reader;

CREATE FUNCTION akashi.current_body() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(pg_catalog.current_setting('akashi.body', true), '')::pg_catalog.uuid $$;
COMMENT ON FUNCTION akashi.current_body() IS
    'The body for which this transaction acts; after a commit the setting reads empty, which means nobody.';
GRANT EXECUTE ON FUNCTION akashi.current_body() TO akashi_service, akashi_jobs, akashi_keeper;

-- Rules speak through one door: a SQLSTATE of ours, the stable code as the message, the clause as the detail.
-- In a rehearsal, which can never be committed, they go on speaking, so that all refusals are heard at once.
CREATE FUNCTION akashi.refuse(code text, clause text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF akashi.is_rehearsal() THEN
        RAISE NOTICE USING ERRCODE = 'AKR01', MESSAGE = code, DETAIL = clause;
    ELSE
        RAISE EXCEPTION USING ERRCODE = 'AKR01', MESSAGE = code, DETAIL = clause;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION akashi.refuse(text, text) TO akashi_service, akashi_jobs, akashi_keeper;

-- Who looks with the owner's eyes is refused at once, in a rehearsal too: there a refusal keeps others' rows out of sight.
CREATE FUNCTION akashi.is_rehearsal() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF current_user <> session_user THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM akashi.rehearsal r WHERE r.body_id = akashi.current_body());
END $$;
GRANT EXECUTE ON FUNCTION akashi.is_rehearsal() TO akashi_service, akashi_jobs, akashi_keeper;

CREATE FUNCTION akashi.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.refuse('insert_only', format('%s of %I: facts are added, never changed (invariant 15)', TG_OP, TG_TABLE_NAME));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION akashi.refuse_change IS 'Invariant 15: facts are added, never changed; whoever asks.';

-- Acts see each statement's own snapshot, so that a rule read after a lock reads what the lock protected.
CREATE FUNCTION akashi.demand_read_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM akashi.refuse('wrong_isolation', 'acts run at READ COMMITTED (records, locks)');
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION akashi.demand_read_committed() TO akashi_service, akashi_jobs, akashi_keeper;

CREATE PROCEDURE akashi.make_insert_only(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION akashi.refuse_change()', target);
END $$;
COMMENT ON PROCEDURE akashi.make_insert_only IS 'Invariant 15: no update, deletion or truncation, for no role.';

-- A tenant's table: its rows are seen and written by the body of the transaction alone; processes read.
CREATE PROCEDURE akashi.make_tenant_only(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY own_rows ON %s TO akashi_service '
                   'USING (body_id = akashi.current_body()) WITH CHECK (body_id = akashi.current_body())', target);
    EXECUTE format('COMMENT ON POLICY own_rows ON %s IS %L', target, 'Invariant 19.');
    EXECUTE format('CREATE POLICY owner ON %s TO akashi_owner USING (true) WITH CHECK (true)', target);
    EXECUTE format('CREATE POLICY processes_read ON %s FOR SELECT TO akashi_jobs, akashi_keeper, akashi_public USING (true)', target);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO akashi_service', target);
    EXECUTE format('GRANT SELECT ON %s TO akashi_jobs, akashi_keeper', target);
END $$;
COMMENT ON PROCEDURE akashi.make_tenant_only IS 'Invariant 19: rows are seen and written by the body of the transaction alone.';

-- A public record: everybody reads it, its asserting body alone writes it.
CREATE PROCEDURE akashi.make_public_record(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    CALL akashi.make_tenant_only(target);
    EXECUTE format('CREATE POLICY everybody_reads ON %s FOR SELECT TO akashi_service USING (true)', target);
END $$;

-- What the operator keeps (parties, their keys, machine clients): written only by a transaction that acts for no body.
CREATE PROCEDURE akashi.make_operators_table(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY everybody_reads ON %s FOR SELECT TO akashi_service, akashi_jobs, akashi_keeper, akashi_public USING (true)', target);
    EXECUTE format('CREATE POLICY operator_writes ON %s FOR INSERT TO akashi_service WITH CHECK (akashi.current_body() IS NULL)', target);
    EXECUTE format('CREATE POLICY owner ON %s TO akashi_owner USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO akashi_service', target);
    EXECUTE format('GRANT SELECT ON %s TO akashi_jobs, akashi_keeper', target);
END $$;

-- A caller's settings must not change what a rule means: its own types in front of ours, or dates in another order.
CREATE PROCEDURE akashi.pin_settings() LANGUAGE plpgsql AS $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'akashi'::regnamespace AND p.prokind = 'f'
             AND p.oid NOT IN ('akashi.now()'::regprocedure, 'akashi.current_body()'::regprocedure) LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp SET datestyle = ''ISO, YMD''', f);
    END LOOP;
END $$;
COMMENT ON PROCEDURE akashi.pin_settings IS
    'Called by each migration that makes functions; now() and current_body() stay inlinable, for they name every schema.';

CREATE FUNCTION akashi.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := akashi.now();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.stamp IS 'Invariant 1: every recorded instant is the databases own, whatever the caller wrote.';
CREATE PROCEDURE akashi.make_stamped(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER a_stamp BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION akashi.stamp()', target);
END $$;

-- A row here, which only its own transaction ever sees, makes refusals heard instead of obeyed, and the commit impossible.
CREATE TABLE akashi.rehearsal (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id)
);
COMMENT ON TABLE akashi.rehearsal IS 'Always empty for everybody else: what is tried out is undone (docs/adr/0023).';
CREATE FUNCTION akashi.rehearsal_never_commits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'AKR01', MESSAGE = 'rehearsal_committed', DETAIL = 'what was tried out is undone, never committed (docs/adr/0023)';
END $$;
CREATE CONSTRAINT TRIGGER rehearsal_never_commits AFTER INSERT ON akashi.rehearsal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION akashi.rehearsal_never_commits();
CALL akashi.make_tenant_only('akashi.rehearsal');
CALL akashi.make_insert_only('akashi.rehearsal');
CALL akashi.make_stamped('akashi.rehearsal');
