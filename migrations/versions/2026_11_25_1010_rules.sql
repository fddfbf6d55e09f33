-- The rules: one function each, named by its code, its clause in its comment; triggers call them under the subject's lock.

CREATE FUNCTION akashi.last_valid_day(start date, months integer) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN extract(day FROM start + make_interval(months => months)) = extract(day FROM start)
                THEN (start + make_interval(months => months))::date - 1
                ELSE (start + make_interval(months => months))::date END
$$;
COMMENT ON FUNCTION akashi.last_valid_day IS '17021-1 9.1.3; invariant 2: a period of months ends before the same day, or with the month that lacks it.';

-- Where clocks change across midnight, a day may begin at one o'clock or have two midnights; its first instant is still one.
CREATE FUNCTION akashi.is_first_instant(at timestamptz, day date, zone text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (at AT TIME ZONE zone)::date >= day AND ((at - interval '1 microsecond') AT TIME ZONE zone)::date < day
$$;
COMMENT ON FUNCTION akashi.is_first_instant IS '17021-1 9.6.3: days begin and end in the zone of the body, also where clocks change at midnight.';

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

-- The same for the acts of one scheme, which may waive a rule: a declaration rests on no audit.
CREATE FUNCTION akashi.demands(act text, rule text, s akashi.scheme) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT demands.rule = ANY (s.waived_rules) AND akashi.demands(demands.act, demands.rule)
$$;

CREATE FUNCTION akashi.check_document(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE doc jsonb;
BEGIN
    SELECT convert_from(f.document, 'UTF8')::jsonb INTO doc FROM akashi.draft f WHERE f.body_id = d.body_id AND f.id = d.id AND f.kind = 'decision';
    IF doc->>'decision' IS DISTINCT FROM d.id::text OR doc->>'body' IS DISTINCT FROM d.body_id::text
       OR doc->>'certification' IS DISTINCT FROM c.public_id OR doc->>'act' IS DISTINCT FROM d.act
       OR doc->>'decided_on' IS DISTINCT FROM d.decided_on::text OR doc->>'effective_on' IS DISTINCT FROM d.effective_on::text
       OR doc->>'time_zone' IS DISTINCT FROM d.time_zone OR doc->>'until' IS DISTINCT FROM d.until::text
       OR (doc->>'annuls')::integer IS DISTINCT FROM d.annuls_no OR (doc->>'ratifies')::integer IS DISTINCT FROM d.ratifies_no
       OR (doc->>'effective_at')::timestamptz IS DISTINCT FROM d.effective_at
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
       OR to_jsonb(d.roles) IS DISTINCT FROM coalesce(f->'scope'->'roles', '[]') OR to_jsonb(d.criteria) IS DISTINCT FROM coalesce(f->'scope'->'criteria', '[]')
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

-- The first day of the suspension that a decision begins or prolongs.
CREATE FUNCTION akashi.suspended_since(d akashi.decision) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT (e.effective_at AT TIME ZONE d.time_zone)::date FROM akashi.standing_event e
                     WHERE e.body_id = d.body_id AND e.certification_id = d.certification_id AND e.to_state = 'suspended' AND e.from_state <> 'suspended'
                       AND akashi.current_state(d.body_id, d.certification_id) = 'suspended' ORDER BY e.event_no DESC LIMIT 1), d.effective_on)
$$;
COMMENT ON FUNCTION akashi.suspended_since IS '17021-1 9.6.5; invariant 13: the limit counts from the first day of all prolongations.';

