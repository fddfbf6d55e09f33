"""A rehearsal is never committed: rules are told instead of kept only where nothing can come of it (docs/adr/0023)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from tests.support.acts import rows
from tests.support.around import lawful_grant, refuses
from tests.support.template import url_for

BEGIN = "INSERT INTO akashi.rehearsal (body_id, id) VALUES (akashi.current_body(), gen_random_uuid())"
HEARD = "SELECT akashi.refuse('reason_missing', 'heard')"


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def service(world) -> Iterator[psycopg.Connection]:
    """The service's role, acting for the body."""
    with psycopg.connect(url_for(world.fresh.superuser_url, "service")) as connection:
        connection.execute("SELECT set_config('akashi.body', %s, false)", [str(world.body)])
        yield connection
        connection.rollback()


def test_an_unlawful_decision_that_was_rehearsed_cannot_be_committed(world):
    grant = lawful_grant(world)
    grant.document["relied_on"] = []
    with refuses("rehearsal_committed"), world.database.transaction(body=world.body) as connection:
        connection.exec_driver_sql(BEGIN)
        grant.decide(connection)
    assert rows(world, "SELECT FROM akashi.decision WHERE id = %(id)s", id=grant.id) == []


def test_a_lawful_one_cannot_either(world):
    grant = lawful_grant(world)
    with refuses("rehearsal_committed"), world.database.transaction(body=world.body) as connection:
        connection.exec_driver_sql(BEGIN)
        grant.decide(connection)


@pytest.mark.parametrize("when", ["SET CONSTRAINTS ALL IMMEDIATE", "COMMIT", "PREPARE TRANSACTION 'rehearsed'"])
def test_no_way_to_end_a_transaction_keeps_a_rehearsal(service, when):
    service.execute(BEGIN)
    with pytest.raises(psycopg.Error) as caught:
        service.execute(when)
    assert caught.value.sqlstate in {"AKR01", "55000"}  # prepared transactions are off
    service.rollback()
    assert service.execute("SELECT count(*) FROM akashi.rehearsal").fetchone() == (0,)


def test_what_began_a_rehearsal_cannot_be_taken_back_but_with_all_that_was_told(service):
    service.execute(BEGIN)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        service.execute("DELETE FROM akashi.rehearsal")


def test_after_the_rehearsal_is_undone_rules_refuse_again(service):
    service.execute("SAVEPOINT part")
    service.execute(BEGIN)
    service.execute(HEARD)
    service.execute("ROLLBACK TO SAVEPOINT part")
    with pytest.raises(psycopg.Error, match="reason_missing"):
        service.execute(HEARD)


def test_a_rehearsal_of_one_transaction_is_none_in_another(world, service):
    service.execute(BEGIN)
    with psycopg.connect(url_for(world.fresh.superuser_url, "service")) as other:
        other.execute("SELECT set_config('akashi.body', %s, false)", [str(world.body)])
        with pytest.raises(psycopg.Error, match="reason_missing"):
            other.execute(HEARD)


def test_whoever_looks_with_the_owner_s_eyes_is_refused_at_once(world, service):
    """Invariant 19: in a rehearsal too, nobody reads what rests on another's accreditation."""
    service.execute(BEGIN)
    with pytest.raises(psycopg.Error, match="unknown_accreditation"):
        service.execute("SELECT * FROM akashi.decisions_resting_on(%s)", [uuid4()])


def test_who_acts_for_nobody_rehearses_nothing(world):
    with (
        psycopg.connect(url_for(world.fresh.superuser_url, "service")) as nobody,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        nobody.execute("INSERT INTO akashi.rehearsal (body_id, id) VALUES (%s, %s)", [world.body, uuid4()])
