"""What reaches a body around its decisions keeps the rules, whoever writes: notices, complaints, appeals.

As the service's role with plain SQL (17021-1 8.5.3, 9.7, 9.8; invariants 3, 4 and 21).
"""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.storage.rows import insert
from tests.support.acts import rows
from tests.support.around import lawful, refuses
from tests.support.cases import appealed, complained, conclude, decide_complaint, dispose, join_panel, noticed, step
from tests.support.many import audited


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def service(world):
    """A transaction of the service's role for the body."""
    return lambda: world.database.transaction(body=world.body)


@pytest.fixture
def granted(world):
    """The certification of a certificate in force."""
    public_id = world.grant(f"around-{uuid4()}").public_id
    (row,) = rows(world, "SELECT * FROM akashi.certification WHERE public_id = %(id)s", id=public_id)
    return row


@pytest.fixture(scope="module")
def handler(lasting_world):
    return lasting_world.add_person(lasting_world.actor, "appeal_handler")


@pytest.fixture(scope="module")
def everything(lasting_world):
    """Somebody who has every function."""
    return lasting_world.add_person(lasting_world.actor, "appeal_handler", "decider", "auditor", "reviewer")


@pytest.fixture
def suspension(world, granted):
    return world.suspend(granted.public_id).id


def decision_of(world, granted):
    (row,) = rows(world, "SELECT id FROM akashi.decision WHERE certification_id = %(c)s", c=granted.id)
    return row.id


def audit_of(world, granted):
    found = rows(
        world, "SELECT audit_id FROM akashi.audit_of_certification WHERE certification_id = %(c)s", c=granted.id
    )
    return found[0].audit_id


def join_team(connection, world, audit, person):
    member = {"audit_id": audit, "person_id": person.id, "function": "observer"}
    insert(connection, "audit_member", body_id=world.body, **member)


# --- Notices of change (8.5.3) ---


def test_only_the_competent_judge_what_a_change_means(world, granted, service):
    with refuses("change_judged_without_competence"), service() as connection:
        dispose(connection, world, noticed(connection, world, granted.id), world.auditor)


def test_a_notice_is_judged_after_it_was_told(world, granted, service):
    with refuses("case_out_of_order"), service() as connection:
        dispose(connection, world, noticed(connection, world, granted.id), world.reviewer, disposed_on=world.ago(2))


def test_a_merger_is_amended_for_only_with_an_assessment(world, granted, service):
    with refuses("successor_not_assessed"), service() as connection:
        dispose(connection, world, noticed(connection, world, granted.id), world.reviewer)


def test_a_notice_is_disposed_of_once(world, granted, service):
    with refuses("already_recorded", "23505", "change_disposition_pkey"), service() as connection:
        notice = noticed(connection, world, granted.id)
        for disposition in ("no_action", "end"):
            dispose(connection, world, notice, world.reviewer, disposition=disposition)


@pytest.mark.parametrize("change", ["name", "number"])
def test_no_decision_names_a_successor_that_nobody_assessed(world, granted, service, change):
    attempt = lawful(world, granted.public_id, "amend")
    holder = attempt.facts["holder"]
    if change == "name":
        with service() as connection:
            noticed(connection, world, granted.id)
        holder["names"][0]["name"] = "Successor K.K."
    else:
        numbers = [one for one in holder["identifiers"] if one["scheme"] == "jp_corporate_number"]
        numbers[0]["value"] = "7000000000002"
    with refuses("successor_not_assessed"):
        attempt.attempt()


def test_with_the_assessment_the_successor_is_named(world, granted, service):
    attempt = lawful(world, granted.public_id, "amend")
    numbers = [one for one in attempt.facts["holder"]["identifiers"] if one["scheme"] == "jp_corporate_number"]
    numbers[0]["value"] = "7000000000002"
    with service() as connection:
        dispose(connection, world, noticed(connection, world, granted.id), world.reviewer, assessment="the same system")
    attempt.attempt()


# --- Complaints (9.8) ---


def test_whoever_audited_decided_or_is_named_decides_no_complaint(world, granted, service, everything):
    for person in (world.auditor, world.decider, everything):
        with refuses("involved_in_complaint"), service() as connection:
            case = complained(connection, world, granted.id)
            if person is everything:
                named = {"complaint_id": case, "person_id": person.id}
                insert(connection, "complaint_involved", body_id=world.body, **named)
            for name in ("acknowledged", "investigated"):
                step(connection, world, case, name, world.reviewer)
            decide_complaint(connection, world, case, person)


def test_whoever_is_involved_investigates_nothing(world, granted, service):
    with refuses("involved_in_complaint"), service() as connection:
        step(connection, world, complained(connection, world, granted.id), "investigated", world.auditor)


def test_nothing_is_decided_that_was_not_investigated(world, service):
    with refuses("case_out_of_order"), service() as connection:
        case = complained(connection, world)
        step(connection, world, case, "acknowledged", world.reviewer)
        decide_complaint(connection, world, case, world.reviewer)


@pytest.mark.parametrize("side", ["named", "team", "decision"])
def test_whoever_decided_a_complaint_is_not_involved_in_it_afterwards(world, granted, service, everything, side):
    late = lawful(world, granted.public_id, "suspend", deciders=(everything,))
    with service() as connection:
        case = complained(connection, world, granted.id)
        for name in ("acknowledged", "investigated"):
            step(connection, world, case, name, everything)
        decide_complaint(connection, world, case, everything)
    audit = audit_of(world, granted)
    with refuses("involved_in_complaint"):
        if side == "decision":
            late.attempt()
        with service() as connection:
            if side == "named":
                insert(connection, "complaint_involved", body_id=world.body, complaint_id=case, person_id=everything.id)
            join_team(connection, world, audit, everything)


