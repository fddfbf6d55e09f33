-- Who may act for whom: competence per area, interests with the two-year rule, threats to impartiality (17021-1 5.2, 7).

-- Scheme data.
CREATE TABLE akashi.interest_kind (
    kind text PRIMARY KEY,
    cooling_off_months integer NOT NULL CHECK (cooling_off_months BETWEEN 1 AND 120),
    title_en text NOT NULL,
    title_ja text NOT NULL,
    origin text NOT NULL
);
COMMENT ON TABLE akashi.interest_kind IS 'What ties a person to a client, and how long after its end it still bars them (invariant 4).';

CREATE TABLE akashi.relation_bar (
    scheme_code text NOT NULL REFERENCES akashi.scheme,
    relation text NOT NULL CHECK (relation IN ('certification_body', 'related_body', 'consultancy_by_body', 'internal_audit_by_body')),
    cooling_off_months integer NOT NULL CHECK (cooling_off_months BETWEEN 0 AND 120),
    origin text NOT NULL,
    PRIMARY KEY (scheme_code, relation)
);
COMMENT ON TABLE akashi.relation_bar IS 'Which relations of the body itself to a client bar its certification under a scheme (17021-1 5.2.4 to 5.2.8).';

INSERT INTO akashi.interest_kind VALUES
    ('consultancy',    24, 'Management system consultancy', 'マネジメントシステムのコンサルティング', 'ISO/IEC 17021-1 5.2.10'),
    ('internal_audit', 24, 'Internal audits for the client', '依頼者の内部監査', 'ISO/IEC 17021-1 5.2.6, 5.2.10'),
    ('employment',     24, 'Employment by the client', '依頼者による雇用', 'ISO/IEC 17021-1 5.2.10'),
    ('financial',      24, 'Financial interest in the client', '依頼者への金銭的利害', 'ISO/IEC 17021-1 5.2.3'),
    ('family',         24, 'Family tie to the client', '依頼者との親族関係', 'ISO/IEC 17021-1 5.2.3'),
    ('other',          24, 'Another tie that a reader would want to know', 'その他の利害関係', 'ISO/IEC 17021-1 5.2.3');
INSERT INTO akashi.relation_bar VALUES
    ('aims', 'related_body',           0,  'ISO/IEC 17021-1 5.2.7'),
    ('aims', 'consultancy_by_body',    24, 'ISO/IEC 17021-1 5.2.5'),
    ('aims', 'internal_audit_by_body', 24, 'ISO/IEC 17021-1 5.2.6');

GRANT SELECT ON akashi.interest_kind, akashi.relation_bar TO akashi_service, akashi_jobs, akashi_keeper;
CALL akashi.make_insert_only('akashi.interest_kind');
CALL akashi.make_insert_only('akashi.relation_bar');

-- People.
CREATE TABLE akashi.competence (
    body_id uuid NOT NULL,
    person_id uuid NOT NULL,
    function text NOT NULL CHECK (function IN ('auditor', 'technical_expert', 'reviewer', 'decider', 'appeal_handler')),
    scheme_code text NOT NULL,
    vocabulary text NOT NULL GENERATED ALWAYS AS ('technical_area') STORED,
    area text NOT NULL,
    evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 4000),
    evidence_sha256 bytea CHECK (length(evidence_sha256) = 32),
    valid_from date NOT NULL,
    valid_to date,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, person_id, function, scheme_code, area, valid_from),
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person,
    FOREIGN KEY (scheme_code, vocabulary, area) REFERENCES akashi.scheme_term,
    CONSTRAINT competence_ends_before_it_begins CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE akashi.competence IS 'Demonstrated competence per function, scheme and technical area, with evidence and period (17021-1 7.1, 7.2).';

CREATE TABLE akashi.competence_end (
    body_id uuid NOT NULL,
    person_id uuid NOT NULL,
    function text NOT NULL,
    scheme_code text NOT NULL,
    area text NOT NULL,
    valid_from date NOT NULL,
    last_day date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, person_id, function, scheme_code, area, valid_from),
    FOREIGN KEY (body_id, person_id, function, scheme_code, area, valid_from) REFERENCES akashi.competence,
    CHECK (last_day >= valid_from)
);
COMMENT ON TABLE akashi.competence_end IS 'The last day of a competence, learned after it was recorded; what was done until then stands.';

