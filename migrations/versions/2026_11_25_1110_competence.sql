-- Who may act for whom: competence per area, interests with the two-year rule, threats to impartiality (17021-1 5.2, 7).

CALL akashi.pin_settings();
