-- Proof of possession over a nonce of ours: fresh for a day, used once, by the party or person to whom it was given.

CREATE TABLE akashi.possession_nonce (
    body_id uuid NOT NULL REFERENCES akashi.party,
    nonce text NOT NULL CHECK (nonce ~ '^[A-Za-z0-9_-]{43}$'),
    holder_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, nonce)
);
COMMENT ON TABLE akashi.possession_nonce IS 'A nonce given to a body, or to one of its people, who will sign it with the key to be registered.';

CREATE TABLE akashi.possession_use (
    body_id uuid NOT NULL,
    nonce text NOT NULL,
    holder_id uuid NOT NULL,
    thumbprint text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, nonce),
    FOREIGN KEY (body_id, nonce) REFERENCES akashi.possession_nonce
);
COMMENT ON TABLE akashi.possession_use IS 'Which key a nonce was spent on; no nonce is spent twice.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['possession_nonce', 'possession_use'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;

CREATE FUNCTION akashi.possession_is_fresh() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE n akashi.possession_nonce;
BEGIN
    SELECT * INTO n FROM akashi.possession_nonce x
    WHERE x.body_id = NEW.body_id AND x.nonce = NEW.nonce AND x.holder_id = NEW.holder_id;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('unknown_nonce', 'a nonce counts for the party or person to whom it was given');
    END IF;
    IF n.recorded_at < akashi.now() - interval '1 day' THEN
        PERFORM akashi.refuse('nonce_expired', 'a nonce is fresh for a day');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER possession_is_fresh BEFORE INSERT ON akashi.possession_use
    FOR EACH ROW EXECUTE FUNCTION akashi.possession_is_fresh();
CALL akashi.pin_settings();
