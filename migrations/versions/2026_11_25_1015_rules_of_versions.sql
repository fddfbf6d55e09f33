-- From the decision to the certificate: what is reserved, issued and recorded keeps the rules once more.

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
    IF NOT EXISTS (SELECT FROM akashi.slot t JOIN akashi.decision_type k ON k.act = d.act WHERE t.body_id = body AND t.act_id = still_lawful.act
                   AND t.subject = CASE WHEN k.makes_event THEN c.subject ELSE akashi.subject_of(d.id::text) END)  -- a refusal is about itself
       OR NOT akashi.act_is_open(body, act) THEN
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
COMMENT ON FUNCTION akashi.reservation_follows_a_decision IS '17021-1 9.5: nothing about a certification is signed without a decision that the rules have judged.';
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
COMMENT ON FUNCTION akashi.check_status_entry IS 'Invariant 16: a credential points at the positions that were drawn for it.';

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

-- A decision was judged against the version that it then found: period and scope are compared with that one alone.
CREATE FUNCTION akashi.check_not_overtaken(i akashi.issuance_reservation) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT e.n FROM akashi.envelope e WHERE e.body_id = i.body_id AND e.id = (akashi.latest_version(i.body_id, i.certification_id)).envelope_id)
       > (SELECT min(e.n) FROM akashi.act a JOIN akashi.reservation r ON r.body_id = a.body_id AND r.act_id = a.id
          JOIN akashi.envelope e ON e.body_id = r.body_id AND e.id = r.id
          WHERE a.body_id = i.body_id AND a.draft_id = i.decision_id AND r.statement = 'akashi-decision-1') THEN
        PERFORM akashi.refuse('decision_overtaken', '17021-1 8.2.2: a version issued since then is what a new decision has to be compared with (invariants 2, 10 and 11)');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_not_overtaken IS '17021-1 8.2.2, 9.6.3; invariants 2, 10 and 11: nothing that was reduced, moved or renewed comes back through an older decision.';

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
    PERFORM akashi.check_not_overtaken(NEW);
    SELECT * INTO c FROM akashi.certification x WHERE x.body_id = NEW.body_id AND x.id = NEW.certification_id;
    SELECT * INTO d FROM akashi.decision x WHERE x.body_id = NEW.body_id AND x.id = NEW.decision_id;
    PERFORM akashi.check_credential(NEW, c, d);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.reservation_is_lawful IS '17021-1 8.2.2, 9.5; invariants 6, 11 and 16: what is about to be signed keeps the rules.';
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
COMMENT ON FUNCTION akashi.version_is_lawful IS '17021-1 8.2.2; invariants 2 and 11: the next number, the period that was decided, and the rules once more.';
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
COMMENT ON FUNCTION akashi.check_event_document IS '17021-1 9.5; invariant 12: the event that is recorded is the one that was signed.';

-- An event takes effect on its decision's day, or when it was fixed if that is later; only what looks back reaches back.
CREATE FUNCTION akashi.check_event_instant(e akashi.standing_event, d akashi.decision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE fixed timestamptz; backwards boolean := (SELECT t.looks_back FROM akashi.decision_type t WHERE t.act = e.act);
BEGIN
    SELECT date_trunc('milliseconds', a.recorded_at) INTO fixed FROM akashi.reservation r
        JOIN akashi.act a ON a.body_id = r.body_id AND a.id = r.act_id WHERE r.body_id = e.body_id AND r.id = e.envelope_id;
    IF NOT backwards AND e.effective_at < fixed THEN
        PERFORM akashi.refuse('event_backdated', 'a standing event is never effective before it was fixed, except an annulment and what was decided elsewhere (dates)');
    END IF;
    IF d.effective_at IS NOT NULL THEN
        IF e.effective_at IS DISTINCT FROM d.effective_at THEN
            PERFORM akashi.refuse('document_mismatch', 'an event takes effect at the instant that its decision says');
        END IF;
        RETURN;
    END IF;
    IF NOT (akashi.is_first_instant(e.effective_at, d.effective_on, d.time_zone)
            OR (NOT backwards AND e.effective_at = fixed AND (fixed AT TIME ZONE d.time_zone)::date >= d.effective_on)) THEN
        PERFORM akashi.refuse('document_mismatch', 'an event takes effect when its decision says');
    END IF;
END $$;
COMMENT ON FUNCTION akashi.check_event_instant IS 'Invariants 1 and 21: effective not before it was fixed; only an annulment reaches back.';

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
    IF NEW.act = 'overturn_withdrawal' AND NEW.to_state IS DISTINCT FROM (SELECT e.from_state FROM akashi.standing_event e
        WHERE e.body_id = NEW.body_id AND e.certification_id = NEW.certification_id AND e.event_no = d.annuls_no) THEN
        PERFORM akashi.refuse('no_such_transition', '17021-1 9.7: an overturned withdrawal leads back to the state before it (invariant 12)');
    END IF;
    PERFORM akashi.check_event_instant(NEW, d);
    PERFORM akashi.check_event_document(NEW, d);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.event_is_lawful IS '17021-1 9.5, 9.7; invariants 12 and 21: each event follows from its decision, in its order, at its instant.';
CREATE TRIGGER event_is_lawful BEFORE INSERT ON akashi.standing_event FOR EACH ROW EXECUTE FUNCTION akashi.event_is_lawful();

GRANT EXECUTE ON FUNCTION akashi.still_lawful(uuid, uuid, uuid, uuid), akashi.check_not_overtaken(akashi.issuance_reservation), akashi.check_status_entry(jsonb, text, integer, integer),
    akashi.check_credential(akashi.issuance_reservation, akashi.certification, akashi.decision),
    akashi.check_event_document(akashi.standing_event, akashi.decision), akashi.check_event_instant(akashi.standing_event, akashi.decision)
    TO akashi_service;
GRANT EXECUTE ON FUNCTION akashi.still_lawful(uuid, uuid, uuid, uuid) TO akashi_keeper;
CALL akashi.pin_settings();
