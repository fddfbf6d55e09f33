-- What an audit rests on: programme, time, sampling, plan with objections, follow-up, surveillance (17021-1 9.1 to 9.4, 9.6).

INSERT INTO akashi.required_audit
SELECT 'aims', t.act, w.kinds, w.team, w.origin FROM akashi.decision_type t JOIN (VALUES
    ('grant',           ARRAY['stage_1'],                                                     'any',   'ISO/IEC 17021-1 9.3.1'),
    ('grant',           ARRAY['stage_2'],                                                     'scope', 'ISO/IEC 17021-1 9.3.1'),
    ('renew',           ARRAY['recertification'],                                             'scope', 'ISO/IEC 17021-1 9.6.3'),
    ('restore_expired', ARRAY['recertification', 'stage_2'],                                  'scope', 'ISO/IEC 17021-1 9.6.3.2.5'),
    ('extend',          ARRAY['extension', 'surveillance', 'recertification', 'stage_2'],     'added', 'ISO/IEC 17021-1 9.6.4.1'),
    ('transition',      ARRAY['surveillance', 'recertification', 'short_notice', 'extension'], 'scope', 'transition rules of the standard''s edition'),
    ('maintain',        ARRAY['surveillance', 'short_notice', 'follow_up'],                   'any',   'ISO/IEC 17021-1 9.6.2')
    ) w (act, kinds, team, origin) USING (act);
CALL akashi.pin_settings();
