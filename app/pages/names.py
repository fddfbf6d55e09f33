"""Names and texts of other languages inside a page: exactly as registered, each run with its own `lang`.

`lang` chooses the shapes of 直, 骨 and 令 and the voice of a screen reader; `<bdi>` keeps a name from reordering the
sentence around it; a legal form is never broken from its name. The characters themselves are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from markupsafe import Markup, escape

Name = Mapping[str, Any]  # {"name", "language", "script"?}

JAPANESE_FORMS = (
    "株式会社|有限会社|合同会社|合名会社|合資会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|"
    "特定非営利活動法人|国立研究開発法人|独立行政法人|国立大学法人|学校法人|医療法人|社会福祉法人"
)
LATIN_FORMS = (
    r"K\.?K\.?|G\.?K\.?|Inc\.?|LLC|LLP|Ltd\.?|Limited|Co\., Ltd\.|Corp\.?|PLC|plc|GmbH|AG|SE|S\.A\.|SAS|B\.V\.|AB"
)
LONGEST_UNBROKEN = 24  # characters; what is longer is wider than a small screen (WCAG 2.2 1.4.10)
# The form with its nearest neighbour: two characters of a Japanese name, one short word of a Latin one.
_UNBROKEN = re.compile(
    rf"^(?:{JAPANESE_FORMS}).{{0,2}}|.{{0,2}}(?:{JAPANESE_FORMS})$|(?<!\S)\S{{1,16}} (?:{LATIN_FORMS})$"
)


def name_markup(name: Name, ending: str = "") -> Markup:
    """One name, isolated, in its language, its legal form kept with it; `ending` is a possessive that clings to it."""
    text = str(name["name"])
    found = _UNBROKEN.search(text)
    inner = escape(text + ending)
    if found and found.group() != text:
        kept = found.group() + (ending if found.end() == len(text) else "")
        after = text[found.end() :] + ending if found.end() < len(text) else ""
        inner = escape(text[: found.start()]) + Markup('<span class="unbroken">{}</span>').format(kept) + escape(after)
    return Markup('<bdi lang="{}">{}</bdi>').format(name["language"], inner)


def primary_name(names: Iterable[Name], language: str) -> Name:
    """The name to lead with: the first in the page's language, else the first one registered."""
    listed = list(names)
    return next((name for name in listed if _speaks(name, language)), listed[0])


def other_names(names: Iterable[Name], language: str) -> list[Name]:
    """Every other name, in the order of the record."""
    listed = list(names)
    return [name for name in listed if name is not primary_name(listed, language)] if listed else []


def possessive(name: Name) -> Markup:
    """The English possessive of a name: `Kasumi Robotics’`, `Kasumi K.K.’s`."""
    return name_markup(name, "’" if str(name["name"]).endswith("s") else "’s")


def unbroken(text: str) -> Markup:
    """A number or the designation of a standard, never broken at its hyphens or spaces unless it is long."""
    if len(text) > LONGEST_UNBROKEN:
        return escape(text)
    return Markup('<span class="unbroken">{}</span>').format(text)


def names_within(report: Any) -> Iterable[Name]:
    """Every name that a report mentions anywhere."""
    if isinstance(report, Mapping):
        if "name" in report and "language" in report:
            yield report
        for member in report.values():
            yield from names_within(member)
    elif isinstance(report, list | tuple):
        for member in report:
            yield from names_within(member)


def tagged(text: str, names: Iterable[Name], language: str) -> Markup:
    """A sentence of ours in `language`, with each of the given names in it isolated and in the name's own language.

    Sentences of a report are plain text for every door; on a page each run of another language needs its `lang`.
    """
    known = {str(name["name"]): name for name in names if not _speaks(name, language)}
    if not known:
        return escape(text)
    longest_first = sorted(known, key=len, reverse=True)
    pieces = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text)
    return Markup("").join(name_markup(known[piece]) if piece in known else escape(piece) for piece in pieces)


def own_language_first(texts: Iterable[Mapping[str, Any]], language: str) -> list[Mapping[str, Any]]:
    """Wordings in the order in which a reader of one language wants them."""
    return sorted(texts, key=lambda text: not _speaks(text, language))


def _speaks(text: Mapping[str, Any], language: str) -> bool:
    """Whether a name or a wording is in a language, whatever its region or script (`ja-JP` is `ja`)."""
    return str(text["language"]).partition("-")[0] == language


def country_name(code: str, language: str) -> str:
    """The CLDR name of an ISO 3166-1 country; an unknown code is shown as itself."""
    return str(Locale(language).territories.get(code.upper(), code))


def address_line(address: Mapping[str, Any]) -> Markup:
    """A postal address in the order of its own language: from the large to the small in Japanese.

    The postal code is never broken.
    """
    street, locality, region = (address.get(part) for part in ("street", "locality", "region"))
    code = unbroken(address["postal_code"]) if address.get("postal_code") else None
    if _speaks(address, "ja"):
        large_to_small = "".join(part for part in (region, locality, street) if part)
        return Markup("〒{} {}").format(code, large_to_small) if code else escape(large_to_small)
    return Markup(", ").join(part for part in (street, locality, region, code) if part)