CREATE TABLE akashi.interest (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL REFERENCES akashi.interest_kind,
    detail text NOT NULL CHECK (length(detail) BETWEEN 1 AND 4000),
    began_on date,
    ended_on date,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person,
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation,
    CONSTRAINT interest_ends_before_it_begins CHECK (ended_on >= began_on)
);
CREATE INDEX interest_person ON akashi.interest (body_id, person_id, organisation_id);
COMMENT ON TABLE akashi.interest IS 'What a person has, or had, to do with a client; without an end it lasts (17021-1 5.2; invariant 4).';

CREATE TABLE akashi.interest_end (
    body_id uuid NOT NULL,
    interest_id uuid NOT NULL,
    ended_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, interest_id),
    FOREIGN KEY (body_id, interest_id) REFERENCES akashi.interest
);

-- The body itself.
CREATE TABLE akashi.client_relation (
    body_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    relation text NOT NULL CHECK (relation IN ('certification_body', 'related_body', 'consultancy_by_body', 'internal_audit_by_body')),
    detail text NOT NULL CHECK (length(detail) BETWEEN 1 AND 4000),
    began_on date,
    ended_on date,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation,
    CONSTRAINT relation_ends_before_it_begins CHECK (ended_on >= began_on)
);
CREATE INDEX client_relation_organisation ON akashi.client_relation (body_id, organisation_id);
COMMENT ON TABLE akashi.client_relation IS 'What an organisation is, or was, to the body beyond a client (17021-1 5.2.4 to 5.2.8).';

CREATE TABLE akashi.client_relation_end (
    body_id uuid NOT NULL,
    relation_id uuid NOT NULL,
    ended_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, relation_id),
    FOREIGN KEY (body_id, relation_id) REFERENCES akashi.client_relation
);

CREATE TABLE akashi.impartiality_threat (
    body_id uuid NOT NULL REFERENCES akashi.party,
    id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('self_interest', 'self_review', 'familiarity', 'intimidation')),
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 4000),
    organisation_id uuid,
    person_id uuid,
    identified_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, id),
    FOREIGN KEY (body_id, organisation_id) REFERENCES akashi.organisation,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
CREATE INDEX impartiality_threat_organisation ON akashi.impartiality_threat (body_id, organisation_id);
COMMENT ON TABLE akashi.impartiality_threat IS 'The log of threats to impartiality; one that concerns a client bars its certification until it is mitigated (17021-1 5.2.3).';

CREATE TABLE akashi.threat_mitigation (
    body_id uuid NOT NULL,
    threat_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('eliminated', 'minimised', 'unacceptable')),
    measure text NOT NULL CHECK (length(measure) BETWEEN 1 AND 4000),
    person_id uuid NOT NULL,
    done_on date NOT NULL,
    carried_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (body_id, threat_id, recorded_at),
    FOREIGN KEY (body_id, threat_id) REFERENCES akashi.impartiality_threat,
    FOREIGN KEY (body_id, person_id) REFERENCES akashi.person
);
COMMENT ON TABLE akashi.threat_mitigation IS 'What was done about a threat; the newest word holds.';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['competence', 'competence_end', 'interest', 'interest_end', 'client_relation', 'client_relation_end',
                                'impartiality_threat', 'threat_mitigation'] LOOP
        CALL akashi.make_tenant_only(('akashi.' || name)::regclass);
        CALL akashi.make_insert_only(('akashi.' || name)::regclass);
        CALL akashi.make_stamped(('akashi.' || name)::regclass);
    END LOOP;
END $$;
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.interest_end FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('ended_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.client_relation_end FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('ended_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.impartiality_threat FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('identified_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.threat_mitigation FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('done_on');

-- Whoever declares something about a client waits for those who act about it, and they for whoever declares.
CREATE FUNCTION akashi.lock_impartiality(body uuid, organisation uuid) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(body::text || organisation::text, 8)) $$;
CREATE FUNCTION akashi.share_impartiality(body uuid, organisation uuid) RETURNS void LANGUAGE sql
    AS $$ SELECT pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended(body::text || organisation::text, 8)) $$;

