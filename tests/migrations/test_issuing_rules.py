"""No certificate without its decision, its bytes, its positions and its event: the second commit judges all of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from app.credentials.statement import statement_input
from app.storage.rows import insert, run
from tests.support.acts import count, rows
from tests.support.around import lawful_grant, refuses, reserve, seal
from tests.support.issuing import Issue, decided_grant
from tests.support.template import url_for


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture
def issue(world) -> Issue:
    return Issue.of(world, decided_grant(world))


@pytest.fixture
def service(world):
    """A transaction of the service's role for the body."""
    return lambda: world.database.transaction(body=world.body)


@pytest.fixture
def begun(issue, service) -> Issue:
    """The first commit is done."""
    with service() as connection:
        issue.first_commit(connection)
    return issue


def test_a_lawful_issue_may_be_written_with_plain_sql(begun, service):
    with service() as connection:
        begun.second_commit(connection)


def test_a_signature_without_its_version_and_event_does_not_commit(begun, service):
    with refuses("act_incomplete"), service() as connection:
        begun.seal(connection)


def test_a_version_does_not_commit_without_its_event(begun, service):
    with refuses("act_incomplete"), service() as connection:
        begun.seal(connection)
        begun.version(connection)


def test_a_certificate_reserved_without_an_event_is_never_sealed(issue, service):
    with service() as connection:
        issue.begin(connection)
        issue.reserve(connection, without="akashi-standing-event-1")
        issue.intend(connection)
    with refuses("act_incomplete"), service() as connection:
        issue.seal(connection)
        issue.version(connection)


def test_an_act_is_sealed_whole(begun, service, world):
    with refuses("act_incomplete"), service() as connection:
        seal(connection, world.body, begun.ids["certificate"])
        begun.version(connection)


def test_an_event_of_a_grant_stands_with_its_version(begun, service):
    with refuses("event_without_version"), service() as connection:
        begun.seal(connection)
        begun.stand(connection, version_no=None)


def test_nothing_is_added_to_an_act_that_was_sealed(begun, service, world):
    with service() as connection:
        begun.second_commit(connection)
    with refuses("act_is_void"), service() as connection:
        reserve(
            connection,
            body=world.body,
            act=begun.act,
            ordinal=3,
            statement="akashi-standing-event-1",
            subject=bytes(begun.row.subject),
            signing_input=statement_input(begun.event, world.ring.certification.thumbprint),
            thumbprint=world.ring.certification.thumbprint,
        )


def test_a_second_signature_over_the_same_bytes_is_refused(begun, service, world):
    with service() as connection:
        begun.second_commit(connection)
    with refuses("already_recorded", "23505", "envelope_pkey"), service() as connection:
        seal(connection, world.body, begun.ids["certificate"], b"\2" * 64)


def test_a_signature_is_stored_only_over_reserved_bytes(service, world):
    with refuses("unknown_reservation"), service() as connection:
        seal(connection, world.body, uuid4())


def test_a_voided_act_is_never_sealed(begun, service, world):
    with service() as connection:
        insert(connection, "act_void", body_id=world.body, act_id=begun.act, reason="test")
    with refuses("act_is_void"), service() as connection:
        begun.second_commit(connection)


def test_a_sealed_act_is_never_voided(begun, service, world):
    with service() as connection:
        begun.second_commit(connection)
    with refuses("act_is_sealed"), service() as connection:
        insert(connection, "act_void", body_id=world.body, act_id=begun.act, reason="test")


def test_another_act_cannot_take_the_slot_unnoticed(begun, service, world):
    other = lawful_grant(world)
    other.attempt()
    with service() as connection:
        run(connection, "UPDATE akashi.slot SET act_id = NULL WHERE act_id = :act", act=begun.act)
    with refuses("act_is_void"), service() as connection:
        begun.second_commit(connection)


def test_the_ordinal_and_the_instant_are_the_database_s(begun, service, world):
    with service() as connection:
        insert(
            connection,
            "envelope",
            body_id=world.body,
            id=begun.ids["certificate"],
            signature=b"\1" * 64,
            n=99,
            subject=b"x" * 32,
            recorded_at=world.now() - timedelta(days=400),
        )
        seal(connection, world.body, begun.ids["akashi-standing-event-1"])
        begun.version(connection)
        begun.stand(connection)
    (row,) = rows(world, "SELECT * FROM akashi.envelope WHERE id = %(id)s", id=begun.ids["certificate"])
    assert (row.n, bytes(row.subject)) == (2, bytes(begun.row.subject))
    assert world.now() - row.recorded_at < timedelta(minutes=5)


# Versions.


