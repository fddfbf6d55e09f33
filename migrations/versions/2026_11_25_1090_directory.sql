-- The directory: its order (a certification stands where its first version was recorded, for ever) and its search by name.

GRANT SELECT (body_id, envelope_id, sequence) ON akashi.log_queue TO akashi_public;

CREATE OR REPLACE VIEW public_record.certification WITH (security_barrier = true) AS
SELECT c.body_id, c.id, c.public_id, c.subject, c.scheme_code, c.organisation_id, c.number, c.folded_number, o.country,
       ARRAY(SELECT DISTINCT d.field FROM akashi.disclosure_consent d
             WHERE d.body_id = c.body_id AND d.agreement_id = c.agreement_id AND d.granted
               AND NOT EXISTS (SELECT FROM akashi.disclosure_consent later WHERE later.body_id = d.body_id
                               AND later.agreement_id = d.agreement_id AND later.field = d.field AND later.sequence > d.sequence)
             ORDER BY d.field) AS consented,
       q.sequence, v.recorded_at,
       (SELECT min(d.recorded_at) FROM akashi.disclosure_consent d
        WHERE d.body_id = c.body_id AND d.agreement_id = c.agreement_id AND d.field = 'directory' AND d.granted) AS findable_since
FROM akashi.certification c
JOIN akashi.organisation o ON o.body_id = c.body_id AND o.id = c.organisation_id
JOIN akashi.certificate_version v ON v.body_id = c.body_id AND v.certification_id = c.id AND v.version_no = 1
JOIN akashi.log_queue q ON q.body_id = v.body_id AND q.envelope_id = v.envelope_id;
COMMENT ON COLUMN public_record.certification.sequence IS 'Place of the first version among all that was recorded; a list is read in this order (C104).';
COMMENT ON COLUMN public_record.certification.findable_since IS 'When the holder first consented to the directory; before, nobody could find it there.';

-- Pairs of letters: an index over them finds a part of a name in any script, without an extension.
CREATE FUNCTION akashi.letter_pairs(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array(SELECT DISTINCT substr(name, place, size) FROM generate_series(1, length(name)) place, generate_series(1, 2) size)
$$;
COMMENT ON FUNCTION akashi.letter_pairs IS 'Every letter and every pair of neighbours: what contains a text contains all of its pairs (C088, C089).';
CREATE INDEX organisation_name_letters ON akashi.organisation_name USING gin (akashi.letter_pairs(folded));
CREATE INDEX certification_of_organisation ON akashi.certification (body_id, organisation_id);

CREATE FUNCTION akashi.consents(body uuid, agreement uuid, wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT d.granted FROM akashi.disclosure_consent d
                     WHERE d.body_id = body AND d.agreement_id = agreement AND d.field = wanted ORDER BY d.sequence DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION akashi.consents IS '17021-1 8.1.2, 8.4: the latest word of the client about a field holds; the standing of an ID needs none.';

CREATE FUNCTION akashi.found_by_name(wanted text, known_at timestamptz) RETURNS TABLE (body_id uuid, certification_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT c.body_id, c.id
    FROM akashi.organisation_name n
    JOIN akashi.certification c ON c.body_id = n.body_id AND c.organisation_id = n.organisation_id
    WHERE akashi.letter_pairs(n.folded) @> akashi.letter_pairs(wanted) AND strpos(n.folded, wanted) > 0 AND n.recorded_at <= known_at
      AND akashi.consents(c.body_id, c.agreement_id, 'holder') AND akashi.consents(c.body_id, c.agreement_id, 'directory')
$$;
COMMENT ON FUNCTION akashi.found_by_name IS
    'Certifications of whose holder a name, present or former, contains the folded text. With its owner''s eyes, so that the index may be used; it gives away only who consented to be found by name.';

-- A page of the directory costs the page, not the directory: it is walked along the order of recording and left when full.
-- The planner cannot know that, so it is kept from sorting or hashing everything first.
CREATE FUNCTION akashi.findable_in_order(known_at timestamptz, scheme text, country text, beyond bigint, backwards boolean, most integer)
    RETURNS TABLE (body_id uuid, certification_id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT v.body_id, v.certification_id FROM akashi.log_queue q '
        'JOIN akashi.certificate_version v ON v.body_id = q.body_id AND v.envelope_id = q.envelope_id AND v.version_no = 1 '
        'JOIN akashi.certification c ON c.body_id = v.body_id AND c.id = v.certification_id '
        'JOIN akashi.organisation o ON o.body_id = c.body_id AND o.id = c.organisation_id '
        'WHERE v.recorded_at <= $1 AND ($2 IS NULL OR c.scheme_code = $2) AND ($3 IS NULL OR o.country = $3) '
        'AND ($4 IS NULL OR q.sequence %s $4) AND akashi.consents(c.body_id, c.agreement_id, ''directory'') '
        'AND EXISTS (SELECT FROM akashi.disclosure_consent d WHERE d.body_id = c.body_id AND d.agreement_id = c.agreement_id '
        'AND d.field = ''directory'' AND d.granted AND d.recorded_at <= $1) ORDER BY q.sequence %s LIMIT $5',
        CASE WHEN backwards THEN '<' ELSE '>' END, CASE WHEN backwards THEN 'DESC' ELSE 'ASC' END)
        USING known_at, scheme, country, beyond, most;
END $$;
COMMENT ON FUNCTION akashi.findable_in_order IS
    'At most so many certifications of the directory, in the order of their first recording from a place on. With its owner''s eyes, so that the order may end the search; it gives away only who consented to be found.';
GRANT EXECUTE ON FUNCTION akashi.findable_in_order(timestamptz, text, text, bigint, boolean, integer) TO akashi_reader;
GRANT EXECUTE ON FUNCTION akashi.letter_pairs(text) TO akashi_service;
GRANT EXECUTE ON FUNCTION akashi.found_by_name(text, timestamptz) TO akashi_reader;
CALL akashi.pin_settings();
