"""What somebody typed into the one field: an ID, an address with an ID in it, a mistyped ID, or a body's own number.

Reading only; nothing is looked up here. What has the shape of an ID is never searched as a number, so that a slip of
the pen is named instead of being answered with "no record".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from app.conformity.identifiers import ADDRESS, MalformedPublicId, parse_address

LONGEST = 300
GROUPS, GROUP_LENGTH = 7, 5
LENGTH = GROUPS * GROUP_LENGTH
SLIP = 2  # letters too many or too few that still look like a mistyped ID
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—−－ー_.]+")


class Kind(StrEnum):
    """What was typed."""

    NOTHING = "nothing"
    TOO_LONG = "too_long"
    ID = "id"
    MALFORMED_ID = "malformed_id"
    NUMBER = "number"


@dataclass(frozen=True)
class Asked:
    """`text` is the canonical ID, the number as typed, or the mistyped ID; `group` is the one that looks wrong.

    Of a pasted address, `version` is the one that it is about and `host` where it leads.
    """

    kind: Kind
    text: str
    group: int | None = None
    version: int | None = None
    host: str | None = None


def read_question(presented: str) -> Asked:
    """What the field holds. Anything that is not an ID and does not look like one is taken for a number."""
    text = presented.strip()
    if not text:
        return Asked(Kind.NOTHING, "")
    if len(text) > LONGEST:
        return Asked(Kind.TOO_LONG, text[:LONGEST])
    try:
        address = parse_address(text)
    except MalformedPublicId as malformed:
        if looks_like_an_id(text):
            return Asked(Kind.MALFORMED_ID, text, malformed.group)
        return Asked(Kind.NUMBER, text)
    return Asked(Kind.ID, address.public_id, version=address.version, host=address.host)


def looks_like_an_id(text: str) -> bool:
    """Whether the text is an address of ours or has nearly as many letters as an ID and nothing but letters."""
    address = ADDRESS.search(text)
    if address and address.group().startswith("/"):  # `C/12` is somebody's number
        return True
    letters = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return abs(len(letters) - LENGTH) <= SLIP and letters.isascii() and letters.isalnum()


def in_groups(text: str) -> list[str]:
    """A mistyped ID in groups as the reader wrote them, or of five where none are written; for showing only."""
    found = ADDRESS.search(text)
    bare = unicodedata.normalize("NFKC", found.group(1) if found else text).strip().upper()
    written = [group for group in _SEPARATORS.split(bare) if group]
    if len(written) == GROUPS:
        return written
    letters = "".join(written)
    return [letters[start : start + GROUP_LENGTH] for start in range(0, len(letters), GROUP_LENGTH)]
