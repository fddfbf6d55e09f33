-- The first scheme: certification of AI management systems, and the tables of acts that it moves along.

INSERT INTO akashi.decision_type (act, makes_version, makes_event, needs_reason, needs_until, deciders, extent, period, refers_to, ends,
                                  looks_back, successor_bit, origin) VALUES
    ('grant',               true,  true,  false, false, 1, 'first',   'initial',    NULL,       false, false, NULL,         'ISO/IEC 17021-1 9.5'),
    ('refuse',              false, false, true,  false, 1, NULL,      NULL,         NULL,       false, false, NULL,         'ISO/IEC 17021-1 9.5'),
    ('maintain',            false, true,  false, false, 1, NULL,      NULL,         NULL,       false, false, NULL,         'ISO/IEC 17021-1 9.6.1'),
    ('extend',              true,  true,  false, false, 1, 'grown',   'kept',       NULL,       false, false, 'refresh',    'ISO/IEC 17021-1 9.6.4'),
    ('reduce',              true,  true,  true,  false, 1, 'shrunk',  'kept',       NULL,       false, false, 'revocation', 'ISO/IEC 17021-1 9.6.5'),
    ('amend',               true,  true,  false, false, 1, 'same',    'kept',       NULL,       false, false, 'refresh',    'ISO/IEC 17021-1 8.2.2'),
    ('correct',             true,  true,  false, false, 2, 'wording', 'kept',       NULL,       false, false, 'revocation', 'invariant 10'),
    ('translate',           true,  true,  false, false, 1, 'texts',   'kept',       NULL,       false, false, 'refresh',    'invariant 10'),
    ('renew',               true,  true,  false, false, 1, 'any',     'renewed',    NULL,       false, false, 'refresh',    'ISO/IEC 17021-1 9.6.3'),
    ('transition',          true,  true,  false, false, 1, 'edition', 'kept',       NULL,       false, false, 'refresh',    'ISO/IEC 17021-1 8.2.2, edition'),
    ('restore_expired',     true,  true,  false, false, 1, 'inside',    'restored',   NULL,       false, false, 'refresh',    'ISO/IEC 17021-1 9.6.3.2'),
    ('transfer_in',         true,  true,  false, false, 1, 'first',   'taken_over', NULL,       false, false, NULL,         'IAF MD 2'),
    ('import',              true,  true,  false, false, 1, 'first',   'stated',     NULL,       false, true,  NULL,         'registry rule, history from elsewhere'),
    ('suspend',             false, true,  true,  true,  1, NULL,      NULL,         NULL,       true,  false, NULL,         'ISO/IEC 17021-1 9.6.5'),
    ('suspend_urgently',    false, true,  true,  true,  1, NULL,      NULL,         NULL,       true,  false, NULL,         'ISO/IEC 17021-1 9.6.5'),
    ('ratify',              false, true,  false, false, 1, NULL,      NULL,         'ratifies', false, false, NULL,         'ISO/IEC 17021-1 9.6.5'),
    ('restore',             false, true,  false, false, 1, NULL,      NULL,         NULL,       false, false, NULL,         'ISO/IEC 17021-1 9.6.5'),
    ('withdraw',            false, true,  true,  false, 1, NULL,      NULL,         NULL,       true,  false, NULL,         'ISO/IEC 17021-1 9.6.5'),
    ('cancel',              false, true,  true,  false, 1, NULL,      NULL,         NULL,       true,  false, NULL,         'ISO/IEC 17021-1 9.6.5'),
    ('transfer_out',        false, true,  false, false, 1, NULL,      NULL,         NULL,       true,  false, NULL,         'IAF MD 2'),
    ('annul',               false, true,  true,  false, 2, NULL,      NULL,         'annuls',   false, true,  NULL,         'invariant 21'),
    ('overturn_suspension', false, true,  false, false, 1, NULL,      NULL,         'annuls',   false, false, NULL,         'ISO/IEC 17021-1 9.7'),
    ('overturn_withdrawal', true,  true,  false, false, 1, 'same',    'kept',       'annuls',   false, false, 'revocation', 'ISO/IEC 17021-1 9.7');

