"""What of a certificate is shown, and how: the certified facts in the report's shape, less what the holder withheld.

Bodies are shown by their accreditation statements, the holder by the credential. What is withheld is null.
"""

from __future__ import annotations

from datetime import datetime

from app.conformity.accreditation import AccreditationState
from app.conformity.words import Word
from app.credentials import facts
from app.examiner import report
from app.examiner.certificate import Certificate
from app.examiner.checks.accreditation import Reach
from app.examiner.checks.signature import unanchored, unproven
from app.examiner.documents import AccreditationStatement, IdentityBinding, Named
from app.examiner.evidence import Evidence, Filed
from app.examiner.history import annulments
from app.examiner.names import NOBODY, name_of_body
from app.examiner.question import Examination
from app.examiner.sentences import shown_name

# A statement on a date is `expired` by the calendar; for what a reader may rely on, it has ended.
_STATE_WORDS = {AccreditationState.EXPIRED: AccreditationState.WITHDRAWN}

EVIDENCE_LEVEL = "signed"
"""Accreditation is proven by the accreditation body's own signature, or it is not shown."""


def shown_holder(certificate: Certificate, withheld: frozenset[str]) -> report.Holder | None:
    """The certified organisation; null without consent."""
    if "holder" in withheld:
        return None
    holder = certificate.facts.holder
    identifiers = tuple(report.Identifier(one.scheme, one.value) for one in holder.identifiers)
    return report.Holder(_names(holder.names), holder.country, None if "identifiers" in withheld else identifiers)


def shown_scope(certificate: Certificate, withheld: frozenset[str]) -> report.Scope | None:
    """The certified scope; null without consent."""
    if "scope" in withheld:
        return None
    scope, soa = certificate.facts.scope, certificate.facts.scope.soa
    return report.Scope(
        _texts(scope.statement),
        scope.roles,
        scope.areas,
        scope.countries,
        None if "sites" in withheld else tuple(_site(site) for site in scope.sites),
        None if soa is None or "soa" in withheld else report.StatementOfApplicability(soa.version, soa.dated_on),
        scope.criteria,
    )


def shown_by(examination: Examination) -> Filed[AccreditationStatement] | Filed[IdentityBinding] | None:
    """The last known and proven document about the body, by whose names it is shown.

    An accreditation body's statement; the registry's binding by identity only where no such statement speaks.
    """
    case, anchors = examination.case, examination.question.anchors
    left_out = unanchored(case, anchors)
    stated = [filed for name, chain in case.accreditations.items() if name not in left_out for filed in chain]
    known = [one for one in stated if one.envelope.recorded_at <= examination.known_at]
    if known:
        return max(known, key=lambda one: (one.envelope.recorded_at, one.document.accreditation))
    identified = [one for one in case.identities if one not in unproven(case, anchors)]
    told = [one for one in identified if one.envelope.recorded_at <= examination.known_at]
    return max(told, key=lambda one: (one.envelope.recorded_at, one.document.binding), default=None)


def name_shown(examination: Examination) -> Word:
    """The body's name as far as it is established."""
    found = shown_by(examination)
    return name_of_body(found.document) if found else NOBODY


def shown_body(certificate: Certificate, stated: AccreditationStatement | IdentityBinding | None) -> report.Body | None:
    """The certification body by its accreditation statement, or as it was identified; null while neither is there."""
    if stated is None:
        return None
    return report.Body(stated.body, _named(stated.body_names), certificate.facts.body.country)


def shown_scheme(certificate: Certificate) -> report.Scheme:
    """The scheme with its standard."""
    scheme = certificate.facts.scheme
    title = shown_name((one.text, one.language) for one in scheme.titles)
    return report.Scheme(scheme.code, title, scheme.document.designation, scheme.assurance)


def shown_validity(certificate: Certificate) -> report.Validity:
    """The period of this version."""
    validity, decision = certificate.facts.validity, certificate.facts.decision
    return report.Validity(
        decision.decided_on,
        validity.effective_on,
        validity.last_valid_day,
        validity.time_zone,
        validity.valid_from,
        validity.valid_until,
    )


def shown_cycle(certificate: Certificate) -> report.Cycle:
    """The certification cycle, with the lapse that it bridges."""
    cycle = certificate.facts.cycle
    return report.Cycle(
        cycle.initially_certified_on,
        cycle.started_on,
        cycle.recertify_by,
        cycle.previous_ended_on,
        cycle.recertification_audit_ended_on,
    )


