"""The end of an edition, in the database: dated data, which bind the decisions from their day on (17021-1 8.2.2).

What begins or grows leaves a closed edition first; once its transition period is over, nothing more speaks for the holder.
"""

from __future__ import annotations

import psycopg
import pytest

from tests.support.around import lawful, lawful_grant, refuses
from tests.support.editions import NEXT, publish_next, state_end
from tests.support.world import ACCREDITED as ONLY_OLD
from tests.support.world import World


@pytest.fixture
def world(world: World) -> World:
    """A world of its own, in which the next edition is out."""
    publish_next(world)
    return world


def closing(world: World) -> None:
    """Since yesterday nothing is decided to the old edition any more; its certificates run for two years at most."""
    state_end(world, world.ago(1), world.ago(-730))


def over(world: World) -> None:
    """The transition period ended yesterday."""
    state_end(world, world.ago(30), world.ago(1))


def test_no_certificate_to_an_edition_outlives_its_transition(world):
    state_end(world, world.ago(-100), world.ago(-700), stated_on=world.ago(5))
    with refuses("edition_ends"):
        lawful_grant(world).attempt()
    lawful_grant(world).until(world.ago(-700)).attempt()


def test_after_its_last_day_nothing_is_granted_to_an_edition(world):
    state_end(world, world.ago(1), world.ago(-700), stated_on=world.ago(5))
    with refuses("unknown_normative_document"):
        lawful_grant(world).until(world.ago(-700)).attempt()


def test_what_stands_under_an_edition_that_ends_is_still_amended_suspended_and_restored(world):
    public_id = world.grant().public_id
    state_end(world, world.today, world.ago(-10), stated_on=world.today)
    lawful(world, public_id, "amend").attempt()


def test_a_transition_that_is_put_off_binds_by_its_newest_word(world):
    state_end(world, world.ago(1), world.ago(-10), stated_on=world.ago(9))
    state_end(world, world.ago(-100), world.ago(-2000), stated_on=world.ago(5))
    lawful_grant(world).attempt()


def test_a_decision_of_an_earlier_day_is_not_bound_by_what_was_stated_later(world):
    state_end(world, world.today, world.ago(-10), stated_on=world.today)
    lawful_grant(world).dated(world.ago(1), world.today).attempt()


@pytest.mark.parametrize("statement", ["UPDATE {} SET usable_to = '2099-01-01'", "DELETE FROM {}"])
def test_what_was_stated_about_an_edition_is_never_changed(world, statement):
    state_end(world, world.today, world.ago(-10), stated_on=world.today)
    with psycopg.connect(world.fresh.superuser_url) as owner, pytest.raises(psycopg.DatabaseError, match="insert_only"):
        owner.execute(statement.format("akashi.edition_transition").encode())


def test_the_last_day_is_early_enough(world):
    state_end(world, world.today, world.ago(-730))
    lawful_grant(world, world.wanted(last_valid_day=world.ago(-730))).attempt()


@pytest.mark.parametrize(
    ("act", "kind", "changes"),
    [("renew", "recertification", {}), ("extend", "extension", {"areas": ("generative", "robotics")})],
)
def test_no_cycle_and_no_scope_begins_in_an_edition_that_is_closed(world, act, kind, changes):
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-200))).public_id
    audit = world.audit(public_id, kind, last_day=world.today)
    wanted = world.wanted(last_valid_day=None if act == "renew" else world.ago(-200), **changes)
    decided = lawful(world, public_id, act, certificate=wanted, relied_on=(audit.id,))
    closing(world)
    with refuses("unknown_normative_document"):
        decided.attempt()


def test_a_renewal_goes_to_the_next_edition(world):
    public_id = world.grant(certificate=world.wanted(last_valid_day=world.ago(-200))).public_id
    audit = world.audit(public_id, "recertification", last_day=world.today)
    closing(world)
    lawful(world, public_id, "renew", certificate=world.wanted(designation=NEXT), relied_on=(audit.id,)).attempt()


def test_a_transition_moves_what_stands_to_the_next_edition(world):
    public_id = world.grant().public_id
    audit = world.audit(public_id, "surveillance", last_day=world.today)
    over(world)
    lawful(world, public_id, "transition", certificate=world.wanted(designation=NEXT), relied_on=(audit.id,)).attempt()


def test_a_transition_to_an_edition_that_the_accreditation_does_not_cover_is_refused(world):
    public_id = world.grant().public_id
    audit = world.audit(public_id, "surveillance", last_day=world.today)
    moved = lawful(world, public_id, "transition", certificate=world.wanted(designation=NEXT), relied_on=(audit.id,))
    world.change_accreditation("reduce", scope=ONLY_OLD)
    with refuses("outside_accreditation_at_decision"):
        moved.attempt()


def test_what_stands_under_a_closed_edition_is_kept_up_to_its_end(world):
    public_id = world.grant().public_id
    audit = world.audit(public_id, "surveillance", last_day=world.today)
    closing(world)
    lawful(world, public_id, "maintain", relied_on=(audit.id,)).attempt()


def test_after_the_transition_period_nothing_speaks_for_the_holder_any_more(world):
    public_id = world.grant().public_id
    audit = world.audit(public_id, "surveillance", last_day=world.today)
    maintained = lawful(world, public_id, "maintain", relied_on=(audit.id,))
    over(world)
    with refuses("edition_ends"):
        maintained.attempt()


def test_what_was_suspended_is_not_restored_to_an_edition_that_is_over(world):
    public_id = world.grant().public_id
    world.suspend(public_id)
    restored = lawful(world, public_id, "restore")
    over(world)
    with refuses("edition_ends"):
        restored.attempt()


@pytest.mark.parametrize("act", ["amend", "suspend", "withdraw", "cancel", "annul"])
def test_what_corrects_stops_or_ends_is_never_hindered_by_an_edition_that_is_over(world, act):
    decided = lawful(world, world.grant().public_id, act)
    over(world)
    decided.attempt()
