-- History from elsewhere: imported under one signed plan, never more than what was stated.

-- The plan of the sheet on which a decision stands, if it is one of an import.
CREATE FUNCTION akashi.import_plan_of(d akashi.decision) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT convert_from(s.document, 'UTF8')::jsonb->'plan' FROM akashi.sheet_item i JOIN akashi.draft s ON s.body_id = i.body_id AND s.id = i.sheet_id
    WHERE i.body_id = d.body_id AND i.draft_id = d.id AND convert_from(s.document, 'UTF8')::jsonb->'plan'->>'kind' = 'import'
$$;

-- A certification begins where it began: what was granted elsewhere is imported, what is imported was never granted here.
CREATE FUNCTION akashi.check_origin(d akashi.decision, c akashi.certification) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (d.act = 'import') <> (c.provenance = 'imported')
       AND EXISTS (SELECT FROM akashi.transition t WHERE t.from_state = 'none' AND t.act = d.act) THEN
        PERFORM akashi.refuse('origin_differs', 'what was granted elsewhere begins with an import, and nothing else does (history from elsewhere)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_origin IS 'History from elsewhere: provenance is fixed when a certification is opened.';

CREATE FUNCTION akashi.check_import(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE plan jsonb := akashi.import_plan_of(d); f jsonb;
BEGIN
    IF plan IS NULL THEN
        PERFORM akashi.refuse('import_without_plan', 'history comes under one signed plan that says from where, as of when and how often (history from elsewhere)');
    END IF;
    IF EXISTS (SELECT FROM akashi.confirmation x WHERE x.body_id = d.body_id AND x.draft_id = d.id AND x.evidence->>'type' IS DISTINCT FROM 'sheet') THEN
        PERFORM akashi.refuse('import_without_plan', 'evidence is given over the plan and all its rows, never over one row alone (history from elsewhere)');
    END IF;
    SELECT x.facts INTO f FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id;
    IF f->>'provenance' IS DISTINCT FROM 'imported' OR f->'report' IS DISTINCT FROM jsonb_strip_nulls(plan - 'kind') THEN
        PERFORM akashi.refuse('document_mismatch', 'what is imported says the source, the day and the interval of its plan');
    END IF;
    PERFORM akashi.check_stated_accreditations(d, f);
END $$;
COMMENT ON FUNCTION akashi.check_import IS 'History from elsewhere: one plan, whose words stand in every certificate under it.';

-- An accreditation that is claimed for a decision elsewhere had been stated here for that day, or it is not claimed at all.
CREATE FUNCTION akashi.check_stated_accreditations(d akashi.decision, f jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE a record; gap text; scheme text := f->'scheme'->>'code';
BEGIN
    FOR a IN SELECT x.accreditation_id FROM akashi.draft_accreditation x WHERE x.body_id = d.body_id AND x.draft_id = d.id ORDER BY 1 LOOP
        PERFORM akashi.share_accreditation(a.accreditation_id);
        gap := akashi.accreditation_gap(a.accreditation_id, d.body_id, scheme, d.designation, d.areas, d.countries, 'grant',
                                        coalesce((f->>'original_decided_on')::date, '-infinity'));
        IF gap IS NOT NULL THEN
            PERFORM akashi.refuse('accreditation_not_stated', 'an import claims no accreditation but one that covered the decision on its day (invariant 6)');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION akashi.check_stated_accreditations IS 'Invariant 6 for history: imported as accredited only if it was.';

-- History stays history until a cycle begins here; a report is renewed, never taken back to an older day.
CREATE FUNCTION akashi.check_history(d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE kind akashi.decision_type; before akashi.decision := akashi.decision_in_force(d.body_id, d.certification_id); f jsonb; old jsonb;
BEGIN
    SELECT * INTO kind FROM akashi.decision_type t WHERE t.act = d.act;
    IF NOT kind.makes_version OR d.act = 'import' THEN
        RETURN;
    END IF;
    SELECT x.facts INTO f FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = d.id;
    SELECT x.facts INTO old FROM akashi.draft x WHERE x.body_id = d.body_id AND x.id = before.id;
    IF f->>'provenance' IS DISTINCT FROM (CASE WHEN kind.period = 'kept' AND old->>'provenance' = 'imported' THEN 'imported' ELSE 'issued' END)
       OR (f->>'provenance' = 'imported' AND f->>'original_decided_on' IS DISTINCT FROM old->>'original_decided_on') THEN
        PERFORM akashi.refuse('document_mismatch', 'history stays history until a decision made here begins a new cycle');
    END IF;
    IF (f->'report'->>'as_of')::date < (old->'report'->>'as_of')::date THEN
        PERFORM akashi.refuse('report_goes_back', 'a report from elsewhere is renewed, never taken back to an older day');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_history IS 'History from elsewhere; rules bind from the first act done here.';

CREATE FUNCTION akashi.decision_about_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE c akashi.certification;
BEGIN
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    PERFORM akashi.check_origin(NEW, c);
    IF NEW.act = 'import' THEN
        PERFORM akashi.check_import(NEW);
    END IF;
    PERFORM akashi.check_history(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER decision_s_about_history BEFORE INSERT ON akashi.decision FOR EACH ROW EXECUTE FUNCTION akashi.decision_about_history();

GRANT EXECUTE ON FUNCTION akashi.import_plan_of(akashi.decision), akashi.check_origin(akashi.decision, akashi.certification),
    akashi.check_import(akashi.decision), akashi.check_stated_accreditations(akashi.decision, jsonb), akashi.check_history(akashi.decision) TO akashi_service;
CALL akashi.pin_settings();
