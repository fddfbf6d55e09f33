"""Whatever PostgreSQL refuses arrives as one of our codes, and each of them is explained."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import AkashiError, catalogue
from app.storage import refusals
from app.storage.refusals import as_refusal

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"
EXTENTS = {  # what a version is refused for that does not lie to the one before as its act demands
    "extension_does_not_extend",
    "reduction_does_not_reduce",
    "edition_not_changed",
    "restoration_widens_scope",
    "correction_changes_scope",
    "translation_changes_texts",
    "amend_changes_scope",
}
RETURNED = {
    "not_accredited",
    "outside_accreditation",
    "accreditation_suspended",
    "unknown_accreditation",
    "unknown_certification",
}
COMPOSED = EXTENTS | {
    *(f"open_{grade}_finding" for grade in ("major", "minor")),
    *(
        f"{gap}_{moment}"
        for gap in ("not_accredited", "outside_accreditation", "accreditation_suspended")
        for moment in ("at_decision", "now")
    ),
}


def sql() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("*.sql"))


def refused_codes() -> set[str]:
    """The codes that rules raise; what is put together from parts stands in COMPOSED."""
    whole = set(re.findall(r"akashi\.refuse\('([a-z_0-9]+)',", sql()))
    return whole | COMPOSED


def test_every_code_that_a_rule_raises_is_explained():
    assert refused_codes() - set(catalogue()) == set()


def test_every_composed_code_is_known_to_this_test():
    calls = {" ".join(call.split()) for call in re.findall(r"akashi\.refuse\(([^,]+),", sql())}
    composed = {call for call in calls if not re.fullmatch(r"'[a-z_0-9]+'", call)}
    (extents,) = (call for call in composed if call.startswith("CASE kind"))
    assert set(re.findall(r"(?:THEN|ELSE) '([a-z_]+)'", extents)) == EXTENTS
    assert composed - {extents} == {"'open_' || open || '_finding'", "gap || '_' || moment", "gap", "code text", "text"}
    assert set(re.findall(r"RETURN '([a-z_]+)';", sql())) == RETURNED


def test_every_rule_names_its_clause_in_the_catalogue():
    conduct = {  # how records are kept, not how conformity is assessed
        code for code in refused_codes() if catalogue()[code].clause == ""
    }
    assert conduct == CONDUCT


CONDUCT = {
    "act_incomplete",
    "already_recorded",
    "event_out_of_order",
    "unknown_accreditation",
    "unknown_reference",
    "act_is_sealed",
    "act_is_void",
    "act_under_way",
    "date_in_the_future",
    "document_mismatch",
    "event_backdated",
    "insert_only",
    "interest_ends_before_it_begins",
    "nonce_expired",
    "programme_out_of_order",
    "publication_out_of_order",
    "unknown_act",
    "unknown_application",
    "unknown_certificate",
    "unknown_certification",
    "unknown_nonce",
    "unknown_reservation",
    "unknown_site",
    "wrong_isolation",
}


@pytest.mark.parametrize("table", [refusals.CONSTRAINTS, refusals.SQLSTATES], ids=["constraints", "sqlstates"])
def test_every_code_of_a_table_is_explained(table):
    assert set(table.values()) - set(catalogue()) == set()


def test_every_constraint_named_here_exists(world):
    with psycopg.connect(world.migrator_url) as connection:
        names = {
            row[0]
            for row in connection.execute(
                "SELECT conname FROM pg_constraint UNION SELECT indexrelid::regclass::text FROM pg_index"
            )
        }
    known = {name.removeprefix("akashi.") for name in names}
    assert set(refusals.CONSTRAINTS) - known == set()


def refusal_of(database, statement: str, **values: object) -> AkashiError:
    with pytest.raises(AkashiError) as caught, database.transaction() as connection:
        connection.execute(text(statement), values)
    return caught.value


def test_a_rule_speaks_with_its_code_and_clause(world):
    refusal = refusal_of(world.database, "SELECT akashi.refuse('audit_missing', 'the clause')")
    assert (refusal.code, refusal.note) == ("audit_missing", "the clause")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT 1 / 0", "internal_error"),
        ("SELECT 'x'::integer", "value_refused"),
        ("SELECT '2026-02-30'::date", "value_refused"),
        ("SELECT * FROM akashi.access_token", "unknown_reference"),
        ("SELECT * FROM akashi.no_such_table", "internal_error"),
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)", "try_again"),
    ],
)
def test_a_state_of_the_server_reads_as_a_code_and_shows_nothing_raw(world, statement, code):
    refusal = refusal_of(world.database, statement)
    assert (refusal.code, refusal.note) == (code, "")


def test_a_character_that_the_driver_cannot_send_is_a_refused_value(world):
    assert refusal_of(world.database, "SELECT :text", text="a\0b").code == "value_refused"


def test_a_connection_that_ends_reads_as_an_unavailable_database(world):
    refusal = refusal_of(world.database, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert refusal.code == "database_unavailable"


def test_an_error_of_no_database_reads_as_an_unavailable_one():
    assert as_refusal(DBAPIError("", {}, ValueError("x"))).code == "database_unavailable"
