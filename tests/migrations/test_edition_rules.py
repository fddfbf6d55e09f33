"""The end of an edition, in the database: dated data, which bind the decisions from their day on (17021-1 8.2.2)."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from tests.support.around import lawful, lawful_grant, refuses
from tests.support.world import STANDARD, World


def state(world: World, *, stated_on: date, usable_to: date, certificates_to: date) -> None:
    """The owner of the scheme states how the edition ends, as a migration would bring it."""
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO akashi.edition_transition VALUES ('aims', %s, %s, %s, %s, 'test')",
            (STANDARD, stated_on, usable_to, certificates_to),
        )


def test_no_certificate_to_an_edition_outlives_its_transition(world):
    state(world, stated_on=world.ago(5), usable_to=world.ago(-100), certificates_to=world.ago(-700))
    with refuses("edition_ends"):
        lawful_grant(world).attempt()
    lawful_grant(world).until(world.ago(-700)).attempt()


def test_after_its_last_day_nothing_is_granted_to_an_edition(world):
    state(world, stated_on=world.ago(5), usable_to=world.ago(1), certificates_to=world.ago(-700))
    with refuses("unknown_normative_document"):
        lawful_grant(world).until(world.ago(-700)).attempt()


def test_what_stands_under_an_edition_that_ends_is_still_amended_suspended_and_restored(world):
    public_id = world.grant().public_id
    state(world, stated_on=world.today, usable_to=world.today, certificates_to=world.ago(-10))
    lawful(world, public_id, "amend").attempt()


def test_a_transition_that_is_put_off_binds_by_its_newest_word(world):
    state(world, stated_on=world.ago(9), usable_to=world.ago(1), certificates_to=world.ago(-10))
    state(world, stated_on=world.ago(5), usable_to=world.ago(-100), certificates_to=world.ago(-2000))
    lawful_grant(world).attempt()


def test_a_decision_of_an_earlier_day_is_not_bound_by_what_was_stated_later(world):
    state(world, stated_on=world.today, usable_to=world.today, certificates_to=world.ago(-10))
    lawful_grant(world).dated(world.ago(1), world.today).attempt()


@pytest.mark.parametrize("statement", ["UPDATE {} SET usable_to = '2099-01-01'", "DELETE FROM {}"])
def test_what_was_stated_about_an_edition_is_never_changed(world, statement):
    state(world, stated_on=world.today, usable_to=world.today, certificates_to=world.ago(-10))
    with psycopg.connect(world.fresh.superuser_url) as owner, pytest.raises(psycopg.DatabaseError, match="insert_only"):
        owner.execute(statement.format("akashi.edition_transition").encode())
