-- Recognition arrangements by date and level, and the accreditation body's further statements (17011).

INSERT INTO akashi.accreditation_transition (from_status, act, to_status, origin) VALUES
    ('active',       'extend',     'active',       'ISO/IEC 17011 7.10'),
    ('active',       'reduce',     'active',       'ISO/IEC 17011 7.11'),
    ('suspended',    'reduce',     'suspended',    'ISO/IEC 17011 7.11, the suspension goes on'),
    ('active',       'renew',      'active',       'ISO/IEC 17011 7.9'),
    ('suspended',    'renew',      'suspended',    'ISO/IEC 17011 7.9, the suspension goes on'),
    ('active',       'relinquish', 'relinquished', 'ISO/IEC 17011 7.11, at the request of the certification body'),
    ('suspended',    'relinquish', 'relinquished', 'ISO/IEC 17011 7.11, at the request of the certification body'),
    ('active',       'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)'),
    ('suspended',    'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)'),
    ('withdrawn',    'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)'),
    ('relinquished', 'cease',      'ceased',       'the certification body exists or works no more (IAF MD 2)');

CALL akashi.pin_settings();
