"""What a reader can hold in mind: short functions, small files, packages that are declared."""

import ast

from tests.support.repository import repository_files, texts
from tests.support.shared import PROJECT

LONGEST_FUNCTION = 80
LARGEST_FILE = 400_000  # bytes; a larger one belongs beside the project, not in it
LARGEST_CONTRACT = 1_000_000  # generated from the doors, and grows with them
CONTRACT = "openapi/openapi.yaml"
NAMES_THAT_SAY_NOTHING = {"utils", "core", "common", "helpers", "services", "managers", "repositories", "misc"}


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, text in texts(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_large() -> None:
    sizes = {path.as_posix(): (PROJECT / path).stat().st_size for path in repository_files()}
    assert sizes.pop(CONTRACT) <= LARGEST_CONTRACT
    assert [path for path, size in sizes.items() if size > LARGEST_FILE] == []


def test_every_module_opens_with_its_promise() -> None:
    silent = [
        str(path) for path, text in texts(".py") if path.parts[0] == "app" and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_no_name_says_nothing() -> None:
    assert [str(path) for path in repository_files() if {*path.parts, path.stem} & NAMES_THAT_SAY_NOTHING] == []
