"""An expectation that the asker brings along: this holder, this ID. Given and not met is failed (C070).

The check stands after the ten others and only when something was expected. What cannot be compared, because the holder
is withheld or nothing is established, is not performed. It says nothing about the certificate: the verdict stays.
"""

from __future__ import annotations

from dataclasses import replace

from app.conformity.names import fold
from app.examiner.glosses import EXPECTATION_GLOSSES
from app.examiner.report import Check, Result, VerificationReport

NAME = "expectation"


def with_expectation(
    report: VerificationReport, *, holder: str | None = None, certificate_id: str | None = None
) -> VerificationReport:
    """The report with a check of what was expected; the same report where nothing was."""
    if holder is None and certificate_id is None:
        return report
    code = _code(report, holder, certificate_id)
    result = {"met": Result.PASSED, "not_met": Result.FAILED}.get(code, Result.NOT_PERFORMED)
    return replace(report, checks=(*report.checks, Check(NAME, result, code, EXPECTATION_GLOSSES[code])))


def _code(report: VerificationReport, holder: str | None, certificate_id: str | None) -> str:
    if certificate_id is not None and report.certificate_id is not None and certificate_id != report.certificate_id:
        return "not_met"
    if report.certificate_id is None or (holder is not None and report.holder is None):
        return "not_comparable"
    names = {fold(one.name) for one in report.holder.names} if report.holder else set()
    return "met" if holder is None or fold(holder) in names else "not_met"
