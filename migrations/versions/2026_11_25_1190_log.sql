-- The log: which queued entry stands at which index, and the signed heads over them (trust, the log).

CREATE TABLE akashi.log_entry (
    log_index bigint PRIMARY KEY CHECK (log_index >= 0),
    sequence bigint NOT NULL UNIQUE REFERENCES akashi.log_queue,
    leaf_hash bytea NOT NULL UNIQUE CHECK (length(leaf_hash) = 32)
);
COMMENT ON TABLE akashi.log_entry IS 'The index of each entry, given once and for good before any tile is written; the leaf hash is that of RFC 6962 2.1.';
CALL akashi.make_insert_only('akashi.log_entry');
GRANT SELECT, INSERT ON akashi.log_entry TO akashi_jobs;
GRANT SELECT ON akashi.log_entry TO akashi_service, akashi_public;

CREATE FUNCTION akashi.log_entry_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE queued bytea;
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM pg_advisory_xact_lock(hashtextextended('akashi integrate', 8));
    IF NEW.log_index <> coalesce((SELECT max(e.log_index) FROM akashi.log_entry e), -1) + 1 THEN
        PERFORM akashi.refuse('log_index_out_of_order', 'indexes of the log follow one another (C2SP tlog-tiles)');
    END IF;
    SELECT q.entry INTO queued FROM akashi.log_queue q WHERE q.sequence = NEW.sequence;
    NEW.leaf_hash := sha256('\x00'::bytea || queued);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.log_entry_is_next IS 'Indexes begin at 0 and have no gaps; the leaf hash is computed here from the queued bytes.';
CREATE TRIGGER log_entry_is_next BEFORE INSERT ON akashi.log_entry FOR EACH ROW EXECUTE FUNCTION akashi.log_entry_is_next();

-- All that record share a lock (share_recording) before they draw their place in the queue. At an instant at which nobody
-- records, every place up to the last one is committed or will never be: nothing can come to stand before what is taken.
CREATE FUNCTION akashi.assign_log_indexes() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE taken bigint; upto bigint; next bigint;
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM pg_advisory_xact_lock(hashtextextended('akashi integrate', 8));
    PERFORM pg_advisory_lock(hashtextextended('akashi record', 5));
    SELECT max(q.sequence) INTO upto FROM akashi.log_queue q;
    PERFORM pg_advisory_unlock(hashtextextended('akashi record', 5));
    SELECT coalesce(max(e.sequence), 0), coalesce(max(e.log_index), -1) + 1 INTO taken, next FROM akashi.log_entry e;
    INSERT INTO akashi.log_entry (log_index, sequence, leaf_hash)
    SELECT next - 1 + row_number() OVER (ORDER BY v.recorded_at, q.sequence), q.sequence, sha256(q.entry)
    FROM akashi.log_queue q JOIN akashi.envelope v ON v.body_id = q.body_id AND v.id = q.envelope_id
    WHERE q.sequence > taken AND q.sequence <= upto
    ORDER BY v.recorded_at, q.sequence;
    RETURN (SELECT coalesce(max(e.log_index), -1) + 1 FROM akashi.log_entry e);
END $$;
COMMENT ON FUNCTION akashi.assign_log_indexes IS 'Every entry that is queued has its index afterwards, in the order of recording; returns how many have one.';
GRANT EXECUTE ON FUNCTION akashi.assign_log_indexes() TO akashi_jobs;

CREATE TABLE akashi.log_checkpoint (
    size bigint PRIMARY KEY CHECK (size >= 1),
    previous_size bigint REFERENCES akashi.log_checkpoint (size) CHECK (previous_size < size),
    root bytea NOT NULL CHECK (length(root) = 32),
    note bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (previous_size)
);
COMMENT ON TABLE akashi.log_checkpoint IS 'The signed heads in a single line: each has at most one successor, so that two integrators can never both go on from it.';
CALL akashi.make_insert_only('akashi.log_checkpoint');
CALL akashi.make_stamped('akashi.log_checkpoint');
GRANT SELECT, INSERT ON akashi.log_checkpoint TO akashi_jobs;
GRANT SELECT ON akashi.log_checkpoint TO akashi_service, akashi_public;

CREATE FUNCTION akashi.checkpoint_covers_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size > (SELECT coalesce(max(e.log_index), -1) + 1 FROM akashi.log_entry e) THEN
        PERFORM akashi.refuse('log_index_out_of_order', 'a head covers entries that have their index (C2SP tlog-checkpoint)');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.checkpoint_covers_entries IS 'A head never covers more entries than have an index.';
CREATE TRIGGER checkpoint_covers_entries BEFORE INSERT ON akashi.log_checkpoint FOR EACH ROW EXECUTE FUNCTION akashi.checkpoint_covers_entries();

CALL akashi.pin_settings();