INSERT INTO akashi.transition (from_state, act, to_state, validity, origin) VALUES
    ('none',      'grant',       'active',      'any', 'ISO/IEC 17021-1 9.5'),
    ('none',      'transfer_in', 'active',      'any', 'IAF MD 2'),
    ('none',      'import',      'active',      'any', 'registry rule, history from elsewhere'),
    ('active',    'transfer_out', 'transferred', 'within', 'IAF MD 2: never from suspended'),
    ('suspended', 'restore',     'active',      'within', 'ISO/IEC 17021-1 9.6.5'),
    ('suspended', 'reduce',      'active',      'within', 'ISO/IEC 17021-1 9.6.5, a reduction instead of a withdrawal'),
    ('suspended', 'ratify',      'suspended',   'within', 'ISO/IEC 17021-1 9.6.5'),
    ('suspended', 'suspend',     'suspended',   'within', 'ISO/IEC 17021-1 9.6.5, a suspension prolonged'),
    ('suspended', 'overturn_suspension', 'active',    'any', 'ISO/IEC 17021-1 9.7'),
    ('withdrawn', 'overturn_withdrawal', 'active',    'any', 'ISO/IEC 17021-1 9.7'),
    ('withdrawn', 'overturn_withdrawal', 'suspended', 'any', 'ISO/IEC 17021-1 9.7');
INSERT INTO akashi.transition (from_state, act, to_state, validity, origin)
SELECT 'active', act, 'active', 'within', origin FROM akashi.decision_type
WHERE act IN ('maintain', 'extend', 'reduce', 'amend', 'correct', 'translate', 'renew', 'transition');
INSERT INTO akashi.transition (from_state, act, to_state, validity, origin)
SELECT 'suspended', act, 'suspended', 'within', origin FROM akashi.decision_type WHERE act IN ('amend', 'correct', 'translate');
INSERT INTO akashi.transition (from_state, act, to_state, validity, origin)
SELECT 'active', act, 'suspended', 'within', origin FROM akashi.decision_type WHERE act IN ('suspend', 'suspend_urgently');
INSERT INTO akashi.transition (from_state, act, to_state, validity, origin)
SELECT from_state, act, to_state, validity, t.origin FROM akashi.decision_type t
JOIN (VALUES ('withdraw', 'withdrawn', 'within'), ('cancel', 'cancelled', 'within'), ('restore_expired', 'active', 'after')) m (act, to_state, validity) USING (act)
CROSS JOIN (VALUES ('active'), ('suspended')) f (from_state);
INSERT INTO akashi.transition (from_state, act, to_state, validity, origin)
SELECT from_state, 'annul', 'annulled', 'any', 'decision without basis, or by order of an authority'
FROM (VALUES ('active'), ('suspended'), ('withdrawn'), ('cancelled'), ('transferred')) f (from_state);