CREATE FUNCTION akashi.check_dates(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF d.decided_on > akashi.body_today(d.body_id) THEN
        PERFORM akashi.refuse('decided_in_the_future', 'no future decisions (invariant 1)');
    END IF;
    IF d.decided_on < akashi.body_today(d.body_id) - s.late_after_days AND coalesce(d.late_reason, '') = '' THEN
        PERFORM akashi.refuse('late_without_reason', 'a decision recorded late needs a reason (invariant 1)');
    END IF;
    IF (SELECT t.needs_until FROM akashi.decision_type t WHERE t.act = d.act) <> (d.until IS NOT NULL) THEN
        PERFORM akashi.refuse('suspension_without_end', '17021-1 9.6.5: a suspension, and nothing else, has a time limit (invariant 13)');
    END IF;
    IF d.until > (akashi.suspended_since(d) + make_interval(months => s.suspension_months))::date
       AND (SELECT count(*) FROM akashi.draft_person p WHERE p.body_id = d.body_id AND p.draft_id = d.id) < 2 THEN
        PERFORM akashi.refuse('suspension_too_long', '17021-1 9.6.5: beyond the scheme''s limit a second person approves (invariant 13)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_dates IS '17021-1 9.5, 9.6.5; invariants 1 and 13; the clock is the database''s.';

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
    IF d.effective_on > d.decided_on + 31 AND (SELECT t.ends FROM akashi.decision_type t WHERE t.act = d.act) THEN
        PERFORM akashi.refuse('effective_too_far_ahead', '17021-1 9.6.5: a suspension or an end is not put off (at most 31 days)');
    END IF;
    v := akashi.latest_version(d.body_id, d.certification_id);
    IF EXISTS (SELECT FROM akashi.transition t JOIN akashi.decision_type k USING (act)
               WHERE t.act = d.act AND t.validity = 'within' AND k.period IS DISTINCT FROM 'renewed')
       AND d.effective_on >= (v.valid_until AT TIME ZONE d.time_zone)::date THEN
        PERFORM akashi.refuse('effective_after_validity', 'after the last valid day there is nothing to change (standing)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_effect IS '17021-1 9.6.5; invariant 21: the day from which a decision counts lies where it can count.';

-- The audits whose teams do not decide: those relied on and, for the end of a suspension, those made since it began, listed or not.
CREATE FUNCTION akashi.audits_judged(d akashi.decision) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT a.audit_id FROM akashi.draft_audit a WHERE a.body_id = d.body_id AND a.draft_id = d.id
    UNION
    SELECT a.id FROM akashi.audit_certification l JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id
    WHERE l.body_id = d.body_id AND l.certification_id = d.certification_id AND akashi.demands(d.act, 'follow_up')
      AND a.last_day BETWEEN akashi.suspended_since(d) AND d.decided_on
$$;
COMMENT ON FUNCTION akashi.audits_judged IS '17021-1 9.5.1, 9.6.5; invariant 3.';

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
        IF NOT (akashi.person_has_function(d.body_id, p.person_id, 'decider', c.scheme_code, d.decided_on)
                OR d.act = 'suspend_urgently' AND akashi.person_has_function(d.body_id, p.person_id, 'duty_officer', c.scheme_code, d.decided_on)
                OR akashi.demands(d.act, 'appeal_upheld') AND akashi.person_has_function(d.body_id, p.person_id, 'appeal_handler', c.scheme_code, d.decided_on)) THEN
            PERFORM akashi.refuse('decider_not_competent', '17021-1 7.2: competence on the decision date (invariant 5)');
        END IF;
        IF akashi.demands(d.act, 'independence') AND EXISTS (
                   SELECT FROM akashi.audits_judged(d) a JOIN akashi.audit_member m ON m.body_id = d.body_id AND m.audit_id = a
                   WHERE m.person_id = p.person_id) THEN
            PERFORM akashi.refuse('decider_in_audit_team', '17021-1 9.5.1: deciders are not those who carried out the audit (invariant 3)');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_deciders IS '17021-1 7.2, 7.5, 9.5.1; invariants 3 and 5.';

CREATE FUNCTION akashi.check_audits(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
DECLARE counted uuid[] := akashi.audits_that_count(d, akashi.audits_relied_on(d));
BEGIN
    IF EXISTS (SELECT FROM akashi.draft_audit r WHERE r.body_id = d.body_id AND r.draft_id = d.id
               AND NOT EXISTS (SELECT FROM akashi.audit_certification l
                               WHERE l.body_id = r.body_id AND l.audit_id = r.audit_id AND l.certification_id = d.certification_id)) THEN
        PERFORM akashi.refuse('audit_of_another_certification', 'a decision relies on audits of its own certification');
    END IF;
    IF EXISTS (SELECT FROM akashi.draft_audit r JOIN akashi.audit a ON a.body_id = r.body_id AND a.id = r.audit_id
               WHERE r.body_id = d.body_id AND r.draft_id = d.id AND a.last_day > d.decided_on) THEN
        PERFORM akashi.refuse('decision_before_audit_end', 'a decision follows the end of the audits relied on (invariant 1)');
    END IF;
    IF akashi.demands(d.act, 'audits', s) AND EXISTS (
        SELECT FROM akashi.required_audit w WHERE w.scheme_code = s.code AND w.act = d.act
        AND NOT EXISTS (SELECT FROM akashi.audit a
                        JOIN akashi.audit_member m ON m.body_id = a.body_id AND m.audit_id = a.id AND m.function = 'team_leader'
                        WHERE a.body_id = d.body_id AND a.id = ANY (counted) AND akashi.serves_as(a, w.kinds))) THEN
        PERFORM akashi.refuse('audit_missing', '17021-1 9.3 to 9.6: the audits that the scheme demands, each led by an auditor, come before this act');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_audits IS '17021-1 9.3.1, 9.5; invariants 1 and 8.';

-- Every audit that had ended counts, whether or not the deciders list it: leaving one out closes no finding.
CREATE FUNCTION akashi.check_findings(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE open text;
BEGIN
    SELECT f.grade INTO open FROM akashi.audit_certification l JOIN akashi.audit a ON a.body_id = l.body_id AND a.id = l.audit_id
    JOIN akashi.finding f ON f.body_id = a.body_id AND f.audit_id = a.id
    WHERE l.body_id = d.body_id AND l.certification_id = d.certification_id AND a.last_day <= d.decided_on AND f.grade <> 'opportunity'
      AND NOT EXISTS (SELECT FROM akashi.finding_step t WHERE t.body_id = f.body_id AND t.finding_id = f.id AND t.done_on <= d.decided_on
                      AND t.step = CASE f.grade WHEN 'major' THEN 'verified' ELSE 'plan_accepted' END)
    ORDER BY f.grade LIMIT 1;
    IF open IS NOT NULL THEN
        PERFORM akashi.refuse('open_' || open || '_finding', '17021-1 9.5.2: majors verified and minors'' plans accepted before the decision (invariant 8)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_findings IS '17021-1 9.5.2; invariant 8.';

-- An edition is left by new cycles and wider scopes; what stands under it is amended, reduced and corrected to its end. Once its
-- transition period is over, nothing more speaks for the holder: an act without facts of its own carries on the version in force.
CREATE FUNCTION akashi.check_edition(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
DECLARE f akashi.decision := d; n akashi.normative_document; k akashi.decision_type; t akashi.edition_transition;
BEGIN
    IF NOT akashi.demands(d.act, 'facts') THEN
        f := akashi.decision_in_force(d.body_id, d.certification_id);
    END IF;
    IF f.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO k FROM akashi.decision_type x WHERE x.act = d.act;
    SELECT * INTO t FROM akashi.edition_transition x WHERE x.scheme_code = s.code AND x.designation = f.designation AND x.stated_on <= d.decided_on
    ORDER BY x.stated_on DESC LIMIT 1;
    SELECT * INTO n FROM akashi.normative_document x WHERE x.scheme_code = s.code AND x.designation = f.designation AND x.use = 'requirements';
    IF NOT FOUND OR ((k.period IN ('initial', 'renewed', 'restored') OR k.extent IN ('grown', 'edition'))
                     AND NOT d.decided_on BETWEEN coalesce(n.usable_from, '-infinity') AND coalesce(t.usable_to, 'infinity')) THEN
        PERFORM akashi.refuse('unknown_normative_document', '17021-1 8.2.2: the standard with its edition, usable on the day of the decision');
    END IF;
    IF (k.period IN ('initial', 'renewed', 'restored') AND d.last_valid_day > t.certificates_to)
       OR (akashi.demands(d.act, 'edition_in_force') AND d.decided_on > t.certificates_to) THEN
        PERFORM akashi.refuse('edition_ends', '17021-1 8.2.2: no certificate to an edition outlives its transition period');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_edition IS '17021-1 8.2.2; the transition period of an edition is scheme data, dated like the decisions that it binds.';

-- Whether the version of a decision is history as it was stated elsewhere: what is not stated there stays so.
CREATE FUNCTION akashi.is_history(d akashi.decision) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT x.facts->>'provenance' = 'imported' FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id), false)
$$;

-- Of the fields that a scheme may require, those in which a decision says nothing.
CREATE FUNCTION akashi.fields_not_stated(d akashi.decision) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN cardinality(d.roles) = 0 THEN 'roles' END, CASE WHEN cardinality(d.areas) = 0 THEN 'areas' END,
        CASE WHEN cardinality(d.countries) = 0 THEN 'countries' END, CASE WHEN cardinality(d.site_ids) = 0 THEN 'sites' END,
        CASE WHEN d.soa_version IS NULL OR d.soa_date IS NULL THEN 'soa' END, CASE WHEN cardinality(d.criteria) = 0 THEN 'criteria' END], NULL)
$$;
COMMENT ON FUNCTION akashi.fields_not_stated IS '42006 (scheme parameters); invariant 9: of the fields that a scheme may require, those left out.';

CREATE FUNCTION akashi.check_facts(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF akashi.demands(d.act, 'required_fields', s) AND NOT akashi.is_history(d) AND s.required_fields && akashi.fields_not_stated(d) THEN
        PERFORM akashi.refuse('required_field_missing', 'role, SoA version and date, site, area, criteria (42006; scheme parameters, invariant 9)');
    END IF;
    IF EXISTS (SELECT FROM (SELECT 'role', unnest(d.roles) UNION ALL SELECT 'technical_area', unnest(d.areas) UNION ALL SELECT 'criterion', unnest(d.criteria)) said (vocabulary, code)
               WHERE NOT EXISTS (SELECT FROM akashi.scheme_term t WHERE t.scheme_code = s.code AND t.vocabulary = said.vocabulary AND t.code = said.code)) THEN
        PERFORM akashi.refuse('unknown_scheme_term', 'roles, technical areas and criteria are those of the scheme');
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

-- The decision behind the version in force or to come: what a further version is compared with.
CREATE FUNCTION akashi.decision_in_force(body uuid, certification uuid) RETURNS akashi.decision LANGUAGE sql STABLE AS $$
    SELECT d FROM akashi.certificate_version v JOIN akashi.decision d ON d.body_id = v.body_id AND d.id = v.decision_id
    WHERE v.body_id = body AND v.certification_id = certification ORDER BY v.version_no DESC LIMIT 1
$$;

CREATE FUNCTION akashi.check_period(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
DECLARE o akashi.decision := akashi.decision_in_force(d.body_id, d.certification_id); kind text;
BEGIN
    SELECT t.period INTO kind FROM akashi.decision_type t WHERE t.act = d.act;
    IF kind IN ('initial', 'taken_over') AND d.last_valid_day > akashi.last_valid_day(d.effective_on, s.maximum_months) THEN
        PERFORM akashi.refuse('validity_beyond_maximum', '17021-1 9.1.3: at most the cycle of the scheme (invariant 2)');
    END IF;
    IF d.effective_on < o.effective_on THEN
        PERFORM akashi.refuse('version_before_its_predecessor', 'nothing comes into force before the version that it supersedes (invariants 2 and 11)');
    END IF;
    IF kind = 'kept' AND d.last_valid_day IS DISTINCT FROM o.last_valid_day THEN
        PERFORM akashi.refuse('period_not_kept', '17021-1 9.6.3: only a renewal or a restoration moves the end (invariant 2)');
    END IF;
    IF kind = 'renewed' THEN
        PERFORM akashi.check_renewal(d, o, s);
    ELSIF kind = 'restored' THEN
        PERFORM akashi.check_restoration(d, o, s);
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_period IS '17021-1 9.1.3, 9.6.3; invariant 2.';

CREATE FUNCTION akashi.check_renewal(d akashi.decision, o akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF d.decided_on > o.last_valid_day OR d.effective_on > o.last_valid_day + 1 THEN
        PERFORM akashi.refuse('renewal_after_expiry', '17021-1 9.6.3: recertified before expiry, else not extended (invariant 2)');
    END IF;
    IF d.decided_on < (o.last_valid_day - make_interval(months => s.renewal_months))::date THEN
        PERFORM akashi.refuse('renewal_too_early', 'how early one may renew is a parameter of the scheme');
    END IF;
    IF d.last_valid_day <= o.last_valid_day
       OR d.last_valid_day > akashi.last_valid_day(greatest(d.effective_on, o.last_valid_day + 1), s.maximum_months) THEN
        PERFORM akashi.refuse('validity_beyond_maximum', '17021-1 9.6.3: a new cycle from the end of the old, at most the scheme''s (invariant 2)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_renewal IS '17021-1 9.6.3; invariant 2: a timely renewal loses nothing.';

CREATE FUNCTION akashi.check_restoration(d akashi.decision, o akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF d.decided_on <= o.last_valid_day THEN
        PERFORM akashi.refuse('not_expired', '17021-1 9.6.3.2: what has not expired is renewed');
    END IF;
    IF d.decided_on > (o.last_valid_day + make_interval(months => s.restoration_months))::date THEN
        PERFORM akashi.refuse('restoration_too_late', '17021-1 9.6.3.2: within six months after expiry, else an initial certification (invariant 2)');
    END IF;
    IF d.last_valid_day > akashi.last_valid_day(o.last_valid_day + 1, s.maximum_months) THEN
        PERFORM akashi.refuse('validity_beyond_maximum', '17021-1 9.6.3.2: the end rests on the prior cycle (invariant 2)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_restoration IS '17021-1 9.6.3.2; invariant 2: the gap stays.';

-- The wording of a scope: the whole's and each site's; without translations where only the prevailing text is compared.
CREATE FUNCTION akashi.wording(body uuid, decision uuid, translated boolean) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        CASE WHEN translated THEN f.facts->'scope'->'statement' ELSE (f.facts->'scope'->'statement') - 'translations' END,
        (SELECT jsonb_object_agg(x->>'id', CASE WHEN translated THEN x->'statement' ELSE (x->'statement') - 'translations' END)
         FROM jsonb_array_elements(coalesce(f.facts->'scope'->'sites', '[]')) x))
    FROM akashi.draft f WHERE f.body_id = body AND f.id = decision
$$;
COMMENT ON FUNCTION akashi.wording IS 'Invariant 10: the text of the scope and of each site, compared word for word.';

-- Every text of the earlier version is a text of the later one: only translations were added.
CREATE FUNCTION akashi.keeps_texts(body uuid, earlier uuid, later uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT akashi.wording(body, earlier, false) IS NOT DISTINCT FROM akashi.wording(body, later, false)
       AND coalesce(o.facts->'scope'->'statement'->'translations', '[]') <@ coalesce(n.facts->'scope'->'statement'->'translations', '[]')
    FROM akashi.draft o, akashi.draft n WHERE o.body_id = body AND o.id = earlier AND n.body_id = body AND n.id = later
$$;
COMMENT ON FUNCTION akashi.keeps_texts IS 'Invariant 10: a translation adds texts and changes none.';

CREATE FUNCTION akashi.accreditations_named(body uuid, draft uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT a.accreditation_id FROM akashi.draft_accreditation a WHERE a.body_id = body AND a.draft_id = draft ORDER BY 1)
$$;

CREATE FUNCTION akashi.check_scope(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE o akashi.decision := akashi.decision_in_force(d.body_id, d.certification_id); kind text; inside boolean; around boolean; alike boolean; fits boolean;
BEGIN
    SELECT t.extent INTO kind FROM akashi.decision_type t WHERE t.act = d.act;
    IF kind IN ('first', 'any') THEN
        RETURN;
    END IF;
    inside := d.areas <@ o.areas AND d.countries <@ o.countries AND d.roles <@ o.roles AND d.criteria <@ o.criteria AND d.site_ids <@ o.site_ids;
    around := d.areas @> o.areas AND d.countries @> o.countries AND d.roles @> o.roles AND d.criteria @> o.criteria AND d.site_ids @> o.site_ids;
    alike := akashi.wording(d.body_id, d.id, true) IS NOT DISTINCT FROM akashi.wording(d.body_id, o.id, true);
    fits := (kind = 'inside' OR (kind = 'edition') <> (d.designation = o.designation)) AND CASE kind
        WHEN 'grown' THEN around AND NOT (inside AND alike)
        WHEN 'shrunk' THEN inside AND NOT (around AND alike)
        WHEN 'edition' THEN inside WHEN 'inside' THEN inside
        WHEN 'wording' THEN inside AND around AND NOT (alike AND (d.soa_version, d.soa_date) IS NOT DISTINCT FROM (o.soa_version, o.soa_date))
        WHEN 'texts' THEN inside AND around AND NOT alike AND akashi.keeps_texts(d.body_id, o.id, d.id)
        ELSE inside AND around AND alike END;
    IF fits AND (kind IN ('grown', 'edition', 'inside') OR akashi.accreditations_named(d.body_id, d.id) = akashi.accreditations_named(o.body_id, o.id)) THEN
        RETURN;
    END IF;
    PERFORM akashi.refuse(CASE kind WHEN 'grown' THEN 'extension_does_not_extend' WHEN 'shrunk' THEN 'reduction_does_not_reduce' WHEN 'edition' THEN 'edition_not_changed' WHEN 'inside' THEN 'restoration_widens_scope'
        WHEN 'wording' THEN 'correction_changes_scope' WHEN 'texts' THEN 'translation_changes_texts' ELSE 'amend_changes_scope' END,
        'codes and sites grow by grant, extend and renew alone; a reduction only takes away; the rest leaves them as they are (invariant 10)');
END $$;
COMMENT ON FUNCTION akashi.check_scope IS '17021-1 8.2.2, 9.6.4; invariant 10.';

CREATE FUNCTION akashi.check_accreditation(d akashi.decision, c akashi.certification, s akashi.scheme, moment text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a record; gap text; f akashi.decision := d;
BEGIN
    IF s.assurance <> 'accredited_third_party' OR NOT akashi.demands(d.act, 'accreditation_' || moment) THEN
        RETURN;
    END IF;
    IF NOT akashi.demands(d.act, 'facts') THEN  -- An act without facts of its own stands on those of the version in force.
        f := akashi.decision_in_force(d.body_id, d.certification_id);
    END IF;
    PERFORM FROM akashi.draft_accreditation x WHERE x.body_id = f.body_id AND x.draft_id = f.id;
    IF NOT FOUND AND akashi.accepted_unaccredited(d.body_id, c.subject) THEN
        RETURN;
    ELSIF NOT FOUND THEN
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
COMMENT ON FUNCTION akashi.check_accreditation IS '17011 7.6, 7.11; invariant 6: covered at the decision and at recording, for the acts that the requirement table names.';

CREATE FUNCTION akashi.check_transition(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE kind akashi.decision_type; validity text; v akashi.certificate_version;
BEGIN
    SELECT * INTO kind FROM akashi.decision_type x WHERE x.act = d.act;
    IF NOT kind.makes_event THEN
        RETURN;
    END IF;
    SELECT x.validity INTO validity FROM akashi.transition x WHERE x.from_state = akashi.current_state(d.body_id, d.certification_id) AND x.act = d.act LIMIT 1;
    IF NOT FOUND THEN
        PERFORM akashi.refuse('no_such_transition', 'standing moves only along the transition table (invariant 12)');
    END IF;
    -- At the second commit the decision's own version stands there already: what it restores is the one before.
    SELECT * INTO v FROM akashi.certificate_version x WHERE x.body_id = d.body_id AND x.certification_id = d.certification_id
        AND x.decision_id <> d.id ORDER BY x.version_no DESC LIMIT 1;
    IF validity = 'within' AND v.valid_until <= akashi.now() THEN
        PERFORM akashi.refuse('certificate_expired', 'after expiry only annulment, or restoration with a new version (standing)');
    ELSIF validity = 'after' AND v.valid_until > akashi.now() THEN
        PERFORM akashi.refuse('not_expired', '17021-1 9.6.3.2: what has not expired is renewed');
    END IF;
    PERFORM akashi.check_reference(d, kind);
END $$;
COMMENT ON FUNCTION akashi.check_transition IS '17021-1 9.6.3, 9.6.5; invariant 12.';

CREATE FUNCTION akashi.check_reference(d akashi.decision, kind akashi.decision_type) RETURNS void LANGUAGE plpgsql AS $$
DECLARE e akashi.standing_event; last akashi.standing_event;
BEGIN
    IF (kind.refers_to IS NOT DISTINCT FROM 'annuls') <> (d.annuls_no IS NOT NULL) OR (kind.refers_to IS NOT DISTINCT FROM 'ratifies') <> (d.ratifies_no IS NOT NULL) THEN
        PERFORM akashi.refuse('annulled_event_unknown', 'an annulment names the event that it annuls, a ratification the one that it ratifies, and nothing else does (invariant 21)');
    END IF;
    IF kind.refers_to IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO e FROM akashi.standing_event x
        WHERE x.body_id = d.body_id AND x.certification_id = d.certification_id AND x.event_no = coalesce(d.annuls_no, d.ratifies_no);
    IF NOT FOUND THEN
        PERFORM akashi.refuse('annulled_event_unknown', 'the event that a decision names is one of its certification (invariant 21)');
    END IF;
    SELECT * INTO last FROM akashi.standing_event x WHERE x.body_id = d.body_id AND x.certification_id = d.certification_id
        AND x.from_state <> x.to_state ORDER BY x.event_no DESC LIMIT 1;
    IF (d.act IN ('overturn_suspension', 'overturn_withdrawal') AND e.event_no <> last.event_no) OR (d.act = 'ratify' AND e.act <> 'suspend_urgently') THEN
        PERFORM akashi.refuse('event_not_in_force', '17021-1 9.7: an appeal overturns the suspension or withdrawal that holds; only an urgent suspension is ratified');
    END IF;
    IF d.act = 'ratify' THEN
        PERFORM akashi.check_ratification(d, e);
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_reference IS '17021-1 9.6.5, 9.7; invariant 21.';

-- Monday to Friday; holidays are the body's own calendar, which nobody has stated here.
CREATE FUNCTION akashi.working_days_after(day date, days integer) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT x::date FROM generate_series(day + 1, day + days * 2 + 7, interval '1 day') x WHERE extract(isodow FROM x) < 6 OFFSET days - 1 LIMIT 1
$$;
COMMENT ON FUNCTION akashi.working_days_after IS '17021-1 9.6.5: Monday to Friday; holidays are nobodys statement here.';

CREATE FUNCTION akashi.check_ratification(d akashi.decision, e akashi.standing_event) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF d.decided_on > akashi.working_days_after((e.effective_at AT TIME ZONE d.time_zone)::date, 5) THEN
        PERFORM akashi.refuse('ratification_too_late', '17021-1 9.6.5: an urgent suspension is ratified within five working days');
    END IF;
    IF EXISTS (SELECT FROM akashi.decision x WHERE x.body_id = d.body_id AND x.certification_id = d.certification_id AND x.ratifies_no = e.event_no AND x.id <> d.id) THEN
        PERFORM akashi.refuse('already_ratified', 'an urgent suspension is ratified once');
    END IF;
    IF EXISTS (SELECT FROM akashi.draft_person p JOIN akashi.draft_person q ON q.body_id = p.body_id AND q.person_id = p.person_id
               WHERE p.body_id = d.body_id AND p.draft_id = d.id AND q.draft_id = e.decision_id) THEN
        PERFORM akashi.refuse('ratified_by_the_same', 'an urgent suspension is ratified by another person (four eyes)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_ratification IS '17021-1 9.6.5: one person in an emergency, another within five working days.';

CREATE FUNCTION akashi.check_reason(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT t.needs_reason FROM akashi.decision_type t WHERE t.act = d.act) AND NOT EXISTS (
        SELECT FROM akashi.draft_reason r JOIN akashi.reason_code k ON k.act = d.act AND k.code = r.code WHERE r.body_id = d.body_id AND r.draft_id = d.id) THEN
        PERFORM akashi.refuse('reason_missing', '17021-1 9.6.5: this act states a coded reason');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_reason IS '17021-1 9.5, 9.6.5: what stops, reduces, ends or refuses states a coded reason.';

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
    IF akashi.demands(NEW.act, 'findings_closed', s) THEN
        PERFORM akashi.check_findings(NEW);
    END IF;
    IF akashi.demands(NEW.act, 'facts') OR akashi.demands(NEW.act, 'edition_in_force') THEN
        PERFORM akashi.check_edition(NEW, s);
    END IF;
    IF akashi.demands(NEW.act, 'facts') THEN
        PERFORM akashi.check_facts(NEW, s);
        PERFORM akashi.check_period(NEW, s);
        PERFORM akashi.check_scope(NEW);
    END IF;
    PERFORM akashi.check_accreditation(NEW, c, s, 'at_decision');
    PERFORM akashi.check_accreditation(NEW, c, s, 'now');
    RETURN NEW;
END $$;
CREATE TRIGGER decision_keeps_the_rules BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.decision_keeps_the_rules();

-- Triggers run as whoever inserts, so that row-level security holds inside the rules too; hence these grants.
GRANT EXECUTE ON FUNCTION akashi.last_valid_day(date, integer), akashi.is_first_instant(timestamptz, date, text),
    akashi.current_state(uuid, uuid), akashi.latest_version(uuid, uuid), akashi.decision_in_force(uuid, uuid), akashi.suspended_since(akashi.decision), akashi.audits_judged(akashi.decision),
    akashi.demands(text, text), akashi.demands(text, text, akashi.scheme), akashi.fields_not_stated(akashi.decision), akashi.is_history(akashi.decision), akashi.sorted_texts(jsonb), akashi.check_document(akashi.decision, akashi.certification),
    akashi.check_columns(akashi.decision), akashi.check_dates(akashi.decision, akashi.scheme),
    akashi.check_groundwork(akashi.decision, akashi.certification), akashi.check_effect(akashi.decision),
    akashi.check_deciders(akashi.decision, akashi.certification), akashi.check_audits(akashi.decision, akashi.scheme),
    akashi.check_findings(akashi.decision), akashi.check_edition(akashi.decision, akashi.scheme), akashi.check_facts(akashi.decision, akashi.scheme),
    akashi.check_period(akashi.decision, akashi.scheme), akashi.check_renewal(akashi.decision, akashi.decision, akashi.scheme),
    akashi.check_restoration(akashi.decision, akashi.decision, akashi.scheme), akashi.check_scope(akashi.decision),
    akashi.wording(uuid, uuid, boolean), akashi.keeps_texts(uuid, uuid, uuid), akashi.accreditations_named(uuid, uuid),
    akashi.check_accreditation(akashi.decision, akashi.certification, akashi.scheme, text), akashi.check_transition(akashi.decision),
    akashi.check_reference(akashi.decision, akashi.decision_type), akashi.check_ratification(akashi.decision, akashi.standing_event),
    akashi.working_days_after(date, integer), akashi.check_reason(akashi.decision),
    akashi.accreditation_on(uuid, date), akashi.accreditation_gap(uuid, uuid, text, text, text[], text[], text, date),
    akashi.accreditation_gap_now(uuid, uuid, text, text, text[], text[], text, text)
    TO akashi_service;
-- The keeper asks the rules once more before it signs.
GRANT EXECUTE ON FUNCTION akashi.check_transition(akashi.decision), akashi.check_reference(akashi.decision, akashi.decision_type),
    akashi.check_ratification(akashi.decision, akashi.standing_event), akashi.working_days_after(date, integer),
    akashi.check_deciders(akashi.decision, akashi.certification), akashi.current_state(uuid, uuid), akashi.latest_version(uuid, uuid),
    akashi.suspended_since(akashi.decision), akashi.audits_judged(akashi.decision), akashi.decision_in_force(uuid, uuid),
    akashi.check_accreditation(akashi.decision, akashi.certification, akashi.scheme, text), akashi.demands(text, text),
    akashi.accreditation_on(uuid, date), akashi.accreditation_gap(uuid, uuid, text, text, text[], text[], text, date),
    akashi.accreditation_gap_now(uuid, uuid, text, text, text[], text[], text, text)
    TO akashi_keeper;
CALL akashi.pin_settings();
