"""docs/scenarios.md: every scenario has a test, every journey of a scenario is listed, every code has its clause."""

from __future__ import annotations

import ast
import re

import pytest

from app.errors import catalogue
from tests.support.shared import PROJECT

PAGE = (PROJECT / "docs" / "scenarios.md").read_text(encoding="utf-8")
JOURNEYS = sorted((PROJECT / "tests" / "journeys").glob("test_scenarios_of_*.py"))
SCENARIOS = (
    "Happy path",
    "Backdating",
    "Consultant as auditor",
    "Major nonconformity after six months",
    "Scope creep",
    "Accredited for 27001 only",
    "Issued before the accreditation was obtained",
    "Unaccredited issuance in an accredited scope",
    "Surveillance missed",
    "Several sites",
    "Timely renewal",
    "Transfer from a body that does not cooperate",
    "Transfer of a suspended certificate",
    "A body that is insolvent",
    "Name change, then merger",
    "Fraudulent badge or file",
    "Status list stale or forked",
    "Edition transition",
    "Confidential client",
    "Self-declaration",
    "Ten thousand IDs at once",
)
"""The list of the design, in its order; a scenario is added here and to the page together."""
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
LINK = re.compile(r"^- \[`(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)$", re.MULTILINE)
REFUSAL = re.compile(r"^\|[^|]+\| `(\w+)` \|([^|]*)\|$", re.MULTILINE)


def functions_of(path):
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


def test_the_page_has_every_scenario_of_the_list_and_no_other():
    assert tuple(SECTIONS) == SCENARIOS


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_has_a_test_that_exists(scenario):
    linked = LINK.findall(SECTIONS[scenario])
    assert linked
    assert [name for name, path in linked if name not in functions_of(path)] == []


def test_every_journey_of_a_scenario_is_on_the_page():
    assert JOURNEYS
    listed = {(path, name) for name, path in LINK.findall(PAGE)}
    there = {
        (path.relative_to(PROJECT).as_posix(), name)
        for path in JOURNEYS
        for name in functions_of(path.relative_to(PROJECT))
    }
    assert there - listed == set()


def test_every_item_of_a_list_is_a_link_to_a_test():
    assert len(LINK.findall(PAGE)) == len(re.findall(r"^- ", PAGE, re.MULTILINE))


def test_every_refusal_names_its_code_and_the_clause_of_the_catalogue():
    rows = REFUSAL.findall(PAGE)
    assert len(rows) == len(re.findall(r"^\|", PAGE, re.MULTILINE)) - 2 * PAGE.count("| What is tried |")
    wrong = [(code, clause.strip()) for code, clause in rows if (catalogue()[code].clause or "") != clause.strip()]
    assert wrong == []


def test_what_is_refused_in_a_scenario_is_refused_in_one_of_its_tests():
    """By its code, in the file of a test that the scenario links."""
    for scenario, section in SECTIONS.items():
        texts = "".join((PROJECT / path).read_text(encoding="utf-8") for _, path in LINK.findall(section))
        assert [code for code, _ in REFUSAL.findall(section) if f'"{code}"' not in texts] == [], scenario
