"""Rows of programme, time and plan belong to their body; rules that wait for the commit can be asked before it."""

from __future__ import annotations

from uuid import uuid4

from app.registry.audit import TeamMember
from app.storage import assessment, programmes
from app.storage.rows import insert
from tests.support.acts import refused, rows


def test_another_body_finds_nothing(bare_world):
    public_id = bare_world.open().public_id
    plan = bare_world.plan(public_id, "stage_1")
    for body, found in ((bare_world.body, True), (bare_world.accreditation_body, False)):
        with bare_world.database.transaction(body=body) as connection:
            assert (programmes.find_plan(connection, bare_world.body, plan) is not None) is found
            assert programmes.is_planned(connection, bare_world.body, plan, bare_world.auditor.id) is found
            assert not programmes.has_objection(connection, bare_world.body, plan, bare_world.auditor.id)


def test_the_areas_applied_for_are_those_of_the_application(bare_world):
    public_id = bare_world.open(areas=("robotics",)).public_id
    [kept] = rows(bare_world, "SELECT id FROM akashi.certification WHERE public_id = %(id)s", id=public_id)
    with bare_world.database.transaction(body=bare_world.body) as connection:
        assert programmes.applied_areas(connection, bare_world.body, kept.id) == ("robotics",)
        assert programmes.applied_areas(connection, bare_world.body, uuid4()) == ()


def test_a_team_is_judged_when_it_is_asked_or_at_the_commit(bare_world):
    """Members follow their audit one by one; together they cover the areas, or nothing is kept."""
    [kept] = [bare_world.open()]
    body, audit = bare_world.body, uuid4()
    days = {"first_day": bare_world.ago(3), "last_day": bare_world.ago(2), "report_sha256": b"r" * 32}
    for asked in (True, False):
        with refused("team_lacks_area"), bare_world.database.transaction(body=body) as connection:
            insert(
                connection,
                "audit",
                body_id=body,
                id=audit,
                organisation_id=bare_world.organisation,
                kind="stage_1",
                carried_by="around",
                **days,
            )
            served = {
                "certification": kept.id,
                "organisation": bare_world.organisation,
                "areas": ("robotics",),
                "sites": (),
            }
            assessment.add_audited(connection, body=body, audit=audit, **served)
            observer = TeamMember(bare_world.reviewer.id, "observer")
            assessment.add_team_member(
                connection, body=body, audit=audit, person=observer.person, function=observer.function
            )
            if asked:
                programmes.judge_now(connection)
