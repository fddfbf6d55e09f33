-- Around the decisions: change notices, complaints, appeals (17021-1 8.5.3, 9.7, 9.8).

CALL akashi.pin_settings();
