"""Public IDs of certifications: made, read from whatever a person presents, grouped for the eye.

Seven groups of five of Crockford's 32 letters: four random letters (140 bits in all) and one check letter over the
group and its position. Any single wrong letter, any swap of two letters within a group, and any swap of groups shows,
and a failed check names the group. Letters stay within 0-9 A-Z, the alphanumeric set of QR codes (ISO/IEC 18004).
Nothing here looks an ID up, counts tries, or locks anything: length defeats guessing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import AkashiError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS = 7
GROUP_LENGTH = 5
ID_LENGTH = GROUPS * GROUP_LENGTH
LONGEST_PRESENTED = 2048

_LETTER_BITS = 5
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2), so that 2 generates every non-zero element
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_VALUES |= {letter.lower(): value for letter, value in _VALUES.items()}
_VALUES |= dict.fromkeys("Oo", _VALUES["0"]) | dict.fromkeys("IiLl", _VALUES["1"])

# Strokes that people and input methods put where a hyphen belongs but that Unicode does not class as dashes:
# minus sign, modifier minus, hyphen bullet, katakana prolonged sound mark, box-drawing line.
_FURTHER_HYPHENS = frozenset("\u2212\u02d7\u2043\u30fc\u2500")
_SEPARATOR_CATEGORIES = frozenset({"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"})

# The ID is the segment after /c/ in public addresses, after /certificates/ or /badge/ in the others (interfaces.md).
ADDRESS = re.compile(r"(?:^|/)(?:c|certificates|badge)/([^/?#.]+)", re.IGNORECASE)
_WITH_VERSION = re.compile(r"([^/]+)/v[0-9]+\W*", re.IGNORECASE)
_VERSION = re.compile(r"/v([1-9][0-9]{0,8})(?![0-9a-z])", re.IGNORECASE)
_AUTHORITY = re.compile(r"([a-z][a-z0-9+.-]*://)?([^/?#\s]+)/", re.IGNORECASE)
_USUAL_PORT = re.compile(r":(?:80|443)$")


class MalformedPublicId(AkashiError):
    """What was presented is no public ID; `group` (1 to 7) is the one that looks mistyped, None when the length is."""

    def __init__(self, group: int | None) -> None:
        self.group = group
        super().__init__("malformed_id", note="" if group is None else f"group {group}")


@dataclass(frozen=True)
class PresentedAddress:
    """What a pasted address says beside the ID: the version that it is about, and the host that it leads to."""

    public_id: str
    version: int | None = None
    host: str | None = None


def generate_public_id(randbits: Callable[[int], int] = secrets.randbits) -> str:
    """A fresh ID of 140 random bits in canonical form: 35 upper-case letters without hyphens."""
    letters = []

    for group in range(1, GROUPS + 1):
        random_letters = [ALPHABET[randbits(_LETTER_BITS)] for _ in range(GROUP_LENGTH - 1)]
        letters += [*random_letters, check_letter("".join(random_letters), group)]

    return "".join(letters)


def check_letter(random_letters: str, group: int) -> str:
    """The fifth letter of a group, from its four random letters and its position (1 to 7).

    The group as a polynomial over GF(32) takes the value 2^group at the point 2. The weights 16, 8, 4, 2, 1 of the
    five places are distinct and not zero, which catches every wrong letter and every swap within the group; the seven
    values are distinct, which catches every swap of groups. They are not zero either, so zeros alone are no ID.
    """
    return ALPHABET[_double(_value_at_two(random_letters)) ^ _expected(group)]


def parse_public_id(presented: str) -> str:
    """The canonical ID in what a person typed, pasted or scanned.

    Accepts either case, O for 0, I and L for 1, spaces and hyphens of any kind anywhere, full-width letters, an
    address with the ID in it, and punctuation around it. Raises `MalformedPublicId`, and says nothing about existence.
    """
    if len(presented) > LONGEST_PRESENTED:
        raise MalformedPublicId(None)
    letters = [letter for letter in _id_part(presented) if not _is_separator(letter)]
    if len(letters) != ID_LENGTH:
        raise MalformedPublicId(None)

    canonical = "".join(ALPHABET[_VALUES[letter]] if letter in _VALUES else "?" for letter in letters)
    for group, five in enumerate(_groups(canonical), start=1):
        if "?" in five or check_letter(five[:-1], group) != five[-1]:
            raise MalformedPublicId(group)

    return canonical


def parse_address(presented: str) -> PresentedAddress:
    """The ID with the version and the host of an address, where it is one; raises as `parse_public_id` does."""
    public_id = parse_public_id(presented)
    text = unicodedata.normalize("NFKC", presented).strip()
    version = _VERSION.search(text)
    return PresentedAddress(public_id, int(version.group(1)) if version else None, _host_of(text))


def group_public_id(public_id: str) -> str:
    """The canonical ID with a hyphen between its groups, for display and for addresses."""
    return "-".join(_groups(public_id))


def subject_of(identifier: str) -> bytes:
    """The log's name for a certification, accreditation, key or list: found only by who already has its identifier."""
    return hashlib.sha256(b"akashi-subject-v1\n" + identifier.encode()).digest()


def _id_part(presented: str) -> str:
    """What is left of an address, a version and surrounding punctuation."""
    text = unicodedata.normalize("NFKC", presented).strip()
    in_address = ADDRESS.search(text) or _WITH_VERSION.fullmatch(text)
    if in_address:
        text = in_address.group(1)

    inner = [place for place, character in enumerate(text) if character.isalnum()]
    return text[inner[0] : inner[-1] + 1] if inner else ""


def _host_of(text: str) -> str | None:
    """Where a browser would go: what stands before an `@` is no host."""
    found = _AUTHORITY.match(text)
    if found is None or ADDRESS.search(text) is None:
        return None
    host = _USUAL_PORT.sub("", found.group(2).rpartition("@")[2]).lower()
    return host if found.group(1) or "." in host or ":" in host else None


def _is_separator(character: str) -> bool:
    return unicodedata.category(character) in _SEPARATOR_CATEGORIES or character in _FURTHER_HYPHENS


def _groups(canonical: str) -> list[str]:
    return [canonical[start : start + GROUP_LENGTH] for start in range(0, len(canonical), GROUP_LENGTH)]


def _value_at_two(letters: str) -> int:
    value = 0
    for letter in letters:
        value = _double(value) ^ _VALUES[letter]
    return value


def _expected(group: int) -> int:
    value = 1
    for _ in range(group):
        value = _double(value)
    return value


def _double(value: int) -> int:
    """The product with 2 in GF(32)."""
    doubled = value << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled & 0b100000 else doubled
