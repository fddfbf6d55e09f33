-- Committees and decision sheets (17021-1 9.5; deciding in two steps).

CREATE TABLE akashi.committee (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    quorum_percent integer NOT NULL CHECK (quorum_percent BETWEEN 50 AND 100),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id)
);
COMMENT ON COLUMN akashi.committee.quorum_percent IS 'Of the members who may vote on an item, the part whose votes it needs; at 50 more than half.';

CREATE TABLE akashi.committee_member (
    body_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, committee_id, person_id, valid_from),
    FOREIGN KEY (body_id, committee_id) REFERENCES akashi.committee,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);

CREATE TABLE akashi.committee_member_end (
    body_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from date NOT NULL,
    last_day date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, committee_id, person_id, valid_from),
    FOREIGN KEY (body_id, committee_id, person_id, valid_from) REFERENCES akashi.committee_member,
    CONSTRAINT membership_ends_before_it_begins CHECK (last_day >= valid_from)
);

CREATE TABLE akashi.draft_vote (
    body_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    person_id uuid NOT NULL,
    vote text NOT NULL CHECK (vote IN ('for', 'against', 'abstained')),
    salt bytea NOT NULL CHECK (length(salt) = 32),
    PRIMARY KEY (body_id, draft_id, person_id),
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, committee_id) REFERENCES akashi.committee,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.draft_vote IS 'How each member of a committee voted on a draft; whoever voted gives evidence, whoever abstained does not.';

CREATE TABLE akashi.sheet_item (
    body_id uuid NOT NULL,
    sheet_id uuid NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal BETWEEN 1 AND 1000),
    draft_id uuid NOT NULL,
    PRIMARY KEY (body_id, sheet_id, ordinal),
    UNIQUE (body_id, draft_id),
    FOREIGN KEY (body_id, sheet_id) REFERENCES akashi.draft,
    FOREIGN KEY (body_id, draft_id) REFERENCES akashi.draft
);
COMMENT ON TABLE akashi.sheet_item IS 'The decisions of one meeting in their order; the sheet''s document names each with its digest.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['committee', 'committee_member', 'committee_member_end', 'draft_vote', 'sheet_item'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['committee', 'committee_member', 'committee_member_end'] LOOP
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
CREATE TRIGGER draft_is_open BEFORE INSERT ON akashi.draft_vote FOR EACH ROW EXECUTE FUNCTION akashi.draft_is_open();

CREATE FUNCTION akashi.lock_committee(body uuid, id uuid) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(body::text || id::text, 8)) $$;

-- Who may vote on a draft: members on the day of the decision, but for those who audited what it relies on.
CREATE FUNCTION akashi.may_vote(d akashi.decision, committee uuid, person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.committee_member m LEFT JOIN akashi.committee_member_end e USING (body_id, committee_id, person_id, valid_from)
                   WHERE m.body_id = d.body_id AND m.committee_id = committee AND m.person_id = person
                     AND m.valid_from <= d.decided_on AND d.decided_on <= coalesce(e.last_day, 'infinity'))
       AND NOT EXISTS (SELECT FROM akashi.draft_audit a JOIN akashi.audit_member m ON m.body_id = a.body_id AND m.audit_id = a.audit_id
                       WHERE a.body_id = d.body_id AND a.draft_id = d.id AND m.person_id = person)
$$;
COMMENT ON FUNCTION akashi.may_vote IS '17021-1 9.5.1; invariants 3 and 5: members on the day, but for those who audited.';

