"""Requirements are locked with hashes, name no index and no machine, and stay few (goals R37)."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.shared import PROJECT

LOCKS = PROJECT / "requirements"
CEILINGS = {"verify": 15, "service": 50}
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    return dict(ENTRY.findall((LOCKS / f"{name}.txt").read_text(encoding="utf-8")))


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=; ]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def project() -> dict[str, dict[str, object]]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "ceiling"), CEILINGS.items())
def test_packages_are_few(name: str, ceiling: int) -> None:
    assert 0 < len(locked(name)) <= ceiling


@pytest.mark.parametrize("path", sorted(LOCKS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_package_has_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert entries
    for entry in entries:
        assert ENTRY.match(entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("path", sorted(LOCKS.glob("*.txt")), ids=lambda path: path.stem)
def test_no_lock_names_an_index_or_a_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|--(index|extra-index|find-links)| @ |^#.*/(?!/)\S+/", text, re.MULTILINE)


def test_every_declared_package_is_locked() -> None:
    declared = project()
    base = wanted(declared["project"]["dependencies"])  # type: ignore[arg-type]
    service = wanted(declared["project"]["optional-dependencies"]["service"])  # type: ignore[index]
    develop = wanted(declared["dependency-groups"]["develop"])  # type: ignore[arg-type]
    assert base <= locked("verify").keys()
    assert base | service <= locked("service").keys()
    assert base | service | develop <= locked("develop").keys()


def test_the_locks_agree() -> None:
    develop = locked("develop")
    for name in ("bootstrap", "verify", "service"):
        assert locked(name).items() <= develop.items()
