-- Recognition arrangements by date and level, and the accreditation body's further statements (17011).

CALL akashi.pin_settings();
