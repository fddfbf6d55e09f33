"""Accredited for this, on that day? Statements folded at a date and at an instant, in whole and in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conformity.accreditation import (
    ENDED,
    TRANSITIONS,
    Accreditation,
    AccreditationState,
    Statement,
    Suspension,
    accreditation_at,
    accreditation_on,
    next_turn,
    permits,
    transfer_deadline,
)
from app.conformity.scope import Scope
from app.conformity.standing import Act

NONE, ACTIVE, SUSPENDED, WITHDRAWN, EXPIRED, RELINQUISHED, CEASED = AccreditationState
SCHEME = "aims"
AIMS = "ISO/IEC 42001:2023"
HELD = Scope.of([AIMS], ["generative"], ["JP"])
GRANTED = Statement(
    1, ACTIVE, SCHEME, Scope.of([AIMS], ["generative", "biometric"], ["JP", "DE"]),
    date(2026, 4, 1), "Asia/Tokyo", date(2030, 3, 31),
)  # fmt: skip


def then(no: int, day: str, status: AccreditationState, **changes) -> Statement:
    return replace(GRANTED, statement_no=no, effective_on=date.fromisoformat(day), status=status, **changes)


SUSPENSION = then(2, "2027-05-01", SUSPENDED, suspension=Suspension(whole=True), symbol_allowed=False)
RESTORATION = then(3, "2027-11-01", ACTIVE)
WITHDRAWAL = then(4, "2028-02-01", WITHDRAWN)


def on(statements, day: str, scheme: str = SCHEME, scope: Scope = HELD) -> Accreditation:
    return accreditation_on(statements, date.fromisoformat(day), scheme, scope)


@pytest.mark.parametrize(
    ("day", "state", "since"),
    [
        ("2026-03-31", NONE, None),
        ("2026-04-01", ACTIVE, "2026-04-01"),
        ("2027-04-30", ACTIVE, "2026-04-01"),
        ("2027-05-01", SUSPENDED, "2027-05-01"),  # a decision of the same date as the suspension is outside
        ("2027-10-31", SUSPENDED, "2027-05-01"),
        ("2027-11-01", ACTIVE, "2027-11-01"),
        ("2028-02-01", WITHDRAWN, "2028-02-01"),
        ("2031-01-01", WITHDRAWN, "2028-02-01"),
    ],
)
def test_the_statement_of_the_day_holds(day, state, since):
    """C059: accredited when it decided, and not now, are two answers."""
    answer = on([WITHDRAWAL, GRANTED, RESTORATION, SUSPENSION], day)
    assert (answer.state, answer.since) == (state, date.fromisoformat(since) if since else None)


def test_an_accreditation_expires_after_its_last_valid_day():
    assert on([GRANTED], "2030-03-31").state is ACTIVE
    answer = on([GRANTED], "2030-04-01")
    assert (answer.state, answer.since, answer.statement) == (EXPIRED, date(2030, 4, 1), GRANTED)


def test_a_suspended_accreditation_past_its_end_is_expired():
    assert on([GRANTED, SUSPENSION], "2030-04-01").state is EXPIRED


def test_at_an_instant_a_date_counts_from_its_start_in_the_statements_zone():
    at = [datetime(2027, 4, 30, 14, 59, 59, tzinfo=UTC), datetime(2027, 4, 30, 15, tzinfo=UTC)]
    states = [accreditation_at([GRANTED, SUSPENSION], moment, SCHEME, HELD).state for moment in at]
    assert states == [ACTIVE, SUSPENDED]


def test_at_an_instant_validity_ends_with_the_day_in_the_zone():
    ends = datetime(2030, 3, 31, 15, tzinfo=UTC)
    assert accreditation_at([GRANTED], ends.replace(hour=14), SCHEME, HELD).state is ACTIVE
    assert accreditation_at([GRANTED], ends, SCHEME, HELD).state is EXPIRED


@pytest.mark.parametrize(
    ("scheme", "scope"),
    [
        ("isms", HELD),
        (SCHEME, Scope.of(["ISO/IEC 27001:2022"], ["generative"], ["JP"])),
        (SCHEME, Scope.of([AIMS], ["safety"], ["JP"])),
        (SCHEME, Scope.of([AIMS], ["generative"], ["US"])),
    ],
)
def test_an_accreditation_never_carries_over(scheme, scope):
    """domain.md finding 3: accredited for 27001 says nothing about 42001."""
    assert on([GRANTED], "2027-01-01", scheme, scope) == Accreditation(NONE, GRANTED)


def test_a_scope_reduced_later_is_an_accreditation_that_ended_then():
    reduced = then(2, "2027-05-01", ACTIVE, scope=Scope.of([AIMS], ["biometric"], ["JP"]))
    answer = on([GRANTED, reduced], "2027-06-01")
    assert (answer.state, answer.since, answer.statement) == (NONE, date(2027, 5, 1), reduced)


@pytest.mark.parametrize(
    ("part", "state"),
    [
        (Scope.of(areas=["generative"]), SUSPENDED),
        (Scope.of(countries=["JP"]), SUSPENDED),
        (Scope.of(areas=["biometric"]), ACTIVE),
        (Scope.of(areas=["biometric"], countries=["DE"]), ACTIVE),
    ],
)
@pytest.mark.parametrize("status", [ACTIVE, SUSPENDED])
def test_a_partial_suspension_reaches_what_touches_a_listed_area_or_country(part, state, status):
    partial = then(2, "2027-05-01", status, suspension=Suspension(part=part))
    answer = on([GRANTED, partial], "2027-06-01")
    assert (answer.state, answer.statement) == (state, partial)
    assert answer.since == (date(2026, 4, 1) if state is ACTIVE else date(2027, 5, 1))


def test_a_suspension_without_particulars_is_one_of_the_whole():
    assert on([GRANTED, then(2, "2027-05-01", SUSPENDED)], "2027-05-01").state is SUSPENDED


def test_a_repeated_suspension_counts_from_its_first_day():
    again = replace(SUSPENSION, statement_no=3, effective_on=date(2027, 8, 1), permitted_acts=frozenset({Act.EXTEND}))
    answer = on([GRANTED, SUSPENSION, again], "2027-09-01")
    assert (answer.since, answer.statement) == (date(2027, 5, 1), again)


def test_a_restated_accreditation_that_had_expired_counts_anew():
    late = then(2, "2030-06-01", ACTIVE, valid_to=date(2034, 3, 31))
    assert on([GRANTED, late], "2030-07-01").since == date(2030, 6, 1)


def test_a_retroactive_statement_overrides_a_later_dated_one_of_a_lower_number():
    """domain.md finding 2: accreditation bodies make retroactive statements; the highest number holds."""
    planned = then(2, "2027-09-01", SUSPENDED, suspension=Suspension(whole=True))
    retroactive = then(3, "2027-02-01", WITHDRAWN)
    statements = [GRANTED, planned, retroactive]
    assert [on(statements, day).state for day in ("2027-01-31", "2027-02-01", "2027-10-01")] == [
        ACTIVE,
        WITHDRAWN,
        WITHDRAWN,
    ]
    assert on(statements, "2027-10-01").since == date(2027, 2, 1)


# --- Acts ---

BLOCKED = [
    Act.GRANT,
    Act.EXTEND,
    Act.RENEW,
    Act.TRANSITION,
    Act.RESTORE,
    Act.RESTORE_EXPIRED,
    Act.TRANSFER_IN,
]


@pytest.mark.parametrize("day", ["2026-01-01", "2027-06-01", "2028-03-01", "2031-01-01"])
@pytest.mark.parametrize("act", list(Act))
def test_a_sanction_blocks_growth_and_never_suspension_withdrawal_or_reduction(day, act):
    answer = on([GRANTED, SUSPENSION, RESTORATION, WITHDRAWAL], day)
    assert permits(answer, act) is (act not in BLOCKED)


@pytest.mark.parametrize("act", list(Act))
def test_an_active_accreditation_permits_every_act(act):
    assert permits(on([GRANTED], "2027-01-01"), act)


def test_a_suspension_permits_what_its_statement_permits():
    lenient = replace(SUSPENSION, permitted_acts=frozenset({Act.EXTEND}))
    answer = on([GRANTED, lenient], "2027-06-01")
    assert [act for act in BLOCKED if permits(answer, act)] == [Act.EXTEND]


# --- Time ---


def test_the_next_turn_is_the_next_start_or_end_of_a_statement():
    statements = [GRANTED, SUSPENSION]
    assert next_turn(statements, datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert next_turn(statements, datetime(2026, 3, 31, 15, tzinfo=UTC)) == datetime(2027, 4, 30, 15, tzinfo=UTC)
    assert next_turn(statements, datetime(2029, 1, 1, tzinfo=UTC)) == datetime(2030, 3, 31, 15, tzinfo=UTC)
    assert next_turn(statements, datetime(2030, 10, 2, tzinfo=UTC)) is None


def test_the_end_of_the_time_for_transfers_is_a_turn():
    assert next_turn([GRANTED], datetime(2030, 4, 1, tzinfo=UTC)) == datetime(2030, 10, 1, 15, tzinfo=UTC)
    withdrawn = then(2, "2028-02-01", WITHDRAWN)
    assert next_turn([GRANTED, withdrawn], datetime(2028, 2, 1, tzinfo=UTC)) == datetime(2028, 8, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ended_on", "last_valid_day", "until"),
    [
        ("2028-02-01", "2030-01-31", "2028-08-01"),
        ("2028-08-31", "2030-01-31", "2029-02-28"),
        ("2028-02-01", "2028-03-31", "2028-03-31"),
    ],
)
def test_a_transfer_takes_place_within_six_months_or_until_the_certificate_ends(ended_on, last_valid_day, until):
    """IAF MD 2; domain section 10."""
    days = (date.fromisoformat(day) for day in (ended_on, last_valid_day))
    assert transfer_deadline(*days) == date.fromisoformat(until)


@pytest.mark.parametrize("status", [WITHDRAWN, RELINQUISHED, CEASED])
def test_an_ended_accreditation_permits_no_growth_and_never_expires_afterwards(status):
    ended = on([GRANTED, then(2, "2028-02-01", status)], "2031-01-01")
    assert ended.state is status
    assert (permits(ended, Act.GRANT), permits(ended, Act.WITHDRAW)) == (False, True)


def test_however_often_an_end_is_stated_it_is_one_end():
    given_up, ceased = then(2, "2028-02-01", RELINQUISHED), then(3, "2028-05-01", CEASED)
    assert on([GRANTED, given_up, ceased], "2028-06-01").since == date(2028, 2, 1)
    after_its_time = then(2, "2030-06-01", CEASED)
    assert on([GRANTED, after_its_time], "2030-07-01").since == date(2030, 4, 1)


def test_what_is_given_from_a_date_on_is_given_to_a_body_where_that_day_has_come():
    """An accreditation dated there further west covers a decision of the same date from its first hour on."""
    west = [replace(GRANTED, time_zone="America/Adak")]
    morning_in_tokyo = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    assert accreditation_at(west, morning_in_tokyo, SCHEME, HELD).state is NONE
    assert accreditation_at(west, morning_in_tokyo, SCHEME, HELD, "Asia/Tokyo").state is ACTIVE
    assert accreditation_at(west, morning_in_tokyo, SCHEME, HELD, "Pacific/Honolulu").state is NONE


def test_what_is_taken_away_waits_for_the_zone_of_the_accreditation():
    west = [replace(one, time_zone="America/Adak") for one in (GRANTED, SUSPENSION)]
    morning_in_tokyo = datetime(2027, 4, 30, 15, 30, tzinfo=UTC)
    assert accreditation_at(west, morning_in_tokyo, SCHEME, HELD, "Asia/Tokyo").state is ACTIVE
    last_day_over_in_tokyo = datetime(2030, 3, 31, 15, 30, tzinfo=UTC)
    assert accreditation_at(west[:1], last_day_over_in_tokyo, SCHEME, HELD, "Asia/Tokyo").state is ACTIVE
    assert accreditation_at([GRANTED], last_day_over_in_tokyo, SCHEME, HELD, "America/Adak").state is EXPIRED


def test_the_transitions_lead_on_from_every_status_but_the_last():
    assert {start for start, _, _ in TRANSITIONS} == {NONE, ACTIVE, SUSPENDED, WITHDRAWN, RELINQUISHED}
    assert len({(start, act) for start, act, _ in TRANSITIONS}) == len(TRANSITIONS)


statement_lists = st.lists(
    st.tuples(st.dates(date(2026, 4, 1), date(2027, 4, 1)), st.sampled_from([ACTIVE, SUSPENDED, WITHDRAWN, CEASED])), max_size=6
).map(lambda rows: [replace(GRANTED, statement_no=no, effective_on=day, status=status) for no, (day, status) in enumerate(rows, 1)])  # fmt: skip


@given(statement_lists, st.dates(date(2026, 3, 1), date(2027, 5, 1)))
def test_since_is_the_first_day_of_the_unbroken_state(statements, day):
    """Against the plain meaning: ask every day before, one by one."""
    answer = accreditation_on(statements, day, SCHEME, HELD)
    first = day
    while first > date(2026, 3, 1):
        before = date.fromordinal(first.toordinal() - 1)
        state = accreditation_on(statements, before, SCHEME, HELD).state
        if state is not answer.state and not {state, answer.state} <= ENDED:
            break
        first = before
    assert answer.since == (None if answer.state is NONE else first)


@given(statement_lists, st.dates(date(2026, 3, 1), date(2027, 5, 1)))
def test_a_day_and_any_instant_of_it_in_the_zone_agree(statements, day):
    noon_in_tokyo = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    assert accreditation_at(statements, noon_in_tokyo, SCHEME, HELD) == accreditation_on(statements, day, SCHEME, HELD)
