"""What a character is when it stands in a name or a text: its script, and why it is refused, if it is.

In the manner of Unicode Technical Standard 39 (security mechanisms) with the standard library alone. Python has no
table of scripts, so a character's script is read from its Unicode name; letters that no living orthography needs
(styled, technical, historic) are refused by range. Nothing here changes a character.

Limits, on purpose: which variation sequences are registered is not looked up, only that one follows an ideograph;
joiners are refused, which Persian and some Indic names would need; Khoisan clicks and decomposed Hangul are refused;
characters younger than this Python's Unicode are refused except ideographs.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

COMMON = ""  # punctuation, digits, combining marks: no script of their own
HAN = "han"
LATIN = "latin"

# Scripts in everyday use (UAX 31, table 5), by the first word of their characters' names.
_SCRIPTS = frozenset(
    {
        *("arabic", "armenian", "bengali", "bopomofo", "cyrillic", "devanagari", "ethiopic", "georgian", "greek"),
        *("gujarati", "gurmukhi", "han", "hangul", "hebrew", "hiragana", "kannada", "katakana", "khmer", "lao"),
        *("latin", "malayalam", "myanmar", "oriya", "sinhala", "tamil", "telugu", "thaana", "thai", "tibetan"),
    }
)
_FIRST_WORDS = {
    "cjk": HAN,
    "ideographic": HAN,
    "katakana-hiragana": "katakana",
    "roman": LATIN,
    "feminine": LATIN,
    "masculine": LATIN,
    "arabic-indic": "arabic",
    "extended": "arabic",
}
# The full stop 。 and the middle dot ・ are named after these, and belong to no script.
_WITHOUT_PUNCTUATION = frozenset({HAN, "hiragana", "katakana"})

# Ideographs by block, since Python may not know the newest: unified, extensions A to J, compatibility.
_HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9), (0x20000, 0x2FA1D), (0x30000, 0x3347F))
_HAN_MARKS = frozenset("々〆〇")

# Latin letters of national orthographies; left out are phonetic letters, clicks, ligatures, long s and their like.
_LATIN_RANGES = (
    *((0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x137)),
    *((0x139, 0x148), (0x14A, 0x17E), (0x181, 0x181), (0x186, 0x187), (0x189, 0x18A), (0x18E, 0x194)),
    *((0x198, 0x199), (0x19D, 0x19D), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1B2, 0x1B4), (0x1CD, 0x1DC)),
    *((0x1DD, 0x1E9), (0x1F4, 0x1F5), (0x1F8, 0x21B), (0x21E, 0x21F), (0x226, 0x233), (0x253, 0x254)),
    *((0x256, 0x257), (0x259, 0x259), (0x25B, 0x25B), (0x1E00, 0x1E99), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9)),
    *((0x2160, 0x216B), (0x2170, 0x217B), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)),
)
_ROMAN_NUMERALS = ((0x2160, 0x216B), (0x2170, 0x217B))
_HANGUL_SYLLABLES = ((0xAC00, 0xD7A3),)
_GREEK_SYMBOLS = ((0x3CF, 0x3D7), (0x3F0, 0x3FF))  # letter-like variants: ϐ ϑ ϒ ϲ ϳ …
_HISTORIC_CYRILLIC = ((0x460, 0x489), (0x1C80, 0x1C8F), (0xA640, 0xA69F))

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_STANDARD_SELECTORS = ((0xFE00, 0xFE0F),)
_IDEOGRAPHIC_SELECTORS = ((0xE0100, 0xE01EF),)
# Default-ignorable or blank though they are letters, marks or symbols: joiner, fillers, vowel inherents, braille blank.
_INVISIBLE_RANGES = (
    *((0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164)),
    *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF)),
)
# Strokes through a letter (l̵, o̸) and marks for symbols: no orthography writes them as separate characters.
_OVERLAYS = ((0x334, 0x338), (0x20D0, 0x20FF))

# What names contain besides letters, digits and ASCII; anything else could imitate one of these or a verdict.
_NAME_SYMBOLS = frozenset(
    "、。・，．：；？！…‥‘’“”„‚«»‹›「」『』（）〔〕［］｛｝〈〉《》【】"
    "‐‑–—―－〜～／＼＆＠＃％＊＋＝＿｜＾｀＄￥￡¢£¥€§¶°′″¿¡·×÷±©®™№℡〒☆★○●◎◇◆□■△▲▽▼♪"
    "｡｢｣､･゠"
)
_NAME_SYMBOL_NAMES = ("PARENTHESIZED IDEOGRAPH ", "CIRCLED IDEOGRAPH ", "SQUARE CORPORATION", "SQUARE ERA NAME ")
_NUMBER_NAMES = ("CIRCLED DIGIT ", "CIRCLED NUMBER ", "SUPERSCRIPT ", "SUBSCRIPT ", "VULGAR FRACTION ")
_MARKUP = frozenset("<>")
# Classed as letters, written as signs: turned comma, apostrophe, micro sign.
_SIGN_LETTERS = frozenset("\u02bb\u02bc\u00b5")

_REFUSED_CATEGORIES = {
    "Cc": "text_control",
    "Zl": "text_control",
    "Zp": "text_control",
    "Cf": "text_invisible",
    "Co": "text_private_use",
    "Cn": "text_unassigned",
    "Cs": "text_unassigned",
    "Me": "text_combining_mark",
}

_NAME_SPACES = frozenset(" \u3000")
_TEXT_SPACES = _NAME_SPACES | frozenset("\u00a0\u202f")


def is_han(character: str) -> bool:
    """Whether it is an ideograph: unified, compatibility, or one of the marks written among them."""
    return _within(character, _HAN_RANGES) or character in _HAN_MARKS


def is_selector(character: str) -> bool:
    """Whether it is a variation selector, which chooses a shape of the character before it."""
    return _within(character, _STANDARD_SELECTORS) or _within(character, _IDEOGRAPHIC_SELECTORS)


def is_mark(character: str) -> bool:
    """Whether it combines with the character before it."""
    return unicodedata.category(character).startswith("M") and not is_selector(character)


def is_roman_numeral(character: str) -> bool:
    """Whether it is a Roman numeral of one character (Ⅲ), which imitates letters when it stands beside them."""
    return _within(character, _ROMAN_NUMERALS)


@lru_cache(maxsize=8192)
def script_of(character: str) -> str | None:
    """The script a character belongs to, COMMON if to none, and None if to one that is not in everyday use."""
    if is_han(character):
        return HAN
    category = unicodedata.category(character)
    first_word = _first_word(character)
    script = _FIRST_WORDS.get(first_word, first_word)

    if category[0] in "PS":
        return script if script in _SCRIPTS - _WITHOUT_PUNCTUATION else COMMON
    if script in _SCRIPTS or first_word == "digit" or character in _SIGN_LETTERS:
        return script if script in _SCRIPTS else COMMON
    if category[0] == "M":
        return COMMON if first_word == "combining" else None
    return None if category[0] == "L" or category in {"Nd", "Nl"} else COMMON


@lru_cache(maxsize=8192)
def name_fault(character: str) -> str | None:
    """The code that says why a character is refused in a name, wherever it stands; None if it is not."""
    if fault := text_fault(character):
        return fault
    category = unicodedata.category(character)
    if category == "Zs" and character not in _NAME_SPACES:
        return "text_space"
    if category[0] in "PS" and not _symbol_of_names(character):
        return "text_symbol"
    if category == "No" and not _bare_name(character).startswith(_NUMBER_NAMES):
        return "text_symbol"
    return None


@lru_cache(maxsize=8192)
def text_fault(character: str) -> str | None:
    """The code that says why a character is refused in any text, wherever it stands; None if it is not."""
    if is_selector(character) or is_han(character):
        return None  # where a selector may stand, `names` knows
    if character in _BIDI_CONTROLS:
        return "text_bidi_control"
    if _within(character, _INVISIBLE_RANGES):
        return "text_invisible"
    if _within(character, _OVERLAYS):
        return "text_combining_mark"
    category = unicodedata.category(character)
    if category == "Zs":
        return None if character in _TEXT_SPACES else "text_space"
    return _REFUSED_CATEGORIES.get(category) or _letter_fault(character, category)


def _letter_fault(character: str, category: str) -> str | None:
    """Letters, digits and marks that are another one in other clothes, or of a script that is not in everyday use."""
    if _bare_name(character).startswith(("CJK RADICAL", "KANGXI RADICAL")):
        return "text_styled_letter"
    script = script_of(character)
    if script is None:
        return "text_styled_letter" if unicodedata.normalize("NFKC", character) != character else "text_script"
    return "text_styled_letter" if category[0] in "LN" and _imitates(character, script) else None


def _imitates(character: str, script: str) -> bool:
    """Whether a letter of a script in use is a technical, historic or presentation form that reads as another."""
    match script:
        case "latin":
            return not _within(character, _LATIN_RANGES)
        case "greek":
            return _within(character, _GREEK_SYMBOLS)
        case "cyrillic":
            return _within(character, _HISTORIC_CYRILLIC)
        case "hangul":
            return not _within(character, _HANGUL_SYLLABLES)
        case "arabic" | "hebrew":
            return unicodedata.decomposition(character).startswith("<")
        case _:
            return False


def _symbol_of_names(character: str) -> bool:
    if character.isascii():
        return character not in _MARKUP
    if character in _NAME_SYMBOLS or _bare_name(character).startswith(_NAME_SYMBOL_NAMES):
        return True
    return script_of(character) != COMMON and unicodedata.category(character)[0] == "P"


def _first_word(character: str) -> str:
    return _bare_name(character).split(" ", 1)[0].lower()


def _bare_name(character: str) -> str:
    return unicodedata.name(character, "").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ")


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    point = ord(character)
    return any(first <= point <= last for first, last in ranges)
