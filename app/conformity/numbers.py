"""Certificate numbers as bodies print them, and the form in which they are compared.

Two numbers that a reader would take for the same are the same: width, case, spaces and every kind of hyphen do not
count. Letters and digits that merely look alike stay apart, for they may be two real numbers of two bodies; look-up
lists every hit. One body gives no two of them: the database compares shapes (`akashi.number_shape`).
"""

from __future__ import annotations

import unicodedata

# Dashes (Pd), spaces (Z*), invisible characters (Cf) and what people type for a hyphen: minus signs, prolonged sound
# mark, hyphen bullet, box-drawing line, low line.
_SEPARATOR_CATEGORIES = frozenset({"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"})
_FURTHER_SEPARATORS = frozenset("\u2212\u02d7\u2043\u30fc\u2500_")


def fold_number(number: str) -> str:
    """The number as it is compared: NFKC, casefold, without spaces and hyphens; folding it again changes nothing."""
    folded = _fold_once(number)
    while (again := _fold_once(folded)) != folded:  # a space that goes may leave a mark that joins the letter before it
        folded = again
    return folded


def _fold_once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if not _is_separator(character))


def _is_separator(character: str) -> bool:
    return unicodedata.category(character) in _SEPARATOR_CATEGORIES or character in _FURTHER_SEPARATORS