CREATE FUNCTION akashi.check_votes(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE doc jsonb;
BEGIN
    SELECT convert_from(f.document, 'UTF8')::jsonb->'committee' INTO doc FROM akashi.draft f WHERE f.body_id = d.body_id AND f.id = d.id;
    IF coalesce(nullif(doc, 'null')->'votes', '[]') IS DISTINCT FROM (
           SELECT coalesce(jsonb_agg(jsonb_build_object('member', v.member, 'vote', v.vote) ORDER BY v.member COLLATE "C"), '[]')
           FROM (SELECT akashi.base64url(akashi.commitment(x.salt, convert_to(x.person_id::text, 'UTF8'))) AS member, x.vote
                 FROM akashi.draft_vote x WHERE x.body_id = d.body_id AND x.draft_id = d.id) v)
       OR (nullif(doc, 'null') IS NOT NULL AND ARRAY(SELECT p.person_id FROM akashi.draft_person p WHERE p.body_id = d.body_id AND p.draft_id = d.id ORDER BY 1)
           IS DISTINCT FROM ARRAY(SELECT v.person_id FROM akashi.draft_vote v WHERE v.body_id = d.body_id AND v.draft_id = d.id AND v.vote <> 'abstained' ORDER BY 1)) THEN
        PERFORM akashi.refuse('document_mismatch', 'a committee''s decision names its members with their votes, and its deciders are those who voted');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_votes IS 'The votes in the records are those that the document commits to.';

CREATE FUNCTION akashi.check_committee(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE n akashi.committee; cast_for integer; cast_all integer; entitled integer;
BEGIN
    SELECT c.* INTO n FROM akashi.draft_vote v JOIN akashi.committee c ON c.body_id = v.body_id AND c.id = v.committee_id
        WHERE v.body_id = d.body_id AND v.draft_id = d.id LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM akashi.lock_committee(d.body_id, n.id);
    IF EXISTS (SELECT FROM akashi.draft_vote v WHERE v.body_id = d.body_id AND v.draft_id = d.id
               AND (v.committee_id <> n.id OR (v.vote <> 'abstained' AND NOT akashi.may_vote(d, n.id, v.person_id)))) THEN
        PERFORM akashi.refuse('vote_not_allowed', '17021-1 9.5.1: members vote, and whoever audited abstains (invariants 3 and 5)');
    END IF;
    SELECT count(*) FILTER (WHERE v.vote = 'for'), count(*) FILTER (WHERE v.vote <> 'abstained') INTO cast_for, cast_all
        FROM akashi.draft_vote v WHERE v.body_id = d.body_id AND v.draft_id = d.id;
    SELECT count(DISTINCT m.person_id) INTO entitled FROM akashi.committee_member m
        WHERE m.body_id = d.body_id AND m.committee_id = n.id AND akashi.may_vote(d, n.id, m.person_id);
    IF cast_all * 100 < entitled * n.quorum_percent OR (n.quorum_percent = 50 AND cast_all * 2 <= entitled) THEN
        PERFORM akashi.refuse('quorum_not_reached', '17021-1 9.5.1: the quorum is counted among those who may vote on the item (invariant 5)');
    END IF;
    IF cast_for * 2 <= cast_all THEN
        PERFORM akashi.refuse('vote_not_carried', '17021-1 9.5.1: a decision is carried by more votes for it than against');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_committee IS '17021-1 9.5.1; invariants 3 and 5: each member for each item, the quorum without those who audited.';

CREATE FUNCTION akashi.committee_decides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.check_votes(NEW);
    PERFORM akashi.check_committee(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER e_committee_decides BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.committee_decides();

-- The other side of the quorum: nobody joins or leaves a committee on a day for which it has decided.
CREATE FUNCTION akashi.membership_leaves_decisions_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE day date := (to_jsonb(NEW)->>TG_ARGV[0])::date + TG_ARGV[1]::integer;
BEGIN
    PERFORM akashi.demand_read_committed();
    PERFORM akashi.lock_committee(NEW.body_id, NEW.committee_id);
    IF EXISTS (SELECT FROM akashi.draft_vote v JOIN akashi.decision d ON d.body_id = v.body_id AND d.id = v.draft_id
               WHERE v.body_id = NEW.body_id AND v.committee_id = NEW.committee_id AND d.decided_on >= day) THEN
        PERFORM akashi.refuse('committee_has_decided', '17021-1 9.5.1: who sat on a committee is not changed after it decided');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.membership_leaves_decisions_alone IS '17021-1 9.5.1; invariant 5: nobody joins or leaves a committee for a day on which it decided.';
CREATE TRIGGER membership_leaves_decisions_alone BEFORE INSERT ON akashi.committee_member
    FOR EACH ROW EXECUTE FUNCTION akashi.membership_leaves_decisions_alone('valid_from', '0');
CREATE TRIGGER membership_leaves_decisions_alone BEFORE INSERT ON akashi.committee_member_end
    FOR EACH ROW EXECUTE FUNCTION akashi.membership_leaves_decisions_alone('last_day', '1');

CREATE FUNCTION akashi.sheet_lists_its_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sheet akashi.draft; item akashi.draft;
BEGIN
    PERFORM akashi.demand_read_committed();
    SELECT * INTO sheet FROM akashi.draft x WHERE x.body_id = NEW.body_id AND x.id = NEW.sheet_id;
    SELECT * INTO item FROM akashi.draft x WHERE x.body_id = NEW.body_id AND x.id = NEW.draft_id;
    IF sheet.kind IS DISTINCT FROM 'sheet' OR item.kind IS DISTINCT FROM 'decision'
       OR convert_from(sheet.document, 'UTF8')::jsonb->'items'->(NEW.ordinal - 1) IS DISTINCT FROM jsonb_build_object(
              'decision', NEW.draft_id::text, 'sha256', akashi.base64url(sha256(item.document))) THEN
        PERFORM akashi.refuse('document_mismatch', 'a sheet''s document names its decisions in their order, each by its digest');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_lists_its_document BEFORE INSERT ON akashi.sheet_item FOR EACH ROW EXECUTE FUNCTION akashi.sheet_lists_its_document();

-- Evidence that names a sheet counts for a decision only if the sheet lists it and the same person gave it over the sheet.
CREATE FUNCTION akashi.evidence_of_a_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.evidence->>'type' = 'sheet' AND NOT EXISTS (
        SELECT FROM akashi.sheet_item i JOIN akashi.confirmation c ON c.body_id = i.body_id AND c.draft_id = i.sheet_id AND c.person_id = NEW.person_id
        WHERE i.body_id = NEW.body_id AND i.sheet_id::text = NEW.evidence->>'sheet' AND i.draft_id = NEW.draft_id
          AND c.thumbprint = NEW.thumbprint AND c.evidence->>'signature' = NEW.evidence->>'signature') THEN
        PERFORM akashi.refuse('not_confirmed', 'one evidence over a sheet confirms the decisions that the sheet lists (deciding in two steps)');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_of_a_sheet BEFORE INSERT ON akashi.confirmation FOR EACH ROW EXECUTE FUNCTION akashi.evidence_of_a_sheet();

GRANT EXECUTE ON FUNCTION akashi.lock_committee(uuid, uuid), akashi.may_vote(akashi.decision, uuid, uuid), akashi.check_votes(akashi.decision), akashi.check_committee(akashi.decision)
    TO akashi_service;
CALL akashi.pin_settings();
