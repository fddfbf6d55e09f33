"""Transfers written with plain SQL as the service's role: each party's own steps, and no certificate that breaks MD 2."""

from __future__ import annotations

import itertools
from uuid import uuid4

import pytest

from app.storage.rows import insert, run
from tests.support.acts import rows
from tests.support.around import Attempt, like, refuses
from tests.support.issuing import Issue, carry_out
from tests.support.transfers import LETTER, Accepting

NUMBERS = itertools.count(1)
DENIED = "42501"


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def accepting(lasting_world) -> Accepting:
    return Accepting(lasting_world)


@pytest.fixture
def old(world) -> str:
    return world.grant(f"TR-{next(NUMBERS):04}").public_id


@pytest.fixture
def moving(accepting, old):
    """An open transfer."""
    return accepting.open(old)


def service(world, body):
    return world.database.transaction(body=body)


def row_of(world, moving):
    return rows(world, "SELECT * FROM akashi.transfer WHERE id = %(id)s", id=moving)[0]


def step(connection, body, accepting, moving, name, **said):
    said.setdefault("done_on", accepting.world.today)
    insert(connection, "transfer_step", body_id=body, to_body_id=accepting.body, transfer_id=moving, step=name, **said)


# The record.


def test_whose_certification_it_is_and_who_sees_it_are_the_database_s_to_say(world, accepting, old):
    stranger, applied, moving = uuid4(), accepting.apply(), uuid4()
    with service(world, accepting.body) as connection:
        insert(
            connection,
            "transfer",
            body_id=accepting.body,
            id=moving,
            application_id=applied,
            source=old,
            requested_on=world.today,
            request_sha256=LETTER,
            from_body_id=stranger,
            from_certification_id=uuid4(),
            organisation_id=uuid4(),
            scheme_code="other",
            overseers=(stranger,),
            subject=b"x" * 32,
        )
    row = row_of(world, moving)
    assert (row.from_body_id, row.overseers, row.scheme_code) == (world.body, [world.accreditation_body], "aims")


def test_a_step_is_numbered_by_the_database(world, accepting, moving):
    with service(world, accepting.body) as connection:
        step(
            connection,
            accepting.body,
            accepting,
            moving,
            "withdrawn",
            ground="client_request",
            n=77,
            from_state="closed",
            to_state="completed",
        )
    (kept,) = rows(world, "SELECT * FROM akashi.transfer_step WHERE transfer_id = %(id)s", id=moving)
    assert (kept.n, kept.from_state, kept.to_state) == (1, "opened", "withdrawn")


@pytest.mark.parametrize("name", ["released", "refused", "no_cooperation", "closed", "source_changed", "taken_back"])
def test_the_accepting_body_takes_no_step_of_another(world, accepting, moving, name):
    with refuses("no_such_transfer_step"), service(world, accepting.body) as connection:
        step(connection, accepting.body, accepting, moving, name)


@pytest.mark.parametrize("name", ["reviewed", "accepted", "completed", "withdrawn", "no_cooperation"])
def test_the_issuing_body_takes_no_step_of_another(world, accepting, moving, name):
    with refuses("no_such_transfer_step"), service(world, world.body) as connection:
        step(connection, world.body, accepting, moving, name)


@pytest.mark.parametrize("name", ["released", "reviewed", "withdrawn", "source_changed"])
def test_the_accreditation_body_takes_no_step_of_another(world, accepting, moving, name):
    with refuses("no_such_transfer_step"), service(world, world.accreditation_body) as connection:
        step(connection, world.accreditation_body, accepting, moving, name)


def test_a_third_body_meets_the_same_wall_as_before_nothing(world, accepting, moving):
    stranger, _ = world.add_certification_body("A third body")
    for one in (moving, uuid4()):
        for body in (stranger, accepting.body, world.body):
            with refuses("unknown_transfer"), service(world, stranger) as connection:
                step(connection, body, accepting, one, "withdrawn", ground="client_request")


def test_no_body_opens_a_transfer_in_another_s_name(world, accepting, old):
    said = {"application_id": accepting.apply(), "source": old, "requested_on": world.today, "request_sha256": LETTER}
    with refuses("unknown_reference"), service(world, world.body) as connection:
        insert(connection, "transfer", body_id=accepting.body, id=uuid4(), **said)


