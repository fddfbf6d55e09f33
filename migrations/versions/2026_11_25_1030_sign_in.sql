-- Machine sign-in: clients with their public keys, used assertions, and the digests of access tokens.


CREATE TABLE akashi.oauth_client (
    client_id  text PRIMARY KEY CHECK (client_id ~ '^[A-Za-z0-9._~-]{8,64}$'),
    body_id    uuid NOT NULL REFERENCES akashi.party (id),
    jwk        jsonb NOT NULL CHECK (jwk ->> 'kty' IN ('EC', 'OKP') AND NOT jwk ? 'd'),
    scopes     text[] NOT NULL CHECK (
        cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL
        AND scopes <@ ARRAY['accreditations', 'applications', 'audits', 'cases', 'certificates:prepare', 'certificates:read', 'identities',
                            'organisations', 'people', 'signatures:submit', 'status:read', 'transfers', 'webhooks']),
    created_at timestamptz NOT NULL DEFAULT akashi.now(),
    UNIQUE (body_id, client_id)
);
COMMENT ON TABLE akashi.oauth_client IS 'Machine clients: one public key each, for one party; insert-only, an end goes into oauth_client_end.';

CREATE TABLE akashi.oauth_client_end (
    client_id text PRIMARY KEY,
    body_id   uuid NOT NULL,
    ended_at  timestamptz NOT NULL DEFAULT akashi.now(),
    FOREIGN KEY (body_id, client_id) REFERENCES akashi.oauth_client (body_id, client_id)
);
COMMENT ON TABLE akashi.oauth_client_end IS 'Clients that may no longer sign in; their tokens end at once. Insert-only.';

-- Ephemeral: rows may be purged by akashi_jobs after their end, and by nobody before (C107). Keyed by client and jti (C109).
CREATE TABLE akashi.oauth_assertion (
    client_id  text NOT NULL REFERENCES akashi.oauth_client (client_id),
    jti        text NOT NULL CHECK (char_length(jti) BETWEEN 1 AND 255),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti)
);
COMMENT ON TABLE akashi.oauth_assertion IS 'Client assertions already used, kept until expiry plus skew plus an hour.';
CREATE INDEX oauth_assertion_expiry ON akashi.oauth_assertion (expires_at);

CREATE TABLE akashi.access_token (
    sha256     bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    client_id  text NOT NULL,
    body_id    uuid NOT NULL,
    scopes     text[] NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (body_id, client_id) REFERENCES akashi.oauth_client (body_id, client_id)
);
COMMENT ON TABLE akashi.access_token IS 'SHA-256 of access tokens in use; a token itself is never stored.';
CREATE INDEX access_token_expiry ON akashi.access_token (expires_at);

ALTER TABLE akashi.oauth_client     ENABLE ROW LEVEL SECURITY;  ALTER TABLE akashi.oauth_client     FORCE ROW LEVEL SECURITY;
ALTER TABLE akashi.oauth_client_end ENABLE ROW LEVEL SECURITY;  ALTER TABLE akashi.oauth_client_end FORCE ROW LEVEL SECURITY;
ALTER TABLE akashi.oauth_assertion  ENABLE ROW LEVEL SECURITY;  ALTER TABLE akashi.oauth_assertion  FORCE ROW LEVEL SECURITY;
ALTER TABLE akashi.access_token     ENABLE ROW LEVEL SECURITY;  ALTER TABLE akashi.access_token     FORCE ROW LEVEL SECURITY;

CREATE POLICY owner ON akashi.oauth_client     TO akashi_owner USING (true) WITH CHECK (true);
CREATE POLICY owner ON akashi.oauth_client_end TO akashi_owner USING (true) WITH CHECK (true);
CREATE POLICY owner ON akashi.oauth_assertion  TO akashi_owner USING (true) WITH CHECK (true);
CREATE POLICY owner ON akashi.access_token     TO akashi_owner USING (true) WITH CHECK (true);

