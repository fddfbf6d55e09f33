"""Every page as a pure function of what it shows: facts and a language in, HTML out.

Nothing is looked up, decided or remembered here. All values are escaped; a variable that a template misses raises.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.conformity.identifiers import group_public_id
from app.conformity.words import ACCREDITED, LANGUAGES, MARKS, NOT_ESTABLISHED, SELF_DECLARED, Word, live_word
from app.errors import Explanation
from app.examiner.sentences import LIMITS, limits_of, sentence
from app.pages import dates, names
from app.pages.answer import answer_to, assurance_of, further_notices, has_record, next_step, trustworthy
from app.pages.asked import in_groups
from app.pages.differences import change_rows, difference_rows
from app.pages.history import Versions, history_of
from app.pages.language import other_language
from app.pages.questions import Recognitions, Terms
from app.pages.site import Site
from app.pages.timeline import timeline_of
from app.pages.words import own_key, title_of, word, word_or_code

HERE = Path(__file__).parent
STYLE_FILE = HERE / "static" / "akashi.css"
ICON_FILE = HERE / "static" / "akashi.svg"
FORMATS = ("bundle", "jwt", "jsonld", "pdf", "json", "verification")


@dataclass(frozen=True)
class Frame:
    """What surrounds every page: the site, the language, the path without its language, the moment of the data.

    `path` is what the language switch keeps; None leaves the switch on the front page (an answer to a posted file
    has no address of its own). `moment` is RFC 3339; `computed` says "Checked" instead of "As of".
    """

    site: Site
    language: str
    path: str | None
    moment: str
    zone: str
    computed: bool = False


@dataclass(frozen=True)
class FileShown:
    """What a page says about the presented file itself."""

    name: str
    size: int
    sha256: str


@cache
def style_address() -> str:
    """The address of the style sheet; it changes with its bytes, so that it may be cached for ever."""
    return "/static/" + _digest(STYLE_FILE) + ".css"


@cache
def icon_address() -> str:
    """The address of the icon, in the same way."""
    return "/static/" + _digest(ICON_FILE) + ".svg"


def _digest(file: Path) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()[:9]).decode()


@cache
def environment(language: str) -> Environment:
    """The templates with the words and formats of one language."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "language": language,
        "other_language": other_language(language),
        "w": pass_context(lambda page, key, **values: word(own_key(_assurance(page), key), language, **values)),
        "marks": MARKS,
        "limits": LIMITS,
        "space": "" if language == "ja" else " ",
        "style_address": style_address(),
        "icon_address": icon_address(),
        "languages": LANGUAGES,
    }
    made.filters |= {
        "say": lambda texts: texts.in_language(language) if isinstance(texts, Word) else texts[language],
        "day": partial(dates.day_markup, language=language),
        "moment": partial(dates.instant_markup, language=language),
        "day_in_zone": lambda instant, zone: dates.day_markup(dates.day_of_instant(instant, zone), language),
        "name": names.name_markup,
        "main_name": lambda listed: names.name_markup(names.primary_name(listed, language)),
        "leading_name": lambda listed: names.primary_name(listed, language),
        "address": names.address_line,
        "unbroken": names.unbroken,
        "own_language_first": partial(names.own_language_first, language=language),
        "best_state": best_accreditation_state,
        "further_names": lambda listed: names.other_names(listed, language),
        "country": partial(names.country_name, language=language),
        "grouped": group_public_id,
        "hit_word": lambda hit: _word_of_hit(hit).in_language(language),
        "code": pass_context(
            lambda page, code, group: word_or_code(own_key(_assurance(page), f"{group}.{code}"), code, language)
        ),
    }
    return made


def render_certificate(
    frame: Frame,
    report: Mapping[str, Any],
    *,
    qr_svg: str = "",
    versions: Versions = (),
    successor: str | None = None,
    told: Mapping[str, Any] | None = None,
    recognitions: Recognitions | None = None,
    version: Mapping[str, Any] | None = None,
    file: FileShown | None = None,
    terms: Terms | None = None,
) -> str:
    """The page of a certificate with its `versions`, of one `version` beside the current, or of a presented file."""
    return _render(
        "certificate.html",
        frame,
        report=report,
        answer=answer_to(report, frame.language),
        trusted=trustworthy(report),
        advice=next_step(report),
        notices=further_notices(report),
        found=has_record(report),
        timeline=timeline_of(report, versions),
        history=history_of(report, versions),
        successor=successor,
        told=told,
        recognitions=recognitions or {},
        listed_versions=_listed_versions(versions, frame.language, terms or {}),
        last_day_words=_last_day_words(report, frame),
        zone=frame.zone,
        qr_svg=Markup(qr_svg),  # noqa: S704 - drawn by app.documents.qr
        version=version,
        file=file,
        formats=FORMATS,
        titled=lambda code, vocabulary: title_of(terms or {}, vocabulary, code, frame.language),
        differences=difference_rows(version["differences"], frame.language, terms or {}) if version else (),
        counts={result: _count(report, result) for result in ("passed", "failed", "not_performed")},
        tagged=lambda text: names.tagged(text, names.names_within(report), frame.language),
        assurance=assurance_of(report),
        limits=limits_of(assurance_of(report)),
        declared=assurance_of(report) == SELF_DECLARED,
    )


