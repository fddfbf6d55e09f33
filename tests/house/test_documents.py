"""Documents stay true because tests read them."""

import re
from pathlib import Path

import pytest

from tests.support.repository import repository_files, texts
from tests.support.shared import PROJECT
from tools.render_docs import DOCS, RENDERED

KINDS_OF_CHANGE = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.mark.parametrize("name", RENDERED)
def test_a_rendered_page_equals_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == RENDERED[name](), "make fix writes it anew"


def test_every_relative_link_leads_somewhere() -> None:
    broken = [
        f"{path}: {target}"
        for path, text in texts(".md")
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:|#|<", target)
        if not (PROJECT / path.parent / target.partition("#")[0]).exists()
    ]
    assert broken == []


def test_the_changelog_keeps_its_form() -> None:
    lines = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Changelog"
    releases = [line for line in lines if line.startswith("## ")]
    assert releases[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", line) for line in releases[1:])
    assert {line.removeprefix("### ") for line in lines if line.startswith("### ")} <= KINDS_OF_CHANGE


def test_each_decision_has_its_number_once_and_the_four_parts() -> None:
    pages = sorted(path for path in repository_files() if path.parent == Path("docs/adr"))
    numbers = [page.name[:4] for page in pages]
    assert len(set(numbers)) == len(numbers)
    for page in pages:
        text = (PROJECT / page).read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. "), page
        for heading in ("Why there is a question", "Decision", "What else was considered", "Consequences"):
            assert f"## {heading}\n" in text, page


def test_the_readme_names_the_two_commands_first() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert text.index("make demo\nmake test\n") < text.index("curl ")


def test_every_command_of_make_explains_itself() -> None:
    text = (PROJECT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()
    explained = re.findall(r"^([a-z]+):.*?## .+$", text, re.MULTILINE)
    assert sorted(explained) == sorted(phony)
