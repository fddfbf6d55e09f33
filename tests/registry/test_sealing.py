"""The two commits: nothing is public between them, an act is finished once, and what must not wait does not wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.credentials.statement import read_statement
from app.errors import AkashiError
from app.registry import decision, issuance
from app.registry.sealing import seal_act, void
from app.registry.verification import verify
from tests.support.acts import begin_decision, begin_issue, begin_statement, count, refused, rows


@pytest.fixture
def decided(world):
    """A signed grant that is not issued yet."""
    opened = world.open()
    return world.decide_grant(opened.public_id, world.audits(opened.public_id))


def nothing(connection, sealed):
    """No record beside the sealed facts."""


def slots(world):
    return rows(world, "SELECT act_id FROM akashi.slot WHERE act_id IS NOT NULL")


def void_reasons(world):
    return [row.reason for row in rows(world, "SELECT reason FROM akashi.act_void")]


# --- Reserved, then sealed ---


def test_between_the_commits_the_bytes_stand_and_nobody_outside_knows(world, decided):
    begin_issue(world, decided)
    assert len(rows(world, "SELECT FROM akashi.reservation WHERE statement = 'certificate'")) == 1
    assert verify(world.registry, decided.certification).verdict == "unknown"


def test_an_act_left_between_its_commits_is_finished_later_as_if_nothing_had_happened(world, decided):
    act = begin_issue(world, decided)
    issued = issuance.finish_issue(world.registry, world.body, act, decided.id)
    assert verify(world.registry, issued.public_id).verdict == "valid"
    assert slots(world) == []


def test_finishing_again_gives_the_same_signature(world, decided):
    act = begin_issue(world, decided)
    first = issuance.finish_issue(world.registry, world.body, act, decided.id)
    assert issuance.finish_issue(world.registry, world.body, act, decided.id) == first


def test_two_finishers_of_one_act_give_one_answer(world, decided):
    act = begin_issue(world, decided)
    with ThreadPoolExecutor(4) as threads:
        answers = set(
            threads.map(lambda _: issuance.finish_issue(world.registry, world.body, act, decided.id), range(4))
        )
    assert len(answers) == 1
    assert void_reasons(world) == []


def test_facts_of_a_subject_are_numbered_without_gaps_and_each_has_its_log_entry(world):
    granted = world.grant()
    world.suspend(granted.public_id)
    numbers = rows(
        world,
        "SELECT e.n, r.statement FROM akashi.envelope e JOIN akashi.reservation r USING (body_id, id) "
        "JOIN akashi.log_queue q ON q.envelope_id = e.id WHERE r.body_id = %(body)s ORDER BY e.n",
        body=world.body,
    )
    assert numbers == [
        (1, "akashi-decision-1"),
        (2, "certificate"),
        (3, "akashi-standing-event-1"),
        (4, "akashi-decision-1"),
        (5, "akashi-standing-event-1"),
    ]


# --- Refused, or passing ---


def test_a_refusal_at_the_second_commit_voids_the_act_and_frees_its_subject(world, decided):
    act = begin_issue(world, decided)
    world.change_accreditation("suspend")
    with refused("accreditation_suspended_now"):
        issuance.finish_issue(world.registry, world.body, act, decided.id)
    assert void_reasons(world) == ["refused: accreditation_suspended_now"]
    assert (slots(world), count(world, "certificate_version")) == ([], 0)


def test_a_passing_failure_leaves_the_act_open_for_a_retry(world, decided):
    act = begin_issue(world, decided)

    def fail(connection, sealed):
        raise AkashiError("try_again")

    with refused("try_again"):
        seal_act(world.registry, world.body, act, fail)
    assert void_reasons(world) == []
    assert issuance.finish_issue(world.registry, world.body, act, decided.id).version_no == 1


def test_a_voided_act_says_so_however_often_it_is_asked(world, decided):
    act = begin_issue(world, decided)
    assert void(world.registry, world.body, act, "test")
    for _ in range(2):
        with refused("act_is_void"):
            seal_act(world.registry, world.body, act, nothing)
    assert void_reasons(world) == ["test"]


def test_a_sealed_act_is_never_voided(world, decided):
    act = begin_issue(world, decided)
    issuance.finish_issue(world.registry, world.body, act, decided.id)
    assert not void(world.registry, world.body, act, "too late")
    assert void_reasons(world) == []


def test_voiding_that_fails_is_told(world, decided):
    with refused("unknown_reference"):
        void(world.registry, world.accreditation_body, begin_issue(world, decided), "of another body")


# --- One act at a time about a subject ---


def test_a_second_act_about_a_subject_is_refused_while_the_first_is_under_way(world):
    granted = world.grant()
    cancel = world.draft(granted.public_id, "cancel", reason=("holder_request", "x"))
    withdraw = world.draft(granted.public_id, "withdraw", reason=("agreement_broken", "x"))
    begin_decision(world, cancel)
    with refused("act_under_way"):
        world.confirm(withdraw)


def test_an_accreditation_is_stated_once_at_a_time(world):
    first, second = (world.draft_statement("withdraw") for _ in range(2))
    begin_statement(world, first)
    with refused("act_under_way"):
        world.confirm_statement(second)


def test_a_suspension_overtakes_an_amendment_that_is_being_issued(world):
    granted = world.grant()
    amended = world.decide(granted.public_id, "amend")
    act = begin_issue(world, amended)

    suspended = world.suspend(granted.public_id)

    with refused("act_is_void"):
        issuance.finish_issue(world.registry, world.body, act, amended.id)
    assert void_reasons(world) == [f"overtaken: suspend by draft {suspended.id}"]
    assert verify(world.registry, granted.public_id).standing.state == "suspended"


def test_a_suspension_overtakes_an_amendment_that_is_being_decided(world):
    granted = world.grant()
    amendment = world.draft(granted.public_id, "amend")
    act = begin_decision(world, amendment)

    world.suspend(granted.public_id)

    with refused("act_is_void"):
        decision.finish_decision(world.registry, world.body, act, amendment.id)
    with refused("act_is_void"):
        world.confirm(amendment)


def test_a_withdrawal_overtakes_a_restoration(world):
    granted = world.grant()
    world.suspend(granted.public_id)
    restoration = world.draft(granted.public_id, "restore")
    act = begin_decision(world, restoration)

    world.withdraw(granted.public_id)

    with refused("act_is_void"):
        decision.finish_decision(world.registry, world.body, act, restoration.id)
    assert verify(world.registry, granted.public_id).standing.state == "withdrawn"


def test_a_cancellation_overtakes_nothing(world):
    granted = world.grant()
    begin_issue(world, world.decide(granted.public_id, "amend"))
    with refused("act_under_way"):
        world.cancel(granted.public_id)


def test_what_overtook_stands_before_the_overtaken_is_answered(world):
    """The event continues the chain from the grant: the amendment left no trace in it."""
    granted = world.grant()
    begin_issue(world, world.decide(granted.public_id, "amend"))
    event = read_statement(world.suspend(granted.public_id).event_jws).payload
    assert (event["event_no"], event["from_state"], event["to_state"]) == (2, "active", "suspended")