def _listed_versions(versions: Versions, language: str, terms: Terms) -> list[dict[str, Any]]:
    """Each version with the rows of what it changed, the newest first."""
    return [
        {**one, "rows": change_rows(one["changes"], language, terms), "before": one["version"] - 1}
        for one in reversed(versions)
    ]


def render_front(
    frame: Frame, bodies: Sequence[Mapping[str, Any]], *, typed: str = "", body: str = "", fault: str = ""
) -> str:
    """The front page; `fault` names a word under `front` that says what was wrong with the field."""
    return _render("front.html", frame, bodies=bodies, typed=typed, body=body, fault=fault)


def render_malformed(frame: Frame, typed: str, group: int | None) -> str:
    """The page for an ID whose check letters do not fit."""
    answer = sentence("malformed_id", g=group or "")
    return _render("malformed.html", frame, typed=typed, groups=in_groups(typed), wrong=group, answer=answer)


def render_elsewhere(frame: Frame, host: str, address: str) -> str:
    """The page for an address of another site: what this registry says of the ID is one step away, never assumed."""
    return _render("elsewhere.html", frame, host=host, address=address)


def render_lookup(
    frame: Frame,
    number: str,
    hits: Sequence[Mapping[str, Any]],
    bodies: Sequence[Mapping[str, Any]],
    *,
    body: str = "",
    more: bool = False,
    by_name: bool = False,
) -> str:
    """The certificates that carry a number, or whose holder carries a name: all of them, never a silent first."""
    chosen = next((each for each in bodies if each["id"] == body), None)
    shown = {"number": number, "hits": hits, "bodies": bodies, "body": body, "chosen": chosen, "more": more}
    return _render("lookup.html", frame, **shown, by_name=by_name)


def render_check(frame: Frame, limit: str, *, fault: Markup | str = "") -> str:
    """The page on which a file is chosen; `fault` says why the last one could not be read."""
    return _render("check.html", frame, limit=limit, fault=fault)


def render_genuine(frame: Frame) -> str:
    """How a reader tells this registry from a copy."""
    return _render("genuine.html", frame)


def render_accessibility(frame: Frame) -> str:
    """The accessibility statement."""
    return _render("accessibility.html", frame)


def render_problem(frame: Frame, heading: str, remedy: str, *, code: str = "", request_id: str = "") -> str:
    """A refusal in words, with what the reader can do."""
    return _render("problem.html", frame, heading=heading, remedy=remedy, code=code, request_id=request_id)


def explained(explanation: Explanation, language: str) -> tuple[str, str]:
    """Text and remedy of a coded error in one language."""
    if language == "ja":
        return explanation.ja, explanation.remedy_ja
    return explanation.en, explanation.remedy_en


def _render(template: str, frame: Frame, **shown: Any) -> str:
    return environment(frame.language).get_template(template).render(frame=frame, site=frame.site, **shown)


def _assurance(page: Context) -> str:
    """Whose word the entry is that a page is about; other pages are about none."""
    return str(page.get("assurance", ACCREDITED))


def _word_of_hit(hit: Mapping[str, Any]) -> Word:
    """The live word of a certificate that was found; found but not established is not "no record"."""
    if hit["verdict"] == "unknown":
        return NOT_ESTABLISHED
    return live_word(hit["verdict"], hit["standing"]["state"], hit["scheme"]["assurance"])


def best_accreditation_state(states: Iterable[str]) -> str:
    """How the line between accreditation and certification is drawn: by the best of several accreditations."""
    held = set(states)
    ranked = ("active", "suspended", "withdrawn", "relinquished", "ceased")
    return next((state for state in ranked if state in held), "none")


def _count(report: Mapping[str, Any], result: str) -> int:
    return sum(check["result"] == result for check in report["checks"])


def _last_day_words(report: Mapping[str, Any], frame: Frame) -> str:
    """How far the last valid day is, where that is near enough to matter."""
    validity = report.get("validity")
    if not validity:
        return ""
    last, now = dates.parse_day(validity["last_valid_day"]), dates.parse_instant(report["at"])
    return dates.relative_words(last, now, frame.zone, frame.language)