-- Before the stamp: what is declared later than a decision bears a later instant.
CREATE FUNCTION akashi.declared_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.demand_read_committed();
    IF NEW.organisation_id IS NOT NULL THEN
        PERFORM akashi.lock_impartiality(NEW.body_id, NEW.organisation_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_declared_alone BEFORE INSERT ON akashi.interest FOR EACH ROW EXECUTE FUNCTION akashi.declared_alone();
CREATE TRIGGER a_declared_alone BEFORE INSERT ON akashi.client_relation FOR EACH ROW EXECUTE FUNCTION akashi.declared_alone();
CREATE TRIGGER a_declared_alone BEFORE INSERT ON akashi.impartiality_threat FOR EACH ROW EXECUTE FUNCTION akashi.declared_alone();

CREATE FUNCTION akashi.end_is_the_first() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE known jsonb;
BEGIN
    IF TG_TABLE_NAME = 'interest_end' THEN
        SELECT to_jsonb(i) INTO known FROM akashi.interest i WHERE i.body_id = NEW.body_id AND i.id = (to_jsonb(NEW)->>'interest_id')::uuid;
    ELSE
        SELECT to_jsonb(r) INTO known FROM akashi.client_relation r WHERE r.body_id = NEW.body_id AND r.id = (to_jsonb(NEW)->>'relation_id')::uuid;
    END IF;
    IF known->>'ended_on' IS NOT NULL THEN
        PERFORM akashi.refuse('already_recorded', 'its end stands in the records already');
    END IF;
    IF NEW.ended_on < (known->>'began_on')::date THEN
        PERFORM akashi.refuse('interest_ends_before_it_begins', 'what ends has begun before');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER end_is_the_first BEFORE INSERT ON akashi.interest_end FOR EACH ROW EXECUTE FUNCTION akashi.end_is_the_first();
CREATE TRIGGER end_is_the_first BEFORE INSERT ON akashi.client_relation_end FOR EACH ROW EXECUTE FUNCTION akashi.end_is_the_first();

-- The areas for which none of these people is competent in any of these functions on that day.
CREATE FUNCTION akashi.areas_not_covered(body uuid, people uuid[], functions text[], scheme text, areas text[], day date) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT wanted FROM unnest(areas) wanted WHERE NOT EXISTS (
        SELECT FROM akashi.competence k LEFT JOIN akashi.competence_end e USING (body_id, person_id, function, scheme_code, area, valid_from)
        WHERE k.body_id = body AND k.person_id = ANY (people) AND k.function = ANY (functions) AND k.scheme_code = scheme AND k.area = wanted
          AND k.valid_from <= day AND day <= coalesce(least(k.valid_to, e.last_day), 'infinity')) ORDER BY wanted)
$$;
COMMENT ON FUNCTION akashi.areas_not_covered IS '17021-1 7.1, 7.2: together for an audit team, one by one for reviewers and deciders.';

