-- What this installation is: fixed once, because credentials carry the address and verifiers trust the key.

CREATE TABLE akashi.installation (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    public_url text NOT NULL CHECK (public_url ~ '^https?://'),
    publication_key text NOT NULL CHECK (publication_key ~ '^[A-Za-z0-9_-]{43}$'),
    log_key text NOT NULL CHECK (log_key ~ '^[^[:space:]+]+[+][0-9a-f]{8}[+][A-Za-z0-9+/]{44}$'),
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE akashi.installation IS 'The public address, the publication key and the key of the log, fixed by `akashi init`; a start with another address is refused.';
CALL akashi.make_operators_table('akashi.installation');
CALL akashi.make_insert_only('akashi.installation');
CALL akashi.make_stamped('akashi.installation');
