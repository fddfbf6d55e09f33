-- The directory's order: a certification stands where its first version was recorded, for ever.

GRANT SELECT (body_id, envelope_id, sequence) ON akashi.log_queue TO akashi_public;

CREATE OR REPLACE VIEW public_record.certification WITH (security_barrier = true) AS
SELECT c.body_id, c.id, c.public_id, c.subject, c.scheme_code, c.organisation_id, c.number, c.folded_number, o.country,
       ARRAY(SELECT DISTINCT d.field FROM akashi.disclosure_consent d
             WHERE d.body_id = c.body_id AND d.agreement_id = c.agreement_id AND d.granted
               AND NOT EXISTS (SELECT FROM akashi.disclosure_consent later WHERE later.body_id = d.body_id
                               AND later.agreement_id = d.agreement_id AND later.field = d.field AND later.sequence > d.sequence)
             ORDER BY d.field) AS consented,
       q.sequence
FROM akashi.certification c
JOIN akashi.organisation o ON o.body_id = c.body_id AND o.id = c.organisation_id
JOIN akashi.certificate_version v ON v.body_id = c.body_id AND v.certification_id = c.id AND v.version_no = 1
JOIN akashi.log_queue q ON q.body_id = v.body_id AND q.envelope_id = v.envelope_id;
COMMENT ON COLUMN public_record.certification.sequence IS 'Place of the first version among all that was recorded; a list is read in this order (C104).';
