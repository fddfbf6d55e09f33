"""A refusal with plain SQL: a decision with its reason, about itself, that moves nothing (17021-1 9.5)."""

from __future__ import annotations

import pytest

from app.credentials.statement import statement_input
from app.storage.rows import insert
from tests.support.acts import rows
from tests.support.around import Attempt, hold, lawful, opened, refuses, reserve, seal, subject
from tests.support.issuing import event_document, event_row

REASON = ("requirements_not_met", "no impact assessment")


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def refusal(world) -> Attempt:
    return lawful(world, opened(world)[0], "refuse", reason=REASON)


def decide(connection, refusal, about) -> None:
    """The refusal up to its row, as an act about this subject."""
    refusal.draft(connection)
    refusal.confirm(connection)
    hold(connection, refusal.world.body, refusal.act, "decide", refusal.id, about)
    refusal.judge(connection)


def test_a_refusal_is_about_itself(world, refusal):
    """Under the certification's subject, whoever is given that ID one day could find it."""
    with refuses("document_mismatch"), world.database.transaction(body=world.body) as connection:
        decide(connection, refusal, bytes(refusal.certification.subject))
    again = lawful(world, refusal.document["certification"], "refuse", reason=REASON)
    with world.database.transaction(body=world.body) as connection:
        decide(connection, again, subject(again.id))
        seal(connection, world.body, again.reserve(connection, subject=subject(again.id)))
    (envelope,) = rows(world, "SELECT n FROM akashi.envelope WHERE subject = %(s)s", s=subject(again.id))
    assert envelope.n == 1


def test_a_refusal_states_a_coded_reason(world):
    bare = lawful(world, opened(world)[0], "refuse")
    with refuses("reason_missing"), world.database.transaction(body=world.body) as connection:
        decide(connection, bare, subject(bare.id))


def test_a_refusal_brings_about_no_event(world, refusal):
    """Not even a signed one: no row of the transition table begins with it."""
    about, key = subject(refusal.id), world.ring.certification.thumbprint
    constraint = "standing_event_from_state_act_to_state_fkey"
    with (
        refuses("no_such_transition", "23503", constraint),
        world.database.transaction(body=world.body) as connection,
    ):
        decide(connection, refusal, about)
        (row,) = connection.exec_driver_sql(f"SELECT * FROM akashi.decision WHERE id = '{refusal.id}'").all()
        event = event_document(connection, refusal, row) | {"to_state": "withdrawn"}
        decided = refusal.reserve(connection, subject=about)
        made = reserve(
            connection, body=world.body, act=refusal.act, ordinal=2, statement="akashi-standing-event-1",
            subject=about, signing_input=statement_input(event, key), thumbprint=key,
        )  # fmt: skip
        for one in (decided, made):
            seal(connection, world.body, one)
        insert(connection, "standing_event", **event_row(world.body, refusal.certification.id, event, made))
