from __future__ import annotations

import ast
import re
from pathlib import Path

import app.examiner
from app.conformity.standing import Act, State
from app.conformity.words import Word
from app.examiner.glosses import (
    ACTS,
    ASSERTION_GLOSSES,
    CHECK_GLOSSES,
    DEPENDENT_GLOSSES,
    EXPECTATION_GLOSSES,
    NOTICE_GLOSSES,
    NOTICES_OF_VERDICT,
    PURPOSES,
    gloss,
)
from app.examiner.report import CHECK_NAMES
from app.status.entry import Purpose

TABLES = (*CHECK_GLOSSES.values(), DEPENDENT_GLOSSES, EXPECTATION_GLOSSES, NOTICE_GLOSSES, ASSERTION_GLOSSES)
DOCUMENT = Path(__file__).parents[2] / "docs" / "verification.md"


def values_of(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_both_languages_speak_of_the_same() -> None:
    for words in (word for table in TABLES for word in table.values()):
        assert values_of(words.ja) <= values_of(words.en), words
        assert all((words.en, words.ja))


def test_every_check_every_act_and_every_purpose_has_words() -> None:
    assert tuple(CHECK_GLOSSES) == CHECK_NAMES
    assert set(ACTS) == set(Act)
    assert set(PURPOSES) == set(Purpose)
    assert set(State) - set(CHECK_GLOSSES["standing"]) == set()


def test_notices_of_the_verdict_are_notices() -> None:
    assert set(NOTICES_OF_VERDICT) < set(NOTICE_GLOSSES)


def test_no_word_calls_the_unknown_invalid_or_shouts() -> None:
    for words in (word for table in TABLES for word in table.values()):
        assert "invalid" not in words.en.lower()
        assert not {"!", "！"} & set(words.en + words.ja)


def test_every_code_that_a_check_gives_has_its_words() -> None:
    """A missing one would be a KeyError in front of a reader."""
    folder = Path(app.examiner.__file__).parent
    said = {
        node.args[1].value
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        and node.func.id in {"passed", "failed", "not_performed"}
        and len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
    }  # fmt: skip
    assert said <= {code for table in CHECK_GLOSSES.values() for code in table}
    assert len(said) > 15


def test_the_document_lists_every_code_in_the_order_of_the_checks() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    places = [text.index(f"### {place}. `{name}`") for place, name in enumerate(CHECK_NAMES, start=1)]
    assert places == sorted(places)
    for name, end in zip(CHECK_NAMES, [*places[1:], len(text)], strict=True):
        section = text[text.index(f"`{name}`\n") : end]
        assert [code for code in CHECK_GLOSSES[name] if f"`{code}`" not in section] == [], name
    assert [code for code in NOTICE_GLOSSES if f"`{code}`" not in text] == []


def test_values_are_put_in_once() -> None:
    assert gloss(Word("{B} and {n}", "{B}と{n}"), B=Word("{n}", "{n}"), n=2) == Word("{n} and 2", "{n}と2")
