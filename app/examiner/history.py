"""The opened evidence in the vocabulary of conformity assessment: events, periods, accreditation statements.

Everything carries the instant at which the registry recorded it, so that one history answers both what was true at a
time and what was known at a time.
"""

from __future__ import annotations

from datetime import datetime

from app.conformity import accreditation, standing
from app.conformity.scope import Scope
from app.examiner.certificate import Certificate
from app.examiner.documents import AccreditationStatement, Decision, StandingEvent, Suspended
from app.examiner.evidence import Case, Filed

# Acts that make the certification rest on the accreditations of their decision (records §5, requirement table);
# an import names what was claimed elsewhere, and nothing here can tell whether it was so.
RELYING_ACTS = frozenset(
    {
        standing.Act.GRANT,
        standing.Act.EXTEND,
        standing.Act.RENEW,
        standing.Act.TRANSITION,
        standing.Act.RESTORE_EXPIRED,
        standing.Act.TRANSFER_IN,
        standing.Act.IMPORT,
    }
)


def event_of(filed: Filed[StandingEvent]) -> standing.StandingEvent:
    """One standing event with both clocks."""
    event = filed.document
    return standing.StandingEvent(
        event.event_no,
        event.act,
        event.from_state,
        event.to_state,
        event.effective_at,
        filed.envelope.recorded_at,
        event.until,
        event.time_zone,
    )


def events_of(case: Case) -> tuple[standing.StandingEvent, ...]:
    """The standing events in the order of their numbers."""
    return tuple(event_of(filed) for filed in case.events)


def period_of(filed: Filed[Certificate]) -> standing.Validity:
    """The period of validity of one version."""
    validity = filed.document.facts.validity
    return standing.Validity(
        filed.document.version_no, validity.valid_from, validity.valid_until, filed.envelope.recorded_at
    )


def periods_of(case: Case) -> tuple[standing.Validity, ...]:
    """The periods of all versions in the order of their numbers."""
    return tuple(period_of(filed) for filed in case.versions)


def scope_of(certificate: Certificate) -> Scope:
    """The codes of a certificate's scope, its standard among them."""
    facts = certificate.facts
    return Scope.of([facts.scheme.document.designation], facts.scope.areas, facts.scope.countries)


def statement_of(filed: Filed[AccreditationStatement]) -> accreditation.Statement:
    """One accreditation statement as the folding of an accreditation reads it."""
    stated = filed.document
    return accreditation.Statement(
        stated.statement_no,
        stated.status,
        stated.scheme,
        Scope.of(stated.scope.documents, stated.scope.areas, stated.scope.countries),
        stated.effective_on,
        stated.time_zone,
        stated.valid_to,
        _suspension(stated.suspended),
        frozenset(stated.permitted_acts),
        stated.symbol_allowed,
    )


def _suspension(suspended: Suspended | None) -> accreditation.Suspension | None:
    if suspended is None:
        return None
    return accreditation.Suspension(suspended.whole, Scope.of((), suspended.areas, suspended.countries))


def annulments(case: Case, known_at: datetime) -> dict[int, int]:
    """Of each event that a later one annulled, as far as known by then: its number, and that of the later one."""
    named = (
        (case.decisions.get(filed.document.decision), filed.document.event_no)
        for filed in case.events
        if filed.envelope.recorded_at <= known_at
    )
    return {
        decision.document.annuls: event_no
        for decision, event_no in named
        if decision is not None and decision.document.annuls is not None
    }


def known_statements(case: Case, name: str, known_at: datetime) -> tuple[Filed[AccreditationStatement], ...]:
    """The statements about an accreditation that were recorded by then."""
    return tuple(one for one in case.accreditations.get(name, ()) if one.envelope.recorded_at <= known_at)


def decision_behind(case: Case, version: Filed[Certificate]) -> Filed[Decision] | None:
    """The decision that an event carried out and whose facts this version states; None if there is not exactly one."""
    carried_out = {filed.document.decision for filed in case.events}
    behind = [
        one
        for one in case.decisions.values()
        if one.document.facts_sha256 == version.document.facts_sha256 and one.document.decision in carried_out
    ]
    return behind[0] if len(behind) == 1 else None


def relied_on_decision(case: Case, version: Filed[Certificate]) -> Filed[Decision] | None:
    """The last decision up to this version by which the certification rests on its accreditations."""
    behind = [
        decision_behind(case, one) for one in case.versions if one.document.version_no <= version.document.version_no
    ]
    relying = [one for one in behind if one is not None and one.document.act in RELYING_ACTS]
    return relying[-1] if relying else None
