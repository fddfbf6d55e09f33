"""What differs between two versions, field by field, for the eye; which fields differ is the registry's finding.

Texts stand in full on both sides, with the words that went and came marked. Everything else is shown as the
certificate's page shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from markupsafe import Markup, escape

from app.examiner.differences import FIELDS, SITE_FIELDS
from app.pages import dates, names
from app.pages.questions import Terms
from app.pages.words import title_of, word

LONGEST = 1500  # pieces; beyond it comparing costs more than it shows
TEXTS = frozenset({"scope.statement", "scope.sites.scope"})
VOCABULARIES = {"roles": "role", "areas": "area", "criteria": "criterion"}
# One Latin word, or one character of anything else, since Japanese has no spaces to compare by.
_PIECE = re.compile(r"[A-Za-zÀ-ɏ0-9]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One field with its value in this version and in the current one."""

    label: Markup
    this: Markup
    current: Markup


def difference_rows(differences: Iterable[Mapping[str, Any]], language: str, terms: Terms) -> list[Row]:
    """The table of `{field, this, current}`, values in the shape that the report gives the field."""
    return [_row(each, each["this"], each["current"], language, terms) for each in differences]


def change_rows(changes: Iterable[Mapping[str, Any]], language: str, terms: Terms) -> list[Row]:
    """The same of `{field, before, after}`: what a version changed against the one before it."""
    return [_row(each, each["before"], each["after"], language, terms) for each in changes]


def compared(this: str, current: str) -> tuple[Markup, Markup]:
    """Both texts in full, with `<del>` around what only the first has and `<ins>` around what only the second has."""
    old, new = _PIECE.findall(this), _PIECE.findall(current)
    if len(old) + len(new) > LONGEST:
        return escape(this), escape(current)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return (
        Markup("").join(_marked("del", old, ((tag, start, stop) for tag, start, stop, _, _ in steps))),
        Markup("").join(_marked("ins", new, ((tag, start, stop) for tag, _, _, start, stop in steps))),
    )


def _marked(element: str, pieces: list[str], steps: Iterable[tuple[str, int, int]]) -> Iterator[Markup]:
    for tag, start, stop in steps:
        text = "".join(pieces[start:stop])
        if text:
            yield escape(text) if tag == "equal" else Markup(f"<{element}>{{}}</{element}>").format(text)  # noqa: S704


def _row(of: Mapping[str, Any], this: Any, current: Any, language: str, terms: Terms) -> Row:
    field = of["field"]
    label = _label(of, language)
    if field in TEXTS:
        return Row(label, *_statements(this, current, language))
    return Row(label, _shown(field, this, language, terms), _shown(field, current, language, terms))


def _label(of: Mapping[str, Any], language: str) -> Markup:
    """The field in words, and of which place it is where it is a place's."""
    known = {**FIELDS, **SITE_FIELDS}
    field = of["field"]
    label = known[field].in_language(language) if field in known else str(field)
    shown = escape(label[:1].upper() + label[1:])
    place = of.get("site")
    if not place:
        return shown
    return shown + word("versions.of_site", language, site=names.name_markup(names.primary_name(place, language)))


def _statements(this: Any, current: Any, language: str) -> tuple[Markup, Markup]:
    """Wordings of the same language beside each other, compared; a language of one side alone as it is."""
    old, new = ({text["language"]: text["text"] for text in side or ()} for side in (this, current))
    sides: tuple[list[Markup], list[Markup]] = ([], [])
    for tongue in dict.fromkeys([*old, *new]):
        pair = compared(old[tongue], new[tongue]) if tongue in old and tongue in new else None
        for side, texts, place in ((sides[0], old, 0), (sides[1], new, 1)):
            if tongue in texts:
                text = pair[place] if pair else escape(texts[tongue])
                side.append(Markup('<p lang="{}">{}</p>').format(tongue, text))
    nothing = word("versions.nothing", language)
    return Markup("").join(sides[0]) or nothing, Markup("").join(sides[1]) or nothing


def _shown(field: str, value: Any, language: str, terms: Terms) -> Markup:
    """One value as a page shows it."""
    if value in (None, "", [], ()):
        return word("versions.nothing", language)
    if isinstance(value, list | tuple):
        return Markup("<br>").join(_shown(field, each, language, terms) for each in value)
    if isinstance(value, Mapping):
        return _shown_object(value, language)
    return _shown_plain(field, value, language, terms)


def _shown_plain(field: str, value: Any, language: str, terms: Terms) -> Markup:
    """A yes or no, a date, a country, or a code by its title."""
    if isinstance(value, bool):
        return word("versions.yes" if value else "versions.no", language)
    group = field.rpartition(".")[2]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return dates.day_markup(str(value), language)
    if group in {"country", "countries"}:
        return escape(names.country_name(str(value), language))
    return escape(title_of(terms, VOCABULARIES.get(group, ""), str(value), language))


def _shown_object(value: Mapping[str, Any], language: str) -> Markup:
    """A name, a site or body by its name, an address, a Statement of Applicability; else by its plain members."""
    if "name" in value and "language" in value:
        return names.name_markup(value)
    if value.get("names"):
        return names.name_markup(names.primary_name(value["names"], language))
    if "locality" in value:
        return Markup('<span lang="{}">{}</span>').format(value["language"], names.address_line(value))
    if "version" in value and "date" in value:
        day = dates.day_markup(value["date"], language)
        return word("facts.soa_value", language, version=value["version"], day=day)
    return escape(", ".join(str(member) for member in value.values() if isinstance(member, str | int)))
