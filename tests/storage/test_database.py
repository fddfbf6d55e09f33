"""One transaction an act: whole or not at all, for one body, and never called done unless the server said so."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial

import psycopg
import pytest
from sqlalchemy import text

from app.errors import AkashiError
from app.registry import people
from app.storage import database as module
from app.storage.database import Database, attempt_each, check_server, gathered, now, rehearse
from app.storage.embedded import EmbeddedServer
from tests.support.acts import count, refused, rows
from tests.support.template import urls


def asked(store, question, role="service", **options):
    with store.transaction(role, **options) as connection:
        return connection.execute(text(question)).scalar_one()


# --- Whole or not at all, for one body ---


def test_what_a_transaction_wrote_stands_after_it(world):
    with world.database.transaction("jobs") as connection:
        connection.execute(text("INSERT INTO akashi.publication VALUES ('x', 1, 'text/plain', 'x', now(), now())"))
    assert asked(world.database, "SELECT count(*) FROM akashi.publication", "jobs") == 1


def test_an_error_within_leaves_nothing(store):
    def publish_and_fail():
        with store.transaction("jobs") as connection:
            connection.execute(text("INSERT INTO akashi.publication VALUES ('x', 1, 'text/plain', 'x', now(), now())"))
            raise KeyError

    with pytest.raises(KeyError):
        publish_and_fail()
    assert asked(store, "SELECT count(*) FROM akashi.publication", "jobs") == 0


def test_a_transaction_acts_for_its_body_and_the_next_for_nobody(world):
    question = "SELECT coalesce(akashi.current_body()::text, 'nobody')"
    assert asked(world.database, question, body=world.body) == str(world.body)
    assert asked(world.database, question) == "nobody"


def test_nothing_of_a_transaction_s_context_stays_in_its_connection(world):
    for _ in range(3):
        asked(world.database, "SELECT 1", body=world.body)
    with world.database.engines["service"].connect() as connection:
        assert connection.execute(text("SELECT current_setting('akashi.body', true)")).scalar_one() == ""


@pytest.mark.parametrize("role", ["service", "reader", "jobs", "keeper", "migrator"])
def test_each_role_is_its_own_login(store, role):
    assert asked(store, "SELECT session_user::text", role) == f"akashi_{role}"


def test_acts_run_at_read_committed(store):
    assert asked(store, "SELECT current_setting('transaction_isolation')") == "read committed"


def test_a_process_that_stops_within_a_transaction_does_not_hold_others_up_for_ever(store):
    assert asked(store, "SELECT current_setting('idle_in_transaction_session_timeout')") == "1min"


def test_the_database_s_clock_is_the_one_that_acts_know(world):
    with world.database.transaction() as connection:
        assert now(connection) <= world.database.now()


def test_only_roles_that_we_know_are_connected(database):
    with_more = urls(database.superuser_url) | {"postgres": database.superuser_url}
    assert set(Database.connect(with_more).engines) == set(urls(database.superuser_url))


# --- The server ---


def test_a_server_of_our_own_floor_or_newer_is_accepted(store, monkeypatch):
    check_server(store)
    monkeypatch.setattr(module, "OLDEST_SERVER", 99)
    with refused("database_too_old"):
        check_server(store)


def test_a_server_that_is_not_there_is_unavailable(tmp_path):
    nowhere = Database.connect({"service": f"postgresql://akashi_service@/akashi?host={tmp_path}"})
    with refused("database_unavailable"):
        nowhere.now()


def test_a_pool_without_a_free_connection_is_unavailable(database, monkeypatch):
    monkeypatch.setattr(module, "POOL_SIZE", 1)
    monkeypatch.setattr(module, "POOL_PATIENCE", 0.05)
    small = Database.connect(urls(database.superuser_url))
    with small.transaction(), small.transaction(), refused("database_unavailable"):
        small.now()
    small.close()


def test_what_the_database_refuses_has_a_code(store):
    with refused("value_refused"):
        asked(store, "SELECT 'x'::integer")


# --- The fate of a commit ---


@pytest.fixture
def lonely_server(server_home):
    """A server that waits at each commit for a standby that does not exist, as Patroni would have it."""
    with EmbeddedServer.start(server_home, durable=False) as server:
        with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE fact (n integer)")
            connection.execute("SET synchronous_commit = off")
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            connection.execute("SELECT pg_reload_conf()")
        yield server


def wait_for_commit(server, end):
    """When a session waits for the standby, it is ended by this function of PostgreSQL."""
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            waiting = connection.execute("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'").fetchall()
            for (pid,) in waiting:
                connection.execute(f"SELECT {end}({pid})".encode())
            if waiting:
                return
            time.sleep(0.05)


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_commit_whose_wait_was_broken_off_has_an_unknown_outcome_and_no_success(lonely_server, end):
    store = Database.connect({"service": lonely_server.superuser_url()})
    breaking = threading.Thread(target=wait_for_commit, args=(lonely_server, end))
    breaking.start()

    with refused("outcome_unknown"), store.transaction() as connection:
        connection.execute(text("INSERT INTO fact VALUES (1)"))

    breaking.join()
    store.close()
    with psycopg.connect(lonely_server.superuser_url()) as connection:
        assert connection.execute("SELECT count(*) FROM fact").fetchone() == (1,), "here it had been done"


def test_a_refusal_at_commit_is_a_refusal_and_not_an_unknown_outcome(database):
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM akashi.refuse('document_mismatch', 'late'); RETURN NULL; END $$"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON akashi.publication DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION late()"
        )
        connection.execute("GRANT EXECUTE ON FUNCTION late() TO akashi_jobs")
        connection.execute("GRANT EXECUTE ON FUNCTION akashi.refuse(text, text) TO akashi_jobs")
    store = Database.connect(urls(database.superuser_url))
    with pytest.raises(AkashiError) as caught, store.transaction("jobs") as connection:
        connection.execute(text("INSERT INTO akashi.publication VALUES ('x', 1, 'text/plain', 'x', now(), now())"))
    store.close()
    assert caught.value.code == "document_mismatch"


# --- Rehearsals (docs/adr/0023) ---


# --- Many in one ---


def test_gathered_acts_share_one_commit_and_others_see_none_of_them_before(world):
    before = count(world, "person")
    with gathered(world.database, world.body) as database:
        together = replace(world.registry, database=database)
        for _ in range(3):
            people.add_person(together, world.actor, relation="employee", name="Sakura Test")
        assert count(world, "person") == before
        assert abs((database.now() - world.now()).total_seconds()) < 5
    assert count(world, "person") == before + 3
    assert len({row.xmin for row in rows(world, "SELECT xmin::text FROM akashi.person ORDER BY recorded_at")[-3:]}) == 1


def test_one_gathered_act_that_is_refused_undoes_all(world):
    before = count(world, "person")
    with refused("text_empty"), gathered(world.database, world.body) as database:
        together = replace(world.registry, database=database)
        people.add_person(together, world.actor, relation="employee", name="Sakura Test")
        people.add_person(together, world.actor, relation="employee", name="")
    assert count(world, "person") == before


def test_what_is_not_the_body_s_is_no_part_of_what_was_gathered(world):
    with gathered(world.database, world.body) as database:
        assert asked(database, "SELECT coalesce(akashi.current_body()::text, 'nobody')") == "nobody"
        assert asked(database, "SELECT session_user::text", "keeper") == "akashi_keeper"
        assert database.now("reader") <= world.now()


def numbered(connection, number):
    if number < 0:
        raise AkashiError("unknown_act")
    publication = "INSERT INTO akashi.publication VALUES (:name, 1, 'text/plain', 'x', now(), now())"
    connection.execute(text(publication), {"name": str(number)})
    return -number


def test_of_many_attempts_one_that_is_refused_is_undone_alone(world):
    forgotten = []
    with world.database.transaction("jobs") as connection:
        outcomes = attempt_each(
            connection, [1, -2, 3], partial(numbered, connection), again=lambda: forgotten.append("all")
        )
    assert (outcomes[1], outcomes[3], outcomes[-2].code, forgotten) == (-1, -3, "unknown_act", ["all"])
    assert [row.name for row in rows(world, "SELECT name FROM akashi.publication ORDER BY 1")] == ["1", "3"]


def test_many_attempts_without_a_refusal_are_one_part(world):
    with world.database.transaction("jobs") as connection:
        assert attempt_each(connection, [4, 5], partial(numbered, connection)) == {4: -4, 5: -5}
        assert attempt_each(connection, [], partial(numbered, connection)) == {}
    assert count(world, "publication") == 2


def test_a_rehearsal_tells_every_refusal_and_undoes_all(world):
    with world.database.transaction(body=world.body) as connection:
        with rehearse(connection, world.body) as told:
            for code in ("reason_missing", "audit_missing"):
                connection.execute(text(f"SELECT akashi.refuse('{code}', 'clause of {code}')"))
        left = connection.execute(text("SELECT count(*) FROM akashi.rehearsal")).scalar_one()
    assert [(one.code, one.note) for one in told] == [
        ("reason_missing", "clause of reason_missing"),
        ("audit_missing", "clause of audit_missing"),
    ]
    assert left == 0


def test_what_the_caller_refuses_itself_ends_a_rehearsal_and_is_told(world):
    with world.database.transaction(body=world.body) as connection:
        with rehearse(connection, world.body) as told:
            raise AkashiError("key_not_bound")
        assert [one.code for one in told] == ["key_not_bound"]
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_defect_in_a_rehearsal_is_raised(world):
    with (
        world.database.transaction(body=world.body) as connection,
        refused("internal_error"),
        rehearse(connection, world.body),
    ):
        connection.execute(text("SELECT 1 / 0"))


def test_an_error_after_a_refusal_comes_of_having_gone_on(world):
    with world.database.transaction(body=world.body) as connection, rehearse(connection, world.body) as told:
        connection.execute(text("SELECT akashi.refuse('reason_missing', '')"))
        connection.execute(text("SELECT 1 / 0"))
    assert [one.code for one in told] == ["reason_missing"]
