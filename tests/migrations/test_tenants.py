"""One body never sees, changes or learns of another's rows, as the service's own role (goal R31).

Probes are made from the catalogue: every table of a body, read by each of its columns, written with another body's
keys. An id that exists elsewhere and one that exists nowhere get the same refusal.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from tests.support.acts import rows
from tests.support.around import lawful, lawful_grant, refuses
from tests.support.cases import one_of_each
from tests.support.issuing import Issue, decided_grant
from tests.support.probes import OPEN_TO_ALL
from tests.support.template import url_for

CONSTANTS = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "bytea": "sha256('x')",
    "int4": "1",
    "int8": "1",
    "bool": "true",
}
CONSTANTS |= {
    "numeric": "1",
    "date": "current_date",
    "timestamptz": "now()",
    "jsonb": "'{}'",
    "_text": "'{x}'",
    "_uuid": "'{}'",
    "_bytea": "'{}'",
}


@pytest.fixture(scope="module")
def world(lasting_world):
    """A body with rows in every table: issued, suspended, under way, and something open."""
    issued = lasting_world.grant("tenant-1")
    one_of_each(lasting_world, issued.public_id, lasting_world.suspend(issued.public_id).id)
    lawful_grant(lasting_world).attempt()
    with lasting_world.database.transaction(body=lasting_world.body) as connection:
        Issue.of(lasting_world, decided_grant(lasting_world)).first_commit(connection)
    lawful(lasting_world, issued.public_id, "withdraw")
    return lasting_world


@pytest.fixture(scope="module")
def stranger(world) -> UUID:
    """Another certification body, without any row of its own."""
    party, _ = world.add_certification_body("A stranger")
    return party


@pytest.fixture
def service(world, stranger) -> Iterator[psycopg.Connection]:
    """The service's role, acting for the stranger."""
    with psycopg.connect(url_for(world.fresh.superuser_url, "service"), autocommit=True) as connection:
        connection.execute("SELECT set_config('akashi.body', %s, false)", [str(stranger)])
        yield connection


@pytest.fixture(scope="module")
def tables(world) -> dict[str, list[Any]]:
    """The tables of bodies with their columns, as far as the service reads them."""
    found = rows(
        world,
        "SELECT c.relname, a.attname, t.typname, a.attgenerated <> '' OR a.attidentity <> '' AS made, a.attnotnull AS needed "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "JOIN pg_type t ON t.oid = a.atttypid WHERE c.relnamespace = 'akashi'::regnamespace AND c.relkind = 'r' "
        "AND has_table_privilege('akashi_service', c.oid, 'SELECT') "
        "AND EXISTS (SELECT FROM pg_attribute b WHERE b.attrelid = c.oid AND b.attname = 'body_id') ORDER BY 1, a.attnum",
    )
    named: dict[str, list[Any]] = {}
    for row in found:
        named.setdefault(row.relname, []).append(row)
    return named


def name(table: str) -> sql.Identifier:
    return sql.Identifier("akashi", table)


def refusal(connection: psycopg.Connection, statement: sql.Composable) -> tuple[str, str, str]:
    """State, message and constraint of a refusal; nothing is kept."""
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction():
                connection.execute(statement)
        except psycopg.Error as error:
            return (error.sqlstate or "", error.diag.message_primary or "", error.diag.constraint_name or "")
    return ("done", "", "")


def test_the_body_has_rows_to_be_seen(world, tables):
    own = [world.body, world.accreditation_body]
    seen = [table for table in tables if rows(world, f"SELECT FROM akashi.{table} WHERE body_id = ANY (%(b)s) LIMIT 1", b=own)]  # fmt: skip
    assert len(seen) > 30


def test_r31_no_probe_by_any_column_of_any_table_shows_a_row(world, tables, service):
    """Each value of each column of the body's rows is asked for by the stranger."""
    probes = 0
    for table, columns in tables.items():
        held = rows(world, f"SELECT * FROM akashi.{table} WHERE body_id = %(body)s LIMIT 12", body=world.body)
        for row in held:
            for column in columns:
                probe = sql.SQL("SELECT FROM {} WHERE {} IS NOT DISTINCT FROM %s AND body_id <> akashi.current_body()")
                value = getattr(row, column.attname)
                if isinstance(value, dict) or (column.typname == "jsonb"):
                    value = psycopg.types.json.Jsonb(value)
                seen = service.execute(probe.format(name(table), sql.Identifier(column.attname)), [value]).fetchall()
                assert seen == [] or table in OPEN_TO_ALL, (table, column.attname)
                probes += 1
    assert probes >= 1000


def test_r31_no_probe_by_id_in_five_thousand_shows_a_row(world, tables, service):
    """Every id that the body has, against every column that holds one."""
    ids = [
        row.id
        for table, columns in tables.items()
        if any(column.attname == "id" and column.typname == "uuid" for column in columns) and table not in OPEN_TO_ALL
        for row in rows(world, f"SELECT id FROM akashi.{table} WHERE body_id = %(body)s", body=world.body)
    ]
    probes = 0
    for table, columns in tables.items():
        for column in (
            column.attname for column in columns if column.typname == "uuid" and column.attname != "body_id"
        ):
            statement = sql.SQL("SELECT FROM {} WHERE {} = %s").format(name(table), sql.Identifier(column))
            for one in ids if table not in OPEN_TO_ALL else ():
                assert service.execute(statement, [one]).fetchone() is None, (table, column)
                probes += 1
    assert probes >= 5000


