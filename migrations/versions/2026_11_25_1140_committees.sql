-- Committees and decision sheets (17021-1 9.5; deciding in two steps).

CALL akashi.pin_settings();