INSERT INTO akashi.requirement (act, rule, origin)
SELECT act, rule, origin FROM (VALUES
    ('accreditation_at_decision', 'ISO/IEC 17021-1 and the accreditation body''s rules', ARRAY['grant', 'extend', 'renew', 'transition', 'restore_expired', 'transfer_in']),
    ('accreditation_now', 'what speaks for the holder stops with a suspension of accreditation',
        ARRAY['grant', 'extend', 'renew', 'transition', 'restore', 'restore_expired', 'transfer_in']),
    ('audits', 'ISO/IEC 17021-1 9.3.1, 9.6', ARRAY['grant', 'maintain', 'extend', 'renew', 'transition', 'restore_expired']),
    ('findings_closed', 'ISO/IEC 17021-1 9.5.2; 9.6.5: the cause is resolved',
        ARRAY['grant', 'maintain', 'extend', 'renew', 'transition', 'restore', 'restore_expired']),
    ('follow_up', 'ISO/IEC 17021-1 9.5.1, 9.6.5: who followed a suspension up does not end it', ARRAY['restore', 'restore_expired']),
    ('required_fields', 'ISO/IEC 17021-1 8.2.2, ISO/IEC 42006 (scheme parameters)', ARRAY['grant', 'extend', 'reduce', 'amend', 'correct', 'translate', 'renew',
        'transition', 'restore_expired', 'transfer_in', 'overturn_withdrawal']),
    ('edition_in_force', 'ISO/IEC 17021-1 8.2.2: what speaks for the holder stops with its edition', ARRAY['maintain', 'restore', 'transfer_in']),
    ('facts', 'ISO/IEC 17021-1 8.2.2', ARRAY['grant', 'extend', 'reduce', 'amend', 'correct', 'translate', 'renew', 'transition', 'restore_expired',
        'transfer_in', 'import', 'overturn_withdrawal']),
    ('independence', 'ISO/IEC 17021-1 9.5.1', ARRAY['grant', 'refuse', 'maintain', 'extend', 'reduce', 'amend', 'correct', 'translate', 'renew', 'transition',
        'restore_expired', 'transfer_in', 'suspend', 'ratify', 'restore', 'withdraw', 'cancel', 'transfer_out', 'annul', 'overturn_suspension', 'overturn_withdrawal'])
) AS r (rule, origin, acts), unnest(r.acts) AS act;

INSERT INTO akashi.accreditation_transition (from_status, act, to_status, origin) VALUES
    ('none',      'grant',    'active',    'ISO/IEC 17011 7.6'),
    ('active',    'suspend',  'suspended', 'ISO/IEC 17011 7.11'),
    ('suspended', 'suspend',  'suspended', 'ISO/IEC 17011 7.11, a suspension widened or narrowed'),
    ('suspended', 'restore',  'active',    'ISO/IEC 17011 7.11'),
    ('active',    'withdraw', 'withdrawn', 'ISO/IEC 17011 7.11'),
    ('suspended', 'withdraw', 'withdrawn', 'ISO/IEC 17011 7.11');

INSERT INTO akashi.reason_code (act, code, title_en, title_ja, origin) VALUES
    ('suspend',  'nonconformity_persists', 'Persistent or serious failure to meet the requirements', '要求事項への継続的又は重大な不適合', 'ISO/IEC 17021-1 9.6.5'),
    ('suspend',  'audit_not_allowed',      'Surveillance or recertification audits not allowed at the required frequency', '必要な頻度でのサーベイランス又は再認証審査の未実施', 'ISO/IEC 17021-1 9.6.5'),
    ('suspend',  'holder_request',         'Suspension requested by the certified organisation', '登録組織の申し出による一時停止', 'ISO/IEC 17021-1 9.6.5'),
    ('suspend_urgently', 'harm_imminent',          'Harm to people is to be expected until the cause is resolved', '原因が解消されるまで人への危害が予想されること', 'registry rule, urgent suspension'),
    ('suspend_urgently', 'nonconformity_persists', 'Persistent or serious failure to meet the requirements', '要求事項への継続的又は重大な不適合', 'ISO/IEC 17021-1 9.6.5'),
    ('reduce',   'nonconformity_persists', 'Part of the scope persistently fails to meet the requirements', '範囲の一部の要求事項への継続的な不適合', 'ISO/IEC 17021-1 9.6.5'),
    ('reduce',   'holder_request',         'Reduction requested by the certified organisation', '登録組織の申し出による縮小', 'ISO/IEC 17021-1 9.6.5'),
    ('reduce',   'site_closed',            'A site was closed or left the management system', '事業所の閉鎖又はマネジメントシステムからの離脱', 'ISO/IEC 17021-1 8.5.3'),
    ('refuse',   'requirements_not_met',   'The requirements are not met', '要求事項への不適合', 'ISO/IEC 17021-1 9.5'),
    ('refuse',   'audit_not_completed',    'The audits could not be completed', '審査の未完了', 'ISO/IEC 17021-1 9.5'),
    ('refuse',   'scope_misleading',       'The scope asked for would mislead', '申請された範囲が誤解を招くこと', 'ISO/IEC 17021-1 8.2.2'),
    ('withdraw', 'nonconformity_persists', 'The cause of a suspension was not resolved', '一時停止の原因の未解決', 'ISO/IEC 17021-1 9.6.5'),
    ('withdraw', 'misuse_of_mark',         'Misuse of certificate or mark', '登録証又はマークの誤用', 'ISO/IEC 17021-1 8.3'),
    ('withdraw', 'agreement_broken',       'Breach of the certification agreement', '認証契約の違反', 'ISO/IEC 17021-1 5.1.2'),
    ('cancel',   'holder_request',         'Ended at the holder''s request', '登録組織の申し出による終了', 'ISO/IEC 17021-1 9.6.5'),
    ('annul',    'issued_in_error',        'The certificate was issued without a valid decision', '有効な決定によらない発行', 'registry rule, invariant 21'),
    ('annul',    'order_of_authority',     'Order of a court or authority', '裁判所又は当局の命令', 'registry rule, invariant 21');

