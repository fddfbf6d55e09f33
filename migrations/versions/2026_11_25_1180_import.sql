-- History from elsewhere: imported under one signed plan, never more than what was stated.

CALL akashi.pin_settings();
