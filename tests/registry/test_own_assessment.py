"""A body reads its own assessment work, and no other body's."""

from __future__ import annotations

import pytest

from app.registry import own_assessment
from app.registry.own_records import list_own, read_own
from tests.storage.test_own_records import something_of_each
from tests.support.acts import refused

KINDS = [kind for kind in vars(own_assessment).values() if isinstance(kind, own_assessment.Kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_record_is_listed_and_read_whole(world, kind):
    something_of_each(world)
    ((_, listed), *_) = list_own(world.registry, world.actor, kind, place=None, limit=9)
    assert (type(listed), read_own(world.registry, world.actor, kind, listed.id)) == (kind.made, listed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_another_body_s_record_is_unknown(world, kind):
    something_of_each(world)
    ((_, listed), *_) = list_own(world.registry, world.actor, kind, place=None, limit=9)
    _, stranger = world.add_certification_body("Another Certification")
    with refused(kind.unknown):
        read_own(world.registry, stranger, kind, listed.id)


def test_a_plan_shows_its_team_and_a_programme_its_audits(world):
    something_of_each(world)
    ((_, plan), *_) = list_own(world.registry, world.actor, own_assessment.PLAN, place=None, limit=9)
    assert [(one.person, one.function) for one in plan.team] == [(world.auditor.id, "team_leader")]
    ((_, programme), *_) = list_own(world.registry, world.actor, own_assessment.PROGRAMME, place=None, limit=9)
    assert programme.sites == (world.head_office,)
    assert {one.kind for one in programme.audits} == {"stage_1", "stage_2", "surveillance", "recertification"}
    ((_, time), *_) = list_own(world.registry, world.actor, own_assessment.AUDIT_TIME, place=None, limit=9)
    assert (time.base_days, time.result_days, time.inputs) == ("5.00", "4.50", {"headcount": 40})
