-- Transfers: a handshake of two bodies, with the accreditation body's evidence where one does not answer (IAF MD 2).

CALL akashi.pin_settings();