@pytest.mark.parametrize("statement", ["UPDATE akashi.transfer_step SET to_state = 'released'", "DELETE FROM akashi.transfer"])  # fmt: skip
def test_a_step_is_never_changed(world, accepting, moving, statement):
    with refuses("unknown_reference", DENIED), service(world, accepting.body) as connection:
        run(connection, statement)


@pytest.mark.parametrize(
    ("name", "party"), [("accepted", "accepting"), ("closed", "issuing"), ("completed", "accepting")]
)
def test_a_step_of_a_decision_needs_that_decision(world, accepting, old, name, party):
    """In every state in which the step could be taken, by hand it is none."""
    moving, new = accepting.accepted(old)
    if name != "accepted":
        accepting.take_over(new)
    body = accepting.body if party == "accepting" else world.body
    other = rows(world, "SELECT id FROM akashi.decision WHERE body_id = %(b)s LIMIT 1", b=body)
    for decision in (None, *(row.id for row in other)):
        with refuses("unknown_decision"), service(world, body) as connection:
            step(connection, body, accepting, moving, name, decision_id=decision)


def test_evidence_is_what_was_signed_in_this_transfer(world, accepting, old):
    moving, second = accepting.open(old), accepting.open(world.grant(f"TR-{next(NUMBERS):04}").public_id)
    for one in (moving, second):
        accepting.refuse(one)
    accepting.evidence(second, "refusal_without_ground")
    (signed,) = rows(world, "SELECT envelope_id FROM akashi.transfer_step WHERE transfer_id = %(id)s AND envelope_id IS NOT NULL", id=second)  # fmt: skip
    for envelope in (None, signed.envelope_id):
        with refuses("document_mismatch"), service(world, world.accreditation_body) as connection:
            said = {"ground": "refusal_without_ground", "envelope_id": envelope}
            step(connection, world.accreditation_body, accepting, moving, "no_cooperation", **said)


# The decision to take over.


@pytest.fixture
def attempt(accepting, old) -> Attempt:
    """A lawful decision to take over, not yet written."""
    _, new = accepting.accepted(old)
    return like(accepting.world_of_its_own, accepting.draft_in(new))


def test_an_attempt_as_it_stands_is_lawful(attempt):
    attempt.attempt()


def test_one_more_site(accepting, attempt):
    annex = accepting.add_site("Annex")
    site = attempt.facts["scope"]["sites"][0]
    attempt.facts["scope"]["sites"].append({**site, "id": str(annex)})
    with refuses("transfer_widens_scope"):
        attempt.attempt()


def test_two_sites_are_not_matched_with_one(world, accepting, old):
    annex, applied = accepting.add_site("Annex"), accepting.apply()
    moving = accepting.open(old, applied=applied)
    accepting.release(moving)
    accepting.review(moving, sites=dict.fromkeys((accepting.site, annex), str(world.head_office)))
    wanted = accepting.wanted(site_ids=(accepting.site, annex))
    doubled = like(
        accepting.world_of_its_own, accepting.draft_in(accepting.certification_of(applied), certificate=wanted)
    )
    with refuses("transfer_widens_scope"):
        doubled.attempt()


def test_another_end(attempt):
    attempt.until(attempt.world.ago(-400))
    with refuses("transfer_moves_the_end"):
        attempt.attempt()


@pytest.mark.parametrize(
    ("part", "member", "value"),
    [
        ("cycle", "initially_certified_on", "2020-01-01"),
        ("cycle", "started_on", "2020-01-01"),
        ("previous", "basis", "no_cooperation"),
        ("previous", "basis", "outside"),
        ("previous", "number", "another"),
        ("previous", "certificate_id", "0" * 35),
        ("previous", "last_valid_day", "2040-01-01"),
    ],
)
def test_what_the_new_certificate_says_of_the_old_one_is_true(attempt, part, member, value):
    attempt.facts[part][member] = value
    with refuses("document_mismatch"):
        attempt.attempt()


def test_no_transfer(world, accepting, attempt):
    """The same words about a certification of an application from which no transfer was opened."""
    attempt.document["certification"] = accepting.certification_of(accepting.apply())
    with refuses("no_open_transfer"):
        attempt.attempt()


def test_a_transfer_that_was_withdrawn(world, accepting, old):
    moving, new = accepting.accepted(old)
    late = like(accepting.world_of_its_own, accepting.draft_in(new))
    accepting.withdraw(moving)
    with refuses("no_open_transfer"):
        late.attempt()


