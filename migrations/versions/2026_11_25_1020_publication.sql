-- What the public reads: status bits, numbered publications, and the views of schema public_record.

CREATE VIEW akashi.status_now WITH (security_invoker = true) AS
SELECT v.body_id, v.certification_id, p.list_no, p."position", p.is_set
FROM akashi.certificate_version v
JOIN akashi.issuance_reservation i ON i.body_id = v.body_id AND i.reservation_id = v.envelope_id
LEFT JOIN LATERAL (
    SELECT e.to_state AS state FROM akashi.standing_event e
    WHERE e.body_id = v.body_id AND e.certification_id = v.certification_id AND e.effective_at <= (SELECT akashi.now())
    ORDER BY e.event_no DESC LIMIT 1) s ON true
LEFT JOIN akashi.certificate_version n ON n.body_id = v.body_id AND n.certification_id = v.certification_id
    AND n.version_no = v.version_no + 1 AND n.effective_at <= (SELECT akashi.now())
LEFT JOIN akashi.decision d ON d.body_id = n.body_id AND d.id = n.decision_id
LEFT JOIN akashi.decision_type t ON t.act = d.act
CROSS JOIN LATERAL (VALUES
    (i.revocation_list, i.revocation_position,
     coalesce(s.state IN ('withdrawn', 'cancelled', 'transferred', 'annulled') OR t.successor_bit = 'revocation'
              OR EXISTS (SELECT FROM akashi.standing_event w WHERE w.body_id = v.body_id AND w.certification_id = v.certification_id
                         AND w.to_state IN ('withdrawn', 'transferred') AND w.effective_at <= (SELECT akashi.now())
                         AND w.recorded_at > v.recorded_at), false)),
    (i.suspension_list, i.suspension_position, coalesce(s.state = 'suspended' AND v.valid_until > (SELECT akashi.now()), false)),
    (i.refresh_list, i.refresh_position, coalesce(t.successor_bit = 'refresh', false))) p (list_no, "position", is_set);
COMMENT ON VIEW akashi.status_now IS 'Every position that was issued, and whether its bit is set: by a body-signed event or a successor version.';
CREATE VIEW akashi.status_bit WITH (security_invoker = true) AS
SELECT body_id, certification_id, list_no, "position" FROM akashi.status_now WHERE is_set;
COMMENT ON VIEW akashi.status_bit IS 'The set bits: each is explained by a body-signed event or a successor version (the credential and its status).';
GRANT SELECT ON akashi.status_now, akashi.status_bit TO akashi_jobs;
-- What moved since a publication is found without reading what did not.
CREATE INDEX standing_event_recorded ON akashi.standing_event (recorded_at);
CREATE INDEX standing_event_effective ON akashi.standing_event (effective_at);
CREATE INDEX certificate_version_effective ON akashi.certificate_version (effective_at);
CREATE INDEX certificate_version_ends ON akashi.certificate_version (valid_until);

CREATE TABLE akashi.publication (
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    number bigint NOT NULL CHECK (number >= 1),
    media_type text NOT NULL,
    content bytea NOT NULL,
    valid_until timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (name, number)
);
ALTER TABLE akashi.publication ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE akashi.publication IS 'Signed bytes as they were served, numbered and never changed.';
CALL akashi.make_insert_only('akashi.publication');
CALL akashi.make_stamped('akashi.publication');
GRANT SELECT, INSERT ON akashi.publication TO akashi_jobs;
GRANT SELECT ON akashi.publication TO akashi_public, akashi_service;

CREATE FUNCTION akashi.publications_are_gapless() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.name, 4));
    IF NEW.number <> coalesce((SELECT max(p.number) FROM akashi.publication p WHERE p.name = NEW.name), 0) + 1 THEN
        PERFORM akashi.refuse('publication_out_of_order', 'publications of a name are numbered without gaps');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.publications_are_gapless IS 'Invariant 15: publications of a name are numbered without a gap.';
CREATE TRIGGER publications_are_gapless BEFORE INSERT ON akashi.publication FOR EACH ROW EXECUTE FUNCTION akashi.publications_are_gapless();

-- The public record. Its views belong to akashi_public, which sees only the columns granted here.
GRANT SELECT (id, kind, country, time_zone, public_information, recorded_at) ON akashi.party TO akashi_public;
GRANT SELECT ON akashi.party_name, akashi.party_identifier, akashi.signing_key, akashi.accreditation, akashi.accreditation_statement,
    akashi.key_binding, akashi.identity_binding, akashi.certificate_version, akashi.standing_event, akashi.issuance_reservation, akashi.organisation_name,
    akashi.disclosure_consent TO akashi_public;
GRANT SELECT (body_id, id, public_id, subject, scheme_code, organisation_id, agreement_id, number, folded_number) ON akashi.certification TO akashi_public;
GRANT SELECT (body_id, id, country) ON akashi.organisation TO akashi_public;
GRANT SELECT (body_id, id, log_kind, statement, subject, media_type, signing_input, thumbprint) ON akashi.reservation TO akashi_public;
GRANT SELECT ON akashi.envelope TO akashi_public;
GRANT EXECUTE ON FUNCTION akashi.current_body() TO akashi_public;

