-- Schemes without accreditation: whose key may sign in them, who may certify or declare there, and two such schemes as data.

-- --- The registry's word: identity, and nothing else ---

-- Judged before anything is signed, in the first commit: the registry names a body of its records, its officer confirms.
CREATE FUNCTION akashi.identity_act_is_lawful() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb; r akashi.party;
BEGIN
    IF NEW.name <> 'identify' THEN
        RETURN NEW;
    END IF;
    PERFORM akashi.lock_subject(NEW.subject);
    SELECT convert_from(x.document, 'UTF8')::jsonb INTO d FROM akashi.draft x WHERE x.body_id = NEW.body_id AND x.id = NEW.draft_id;
    SELECT * INTO r FROM akashi.party p WHERE p.id = NEW.body_id;
    IF r.kind IS DISTINCT FROM 'registry' OR d->>'registry' IS DISTINCT FROM NEW.body_id::text THEN
        PERFORM akashi.refuse('registry_only', 'only the registry binds a key by identity alone (records, signing)');
    END IF;
    IF EXISTS (SELECT FROM akashi.draft_person p JOIN akashi.person n ON n.body_id = p.body_id AND n.id = p.person_id
               WHERE p.body_id = NEW.body_id AND p.draft_id = NEW.draft_id AND (n.relation = 'outsourced'
                  OR d->>'confirmed_by_commitment' IS DISTINCT FROM akashi.base64url(akashi.commitment(p.salt, convert_to(p.person_id::text, 'UTF8')))
                  OR NOT akashi.person_has_function(p.body_id, p.person_id, 'identity_officer', d->>'scheme', (akashi.now() AT TIME ZONE r.time_zone)::date))) THEN
        PERFORM akashi.refuse('decider_not_competent', 'the registry''s statement of identity is confirmed by an officer with that function');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_identity_act_is_lawful BEFORE INSERT ON akashi.act FOR EACH ROW EXECUTE FUNCTION akashi.identity_act_is_lawful();

