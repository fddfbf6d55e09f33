"""Where no accreditation can be asked about, its checks are not performed; else nothing is said instead."""

from __future__ import annotations

from app.examiner.checks.unaccredited import said_instead
from app.examiner.evidence import open_case
from app.examiner.question import Examination, Question
from tests.support.evidence import NOW, granted


def test_an_accredited_certificate_is_asked_about():
    record = granted()
    evidence = record.evidence()
    asked = Examination(open_case(evidence), evidence, Question.asked(record.signers.anchors, now=NOW))
    assert said_instead(asked, ()) == {}