def test_there_is_no_second_current_version(begun, service):
    with service() as connection:
        begun.second_commit(connection)
    with refuses("act_is_void"), service() as connection:
        run(
            connection,
            "UPDATE akashi.slot SET act_id = NULL WHERE act_id = :act",
            act=begun.act,
        )
        begun.version(connection, version_no=2)


@pytest.mark.parametrize("number", [0, 2, 3])
def test_a_version_takes_the_next_number(begun, service, number):
    with refuses("version_out_of_order"), service() as connection:
        begun.seal(connection)
        begun.version(connection, version_no=number)


@pytest.mark.parametrize("end", ["effective_at", "valid_until"])
def test_a_version_runs_as_its_decision_says(begun, service, world, end):
    with refuses("document_mismatch"), service() as connection:
        begun.seal(connection)
        begun.version(connection, **{end: world.now() + timedelta(days=9999)})


def test_a_version_without_its_envelope_is_refused(begun, service):
    with refuses("act_is_void"), service() as connection:
        begun.version(connection, envelope_id=uuid4())


# What may have changed in between.


def test_an_accreditation_suspended_between_the_commits_stops_the_issue(world, service):
    kept = world.known_accreditation
    made = world.accredit(number=f"FA-{uuid4()}")
    world.accreditation = kept
    issue = Issue.of(world, decided_grant(world, accreditations=(made,)))
    with service() as connection:
        issue.first_commit(connection)
    world.change_accreditation("suspend", accreditation=made)
    with refuses("accreditation_suspended_now"), service() as connection:
        issue.second_commit(connection)
    second = Issue(world, issue.decision, issue.row, issue.header, issue.credential, issue.event)
    with service() as connection:
        insert(connection, "act_void", body_id=world.body, act_id=issue.act, reason="test")
    with refuses("accreditation_suspended_now"), service() as connection:
        second.first_commit(connection)


def test_a_key_that_nobody_bound_seals_nothing(world, service):
    """The body's second key is registered, which grants nothing."""
    unbound = world.keys.create()
    world.register_key(world.body, unbound, "certify", world.issue_chain(world.body, "Unbound", unbound))
    issue = Issue.of(world, decided_grant(world))
    with service() as connection:
        issue.begin(connection)
        issue.reserve(connection, key=unbound.thumbprint)
        issue.intend(connection)
    with refuses("key_not_bound"), service() as connection:
        seal(connection, world.body, issue.ids["certificate"])


def test_the_key_of_a_body_that_ceased_seals_nothing(bare_world):
    """Not even what was decided and reserved before (IAF MD 2)."""
    bare_world.accredit()
    bare_world.bind_key()
    issue = Issue.of(bare_world, decided_grant(bare_world))
    with bare_world.database.transaction(body=bare_world.body) as connection:
        issue.first_commit(connection)
    bare_world.change_accreditation("cease")
    with refuses("key_not_bound"), bare_world.database.transaction(body=bare_world.body) as connection:
        seal(connection, bare_world.body, issue.ids["akashi-standing-event-1"])


def test_a_key_of_another_body_is_unknown(world, service):
    other, _ = world.add_certification_body(f"Other {uuid4()}")
    (key,) = rows(world, "SELECT thumbprint FROM akashi.signing_key WHERE party_id = %(id)s", id=other)
    issue = Issue.of(world, decided_grant(world))
    with (
        refuses("unknown_reference", "23503", "reservation_body_id_thumbprint_fkey"),
        service() as connection,
    ):
        issue.begin(connection)
        issue.reserve(connection, key=key.thumbprint)


def test_a_certification_that_ended_is_not_amended(world, service):
    public_id = world.grant(f"amend-{uuid4()}").public_id
    amendment = world.decide(public_id, "amend")
    issue = Issue.of(world, amendment)
    world.withdraw(public_id)
    with refuses("no_such_transition"), service() as connection:
        issue.first_commit(connection)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_acts_run_at_read_committed_alone(begun, world, level):
    with psycopg.connect(url_for(world.fresh.superuser_url, "service")) as connection:
        connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        connection.execute("SELECT set_config('akashi.body', %s, true)", [str(world.body)])
        with pytest.raises(psycopg.DatabaseError, match="wrong_isolation"):
            connection.execute("INSERT INTO akashi.act_void VALUES (%s, %s, 'test')", [world.body, begun.act])


def test_a_refused_issue_leaves_nothing(issue, service, world):
    before = {table: count(world, table) for table in ("act", "reservation", "status_position", "issuance_reservation")}
    issue.reserved["version_no"] = 9
    with refuses("version_out_of_order"), service() as connection:
        issue.first_commit(connection)
    assert before == {table: count(world, table) for table in before}