-- The kind of interest that bars a person from acting about a client on a day, or null.
CREATE FUNCTION akashi.barring_interest(body uuid, person uuid, organisation uuid, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT i.kind FROM akashi.interest i JOIN akashi.interest_kind k USING (kind)
    LEFT JOIN akashi.interest_end e ON e.body_id = i.body_id AND e.interest_id = i.id
    WHERE i.body_id = body AND i.person_id = person AND i.organisation_id = organisation
      AND coalesce(i.began_on, '-infinity') <= day
      AND day <= coalesce(akashi.last_valid_day(coalesce(i.ended_on, e.ended_on), k.cooling_off_months), 'infinity')
    ORDER BY i.kind LIMIT 1
$$;
COMMENT ON FUNCTION akashi.barring_interest IS 'Invariant 4: an interest bars until the day before the same day two years after its end (17021-1 5.2.10).';

CREATE FUNCTION akashi.demand_no_interest(body uuid, person uuid, organisation uuid, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE kind text;
BEGIN
    PERFORM akashi.share_impartiality(body, organisation);
    kind := akashi.barring_interest(body, person, organisation, day);
    IF kind IS NOT NULL THEN
        PERFORM akashi.refuse('interest_in_client', format('17021-1 5.2: %s of the last two years (invariant 4)', replace(kind, '_', ' ')));
    END IF;
END $$;
COMMENT ON FUNCTION akashi.demand_no_interest IS 'Invariant 4, for any assignment: auditor, reviewer, decider, appeal handler.';

-- The relation of the body to a client that bars certification under a scheme on a day, or null.
CREATE FUNCTION akashi.barring_relation(body uuid, organisation uuid, scheme text, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT r.relation FROM akashi.client_relation r JOIN akashi.relation_bar b ON b.relation = r.relation AND b.scheme_code = scheme
    LEFT JOIN akashi.client_relation_end e ON e.body_id = r.body_id AND e.relation_id = r.id
    WHERE r.body_id = body AND r.organisation_id = organisation AND coalesce(r.began_on, '-infinity') <= day
      AND day <= coalesce(CASE b.cooling_off_months WHEN 0 THEN coalesce(r.ended_on, e.ended_on)
                          ELSE akashi.last_valid_day(coalesce(r.ended_on, e.ended_on), b.cooling_off_months) END, 'infinity')
    ORDER BY r.relation LIMIT 1
$$;
COMMENT ON FUNCTION akashi.barring_relation IS '17021-1 5.2.4 to 5.2.8: which relations bar which scheme, and for how long after they ended, is data.';

CREATE FUNCTION akashi.demand_impartiality(body uuid, organisation uuid, scheme text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE relation text;
BEGIN
    PERFORM akashi.share_impartiality(body, organisation);
    relation := akashi.barring_relation(body, organisation, scheme, day);
    IF relation IS NOT NULL THEN
        PERFORM akashi.refuse('client_barred', format('17021-1 5.2.4 to 5.2.8: %s', replace(relation, '_', ' ')));
    END IF;
    IF EXISTS (SELECT FROM akashi.impartiality_threat t WHERE t.body_id = body AND t.organisation_id = organisation
               AND coalesce((SELECT m.outcome FROM akashi.threat_mitigation m WHERE m.body_id = t.body_id AND m.threat_id = t.id
                             ORDER BY m.recorded_at DESC LIMIT 1), 'unacceptable') = 'unacceptable') THEN
        PERFORM akashi.refuse('threat_not_mitigated', '17021-1 5.2.3: nothing is certified under a threat to impartiality that is not mitigated');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.demand_impartiality IS '17021-1 5.2.3 to 5.2.8: the body''s own relation to the client, and threats that concern it.';

GRANT EXECUTE ON FUNCTION akashi.lock_impartiality(uuid, uuid), akashi.share_impartiality(uuid, uuid),
    akashi.areas_not_covered(uuid, uuid[], text[], text, text[], date), akashi.barring_interest(uuid, uuid, uuid, date),
    akashi.demand_no_interest(uuid, uuid, uuid, date), akashi.barring_relation(uuid, uuid, text, date),
    akashi.demand_impartiality(uuid, uuid, text, date) TO akashi_service;

-- Assignment: the application's review.
CREATE FUNCTION akashi.reviewer_is_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a akashi.application; missing text[];
BEGIN
    SELECT * INTO a FROM akashi.application x WHERE x.body_id = NEW.body_id AND x.id = NEW.application_id;
    missing := akashi.areas_not_covered(NEW.body_id, ARRAY[NEW.reviewer_id], ARRAY['reviewer'], a.scheme_code, a.areas, NEW.reviewed_on);
    IF cardinality(missing) > 0 THEN
        PERFORM akashi.refuse('reviewer_lacks_area', '17021-1 7.2, 9.1.2: ' || array_to_string(missing, ', '));
    END IF;
    PERFORM akashi.demand_no_interest(NEW.body_id, NEW.reviewer_id, a.organisation_id, NEW.reviewed_on);
    IF NEW.outcome = 'accepted' THEN
        PERFORM akashi.demand_impartiality(NEW.body_id, a.organisation_id, a.scheme_code, NEW.reviewed_on);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.reviewer_is_fit IS '17021-1 5.2, 7.2, 9.1.2; invariant 4: competent in every area applied for, and without interest in the client.';
CREATE TRIGGER reviewer_is_fit BEFORE INSERT ON akashi.application_review FOR EACH ROW EXECUTE FUNCTION akashi.reviewer_is_fit();

-- Assignment: the audit team, one by one for interests, together (at the end of the transaction) for competence.
CREATE FUNCTION akashi.team_member_has_no_interest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM akashi.demand_no_interest(NEW.body_id, NEW.person_id, a.organisation_id, a.first_day)
        FROM akashi.audit a WHERE a.body_id = NEW.body_id AND a.id = NEW.audit_id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.team_member_has_no_interest IS '17021-1 5.2; invariant 4: judged on the first day of the audit.';
CREATE TRIGGER team_member_has_no_interest BEFORE INSERT ON akashi.audit_member
    FOR EACH ROW EXECUTE FUNCTION akashi.team_member_has_no_interest();

-- The areas of a certification's scheme that the team of an audit does not cover on its first day.
CREATE FUNCTION akashi.areas_team_lacks(body uuid, audit uuid, scheme text, areas text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT akashi.areas_not_covered(body, ARRAY(SELECT m.person_id FROM akashi.audit_member m WHERE m.body_id = body AND m.audit_id = audit
                                                AND m.function <> 'observer'),
                                    ARRAY['auditor', 'technical_expert'], scheme, areas,
                                    (SELECT a.first_day FROM akashi.audit a WHERE a.body_id = body AND a.id = audit))
$$;
GRANT EXECUTE ON FUNCTION akashi.areas_team_lacks(uuid, uuid, text, text[]) TO akashi_service;

CREATE FUNCTION akashi.team_covers_the_areas() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE missing text[]; scheme text;
BEGIN
    SELECT c.scheme_code INTO scheme FROM akashi.certification c WHERE c.body_id = NEW.body_id AND c.id = NEW.certification_id;
    missing := akashi.areas_team_lacks(NEW.body_id, NEW.audit_id, scheme, NEW.areas);
    IF cardinality(missing) > 0 THEN
        PERFORM akashi.refuse('team_lacks_area', '17021-1 7.2, 9.2.2: ' || array_to_string(missing, ', '));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION akashi.team_covers_the_areas IS '17021-1 7.2, 9.2.2: a team is competent together in what it audits; who observes covers nothing.';
CREATE CONSTRAINT TRIGGER team_covers_the_areas AFTER INSERT ON akashi.audit_certification DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION akashi.team_covers_the_areas();

-- Decisions.
INSERT INTO akashi.requirement (act, rule, origin)
SELECT t.act, 'competence', 'ISO/IEC 17021-1 7.1, 7.2; invariant 5' FROM akashi.decision_type t
WHERE t.act NOT IN ('import', 'suspend_urgently', 'overturn_suspension', 'overturn_withdrawal')
UNION ALL
SELECT t.act, 'interests', 'ISO/IEC 17021-1 5.2; invariant 4' FROM akashi.decision_type t WHERE t.act <> 'import'
UNION ALL
SELECT t.act, 'impartiality', 'ISO/IEC 17021-1 5.2.3 to 5.2.8' FROM akashi.decision_type t
WHERE t.act IN ('grant', 'transfer_in', 'maintain', 'renew', 'extend', 'transition', 'restore', 'restore_expired');

-- The areas about which an act decides: its own, else those in force, else those applied for.
CREATE FUNCTION akashi.areas_judged(d akashi.decision) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(d.areas, '{}'),
        (SELECT nullif(o.areas, '{}') FROM akashi.decision o
         WHERE o.body_id = d.body_id AND o.id = (akashi.latest_version(d.body_id, d.certification_id)).decision_id),
        (SELECT a.areas FROM akashi.certification c JOIN akashi.application a ON a.body_id = c.body_id AND a.id = c.application_id
         WHERE c.body_id = d.body_id AND c.id = d.certification_id))
$$;

CREATE FUNCTION akashi.check_competence(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE p record; missing text[]; areas text[] := akashi.areas_judged(d);
BEGIN
    FOR p IN SELECT x.person_id FROM akashi.draft_person x WHERE x.body_id = d.body_id AND x.draft_id = d.id LOOP
        missing := akashi.areas_not_covered(d.body_id, ARRAY[p.person_id], ARRAY['decider'], c.scheme_code, areas, d.decided_on);
        IF cardinality(missing) > 0 THEN
            PERFORM akashi.refuse('decider_lacks_area', '17021-1 7.2, invariant 5: ' || array_to_string(missing, ', '));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_competence IS '17021-1 7.1, 7.2; invariant 5: each decider covers the areas of the decision on its date.';

CREATE FUNCTION akashi.check_entities(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.draft_person p JOIN akashi.person n ON n.body_id = p.body_id AND n.id = p.person_id
               WHERE p.body_id = d.body_id AND p.draft_id = d.id AND n.relation = 'controlled_entity' AND NOT EXISTS (
                   SELECT FROM akashi.person_entity m JOIN akashi.operating_entity e ON e.body_id = m.body_id AND e.id = m.entity_id
                   WHERE m.body_id = n.body_id AND m.person_id = n.id AND e.under_control
                     AND d.decided_on BETWEEN greatest(m.valid_from, e.valid_from) AND coalesce(least(m.valid_to, e.valid_to), 'infinity'))) THEN
        PERFORM akashi.refuse('entity_not_controlled', '17021-1 6.2, 7.5, IAF MD 23: an entity decides only under the body''s control (invariant 5)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_entities IS '17021-1 6.2, 7.5, IAF MD 23; invariant 5.';

-- Everybody on whose work a decision rests, each on the day of that work.
CREATE FUNCTION akashi.check_interests(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE barred record;
BEGIN
    PERFORM akashi.share_impartiality(c.body_id, c.organisation_id);
    SELECT w.part, akashi.barring_interest(c.body_id, w.person, c.organisation_id, w.day) AS kind INTO barred FROM (
        SELECT 'decider', p.person_id, d.decided_on FROM akashi.draft_person p WHERE p.body_id = d.body_id AND p.draft_id = d.id
        UNION ALL
        SELECT 'audit team', m.person_id, a.first_day FROM akashi.draft_audit r JOIN akashi.audit a ON a.body_id = r.body_id AND a.id = r.audit_id
            JOIN akashi.audit_member m ON m.body_id = a.body_id AND m.audit_id = a.id WHERE r.body_id = d.body_id AND r.draft_id = d.id
        UNION ALL
        SELECT 'who accepted or verified', t.person_id, t.done_on FROM akashi.draft_audit r
            JOIN akashi.finding f ON f.body_id = r.body_id AND f.audit_id = r.audit_id
            JOIN akashi.finding_step t ON t.body_id = f.body_id AND t.finding_id = f.id AND t.step IN ('plan_accepted', 'verified')
            WHERE r.body_id = d.body_id AND r.draft_id = d.id
        UNION ALL
        SELECT 'technical reviewer', v.reviewer_id, v.reviewed_on FROM akashi.review v
            WHERE v.body_id = d.body_id AND v.certification_id = d.certification_id
              AND v.audit_ids && ARRAY(SELECT r.audit_id FROM akashi.draft_audit r WHERE r.body_id = d.body_id AND r.draft_id = d.id)
        UNION ALL
        SELECT 'reviewer', v.reviewer_id, v.reviewed_on FROM akashi.application_review v
        WHERE v.body_id = c.body_id AND v.application_id = c.application_id
            AND akashi.current_state(d.body_id, d.certification_id) = 'none'
    ) w (part, person, day) WHERE akashi.barring_interest(c.body_id, w.person, c.organisation_id, w.day) IS NOT NULL LIMIT 1;
    IF barred IS NOT NULL THEN
        PERFORM akashi.refuse('interest_in_client', format('17021-1 5.2: %s, %s (invariant 4)', barred.part, replace(barred.kind, '_', ' ')));
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_interests IS
    '17021-1 5.2; invariant 4 from the other side: an interest declared after the work and before the decision.';

GRANT EXECUTE ON FUNCTION akashi.areas_judged(akashi.decision), akashi.check_competence(akashi.decision, akashi.certification),
    akashi.check_entities(akashi.decision), akashi.check_interests(akashi.decision, akashi.certification) TO akashi_service;

CREATE FUNCTION akashi.people_keep_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; s akashi.scheme;
BEGIN
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    SELECT * INTO s FROM akashi.scheme x WHERE x.code = c.scheme_code;
    IF akashi.demands(NEW.act, 'competence', s) THEN
        PERFORM akashi.check_competence(NEW, c);
    END IF;
    PERFORM akashi.check_entities(NEW);
    IF akashi.demands(NEW.act, 'interests', s) THEN
        PERFORM akashi.check_interests(NEW, c);
    END IF;
    IF akashi.demands(NEW.act, 'impartiality', s) THEN
        PERFORM akashi.demand_impartiality(NEW.body_id, c.organisation_id, c.scheme_code, NEW.decided_on);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_keep_the_rules BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.people_keep_the_rules();
CALL akashi.pin_settings();