INSERT INTO akashi.scheme (code, title_en, title_ja, activity, object, assurance, owner, maximum_months, surveillance_months,
                           suspension_months, renewal_months, restoration_months, late_after_days, required_fields, origin) VALUES
    ('aims', 'AI management system', 'AIマネジメントシステム', 'certification', 'management_system', 'accredited_third_party',
     'ISO/IEC JTC 1/SC 42', 36, 12, 6, 12, 6, 30, ARRAY['roles', 'areas', 'countries', 'soa', 'sites'],
     'ISO/IEC 17021-1:2015 9.1.3, 9.6.5; ISO/IEC 42006:2025');

INSERT INTO akashi.scheme_phase (scheme_code, phase, starts_on, origin) VALUES
    ('aims', 'operating', '2023-12-18', 'with the publication of ISO/IEC 42001:2023');

INSERT INTO akashi.normative_document (scheme_code, designation, use, title_en, title_ja, identical_adoptions, usable_from, origin) VALUES
    ('aims', 'ISO/IEC 42001:2023', 'requirements', 'Requirements for an AI management system', 'AIマネジメントシステムの要求事項',
     ARRAY['JIS Q 42001:2025', 'EN ISO/IEC 42001:2026'], '2023-12-18', 'ISO catalogue; JIS Q 42001:2025 is an identical adoption'),
    ('aims', 'ISO/IEC 17021-1:2015', 'accreditation_criteria', 'Bodies that audit and certify management systems', 'マネジメントシステムの審査及び認証を行う機関',
     ARRAY['JIS Q 17021-1:2015'], NULL, 'ISO catalogue'),
    ('aims', 'ISO/IEC 42006:2025', 'accreditation_criteria', 'Bodies that audit and certify AI management systems', 'AIマネジメントシステムの審査及び認証を行う機関',
     '{}', '2025-07-07', 'ISO catalogue, published 7 July 2025');

