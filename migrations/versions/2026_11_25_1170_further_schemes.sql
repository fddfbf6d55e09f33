-- Two further schemes, as data: third-party without accreditation, and self-declaration.

CALL akashi.pin_settings();
