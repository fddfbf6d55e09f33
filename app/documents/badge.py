"""The live badge: the standing of one certificate at one minute, as an SVG that any page may embed as an image.

A fixed template with escaped text: no script, style, link or reference. Whatever the standing, a badge names holder and
standard, says that a management system was certified and nothing else, and where to check (ISO/IEC 17021-1 8.3). Where
nobody accredits it says so; a self-declaration has a badge of its own, which no certificate's word, mark or colour is
on. Where nothing is established it claims nothing. Each run of text states its language, so that kanji keep their own
shapes. A badge never refuses a fact for its length: long names wrap, and end in … with the full name in the title.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from math import ceil
from typing import Any

from app.conformity.identifiers import group_public_id
from app.conformity.words import (
    ACCREDITED,
    DECLARATION_ONLY,
    HOLDER_WITHHELD,
    MANAGEMENT_SYSTEM_ONLY,
    MARKS,
    SELF_DECLARED,
    WITHOUT_ACCREDITATION,
    Word,
    live_word,
    makes_refused_claim,
    mark_name,
)
from app.documents.mark import mark_shapes
from app.documents.text import Run, drawable, lay_out, width_of
from app.errors import AkashiError

BODY_LABEL = Word("certification body: ", "認証機関：")
CHECK_AT = Word("check at ", "確認先：")
CLAIMS_NOTHING = Word("This badge makes no claim.", "このバッジは何も表明していません。")

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_NARROWEST, _WIDEST, _MARGIN, _BAND, _AFTER_MARK = 344, 480, 16, 52, 54
_INK, _GREY, _WHITE = "#1a1a1a", "#333333", "#ffffff"
_SANS = {
    "en": "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "ja": "'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans JP', 'Noto Sans CJK JP', system-ui, sans-serif",
}
_MONO = "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


class ClaimRefused(AkashiError):
    """A label would say of an AI, a model or a product what is only true of a management system."""

    def __init__(self, label: str) -> None:
        super().__init__("refused_claim", note=label)


@dataclass(frozen=True)
class BadgeFacts:
    """What one badge says. `holder` is None when it is withheld; `None` for the rest when nothing is established."""

    verdict: str
    state: str
    holder: Run | None
    standard: str | None
    body: Run | None
    certificate_id: str
    check_at: str
    language: str
    as_of: datetime
    assurance: str = ACCREDITED

    @property
    def word(self) -> str:
        """The live word in the badge's language."""
        return live_word(self.verdict, self.state, self.assurance).in_language(self.language)

    @property
    def mark(self) -> str:
        """The name of the mark beside it."""
        return mark_name(self.verdict, self.assurance)


@dataclass(frozen=True)
class _Paragraph:
    """Some runs of one size, to be laid out in at most `rows` rows."""

    runs: tuple[Run, ...]
    size: int
    colour: str = _GREY
    bold: bool = False
    mono: bool = False
    rows: int = 2
    space_before: int = 0

    @property
    def em(self) -> float:
        """The width of one em, with what bold adds to it in wide faces."""
        return self.size * (1.12 if self.bold else 1.0)

    @property
    def width(self) -> float:
        """The width in one row."""
        return self.em * width_of("".join(run.text for run in self.runs), mono=self.mono)


def badge_facts(report: Mapping[str, Any], base_url: str, language: str) -> BadgeFacts:
    """The facts of a `VerificationReport` (as JSON) that its badge shows; of an unknown verdict, none."""
    known = report["verdict"] != "unknown"
    holder, body, scheme = (report[member] if known else None for member in ("holder", "body", "scheme"))
    return BadgeFacts(
        verdict=report["verdict"],
        state=_state_behind(report),
        holder=_name_in(language, holder["names"]) if holder else None,
        standard=scheme["document"] if scheme else None,
        body=_name_in(language, body["names"]) if body else None,
        certificate_id=report["certificate_id"],
        check_at=f"{base_url.partition('://')[2]}/c/",
        language=language,
        as_of=datetime.fromisoformat(report["data_as_of"] or report["at"]),
        assurance=scheme["assurance"] if scheme else ACCREDITED,
    )


def render_badge(facts: BadgeFacts) -> bytes:
    """The badge as SVG; equal facts give equal bytes. Raises `ClaimRefused` for a label that claims too much."""
    if facts.standard and makes_refused_claim(facts.standard):
        raise ClaimRefused(facts.standard)
    heading, paragraphs = _heading(facts), _paragraphs(facts)
    width = _width(heading, paragraphs)
    rows, height = _draw(paragraphs, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" lang="{facts.language}" xml:lang="{facts.language}">'
        f"<title>{escape(drawable(_title(facts)))}</title><desc>{escape(_description(paragraphs))}</desc>"
        f"{_frame(facts.mark, width, height)}{_text(heading.runs, _AFTER_MARK, _BAND // 2 + 8, heading)}"
        f"{''.join(rows)}</svg>\n"
    ).encode()


def _heading(facts: BadgeFacts) -> _Paragraph:
    """The live word in the ink of its verdict."""
    return _Paragraph((Run(facts.word, facts.language),), 19, MARKS[facts.mark].ink, bold=True)


def _paragraphs(facts: BadgeFacts) -> list[_Paragraph]:
    """What stands below the word, from the top."""
    language = facts.language

    def fixed(word: Word) -> Run:
        return Run(word.in_language(language), language)

    if facts.standard is None:
        said = [_Paragraph((fixed(CLAIMS_NOTHING),), 13)]
    else:
        said = [
            _Paragraph((facts.holder or fixed(HOLDER_WITHHELD),), 16, _INK, bold=True, rows=3),
            _Paragraph((Run(facts.standard, "en"),), 14, _INK, bold=True, space_before=3),
        ]
        said += _limits(facts, fixed)
    return [
        *said,
        _Paragraph((fixed(CHECK_AT), Run(facts.check_at, "en")), 12, space_before=13),
        _Paragraph((Run(group_public_id(facts.certificate_id), "en"),), 12, _INK, mono=True),
        _Paragraph((Run(_as_of(facts.as_of, language), language),), 12),
    ]


