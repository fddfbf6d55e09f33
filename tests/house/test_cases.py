"""Cases from the field: each has a test that carries its id, so that a fault once seen elsewhere is not met here again.

The ids are those of the public complaints and bug reports that the design collected; a case whose part does not exist
yet is a strict expected failure with its id, never left out.
"""

from __future__ import annotations

import ast
import re

import pytest

from tests.support.repository import texts

DATES = ("C031", "C032", "C034", "C035", "C037", "C038")


def carried() -> set[str]:
    """Every id in the docstring of a test."""
    return {
        found
        for path, text in texts(".py")
        if path.parts[0] == "tests"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for found in re.findall(r"\bC\d{3}\b", ast.get_docstring(node) or "")
    }


@pytest.mark.parametrize("group", [DATES], ids=["dates"])
def test_every_case_has_a_test_that_carries_its_id(group: tuple[str, ...]) -> None:
    assert set(group) - carried() == set()