CREATE FUNCTION akashi.identity_binding_matches_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE d jsonb;
BEGIN
    PERFORM akashi.demand_read_committed();
    d := akashi.document_in(NEW.body_id, NEW.envelope_id, NEW.draft_id, 'akashi-identity-binding-1');
    IF d->>'binding' IS DISTINCT FROM NEW.id::text OR d->>'body' IS DISTINCT FROM NEW.bound_body_id::text
       OR d->>'scheme' IS DISTINCT FROM NEW.scheme_code OR d->>'key' IS DISTINCT FROM NEW.thumbprint OR d->>'evidence' IS DISTINCT FROM 'identity_only'
       OR d->'purposes' IS DISTINCT FROM to_jsonb(NEW.purposes)
       OR (d->>'from')::timestamptz IS DISTINCT FROM NEW.valid_from OR (d->>'to')::timestamptz IS DISTINCT FROM NEW.valid_to THEN
        PERFORM akashi.refuse('document_mismatch', 'a binding by identity is recorded as its officer confirmed it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER identity_binding_matches_its_draft BEFORE INSERT ON akashi.identity_binding
    FOR EACH ROW EXECUTE FUNCTION akashi.identity_binding_matches_its_draft();

-- --- Which key a decision needs ---

-- Whether a decision speaks under accreditation: its certificate claims one, or the act demands one of its scheme.
CREATE FUNCTION akashi.speaks_under_accreditation(d akashi.decision, s akashi.scheme) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT s.assurance = 'accredited_third_party' AND (akashi.demands(d.act, 'accreditation_now')
        OR EXISTS (SELECT FROM akashi.decision_type t JOIN akashi.draft_accreditation a ON a.body_id = d.body_id AND a.draft_id = d.id
                   WHERE t.act = d.act AND t.makes_version))
$$;

-- Accreditation is never carried by a key that only the registry knows; a scheme without it never by an accreditation's key.
CREATE FUNCTION akashi.key_serves(body uuid, key text, decision uuid, at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE d akashi.decision; s akashi.scheme; accredited boolean; identified boolean;
BEGIN
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = body AND x.id = decision;
    SELECT x.* INTO s FROM akashi.certification c JOIN akashi.scheme x ON x.code = c.scheme_code WHERE c.body_id = body AND c.id = d.certification_id;
    accredited := s.assurance = 'accredited_third_party' AND EXISTS (
        SELECT FROM akashi.key_binding b JOIN akashi.accreditation a ON a.id = b.accreditation_id
        WHERE b.bound_body_id = body AND b.thumbprint = key AND b.valid_from <= at AND at < b.valid_to);
    identified := EXISTS (SELECT FROM akashi.identity_binding b WHERE b.bound_body_id = body AND b.thumbprint = key AND b.scheme_code = s.code
                          AND b.valid_from <= at AND at < b.valid_to);
    RETURN akashi.key_is_bound(body, key, at) AND (accredited OR identified AND NOT akashi.speaks_under_accreditation(d, s));
END $$;
COMMENT ON FUNCTION akashi.key_serves IS 'Invariant 17; records, signing: evidence `identity_only` never supports accreditation.';

CREATE FUNCTION akashi.key_serves_its_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.log_kind = 'certification' AND akashi.key_is_bound(NEW.body_id, NEW.thumbprint, akashi.now()) AND NOT akashi.key_serves(NEW.body_id, NEW.thumbprint,
            (SELECT a.draft_id FROM akashi.act a WHERE a.body_id = NEW.body_id AND a.id = NEW.act_id), akashi.now()) THEN
        PERFORM akashi.refuse('key_for_another_assurance', 'an accredited certificate is signed by a key that its accreditation body bound, another by one that the registry identified (invariant 17)');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER s_key_serves_its_decision BEFORE INSERT ON akashi.reservation FOR EACH ROW EXECUTE FUNCTION akashi.key_serves_its_decision();

-- --- Who may certify or declare ---

-- The scheme's phase on a day; before its first row a scheme is not there.
CREATE FUNCTION akashi.phase_on(scheme text, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT p.phase FROM akashi.scheme_phase p WHERE p.scheme_code = scheme AND p.starts_on <= day ORDER BY p.starts_on DESC LIMIT 1
$$;

-- A certification is of a body that may make one: who declares does so for itself, who certifies never does.
CREATE FUNCTION akashi.certification_is_of_its_body() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text; level text;
BEGIN
    IF NEW.body_id IS DISTINCT FROM akashi.current_body() THEN
        RETURN NEW;  -- row security refuses it, and tells nothing about another body
    END IF;
    SELECT p.kind INTO kind FROM akashi.party p WHERE p.id = NEW.body_id;
    SELECT s.assurance INTO level FROM akashi.scheme s WHERE s.code = NEW.scheme_code;
    IF (kind = 'declarant') IS DISTINCT FROM (level = 'self_declared') OR kind NOT IN ('declarant', 'certification_body') THEN
        PERFORM akashi.refuse('body_of_another_kind', 'a declarant declares for itself, a certification body certifies others (ISO/IEC 17000 4.3, 4.5)');
    END IF;
    IF level = 'self_declared' THEN
        PERFORM akashi.check_speaks_for_itself(NEW.body_id, NEW.organisation_id);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.certification_is_of_its_body IS '17000 4.3, 4.5: who declares does so for itself, who certifies never does.';
CREATE TRIGGER certification_is_of_its_body BEFORE INSERT ON akashi.certification FOR EACH ROW EXECUTE FUNCTION akashi.certification_is_of_its_body();

-- Not one name or registration of another stands in a self-declaration.
CREATE FUNCTION akashi.check_speaks_for_itself(body uuid, organisation uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.organisation_identifier i WHERE i.body_id = body AND i.organisation_id = organisation
               AND NOT EXISTS (SELECT FROM akashi.party_identifier p WHERE p.party_id = body AND p.scheme = i.scheme AND p.value = i.value))
       OR EXISTS (SELECT FROM akashi.organisation_name n WHERE n.body_id = body AND n.organisation_id = organisation
                  AND NOT EXISTS (SELECT FROM akashi.party_name p WHERE p.party_id = body AND p.name = n.name)) THEN
        PERFORM akashi.refuse('declared_for_another', 'a self-declaration names the declarant as the registry knows it, and nobody else (ISO/IEC 17050-1)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_speaks_for_itself IS 'ISO/IEC 17050-1: X declares for X.';

CREATE FUNCTION akashi.check_scheme_is_open(d akashi.decision, s akashi.scheme) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF akashi.demands(d.act, 'scheme_open', s) AND coalesce(akashi.phase_on(s.code, d.decided_on), 'proposed') NOT IN ('pilot', 'operating') THEN
        PERFORM akashi.refuse('scheme_not_open', 'a proposed or closed scheme accepts no new grants (scheme life)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_scheme_is_open IS 'Scheme life: proposed, pilot, operating, closed, as dated data.';

-- The same rule as within a scheme (check_unaccredited), by the standard: what an accreditation body watches over in one scheme is
-- not done beside it in another.
CREATE FUNCTION akashi.check_unaccredited_beside(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a record;
BEGIN
    IF NOT akashi.demands(d.act, 'accreditation_at_decision') OR akashi.accepted_unaccredited(d.body_id, c.subject)
       OR EXISTS (SELECT FROM akashi.draft_accreditation x WHERE x.body_id = d.body_id AND x.draft_id = d.id) THEN
        RETURN;
    END IF;
    FOR a IN SELECT n.id FROM akashi.accreditation n WHERE n.accredited_id = d.body_id AND n.scheme_code <> c.scheme_code ORDER BY n.id LOOP
        PERFORM akashi.share_accreditation(a.id);
        IF akashi.accredited_work(a.id, d) THEN
            PERFORM akashi.refuse('unaccredited_in_accredited_scope', 'no unaccredited certificate where the body is accredited for the standard (invariant 7)');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_unaccredited_beside IS 'Invariant 7, in whichever scheme: areas of two schemes cannot be compared, so standard and country decide.';

-- Whether an active accreditation covers the standard that is decided about, in one of its countries.
CREATE FUNCTION akashi.accredited_work(accreditation uuid, d akashi.decision) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE t akashi.accreditation_statement := akashi.accreditation_on(accreditation, d.decided_on);
BEGIN
    RETURN t.status = 'active' AND t.valid_to >= d.decided_on AND d.designation = ANY (t.documents)
       AND (t.countries && d.countries OR cardinality(d.countries) = 0);
END $$;
COMMENT ON FUNCTION akashi.accredited_work IS 'Invariant 7: whether an active accreditation covers that standard in one of those countries.';

CREATE FUNCTION akashi.decision_fits_its_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification; s akashi.scheme;
BEGIN
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    SELECT * INTO s FROM akashi.scheme x WHERE x.code = c.scheme_code;
    IF s.assurance <> 'accredited_third_party' AND EXISTS (SELECT FROM akashi.draft_accreditation x WHERE x.body_id = NEW.body_id AND x.draft_id = NEW.id) THEN
        PERFORM akashi.refuse('accreditation_in_other_scheme', 'a scheme without accreditation names none (records, signing)');
    END IF;
    IF s.assurance = 'self_declared' THEN
        PERFORM akashi.check_speaks_for_itself(NEW.body_id, c.organisation_id);
    END IF;
    PERFORM akashi.check_scheme_is_open(NEW, s);
    PERFORM akashi.check_unaccredited_beside(NEW, c);
    RETURN NEW;
END $$;
CREATE TRIGGER decision_r_fits_its_scheme BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.decision_fits_its_scheme();

INSERT INTO akashi.requirement (act, rule, origin)
SELECT act, rule, origin FROM (VALUES
    ('scheme_open', 'scheme life', ARRAY['grant', 'transfer_in'])
) AS r (rule, origin, acts), unnest(r.acts) AS act;

-- --- Certification by a third party whom no accreditation body watches ---

INSERT INTO akashi.scheme (code, title_en, title_ja, activity, object, assurance, owner, maximum_months, surveillance_months,
                           suspension_months, renewal_months, restoration_months, late_after_days, required_fields, origin) VALUES
    ('aims-third-party', 'AI management system, assessed without accreditation', 'AIマネジメントシステム（認定外の第三者評価）', 'certification', 'management_system',
     'third_party', 'Fictional Council for AI Practice', 24, NULL, 3, 6, 0, 14, ARRAY['roles', 'areas', 'countries', 'sites'],
     'a fictional scheme: assessment by a third party that no accreditation body watches');

INSERT INTO akashi.required_audit (scheme_code, act, kinds, team, origin)
SELECT 'aims-third-party', act, ARRAY['stage_2', 'recertification', 'extension'], 'scope', 'one audit before each cycle and each extension'
FROM unnest(ARRAY['grant', 'renew', 'extend']) act;

INSERT INTO akashi.scheme_phase (scheme_code, phase, starts_on, comments_until, origin) VALUES
    ('aims-third-party', 'proposed',  '2024-01-15', '2024-03-31', 'draft published for comments by anybody'),
    ('aims-third-party', 'pilot',     '2024-05-01', NULL, 'comments answered in public'),
    ('aims-third-party', 'operating', '2024-10-01', NULL, 'report on the pilot published');

INSERT INTO akashi.normative_document (scheme_code, designation, use, title_en, title_ja, identical_adoptions, usable_from, origin) VALUES
    ('aims-third-party', 'ISO/IEC 42001:2023', 'requirements', 'Requirements for an AI management system', 'AIマネジメントシステムの要求事項',
     ARRAY['JIS Q 42001:2025'], '2024-05-01', 'ISO catalogue; JIS Q 42001:2025 is an identical adoption');

INSERT INTO akashi.scheme_term (scheme_code, vocabulary, code, title_en, title_ja, origin) VALUES
    ('aims-third-party', 'role', 'operator', 'Runs AI for itself', '自社でAIを運用', 'scheme list, version 1'),
    ('aims-third-party', 'role', 'supplier', 'Supplies AI to others', '他社へAIを供給', 'scheme list, version 1'),
    ('aims-third-party', 'technical_area', 'office_work', 'Office work', '事務作業', 'scheme list, version 1'),
    ('aims-third-party', 'technical_area', 'customer_contact', 'Contact with customers', '顧客対応', 'scheme list, version 1'),
    ('aims-third-party', 'technical_area', 'manufacturing', 'Manufacturing', '製造', 'scheme list, version 1');

-- --- Self-declaration: action goals, diagnosed by the declarant alone ---

INSERT INTO akashi.scheme (code, title_en, title_ja, activity, object, assurance, owner, maximum_months, surveillance_months,
                           suspension_months, renewal_months, restoration_months, late_after_days, required_fields, waived_rules, origin) VALUES
    ('ai-governance-declaration', 'AI governance self-declaration', 'AIガバナンス自己宣言', 'declaration', 'management_system', 'self_declared',
     'Fictional AI Governance Forum', 12, NULL, 3, 3, 0, 14, ARRAY['criteria'],
     ARRAY['application', 'audits', 'findings_closed', 'independence', 'competence', 'interests', 'impartiality', 'programme', 'audit_time', 'plan', 'majors_in_time'],
     'in the manner of the AI Governance Association''s action goals and self-diagnosis; ISO/IEC 17050-1');

INSERT INTO akashi.scheme_phase (scheme_code, phase, starts_on, origin) VALUES
    ('ai-governance-declaration', 'operating', '2025-04-01', 'adopted by the members of the forum');

INSERT INTO akashi.normative_document (scheme_code, designation, use, title_en, title_ja, usable_from, origin) VALUES
    ('ai-governance-declaration', 'AI Governance Action Goals 1.0', 'requirements', 'Action goals for AI governance', 'AIガバナンス行動目標', '2025-04-01',
     'a fictional set of goals in the manner of the AI Governance Association');

INSERT INTO akashi.scheme_term (scheme_code, vocabulary, code, title_en, title_ja, origin) VALUES
    ('ai-governance-declaration', 'criterion', 'G1', 'Top management states principles for AI', '経営層によるAI原則の表明', 'action goals, version 1.0'),
    ('ai-governance-declaration', 'criterion', 'G2', 'Risks of each AI use are known and owned', 'AI利用ごとのリスクの把握と責任者', 'action goals, version 1.0'),
    ('ai-governance-declaration', 'criterion', 'G3', 'Those affected can ask and object', '影響を受ける人の問合せと異議', 'action goals, version 1.0'),
    ('ai-governance-declaration', 'criterion', 'G4', 'Practice is diagnosed once a year', '年1回の自己診断', 'action goals, version 1.0');

GRANT EXECUTE ON FUNCTION akashi.speaks_under_accreditation(akashi.decision, akashi.scheme), akashi.key_serves(uuid, text, uuid, timestamptz),
    akashi.phase_on(text, date), akashi.check_speaks_for_itself(uuid, uuid), akashi.check_scheme_is_open(akashi.decision, akashi.scheme),
    akashi.check_unaccredited_beside(akashi.decision, akashi.certification), akashi.accredited_work(uuid, akashi.decision) TO akashi_service;
GRANT EXECUTE ON FUNCTION akashi.key_serves(uuid, text, uuid, timestamptz), akashi.speaks_under_accreditation(akashi.decision, akashi.scheme) TO akashi_keeper;
CALL akashi.pin_settings();
