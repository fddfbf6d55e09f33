-- Retries of the acts before a decision, and the last day of an organisation's name.

CREATE TABLE akashi.request (
    body_id uuid NOT NULL REFERENCES akashi.party,
    idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
    content text NOT NULL,
    answer uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, idempotency_key)
);
COMMENT ON TABLE akashi.request IS 'What a request made, kept in the transaction that made it: the same request again gets the same answer.';

CREATE TABLE akashi.organisation_name_end (
    body_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    language text NOT NULL,
    script text NOT NULL,
    name text NOT NULL,
    last_day date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, organisation_id, language, script, name),
    FOREIGN KEY (body_id, organisation_id, language, script, name) REFERENCES akashi.organisation_name
);
COMMENT ON TABLE akashi.organisation_name_end IS 'The last day of a name, learned after it was recorded; the name itself stays findable.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['request', 'organisation_name_end'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;

GRANT SELECT ON akashi.organisation_name_end TO akashi_public;
CREATE OR REPLACE VIEW public_record.holder_name WITH (security_barrier = true) AS
SELECT c.body_id, c.id AS certification_id, n.name, n.folded, n.language, n.script, n.valid_from, coalesce(e.last_day, n.valid_to) AS valid_to,
       n.valid_to AS valid_to_as_registered, n.recorded_at, e.recorded_at AS end_recorded_at
FROM public_record.certification c
JOIN akashi.organisation_name n ON n.body_id = c.body_id AND n.organisation_id = c.organisation_id
LEFT JOIN akashi.organisation_name_end e ON e.body_id = n.body_id AND e.organisation_id = n.organisation_id
    AND e.language = n.language AND e.script = n.script AND e.name = n.name
WHERE 'holder' = ANY (c.consented) AND 'directory' = ANY (c.consented);