def _limits(facts: BadgeFacts, fixed: Callable[[Word], Run]) -> list[_Paragraph]:
    """By whose word it is, and what it does not say."""
    if facts.assurance == SELF_DECLARED:
        return [_Paragraph((fixed(DECLARATION_ONLY),), 13)]
    said = [_Paragraph((fixed(BODY_LABEL), facts.body), 13)] if facts.body else []
    if facts.assurance != ACCREDITED:
        said.append(_Paragraph((fixed(WITHOUT_ACCREDITATION),), 13, _INK, bold=True))
    return [*said, _Paragraph((fixed(MANAGEMENT_SYSTEM_ONLY),), 13)]


def _width(heading: _Paragraph, paragraphs: list[_Paragraph]) -> int:
    """As wide as the longest paragraph in one row, within bounds; the word itself is never cut or wrapped."""
    longest = max(paragraph.width for paragraph in paragraphs) + 2 * _MARGIN
    return ceil(max(_NARROWEST, min(longest, _WIDEST), _AFTER_MARK + heading.width + _MARGIN))


def _draw(paragraphs: list[_Paragraph], width: int) -> tuple[list[str], int]:
    """The text elements, and the height that they need."""
    drawn: list[str] = []
    y = _BAND + 7
    for paragraph in paragraphs:
        y += paragraph.space_before
        room = (width - 2 * _MARGIN) / paragraph.em
        for row in lay_out(paragraph.runs, room, paragraph.rows, mono=paragraph.mono):
            y += round(paragraph.size * 1.5)
            drawn.append(_text(row, _MARGIN, y - round(paragraph.size * 0.35), paragraph))
    return drawn, y + 12


def _text(row: tuple[Run, ...], x: int, y: int, style: _Paragraph) -> str:
    weight = ' font-weight="700"' if style.bold else ""
    spans = "".join(_span(run, mono=style.mono) for run in row)
    return f'<text x="{x}" y="{y}" font-size="{style.size}" fill="{style.colour}"{weight}>{spans}</text>'


def _span(run: Run, *, mono: bool) -> str:
    """One run in its language; isolated, so that a name written from the right moves nothing beside it."""
    family = _MONO if mono else _SANS.get(run.language.partition("-")[0], _SANS["en"])
    language = escape(run.language)
    return (
        f'<tspan lang="{language}" xml:lang="{language}" unicode-bidi="isolate" font-family="{family}"'
        f' xml:space="preserve">{escape(run.text)}</tspan>'
    )


def _frame(name: str, width: int, height: int) -> str:
    """White card, tinted band with the mark; the edge is hatched where the certificate never had effect."""
    mark = MARKS[name]
    right, bottom = width - 1, height - 1
    return (
        f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="6" fill="{_WHITE}"/>'
        f'<path d="M1 {_BAND}V7a6 6 0 0 1 6-6H{right - 6}a6 6 0 0 1 6 6V{_BAND}z" fill="{mark.tint}"/>'
        f'<path d="M1 {_BAND}H{right}" stroke="{mark.ink}"/>'
        f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="6" fill="none" stroke="{mark.ink}"'
        f' stroke-width="2"/>'
        f"{_hatching(mark.ink, right, bottom) if mark.hatched else ''}"
        f'<g transform="translate({_MARGIN + 14} {_BAND // 2 + 1})">{mark_shapes(name)}</g>'
    )


def _hatching(ink: str, right: int, bottom: int) -> str:
    """Slanted strokes along the left and right edge."""
    strokes = "".join(f"M2 {y + 5}l6-6M{right - 7} {y + 5}l6-6" for y in range(8, bottom - 8, 6))
    return f'<path d="{strokes}" stroke="{ink}" stroke-width="1.5"/>'


def _title(facts: BadgeFacts) -> str:
    """The word, then of what, with names in full."""
    word = facts.word
    if facts.standard is None:
        return word
    holder = facts.holder.text if facts.holder else HOLDER_WITHHELD.in_language(facts.language)
    return f"{word}: {holder}, {facts.standard}"


def _description(paragraphs: list[_Paragraph]) -> str:
    """All that the badge says, for who does not see it."""
    return "\n".join(drawable("".join(run.text for run in paragraph.runs)) for paragraph in paragraphs)


def _as_of(moment: datetime, language: str) -> str:
    utc = moment.astimezone(UTC)
    if language == "ja":
        return f"{utc.year}年{utc.month}月{utc.day}日 {utc:%H:%M}（UTC）現在"
    return f"as of {utc.day} {_MONTHS[utc.month - 1]} {utc.year}, {utc:%H:%M} UTC"


def _state_behind(report: Mapping[str, Any]) -> str:
    """The standing; `none` only where nothing at all was found, for then alone the word is "no record here"."""
    if report["standing"]:
        return str(report["standing"]["state"])
    return "not_established" if any(check["result"] != "not_performed" for check in report["checks"]) else "none"


def _name_in(language: str, names: list[Mapping[str, Any]]) -> Run:
    """The name in the badge's language, else the first, which is the registered one."""
    chosen = next((name for name in names if name["language"].partition("-")[0] == language), names[0])
    return Run(chosen["name"], chosen["language"])
