from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.examiner.evidence import open_case
from app.examiner.question import Examination, ImpossibleQuestion, Question
from app.trust.anchors import Anchors
from tests.support.evidence import GRANTED, NOW, granted

DAY = timedelta(days=1)


def examination(as_of=NOW, **asked) -> Examination:
    evidence = granted().evidence(as_of)
    return Examination(open_case(evidence), evidence, Question.asked(Anchors(), now=NOW, **asked))


def test_the_time_asked_about_defaults_to_the_time_known_which_defaults_to_now() -> None:
    question = Question.asked(Anchors(), now=NOW)
    assert (question.at, question.known_at, question.reaches_to) == (NOW, NOW, None)
    question = Question.asked(Anchors(), now=NOW, known_at=GRANTED)
    assert (question.at, question.known_at, question.reaches_to) == (GRANTED, GRANTED, GRANTED)
    question = Question.asked(Anchors(), now=NOW, at=GRANTED)
    assert (question.at, question.known_at, question.reaches_to) == (GRANTED, NOW, GRANTED)


@pytest.mark.parametrize("name", ["at", "known_at"])
def test_no_time_lies_in_the_future(name: str) -> None:
    with pytest.raises(ImpossibleQuestion) as refused:
        Question.asked(Anchors(), now=NOW, **{name: NOW + timedelta(seconds=1)})
    assert refused.value.faults[0].field == f"/{name}"


def test_old_data_are_judged_as_of_themselves() -> None:
    assert examination().at == NOW
    stale = examination(NOW - 3 * DAY)
    assert stale.is_stale
    assert stale.at == NOW - 3 * DAY


def test_the_version_in_force_is_the_latest_that_has_begun() -> None:
    assert examination().current.document.version_no == 1
    assert examination(at=GRANTED - DAY, known_at=GRANTED - DAY).current is None
    assert examination(version=2).examined is None
    assert examination(version=2).decision is None


def test_no_time_lies_beyond_what_zones_can_move() -> None:
    with pytest.raises(ImpossibleQuestion) as refused:
        Question.asked(Anchors(), now=NOW, at=datetime(1, 1, 1, tzinfo=UTC))
    assert refused.value.code == "time_out_of_range"
