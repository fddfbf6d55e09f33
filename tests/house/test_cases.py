"""Cases from the field: each has a test that carries its id, so that a fault once seen elsewhere is not met here again.

The ids are those of the public complaints and bug reports that the design collected. A test carries one in its
docstring or in its name; what a whole file is about carries none. Where a case speaks also of a part that does not
exist yet, that part is named here with the case, so that whoever builds it finds the case waiting.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.repository import texts

GROUPS = {
    "dates, time zones, expiry": ("C031", "C032", "C034", "C035", "C037", "C038"),
    "names and text": ("C086", "C088", "C089", "C091", "C092"),
    "lifecycle, scope, sites, transfers": ("C094", "C095", "C097", "C098", "C100"),
    "HTTP API, bulk, downloads": ("C101", "C103", "C104", "C106"),
}


WAITING = {
    "C031": "forms on which a body enters days: bodies act through the interface alone until they can sign in on pages",
    "C038": "the certificate as PDF, and the calendar of due days",
    "C091": "the certificate as PDF, which draws every character of a name or refuses it by name",
    "C092": "the certificate as PDF, which sets the language of each run",
    "C104": "the feed of events over all certificates",
}
"""Of cases that are answered here, what they say of parts that are still to come."""


def carried() -> Iterator[str]:
    """Every id that a test carries."""
    for path, text in texts(".py"):
        if path.parts[0] != "tests" or not path.name.startswith("test_"):
            continue
        tree = ast.parse(text)
        tests = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        said = [f"{one.name} {ast.get_docstring(one) or ''}" for one in tests]
        yield from (
            f"C{found}" for found in re.findall(r"(?<![0-9A-Za-z])[Cc](\d{3})(?!\d)", " ".join(said).replace("_", " "))
        )


@pytest.mark.parametrize("group", GROUPS)
def test_every_case_has_a_test_that_carries_its_id(group: str) -> None:
    assert set(GROUPS[group]) - set(carried()) == set()


def test_what_waits_belongs_to_a_case_that_is_answered() -> None:
    assert set(WAITING) <= {case for cases in GROUPS.values() for case in cases}
