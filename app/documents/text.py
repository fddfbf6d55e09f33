"""Text in a drawing that cannot measure it: estimated widths, rows, and runs that remember their language.

The reader's fonts are unknown, so widths are estimated on the generous side. Latin breaks at spaces, Japanese between
characters, but not within a word of katakana, not between a company's legal form and its name, and never so that a row
begins with a closing mark. What is cut is shown as cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

ELLIPSIS = "…"
REPLACEMENT = "\ufffd"

_LEGAL_FORM = re.compile(
    "株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|独立行政法人"
)
_KATAKANA = re.compile("[ァ-ヺー]")
_CLOSING = frozenset("、。，．・）」』】〕］｝ー々ゝゞ？！：；…")
_OPENING = frozenset("（「『【〔［｛")
_NARROW = frozenset("iIjlftr.,:;'|!()[]/ -")
_BROAD = frozenset("mwMW@%—")
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs"})
_NONCHARACTERS = frozenset({0xFFFE, 0xFFFF})


@dataclass(frozen=True)
class Run:
    """Some text in one language (BCP 47)."""

    text: str
    language: str


def drawable(text: str) -> str:
    """The text with every character that XML forbids, or that hides or reorders others, shown as U+FFFD."""
    return "".join(REPLACEMENT if _is_forbidden(character) else character for character in text)


def width_of(text: str, *, mono: bool = False) -> float:
    """An upper estimate of the width of a text in one row, in ems."""
    return sum(_em(character, mono=mono) for character in text)


def lay_out(runs: Iterable[Run], room: float, rows: int, *, mono: bool = False) -> list[tuple[Run, ...]]:
    """The runs in at most `rows` rows of `room` ems; what does not fit is cut, and the cut is shown as …."""
    lines: list[list[Run]] = [[]]
    for piece in _pieces(runs, room, mono=mono):
        row = "".join(run.text for run in lines[-1]) + piece.text.rstrip()
        if lines[-1] and width_of(row, mono=mono) > room:
            if len(lines) == rows:
                lines[-1] = _shortened([*lines[-1], piece], room, mono=mono)
                break
            lines.append([])
        lines[-1].append(piece)
    return [_joined(line) for line in lines]


def _pieces(runs: Iterable[Run], room: float, *, mono: bool) -> Iterator[Run]:
    """What may not be broken; a piece wider than a whole row is broken all the same, between characters."""
    for run in runs:
        for piece in _unbreakable(drawable(run.text)):
            parts = [piece] if width_of(piece, mono=mono) <= room else _clusters(piece)
            yield from (Run(part, run.language) for part in parts)


def _unbreakable(text: str) -> Iterator[str]:
    clusters = _clusters(text)
    forms = {place for form in _LEGAL_FORM.finditer(text) for place in range(form.start(), form.end() + 1)}
    piece, place = "", 0
    for cluster in clusters:
        if piece and place not in forms and _may_break(piece[-1], cluster[0]):
            yield piece
            piece = ""
        piece += cluster
        place += len(cluster)
    yield piece


def _may_break(before: str, after: str) -> bool:
    if before.isspace() or after.isspace():
        return before.isspace()
    if after in _CLOSING or before in _OPENING:
        return False
    if _KATAKANA.match(before) and _KATAKANA.match(after):
        return False
    return _is_wide(before) or _is_wide(after)


def _clusters(text: str) -> list[str]:
    """Each character with the marks and variation selectors that belong to it."""
    clusters: list[str] = []
    for character in text:
        if clusters and unicodedata.category(character).startswith("M"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _shortened(line: list[Run], room: float, *, mono: bool) -> list[Run]:
    """The row with … at its end, shortened until that fits."""
    clusters = [Run(cluster, run.language) for run in line for cluster in _clusters(run.text)]
    while width_of("".join(run.text for run in clusters).rstrip() + ELLIPSIS, mono=mono) > room:
        clusters.pop()
    return [*clusters[:-1], Run(clusters[-1].text.rstrip() + ELLIPSIS, clusters[-1].language)]


def _joined(line: list[Run]) -> tuple[Run, ...]:
    """Neighbours of one language as one run."""
    groups = groupby(line, key=lambda run: run.language)
    return tuple(Run("".join(run.text for run in group), language) for language, group in groups)


def _em(character: str, *, mono: bool) -> float:
    if unicodedata.category(character).startswith("M"):
        return 0.0
    if _is_wide(character) or character == ELLIPSIS:
        return 1.0
    if mono:
        return 0.62
    if character in _BROAD:
        return 0.95
    if character in _NARROW:
        return 0.38
    return 0.7 if character.isupper() or character.isdigit() else 0.6


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def _is_forbidden(character: str) -> bool:
    return unicodedata.category(character) in _FORBIDDEN or ord(character) & 0xFFFF in _NONCHARACTERS
