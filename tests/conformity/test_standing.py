"""Standing on two clocks: chains of events, periods of versions, precedence, and the verdict that follows."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conformity.standing import (
    PRECEDENCE,
    TRANSITIONS,
    Act,
    Standing,
    StandingEvent,
    State,
    Validity,
    Verdict,
    broken_link,
    current_version,
    foremost,
    next_boundary,
    pending_versions,
    standing_at,
    verdict_of,
)
from tests.support.postgres import FreshDatabase

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
TOKYO = "Asia/Tokyo"
START = datetime(2027, 3, 1, tzinfo=UTC)
END = datetime(2030, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
STATES = {
    Act.GRANT: State.ACTIVE,
    Act.AMEND: State.ACTIVE,
    Act.SUSPEND: State.SUSPENDED,
    Act.RESTORE: State.ACTIVE,
    Act.WITHDRAW: State.WITHDRAWN,
    Act.CANCEL: State.CANCELLED,
    Act.ANNUL: State.ANNULLED,
}


def on(day: int) -> datetime:
    return START + day * DAY


def chain(*steps: tuple[Act, int] | tuple[Act, int, int], until: date | None = None) -> list[StandingEvent]:
    """Events of a certification: each step an act, the day it is effective, and the day it was recorded if another."""
    events, state = [], State.NONE
    for number, (act, effective, *recorded) in enumerate(steps, start=1):
        limit = until if act is Act.SUSPEND else None
        recorded_at = on(recorded[0] if recorded else effective)
        events.append(StandingEvent(number, act, state, STATES[act], on(effective), recorded_at, limit, TOKYO))
        state = STATES[act]
    return events


def version(number: int = 1, begins: datetime = START, ends: datetime = END, recorded: datetime = START) -> Validity:
    return Validity(number, begins, ends, recorded)


def standing(events, day: int, *, known: int | None = None, versions=None) -> Standing:
    return standing_at(events, versions or [version()], on(day), on(10_000 if known is None else known))


# --- The plain life of a certification ---


def test_nothing_recorded_is_no_standing():
    assert standing_at([], [], START, START) == Standing(State.NONE)


def test_a_grant_in_force_is_active_since_the_grant():
    answer = standing(chain((Act.GRANT, 0)), 1)
    assert (answer.state, answer.since, answer.version) == (State.ACTIVE, START, version())


@pytest.mark.parametrize("act", [Act.SUSPEND, Act.WITHDRAW, Act.CANCEL])
def test_a_later_act_counts_from_its_own_instant(act):
    events = chain((Act.GRANT, 0), (act, 10))
    assert standing(events, 9).state is State.ACTIVE
    answer = standing(events, 10)
    assert (answer.state, answer.since, answer.event) == (STATES[act], on(10), events[1])


def test_a_suspension_names_its_last_day_and_a_restoration_begins_anew():
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 10), (Act.RESTORE, 20), until=date(2027, 9, 10))
    assert standing(events, 15).until == date(2027, 9, 10)
    restored = standing(events, 25)
    assert (restored.state, restored.since, restored.until) == (State.ACTIVE, on(20), None)


def test_a_suspension_whose_time_limit_passed_stays_a_suspension_that_is_overdue():
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 10), until=date(2027, 3, 31))
    before = standing_at(events, [version()], datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC), on(500))
    after = standing_at(events, [version()], datetime(2027, 3, 31, 15, tzinfo=UTC), on(500))
    assert (before.state, before.overdue_since) == (State.SUSPENDED, None)
    assert (after.state, after.overdue_since) == (State.SUSPENDED, datetime(2027, 3, 31, 15, tzinfo=UTC))


def test_an_amendment_goes_on_with_the_state_it_found():
    assert standing(chain((Act.GRANT, 0), (Act.AMEND, 30)), 40).since == START


def test_a_prolonged_suspension_is_one_suspension_with_the_later_limit():
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 10), (Act.SUSPEND, 20), until=date(2027, 9, 10))
    answer = standing(events, 25)
    assert (answer.since, answer.event) == (on(10), events[2])


# --- Arithmetic: pending, expired ---


def test_a_grant_with_a_later_effect_is_pending_from_its_recording():
    events = chain((Act.GRANT, 30, 0))
    answer = standing(events, 10, versions=[version(begins=on(30))])
    assert (answer.state, answer.since, answer.version) == (State.PENDING, START, None)
    assert standing(events, 30, versions=[version(begins=on(30))]).state is State.ACTIVE


def test_before_the_grant_was_recorded_there_was_nothing():
    assert standing(chain((Act.GRANT, 30, 0)), -1, versions=[version(begins=on(30))]).state is State.NONE


def test_a_grant_effective_before_its_version_is_pending_until_the_version_begins():
    events = chain((Act.GRANT, 0))
    versions = [version(begins=on(30))]
    assert standing(events, 29, versions=versions).state is State.PENDING
    assert standing(events, 30, versions=versions).since == on(30)


def test_a_suspension_before_the_first_version_begins_is_a_suspension():
    assert (
        standing(chain((Act.GRANT, 0), (Act.SUSPEND, 5)), 10, versions=[version(begins=on(30))]).state
        is State.SUSPENDED
    )


def test_a_certification_expires_at_the_instant_after_its_last_valid_day():
    events = chain((Act.GRANT, 0))
    last_second = standing_at(events, [version()], END - timedelta(seconds=1), END)
    answer = standing_at(events, [version()], END, END)
    assert last_second.state is State.ACTIVE
    assert (answer.state, answer.since) == (State.EXPIRED, END)


def test_expiry_during_a_suspension_reads_expired_and_the_suspension_stays_in_sight():
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 1000), until=date(2030, 5, 1))
    answer = standing_at(events, [version()], END + DAY, END + DAY)
    assert (answer.state, answer.since, answer.event) == (State.EXPIRED, END, events[1])


def test_a_withdrawn_certification_stays_withdrawn_after_its_end():
    answer = standing_at(chain((Act.GRANT, 0), (Act.WITHDRAW, 50)), [version()], END + DAY, END + DAY)
    assert (answer.state, answer.since) == (State.WITHDRAWN, on(50))


def test_a_restoration_after_expiry_leaves_the_gap_visible():
    """17021-1 9.6.3: no back-dating over the gap."""
    restored = END + 60 * DAY
    events = chain((Act.GRANT, 0))
    events.append(StandingEvent(2, Act.RESTORE, State.ACTIVE, State.ACTIVE, restored, restored, None, TOKYO))
    versions = [version(), version(2, restored, END + 1000 * DAY, restored)]
    later = restored + 30 * DAY
    in_gap, after = (standing_at(events, versions, at, later) for at in (END + DAY, later))
    assert (in_gap.state, in_gap.since) == (State.EXPIRED, END)
    assert (after.state, after.since, after.version) == (State.ACTIVE, restored, versions[1])


# --- Versions ---


def test_the_current_version_is_the_highest_number_that_has_begun():
    first, second = version(), version(2, begins=on(100), recorded=on(50))
    assert current_version([second, first], on(99), on(99)) == first
    assert current_version([second, first], on(100), on(100)) == second
    assert current_version([second, first], on(-1), on(99)) is None


def test_later_versions_are_pending_once_they_are_known():
    first, second = version(), version(2, begins=on(100), recorded=on(50))
    assert pending_versions([second, first], on(60), on(60)) == (second,)
    assert pending_versions([second, first], on(60), on(49)) == ()
    assert pending_versions([second, first], on(100), on(100)) == ()
    assert pending_versions([second, first], on(-1), on(60)) == (first, second)


# --- Two clocks, annulment ---


def test_what_was_not_yet_recorded_was_not_yet_known():
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 10), (Act.WITHDRAW, 20))
    assert standing(events, 30, known=9).state is State.ACTIVE
    assert standing(events, 30, known=19).state is State.SUSPENDED
    assert standing(events, 30, known=20).state is State.WITHDRAWN
    assert standing(events, 15, known=30).state is State.SUSPENDED


def test_an_annulment_once_known_reaches_back_to_the_beginning():
    """domain.md section 9: any to annulled, effective from the beginning, never deletes."""
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 10), (Act.ANNUL, 0, 40))
    for day in (-5, 0, 15, 39, 50):
        assert standing(events, day, known=40).state is State.ANNULLED
    assert standing(events, 5, known=39).state is State.ACTIVE
    assert standing(events, 15, known=39).state is State.SUSPENDED


def test_a_scheduled_suspension_overtaken_by_a_withdrawal_never_speaks():
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 30, 10), (Act.WITHDRAW, 20))
    assert [standing(events, day).state for day in (15, 25, 35)] == [State.ACTIVE, State.WITHDRAWN, State.WITHDRAWN]


@given(st.permutations(chain((Act.GRANT, 0), (Act.SUSPEND, 10), (Act.RESTORE, 20), (Act.AMEND, 30), (Act.CANCEL, 40))))
def test_the_order_in_which_events_are_given_does_not_matter(events):
    expected = [State.ACTIVE, State.SUSPENDED, State.ACTIVE, State.ACTIVE, State.CANCELLED]
    assert [standing(events, day).state for day in (5, 15, 25, 35, 45)] == expected


@given(
    st.lists(st.sampled_from([Act.AMEND, Act.SUSPEND, Act.RESTORE]), max_size=6),
    st.integers(-10, 2000),
    st.integers(0, 2000),
)
def test_what_is_recorded_later_never_changes_what_was_known_earlier(acts, at, known):
    events = chain((Act.GRANT, 0), *((act, 100 * number) for number, act in enumerate(acts, start=1)))
    recorded = [event for event in events if event.recorded_at <= on(known)]
    assert standing(events, at, known=known) == standing(recorded, at, known=2000)


# --- Precedence, chain, boundaries ---


def test_the_published_precedence():
    """C028: which word wins when several are true."""
    order = [
        State.ANNULLED, State.WITHDRAWN, State.EXPIRED, State.SUSPENDED, State.PENDING, State.ACTIVE, State.NONE,
    ]  # fmt: skip
    for stronger, weaker in itertools.combinations(order, 2):
        assert foremost([weaker, stronger]) is stronger
    assert set().union(*PRECEDENCE) == set(State)
    assert {State.WITHDRAWN, State.CANCELLED, State.TRANSFERRED} in PRECEDENCE


def test_the_glossary_publishes_this_precedence_and_these_verdicts():
    glossary = GLOSSARY.read_text(encoding="utf-8")
    published = glossary.rpartition("the first of these is said: ")[2].replace("\n", " ").strip(" .").split("; ")
    assert [set(rank.replace(" or ", ", ").split(", ")) for rank in published] == [
        set(rank) for rank in PRECEDENCE[:-1]
    ]
    assert all(f"`{verdict}`" in glossary for verdict in Verdict)


def test_an_unbroken_chain_has_no_broken_link():
    assert broken_link([]) is None
    assert broken_link(chain((Act.GRANT, 0), (Act.SUSPEND, 1), (Act.RESTORE, 2))) is None


@pytest.mark.parametrize("removed", [0, 1])
def test_a_chain_with_an_event_left_out_names_the_one_after_it(removed):
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 1), (Act.RESTORE, 2))
    del events[removed]
    assert broken_link(events) == removed + 2


def test_a_chain_that_does_not_begin_with_nothing_is_broken():
    events = chain((Act.GRANT, 0))
    assert broken_link([StandingEvent(1, Act.RESTORE, State.SUSPENDED, State.ACTIVE, START, START), *events]) == 1


def test_the_moves_are_those_of_the_database(database: FreshDatabase):
    with psycopg.connect(database.superuser_url) as connection:
        rows = connection.execute("SELECT from_state, act, to_state FROM akashi.transition").fetchall()
    assert {(State(begins), Act(act), State(ends)) for begins, act, ends in rows} == TRANSITIONS


WAYS = {State.ACTIVE: (), **{STATES[act]: (act,) for act in (Act.SUSPEND, Act.WITHDRAW, Act.CANCEL, Act.ANNUL)}}


@pytest.mark.parametrize(("first", "act"), list(itertools.product(WAYS, Act)))
def test_a_move_that_is_not_in_the_table_breaks_the_chain(first, act):
    events = chain((Act.GRANT, 0), *((step, 1) for step in WAYS[first]))
    to_state = STATES.get(act, State.ACTIVE)
    events.append(StandingEvent(len(events) + 1, act, first, to_state, on(9), on(9)))
    assert broken_link(events) == (None if (first, act, to_state) in TRANSITIONS else len(events))


def test_the_next_boundary_is_the_first_turn_that_the_calendar_brings():
    events = chain((Act.GRANT, 0), (Act.SUSPEND, 10), until=date(2027, 3, 31))
    versions = [version(), version(2, begins=on(100))]
    assert next_boundary(events, versions, on(-1)) == START
    assert next_boundary(events, versions, on(10)) == datetime(2027, 3, 31, 15, tzinfo=UTC)
    assert next_boundary(events, versions, on(50)) == on(100)
    assert next_boundary(events, versions, on(100)) == END
    assert next_boundary(events, versions, END) is None


# --- Verdicts ---


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (State.NONE, Verdict.UNKNOWN),
        (State.PENDING, Verdict.NOT_CURRENTLY_VALID),
        (State.ACTIVE, Verdict.VALID),
        (State.SUSPENDED, Verdict.NOT_CURRENTLY_VALID),
        (State.EXPIRED, Verdict.NO_LONGER_VALID),
        (State.WITHDRAWN, Verdict.NO_LONGER_VALID),
        (State.CANCELLED, Verdict.NO_LONGER_VALID),
        (State.TRANSFERRED, Verdict.NO_LONGER_VALID),
        (State.ANNULLED, Verdict.NEVER_VALID),
    ],
)
def test_each_state_has_its_verdict_and_a_notice_changes_only_a_valid_one(state, verdict):
    assert verdict_of(state) is verdict
    assert verdict_of(state, noticed=True) is (Verdict.VALID_WITH_NOTICE if state is State.ACTIVE else verdict)


@pytest.mark.parametrize("state", list(State))
def test_what_is_not_established_is_unknown_and_never_invalid(state):
    assert verdict_of(state, established=False, noticed=True, signed_after_compromise=True) is Verdict.UNKNOWN


def test_a_signature_after_its_key_was_compromised_never_had_effect():
    assert verdict_of(State.ACTIVE, signed_after_compromise=True) is Verdict.NEVER_VALID
