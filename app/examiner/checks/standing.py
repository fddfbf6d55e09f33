"""Check 6, *standing*: the events continue one another without a gap, follow from their decisions, and say "in force".

Every document about the certification has an ordinal, from 1 and without gaps, so that leaving one out shows. An
event names the decision that brought it about by digest; a version states exactly the facts that its decision fixed.
The verdict's precedence (domain §9) picks the word where several are true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.conformity.standing import Act, State, broken_link
from app.examiner.checks.outcome import failed, passed
from app.examiner.documents import StandingEvent
from app.examiner.evidence import AnyFiled, Case, Filed
from app.examiner.history import decision_behind, events_of
from app.examiner.question import Examination
from app.examiner.report import Check

NAME = "standing"

UNSOUND = frozenset({"broken_chain", "document_missing", "decision_differs"})
"""Codes by which the standing is not established, whatever the events say."""

# Where an act leads; an act that is not here moves nothing.
_LEADS_TO: Mapping[Act, State] = {
    Act.GRANT: State.ACTIVE,
    Act.AMEND: State.ACTIVE,
    Act.CORRECT: State.ACTIVE,
    Act.EXTEND: State.ACTIVE,
    Act.REDUCE: State.ACTIVE,
    Act.RENEW: State.ACTIVE,
    Act.RESTORE: State.ACTIVE,
    Act.TRANSFER_IN: State.ACTIVE,
    Act.SUSPEND: State.SUSPENDED,
    Act.WITHDRAW: State.WITHDRAWN,
    Act.CANCEL: State.CANCELLED,
    Act.ANNUL: State.ANNULLED,
}


def check_standing(examination: Examination) -> Check:
    """Passed if the history is whole and the certification is in force at the time asked about."""
    case = examination.case
    looked_at = [*case.events, *case.decisions.values()]
    unsound = next(_faults(case), None)
    if unsound:
        code, reason = unsound
        return failed(NAME, code, looked_at, reason=reason)
    state = examination.standing.state
    if state is State.ACTIVE:
        return passed(NAME, "active", looked_at, count=len(case.events))
    return failed(NAME, state.value, looked_at)


def _faults(case: Case) -> Iterator[tuple[str, str]]:
    """What keeps the history from being whole, with the reason."""
    yield from _missing(case)
    broken = broken_link(events_of(case))
    if broken is not None:
        yield "broken_chain", f"event {broken}"
    for filed in case.events:
        if (filed.document.previous_no or 0) != filed.document.event_no - 1:
            yield "broken_chain", f"event {filed.document.event_no}"
        yield from _fault_of_event(filed, case)
    yield from _faults_of_versions(case)


def _missing(case: Case) -> Iterator[tuple[str, str]]:
    """Ordinals of the certification and of each key, event numbers, version numbers: from 1 without gaps."""
    yield from _gap("record", [filed.envelope.n for filed in case.signed_by_the_body()])
    yield from _gap("version", [filed.document.version_no for filed in case.versions])
    yield from _gap("event", [filed.document.event_no for filed in case.events])
    for key in {one.document.key for one in case.bindings}:
        yield from _gap("key binding", [one.envelope.n for one in case.bindings if one.document.key == key])
    if not case.versions or not case.events:
        yield "document_missing", "no version or no event"


def _gap(what: str, numbers: list[int]) -> Iterator[tuple[str, str]]:
    absent = next((place for place, n in enumerate(sorted(numbers), start=1) if place != n), None)
    if absent is not None:
        yield "document_missing", f"{what} {absent}"


def _fault_of_event(filed: Filed[StandingEvent], case: Case) -> Iterator[tuple[str, str]]:
    """The event and its decision name the same act, body, certification and time limit."""
    event, decision = filed.document, case.decisions.get(filed.document.decision)
    if decision is None:
        yield "document_missing", f"decision of event {event.event_no}"
    elif (
        decision.payload_digest != event.decision_sha256
        or decision.document.act is not event.act
        or decision.document.until != event.until
        or _LEADS_TO.get(event.act) is not event.to_state
    ):
        yield "decision_differs", f"event {event.event_no}"


def _faults_of_versions(case: Case) -> Iterator[tuple[str, str]]:
    """Each version has a decision of its own, which an event carried out."""
    seen: list[AnyFiled] = []
    for filed in case.versions:
        decision = decision_behind(case, filed)
        if decision is None or decision in seen:
            yield "decision_differs", f"version {filed.document.version_no}"
        else:
            seen.append(decision)
