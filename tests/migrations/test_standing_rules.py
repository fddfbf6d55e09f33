"""Standing moves along the transition table alone, by signed events that say what their decision says."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.support.acts import rows
from tests.support.around import Attempt, lawful, lawful_grant, refuses, seal
from tests.support.issuing import Issue, carry_out, decided_grant, reserve_and_seal

STATES = ("none", "active", "suspended", "withdrawn", "cancelled", "annulled")
ACTS = ("grant", "amend", "suspend", "restore", "withdraw", "cancel", "annul")
LEADS = {
    "none": {"grant": "active", "transfer_in": "active", "import": "active"},
    "active": {
        **dict.fromkeys(
            ("maintain", "extend", "reduce", "amend", "correct", "translate", "renew", "transition"), "active"
        ),
        "restore_expired": "active",
        "suspend": "suspended",
        "suspend_urgently": "suspended",
        "withdraw": "withdrawn",
        "cancel": "cancelled",
        "transfer_out": "transferred",
        "annul": "annulled",
    },
    "suspended": {
        **dict.fromkeys(("restore", "reduce", "restore_expired", "overturn_suspension"), "active"),
        **dict.fromkeys(("ratify", "suspend", "amend", "correct", "translate"), "suspended"),
        "withdraw": "withdrawn",
        "cancel": "cancelled",
        "annul": "annulled",
    },
    "withdrawn": {"annul": "annulled"},
    "cancelled": {"annul": "annulled"},
    "transferred": {"annul": "annulled", "overturn_transfer": "active"},
}
OVERTURNED = {("withdrawn", "overturn_withdrawal", "active"), ("withdrawn", "overturn_withdrawal", "suspended")}
ALLOWED = {(state, act): to_state for state, acts in LEADS.items() for act, to_state in acts.items()}
REFUSED = [(state, act) for state in STATES for act in ACTS if (state, act) not in ALLOWED]
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def service(world):
    """A transaction of the service's role for the body."""
    return lambda: world.database.transaction(body=world.body)


@pytest.fixture
def granted(world) -> str:
    """A certificate in force."""
    return world.grant(f"st-{uuid4()}").public_id


@pytest.fixture
def suspension(world, granted) -> Attempt:
    return lawful(world, granted, "suspend")


@pytest.fixture(scope="module")
def in_state(lasting_world):
    """One certification in each state, with its grant's facts for acts that need some."""
    world = lasting_world
    made = {"none": lawful_grant(world).document["certification"]}
    for state in STATES[1:]:
        made[state] = world.grant(f"in-{state}").public_id
    world.suspend(made["suspended"])
    world.withdraw(made["withdrawn"])
    world.cancel(made["cancelled"])
    world.annul(made["annulled"])
    return made


def test_the_transition_table_is_exactly_this(world):
    table = {(row.from_state, row.act, row.to_state) for row in rows(world, "SELECT * FROM akashi.transition")}
    assert table == {(*move, to_state) for move, to_state in ALLOWED.items()} | OVERTURNED


@pytest.mark.parametrize(("state", "act"), REFUSED)
def test_a_transition_that_the_table_does_not_have_is_refused(world, in_state, state, act):
    attempt = lawful(world, in_state["active"], act if act not in {"grant", "restore"} else "withdraw")
    if act in {"grant", "restore"}:
        attempt.document["act"], attempt.reason = act, None
    elif act == "amend":
        attempt.document["accreditations"], attempt.facts = [], None
    attempt.document["certification"] = in_state[state]
    with refuses("no_such_transition"):
        attempt.attempt()


@pytest.mark.parametrize("act", ["suspend", "withdraw", "cancel", "annul"])
def test_a_lawful_change_may_be_written_with_plain_sql(world, granted, service, act):
    with service() as connection:
        carry_out(connection, lawful(world, granted, act))
    (last,) = rows(
        world,
        "SELECT e.to_state FROM akashi.standing_event e JOIN akashi.certification c ON c.id = e.certification_id "
        "WHERE c.public_id = %(id)s ORDER BY e.event_no DESC LIMIT 1",
        id=granted,
    )
    assert last.to_state == ALLOWED["active", act]


# Suspensions (invariant 13).


def test_a_suspension_has_an_end(suspension):
    suspension.document["until"] = None
    with refuses("suspension_without_end"):
        suspension.attempt()


def test_nothing_but_a_suspension_has_an_end(world, granted):
    withdrawal = lawful(world, granted, "withdraw")
    withdrawal.document["until"] = world.ago(-10).isoformat()
    with refuses("suspension_without_end"):
        withdrawal.attempt()


def test_a_suspension_does_not_end_before_it_begins(world, suspension):
    suspension.document["until"] = world.ago(1).isoformat()
    with refuses("suspension_ends_before_it_begins", "23514", "suspension_ends_before_it_begins"):
        suspension.attempt()


def test_a_suspension_is_no_longer_than_the_scheme_allows(world, suspension):
    months = psycopg.connect(world.fresh.superuser_url)
    (longest,) = months.execute("SELECT (%s::date + interval '6 months')::date", [world.today]).fetchone()
    months.close()
    suspension.document["until"] = (longest + timedelta(days=1)).isoformat()
    with refuses("suspension_too_long"):
        suspension.attempt()
    suspension.salts = {}
    suspension.document["until"] = longest.isoformat()
    suspension.attempt()


# Events.


