"""docs/rules.toml: each name in it leads somewhere, every row has its tests, and comments name clause and invariant."""

from __future__ import annotations

import re
from functools import cache
from uuid import uuid4

import psycopg
import pytest

from app.errors import catalogue
from app.main import contract
from tests.support.shared import PROJECT
from tests.support.template import url_for
from tools.render_rules import TESTS, Line, Rule, read_book

BOOK = read_book()
RULES = pytest.mark.parametrize("rule", BOOK.rules.values(), ids=BOOK.rules.keys())
COMMENTS = """
    SELECT proname::text AS name, obj_description(oid, 'pg_proc') AS said FROM pg_proc WHERE pronamespace = 'akashi'::regnamespace
    UNION ALL
    SELECT relname, obj_description(oid, 'pg_class') FROM pg_class WHERE relnamespace = 'akashi'::regnamespace
    UNION ALL
    SELECT conrelid::regclass::text || '.' || conname, obj_description(oid, 'pg_constraint') FROM pg_constraint
    WHERE connamespace = 'akashi'::regnamespace AND conrelid <> 0
    UNION ALL
    SELECT t.tgrelid::regclass::text || '.' || t.tgname, concat(obj_description(t.oid, 'pg_trigger'), obj_description(t.tgfoid, 'pg_proc'))
    FROM pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL
    SELECT polrelid::regclass::text || '.' || polname, obj_description(oid, 'pg_policy') FROM pg_policy
"""


@pytest.fixture(scope="module")
def comments(lasting_world) -> dict[str, str]:
    """What the catalogue says about each function, table, constraint, trigger and policy; of overloads, all of it."""
    said: dict[str, str] = {}
    with psycopg.connect(lasting_world.fresh.superuser_url) as connection:
        for full_name, comment in connection.execute(COMMENTS):
            name = full_name.replace("akashi.", "")
            said[name] = f"{said.get(name, '')} {comment or ''}"
    return said


@cache
def addresses() -> set[str]:
    """The addresses of the contract with their methods."""
    return {f"{method.upper()} {path}" for path, methods in contract()["paths"].items() for method in methods}


def lines(*groups: str) -> list[Line]:
    return [line for group in groups or BOOK.lines for line in BOOK.lines[group]]


def invariants_in(text: str) -> set[int]:
    """`invariant 3`, `Invariants 1, 2 and 9`."""
    listed = re.findall(r"[Ii]nvariants? (\d+(?:(?:, | and |, and )\d+)*)", text)
    return {int(number) for one in listed for number in re.findall(r"\d+", one)}


def test_every_invariant_has_its_row():
    assert [line.name for line in lines("invariant")] == [str(number) for number in range(1, 24)]


def test_every_row_is_kept_by_rules_or_says_why_by_none_yet():
    assert [line.name for line in lines() if not line.rules and not line.later] == []
    assert {name for line in lines() for name in line.rules} == set(BOOK.rules)


@pytest.mark.parametrize("line", lines("invariant"), ids=lambda line: line.name)
def test_an_invariant_is_named_by_the_rules_that_keep_it(line):
    if line.rules:
        assert int(line.name) in {
            number for name in line.rules for number in invariants_in(" ".join(BOOK.rules[name].clauses))
        }


@RULES
def test_a_rule_is_tested_through_the_api_and_in_sql_or_says_why_not(rule: Rule):
    missing = [kind for kind in ("api", "sql") if not getattr(rule, kind) and kind not in rule.without]
    assert missing == []


@RULES
def test_every_test_that_is_named_is_there(rule: Rule):
    named = [test.split("::") for kind in TESTS for test in getattr(rule, kind)]
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (path := PROJECT / "tests" / file).exists() or f"def {name}(" not in path.read_text(encoding="utf-8")
    ]
    assert missing == []


@RULES
def test_every_code_is_explained(rule: Rule):
    assert set(rule.codes) - set(catalogue()) == set()


@RULES
def test_acts_and_addresses_are_there(rule: Rule):
    assert [act for act in rule.acts if not (PROJECT / act).exists()] == []
    assert set(rule.doors) - addresses() == set()


@RULES
def test_what_enforces_it_is_in_the_catalogue(rule: Rule, comments):
    assert set(rule.database) - set(comments) == set()


@RULES
def test_its_comments_name_each_clause_and_invariant(rule: Rule, comments):
    said = " ".join(comments.get(name, "") for name in rule.database)
    assert {number for one in rule.clauses for number in invariants_in(one)} - invariants_in(said) == set()
    clauses = [one for one in rule.clauses if not invariants_in(one)]
    unnamed = [one for one in clauses if not re.search(rf"(?<![\d.]){re.escape(one.split(' ')[-1])}(?!\d)", said)]
    assert unnamed == [] or not rule.database


@RULES
def test_what_enforces_it_has_a_comment(rule: Rule, comments):
    silent = [name for name in rule.database if not comments.get(name, "").strip()]
    assert silent == []


def test_the_rules_broken_by_hand_with_psql_are_refused_as_the_page_shows(lasting_world):
    lasting_world.grant(f"RU-{uuid4()}")
    (block,) = re.findall(r"```sql\n(.+?)```", BOOK.by_hand, re.DOTALL)
    said = []
    url = url_for(lasting_world.fresh.superuser_url, "service")
    with psycopg.connect(url, options=f"-c akashi.body={lasting_world.body}", autocommit=True) as connection:
        for statement in block.strip().removesuffix(";").split(";\n"):
            try:
                said += [row[0] for row in connection.execute(statement.encode())]
            except psycopg.Error as refusal:
                said += [refusal.diag.message_primary, refusal.diag.message_detail]
    assert [one for one in said if one and one not in BOOK.by_hand] == []
    assert len(said) == 5


def test_every_code_of_a_rule_stands_under_a_rule():
    """A code that names a clause and is raised in SQL belongs to a rule of the page."""
    sql = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "migrations/versions").glob("*.sql"))
    raised = {code for code in re.findall(r"akashi\.refuse\('([a-z_0-9]+)',", sql) if catalogue()[code].clause}
    assert raised - {code for rule in BOOK.rules.values() for code in rule.codes} == set()
