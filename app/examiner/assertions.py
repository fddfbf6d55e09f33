"""What is proven and by whom: one line for each signed document, in its signer's shown name."""

from __future__ import annotations

from typing import Any

from app.conformity.accreditation import AccreditationState
from app.conformity.periods import local_day
from app.conformity.words import Word
from app.examiner.certificate import Certificate
from app.examiner.checks.signature import unproven
from app.examiner.dates import day_in_words
from app.examiner.documents import AccreditationLetter, AccreditationStatement, Decision, KeyBinding, StandingEvent
from app.examiner.evidence import AnyFiled
from app.examiner.glosses import ACTS, ASSERTION_GLOSSES, gloss
from app.examiner.names import name_of_body
from app.examiner.question import Examination
from app.examiner.report import Assertion

_BY_STATUS = {
    AccreditationState.ACTIVE: "accreditation_granted",
    AccreditationState.SUSPENDED: "accreditation_suspended",
    AccreditationState.WITHDRAWN: "accreditation_withdrawn",
    AccreditationState.RELINQUISHED: "accreditation_relinquished",
    AccreditationState.CEASED: "body_ceased",
}


def assertions_of(examination: Examination) -> tuple[Assertion, ...]:
    """Every document about it that was known and is proven, from the accreditation down to the last event."""
    case, left_out = examination.case, unproven(examination.case, examination.question.anchors)
    others = {one for one in case.letters if one not in case.letters_about_it()}
    proven = [one for one in case.all_documents() if one not in left_out and one not in others]
    known = [one for one in proven if one.envelope.recorded_at <= examination.known_at]
    bodies = _names_of_bodies(proven)
    return tuple(
        Assertion(bodies.get(_signer(one), _signer(one)), one.kid, _says(one, bodies), one.digest) for one in known
    )


def _names_of_bodies(proven: list[AnyFiled]) -> dict[str, str]:
    """The leading registered name of each body, by accreditation statements alone, later ones last."""
    names: dict[str, str] = {}
    for stated in (one.document for one in proven if isinstance(one.document, AccreditationStatement)):
        names[stated.accreditation_body] = stated.accreditation_body_names[0].name
        names[stated.body] = stated.body_names[0].name
    return names


def _signer(filed: AnyFiled) -> str:
    document = filed.document
    if isinstance(document, AccreditationStatement | AccreditationLetter | KeyBinding):
        return document.accreditation_body
    return str(document.facts.body.id if isinstance(document, Certificate) else document.body)


def _says(filed: AnyFiled, bodies: dict[str, str]) -> Word:
    code, values = _content(filed.document, bodies)
    return gloss(ASSERTION_GLOSSES[code], **values)


def _content(document: Any, bodies: dict[str, str]) -> tuple[str, dict[str, Word | str | int]]:
    if isinstance(document, AccreditationStatement):
        return _BY_STATUS[document.status], {
            "B": name_of_body(document),
            "S": ", ".join(document.scope.documents),
            "D": day_in_words(document.effective_on),
            "n": document.statement_no,
        }
    if isinstance(document, AccreditationLetter):
        return document.purpose.value, {"D": day_in_words(document.effective_on)}
    if isinstance(document, KeyBinding):
        days = {"D": day_in_words(document.starts.date()), "U": day_in_words(document.ends.date())}
        return "key_bound", {"B": bodies.get(document.body, document.body), **days}
    if isinstance(document, Decision):
        return "decision", {"D": day_in_words(document.decided_on), "act": ACTS[document.act]}
    if isinstance(document, StandingEvent):
        day = day_in_words(local_day(document.effective_at, document.time_zone))
        return "standing_event", {"n": document.event_no, "D": day, "act": ACTS[document.act]}
    return "certificate", {"n": document.version_no, "S": document.facts.scheme.document.designation}