def test_a_transaction_for_nobody_sees_nothing_either(world, tables, service):
    service.execute("SELECT set_config('akashi.body', '', false)")
    for table in tables:
        seen = service.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(name(table))).fetchone()
        assert seen is None or table in OPEN_TO_ALL, table


def test_a_setting_that_is_no_id_is_an_error_and_no_way_in(service):
    service.execute("SELECT set_config('akashi.body', 'true', false)")
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        service.execute("SELECT * FROM akashi.draft")


def test_no_row_is_written_in_another_body_s_name(world, tables, service):
    """Row security or a rule refuses, and the same for the body that exists and one that does not."""
    for table, columns in tables.items():
        told = {
            refusal(service, insert_of(table, columns, {"body_id": sql.Literal(body)}))
            for body in (world.body, uuid4())
        }
        assert len(told) == 1, (table, told)
        assert told.pop()[0] in {"42501", "AKR01", "23502", "23514", "22P02", "22023"}, table


def insert_of(table: str, columns: list[Any], given: dict[str, sql.Composable]) -> sql.Composed:
    written = [column for column in columns if not column.made and (column.needed or column.attname in given)]
    values = [given.get(column.attname, sql.SQL(CONSTANTS[column.typname])) for column in written]
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        name(table), sql.SQL(", ").join(sql.Identifier(c.attname) for c in written), sql.SQL(", ").join(values)
    )


def test_the_operator_of_the_registry_decides_nothing(world):
    """Not even what the body has drafted and its decider confirmed: a transaction for nobody is nobody's decision."""
    grant = lawful_grant(world)
    with world.database.transaction(body=world.body) as connection:
        grant.draft(connection)
        grant.confirm(connection)
    with refuses("not_confirmed"), world.database.transaction() as connection:
        grant.begin(connection)
    with refuses("unknown_certification"), world.database.transaction() as connection:
        grant.judge(connection)


def test_r31_another_s_row_and_no_row_read_the_same_as_a_parent(world, stranger, tables, service):
    """Each reference of each table is given another body's id, then one that nobody has."""
    parents = rows(
        world,
        """SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
                  (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k (num, n)
                   JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) AS columns,
                  (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k (num, n)
                   JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num) AS targets
           FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'akashi'::regnamespace""",
    )
    compared = 0
    for key in parents:
        child, parent = key.child.removeprefix("akashi."), key.parent.removeprefix("akashi.")
        if child not in tables or parent not in tables or parent in OPEN_TO_ALL or "body_id" not in key.columns:
            continue
        pairs = [(c, t) for c, t in zip(key.columns, key.targets, strict=True) if c != "body_id"]
        typed = {column.attname: column for column in tables[child]}
        if any(typed[c].made for c, _ in pairs):
            continue
        held = rows(world, f"SELECT * FROM akashi.{parent} WHERE body_id = %(body)s LIMIT 1", body=world.body)
        if not held:
            continue
        own = {"body_id": sql.Literal(stranger)}
        foreign = own | {c: sql.Literal(getattr(held[0], t)) for c, t in pairs}
        absent = own | {
            c: sql.SQL(CONSTANTS[typed[c].typname]) for c, _ in pairs if typed[c].typname in {"uuid", "bytea"}
        }
        told = [refusal(service, insert_of(child, tables[child], foreign | given)) for given in ({}, absent)]
        assert told[0] == told[1], (key.child, key.parent, told)
        assert told[0][0] != "done"
        compared += 1
    assert compared >= 30


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO akashi.envelope (body_id, id, signature) VALUES ({body}, {id}, repeat('x', 64)::bytea)",
        "INSERT INTO akashi.act_void (body_id, act_id, reason) VALUES ({body}, {id}, 'x')",
        "SELECT * FROM akashi.claim_position('revocation', {id})",
    ],
    ids=["seal", "void", "claim"],
)
def test_what_looks_with_the_owner_s_eyes_tells_nothing_of_another_body(world, stranger, service, statement):
    """An act of another body: open, sealed or absent, in its name or in one's own, reads the same."""
    acts = [row.id for row in rows(world, "SELECT id FROM akashi.act WHERE body_id = %(body)s", body=world.body)]
    reserved = [row.id for row in rows(world, "SELECT id FROM akashi.reservation WHERE body_id = %(b)s", b=world.body)]
    for body in (world.body, stranger):
        told = {
            refusal(service, sql.SQL(statement).format(body=sql.Literal(body), id=sql.Literal(one)))
            for one in (*acts, *reserved, uuid4())
        }
        assert len(told) == 1, told


def test_r31_another_s_row_and_no_row_take_the_same_time(world, service):
    """Of many look-ups the quicker halves differ by less than a tenth, or by less than can matter.

    What disturbs a look-up only adds to it, so the median of the quicker half says what the look-up itself takes.
    """
    (held,) = rows(world, "SELECT id FROM akashi.draft WHERE body_id = %(body)s LIMIT 1", body=world.body)

    def once(identity: UUID) -> float:
        begin = time.perf_counter()
        service.execute("SELECT * FROM akashi.draft WHERE id = %s AND body_id = akashi.current_body()", [identity])
        return time.perf_counter() - begin

    foreign, absent = [], []
    for _ in range(2_000):
        foreign.append(once(held.id))
        absent.append(once(uuid4()))
    one, other = (statistics.quantiles(taken)[0] for taken in (foreign, absent))
    assert abs(one - other) < max(0.10 * max(one, other), 20e-6)