def test_an_event_is_never_backdated(world, suspension, service):
    earlier = (world.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with refuses("event_backdated"), service() as connection:
        carry_out(connection, suspension, signed={"effective_at": earlier})


def test_an_event_is_not_put_off_for_ever(suspension, service):
    """A suspension that takes effect in a hundred years would suspend nothing."""
    with refuses("document_mismatch"), service() as connection:
        carry_out(connection, suspension, signed={"effective_at": "2126-01-01T00:00:00Z"})


def test_an_annulment_reaches_back_to_its_day(world, granted, service):
    annulment = lawful(world, granted, "annul").dated(world.ago(0), world.ago(0))
    with service() as connection:
        carry_out(connection, annulment)
    again = lawful(world, world.grant(f"an-{uuid4()}").public_id, "annul")
    with refuses("document_mismatch"), service() as connection:
        carry_out(connection, again, signed={"effective_at": "2020-01-01T00:00:00Z"})


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("certification", "0" * 35),
        ("body", NOBODY),
        ("event_no", 3),
        ("previous_no", None),
        ("from_state", "suspended"),
        ("to_state", "withdrawn"),
        ("act", "withdraw"),
        ("decision_sha256", "x" * 43),
        ("until", "2099-01-01"),
        ("time_zone", "Asia/Seoul"),
        ("reason_commitment", None),
        ("effective_at", None),
    ],
)
def test_an_event_is_recorded_as_it_was_signed(suspension, service, member, value):
    """The row stays lawful; the signed bytes beside it say something else."""
    lawful_row = {"event_no": 2, "act": "suspend", "from_state": "active", "to_state": "suspended"}
    lawful_row |= {"until": suspension.document["until"]}
    with refuses("document_mismatch"), service() as connection:
        suspension.decide(connection)
        if member == "effective_at":
            lawful_row["effective_at"] = connection.exec_driver_sql(
                f"SELECT date_trunc('milliseconds', recorded_at) FROM akashi.act WHERE id = '{suspension.act}'"
            ).scalar_one()
        reserve_and_seal(connection, suspension, signed={member: value}, row=lawful_row)


@pytest.mark.parametrize(
    ("row", "code", "state", "constraint"),
    [
        ({"version_no": 1}, "event_without_version", "AKR01", None),
        ({"decision_id": NOBODY}, "unknown_decision", "AKR01", None),
        ({"envelope_id": NOBODY}, "act_is_void", "AKR01", None),
    ],
    ids=["a version", "another decision", "another envelope"],
)
def test_an_event_belongs_to_its_decision_and_its_envelope(suspension, service, row, code, state, constraint):
    with refuses(code, state, constraint), service() as connection:
        carry_out(connection, suspension, row=row)


@pytest.mark.parametrize(("number", "previous"), [(1, None), (3, 2), (9, 8)])
def test_events_continue_the_chain_without_a_gap(suspension, service, number, previous):
    constraint = {1: "standing_event_check", 3: "standing_event_body_id_certification_id_previous_no_from_s_fkey"}
    numbers = {"event_no": number, "previous_no": previous}
    state, code = ("23514", "value_refused") if number == 1 else ("23503", "unknown_reference")
    with refuses(code, state, constraint.get(number, constraint[3])), service() as connection:
        carry_out(connection, suspension, signed=numbers)


def test_an_event_of_an_issue_is_not_used_for_another_decision(world, service, suspension):
    issue = Issue.of(world, decided_grant(world))
    with service() as connection:
        issue.first_commit(connection)
    with refuses("act_is_void"), service() as connection:
        carry_out(connection, suspension, row={"envelope_id": issue.ids["akashi-standing-event-1"]})


def test_one_decision_brings_about_one_event(world, granted, service):
    with service() as connection:
        carry_out(connection, done := lawful(world, granted, "suspend"))
    (event,) = rows(world, "SELECT * FROM akashi.standing_event WHERE decision_id = %(id)s", id=done.id)
    with refuses("document_mismatch"), service() as connection:
        connection.exec_driver_sql(
            "INSERT INTO akashi.standing_event (body_id, certification_id, event_no, act, from_state, to_state, decision_id, "
            "effective_at, until, envelope_id) SELECT body_id, certification_id, 3, 'suspend', 'suspended', 'suspended', "
            f"decision_id, effective_at, until, envelope_id FROM akashi.standing_event WHERE envelope_id = '{event.envelope_id}'"
        )


def test_a_decision_alone_is_not_signed_without_its_event(suspension, service):
    """A suspension that was signed but never takes effect would be a promise that nobody keeps."""
    with refuses("act_incomplete"), service() as connection:
        suspension.decide(connection)
        seal(connection, suspension.world.body, suspension.reserve(connection))


# Annulment and expiry.


@pytest.mark.parametrize("event", [None, 2, 0])
def test_an_annulment_names_the_event_it_annuls(world, granted, event):
    annulment = lawful(world, granted, "annul")
    annulment.document["annuls"] = event
    with refuses("annulled_event_unknown"):
        annulment.attempt()


def test_nothing_but_an_annulment_annuls_an_event(suspension):
    suspension.document["annuls"] = 1
    with refuses("annulled_event_unknown"):
        suspension.attempt()


@pytest.mark.parametrize("act", ["suspend", "withdraw", "cancel", "amend"])
def test_after_expiry_nothing_is_left_but_to_annul(world, act):
    public_id = world.grant(f"short-{uuid4()}", certificate=world.wanted(last_valid_day=world.ago(-1))).public_id
    attempt = lawful(world, public_id, act)
    world.set_clock(world.now() + timedelta(days=3))
    try:
        with refuses("certificate_expired"):
            attempt.attempt()
    finally:
        world.set_clock(world.now() - timedelta(days=3))
