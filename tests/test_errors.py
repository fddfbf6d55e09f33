"""Every refusal has a stable code that is explained in both languages."""

import ast
import re

import pytest

from app.errors import AkashiError, Explanation, Fault, Kind, catalogue, explain
from tests.support.repository import texts


def raised_codes() -> set[str]:
    """The literal codes with which errors and faults are made anywhere in the code."""
    calls = [
        node
        for path, text in texts(".py")
        if path.parts[0] == "app"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"AkashiError", "Fault"}
    ]
    first = [call.args[0] for call in calls if call.args]
    return {
        argument.value for argument in first if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_code_that_is_raised_is_explained() -> None:
    assert raised_codes() - set(catalogue()) == set()


def test_every_explained_code_can_occur() -> None:
    code_and_rules = "\n".join(
        text
        for path, text in texts(".py", ".sql", ".toml")
        if path.parts[0] in {"app", "migrations"}
        if path.name != "errors.toml"
    )
    words = set(re.findall(r"[a-z][a-z0-9_]+", code_and_rules))
    assert set(catalogue()) - words == set()


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.code)
def test_an_explanation_speaks_both_languages_in_whole_sentences(entry: Explanation) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.code)
    for english in (entry.en, entry.remedy_en):
        assert english.endswith((".", "?"))
        assert english[0].isupper()
    for japanese in (entry.ja, entry.remedy_ja):
        assert japanese.endswith("。")


def test_a_code_without_entry_reads_as_a_defect_of_ours() -> None:
    assert explain("no_such_code_was_ever_given").code == "internal_error"


def test_an_error_with_a_field_names_one_fault() -> None:
    error = AkashiError("unknown_certificate", field="/id", note="seen nowhere")
    assert error.faults == (Fault("unknown_certificate", "/id", "seen nowhere"),)
    assert str(error) == "unknown_certificate: seen nowhere"


def test_an_error_may_carry_all_faults_at_once() -> None:
    faults = (Fault("a", "/a"), Fault("b", "/b"))
    assert AkashiError("a", faults=faults).faults == faults


def test_a_kind_is_one_of_twelve() -> None:
    assert len(Kind) == 12
