"""The answer of a certificate page: verdict word, mark, sentence of the first heading, and the report's own summary.

The words are those of `conformity.words`; the summary is the report's, letter for letter. Where the signature or its
issuer failed, nothing that the document claims may be shown as fact, and `trustworthy` says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.conformity.words import ACCREDITED, MARKS, NOT_ESTABLISHED, Mark, live_word, mark_name
from app.examiner.glosses import NOTICES_OF_VERDICT
from app.examiner.sentences import SENTENCES
from app.pages import dates, names
from app.pages.words import own_key, word

Report = Mapping[str, Any]

PROOFS_OF_ORIGIN = frozenset({"signature", "issuer", "chain"})
# A notice whose own sentence leads the summary is not told twice; the others with a sentence add what it leaves out.
TOLD_BY_THE_SUMMARY = ("superseded", "accreditation_suspended", "accreditation_reduced", "accreditation_ended")
# The bold beginning of each exact sentence. None holds a name, except that "Withdrawn" runs on into the body's.
_BEGINNING = {"en": re.compile(r"Withdrawn(?= by)|[^.]+\."), "ja": re.compile(r"[^。]+。")}


@dataclass(frozen=True)
class Answer:
    """What stands in the panel at the top.

    `look` names the mark; `beginning` is set in bold, and empty where the word already says it.
    """

    verdict: str
    look: str
    state: str
    mark: Mark
    word: str
    sentence: Markup
    beginning: Markup
    rest: Markup
    about: str


@dataclass(frozen=True)
class Notice:
    """What a reader must know beside the answer; `turns_verdict` if it is why the answer is not plainly valid."""

    detail: Mapping[str, str]
    turns_verdict: bool


def answer_to(report: Report, language: str) -> Answer:
    """The answer in one language. An altered file answers with the summary alone: it has no facts to speak of."""
    verdict, state = str(report["verdict"]), state_behind(report)
    spoken = _word(report, state, language)
    beginning, rest = _split_summary(report, language)
    trusted = trustworthy(report)
    if not trusted:
        spoken = beginning.rstrip(".。")
    said_already = beginning.rstrip(".。") == spoken and beginning.endswith((".", "。"))
    mentioned = list(names.names_within(report)) if trusted else []

    def tag(text: str) -> Markup:
        return names.tagged(text, mentioned, language)

    return Answer(
        verdict=verdict,
        look=mark_name(verdict, assurance_of(report)),
        state=state,
        mark=MARKS[mark_name(verdict, assurance_of(report))],
        word=spoken,
        sentence=_sentence(report, state, language) if trusted else Markup(""),
        beginning=tag("" if said_already else beginning),
        rest=tag(rest),
        about=_about(report, language) if trusted else "",
    )


def trustworthy(report: Report) -> bool:
    """False when signature, issuer or chain failed: then nothing of the document is anybody's word."""
    return not any(check["result"] == "failed" and check["name"] in PROOFS_OF_ORIGIN for check in report["checks"])


def state_behind(report: Report) -> str:
    """The standing behind the verdict; `none` where there is no record at all."""
    standing = report.get("standing")
    return str(standing["state"]) if standing else "none"


def assurance_of(report: Report) -> str:
    """Whose word the entry is; where nothing is known of it, nothing is said that differs from a certificate."""
    scheme = report.get("scheme")
    return str(scheme["assurance"]) if scheme else ACCREDITED


def has_record(report: Report) -> bool:
    """Whether anything was found to speak about; a verdict `unknown` about a record is not "no record"."""
    return any(check["code"] != "no_record" for check in report["checks"])


def further_notices(report: Report) -> list[Notice]:
    """The notices that the summary does not already tell, those that turned the verdict first and marked so."""
    summary = str(report["summary"]["en"])
    told = (code for code in TOLD_BY_THE_SUMMARY if summary.startswith(SENTENCES[code].lead.en))
    leading = next(told, "")
    return [
        Notice(notice["detail"], turns_verdict=notice["code"] in NOTICES_OF_VERDICT)
        for notice in report["notices"]
        if notice["code"] != leading
    ]


def next_step(report: Report) -> str:
    """The name of the advice under `next` in the words, empty where the answer needs none."""
    verdict, state = report["verdict"], state_behind(report)
    if verdict == "unknown":
        return "not_established" if has_record(report) else ""
    if verdict == "never_valid":
        return "annulled"
    return "" if verdict in {"valid", "valid_with_notice"} else state


def _word(report: Report, state: str, language: str) -> str:
    if report["verdict"] == "unknown" and has_record(report):
        return NOT_ESTABLISHED.in_language(language)
    return live_word(str(report["verdict"]), state, assurance_of(report)).in_language(language)


def _split_summary(report: Report, language: str) -> tuple[str, str]:
    summary = str(report["summary"][language])
    found = _BEGINNING[language].match(summary)
    end = found.end() if found else 0
    return summary[:end], summary[end:].lstrip()


def _sentence(report: Report, state: str, language: str) -> Markup:
    """The plain sentence after the word; empty where the report knows too little for one."""
    key = _sentence_key(report, state)
    scheme = report.get("scheme")
    if not scheme:
        return word("answer.unknown" if key == "unknown" else "answer.not_established_bare", language)
    validity = report.get("validity") or {}
    days = {
        name: dates.day_in_words(dates.parse_day(validity[member]), language) if validity else ""
        for name, member in (("effective", "effective_on"), ("last_day", "last_valid_day"))
    }
    holder = report.get("holder")
    name = names.primary_name(holder["names"], language) if holder else None
    return word(
        own_key(assurance_of(report), f"answer.{key}"),
        language,
        holder=names.name_markup(name) if name else word("answer.the_holder", language),
        whose=names.possessive(name) if name else word("answer.the_holder", language),
        object=scheme["title"][language],
        standard=names.unbroken(scheme["document"]),
        **days,
    )


def _sentence_key(report: Report, state: str) -> str:
    verdict = report["verdict"]
    if verdict in {"valid", "valid_with_notice"}:
        return "certified"
    if verdict == "unknown":
        return "not_established" if has_record(report) else "unknown"
    if verdict == "never_valid" and state != "annulled":
        return "key_compromised"
    return state


def _about(report: Report, language: str) -> str:
    """What the title says after the verdict word: holder and standard, as plain text."""
    holder, scheme = report.get("holder"), report.get("scheme")
    parts = [
        str(names.primary_name(holder["names"], language)["name"]) if holder else "",
        str(scheme["document"]) if scheme else "",
    ]
    return ("、" if language == "ja" else ", ").join(part for part in parts if part)