# --- Appeals (9.7, invariants 3 and 21) ---


def test_the_panel_is_competent(world, granted, service):
    with refuses("appeal_handler_not_competent"), service() as connection:
        appealed(connection, world, granted.id, decision_of(world, granted), (world.second_decider,))


@pytest.mark.parametrize("part", ["audited", "decided"])
def test_nobody_with_a_part_in_what_is_appealed_joins_the_panel(world, granted, service, everything, part):
    decision = decision_of(world, granted)
    if part == "audited":
        with service() as connection:
            join_team(
                connection,
                world,
                audited(connection, world, granted.id, "surveillance", world.today, planned=False),
                everything,
            )
    else:
        decision = world.withdraw(granted.public_id, deciders=(everything,)).id
    with refuses("appeal_handler_involved"), service() as connection:
        appealed(connection, world, granted.id, decision, (everything,))


def test_whoever_decided_after_the_appealed_decision_joins_no_panel(world, granted, suspension, service, everything):
    world.withdraw(granted.public_id, deciders=(everything,))
    with refuses("appeal_handler_involved"), service() as connection:
        appealed(connection, world, granted.id, suspension, (everything,))


def test_who_reviewed_the_application_stays_away_where_the_scheme_says_so(world, granted, suspension, service):
    assert rows(world, "SELECT appeal_excludes_reviewers AS it FROM akashi.scheme WHERE code = 'aims'")[0].it is False
    (part,) = rows(
        world,
        "SELECT akashi.part_in_appealed(ROW(%(b)s, %(a)s, %(c)s, %(d)s, 'x', now()::date, 'x', now())::akashi.appeal, %(p)s) AS it",
        b=world.body, a=uuid4(), c=granted.id, d=suspension, p=world.reviewer.id,
    )  # fmt: skip
    assert part.it is None


def test_a_member_of_the_panel_joins_no_team_and_decides_nothing_else(world, granted, suspension, service, everything):
    withdrawal = lawful(world, granted.public_id, "withdraw", deciders=(everything,))
    with service() as connection:
        appealed(connection, world, granted.id, suspension, (everything,))
    with refuses("appeal_handler_involved"), service() as connection:
        join_team(connection, world, audit_of(world, granted), everything)
    with refuses("appeal_handler_involved"):
        withdrawal.attempt()


def test_the_panel_is_complete_with_the_outcome_and_there_is_none_without_it(
    world, granted, suspension, service, handler, everything
):
    with refuses("appeal_without_panel"), service() as connection:
        conclude(connection, world, appealed(connection, world, granted.id, suspension))
    with refuses("appeal_decided"), service() as connection:
        case = appealed(connection, world, granted.id, suspension, (handler,))
        conclude(connection, world, case)
        join_panel(connection, world, case, everything)


def test_an_appeal_names_a_decision_of_its_certification_once(world, granted, suspension, service):
    other = world.grant(f"around-{uuid4()}").public_id
    (certification,) = rows(world, "SELECT id FROM akashi.certification WHERE public_id = %(id)s", id=other)
    with (
        refuses("unknown_reference", "23503", "appeal_body_id_certification_id_decision_id_fkey"),
        service() as connection,
    ):
        appealed(connection, world, certification.id, suspension)
    with refuses("already_appealed", "23505", "appealed_once"), service() as connection:
        for _ in range(2):
            appealed(connection, world, granted.id, suspension)


@pytest.mark.parametrize("outcome", [None, "dismissed", "another event"])
def test_only_an_upheld_appeal_about_that_very_event_overturns_it(
    world, granted, suspension, service, handler, outcome
):
    overturn = lawful(world, granted.public_id, "overturn_suspension", deciders=(handler,), annuls=2)
    with service() as connection:
        about = decision_of_grant(world, granted) if outcome == "another event" else suspension
        case = appealed(connection, world, granted.id, about, (handler,))
        if outcome:
            conclude(connection, world, case, "dismissed" if outcome == "dismissed" else "upheld")
    with refuses("appeal_not_upheld"):
        overturn.attempt()


def decision_of_grant(world, granted):
    statement = "SELECT id FROM akashi.decision WHERE certification_id = %(c)s AND act = 'grant'"
    return rows(world, statement, c=granted.id)[0].id


def test_what_overturns_is_decided_by_the_panel(world, granted, suspension, service, handler, everything):
    overturn = lawful(world, granted.public_id, "overturn_suspension", deciders=(everything,), annuls=2)
    with service() as connection:
        conclude(connection, world, appealed(connection, world, granted.id, suspension, (handler,)))
    with refuses("decided_outside_the_panel"):
        overturn.attempt()


def test_an_upheld_appeal_overturns(world, granted, suspension, service, handler):
    overturn = lawful(world, granted.public_id, "overturn_suspension", deciders=(handler,), annuls=2)
    with service() as connection:
        conclude(connection, world, appealed(connection, world, granted.id, suspension, (handler,)))
    overturn.attempt()


@pytest.mark.parametrize("table", ["appeal", "appeal_outcome", "complaint_decision", "change_disposition"])
def test_no_case_is_changed_or_taken_back(world, service, table):
    with refuses("unknown_reference", "42501"), service() as connection:
        connection.exec_driver_sql(f"UPDATE akashi.{table} SET body_id = body_id")
