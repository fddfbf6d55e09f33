"""Check 6, *standing*: the events continue one another without a gap, follow from their decisions, and say "in force".

Every document about the certification has an ordinal, from 1 and without gaps, so that leaving one out shows. An
event moves along the table of transitions, names the decision that brought it about by digest, and takes effect no
earlier than that decision says; a version states exactly the facts that its decision fixed, and follows the version
before it as its act allows (`lawfulness`). The verdict's precedence (domain §9) picks the word where several are true.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.conformity.periods import start_instant
from app.conformity.standing import LOOKS_BACK, MAKES_VERSION, State, broken_link
from app.credentials.facts import CertificateFacts
from app.examiner.checks.outcome import failed, passed
from app.examiner.documents import Decision, StandingEvent
from app.examiner.evidence import AnyFiled, Case, Filed
from app.examiner.history import decision_behind, events_of
from app.examiner.lawfulness import broken_rules
from app.examiner.question import Examination
from app.examiner.report import Check

NAME = "standing"

UNSOUND = frozenset({"broken_chain", "document_missing", "decision_differs", "event_backdated", "rule_broken"})
"""Codes by which the standing is not established, whatever the events say."""

RECORDED_WITHIN = timedelta(days=7)
"""How long after it was fixed an event may be recorded. Signing takes a moment between two commits, but an act that a
crash left in between is finished at the next start with its bytes unchanged: this is the longest outage that counts."""


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
    yield from (("rule_broken", rule) for rule in broken_rules(case))


def _missing(case: Case) -> Iterator[tuple[str, str]]:
    """Ordinals of the certification and of each key, event numbers, version numbers: from 1 without gaps."""
    yield from _gap("record", [filed.envelope.n for filed in case.signed_by_the_body()])
    yield from _gap("version", [filed.document.version_no for filed in case.versions])
    yield from _gap("event", [filed.document.event_no for filed in case.events])
    bindings = case.all_bindings()
    for key in {one.document.key for one in bindings}:
        yield from _gap("key binding", [one.envelope.n for one in bindings if one.document.key == key])
    if not case.versions or not case.events:
        yield "document_missing", "no version or no event"


def _gap(what: str, numbers: list[int]) -> Iterator[tuple[str, str]]:
    absent = next((place for place, n in enumerate(sorted(numbers), start=1) if place != n), None)
    if absent is not None:
        yield "document_missing", f"{what} {absent}"


def _fault_of_event(filed: Filed[StandingEvent], case: Case) -> Iterator[tuple[str, str]]:
    """The event and its decision name the same act, time limit and instant; it takes effect no earlier than decided."""
    event, decision = filed.document, case.decisions.get(filed.document.decision)
    if decision is None:
        yield "document_missing", f"decision of event {event.event_no}"
    elif (
        decision.payload_digest != event.decision_sha256
        or decision.document.act is not event.act
        or decision.document.until != event.until
        or decision.document.effective_at not in (None, event.effective_at)
    ):
        yield "decision_differs", f"event {event.event_no}"
    elif event.effective_at < _earliest(decision.document, filed.envelope.recorded_at):
        yield "event_backdated", f"event {event.event_no}"


def _earliest(decision: Decision, recorded_at: datetime) -> datetime:
    """Before this the decision's event has no effect: the start of its day and, unless it looks back, the recording."""
    limits = [start_instant(decision.effective_on, decision.time_zone)] if decision.effective_on else []
    if decision.act not in LOOKS_BACK:
        limits.append(recorded_at - RECORDED_WITHIN)
    return max(limits, default=datetime.min.replace(tzinfo=UTC))


def _faults_of_versions(case: Case) -> Iterator[tuple[str, str]]:
    """Each version has a decision of its own, which an event carried out; no event lacks the version that it brings."""
    seen: list[AnyFiled] = []
    for filed in case.versions:
        decision = decision_behind(case, filed)
        facts = filed.document.facts
        if decision is None or decision in seen or not _states_what_was_decided(facts, decision.document):
            yield "decision_differs", f"version {filed.document.version_no}"
        else:
            seen.append(decision)
    stated = {one.document.decision for one in seen}
    for event in (filed.document for filed in case.events):
        if event.act in MAKES_VERSION and event.decision not in stated:
            yield "document_missing", f"version of event {event.event_no}"


def _states_what_was_decided(facts: CertificateFacts, decision: Decision) -> bool:
    """What the decision says outside of its facts is what they say: act, dates, accreditations."""
    return (
        facts.decision.act == decision.act
        and facts.decision.decided_on == decision.decided_on
        and decision.effective_on in (None, facts.validity.effective_on)
        and {held.id for held in facts.accreditations} == set(decision.accreditations)
    )
