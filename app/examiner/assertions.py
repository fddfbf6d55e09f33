"""What is proven and by whom: one line for each signed document, in its signer's shown name."""

from __future__ import annotations

from typing import Any

from app.conformity.accreditation import AccreditationState
from app.conformity.periods import local_day
from app.conformity.words import SELF_DECLARED, Word
from app.examiner.certificate import Certificate
from app.examiner.checks.signature import unproven
from app.examiner.dates import day_in_words
from app.examiner.documents import (
    AccreditationLetter,
    AccreditationStatement,
    Decision,
    IdentityBinding,
    KeyBinding,
    StandingEvent,
    TransferEvidence,
)
from app.examiner.evidence import AnyFiled
from app.examiner.glosses import ASSERTION_GLOSSES, act_in_words, gloss
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
    assurance = case.scheme.assurance if case.scheme else None
    return tuple(
        Assertion(bodies.get(_signer(one), _signer(one)), one.kid, _says(one, bodies, assurance), one.digest)
        for one in known
    )


def _names_of_bodies(proven: list[AnyFiled]) -> dict[str, str]:
    """The leading registered name of each body, by accreditation statements, else as the registry identified it."""
    identified = (one.document for one in proven if isinstance(one.document, IdentityBinding))
    names: dict[str, str] = {one.body: one.body_names[0].name for one in identified}
    for stated in (one.document for one in proven if isinstance(one.document, AccreditationStatement)):
        names[stated.accreditation_body] = stated.accreditation_body_names[0].name
        names[stated.body] = stated.body_names[0].name
    return names


def _signer(filed: AnyFiled) -> str:
    document = filed.document
    if isinstance(document, AccreditationStatement | AccreditationLetter | KeyBinding | TransferEvidence):
        return document.accreditation_body
    if isinstance(document, IdentityBinding):
        return document.registry
    return str(document.facts.body.id if isinstance(document, Certificate) else document.body)


def _says(filed: AnyFiled, bodies: dict[str, str], assurance: str | None) -> Word:
    code, values = _content(filed.document, bodies, assurance)
    return gloss(ASSERTION_GLOSSES[code], **values)


def _content(document: Any, bodies: dict[str, str], assurance: str | None) -> tuple[str, dict[str, Word | str | int]]:
    if isinstance(document, AccreditationStatement):
        return _BY_STATUS[document.status], {
            "B": name_of_body(document),
            "S": ", ".join(document.scope.documents),
            "D": day_in_words(document.effective_on),
            "n": document.statement_no,
        }
    if isinstance(document, AccreditationLetter | TransferEvidence | KeyBinding | IdentityBinding):
        return _stated_besides(document, bodies)
    if isinstance(document, Decision):
        return "decision", {"D": day_in_words(document.decided_on), "act": act_in_words(document.act, assurance)}
    if isinstance(document, StandingEvent):
        day = day_in_words(local_day(document.effective_at, document.time_zone))
        return "standing_event", {"n": document.event_no, "D": day, "act": act_in_words(document.act, assurance)}
    return "declaration" if assurance == SELF_DECLARED else "certificate", {
        "n": document.version_no,
        "S": document.facts.scheme.document.designation,
    }


def _stated_besides(
    document: AccreditationLetter | TransferEvidence | KeyBinding | IdentityBinding, bodies: dict[str, str]
) -> tuple[str, dict[str, Word | str | int]]:
    """What is stated beside the state of an accreditation: about certificates by name, a transfer, a key."""
    if isinstance(document, AccreditationLetter):
        return document.purpose.value, {"D": day_in_words(document.effective_on)}
    if isinstance(document, TransferEvidence):
        body = bodies.get(document.issuing_body, document.issuing_body)
        return "no_cooperation", {"B": body, "D": day_in_words(document.stated_on)}
    days = {"D": day_in_words(document.starts.date()), "U": day_in_words(document.ends.date())}
    code = "key_bound" if isinstance(document, KeyBinding) else "key_identified"
    return code, {"B": bodies.get(document.body, document.body), **days}
