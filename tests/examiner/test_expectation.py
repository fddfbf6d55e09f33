from __future__ import annotations

import pytest

from app.examiner.examine import examine, no_record
from app.examiner.expectation import with_expectation
from tests.support.evidence import NOW, OTHER_PUBLIC_ID, PUBLIC_ID, granted, world


def report(**evidence):
    return examine(granted().evidence(**evidence), world().anchors, now=NOW)


@pytest.mark.parametrize(
    ("expected", "code", "exit_code"),
    [
        ({"holder": "株式会社瑞穂台ロボティクス"}, "met", 0),
        ({"holder": "MIZUHO-DAI ROBOTICS K.K."}, "met", 0),
        ({"holder": "Somebody Else Ltd"}, "not_met", 1),
        ({"certificate_id": PUBLIC_ID}, "met", 0),
        ({"certificate_id": OTHER_PUBLIC_ID}, "not_met", 1),
    ],
)
def test_c070_an_expectation_given_is_met_or_failed(expected: dict[str, str], code: str, exit_code: int) -> None:
    answered = with_expectation(report(), **expected)
    assert (answered.checks[-1].code, answered.exit_code()) == (code, exit_code)
    assert answered.verdict == "valid"


def test_c070_what_cannot_be_compared_is_not_performed_and_never_silently_passed() -> None:
    withheld = with_expectation(report(withheld=frozenset({"holder"})), holder="Anybody")
    assert (withheld.checks[-1].result, withheld.exit_code()) == ("not_performed", 2)
    nothing = with_expectation(no_record(PUBLIC_ID, now=NOW), holder="Anybody")
    assert nothing.checks[-1].code == "not_comparable"


def test_without_expectation_the_report_is_the_same() -> None:
    plain = report()
    assert with_expectation(plain) is plain
