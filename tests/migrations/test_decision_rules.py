"""Who may decide what, on which day and on which ground: refused by PostgreSQL itself, whoever writes the rows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.registry import audit
from app.registry.findings import STEPS
from app.storage.rows import insert
from tests.support.around import Attempt, lawful, lawful_grant, opened, refuses
from tests.support.world import WorldPerson


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def grant(world) -> Attempt:
    return lawful_grant(world)


def audit_member(world, audit_id: UUID, person: WorldPerson, function: str = "auditor") -> None:
    with world.database.transaction(body=world.body) as connection:
        insert(
            connection,
            "audit_member",
            body_id=world.body,
            audit_id=audit_id,
            person_id=person.id,
            function=function,
        )


def test_a_lawful_decision_may_be_written_with_plain_sql(grant):
    grant.attempt()


# Dates (invariant 1).


def test_nothing_is_effective_before_it_is_decided(world, grant):
    grant.dated(world.ago(1), effective_on=world.ago(2))
    with refuses("effective_before_decision", "23514", "effective_before_decision"):
        grant.attempt()


def test_nobody_decides_in_the_future(world, grant):
    grant.dated(world.ago(-1))
    with refuses("decided_in_the_future"):
        grant.attempt()


def test_a_decision_recorded_late_states_why(world):
    public_id = world.grant(f"late-{uuid4()}").public_id
    late = lawful(world, public_id, "withdraw").dated(world.ago(31))
    with refuses("late_without_reason"):
        late.attempt()
    told = lawful(world, public_id, "withdraw").dated(world.ago(31))
    told.late_reason = "the meeting's minutes were lost"
    told.attempt()


def test_an_empty_reason_for_lateness_is_none(world):
    late = lawful(world, world.grant(f"late-{uuid4()}").public_id, "withdraw").dated(world.ago(31))
    late.late_reason = ""
    with refuses("value_refused", "23514", "draft_late_reason_check"):
        late.attempt()


def test_the_last_day_that_the_scheme_allows_needs_no_reason(world):
    lawful(world, world.grant(f"late-{uuid4()}").public_id, "withdraw").dated(world.ago(30)).attempt()


def test_a_reason_that_the_deciders_draft_does_not_have_is_not_added_afterwards(world):
    late = lawful(world, world.grant(f"late-{uuid4()}").public_id, "withdraw").dated(world.ago(31))
    late.columns["late_reason"] = "added by whoever recorded it"
    with refuses("document_mismatch"):
        late.attempt()


def test_a_decision_never_precedes_the_end_of_an_audit_it_relies_on(world, grant):
    grant.dated(world.ago(11))  # stage 2 ended ten days ago
    with refuses("decision_before_audit_end"):
        grant.attempt()


def test_the_day_on_which_the_audit_ends_is_early_enough(world, grant):
    grant.dated(world.ago(10)).attempt()


# Deciders (invariants 3 and 5).


@pytest.mark.parametrize("function", ["team_leader", "auditor", "technical_expert", "observer"])
def test_who_was_in_the_audit_team_never_decides(world, function):
    both = world.add_person(world.actor, "auditor", "decider")
    public_id = world.open(f"team-{uuid4()}").public_id
    leader = audit.TeamMember(world.auditor.id, "team_leader")
    member = audit.TeamMember(both.id, function)
    team = (member,) if function == "team_leader" else (leader, member)
    first = world.audit(public_id, "stage_1", last_day=world.ago(20)).id
    second = world.audit(public_id, "stage_2", last_day=world.ago(10), stage_1=first, team=team).id
    world.lay_groundwork(public_id, "grant", world.today, world.wanted())
    grant = lawful_grant(world)
    grant.document |= {"certification": public_id, "relied_on": sorted([str(first), str(second)])}
    grant.deciders = [both]
    with refuses("decider_in_audit_team"):
        grant.attempt()


def test_who_decided_never_joins_the_audit_team_afterwards(world, grant):
    both = world.add_person(world.actor, "auditor", "decider")
    grant.deciders = [both]
    grant.attempt()
    for audit_id in grant.document["relied_on"]:
        with refuses("decider_in_audit_team"):
            audit_member(world, UUID(audit_id), both)


def test_a_decision_is_never_outsourced(world, grant):
    grant.deciders = [world.add_person(world.actor, "decider", relation="outsourced")]
    with refuses("decision_outsourced"):
        grant.attempt()


def test_a_decider_without_that_function_is_refused(world, grant):
    grant.deciders = [world.reviewer]
    with refuses("decider_not_competent"):
        grant.attempt()


def test_a_decider_is_competent_on_the_day_of_the_decision(world, grant):
    former = world.add_person(world.actor)
    with world.database.transaction(body=world.body) as connection:
        insert(
            connection,
            "person_function",
            body_id=world.body,
            person_id=former.id,
            function="decider",
            scheme_code="aims",
            valid_from=world.ago(400),
            valid_to=world.ago(1),
            basis="until yesterday",
        )
    grant.deciders = [former]
    with refuses("decider_not_competent"):
        grant.attempt()


def test_a_function_that_ended_is_none(world, grant):
    former = world.add_person(world.actor, "decider")
    with world.database.transaction(body=world.body) as connection:
        ended = {"function": "decider", "scheme_code": "aims", "valid_from": world.ago(400), "last_day": world.ago(1)}
        insert(connection, "person_function_end", body_id=world.body, person_id=former.id, **ended)
    grant.deciders = [former]
    with refuses("decider_not_competent"):
        grant.attempt()


def test_a_key_that_ended_is_nobody_s_evidence(world, grant):
    careless = world.add_person(world.actor, "decider")
    with world.database.transaction(body=world.body) as connection:
        ended = {"thumbprint": careless.key.thumbprint, "reason": "lost"}
        insert(connection, "person_key_end", body_id=world.body, **ended)
    grant.deciders = [careless]
    with refuses("person_key_ended"):
        grant.attempt()


def test_without_evidence_there_is_no_decision(world, grant):
    with world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
    with refuses("not_confirmed"), world.database.transaction(body=world.body) as connection:
        grant.begin(connection)


def test_every_named_decider_confirms(world, grant):
    grant.deciders = [world.decider, world.second_decider]
    with refuses("not_confirmed"), world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        grant.confirm(connection, world.decider)
        grant.begin(connection)


def test_a_draft_that_names_nobody_is_never_a_decision(grant):
    grant.deciders = []
    with refuses("not_confirmed"):
        grant.attempt()


def test_an_annulment_takes_two_deciders(world):
    public_id = world.grant(f"annul-{uuid4()}").public_id
    alone = lawful(world, public_id, "annul", deciders=(world.decider,))
    with refuses("not_confirmed"):
        alone.attempt()


def test_evidence_by_a_key_of_somebody_else_is_refused(world, grant):
    with (
        refuses("unknown_reference", "23503", "confirmation_body_id_person_id_thumbprint_fkey"),
        world.database.transaction(body=world.body) as connection,
    ):
        grant.draft(connection)
        grant.confirm(connection, WorldPerson(world.decider.id, world.second_decider.key))


def test_evidence_of_somebody_who_is_not_named_is_refused(world, grant):
    with (
        refuses("unknown_reference", "23503", "confirmation_body_id_draft_id_person_id_fkey"),
        world.database.transaction(body=world.body) as connection,
    ):
        grant.draft(connection)
        grant.confirm(connection, world.second_decider)


@pytest.mark.parametrize("table", ["draft_person", "draft_audit", "draft_accreditation", "draft_reason"])
def test_nobody_joins_a_draft_that_was_decided(world, grant, table):
    grant.attempt()
    row = {
        "draft_person": {"person_id": world.second_decider.id, "salt": b"s" * 32},
        "draft_audit": {"audit_id": UUID(grant.document["relied_on"][0])},
        "draft_accreditation": {"accreditation_id": world.known_accreditation},
        "draft_reason": {"code": "x", "text": "x", "salt": b"s" * 32},
    }[table]
    with refuses("draft_is_closed"), world.database.transaction(body=world.body) as connection:
        insert(connection, table, body_id=world.body, draft_id=grant.id, **row)


# Audits and findings (invariant 8).


@pytest.mark.parametrize("kept", [0, 1], ids=["stage 1 alone", "stage 2 alone"])
def test_a_grant_relies_on_both_stages(world, kept):
    public_id, stages = opened(world)
    world.lay_groundwork(public_id, "grant", world.today, world.wanted())
    grant = lawful_grant(world)
    grant.document |= {"certification": public_id, "relied_on": [str(stages[kept])]}
    with refuses("audit_missing"):
        grant.attempt()


def test_a_decision_relies_on_audits_of_its_own_certification(world, grant):
    _, others = opened(world)
    grant.document["relied_on"] = sorted(str(one) for one in others)
    with refuses("audit_of_another_certification"):
        grant.attempt()


def finding(world, grade: str, audit_id: UUID, step: str | None = None, done_on: int = 1) -> None:
    identity = uuid4()
    with world.database.transaction(body=world.body) as connection:
        insert(
            connection,
            "finding",
            body_id=world.body,
            id=identity,
            audit_id=audit_id,
            grade=grade,
            clause="9.2",
            description="not done",
            due_on=world.ago(-30),
        )
        for name in STEPS[: STEPS.index(step) + 1] if step else ():
            insert(
                connection,
                "finding_step",
                body_id=world.body,
                finding_id=identity,
                step=name,
                person_id=world.reviewer.id,
                done_on=world.ago(done_on),
                carried_by="test",
            )


@pytest.mark.parametrize(
    ("grade", "step", "code"),
    [
        ("major", None, "open_major_finding"),
        ("major", "plan_accepted", "open_major_finding"),
        ("minor", None, "open_minor_finding"),
    ],
)
def test_no_grant_with_an_open_finding(world, grant, grade, step, code):
    finding(world, grade, UUID(grant.document["relied_on"][1]), step)
    with refuses(code):
        grant.attempt()


def test_a_finding_closed_after_the_decision_was_open(world, grant):
    finding(world, "major", UUID(grant.document["relied_on"][0]), "verified", done_on=0)
    grant.dated(world.ago(1))
    with refuses("open_major_finding"):
        grant.attempt()


@pytest.mark.parametrize(("grade", "step"), [("major", "verified"), ("minor", "plan_accepted"), ("opportunity", None)])
def test_a_closed_finding_does_not_stand_in_the_way(world, grant, grade, step):
    finding(world, grade, UUID(grant.document["relied_on"][1]), step)
    grant.attempt()


def test_a_finding_is_not_slipped_in_after_the_decision(world, grant):
    grant.attempt()
    with refuses("audit_relied_on"):
        finding(world, "major", UUID(grant.document["relied_on"][0]))


def test_nor_into_an_audit_that_the_decision_did_not_list(world, grant):
    unlisted = world.audit(grant.document["certification"], "follow_up", last_day=world.ago(5)).id
    grant.attempt()
    with refuses("audit_relied_on"):
        finding(world, "major", unlisted)


# Period and extent (invariants 2 and 10).


def test_validity_beyond_the_scheme_s_maximum_is_refused_to_the_day(world, grant):
    longest = grant.facts["validity"]["last_valid_day"]  # the application proposes the maximum
    grant.until(world.today.fromisoformat(longest) + timedelta(days=1))
    with refuses("validity_beyond_maximum"):
        grant.attempt()


def test_validity_never_ends_before_it_begins(world, grant):
    grant.until(world.ago(1))
    with refuses("validity_ends_before_it_begins"):
        grant.attempt()
