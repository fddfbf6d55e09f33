"""What a crash left between two commits is finished or voided, whatever kind of act it was."""

from __future__ import annotations

from datetime import timedelta

from app.keys.evidence import sign_evidence
from app.registry import accreditation, key_binding
from app.registry.drafts import record_confirmation
from app.registry.recovery import Recovered, finish_open_acts
from app.registry.verification import verify
from tests.support.acts import begin_decision, begin_issue, begin_statement, refused, rows, said


def draft_withdrawal(world):
    return world.draft_statement("withdraw")


def begin_binding(world):
    """Only the first commit of a binding."""
    begin = world.now()
    draft = key_binding.draft_binding(
        world.registry,
        world.ab_actor,
        accreditation=world.known_accreditation,
        thumbprint=world.ring.certification.thumbprint,
        valid_from=begin,
        valid_to=begin + timedelta(days=10),
        officer=world.officer.id,
    )
    with world.database.transaction(body=world.accreditation_body) as connection:
        evidence = sign_evidence(world.officer.key, draft.document)
        kept = record_confirmation(connection, world.ab_actor, draft.id, evidence)
        about = said(draft.document)["key"]
        accreditation.reserve_statement(
            connection, world.accreditation_body, kept, statement=key_binding.BINDING, log_kind="key", about=about
        )


def open_grant(world, number="FC-0001"):
    opened = world.open(number)
    return world.decide_grant(opened.public_id, world.audits(opened.public_id))


def test_where_nothing_is_open_nothing_is_done(world):
    world.grant()
    assert finish_open_acts(world.registry) == Recovered(0, 0)


def test_every_kind_of_act_is_finished(world):
    suspended = world.grant("FC-0002")
    decided = open_grant(world)
    begin_issue(world, decided)
    begin_decision(
        world,
        world.draft(suspended.public_id, "suspend", until=world.ago(-30), reason=("nonconformity_persists", "x")),
    )
    begin_binding(world)

    assert finish_open_acts(world.registry) == Recovered(3, 0)

    assert verify(world.registry, decided.certification).verdict == "valid"
    assert verify(world.registry, suspended.public_id).standing.state == "suspended"
    assert len(rows(world, "SELECT FROM akashi.key_binding")) == 2
    assert finish_open_acts(world.registry) == Recovered(0, 0)


def test_a_statement_left_open_counts_before_the_issue_that_was_left_open_after_it(world):
    decided = open_grant(world)
    begin_statement(world, draft_withdrawal(world))
    begin_issue(world, decided)

    assert finish_open_acts(world.registry) == Recovered(1, 1)

    assert verify(world.registry, decided.certification).verdict == "unknown"
    assert [row.reason for row in rows(world, "SELECT reason FROM akashi.act_void")] == ["refused: not_accredited_now"]


def test_an_act_that_is_still_under_way_is_left_to_its_process(world):
    decided = open_grant(world)
    begin_issue(world, decided)
    assert finish_open_acts(world.registry, begun_before=world.now() - timedelta(minutes=5)) == Recovered(0, 0)
    world.set_clock(world.now() + timedelta(minutes=6))
    assert finish_open_acts(world.registry, begun_before=world.now() - timedelta(minutes=5)) == Recovered(1, 0)


def test_a_voided_act_is_not_taken_up_again(world):
    decided = open_grant(world)
    begin_issue(world, decided)
    world.change_accreditation("suspend")
    assert finish_open_acts(world.registry) == Recovered(0, 1)
    assert finish_open_acts(world.registry) == Recovered(0, 0)
    with refused("accreditation_suspended_now"):
        world.issue(decided)
