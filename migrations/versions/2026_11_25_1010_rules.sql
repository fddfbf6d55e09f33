-- The rules: one function each, named by its code, its clause in its comment; triggers call them under the subject's lock.

-- A period of N months ends before the same day N months later, and where that day does not exist, with its month.
CREATE FUNCTION akashi.last_valid_day(start date, months integer) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN extract(day FROM start + make_interval(months => months)) = extract(day FROM start)
                THEN (start + make_interval(months => months))::date - 1
                ELSE (start + make_interval(months => months))::date END
$$;

-- Where clocks change across midnight, a day may begin at one o'clock or have two midnights; its first instant is still one.
CREATE FUNCTION akashi.is_first_instant(at timestamptz, day date, zone text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (at AT TIME ZONE zone)::date >= day AND ((at - interval '1 microsecond') AT TIME ZONE zone)::date < day
$$;

CREATE FUNCTION akashi.sorted_texts(list jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY(SELECT x COLLATE "C" FROM jsonb_array_elements_text(list) x ORDER BY 1)
$$;

CREATE FUNCTION akashi.current_state(body uuid, certification uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT e.to_state FROM akashi.standing_event e WHERE e.body_id = body AND e.certification_id = certification
                     ORDER BY e.event_no DESC LIMIT 1), 'none')
$$;

CREATE FUNCTION akashi.latest_version(body uuid, certification uuid) RETURNS akashi.certificate_version LANGUAGE sql STABLE AS $$
    SELECT v FROM akashi.certificate_version v WHERE v.body_id = body AND v.certification_id = certification ORDER BY v.version_no DESC LIMIT 1
$$;

CREATE FUNCTION akashi.demands(act text, rule text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM akashi.requirement r WHERE r.act = demands.act AND r.rule = demands.rule)
$$;

CREATE FUNCTION akashi.check_document(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE doc jsonb;
BEGIN
    SELECT convert_from(f.document, 'UTF8')::jsonb INTO doc FROM akashi.draft f WHERE f.body_id = d.body_id AND f.id = d.id AND f.kind = 'decision';
    IF doc->>'decision' IS DISTINCT FROM d.id::text OR doc->>'body' IS DISTINCT FROM d.body_id::text
       OR doc->>'certification' IS DISTINCT FROM c.public_id OR doc->>'act' IS DISTINCT FROM d.act
       OR doc->>'decided_on' IS DISTINCT FROM d.decided_on::text OR doc->>'effective_on' IS DISTINCT FROM d.effective_on::text
       OR doc->>'time_zone' IS DISTINCT FROM d.time_zone OR doc->>'until' IS DISTINCT FROM d.until::text
       OR (doc->>'annuls')::integer IS DISTINCT FROM d.annuls_no
       OR NOT EXISTS (SELECT FROM akashi.party p WHERE p.id = d.body_id AND p.time_zone = d.time_zone) THEN
        PERFORM akashi.refuse('document_mismatch', 'a decision is recorded as its deciders confirmed it, in the body''s zone');
    END IF;
    IF akashi.sorted_texts(doc->'relied_on') IS DISTINCT FROM ARRAY(SELECT a.audit_id::text COLLATE "C" FROM akashi.draft_audit a
          WHERE a.body_id = d.body_id AND a.draft_id = d.id ORDER BY 1)
       OR akashi.sorted_texts(doc->'accreditations') IS DISTINCT FROM ARRAY(SELECT a.accreditation_id::text COLLATE "C" FROM akashi.draft_accreditation a
          WHERE a.body_id = d.body_id AND a.draft_id = d.id ORDER BY 1)
       OR akashi.sorted_texts(doc->'deciders') IS DISTINCT FROM ARRAY(
          SELECT akashi.base64url(akashi.commitment(p.salt, convert_to(p.person_id::text, 'UTF8'))) COLLATE "C"
          FROM akashi.draft_person p WHERE p.body_id = d.body_id AND p.draft_id = d.id ORDER BY 1)
       OR doc->>'reason_commitment' IS DISTINCT FROM (
          SELECT akashi.base64url(akashi.commitment(r.salt, convert_to(r.code || chr(10) || r.text, 'UTF8')))
          FROM akashi.draft_reason r WHERE r.body_id = d.body_id AND r.draft_id = d.id) THEN
        PERFORM akashi.refuse('document_mismatch', 'audits, accreditations, deciders and reason are those that the document names');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_document IS 'The columns, and the people and reason behind the commitments, equal the bytes that the deciders confirmed.';

CREATE FUNCTION akashi.check_columns(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE f jsonb; zone text := d.time_zone;
BEGIN
    SELECT x.facts INTO f FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id AND x.late_reason IS NOT DISTINCT FROM d.late_reason;
    IF NOT FOUND OR d.designation IS DISTINCT FROM f->'scheme'->'document'->>'designation'
       OR to_jsonb(d.areas) IS DISTINCT FROM coalesce(f->'scope'->'areas', '[]') OR to_jsonb(d.countries) IS DISTINCT FROM coalesce(f->'scope'->'countries', '[]')
       OR to_jsonb(d.roles) IS DISTINCT FROM coalesce(f->'scope'->'roles', '[]')
       OR to_jsonb(d.site_ids) IS DISTINCT FROM (SELECT coalesce(jsonb_agg(s.value->'id' ORDER BY s.ordinality), '[]')
                                                 FROM jsonb_array_elements(coalesce(f->'scope'->'sites', '[]')) WITH ORDINALITY s)
       OR d.soa_version IS DISTINCT FROM f->'scope'->'soa'->>'version' OR d.soa_date::text IS DISTINCT FROM f->'scope'->'soa'->>'dated_on'
       OR d.last_valid_day::text IS DISTINCT FROM f->'validity'->>'last_valid_day' THEN
        PERFORM akashi.refuse('document_mismatch', 'what the rules judge is what the certificate will say');
    END IF;
    IF f IS NOT NULL AND (f->'validity'->>'effective_on' IS DISTINCT FROM d.effective_on::text OR f->'validity'->>'time_zone' IS DISTINCT FROM zone
       OR akashi.is_first_instant((f->'validity'->>'valid_from')::timestamptz, d.effective_on, zone) IS NOT TRUE
       OR akashi.is_first_instant((f->'validity'->>'valid_until')::timestamptz, d.last_valid_day + 1, zone) IS NOT TRUE
       OR f->'decision'->>'act' IS DISTINCT FROM d.act OR f->'decision'->>'decided_on' IS DISTINCT FROM d.decided_on::text
       OR f->'body'->>'id' IS DISTINCT FROM d.body_id::text
       OR ARRAY(SELECT (a->>'id') COLLATE "C" FROM jsonb_array_elements(coalesce(f->'accreditations', '[]')) a ORDER BY 1)
          IS DISTINCT FROM ARRAY(SELECT a.accreditation_id::text COLLATE "C" FROM akashi.draft_accreditation a WHERE a.body_id = d.body_id AND a.draft_id = d.id ORDER BY 1)
       OR NOT EXISTS (SELECT FROM akashi.certification c WHERE c.body_id = d.body_id AND c.id = d.certification_id
                      AND c.organisation_id::text = f->'holder'->>'id' AND c.scheme_code = f->'scheme'->>'code')) THEN
        PERFORM akashi.refuse('document_mismatch', 'the certificate will name this holder, body, period and accreditation');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_columns IS 'The judged columns equal the decided facts; that the document carries the facts'' digest is the signer''s to compare.';

CREATE FUNCTION akashi.check_dates(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF d.decided_on > akashi.body_today(d.body_id) THEN
        PERFORM akashi.refuse('decided_in_the_future', 'no future decisions (invariant 1)');
    END IF;
    IF d.decided_on < akashi.body_today(d.body_id) - s.late_after_days AND coalesce(d.late_reason, '') = '' THEN
        PERFORM akashi.refuse('late_without_reason', 'a decision recorded late needs a reason (invariant 1)');
    END IF;
    IF d.act = 'suspend' AND d.until > (d.effective_on + make_interval(months => s.suspension_months))::date THEN
        PERFORM akashi.refuse('suspension_too_long', '17021-1 9.6.5: the scheme limits a suspension (invariant 13)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_dates IS 'Invariants 1 and 13; the clock is the database''s.';

CREATE FUNCTION akashi.check_groundwork(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.application_review r WHERE r.body_id = c.body_id AND r.application_id = c.application_id AND r.reviewed_on > d.decided_on) THEN
        PERFORM akashi.refuse('decision_before_review', '17021-1 9.1.2: the application is reviewed before anything is decided (invariant 1)');
    END IF;
    IF EXISTS (SELECT FROM akashi.agreement a WHERE a.body_id = c.body_id AND a.id = c.agreement_id AND a.signed_on > d.decided_on) THEN
        PERFORM akashi.refuse('decision_before_agreement', '17021-1 5.1.2: certification rests on an enforceable agreement (invariant 1)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_groundwork IS '17021-1 5.1.2, 9.1.2: review and agreement come before the decision; the same day is early enough.';

-- A stop that is not in force yet occupies its state: nobody can suspend today what is to be suspended some day. So a
-- stopping act is announced at most 31 days ahead; the agreement's notice and the end of a month fit in.
CREATE FUNCTION akashi.check_effect(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v akashi.certificate_version;
BEGIN
    IF d.act = 'annul' AND d.effective_on > d.decided_on THEN
        PERFORM akashi.refuse('annulment_in_the_future', 'an annulment says that something never held; it does not wait (invariant 21)');
    END IF;
    IF d.act IN ('suspend', 'withdraw', 'cancel') AND d.effective_on > d.decided_on + 31 THEN
        PERFORM akashi.refuse('effective_too_far_ahead', '17021-1 9.6.5: a suspension or an end is not put off (at most 31 days)');
    END IF;
    v := akashi.latest_version(d.body_id, d.certification_id);
    IF EXISTS (SELECT FROM akashi.transition t WHERE t.act = d.act AND t.within_validity)
       AND d.effective_on >= (v.valid_until AT TIME ZONE d.time_zone)::date THEN
        PERFORM akashi.refuse('effective_after_validity', 'after the last valid day there is nothing to change (standing)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_effect IS '17021-1 9.6.5; invariant 21: the day from which a decision counts lies where it can count.';

CREATE FUNCTION akashi.check_deciders(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE p record; wanted integer;
BEGIN
    SELECT t.deciders INTO wanted FROM akashi.decision_type t WHERE t.act = d.act;
    IF (SELECT count(*) FROM akashi.confirmation f WHERE f.body_id = d.body_id AND f.draft_id = d.id) < wanted THEN
        PERFORM akashi.refuse('not_confirmed', 'this decision needs the evidence of ' || wanted || ' decider(s) (four eyes)');
    END IF;
    FOR p IN SELECT x.person_id, n.relation FROM akashi.draft_person x JOIN akashi.person n ON n.body_id = x.body_id AND n.id = x.person_id
             WHERE x.body_id = d.body_id AND x.draft_id = d.id LOOP
        IF p.relation = 'outsourced' THEN
            PERFORM akashi.refuse('decision_outsourced', '17021-1 7.5: decisions are never outsourced (invariant 5)');
        END IF;
        IF NOT akashi.person_has_function(d.body_id, p.person_id, 'decider', c.scheme_code, d.decided_on) THEN
            PERFORM akashi.refuse('decider_not_competent', '17021-1 7.2: competence on the decision date (invariant 5)');
        END IF;
        IF EXISTS (SELECT FROM akashi.draft_audit a JOIN akashi.audit_member m ON m.body_id = a.body_id AND m.audit_id = a.audit_id
                   WHERE a.body_id = d.body_id AND a.draft_id = d.id AND m.person_id = p.person_id) THEN
            PERFORM akashi.refuse('decider_in_audit_team', '17021-1 9.5.1: deciders are not those who carried out the audit (invariant 3)');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_deciders IS '17021-1 7.2, 7.5, 9.5.1; invariants 3 and 5.';

CREATE FUNCTION akashi.check_audits(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.draft_audit r JOIN akashi.audit a ON a.body_id = r.body_id AND a.id = r.audit_id
               WHERE r.body_id = d.body_id AND r.draft_id = d.id AND a.certification_id <> d.certification_id) THEN
        PERFORM akashi.refuse('audit_of_another_certification', 'a decision relies on audits of its own certification');
    END IF;
    IF EXISTS (SELECT FROM akashi.draft_audit r JOIN akashi.audit a ON a.body_id = r.body_id AND a.id = r.audit_id
               WHERE r.body_id = d.body_id AND r.draft_id = d.id AND a.last_day > d.decided_on) THEN
        PERFORM akashi.refuse('decision_before_audit_end', 'a decision follows the end of the audits relied on (invariant 1)');
    END IF;
    IF akashi.demands(d.act, 'audits') AND EXISTS (
        SELECT FROM unnest(s.required_audits) wanted
        WHERE NOT EXISTS (SELECT FROM akashi.draft_audit r JOIN akashi.audit a ON a.body_id = r.body_id AND a.id = r.audit_id
                          JOIN akashi.audit_member m ON m.body_id = a.body_id AND m.audit_id = a.id AND m.function = 'team_leader'
                          WHERE r.body_id = d.body_id AND r.draft_id = d.id AND a.kind = wanted)) THEN
        PERFORM akashi.refuse('audit_missing', '17021-1 9.3.1: stage 1 and stage 2, each led by an auditor, come before the grant');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_audits IS '17021-1 9.3.1, 9.5; invariants 1 and 8.';

-- Every audit that had ended counts, whether or not the deciders list it: leaving one out closes no finding.
CREATE FUNCTION akashi.check_findings(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE open text;
BEGIN
    SELECT f.grade INTO open FROM akashi.audit a JOIN akashi.finding f ON f.body_id = a.body_id AND f.audit_id = a.id
    WHERE a.body_id = d.body_id AND a.certification_id = d.certification_id AND a.last_day <= d.decided_on AND f.grade <> 'opportunity'
      AND NOT EXISTS (SELECT FROM akashi.finding_step t WHERE t.body_id = f.body_id AND t.finding_id = f.id AND t.done_on <= d.decided_on
                      AND t.step = CASE f.grade WHEN 'major' THEN 'verified' ELSE 'plan_accepted' END)
    ORDER BY f.grade LIMIT 1;
    IF open IS NOT NULL THEN
        PERFORM akashi.refuse('open_' || open || '_finding', '17021-1 9.5.2: majors verified and minors'' plans accepted before the decision (invariant 8)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_findings IS '17021-1 9.5.2; invariant 8.';

CREATE FUNCTION akashi.check_facts(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.normative_document n WHERE n.scheme_code = s.code AND n.designation = d.designation
               AND n.use = 'requirements' AND d.decided_on BETWEEN coalesce(n.usable_from, '-infinity') AND coalesce(n.usable_to, 'infinity')) THEN
        PERFORM akashi.refuse('unknown_normative_document', '17021-1 8.2.2: the standard with its edition');
    END IF;
    IF ('roles' = ANY (s.required_fields) AND cardinality(d.roles) = 0)
       OR ('soa' = ANY (s.required_fields) AND (d.soa_version IS NULL OR d.soa_date IS NULL))
       OR ('sites' = ANY (s.required_fields) AND cardinality(d.site_ids) = 0)
       OR cardinality(d.areas) = 0 OR cardinality(d.countries) = 0 THEN
        PERFORM akashi.refuse('required_field_missing', 'role, SoA version and date, site, area (42006; scheme parameters, invariant 9)');
    END IF;
    IF EXISTS (SELECT FROM unnest(d.roles) r WHERE NOT EXISTS (SELECT FROM akashi.scheme_term t WHERE t.scheme_code = s.code AND t.vocabulary = 'role' AND t.code = r))
       OR EXISTS (SELECT FROM unnest(d.areas) r WHERE NOT EXISTS (SELECT FROM akashi.scheme_term t WHERE t.scheme_code = s.code AND t.vocabulary = 'technical_area' AND t.code = r)) THEN
        PERFORM akashi.refuse('unknown_scheme_term', 'roles and technical areas are those of the scheme');
    END IF;
    IF EXISTS (SELECT FROM unnest(d.site_ids) i WHERE NOT EXISTS (
        SELECT FROM akashi.site x JOIN akashi.certification c ON c.body_id = x.body_id AND c.organisation_id = x.organisation_id
        WHERE x.body_id = d.body_id AND x.id = i AND c.id = d.certification_id)) THEN
        PERFORM akashi.refuse('unknown_site', 'sites are those of the organisation');
    END IF;
    IF EXISTS (SELECT FROM akashi.site x WHERE x.body_id = d.body_id AND x.id = ANY (d.site_ids) AND NOT x.country = ANY (d.countries)) THEN
        PERFORM akashi.refuse('site_country_missing', 'the countries judged include those of every site (invariant 6)');
    END IF;
    IF d.last_valid_day IS NULL OR d.last_valid_day < d.effective_on THEN
        PERFORM akashi.refuse('validity_ends_before_it_begins', 'the end lies after the beginning (invariant 2)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_facts IS '17021-1 8.2.2, 42006 (scheme parameters); invariants 2 and 9.';

CREATE FUNCTION akashi.check_extent(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v akashi.certificate_version; o akashi.decision;
BEGIN
    IF d.act = 'grant' AND d.last_valid_day > akashi.last_valid_day(d.effective_on, s.maximum_months) THEN
        PERFORM akashi.refuse('validity_beyond_maximum', '17021-1 9.1.3: at most the cycle of the scheme (invariant 2)');
    END IF;
    IF d.act = 'amend' THEN
        v := akashi.latest_version(d.body_id, d.certification_id);
        SELECT * INTO o FROM akashi.decision x WHERE x.body_id = d.body_id AND x.id = v.decision_id;
        IF d.effective_on < o.effective_on THEN
            PERFORM akashi.refuse('amend_changes_scope', 'an amendment brings nothing into force before the version that it supersedes (invariants 2 and 10)');
        END IF;
        IF (o.designation, o.areas, o.countries, o.roles, o.site_ids, o.last_valid_day)
               IS DISTINCT FROM (d.designation, d.areas, d.countries, d.roles, d.site_ids, d.last_valid_day)
           OR (SELECT x.facts->'scope'->'statement' FROM akashi.draft x WHERE x.body_id = o.body_id AND x.id = o.id)
               IS DISTINCT FROM (SELECT x.facts->'scope'->'statement' FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id)
           OR ARRAY(SELECT a.accreditation_id FROM akashi.draft_accreditation a WHERE a.body_id = o.body_id AND a.draft_id = o.id ORDER BY 1)
               IS DISTINCT FROM ARRAY(SELECT a.accreditation_id FROM akashi.draft_accreditation a WHERE a.body_id = d.body_id AND a.draft_id = d.id ORDER BY 1) THEN
            PERFORM akashi.refuse('amend_changes_scope', 'an amendment changes facts that are not scope or validity (invariant 10)');
        END IF;
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_extent IS '17021-1 9.1.3; invariants 2 and 10.';

CREATE FUNCTION akashi.check_accreditation(d akashi.decision, c akashi.certification, s akashi.scheme, moment text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a record; gap text; f akashi.decision := d; v akashi.certificate_version;
BEGIN
    IF s.accreditation <> 'required' OR NOT akashi.demands(d.act, 'accreditation_' || moment) THEN
        RETURN;
    END IF;
    IF NOT akashi.demands(d.act, 'facts') THEN  -- An act without facts of its own stands on those of the version in force.
        v := akashi.latest_version(d.body_id, d.certification_id);
        SELECT * INTO f FROM akashi.decision x WHERE x.body_id = d.body_id AND x.id = v.decision_id;
    END IF;
    PERFORM FROM akashi.draft_accreditation x WHERE x.body_id = f.body_id AND x.draft_id = f.id;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('not_accredited', 'a certificate of this scheme rests on an accreditation (invariant 6)');
    END IF;
    FOR a IN SELECT x.accreditation_id FROM akashi.draft_accreditation x
             WHERE x.body_id = f.body_id AND x.draft_id = f.id ORDER BY x.accreditation_id LOOP
        PERFORM akashi.share_accreditation(a.accreditation_id);
        gap := CASE moment
            WHEN 'now' THEN akashi.accreditation_gap_now(a.accreditation_id, d.body_id, c.scheme_code, f.designation, f.areas, f.countries, d.act, d.time_zone)
            ELSE akashi.accreditation_gap(a.accreditation_id, d.body_id, c.scheme_code, f.designation, f.areas, f.countries, d.act, d.decided_on) END;
        IF gap IS NOT NULL THEN
            PERFORM akashi.refuse(gap || '_' || moment, 'accreditation for scheme, edition, area and country, ' || replace(moment, '_', ' ') || ' (invariant 6)');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_accreditation IS 'Invariant 6: covered at the decision and at recording, for the acts that the requirement table names.';

CREATE FUNCTION akashi.check_transition(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t akashi.transition; v akashi.certificate_version;
BEGIN
    SELECT * INTO t FROM akashi.transition x WHERE x.from_state = akashi.current_state(d.body_id, d.certification_id) AND x.act = d.act;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('no_such_transition', 'standing moves only along the transition table (invariant 12)');
    END IF;
    v := akashi.latest_version(d.body_id, d.certification_id);
    IF t.within_validity AND v.valid_until <= akashi.now() THEN
        PERFORM akashi.refuse('certificate_expired', 'after expiry only annulment, or restoration with a new version (standing)');
    END IF;
    IF (d.act = 'annul') <> (d.annuls_no IS NOT NULL) OR (d.annuls_no IS NOT NULL AND NOT EXISTS (
        SELECT FROM akashi.standing_event e WHERE e.body_id = d.body_id AND e.certification_id = d.certification_id AND e.event_no = d.annuls_no)) THEN
        PERFORM akashi.refuse('annulled_event_unknown', 'an annulment names the event that it annuls (invariant 21)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_transition IS 'Invariants 12 and 21.';

CREATE FUNCTION akashi.check_reason(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT t.needs_reason FROM akashi.decision_type t WHERE t.act = d.act) AND NOT EXISTS (
        SELECT FROM akashi.draft_reason r JOIN akashi.reason_code k ON k.act = d.act AND k.code = r.code WHERE r.body_id = d.body_id AND r.draft_id = d.id) THEN
        PERFORM akashi.refuse('reason_missing', '17021-1 9.6.5: this act states a coded reason');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_reason IS '17021-1 9.6.5.';

CREATE FUNCTION akashi.decision_keeps_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; s akashi.scheme;
BEGIN
    PERFORM akashi.demand_read_committed();
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('unknown_certification', 'a decision is about a certification of the body');
    END IF;
    SELECT * INTO s FROM akashi.scheme x WHERE x.code = c.scheme_code;
    PERFORM akashi.lock_subject(c.subject);
    PERFORM akashi.check_document(NEW, c);
    PERFORM akashi.check_columns(NEW);
    PERFORM akashi.check_dates(NEW, s);
    PERFORM akashi.check_groundwork(NEW, c);
    PERFORM akashi.check_deciders(NEW, c);
    PERFORM akashi.check_transition(NEW);
    PERFORM akashi.check_effect(NEW);
    PERFORM akashi.check_reason(NEW);
    PERFORM akashi.check_audits(NEW, s);
    IF akashi.demands(NEW.act, 'findings_closed') THEN
        PERFORM akashi.check_findings(NEW);
    END IF;
    IF akashi.demands(NEW.act, 'facts') THEN
        PERFORM akashi.check_facts(NEW, s);
        PERFORM akashi.check_extent(NEW, s);
    END IF;
    PERFORM akashi.check_accreditation(NEW, c, s, 'at_decision');
    PERFORM akashi.check_accreditation(NEW, c, s, 'now');
    RETURN NEW;
END $$;
CREATE TRIGGER decision_keeps_the_rules BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.decision_keeps_the_rules();

-- Reservation and version repeat what may have changed since the decision: accreditation now, state, slot.
CREATE FUNCTION akashi.still_lawful(body uuid, certification uuid, decision uuid, act uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; s akashi.scheme; d akashi.decision;
BEGIN
    PERFORM akashi.demand_read_committed();
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = body AND x.id = certification;
    SELECT * INTO s FROM akashi.scheme x WHERE x.code = c.scheme_code;
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = body AND x.certification_id = certification AND x.id = decision;
    IF d.id IS NULL THEN
        PERFORM akashi.refuse('unknown_decision', '17021-1 9.5: nothing is issued or changed without a decision');
    END IF;
    PERFORM akashi.lock_subject(c.subject);
    IF NOT EXISTS (SELECT FROM akashi.slot t WHERE t.body_id = body AND t.subject = c.subject AND t.act_id = act) OR NOT akashi.act_is_open(body, act) THEN
        PERFORM akashi.refuse('act_is_void', 'another act holds the certification');
    END IF;
    PERFORM akashi.check_transition(d);
    PERFORM akashi.check_deciders(d, c);
    PERFORM akashi.check_accreditation(d, c, s, 'now');
END $$;
COMMENT ON FUNCTION akashi.still_lawful IS 'The rules once more at the second commit: a suspension that landed in between wins (invariant 6).';

-- Nothing about a certification is reserved, and so nothing signed, before these rules have judged its decision.
CREATE FUNCTION akashi.reservation_follows_a_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.log_kind = 'certification' AND NOT EXISTS (
        SELECT FROM akashi.act a JOIN akashi.decision d ON d.body_id = a.body_id AND d.id = a.draft_id WHERE a.body_id = NEW.body_id AND a.id = NEW.act_id) THEN
        PERFORM akashi.refuse('unknown_decision', '17021-1 9.5: nothing is issued or changed without a decision');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_follows_a_decision BEFORE INSERT ON akashi.reservation
    FOR EACH ROW EXECUTE FUNCTION akashi.reservation_follows_a_decision();

CREATE FUNCTION akashi.check_status_entry(credential jsonb, wanted text, list integer, place integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM akashi.status_list l WHERE l.list_no = list AND l.purpose = wanted)
       OR NOT EXISTS (SELECT FROM jsonb_array_elements(credential->'credentialStatus') e
                      WHERE e->>'statusPurpose' = wanted AND e->>'statusListIndex' = place::text
                        AND e->>'statusListCredential' LIKE '%/status/' || list) THEN
        PERFORM akashi.refuse('document_mismatch', 'a credential points at the positions that were drawn for it (invariant 16)');
    END IF;
END $$;

CREATE FUNCTION akashi.check_credential(i akashi.issuance_reservation, c akashi.certification, d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE p jsonb := akashi.document_in(i.body_id, i.reservation_id, i.decision_id, 'certificate');
BEGIN
    IF (p->>'id' LIKE '%/c/' || c.public_id || '/v' || i.version_no) IS NOT TRUE OR (p->'issuer'->>'id' LIKE '%:' || i.body_id) IS NOT TRUE
       OR p->'credentialSubject'->'certificateVersion' IS DISTINCT FROM to_jsonb(i.version_no)
       OR akashi.is_first_instant((p->>'validFrom')::timestamptz, d.effective_on, d.time_zone) IS NOT TRUE
       OR akashi.is_first_instant((p->>'validUntil')::timestamptz, d.last_valid_day + 1, d.time_zone) IS NOT TRUE THEN
        PERFORM akashi.refuse('document_mismatch', 'a credential says the ID, version, issuer and period that were decided');
    END IF;
    PERFORM akashi.check_status_entry(p, 'revocation', i.revocation_list, i.revocation_position);
    PERFORM akashi.check_status_entry(p, 'suspension', i.suspension_list, i.suspension_position);
    PERFORM akashi.check_status_entry(p, 'refresh', i.refresh_list, i.refresh_position);
END $$;
COMMENT ON FUNCTION akashi.check_credential IS 'What SQL can read of the credential; the signer recomposes all of it.';

CREATE FUNCTION akashi.reservation_is_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; d akashi.decision;
BEGIN
    PERFORM akashi.still_lawful(NEW.body_id, NEW.certification_id, NEW.decision_id, NEW.act_id);
    IF NEW.version_no IS DISTINCT FROM coalesce((akashi.latest_version(NEW.body_id, NEW.certification_id)).version_no, 0) + 1 THEN
        PERFORM akashi.refuse('version_out_of_order', 'versions are gapless, one successor each (invariant 11)');
    END IF;
    IF NOT EXISTS (SELECT FROM akashi.act a JOIN akashi.reservation r ON r.body_id = a.body_id AND r.act_id = a.id
                   JOIN akashi.envelope e ON e.body_id = r.body_id AND e.id = r.id
                   WHERE a.body_id = NEW.body_id AND a.draft_id = NEW.decision_id AND r.statement = 'akashi-decision-1') THEN
        PERFORM akashi.refuse('decision_not_signed', 'a certificate rests on a decision that the body has signed');
    END IF;
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = NEW.body_id AND x.id = NEW.decision_id;
    PERFORM akashi.check_credential(NEW, c, d);
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_is_lawful BEFORE INSERT ON akashi.issuance_reservation FOR EACH ROW EXECUTE FUNCTION akashi.reservation_is_lawful();

CREATE FUNCTION akashi.version_is_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d akashi.decision; act uuid;
BEGIN
    SELECT i.act_id INTO act FROM akashi.issuance_reservation i WHERE i.body_id = NEW.body_id AND i.reservation_id = NEW.envelope_id;
    PERFORM akashi.still_lawful(NEW.body_id, NEW.certification_id, NEW.decision_id, act);
    IF NEW.version_no IS DISTINCT FROM coalesce((akashi.latest_version(NEW.body_id, NEW.certification_id)).version_no, 0) + 1 THEN
        PERFORM akashi.refuse('version_out_of_order', 'versions are gapless, one successor each, exactly one current (invariant 11)');
    END IF;
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = NEW.body_id AND x.id = NEW.decision_id;
    IF akashi.is_first_instant(NEW.valid_until, d.last_valid_day + 1, d.time_zone) IS NOT TRUE
       OR akashi.is_first_instant(NEW.effective_at, d.effective_on, d.time_zone) IS NOT TRUE THEN
        PERFORM akashi.refuse('document_mismatch', 'a version runs as its decision says, in the body''s zone (invariant 2)');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_is_lawful BEFORE INSERT ON akashi.certificate_version FOR EACH ROW EXECUTE FUNCTION akashi.version_is_lawful();

CREATE FUNCTION akashi.check_event_document(e akashi.standing_event, d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE p jsonb := akashi.document_in(e.body_id, e.envelope_id, e.decision_id, 'akashi-standing-event-1'); decided bytea;
BEGIN
    SELECT x.document INTO decided FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id;
    IF akashi.subject_of(p->>'certification') IS DISTINCT FROM (SELECT c.subject FROM akashi.certification c WHERE c.body_id = e.body_id AND c.id = e.certification_id)
       OR p->>'body' IS DISTINCT FROM e.body_id::text OR p->>'decision' IS DISTINCT FROM d.id::text
       OR p->>'decision_sha256' IS DISTINCT FROM akashi.base64url(sha256(decided))
       OR p->>'reason_commitment' IS DISTINCT FROM convert_from(decided, 'UTF8')::jsonb->>'reason_commitment'
       OR (p->>'event_no')::integer IS DISTINCT FROM e.event_no OR (p->>'previous_no')::integer IS DISTINCT FROM nullif(e.event_no - 1, 0)
       OR p->>'act' IS DISTINCT FROM e.act OR p->>'from_state' IS DISTINCT FROM e.from_state OR p->>'to_state' IS DISTINCT FROM e.to_state
       OR (p->>'effective_at')::timestamptz IS DISTINCT FROM e.effective_at OR p->>'time_zone' IS DISTINCT FROM d.time_zone
       OR p->>'until' IS DISTINCT FROM e.until::text OR e.until IS DISTINCT FROM d.until THEN
        PERFORM akashi.refuse('document_mismatch', 'an event is recorded as the body signed it, and runs as its decision says');
    END IF;
END $$;

-- An event takes effect on its decision's day, or when it was fixed if that is later; only an annulment reaches back.
CREATE FUNCTION akashi.check_event_instant(e akashi.standing_event, d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE fixed timestamptz;
BEGIN
    SELECT date_trunc('milliseconds', a.recorded_at) INTO fixed FROM akashi.reservation r
        JOIN akashi.act a ON a.body_id = r.body_id AND a.id = r.act_id WHERE r.body_id = e.body_id AND r.id = e.envelope_id;
    IF e.act <> 'annul' AND e.effective_at < fixed THEN
        PERFORM akashi.refuse('event_backdated', 'a standing event is never effective before it was fixed, except an annulment (dates)');
    END IF;
    IF NOT (akashi.is_first_instant(e.effective_at, d.effective_on, d.time_zone)
            OR (e.act <> 'annul' AND e.effective_at = fixed AND (fixed AT TIME ZONE d.time_zone)::date >= d.effective_on)) THEN
        PERFORM akashi.refuse('document_mismatch', 'an event takes effect when its decision says');
    END IF;
END $$;

CREATE FUNCTION akashi.event_is_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE t akashi.decision_type; d akashi.decision; act uuid;
BEGIN
    SELECT r.act_id INTO act FROM akashi.reservation r WHERE r.body_id = NEW.body_id AND r.id = NEW.envelope_id;
    PERFORM akashi.still_lawful(NEW.body_id, NEW.certification_id, NEW.decision_id, act);
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = NEW.body_id AND x.id = NEW.decision_id;
    SELECT * INTO t FROM akashi.decision_type x WHERE x.act = d.act;
    IF t.makes_version <> (NEW.version_no IS NOT NULL) OR (NEW.version_no IS NOT NULL AND NOT EXISTS (
        SELECT FROM akashi.certificate_version v WHERE v.body_id = NEW.body_id AND v.certification_id = NEW.certification_id
           AND v.version_no = NEW.version_no AND v.decision_id = NEW.decision_id)) THEN
        PERFORM akashi.refuse('event_without_version', 'a grant or an amendment stands with its version');
    END IF;
    PERFORM akashi.check_event_instant(NEW, d);
    PERFORM akashi.check_event_document(NEW, d);
    RETURN NEW;
END $$;
CREATE TRIGGER event_is_lawful BEFORE INSERT ON akashi.standing_event FOR EACH ROW EXECUTE FUNCTION akashi.event_is_lawful();

-- Triggers run as whoever inserts, so that row-level security holds inside the rules too; hence these grants.
GRANT EXECUTE ON FUNCTION akashi.last_valid_day(date, integer), akashi.is_first_instant(timestamptz, date, text),
    akashi.current_state(uuid, uuid), akashi.latest_version(uuid, uuid),
    akashi.demands(text, text), akashi.check_document(akashi.decision, akashi.certification), akashi.check_dates(akashi.decision, akashi.scheme),
    akashi.check_groundwork(akashi.decision, akashi.certification), akashi.check_effect(akashi.decision),
    akashi.check_deciders(akashi.decision, akashi.certification), akashi.check_audits(akashi.decision, akashi.scheme),
    akashi.check_findings(akashi.decision), akashi.check_facts(akashi.decision, akashi.scheme), akashi.check_extent(akashi.decision, akashi.scheme),
    akashi.check_accreditation(akashi.decision, akashi.certification, akashi.scheme, text), akashi.check_transition(akashi.decision),
    akashi.check_reason(akashi.decision), akashi.still_lawful(uuid, uuid, uuid, uuid),
    akashi.sorted_texts(jsonb), akashi.check_columns(akashi.decision), akashi.check_status_entry(jsonb, text, integer, integer),
    akashi.check_credential(akashi.issuance_reservation, akashi.certification, akashi.decision),
    akashi.check_event_document(akashi.standing_event, akashi.decision), akashi.check_event_instant(akashi.standing_event, akashi.decision),
    akashi.accreditation_on(uuid, date), akashi.accreditation_gap(uuid, uuid, text, text, text[], text[], text, date),
    akashi.accreditation_gap_now(uuid, uuid, text, text, text[], text[], text, text)
    TO akashi_service;
-- The keeper asks the rules once more before it signs.
GRANT EXECUTE ON FUNCTION akashi.still_lawful(uuid, uuid, uuid, uuid), akashi.check_transition(akashi.decision),
    akashi.check_deciders(akashi.decision, akashi.certification), akashi.current_state(uuid, uuid), akashi.latest_version(uuid, uuid),
    akashi.check_accreditation(akashi.decision, akashi.certification, akashi.scheme, text), akashi.demands(text, text),
    akashi.accreditation_on(uuid, date), akashi.accreditation_gap(uuid, uuid, text, text, text[], text[], text, date),
    akashi.accreditation_gap_now(uuid, uuid, text, text, text[], text[], text, text)
    TO akashi_keeper;
CALL akashi.pin_settings();
