"""The programme of a cycle: its audits, its sites, and why a sample of them suffices (ISO/IEC 17021-1 9.1.3, 9.1.5)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.registry import audit_programme
from app.registry.audit_programme import ProgrammeFacts
from app.registry.requests import Request
from tests.support.acts import count, refused, rows


def establish(world, public_id, *sites, **changes):
    facts = {"established_on": world.ago(33), "justified_by": world.reviewer.id, **changes}
    programme = ProgrammeFacts(certification=public_id, sites=sites, **facts)
    return audit_programme.establish_programme(world.registry, world.actor, programme)


def grant(world, public_id, **changes):
    """Decided with whatever programme there is."""
    world.lay_groundwork = lambda *_: None
    world.calculate(public_id)
    return world.decide_grant(public_id, world.audits(public_id), certificate=world.wanted(**changes))


def test_a_cycle_holds_every_audit_that_the_scheme_foresees_and_further_ones(bare_world):
    public_id = bare_world.open().public_id
    establish(bare_world, public_id, bare_world.head_office, further_audits=(("short_notice", 1), ("surveillance", 2)))
    kept = rows(bare_world, "SELECT kind, year FROM akashi.programme_audit ORDER BY year, kind")
    assert [tuple(row) for row in kept] == [
        ("stage_1", 0),
        ("stage_2", 0),
        ("short_notice", 1),
        ("surveillance", 1),
        ("surveillance", 2),
        ("recertification", 3),
    ]


def test_a_later_cycle_begins_without_stages(bare_world):
    establish(bare_world, bare_world.open().public_id, bare_world.head_office, cycle=2)
    kept = rows(bare_world, "SELECT kind FROM akashi.programme_audit")
    assert {row.kind for row in kept} == {"surveillance", "recertification"}


def test_versions_of_a_cycle_follow_one_another(bare_world):
    public_id = bare_world.open().public_id
    for _ in range(2):
        establish(bare_world, public_id, bare_world.head_office)
    assert [row.version for row in rows(bare_world, "SELECT version FROM akashi.audit_programme ORDER BY version")] == [
        1,
        2,
    ]


def test_a_retry_establishes_nothing_more(bare_world):
    public_id = bare_world.open().public_id
    facts = ProgrammeFacts(public_id, bare_world.ago(1), (bare_world.head_office,), bare_world.reviewer.id)
    twice = {
        audit_programme.establish_programme(
            bare_world.registry, bare_world.actor, facts, request=Request("key-1", "content")
        )
        for _ in range(2)
    }
    assert (len(twice), count(bare_world, "audit_programme")) == (1, 1)


def test_a_sample_of_the_sites_is_justified(bare_world):
    public_id = bare_world.open().public_id
    both = (bare_world.head_office, bare_world.laboratory)
    with refused("sampling_without_reason", "/sampling"):
        establish(bare_world, public_id, *both, visited=both[:1])
    assert establish(bare_world, public_id, *both, visited=both[:1], sampling="alike in size, process and risk")
    with refused("visited_site_not_in_programme"):
        establish(bare_world, public_id, both[0], visited=both)


def test_what_the_body_does_not_have_is_refused(bare_world):
    public_id = bare_world.open().public_id
    with refused("unknown_site"):
        establish(bare_world, public_id, uuid4())
    with refused("unknown_certification", "/certification"):
        establish(bare_world, "0" * 35)
    with refused("unknown_person", "/justified_by"):
        establish(bare_world, public_id, justified_by=uuid4())
    with refused("planner_not_competent"):
        establish(bare_world, public_id, justified_by=bare_world.decider.id)
    with refused("date_in_the_future"):
        establish(bare_world, public_id, established_on=bare_world.ago(-1))


def test_nothing_is_granted_without_a_programme(world):
    with refused("programme_missing"):
        grant(world, world.open().public_id)


def test_a_site_enters_a_certificate_only_when_it_is_in_the_programme(world):
    public_id = world.open().public_id
    establish(world, public_id, world.head_office)
    with refused("site_not_in_programme"):
        grant(world, public_id, site_ids=(world.head_office, world.laboratory))
    establish(world, public_id, world.head_office, world.laboratory)
    assert grant(world, public_id, site_ids=(world.head_office, world.laboratory)).act == "grant"


def test_the_programme_of_another_cycle_does_not_serve(world):
    public_id = world.open().public_id
    establish(world, public_id, world.head_office, cycle=2)
    with refused("programme_missing"):
        grant(world, public_id)


@pytest.mark.parametrize("later", [True, False])
def test_a_programme_comes_before_its_decision(world, later):
    public_id = world.open().public_id
    establish(world, public_id, world.head_office, established_on=world.ago(4 if later else 6))
    world.lay_groundwork = lambda *_: None
    world.calculate(public_id)
    decided = {"on": world.ago(5), "certificate": world.wanted()}
    if later:
        with refused("programme_missing"):
            world.decide_grant(public_id, world.audits(public_id), **decided)
    else:
        assert world.decide_grant(public_id, world.audits(public_id), **decided).act == "grant"
