"""Names and texts: what may stand in them, and the key under which search finds them.

A name is kept exactly as it was registered, compatibility ideographs and variation sequences included; it is accepted
or refused, never repaired (NFC would turn U+FA19 into U+795E). Refused are characters that cannot be seen, reorder
what is read, or imitate others, with their position, all at once. `fold` is kept apart and never shown or signed.
UTS 39, restriction level "highly restrictive" with the Japanese mix (Latin, Han, Hiragana, Katakana); C086, C088, C091.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from app.conformity.characters import (
    HAN,
    LATIN,
    is_han,
    is_mark,
    is_roman_numeral,
    is_selector,
    name_fault,
    script_of,
    text_fault,
)
from app.errors import AkashiError, Fault

LONGEST_NAME = 256
LONGEST_TEXT = 8192
FOLDING_FILE = Path(__file__).with_name("folding.toml")

_REMEMBERED = 512  # texts; one act asks about the same names and titles a dozen times
_MOST_FAULTS = 20  # of one text; whoever sends a million controls learns enough from the first
_MOST_MARKS = 3  # on one letter; Vietnamese needs two, Hebrew points three
_JAPANESE = frozenset({LATIN, HAN, "hiragana", "katakana"})
_KOREAN = frozenset({LATIN, HAN, "hangul"})
# A spreadsheet takes these for the beginning of a formula when a list of names is opened there.
_FORMULA_STARTS = frozenset("=+-@＝＋－＠")


# --- Accepting and refusing ---


def check_name(text: str, field: str) -> str:
    """The name of a party, a person, a site, or a line of an address, as it is; raises with every fault and place."""
    return _checked(text, name_faults(text, field))


def check_text(text: str, field: str) -> str:
    """A statement in free text, such as a scope, with line feeds if it likes; raises with every fault and place."""
    return _checked(text, text_faults(text, field))


def name_faults(text: str, field: str) -> tuple[Fault, ...]:
    """Every reason to refuse a name; empty if there is none."""
    if size_fault := _size_fault(text, field, LONGEST_NAME):
        return (size_fault,)
    return tuple(Fault(code, field, note) for code, note in _wrong_with_name(text))


def text_faults(text: str, field: str) -> tuple[Fault, ...]:
    """Every reason to refuse a text; empty if there is none."""
    if size_fault := _size_fault(text, field, LONGEST_TEXT):
        return (size_fault,)
    return tuple(Fault(code, field, note) for code, note in _wrong_with_text(text))


def _checked(text: str, faults: tuple[Fault, ...]) -> str:
    if faults:
        raise AkashiError(faults[0].code, note=faults[0].note, faults=faults)
    return text


def _size_fault(text: str, field: str, longest: int) -> Fault | None:
    if len(text) > longest:
        return Fault("text_too_long", field, f"{len(text)} characters, at most {longest}")
    return None if text.strip() else Fault("text_empty", field)


@lru_cache(_REMEMBERED)
def _wrong_with_name(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(chain(_by_character(text, name_fault), _by_place(text), _of_name(text)))[:_MOST_FAULTS]


@lru_cache(_REMEMBERED)
def _wrong_with_text(text: str) -> tuple[tuple[str, str], ...]:
    by_character = _by_character(text, lambda character: None if character == "\n" else text_fault(character))
    return tuple(chain(by_character, _by_place(text), _mixed_words(text)))[:_MOST_FAULTS]


def _by_character(text: str, fault_of: Callable[[str], str | None]) -> Iterator[tuple[str, str]]:
    """Characters that are refused wherever they stand."""
    for place, character in enumerate(text, start=1):
        if code := fault_of(character):
            yield code, _at(character, place)


def _by_place(text: str) -> Iterator[tuple[str, str]]:
    """Characters that are refused for what they follow: selectors, combining marks, Roman numerals."""
    before, marks = "", 0
    for place, character in enumerate(text, start=1):
        marks = marks + 1 if is_mark(character) else 0
        if is_selector(character) and not is_han(before):
            yield "text_variation_selector", _at(character, place)
        if marks and (not before or before.isspace() or before == character or marks > _MOST_MARKS):
            yield "text_combining_mark", _at(character, place)
        if is_roman_numeral(character) != is_roman_numeral(before or " ") and _both_latin(before, character):
            yield "text_styled_letter", _at(character, place)
        before = character


def _both_latin(before: str, character: str) -> bool:
    return bool(before) and script_of(before) == script_of(character) == LATIN


def _of_name(text: str) -> Iterator[tuple[str, str]]:
    """What makes a name as a whole refused: its edges, its mix of scripts, its likeness to a Latin name."""
    if text != text.strip():
        yield "text_space", "at the beginning or the end"
    if text[0] in _FORMULA_STARTS:
        yield "text_formula", _at(text[0], 1)
    scripts = _scripts(text)
    if len(scripts) > 1 and not scripts <= _JAPANESE and not scripts <= _KOREAN:
        yield "text_mixed_scripts", ", ".join(sorted(scripts))
    if len(scripts) == 1 and not scripts <= _JAPANESE and _reads_as_latin(text):
        yield "text_look_alike", ", ".join(scripts)


def _mixed_words(text: str) -> Iterator[tuple[str, str]]:
    """Latin words with letters of another script that have the shape of Latin ones; `μm` and `β版` have none."""
    for word in re.findall(r"\w+", text):
        scripts = _scripts(word)
        if LATIN in scripts and not scripts <= _JAPANESE and any(ord(letter) in _latin_shapes() for letter in word):
            yield "text_mixed_scripts", f"{word[:40]}: {', '.join(sorted(scripts))}"


def _scripts(text: str) -> frozenset[str]:
    return frozenset(script for script in map(script_of, text) if script)


def _reads_as_latin(text: str) -> bool:
    """Whether every letter of another script has the shape of a Latin one (сосо)."""
    letters = [character for character in text if character.isalpha()]
    return bool(letters) and all(ord(letter) in _latin_shapes() for letter in letters)


def _at(character: str, place: int) -> str:
    return f"U+{ord(character):04X} at position {place}"


# --- Finding ---

# Patterns, compiled at their first use: a verifier that finds nothing by name starts without them.
_SELECTORS_AND_CONTROLS = "[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_LATIN_MARKS = "[\u0300-\u036f]"
_HYPHENS = "[‐‑‒–—―−ー〜~～⁓─]"
_WORD_BREAKS = "[\\s,、/_|:;]+"
_DROPPED = "[.'’‘`´・·\"“”「」]"
_CJK = "々〆〇\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003347f"
_SPACE_BESIDE_CJK = f"(?<=[{_CJK}]) | (?=[{_CJK}])"
_HAN_CLASS = "々〆〇\u3400-\u9fff\U00020000-\U0003347f"
_SMALL_KE = f"(?<=[{_HAN_CLASS}])[ヶケガカヵ](?=[{_HAN_CLASS}])"
_KATAKANA = {point: point + 0x60 for point in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def fold(text: str) -> str:
    """The key under which search compares: width, case, accents, kana, variant ideographs, hyphens and spaces folded.

    The legal form is set aside (`Foo K.K.` and `Foo` are the same), unless it is all there is.
    """
    return _apart(_spelling(text))[0]


def legal_form(text: str) -> str:
    """The legal form that `fold` sets aside, as the folding table writes it; empty if none is recognised."""
    return _apart(_spelling(text))[1]


def skeleton(text: str) -> str:
    """The key under which names that the eye may confuse are equal: look-alike letters, digits and kana folded too."""
    latin = unicodedata.normalize("NFKC", text).translate(_latin_shapes())
    shape = fold(latin).translate(_all_shapes()).replace(" ", "")
    for one, pair in _pairs():
        shape = shape.replace(pair, one)
    return shape


def resembles(text: str, other: str) -> bool:
    """Whether two names that are written differently may be taken for each other."""
    return text != other and skeleton(text) == skeleton(other)


def _spelling(text: str) -> str:
    """Everything that `fold` does before it looks for a legal form."""
    bare = re.sub(_SELECTORS_AND_CONTROLS, "", text)
    folded = unicodedata.normalize("NFC", re.sub(_LATIN_MARKS, "", unicodedata.normalize("NFKD", bare))).casefold()
    folded = folded.translate(_variants()).translate(_KATAKANA)
    folded = re.sub(_SMALL_KE, "ケ", folded)
    folded = re.sub(_WORD_BREAKS, " ", re.sub(_DROPPED, "", re.sub(_HYPHENS, "-", folded)))
    return re.sub(_SPACE_BESIDE_CJK, "", folded).strip()


def _apart(folded: str) -> tuple[str, str]:
    """The folded name without its legal form, and that form as the table writes it."""
    for pattern, form in _legal_forms():
        rest = pattern.sub("", folded, count=1).strip()
        if rest and rest != folded:
            return rest, form
    return folded, ""


@cache
def _table() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415, most names are accepted without the table, and the verifier starts sooner (C6)

    return tomllib.loads(FOLDING_FILE.read_text(encoding="utf-8"))


@cache
def _variants() -> dict[int, str]:
    return _to_first(_table()["variants"])


@cache
def _latin_shapes() -> dict[int, str]:
    return _to_first(_table()["look_alikes"]["latin"])


@cache
def _all_shapes() -> dict[int, str]:
    """Look-alikes of every kind; what one entry leads to is led on by the next (О to O to 0)."""
    tables = _table()["look_alikes"]
    later = _to_first(tables["digits"]) | _to_first(tables["japanese"])
    return {point: first.translate(later) for point, first in _latin_shapes().items()} | later


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    return tuple((one, pair) for one, pair in (entry.split("=") for entry in _table()["look_alikes"]["pairs"]))


@cache
def _legal_forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns over folded names, the longest form first."""
    places = {"joined": "^{0}|{0}$", "last": "(?<=[ \\-]){0}$", "first": "^{0}(?= )"}
    rows = [
        (place.format(re.escape(_spelling(form))), form)
        for kind, place in places.items()
        for form in _table()["legal_forms"][kind]
    ]
    return tuple((re.compile(pattern), form) for pattern, form in sorted(rows, key=lambda row: -len(row[1])))


def _to_first(entries: list[str]) -> dict[int, str]:
    return {ord(other): entry[0] for entry in entries for other in entry[1:]}
