"""The repository speaks of the project alone, in the words of the field, and claims nothing that is not so."""

import re
from pathlib import Path

import pytest

from tests.support.repository import texts

HERE = Path("tests/house/test_words.py")

FORBIDDEN = {
    "a path of somebody's machine": r"/(root|farm|Users|home/[a-z]+|work/(main|shared)|tmp/(team|bash_jobs)|opt/(pypi|wheels))/",
    "the address of a package index": r"(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|proxy\.golang\.org|crates\.io)/",
    "an open end": r"\b(TODO|FIXME|XXX)\b",
    "a verb that is not of the field": r"\b(?i:revok(e|es|ed|ing)|enabl(e|ed|ing)|disabl(e|ed|ing)|delet(e|ed|ing))_(the_)?certificates?\b",
    "leftover of a merge": r"^(<{7}|>{7}|={7}$)",
}

# Claims that no certificate of a management system bears out (ISO/IEC 17021-1 8.3; ISO's rules for its name).
CLAIMS = r"(?i:certified AI\b|ISO[- ]certified|ISO-accredited)|ISO認定|AI認証済み"
# Where they may stand: the rules that refuse them and the tests of those rules.
REFUSERS = {"app/conformity/words.py", "tests/conformity/test_words.py", "tests/documents/test_badge.py"}


@pytest.mark.parametrize("reason", FORBIDDEN)
def test_no_file_contains(reason: str) -> None:
    pattern = re.compile(FORBIDDEN[reason], re.MULTILINE)
    found = [
        f"{path}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for path, text in texts()
        if path != HERE
        for hit in pattern.finditer(text)
    ]
    assert found == []


def test_no_file_claims_more_than_a_management_system_certificate_says() -> None:
    found = [
        f"{path}: {hit[0]}"
        for path, text in texts()
        if str(path) not in {*REFUSERS, str(HERE)}
        for hit in re.finditer(CLAIMS, text)
    ]
    assert found == []
