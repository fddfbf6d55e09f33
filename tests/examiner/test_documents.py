from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.conformity.standing import Act, State
from app.credentials.statement import read_statement
from app.examiner.documents import (
    MalformedDocument,
    Suspended,
    read_accreditation_statement,
    read_decision,
    read_key_binding,
    read_manifest,
    read_standing_event,
)
from tests.support.evidence import PUBLIC_ID, granted

RECORD = granted()
PAYLOADS = {place: read_statement(RECORD.envelopes[place].jws).payload for place in (0, 1, 2, 4)}
MANIFEST = read_statement(RECORD.manifest(RECORD.evidence())).payload
READERS = (
    (PAYLOADS[0], read_accreditation_statement),
    (PAYLOADS[1], read_key_binding),
    (PAYLOADS[2], read_decision),
    (PAYLOADS[4], read_standing_event),
    (MANIFEST, read_manifest),
)


def fields_at_fault(reader, payload: dict[str, Any]) -> list[str]:
    with pytest.raises(MalformedDocument) as refused:
        reader(payload)
    return [fault.field for fault in refused.value.faults]


def test_each_document_is_read_into_words_of_the_vocabulary() -> None:
    event = read_standing_event(PAYLOADS[4])
    assert (event.act, event.from_state, event.to_state) == (Act.GRANT, State.NONE, State.ACTIVE)
    assert read_decision(PAYLOADS[2]).decided_on == date(2026, 2, 2)
    assert read_key_binding(PAYLOADS[1]).starts == datetime(2026, 1, 1, tzinfo=UTC)
    assert read_accreditation_statement(PAYLOADS[0]).scope.countries == ("JP",)
    assert read_manifest(MANIFEST).certificate_id == PUBLIC_ID


@pytest.mark.parametrize(("payload", "reader"), READERS)
def test_exactly_the_members_of_a_format_are_read(payload: dict[str, Any], reader) -> None:
    for member in payload:
        rest = {name: value for name, value in payload.items() if name != member}
        assert fields_at_fault(reader, rest) == [f"/{member}"]
        assert f"/{member}" in fields_at_fault(reader, payload | {member: 1.5})
    assert fields_at_fault(reader, payload | {"novelty": 1}) == ["/novelty"]


@pytest.mark.parametrize(
    ("change", "reader", "payload"),
    [
        ({"act": "abolish"}, read_standing_event, PAYLOADS[4]),
        ({"to_state": "expired"}, read_standing_event, PAYLOADS[4]),
        ({"event_no": 0}, read_standing_event, PAYLOADS[4]),
        ({"event_no": True}, read_standing_event, PAYLOADS[4]),
        ({"effective_at": "2026-02-30T00:00:00Z"}, read_standing_event, PAYLOADS[4]),
        ({"effective_at": "2026-02-02T00:00:00+09:00"}, read_standing_event, PAYLOADS[4]),
        ({"effective_at": "9999-12-31T00:00:00Z"}, read_standing_event, PAYLOADS[4]),
        ({"until": "9999-12-31"}, read_standing_event, PAYLOADS[4]),
        ({"effective_on": "0001-01-01"}, read_accreditation_statement, PAYLOADS[0]),
        ({"time_zone": "Mars/Olympus"}, read_standing_event, PAYLOADS[4]),
        ({"certification": PUBLIC_ID.lower()}, read_standing_event, PAYLOADS[4]),
        ({"certification": "X"}, read_standing_event, PAYLOADS[4]),
        ({"decision": PAYLOADS[4]["decision"].replace("-", "")}, read_standing_event, PAYLOADS[4]),
        ({"decision_sha256": "AAAA"}, read_standing_event, PAYLOADS[4]),
        ({"decision_sha256": "A" * 42 + "B"}, read_standing_event, PAYLOADS[4]),
        ({"decided_on": "20260202"}, read_decision, PAYLOADS[2]),
        ({"deciders": []}, read_decision, PAYLOADS[2]),
        ({"accreditations": PAYLOADS[2]["accreditations"] * 2}, read_decision, PAYLOADS[2]),
        ({"jwk": {"x": 1}}, read_key_binding, PAYLOADS[1]),
        ({"purposes": []}, read_key_binding, PAYLOADS[1]),
        ({"status": "expired"}, read_accreditation_statement, PAYLOADS[0]),
        ({"suspended": {}}, read_accreditation_statement, PAYLOADS[0]),
        ({"suspended": {"whole": False}}, read_accreditation_statement, PAYLOADS[0]),
        ({"suspended": {"areas": [], "countries": []}}, read_accreditation_statement, PAYLOADS[0]),
        ({"symbol_allowed": 1}, read_accreditation_statement, PAYLOADS[0]),
        ({"scope": {"documents": ["x"]}}, read_accreditation_statement, PAYLOADS[0]),
        ({"scope": []}, read_accreditation_statement, PAYLOADS[0]),
        ({"body_names": []}, read_accreditation_statement, PAYLOADS[0]),
        ({"envelopes": []}, read_manifest, MANIFEST),
    ],
)
def test_a_value_of_another_form_is_refused_and_named(change: dict[str, Any], reader, payload: dict[str, Any]) -> None:
    assert fields_at_fault(reader, payload | change) == [f"/{next(iter(change))}"]


@pytest.mark.parametrize("name", ["Kestrel\u202eCertification", "Kestrel\x1b[31m", "Kes\u200btrel"])
def test_a_name_that_could_deceive_or_steer_a_terminal_is_refused(name: str) -> None:
    changed = PAYLOADS[0] | {"body_names": [{"name": name, "language": "en"}]}
    assert fields_at_fault(read_accreditation_statement, changed) == ["/body_names"]


def test_a_sanction_is_whole_or_names_its_part() -> None:
    whole = read_accreditation_statement(PAYLOADS[0] | {"suspended": {"whole": True}})
    part = read_accreditation_statement(PAYLOADS[0] | {"suspended": {"areas": ["robotics"], "countries": []}})
    assert whole.suspended == Suspended(whole=True, areas=(), countries=())
    assert part.suspended == Suspended(whole=False, areas=("robotics",), countries=())


def test_another_type_is_refused() -> None:
    assert fields_at_fault(read_decision, PAYLOADS[4]) == ["/type"]
