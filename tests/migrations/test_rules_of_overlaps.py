"""One scope certified twice, and numbers that look alike: refused by PostgreSQL itself (invariants 18 and 23)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from app.storage.rows import Connection, insert, run, scalar
from tests.support.acts import rows
from tests.support.around import Attempt, lawful, lawful_grant, refuses
from tests.support.issuing import Issue
from tests.support.many import Many
from tests.support.races import DONE, Write, race
from tests.support.world import certify_again_and_again


@pytest.fixture(scope="module")
def world(lasting_world):
    certify_again_and_again(lasting_world.fresh.superuser_url, "array_remove(waived_rules, 'no_overlap')")
    return lasting_world


@pytest.fixture
def site(world):
    """A site of its own, which no other test certifies."""
    return world.add_site("Works", "工場", "Tsukuba", "つくば市")


def grant(world, site, **wanted):
    return lawful_grant(world, world.wanted(site_ids=(site,), **wanted))


def held(world, site, **wanted):
    """A certificate in force for this site; returns its public ID."""
    return world.grant(f"OV-{uuid4()}", certificate=world.wanted(site_ids=(site,), **wanted)).public_id


def known(world, public_id):
    (row,) = rows(world, "SELECT id FROM akashi.certification WHERE public_id = %(id)s", id=public_id)
    return row.id


def confirm(world, certification, other, person=None):
    said = {"certification_id": certification, "other_id": other, "person_id": (person or world.reviewer).id}
    with world.database.transaction(body=world.body) as connection:
        insert(
            connection,
            "overlap_confirmation",
            body_id=world.body,
            reason="two systems",
            confirmed_on=world.today,
            **said,
        )


def test_a_scope_that_is_certified_is_not_certified_beside(world, site):
    held(world, site)
    with refuses("overlap_not_confirmed"):
        grant(world, site).attempt()


def test_another_area_or_another_site_is_another_scope(world, site):
    held(world, site)
    grant(world, site, areas=("generative",)).attempt()
    grant(world, world.add_site("Depot", "倉庫", "Tsukuba", "つくば市")).attempt()


def test_an_extension_into_a_certified_scope_is_refused_too(world, site):
    held(world, site)
    other = held(world, site, areas=("generative",))
    audit = world.audit(other, "extension", last_day=world.today)
    wide = world.wanted(site_ids=(site,), areas=("generative", "robotics"))
    with refuses("overlap_not_confirmed"):
        lawful(world, other, "extend", relied_on=(audit.id,), certificate=wide).attempt()


@pytest.mark.parametrize("the_other_way_round", [False, True])
def test_a_competent_person_may_say_that_both_are_meant(world, site, the_other_way_round):
    first = known(world, held(world, site))
    second = grant(world, site)
    pair = (first, second.certification.id) if the_other_way_round else (second.certification.id, first)
    confirm(world, *pair)
    second.attempt()


def test_nobody_else_says_so(world, site):
    first, second = known(world, held(world, site)), grant(world, site)
    with refuses("reviewer_not_competent"):
        confirm(world, second.certification.id, first, world.auditor)


def test_what_ended_stands_beside_nothing(world, site):
    world.withdraw(held(world, site))
    grant(world, site).attempt()


def test_of_two_decided_side_by_side_the_second_is_not_issued(world, site):
    """When they were decided, neither was there."""
    wanted = world.wanted(site_ids=(site,))
    decided = []
    for _ in range(2):
        public_id = world.open(f"OV-{uuid4()}").public_id
        decided.append(world.decide_grant(public_id, world.audits(public_id), certificate=wanted))
    world.issue(decided[0])
    issue = Issue.of(world, decided[1])
    with world.database.transaction(body=world.body) as connection:
        issue.first_commit(connection)
    with refuses("overlap_not_confirmed"), world.database.transaction(body=world.body) as connection:
        issue.second_commit(connection)


def test_what_ends_or_reduces_is_never_held_up(world, site):
    first = held(world, site, areas=("generative", "robotics"))
    other = grant(world, site)
    confirm(world, other.certification.id, known(world, first))
    other.attempt()
    reason = ("holder_request", "asked")
    narrow = world.wanted(site_ids=(site,))
    lawful(world, first, "reduce", certificate=narrow, reason=reason).attempt()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FC-0001", "fc 0001"),
        ("FC-0001", "FC-OOO1"),
        ("FC-0001", "FC-000l"),
        ("FC-0001", "FС-0001"),
        ("Mark-1", "rnark-I"),
        ("１２-Ａ", "12a"),
    ],
)
def test_numbers_that_look_alike_have_one_shape(world, one, other):
    with world.database.transaction() as connection:
        shapes = [scalar(connection, "SELECT akashi.number_shape(:n)", n=number) for number in (one, other)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("one", "other"), [("FC-0001", "FC-0002"), ("FC0001/2", "FC00012"), ("認証第1号", "認証第2号")]
)
def test_other_numbers_stay_apart(world, one, other):
    with world.database.transaction() as connection:
        shapes = [scalar(connection, "SELECT akashi.number_shape(:n)", n=number) for number in (one, other)]
    assert shapes[0] != shapes[1]


class Beside(Many):
    """Certifications that may stand beside all that were there before their transaction."""

    def open(self, connection: Connection, **more: Any) -> Attempt:
        attempt = super().open(connection, **more)
        run(
            connection,
            "INSERT INTO akashi.overlap_confirmation (body_id, certification_id, other_id, person_id, reason, confirmed_on) "
            "SELECT c.body_id, c.id, o.id, :person, 'meant', :today FROM akashi.certification c JOIN akashi.certification o "
            "ON o.body_id = c.body_id AND o.scheme_code = c.scheme_code AND o.organisation_id = c.organisation_id "
            "WHERE c.id = :this AND o.xmin <> CAST(pg_current_xact_id() AS xid)",
            person=self.world.reviewer.id,
            today=self.world.today,
            this=attempt.known.id,
        )
        return attempt


def test_r5_one_scope_is_certified_twice_at_once(world, site):
    """Both were decided and reserved while the other was not there; the second to be issued is refused."""
    many = Beside.of(world, certificate=world.wanted(site_ids=(site,)))

    def issued(issue: Issue) -> Write:
        def write(connection: Connection) -> None:
            issue.second_commit(connection)
            many.free(connection, issue.act)

        return write

    def prepare(connection: Connection) -> tuple[Write, Write]:
        return issued(many.begin(connection)), issued(many.begin(connection))

    race(world, prepare, lawful={(DONE, "overlap_not_confirmed"), ("overlap_not_confirmed", DONE)})