def shown_origin(certificate: Certificate) -> report.Origin:
    """Where the certification comes from."""
    facts_ = certificate.facts
    return report.Origin(
        facts_.provenance,
        facts_.original_decided_on,
        _previous(facts_.previous) if facts_.previous else None,
        _report(facts_.report) if facts_.report else None,
    )


def _previous(previous: facts.Previous) -> report.Previous:
    return report.Previous(
        _names(previous.body_names),
        previous.country,
        previous.basis,
        previous.number,
        previous.certificate_id,
        previous.last_valid_day,
    )


def _report(told: facts.Report) -> report.ReportFromElsewhere:
    return report.ReportFromElsewhere(told.source, told.as_of, told.refresh_days, told.checked, told.fresh_until)


def report_of(examination: Examination) -> facts.Report | None:
    """The last report from elsewhere about the certification; None once a cycle was decided here."""
    return examination.current.document.facts.report if examination.current else None


def shown_accreditation(reach: Reach) -> report.Accreditation:
    """One accreditation: then, now, since when; whoever was not named at the decision accredited nothing then."""
    stated = reach.latest
    return report.Accreditation(
        stated.accreditation,
        stated.number,
        report.AccreditationBody(stated.accreditation_body, _named(stated.accreditation_body_names)),
        _state(reach.at_decision.state if reach.claimed else AccreditationState.NONE),
        _state(reach.now.state),
        reach.ended_on,
        EVIDENCE_LEVEL,
    )


def shown_standing(examination: Examination) -> report.Standing | None:
    """The state with the history that leads to it, as far as it was known."""
    standing = examination.standing
    if standing.event is None or standing.since is None:
        return None
    annulled = annulments(examination.case, examination.known_at)
    return report.Standing(
        standing.state.value,
        standing.since,
        standing.until,
        standing.event.act.value,
        tuple(
            report.Event(
                filed.document.event_no,
                filed.document.act.value,
                filed.document.from_state.value,
                filed.document.to_state.value,
                filed.document.effective_at,
                filed.envelope.recorded_at,
                filed.document.until,
                annulled.get(filed.document.event_no),
            )
            for filed in examination.case.events
            if filed.envelope.recorded_at <= examination.known_at
        ),
    )


def shown_links(certificate: Certificate, evidence: Evidence, known_at: datetime) -> dict[str, str]:
    """Where to read on, at the address signed into the credential; files only where all in them may be shown.

    After a transfer the old and the new certificate lead to each other: the new one by what it says of itself, the
    old one by what the registry knew then.
    """
    page = f"{certificate.base_url}/c/{certificate.certification}"
    verification = f"{certificate.base_url}/v1/certificates/{certificate.certification}/verification"
    links = {"page": page, "json": f"{page}.json", "verification": verification}
    before, after = certificate.facts.previous, evidence.continuation
    if before and before.certificate_id:
        links["continues"] = f"{certificate.base_url}/c/{before.certificate_id}"
    if after and after.recorded_at <= known_at:
        links["continued_by"] = f"{certificate.base_url}/c/{after.certificate_id}"
    return links if evidence.withheld else links | {"jwt": f"{page}.jwt", "bundle": f"{page}.bundle.json"}


def _names(names: tuple[facts.Name, ...]) -> tuple[report.HolderName, ...]:
    return tuple(report.HolderName(one.name, one.language, one.script) for one in names)


def _named(names: tuple[Named, ...]) -> tuple[report.Name, ...]:
    return tuple(report.Name(one.name, one.language) for one in names)


def _texts(statement: facts.Statement) -> tuple[report.ScopeText, ...]:
    translations = tuple(
        report.ScopeText(one.text, one.language, authoritative=False) for one in statement.translations
    )
    return (report.ScopeText(statement.text, statement.language, authoritative=True), *translations)


def _site(site: facts.Site) -> report.Site:
    addresses = (site.address, *site.address_translations) if site.address else ()
    return report.Site(
        _names(site.names),
        site.country,
        site.virtual,
        site.central_function,
        tuple(_address(one, site.country) for one in addresses),
        _texts(site.statement) if site.statement else (),
    )


def _address(address: facts.Address, country: str) -> report.Address:
    return report.Address(
        country, address.region, address.locality, address.street, address.postal_code, address.language
    )


def _state(state: AccreditationState) -> str:
    return _STATE_WORDS.get(state, state).value
