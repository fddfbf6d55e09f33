from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.conformity.periods import start_instant
from app.examiner.checks.standing import RECORDED_WITHIN, check_standing
from app.examiner.evidence import open_case
from app.examiner.question import Examination, Question
from tests.support.evidence import GRANTED, NOW, Record, granted, uuid

DAY = timedelta(days=1)


def found(record: Record) -> str:
    evidence = record.evidence()
    check = check_standing(Examination(open_case(evidence), evidence, Question.asked(record.signers.anchors, now=NOW)))
    return f"{check.result.value}: {check.code}"


def suspended() -> Record:
    record = granted()
    record.act("suspend", GRANTED + DAY, until="2026-08-01")
    return record


def test_a_whole_history_in_force_passes() -> None:
    record = suspended()
    assert found(record) == "failed: suspended"
    record.act("restore", GRANTED + 2 * DAY)
    assert found(record) == "passed: active"


@pytest.mark.parametrize("place", [2, 3, 4, 5, 6])
def test_any_document_left_out_shows(place: int) -> None:
    record = suspended()
    record.act("restore", GRANTED + 2 * DAY)
    del record.envelopes[place]
    assert found(record).startswith("failed: ")
    assert found(record) in {"failed: document_missing", "failed: broken_chain"}


def test_renumbering_what_is_left_does_not_hide_that_an_event_is_missing() -> None:
    record = suspended()
    record.act("restore", GRANTED + 2 * DAY)
    del record.envelopes[5:7]
    for n, place in enumerate(range(2, len(record.envelopes)), start=1):
        record.envelopes[place] = replace(record.envelopes[place], n=n)
    assert found(record) == "failed: document_missing"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from_state": "suspended"}, "broken_chain"),
        ({"previous_no": None}, "broken_chain"),
        ({"event_no": 3, "previous_no": 2}, "document_missing"),
        ({"to_state": "active"}, "broken_chain"),
        ({"effective_at": GRANTED - 7 * DAY}, "event_backdated"),
        ({"until": "2027-08-01"}, "decision_differs"),
        ({"decision_sha256": "A" * 43}, "decision_differs"),
        ({"decision": uuid(77)}, "document_missing"),
    ],
)
def test_an_event_continues_its_chain_and_follows_from_its_decision(changes: dict[str, object], code: str) -> None:
    record = granted()
    decision = record.decide("suspend", GRANTED + DAY, until="2026-08-01")
    record.move("suspend", GRANTED + DAY, decision, **({"until": "2026-08-01"} | changes))
    assert found(record) == f"failed: {code}"


def test_an_event_of_another_act_than_its_decision_fails() -> None:
    record = granted()
    record.move("withdraw", GRANTED + DAY, record.decide("cancel", GRANTED + DAY))
    assert found(record) == "failed: decision_differs"


def test_a_version_that_states_other_facts_than_were_decided_fails() -> None:
    record = granted()
    facts = record.versions[0]
    jws = record.certify(replace(facts, holder=replace(facts.holder, country="FR")), 1, GRANTED)
    record.envelopes.pop()
    record.envelopes[3] = replace(record.envelopes[3], jws=jws)
    assert found(record) == "failed: decision_differs"


def test_one_decision_makes_one_version() -> None:
    record = granted()
    record.certify(record.versions[0], 2, GRANTED + DAY)
    assert found(record) == "failed: decision_differs"


def test_a_decision_that_was_never_carried_out_does_no_harm() -> None:
    record = granted()
    record.decide("grant", GRANTED + DAY, facts_sha256=None)
    assert found(record) == "passed: active"


def test_a_key_binding_left_out_shows() -> None:
    record = Record()
    record.state()
    record.bind()
    record.bind(to="2028-06-01T00:00:00Z")
    record.grant()
    del record.envelopes[1]
    assert found(record) == "failed: document_missing"


@pytest.mark.parametrize(
    "acts",
    [
        ("restore",),
        ("suspend", "renew"),
        ("withdraw", "suspend"),
        ("suspend", "suspend_urgently"),
        ("withdraw", "restore"),
        ("cancel", "amend"),
        ("annul", "annul"),
        ("grant",),
    ],
)
def test_standing_moves_only_along_the_table(acts: tuple[str, ...]) -> None:
    record = granted()
    for days, act in enumerate(acts, start=1):
        record.act(act, GRANTED + days * DAY)
    assert found(record) == "failed: broken_chain"


def test_an_event_waits_for_the_day_of_its_decision_in_its_zone() -> None:
    for early, answer in ((timedelta(0), "passed: active"), (timedelta(milliseconds=1), "failed: event_backdated")):
        record = granted()
        decision = record.decide("withdraw", GRANTED, effective_on="2027-01-05")
        begins = start_instant(date(2027, 1, 5), decision["time_zone"])
        record.move("withdraw", GRANTED, decision, effective_at=begins - early)
        assert found(record) == answer


def test_an_event_may_be_recorded_as_late_as_an_outage_lasts_and_no_later() -> None:
    late = GRANTED + DAY + RECORDED_WITHIN
    for delay, answer in ((timedelta(0), "failed: withdrawn"), (timedelta(milliseconds=1), "failed: event_backdated")):
        record = granted()
        decision = record.decide("withdraw", late + delay, decided_on="2026-02-02", effective_on="2026-02-02")
        record.move("withdraw", late + delay, decision, effective_at=GRANTED + DAY)
        assert found(record) == answer


def test_only_an_annulment_reaches_back_and_no_further_than_decided() -> None:
    for day, answer in (("2026-02-02", "failed: annulled"), ("2026-02-03", "failed: event_backdated")):
        record = granted()
        decision = record.decide("annul", GRANTED + 100 * DAY, annuls=1, effective_on=day)
        record.move("annul", GRANTED + 100 * DAY, decision, effective_at=GRANTED - DAY / 8)
        assert found(record) == answer
