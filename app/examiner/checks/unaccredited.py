"""What checks 4 and 5 say where no accreditation can be asked about: *not performed*, and a notice turns the verdict.

History from elsewhere: who decided, on what audit and under which accreditation, nobody here can tell. A scheme without
accreditation: there is none to ask about, and an entry of it never reads like an accredited certificate.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.conformity.standing import Act
from app.credentials.facts import ACCREDITED
from app.examiner.checks.accreditation import AT_DECISION, NOW, Reach
from app.examiner.checks.outcome import not_performed
from app.examiner.question import Examination
from app.examiner.report import Check


def said_instead(examination: Examination, reaches: tuple[Reach, ...]) -> Mapping[str, Check]:
    """The checks of accreditation, by name, that cannot be performed for this kind of entry."""
    version, decision = examination.examined, examination.decision
    if version is None:
        return {}
    if version.document.facts.scheme.assurance != ACCREDITED:
        return {name: not_performed(name, "without_accreditation", [version]) for name in (AT_DECISION, NOW)}
    if decision is None or decision.document.act is not Act.IMPORT:
        return {}
    unknown = (AT_DECISION,) if reaches else (AT_DECISION, NOW)
    return {name: not_performed(name, "imported", [version, decision]) for name in unknown}
