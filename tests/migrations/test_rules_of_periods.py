"""How long a certificate runs, renewal by renewal and after a lapse, in the database (invariant 2)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.conformity.periods import last_valid_day
from tests.support.around import lawful, refuses


@pytest.fixture
def world(lasting_world):
    return lasting_world


@contextmanager
def days_later(world, days):
    """The clock reads so many days later within."""
    world.set_clock(world.now() + timedelta(days=days))
    try:
        yield
    finally:
        world.set_clock(world.now() - timedelta(days=days))


def granted(world, days):
    """A certificate whose last valid day is so many days from today."""
    return world.grant(f"period-{uuid4()}", certificate=world.wanted(last_valid_day=world.ago(-days))).public_id


def renewed(world, public_id, *, effective_on=None, last_day=None, act="renew"):
    audit = world.audit(public_id, "recertification", last_day=world.today)
    return lawful(
        world,
        public_id,
        act,
        effective_on=effective_on,
        relied_on=(audit.id,),
        certificate=world.wanted(last_valid_day=last_day),
    )


def ends(attempt) -> date:
    return date.fromisoformat(attempt.facts["validity"]["last_valid_day"])


def test_a_timely_renewal_loses_nothing(world):
    """The new cycle runs from the end of the old one."""
    attempt = renewed(world, granted(world, 60))
    assert ends(attempt) == last_valid_day(world.ago(-61), 36)
    attempt.attempt()


def test_a_renewal_from_the_day_after_the_old_end_is_timely(world):
    renewed(world, granted(world, 60), effective_on=world.ago(-61)).attempt()


def test_a_renewal_leaves_no_gap(world):
    with refuses("renewal_after_expiry"):
        renewed(world, granted(world, 60), effective_on=world.ago(-62)).attempt()


def test_a_renewal_gains_nothing_beyond_its_cycle(world):
    longest = last_valid_day(world.ago(-61), 36)
    with refuses("validity_beyond_maximum"):
        renewed(world, granted(world, 60), last_day=longest + timedelta(days=1)).attempt()


def test_a_renewal_is_not_too_early(world):
    with refuses("renewal_too_early"):
        renewed(world, granted(world, 400)).attempt()


def test_a_renewal_rests_on_a_recertification_audit(world):
    public_id = granted(world, 60)
    audit = world.audit(public_id, "surveillance", last_day=world.today)
    with refuses("audit_missing"):
        lawful(world, public_id, "renew", relied_on=(audit.id,), certificate=world.wanted()).attempt()


def test_what_has_expired_is_not_renewed(world):
    public_id = granted(world, 1)
    with days_later(world, 3), refuses("certificate_expired"):
        renewed(world, public_id).attempt()


def test_within_six_months_after_expiry_a_certification_is_restored_and_the_gap_stays(world):
    public_id, end = granted(world, 1), world.ago(-1)
    with days_later(world, 100):
        attempt = renewed(world, public_id, act="restore_expired")
        assert attempt.facts["cycle"]["previous_ended_on"] == end.isoformat()
        assert ends(attempt) == last_valid_day(end + timedelta(days=1), 36)
        attempt.attempt()


def test_a_restoration_brings_back_no_more_than_was_certified(world):
    public_id = granted(world, 1)
    with days_later(world, 100):
        attempt = renewed(world, public_id, act="restore_expired")
        attempt.facts["scope"]["areas"] = ["generative", "robotics"]
        with refuses("restoration_widens_scope"):
            attempt.attempt()


def test_six_months_and_a_day_after_expiry_is_too_late(world):
    public_id = granted(world, 1)
    with days_later(world, 190), refuses("restoration_too_late"):
        renewed(world, public_id, act="restore_expired").attempt()


def test_what_has_not_expired_is_not_restored_after_expiry(world):
    attempt = renewed(world, granted(world, 60))
    attempt.document["act"] = attempt.facts["decision"]["act"] = "restore_expired"
    with refuses("not_expired"):
        attempt.attempt()


def test_a_restoration_ends_with_the_prior_cycle(world):
    public_id, end = granted(world, 1), world.ago(-1)
    longest = last_valid_day(end + timedelta(days=1), 36)
    with days_later(world, 50), refuses("validity_beyond_maximum"):
        renewed(world, public_id, act="restore_expired", last_day=longest + timedelta(days=1)).attempt()


@pytest.mark.parametrize(
    ("start", "last"), [(date(2028, 2, 29), date(2031, 2, 28)), (date(2027, 3, 1), date(2030, 2, 28))]
)
def test_c034_c035_c038_months_are_calendar_months_in_sql_too(world, start, last):
    """C034, C035, C038: one rule for the end of a period, the same in the limit of the database."""
    with world.database.transaction() as connection:
        (row,) = connection.exec_driver_sql(f"SELECT akashi.last_valid_day('{start}', 36)").all()
    assert row[0] == last == last_valid_day(start, 36)
