"""`tests/` mirrors `app/` file for file, so that a reader of either finds the other."""

from pathlib import Path

from tests.support.repository import repository_files

# Modules without a test file of their own, and why.
EXCEPTIONS: dict[str, str] = {}


def test_every_module_has_its_test_file() -> None:
    files = set(repository_files())
    modules = [path for path in files if path.parts[0] == "app" and path.suffix == ".py" and path.name != "__init__.py"]
    missing = [
        str(module)
        for module in sorted(modules)
        if Path("tests", *module.parts[1:-1], f"test_{module.name}") not in files and str(module) not in EXCEPTIONS
    ]
    assert missing == []


def test_every_exception_is_still_needed() -> None:
    files = set(repository_files())
    for name in EXCEPTIONS:
        module = Path(name)
        assert module in files
        assert Path("tests", *module.parts[1:-1], f"test_{module.name}") not in files


def test_every_test_file_of_a_mirrored_folder_has_its_module_or_folder() -> None:
    files = set(repository_files())
    mirrored = files | {folder for path in files for folder in path.parents}
    packages = {path.parts[1] for path in files if path.parts[0] == "app" and len(path.parts) > 2}
    orphans = [
        str(test)
        for test in sorted(files)
        if test.parts[0] == "tests" and len(test.parts) > 2 and test.parts[1] in packages
        if test.name.startswith("test_") and test.suffix == ".py"
        if mirrored.isdisjoint(
            Path("app", *test.parts[1:-1], name.removeprefix("test_")) for name in (test.name, test.stem)
        )
    ]
    assert orphans == []