# Closing and issuing.


def test_closing_without_a_transfer(world, old):
    with refuses("no_open_transfer"), service(world, world.body) as connection:
        carry_out(connection, like(world, world.draft(old, "transfer_out")))


def test_closing_on_a_decision_that_nobody_signed(world, accepting, old, attempt):
    """The row of a decision is no word: the accepting body may still have to void it."""
    attempt.attempt()
    source = rows(world, "SELECT t.source FROM akashi.transfer t JOIN akashi.certification c ON c.application_id = t.application_id WHERE c.public_id = %(n)s", n=attempt.document["certification"])  # fmt: skip
    closing = like(world, world.draft(source[0].source, "transfer_out"))
    with refuses("transfer_not_decided"):
        closing.attempt()


@pytest.mark.parametrize("instant", ["2026-12-31T15:00:00Z", None])
def test_closing_at_another_instant(world, accepting, old, instant):
    _, new = accepting.accepted(old)
    accepting.take_over(new)
    closing = like(world, world.draft(old, "transfer_out"))
    closing.document["effective_at"] = instant
    with refuses("closes_at_another_instant"):
        closing.attempt()


def test_issuing_before_the_old_one_is_closed(world, accepting, old):
    _, new = accepting.accepted(old)
    decided = accepting.take_over(new)
    with refuses("transfer_out_missing"):
        Issue.of(accepting.world_of_its_own, decided)


def test_a_suspension_between_the_commits_of_the_issue_wins(world, accepting, old):
    """Where nothing closes the old one, it is judged again when the new one is recorded."""
    applied = accepting.apply()
    moving = accepting.open(old, applied=applied)
    accepting.refuse(moving)
    accepting.evidence(moving, "refusal_without_ground")
    accepting.review(moving)
    decided = accepting.take_over(accepting.certification_of(applied), effective_on=world.today)
    issue = Issue.of(accepting.world_of_its_own, decided)
    with service(world, accepting.body) as connection:
        issue.first_commit(connection)
    world.suspend(old)
    with refuses("transfer_of_suspended"), service(world, accepting.body) as connection:
        issue.second_commit(connection)


def test_what_was_not_closed_for_a_transfer_is_not_taken_back(world, accepting, old):
    _, new = accepting.accepted(old)
    accepting.take_over(new)
    world.decide(old, "transfer_out")
    back = like(world, world.draft(old, "overturn_transfer", annuls=2))
    with refuses("transfer_not_failed"):
        back.attempt()
    back = like(world, world.draft(old, "overturn_transfer", annuls=1))
    with refuses("transfer_not_failed"):
        back.attempt()


def test_the_table_of_steps_is_exactly_this(world):
    table = {
        (row.from_state, row.step, row.to_state)
        for row in rows(world, "SELECT * FROM akashi.transfer_transition WHERE step <> 'source_changed'")
    }
    leads = {
        "released": ({"opened", "refused", "released", "attested"}, "released"),
        "refused": ({"opened"}, "refused"),
        "no_cooperation": ({"opened", "refused", "released", "reviewed", "accepted"}, "attested"),
        "reviewed": ({"outside", "released", "attested", "reviewed", "accepted"}, "reviewed"),
        "accepted": ({"reviewed", "accepted"}, "accepted"),
        "closed": ({"accepted"}, "closed"),
        "completed": ({"accepted", "closed"}, "completed"),
        "withdrawn": (
            {"outside", "opened", "released", "refused", "attested", "reviewed", "accepted", "closed"},
            "withdrawn",
        ),
        "taken_back": ({"closed", "withdrawn"}, "taken_back"),
    }
    expected = {(state, name, to) for name, (states, to) in leads.items() for state in states}
    assert table == expected | {("completed", "closed", "completed")}


def test_the_owner_s_eyes_answer_the_parties_alone(world, accepting, old):
    moving, _ = accepting.accepted(old)
    stranger, _ = world.add_certification_body("A third body")
    for body in (stranger, world.body, world.accreditation_body):
        with service(world, body) as connection:
            (source,) = connection.exec_driver_sql(f"SELECT * FROM akashi.source_of('{moving}')").all()
            assert set(source) == {None}
    with service(world, stranger) as connection:
        started = connection.exec_driver_sql(
            f"SELECT akashi.start_of_transfer('{accepting.body}', '{moving}')"
        ).scalar()
        assert started is None
