"""Who may do what to the tables, read from the catalogue so that a new table cannot be forgotten (goal R32)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import psycopg
import pytest
from psycopg import sql

from app.storage.database import Database
from app.storage.roles import LOGIN_ROLES, create_database, role_name
from tests.support.acts import rows
from tests.support.around import lawful_grant, refuses
from tests.support.template import url_for

WRITERS = ("service", "jobs", "keeper", "reader")
FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE")

# What a role may do beyond adding and reading, and why.
MAY_CHANGE = {
    ("service", "slot", "UPDATE"): "the one mutable row of a subject: which act is under way",
    ("service", "person_name", "UPDATE"): "the erasable layer: a natural person's name",
    ("service", "person_name", "DELETE"): "the erasable layer: a natural person's name",
    ("service", "complaint_contact", "DELETE"): "the erasable layer: who complained",
}
# Which tables anybody but the service may add to, and why.
MAY_ADD = {
    ("jobs", "publication"): "signed status lists and manifests",
    ("jobs", "log_entry"): "indexes of the log, one after the other",
    ("jobs", "log_checkpoint"): "signed heads of the log",
}
# Tables that the service reads and never writes itself, and who does.
SERVICE_NEVER_ADDS = {
    "access_token": "keep_token",
    "log_queue": "append_leaf",
    "log_entry": "the jobs",
    "log_checkpoint": "the jobs",
    "oauth_assertion": "use_assertion",
    "publication": "the jobs",
    "status_list": "claim_position",
    "status_position": "claim_position",
}
# No row-level security: the same for everybody, written by migrations or by the jobs alone.
PUBLIC_TABLES = {
    "accreditation_transition", "assessment_limit", "clock", "country", "cycle_audit", "decision_type",
    "edition_transition", "interest_kind", "log_checkpoint", "log_entry", "normative_document", "publication",
    "reason_code", "recognition_arrangement", "relation_bar", "reply_term", "required_audit", "required_clause",
    "requirement", "scheme", "scheme_phase", "scheme_term", "status_list", "transfer_terms", "transfer_transition",
    "transition",
}  # fmt: skip
MUTABLE = {
    "slot",
    "person_name",
    "complaint_contact",
    "oauth_assertion",
    "access_token",
    "clock",
}  # all others are insert-only


@pytest.fixture
def world(lasting_world):
    return lasting_world


@pytest.fixture(scope="module")
def tables(lasting_world) -> list[str]:
    found = rows(lasting_world, "SELECT relname FROM pg_class WHERE relnamespace = 'akashi'::regnamespace AND relkind = 'r'")  # fmt: skip
    return sorted(row.relname for row in found)


@pytest.fixture
def as_role(world) -> Iterator[dict[str, psycopg.Connection]]:
    """A connection of each process, with the tenant set to the body."""
    connections = {role: psycopg.connect(url_for(world.fresh.superuser_url, role), autocommit=True) for role in WRITERS}
    for connection in connections.values():
        connection.execute("SELECT set_config('akashi.body', %s, false)", [str(world.body)])
    yield connections
    for connection in connections.values():
        connection.close()


def outcome(connection: psycopg.Connection, statement: str | sql.Composable) -> str:
    """`done`, or the SQLSTATE of the refusal; nothing is kept."""
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction():
                connection.execute(statement)
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
    return "done"


def copying(connection: psycopg.Connection, table: str) -> str:
    """The same for COPY of no row into a table."""
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier("akashi", table))
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction(), connection.cursor() as cursor, cursor.copy(statement):
                pass
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
    return "done"


def attempt_of(verb: str, table: str, column: str) -> sql.Composed:
    name = sql.Identifier("akashi", table)
    return {
        "UPDATE": sql.SQL("UPDATE {} SET {} = {}").format(name, sql.Identifier(column), sql.Identifier(column)),
        "DELETE": sql.SQL("DELETE FROM {}").format(name),
        "TRUNCATE": sql.SQL("TRUNCATE {} CASCADE").format(name),
    }[verb]


def columns_of(world, table: str) -> list[str]:
    found = rows(
        world,
        "SELECT attname FROM pg_attribute WHERE attrelid = %(name)s::regclass AND attnum > 0 AND attgenerated = '' "
        "AND attidentity = '' AND NOT attisdropped",
        name=f"akashi.{table}",
    )
    return [row.attname for row in found]


def test_the_catalogue_lists_our_tables(tables):
    assert len(tables) > 40
    assert set(tables) >= {"decision", "certificate_version", "standing_event", "envelope", "log_queue"}


# Statements that change facts.


def test_no_process_changes_a_fact(world, tables, as_role):
    columns = {table: columns_of(world, table) for table in tables}
    done = {
        (role, table, verb)
        for role in WRITERS
        for table in tables
        for verb in FORBIDDEN
        for column in (columns[table] if verb == "UPDATE" else [""])
        if outcome(as_role[role], attempt_of(verb, table, column)) != "42501"
    }
    assert done == set(MAY_CHANGE)


def test_a_slot_changes_in_its_act_alone(world, as_role):
    for column in set(columns_of(world, "slot")) - {"act_id"}:
        assert outcome(as_role["service"], attempt_of("UPDATE", "slot", column)) == "42501"


def test_the_owner_too_is_refused_to_change_a_fact(world, tables):
    with psycopg.connect(url_for(world.fresh.superuser_url, "migrator"), autocommit=True) as owner:
        owner.execute("SET ROLE akashi_owner")
        refused = {
            (table, verb): outcome(owner, attempt_of(verb, table, columns_of(world, table)[0]))
            for table in tables
            if table not in MUTABLE
            for verb in FORBIDDEN
        }
    assert {key for key, state in refused.items() if state != "AKR01"} == set()


def test_even_a_superuser_meets_the_trigger(world):
    with psycopg.connect(world.fresh.superuser_url, autocommit=True) as superuser:
        assert outcome(superuser, "UPDATE akashi.decision SET act = act") == "AKR01"


def test_only_the_jobs_add_what_no_body_asserts(world):
    assert {(role, table) for role in WRITERS[1:] for table in may(world, role, "INSERT")} == set(MAY_ADD)


def may(world, role: str, verb: str) -> set[str]:
    """The tables to which a process may do this."""
    found = rows(
        world,
        "SELECT relname FROM pg_class WHERE relnamespace = 'akashi'::regnamespace AND relkind = 'r' "
        "AND has_table_privilege(%(role)s, oid, %(verb)s)",
        role=role_name(role),
        verb=verb,
    )
    return {row.relname for row in found}


def test_the_service_adds_no_log_entry_position_token_or_publication(world, tables):
    kept_from_it = set(tables) - may(world, "service", "INSERT")
    assert kept_from_it == set(SERVICE_NEVER_ADDS) | PUBLIC_TABLES


@pytest.mark.parametrize("verb", ["INSERT", *FORBIDDEN])
def test_the_keeper_writes_nothing(world, verb):
    assert may(world, "keeper", verb) == set()


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "ALTER TABLE akashi.decision DISABLE TRIGGER ALL",
        "ALTER TABLE akashi.decision DISABLE ROW LEVEL SECURITY",
        "DROP TRIGGER insert_only ON akashi.decision",
        "DROP POLICY own_rows ON akashi.decision",
        "CREATE OR REPLACE FUNCTION akashi.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp()'",
        "CREATE FUNCTION akashi.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE public.mine ()",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION btree_gist",
        "CREATE RULE r AS ON INSERT TO akashi.decision DO INSTEAD NOTHING",
        "GRANT akashi_owner TO akashi_service",
        "ALTER ROLE akashi_service BYPASSRLS",
        "ALTER DATABASE postgres SET fsync = off",
        "UPDATE akashi.clock SET ahead = '1 year'",
        "COPY akashi.log_queue FROM STDIN",
        "COPY akashi.decision TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "SET ROLE akashi_owner",
        "SET ROLE akashi_public",
        *(f"SET ROLE {role_name(role)}" for role in LOGIN_ROLES),
        "SET SESSION AUTHORIZATION akashi_migrator",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT setval('akashi.log_queue_sequence_seq', 1)",
        "SELECT nextval('akashi.log_queue_sequence_seq')",
    ],
)
def test_a_statement_that_would_lift_a_rule_is_refused(as_role, role, statement):
    if statement == f"SET ROLE {role_name(role)}":
        assert outcome(as_role[role], statement) == "done"  # everybody is who they are
    else:
        assert outcome(as_role[role], statement) in {"42501", "42704", "0A000"}


LIFTING = {
    "triggers off": "ALTER TABLE {} DISABLE TRIGGER ALL",
    "row security off": "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
    "row security not forced": "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
    "an owner of one's choice": "ALTER TABLE {} OWNER TO CURRENT_USER",
    "a policy of one's own": "CREATE POLICY mine ON {} USING (true)",
    "a rule of one's own": "CREATE RULE mine AS ON INSERT TO {} DO INSTEAD NOTHING",
    "a column more": "ALTER TABLE {} ADD COLUMN mine int",
    "another name": "ALTER TABLE {} RENAME TO mine",
    "no table": "DROP TABLE {} CASCADE",
}


@pytest.mark.parametrize("lifting", LIFTING)
def test_no_process_lifts_the_rules_of_any_table(tables, as_role, lifting):
    statement = sql.SQL(LIFTING[lifting])
    done = {
        (role, table)
        for role in WRITERS
        for table in tables
        if outcome(as_role[role], statement.format(sql.Identifier("akashi", table))) != "42501"
    }
    assert done == set()


def test_no_process_copies_rows_past_the_rules(tables, as_role):
    """COPY is refused where row security judges; elsewhere it adds what its role may add, under the same triggers."""
    done = {
        (role, table) for role in WRITERS for table in tables if copying(as_role[role], table) not in {"42501", "0A000"}
    }
    assert done == set(MAY_ADD)


def test_no_search_path_leads_a_rule_astray(world):
    for days, lawfully in ((0, True), (-1, False)):
        grant = lawful_grant(world).dated(world.ago(days))
        with (
            nullcontext() if lawfully else refuses("decided_in_the_future"),
            world.database.transaction(body=world.body) as connection,
        ):
            connection.exec_driver_sql("SET LOCAL search_path = pg_temp, public")
            grant.decide(connection)


# Roles.


def test_no_role_of_ours_is_above_the_rules(world):
    above = rows(
        world,
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'akashi%%' "
        "AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
    )
    assert above == []


def test_who_owns_nothing_logs_in_and_who_owns_does_not(world):
    logging_in = {row.rolname for row in rows(world, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'akashi%%' AND rolcanlogin")}  # fmt: skip
    assert logging_in == {role_name(role) for role in LOGIN_ROLES}
    owners = {row.owner for row in rows(world, "SELECT DISTINCT relowner::regrole::text AS owner FROM pg_class WHERE relnamespace IN ('akashi'::regnamespace, 'public_record'::regnamespace)")}  # fmt: skip
    assert owners == {"akashi_owner", "akashi_public"}


def test_only_the_migrator_becomes_another_role(world):
    memberships = {
        (row.member, row.role)
        for row in rows(
            world,
            "SELECT member::regrole::text AS member, roleid::regrole::text AS role FROM pg_auth_members "
            "WHERE member::regrole::text LIKE 'akashi%%'",
        )
    }
    assert memberships == {("akashi_migrator", "akashi_owner"), ("akashi_owner", "akashi_public")}


def test_a_database_of_ours_is_entered_by_our_roles_alone_and_nothing_is_made_in_it(postgres):
    """The way in which production makes one: nobody else connects, and no process makes even temporary objects."""
    name = f"test_entered_{id(postgres)}"
    with postgres.superuser() as administrator:
        create_database(administrator, name)
        try:
            rights = administrator.execute(
                "SELECT grantee::regrole::text, privilege_type FROM pg_database, aclexplode(datacl) "
                "WHERE datname = %s AND grantee <> datdba",
                [name],
            ).fetchall()
        finally:
            postgres.drop_database(name)
    assert set(rights) == {(role_name(role), "CONNECT") for role in LOGIN_ROLES}


def test_the_pools_hold_no_role_that_owns(world):
    assert set(Database.connect({"owner": "x", **dict.fromkeys(LOGIN_ROLES, "postgresql://")}).engines) == set(
        LOGIN_ROLES
    )


def test_the_reader_sees_the_public_record_and_no_table(tables, as_role):
    reader = as_role["reader"]
    seen = {table for table in tables if outcome(reader, sql.SQL("SELECT FROM {}").format(sql.Identifier("akashi", table))) == "done"}  # fmt: skip
    assert seen == {"clock"}  # which production does not have
    assert outcome(reader, "SELECT FROM public_record.certification") == "done"