CREATE VIEW public_record.party WITH (security_barrier = true) AS
SELECT id, kind, country, time_zone, public_information, recorded_at FROM akashi.party;
CREATE VIEW public_record.party_name WITH (security_barrier = true) AS
SELECT party_id, name, language, valid_from, valid_to, recorded_at FROM akashi.party_name;
CREATE VIEW public_record.signing_key WITH (security_barrier = true) AS
SELECT party_id, thumbprint, purpose, jwk, recorded_at FROM akashi.signing_key;
CREATE VIEW public_record.accreditation WITH (security_barrier = true) AS
SELECT a.body_id AS accreditation_body_id, a.id, a.accredited_id, a.scheme_code, a.number, a.time_zone FROM akashi.accreditation a
WHERE EXISTS (SELECT FROM akashi.accreditation_statement s WHERE s.body_id = a.body_id AND s.accreditation_id = a.id);
COMMENT ON VIEW public_record.accreditation IS 'An accreditation exists from its first statement on; a draft that no officer has confirmed is nobody''s to read.';
CREATE VIEW public_record.accreditation_statement WITH (security_barrier = true) AS
SELECT s.*, r.subject FROM akashi.accreditation_statement s JOIN akashi.reservation r ON r.body_id = s.body_id AND r.id = s.envelope_id;
CREATE VIEW public_record.key_binding WITH (security_barrier = true) AS
SELECT b.*, r.subject FROM akashi.key_binding b JOIN akashi.reservation r ON r.body_id = b.body_id AND r.id = b.envelope_id;
CREATE VIEW public_record.identity_binding WITH (security_barrier = true) AS
SELECT b.*, r.subject FROM akashi.identity_binding b JOIN akashi.reservation r ON r.body_id = b.body_id AND r.id = b.envelope_id;

CREATE VIEW public_record.envelope WITH (security_barrier = true) AS
SELECT e.body_id, e.id, e.subject, e.n, r.log_kind, r.statement, r.media_type, r.thumbprint, r.signing_input, e.signature, e.recorded_at
FROM akashi.envelope e JOIN akashi.reservation r USING (body_id, id);

CREATE VIEW public_record.certification WITH (security_barrier = true) AS
SELECT c.body_id, c.id, c.public_id, c.subject, c.scheme_code, c.organisation_id, c.number, c.folded_number, o.country,
       ARRAY(SELECT DISTINCT d.field FROM akashi.disclosure_consent d
             WHERE d.body_id = c.body_id AND d.agreement_id = c.agreement_id AND d.granted
               AND NOT EXISTS (SELECT FROM akashi.disclosure_consent later WHERE later.body_id = d.body_id
                               AND later.agreement_id = d.agreement_id AND later.field = d.field AND later.sequence > d.sequence)
             ORDER BY d.field) AS consented
FROM akashi.certification c JOIN akashi.organisation o ON o.body_id = c.body_id AND o.id = c.organisation_id
WHERE EXISTS (SELECT FROM akashi.certificate_version v WHERE v.body_id = c.body_id AND v.certification_id = c.id);
COMMENT ON VIEW public_record.certification IS 'A public ID exists from its first issued version on; what of it may be shown is said by consented.';

CREATE VIEW public_record.certificate_version WITH (security_barrier = true) AS
SELECT v.body_id, v.certification_id, v.version_no, v.decision_id, v.envelope_id, v.effective_at, v.valid_until, v.recorded_at,
       i.revocation_list, i.revocation_position, i.suspension_list, i.suspension_position, i.refresh_list, i.refresh_position
FROM akashi.certificate_version v
JOIN akashi.issuance_reservation i ON i.body_id = v.body_id AND i.reservation_id = v.envelope_id;

CREATE VIEW public_record.standing_event WITH (security_barrier = true) AS
SELECT body_id, certification_id, event_no, act, from_state, to_state, version_no, effective_at, until, envelope_id, recorded_at
FROM akashi.standing_event;

CREATE VIEW public_record.holder_name WITH (security_barrier = true) AS
SELECT c.body_id, c.id AS certification_id, n.name, n.folded, n.language, n.script, n.valid_from, n.valid_to
FROM public_record.certification c
JOIN akashi.organisation_name n ON n.body_id = c.body_id AND n.organisation_id = c.organisation_id
WHERE 'holder' = ANY (c.consented) AND 'directory' = ANY (c.consented);

CREATE VIEW public_record.publication WITH (security_barrier = true) AS
SELECT name, number, media_type, content, valid_until, recorded_at FROM akashi.publication;

CREATE VIEW public_record.scheme WITH (security_barrier = true) AS SELECT * FROM akashi.scheme;
CREATE VIEW public_record.scheme_phase WITH (security_barrier = true) AS SELECT * FROM akashi.scheme_phase;
CREATE VIEW public_record.normative_document WITH (security_barrier = true) AS SELECT * FROM akashi.normative_document;
CREATE VIEW public_record.edition_transition WITH (security_barrier = true) AS SELECT * FROM akashi.edition_transition;
CREATE VIEW public_record.required_audit WITH (security_barrier = true) AS SELECT * FROM akashi.required_audit;
CREATE VIEW public_record.scheme_term WITH (security_barrier = true) AS SELECT * FROM akashi.scheme_term;
CREATE VIEW public_record.reason_code WITH (security_barrier = true) AS SELECT * FROM akashi.reason_code;
CREATE VIEW public_record.decision_type WITH (security_barrier = true) AS SELECT * FROM akashi.decision_type;
CREATE VIEW public_record.transition WITH (security_barrier = true) AS SELECT * FROM akashi.transition;
CREATE VIEW public_record.requirement WITH (security_barrier = true) AS SELECT * FROM akashi.requirement;
CREATE VIEW public_record.accreditation_transition WITH (security_barrier = true) AS SELECT * FROM akashi.accreditation_transition;

DO $$
DECLARE v regclass;
BEGIN
    FOR v IN SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'public_record'::regnamespace AND c.relkind = 'v' LOOP
        EXECUTE format('ALTER VIEW %s OWNER TO akashi_public', v);
        EXECUTE format('GRANT SELECT ON %s TO akashi_reader', v);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION akashi.now() TO akashi_reader;
CALL akashi.pin_settings();
