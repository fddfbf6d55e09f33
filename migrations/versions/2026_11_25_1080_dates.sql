-- What is recorded as done has been done: by the body's own calendar, on the database's clock.

CREATE FUNCTION akashi.day_has_come() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE day date := (to_jsonb(NEW)->>TG_ARGV[0])::date;
BEGIN
    IF day > akashi.body_today(NEW.body_id) THEN
        PERFORM akashi.refuse('date_in_the_future', format('%s of %I: what is recorded has happened', TG_ARGV[0], TG_TABLE_NAME));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.application FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('received_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.agreement FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('signed_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.disclosure_consent FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('given_on');
CREATE TRIGGER day_has_come BEFORE INSERT ON akashi.finding_step FOR EACH ROW EXECUTE FUNCTION akashi.day_has_come('done_on');

CREATE FUNCTION akashi.step_follows_the_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM akashi.finding f JOIN akashi.audit a ON a.body_id = f.body_id AND a.id = f.audit_id
               WHERE f.body_id = NEW.body_id AND f.id = NEW.finding_id AND NEW.done_on < a.first_day) THEN
        PERFORM akashi.refuse('step_before_audit', '17021-1 9.4.9: what was found is resolved after it was found');
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION akashi.step_follows_the_audit IS '17021-1 9.4.9; invariant 8: what was found is resolved after it was found.';
CREATE TRIGGER step_follows_the_audit BEFORE INSERT ON akashi.finding_step FOR EACH ROW EXECUTE FUNCTION akashi.step_follows_the_audit();
CALL akashi.pin_settings();
