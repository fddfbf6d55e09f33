"""Words on a terminal: the reader's language, columns that fit Japanese, and nothing that could steer the terminal."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import unicodedata
from collections.abc import Mapping
from typing import Any

from app.conformity.words import LANGUAGES, Word
from app.errors import AkashiError, explain

WIDTH = 96


def language_of(environment: Mapping[str, str]) -> str:
    """The language that the environment asks for, by the order of POSIX; English where it is none of ours."""
    wanted = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return next((language for language in LANGUAGES if wanted.startswith(language)), LANGUAGES[0])


def printable(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def width_of(text: str) -> int:
    """Columns on a terminal: characters of East Asian width take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def padded(text: str, columns: int) -> str:
    """The text with spaces up to that many columns."""
    return text + " " * max(0, columns - width_of(text))


def wrapped(text: str, indent: int = 0) -> str:
    """The text in lines of the terminal; text without spaces breaks at the column."""
    lines = []
    for paragraph in text.split("\n"):
        lines += _lines(printable(paragraph), WIDTH - indent) or [""]
    return f"\n{' ' * indent}".join(lines)


def print_answer(text: str) -> None:
    """The text on the standard output; whoever has read enough of it changes nothing of what was found."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        close_output()


def close_output() -> None:
    """Nothing more is written, not even what is still to be flushed at exit: nobody reads it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(value: Any) -> None:
    """The value as JSON for people and machines alike."""
    print_answer(json.dumps(value, ensure_ascii=False, indent=2))


def print_refusal(refusal: AkashiError, language: str) -> None:
    """What was refused, why, and what to do, on the standard error output."""
    explanation = explain(refusal.code)
    what, remedy = (
        (explanation.ja, explanation.remedy_ja) if language == "ja" else (explanation.en, explanation.remedy_en)
    )
    places = "".join(f"\n  {printable(fault.field)}: {fault.code} {printable(fault.note)}" for fault in refusal.faults)
    note = f" ({printable(refusal.note)})" if refusal.note else ""
    print(f"akashi: {what}{note} [{refusal.code}]{places}\n{remedy}", file=sys.stderr)


def print_remark(remark: Word, language: str, **values: str) -> None:
    """Something to know beside the answer, on the standard error output."""
    said = remark.in_language(language).format(**{name: printable(value) for name, value in values.items()})
    print(f"akashi: {said}", file=sys.stderr)


def _lines(text: str, columns: int) -> list[str]:
    """Words wrapped by their width; a word wider than a line is cut."""
    if width_of(text) == len(text):
        return textwrap.wrap(text, columns)
    lines, line = [], ""
    for character in text:
        if width_of(line + character) > columns:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line] if line else lines
