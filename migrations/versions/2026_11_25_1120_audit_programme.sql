-- What an audit rests on: programme, time, sampling, plan with objections, follow-up, surveillance (17021-1 9.1 to 9.4, 9.6).

CALL akashi.pin_settings();