-- A body sees, registers and ends its own clients (acts of registry/sign_in.py, in that body's transaction).
CREATE POLICY own_body ON akashi.oauth_client TO akashi_service
    USING (body_id = nullif(current_setting('akashi.body', true), '')::uuid)
    WITH CHECK (body_id = nullif(current_setting('akashi.body', true), '')::uuid);
CREATE POLICY own_body ON akashi.oauth_client_end TO akashi_service
    USING (body_id = nullif(current_setting('akashi.body', true), '')::uuid)
    WITH CHECK (body_id = nullif(current_setting('akashi.body', true), '')::uuid);
GRANT SELECT, INSERT ON akashi.oauth_client, akashi.oauth_client_end TO akashi_service;
-- no grant at all on oauth_assertion and access_token

CALL akashi.make_insert_only('akashi.oauth_client');
CALL akashi.make_insert_only('akashi.oauth_client_end');

CREATE FUNCTION akashi.client_for(wanted text)
RETURNS TABLE (body_id uuid, jwk jsonb, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.body_id, c.jwk, c.scopes
      FROM akashi.oauth_client AS c
     WHERE c.client_id = wanted
       AND NOT EXISTS (SELECT FROM akashi.oauth_client_end AS e WHERE e.client_id = c.client_id)
$$;
COMMENT ON FUNCTION akashi.client_for IS 'The registered key and scopes of a client that has not ended; no row otherwise.';

-- True once for each (client, jti): the second caller waits for the first and gets false.
CREATE FUNCTION akashi.use_assertion(used_client text, used_jti text, remember_until timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO akashi.oauth_assertion (client_id, jti, expires_at)
    VALUES (used_client, used_jti, remember_until)
    ON CONFLICT (client_id, jti) DO NOTHING;
    RETURN FOUND;
END
$$;

-- The body is taken from the client, never from the caller; scopes beyond the client's, or a life beyond five minutes, are refused.
CREATE FUNCTION akashi.keep_token(token_sha256 bytea, for_client text, granted text[], until timestamptz)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO akashi.access_token (sha256, client_id, body_id, scopes, expires_at)
    SELECT token_sha256, c.client_id, c.body_id, granted, until
      FROM akashi.oauth_client AS c
     WHERE c.client_id = for_client
       AND granted <@ c.scopes
       AND until <= akashi.now() + interval '5 minutes'
       AND NOT EXISTS (SELECT FROM akashi.oauth_client_end AS e WHERE e.client_id = c.client_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no token for this client, scope and life' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

CREATE FUNCTION akashi.bind_token(presented_sha256 bytea)
RETURNS TABLE (client_id text, body_id uuid, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.client_id, t.body_id, t.scopes
      FROM akashi.access_token AS t
     WHERE t.sha256 = presented_sha256
       AND t.expires_at > akashi.now()
       AND NOT EXISTS (SELECT FROM akashi.oauth_client_end AS e WHERE e.client_id = t.client_id)
$$;
COMMENT ON FUNCTION akashi.bind_token IS 'Who a live access token stands for; no row for an unknown, expired or ended one.';

-- An hour of margin, so that a clock set back cannot make a forgotten assertion acceptable again.
CREATE FUNCTION akashi.forget_sign_ins()
RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    DELETE FROM akashi.oauth_assertion AS a WHERE a.expires_at < akashi.now() - interval '1 hour';
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    DELETE FROM akashi.access_token AS t WHERE t.expires_at < akashi.now() - interval '1 hour';
    RETURN forgotten;
END
$$;

REVOKE ALL ON FUNCTION akashi.client_for(text), akashi.use_assertion(text, text, timestamptz),
    akashi.keep_token(bytea, text, text[], timestamptz), akashi.bind_token(bytea), akashi.forget_sign_ins() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION akashi.client_for(text), akashi.use_assertion(text, text, timestamptz),
    akashi.keep_token(bytea, text, text[], timestamptz), akashi.bind_token(bytea) TO akashi_service;
GRANT EXECUTE ON FUNCTION akashi.forget_sign_ins() TO akashi_jobs;
CALL akashi.pin_settings();