INSERT INTO akashi.scheme_term (scheme_code, vocabulary, code, title_en, title_ja, origin) VALUES
    ('aims', 'role', 'provider',  'AI provider', 'AI提供者', 'ISO/IEC 22989 vocabulary'),
    ('aims', 'role', 'producer',  'AI producer (developer)', 'AI製作者（開発者）', 'ISO/IEC 22989 vocabulary'),
    ('aims', 'role', 'customer',  'AI customer (user)', 'AI顧客（利用者）', 'ISO/IEC 22989 vocabulary'),
    ('aims', 'role', 'partner',   'AI partner', 'AIパートナー', 'ISO/IEC 22989 vocabulary'),
    ('aims', 'technical_area', 'generative',       'Generative AI', '生成AI', 'scheme list, version 1'),
    ('aims', 'technical_area', 'decision_support', 'Decision support', '意思決定支援', 'scheme list, version 1'),
    ('aims', 'technical_area', 'biometric',        'Biometric systems', '生体認証', 'scheme list, version 1'),
    ('aims', 'technical_area', 'perception',       'Image, speech and sensor perception', '画像・音声・センサ認識', 'scheme list, version 1'),
    ('aims', 'technical_area', 'robotics',         'Robotics and autonomous machines', 'ロボティクス・自律機械', 'scheme list, version 1'),
    ('aims', 'technical_area', 'safety_component', 'Safety components', '安全構成要素', 'scheme list, version 1');

INSERT INTO akashi.scheme_term (scheme_code, vocabulary, code, title_en, title_ja, origin)
SELECT 'aims', 'control', code, title_en, title_ja, 'ISO/IEC 42001:2023 Annex A, identifier only; title in own words' FROM (VALUES
    ('A.2.2', 'AI policy', 'AI方針'),
    ('A.2.3', 'Fit with other policies', '他の方針との整合'),
    ('A.2.4', 'Policy review', '方針の見直し'),
    ('A.3.2', 'Roles and responsibilities', '役割と責任'),
    ('A.3.3', 'Raising concerns', '懸念の申告'),
    ('A.4.2', 'Resource records', '資源の記録'),
    ('A.4.3', 'Data as a resource', '資源としてのデータ'),
    ('A.4.4', 'Tooling', 'ツール'),
    ('A.4.5', 'Systems and compute', 'システムと計算資源'),
    ('A.4.6', 'People', '人材'),
    ('A.5.2', 'Impact assessment process', '影響評価の手順'),
    ('A.5.3', 'Impact assessment records', '影響評価の記録'),
    ('A.5.4', 'Effects on individuals and groups', '個人・集団への影響'),
    ('A.5.5', 'Societal effects', '社会への影響'),
    ('A.6.1.2', 'Responsible-development objectives', '責任ある開発の目標'),
    ('A.6.1.3', 'Responsible design and development process', '責任ある設計・開発の手順'),
    ('A.6.2.2', 'Requirements and specification', '要件と仕様'),
    ('A.6.2.3', 'Design records', '設計の記録'),
    ('A.6.2.4', 'Verification and validation', '検証と妥当性確認'),
    ('A.6.2.5', 'Deployment', '導入'),
    ('A.6.2.6', 'Operation and monitoring', '運用と監視'),
    ('A.6.2.7', 'Technical documentation', '技術文書'),
    ('A.6.2.8', 'Event logs', 'イベントログ'),
    ('A.7.2', 'Data for development', '開発用データ'),
    ('A.7.3', 'Data acquisition', 'データの取得'),
    ('A.7.4', 'Data quality', 'データの品質'),
    ('A.7.5', 'Data provenance', 'データの来歴'),
    ('A.7.6', 'Data preparation', 'データの準備'),
    ('A.8.2', 'System documents and user information', 'システム文書と利用者への情報'),
    ('A.8.3', 'External reporting', '外部への報告'),
    ('A.8.4', 'Incident communication', 'インシデントの連絡'),
    ('A.8.5', 'Information to interested parties', '利害関係者への情報'),
    ('A.9.2', 'Responsible-use processes', '責任ある利用の手順'),
    ('A.9.3', 'Responsible-use objectives', '責任ある利用の目標'),
    ('A.9.4', 'Intended use', '意図された利用'),
    ('A.10.2', 'Allocating responsibilities', '責任の割り当て'),
    ('A.10.3', 'Suppliers', '供給者'),
    ('A.10.4', 'Customers', '顧客')
) AS control (code, title_en, title_ja);
