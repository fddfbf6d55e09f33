"""Both answers about a past time, where facts that were recorded later reach back to it (records, two clocks).

An annulment, a decision overturned on appeal or an accreditation that ended with an earlier date changes what was true
then; it never changes what was known then. A report about such a time tells both, and a notice says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.conformity.words import Word
from app.examiner.dates import instant_in_words
from app.examiner.glosses import gloss
from app.examiner.question import Examination
from app.examiner.report import KnownThen, Notice, VerificationReport

CODE = "known_differently_then"
_SAID = Word(
    'What was recorded later reaches back to {T}. By what was known at that time the answer was: "{then}"',
    "後に記録された事実が{T}にさかのぼって影響しています。その時点で知られていた内容による回答：「{then}」",
)


def with_hindsight(
    report_on: Callable[[Examination], VerificationReport], examination: Examination
) -> VerificationReport:
    """The report; about a time before the knowledge that counts, with the answer of then where it was another."""
    report = report_on(examination)
    if not _something_came_later(examination):
        return report
    question = replace(examination.question, known_at=examination.question.at)
    then = report_on(Examination(examination.case, examination.evidence, question))
    known_then = KnownThen(question.at, then.verdict, then.standing.state if then.standing else None, then.summary)
    if (then.verdict, known_then.state) == (report.verdict, report.standing.state if report.standing else None):
        return report
    said = gloss(_SAID, T=instant_in_words(question.at), then=then.summary)
    notices = (*report.notices, Notice(CODE, said, question.at))
    return replace(report, known_then=known_then, notices=notices)


def _something_came_later(examination: Examination) -> bool:
    at, known_at = examination.question.at, examination.question.known_at
    return any(at < filed.envelope.recorded_at <= known_at for filed in examination.case.all_documents())
