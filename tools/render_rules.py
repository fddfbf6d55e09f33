"""docs/rules.md, rendered from docs/rules.toml: from a row of the rule book to the act, the constraint and the tests.

The data name things; `tests/docs/test_rules.py` looks each of them up where it lives: functions, constraints and
triggers with their comments in a migrated database, codes in app/errors.toml, addresses in the contract, tests in their
files.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs" / "rules.toml"
MIGRATIONS = ROOT / "migrations" / "versions"

DEFINITION = (
    r"CREATE (?:FUNCTION|PROCEDURE|TABLE|VIEW) (?:akashi|public_record)\.(\w+)"
    r"|CREATE (?:CONSTRAINT )?TRIGGER (\w+)|CREATE (?:UNIQUE )?INDEX (\w+)|CONSTRAINT (\w+) (?:CHECK|UNIQUE)"
)

GROUPS = {
    "invariant": "Invariants of the records",
    "life": "Life of a certification",
    "accreditation": "Accreditation and what follows from it",
    "clause": "Clauses of ISO/IEC 17021-1",
}
TESTS = {"api": "Tests through the API", "sql": "Tests in SQL, as the service's role", "race": "Races"}


@dataclass(frozen=True)
class Rule:
    """One rule: in own words, its clauses, the acts that it binds, what enforces it and what proves that."""

    title: str
    words: str
    clauses: tuple[str, ...]
    acts: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    database: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    api: tuple[str, ...] = ()
    sql: tuple[str, ...] = ()
    race: tuple[str, ...] = ()
    without: dict[str, str] = field(default_factory=dict)  # which kind of test there is none of, and why

    @property
    def anchor(self) -> str:
        """The address of its section."""
        return re.sub(r"[^a-z0-9 -]", "", self.title.lower()).replace(" ", "-")


@dataclass(frozen=True)
class Line:
    """One row of the rule book: its name, what it says, the rules that keep it; or in words why none does yet."""

    name: str
    says: str
    rules: tuple[str, ...] = ()
    later: str = ""


@dataclass(frozen=True)
class Book:
    """All rows in their groups, and all rules by name."""

    heading: str
    by_hand: str
    lines: dict[str, tuple[Line, ...]]
    rules: dict[str, Rule]


def read_book() -> Book:
    """The book as docs/rules.toml has it."""
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    lines = {group: tuple(Line(**_frozen(one)) for one in data[group]) for group in GROUPS}
    rules = {name: Rule(**_frozen(one)) for name, one in data["rule"].items()}
    return Book(data["heading"], data["by_hand"], lines, rules)


def render_rules() -> str:
    """The whole page: rows that lead to rules, two rules to break by hand, the rules."""
    book = read_book()
    parts = [book.heading.strip()]
    for group, title in GROUPS.items():
        parts.append(f"## {title}")
        parts.append(
            "\n".join(["| | Rule | Kept by |", "|---|---|---|", *(_row(book, line) for line in book.lines[group])])
        )
    if book.by_hand:
        parts.append(f"## Break one by hand\n\n{book.by_hand.strip()}")
    parts.append("## The rules")
    parts.extend(_section(rule) for rule in book.rules.values())
    return "\n\n".join(parts) + "\n"


def _row(book: Book, line: Line) -> str:
    kept = " · ".join(f"[{book.rules[name].title}](#{book.rules[name].anchor})" for name in line.rules)
    return f"| {line.name} | {line.says} | {' '.join(part for part in (kept, line.later) if part)} |"


def _section(rule: Rule) -> str:
    where = _joined(*(f"[`{Path(act).name}`](../{act})" for act in rule.acts), *(f"`{door}`" for door in rule.doors))
    facts = {
        "Act": where,
        "Database": _joined(*(f"[`{name}`](../{_defined_in(name)})" for name in rule.database)),
        "Refused with": _joined(*(f"[`{code}`](errors.md#{code})" for code in rule.codes)),
        **{title: _tests(rule, kind) for kind, title in TESTS.items()},
    }
    listed = "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)
    return f"### {rule.title}\n\n{rule.words} ({_clauses(rule.clauses)})\n\n{listed}"


def _clauses(clauses: tuple[str, ...]) -> str:
    """`17021-1 9.5.1, 9.5.2; IAF MD 2`: each standard is named once."""
    numbers: dict[str, list[str]] = {}
    for clause in clauses:
        standard, _, number = clause.rpartition(" ")
        numbers.setdefault(standard, []).append(number)
    return "; ".join(f"{standard} {', '.join(listed)}".strip() for standard, listed in numbers.items())


def _tests(rule: Rule, kind: str) -> str:
    named = (test.split("::") for test in getattr(rule, kind))
    return _joined(*(f"[`{name}`](../tests/{file})" for file, name in named)) or rule.without.get(kind, "")


def _joined(*parts: str) -> str:
    return ", ".join(parts)


def _defined_in(name: str) -> str:
    """The migration that makes it; what has no name of its own, like a key, is made with its table."""
    table, _, part = name.rpartition(".")
    made = _definitions()
    return made.get(part) or made[table]


@cache
def _definitions() -> dict[str, str]:
    """The first migration that makes each function, table, view, constraint, trigger and index."""
    made: dict[str, str] = {}
    for path in sorted(MIGRATIONS.glob("*.sql")):
        for names in re.findall(DEFINITION, path.read_text(encoding="utf-8")):
            made.setdefault("".join(names), path.relative_to(ROOT).as_posix())
    return made


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
