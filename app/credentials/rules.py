"""What must agree within the decided facts, beyond their shape: dates, time zone, languages, what its scheme requires.

ISO/IEC 17021-1 8.2.2 (effective not before decided, expiry consistent with the cycle) and the dates of records §8;
what kind of entry it is (accredited or not, declared by the holder itself, reported from elsewhere, taken over).
Every breach is reported, with a JSON pointer into the facts. Rules that need other records (accreditation, audits,
limits of the scheme) are not here: no certificate can show that it keeps them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime, timedelta

from app.conformity import periods
from app.conformity.names import name_faults, text_faults
from app.conformity.words import makes_refused_claim, tells_refused_claim
from app.credentials.facts import (
    ACCREDITED,
    IMPORTED,
    SELF_DECLARED,
    Accreditation,
    Address,
    CertificateFacts,
    Cycle,
    Name,
    Report,
    Scheme,
    Scope,
    Site,
    Statement,
    Validity,
)
from app.errors import Fault

# A signed instant was exact by the zone's law when it was written; a law changed since may move the day's edge by an
# hour or two, and must not undo a certificate.
LARGEST_CHANGE_OF_LAW = timedelta(hours=3)


IMPORT = "import"
_DECIDED_HERE = frozenset({"grant", "transfer_in", "renew", "restore_expired"})
"""Acts that begin a cycle, and so a certificate that rests on decisions made here."""


def rule_faults(facts: CertificateFacts) -> tuple[Fault, ...]:
    """Every breach in facts of the right shape, in the order of their members."""
    return (
        *_names(facts),
        *_titles(facts.scheme),
        *_scope(facts.scope),
        *_required(facts),
        *_assurance(facts),
        *_decision(facts),
        *_provenance(facts),
        *_cycle(facts.cycle, facts.validity),
        *_validity(facts.validity),
        *_accreditations(facts.accreditations),
    )


def _names(facts: CertificateFacts) -> Iterator[Fault]:
    named = [("/holder/names", facts.holder.names), ("/body/names", facts.body.names)]
    named += [(f"/accreditations/{i}/body/names", held.body.names) for i, held in enumerate(facts.accreditations)]
    named += [("/previous/body_names", facts.previous.body_names)] if facts.previous else []
    for place, names in named:
        yield from _names_at(names, place)


def _names_at(names: tuple[Name, ...], place: str) -> Iterator[Fault]:
    for i, one in enumerate(names):
        yield from name_faults(one.name, f"{place}/{i}/name")


def _titles(scheme: Scheme) -> Iterator[Fault]:
    for place, titles in (("/scheme/titles", scheme.titles), ("/scheme/document/titles", scheme.document.titles)):
        yield from _repeated((title.language for title in titles), place)
        for i, title in enumerate(titles):
            yield from text_faults(title.text, f"{place}/{i}/text")
            if makes_refused_claim(title.text):
                yield Fault("refused_claim", f"{place}/{i}/text", title.text)


def _accreditations(accreditations: tuple[Accreditation, ...]) -> Iterator[Fault]:
    yield from _repeated((held.id for held in accreditations), "/accreditations")
    for i, held in enumerate(accreditations):
        yield from name_faults(held.arrangement, f"/accreditations/{i}/arrangement") if held.arrangement else ()


def _scope(scope: Scope) -> Iterator[Fault]:
    yield from _statement(scope.statement, "/scope")
    yield from _repeated((site.id for site in scope.sites), "/scope/sites")
    for i, site in enumerate(scope.sites):
        yield from _site(site, f"/scope/sites/{i}")


def _site(site: Site, place: str) -> Iterator[Fault]:
    yield from _names_at(site.names, f"{place}/names")
    if site.address is None and not site.virtual:
        yield Fault("address_missing", f"{place}/address")
    if site.address is None and site.address_translations:
        yield Fault("address_missing", f"{place}/address")
    for address in (site.address, *site.address_translations):
        yield from _address(address, place) if address else ()
    if site.statement:
        yield from _statement(site.statement, place)


def _address(address: Address, place: str) -> Iterator[Fault]:
    for line in (address.street, address.locality, address.region):
        yield from name_faults(line, f"{place}/address") if line else ()


def _statement(statement: Statement, place: str) -> Iterator[Fault]:
    yield from text_faults(statement.text, f"{place}/statement/text")
    for i, translation in enumerate(statement.translations):
        yield from text_faults(translation.text, f"{place}/statement/translations/{i}/text")
    for i, text in enumerate((statement.text, *(one.text for one in statement.translations))):
        if tells_refused_claim(text):
            yield Fault("refused_claim", f"{place}/statement/" + ("text" if i == 0 else f"translations/{i - 1}/text"))
    languages = (statement.language, *(one.language for one in statement.translations))
    yield from _repeated(languages, f"{place}/statement/translations")


def _required(facts: CertificateFacts) -> Iterator[Fault]:
    """What the scheme says that it demands of everything issued under it; of history, what is stated counts."""
    if facts.provenance == IMPORTED:
        return
    for member in facts.scheme.required:
        if not getattr(facts.scope, member):
            yield Fault("required_by_scheme", f"/scope/{member}")


def _assurance(facts: CertificateFacts) -> Iterator[Fault]:
    """Only the holder declares, and nothing claims an accreditation where its scheme rests on none."""
    assurance = facts.scheme.assurance
    if (assurance == SELF_DECLARED) != (facts.scheme.activity == "declaration"):
        yield Fault("assurance_differs", "/scheme/activity")
    if assurance != ACCREDITED and facts.accreditations:
        yield Fault("accreditation_out_of_place", "/accreditations")
    own = {one.name for one in facts.body.names}
    if assurance == SELF_DECLARED and not own >= {one.name for one in facts.holder.names}:
        yield Fault("declared_for_another", "/holder/names")


def _decision(facts: CertificateFacts) -> Iterator[Fault]:
    """History may have taken effect long before its import was decided here, but not before it was decided at all."""
    decision, original = facts.decision, facts.original_decided_on
    if decision.assessed_on and decision.assessed_on > (original or decision.decided_on):
        yield Fault("assessed_after_decision", "/decision/assessed_on")
    decided_on = original if decision.act == IMPORT else decision.decided_on
    if decided_on and facts.validity.effective_on < decided_on:
        yield Fault("effective_before_decision", "/validity/effective_on")


def _provenance(facts: CertificateFacts) -> Iterator[Fault]:
    """An import says that it is one, a transfer whose certification it continues, and nothing else claims either."""
    act, original = facts.decision.act, facts.original_decided_on
    if (facts.provenance == IMPORTED and act in _DECIDED_HERE) or (facts.provenance != IMPORTED and act == IMPORT):
        yield Fault("provenance_differs", "/provenance")
    if original and (facts.provenance != IMPORTED or original > facts.decision.decided_on):
        yield Fault("provenance_differs", "/original_decided_on")
    if (facts.provenance == IMPORTED) != (facts.report is not None):
        yield Fault("provenance_differs", "/report")
    if facts.report:
        yield from _report(facts.report, facts)
    if (facts.previous is None and act == "transfer_in") or (facts.previous and act == "grant"):
        yield Fault("previous_out_of_place", "/previous")


def _report(report: Report, facts: CertificateFacts) -> Iterator[Fault]:
    """What was reported had happened, and had been reported when it was decided to import it."""
    if report.as_of > facts.decision.decided_on:
        yield Fault("report_from_the_future", "/report/as_of")
    if facts.original_decided_on and facts.original_decided_on > report.as_of:
        yield Fault("provenance_differs", "/original_decided_on")
    yield from text_faults(report.source, "/report/source")
    yield from text_faults(report.checked, "/report/checked") if report.checked else ()


def _cycle(cycle: Cycle, validity: Validity) -> Iterator[Fault]:
    if cycle.initially_certified_on > cycle.started_on:
        yield Fault("cycle_out_of_order", "/cycle/started_on")
    if not cycle.started_on < cycle.recertify_by <= validity.last_valid_day:
        yield Fault("cycle_out_of_order", "/cycle/recertify_by")
    ended, audited = cycle.previous_ended_on, cycle.recertification_audit_ended_on
    if ended and not cycle.initially_certified_on < ended < validity.effective_on:
        yield Fault("cycle_out_of_order", "/cycle/previous_ended_on")
    if audited and audited > validity.effective_on:
        yield Fault("cycle_out_of_order", "/cycle/recertification_audit_ended_on")


def _validity(validity: Validity) -> Iterator[Fault]:
    if validity.last_valid_day < validity.effective_on or validity.valid_until <= validity.valid_from:
        yield Fault("period_without_days", "/validity/last_valid_day")
    if not periods.zone_exists(validity.time_zone):
        yield Fault("unknown_time_zone", "/validity/time_zone")
        return
    edges = (
        ("valid_from", validity.valid_from, periods.start_instant(validity.effective_on, validity.time_zone)),
        ("valid_until", validity.valid_until, periods.end_instant(validity.last_valid_day, validity.time_zone)),
    )
    for member, stated, meant in edges:
        if _differs(stated, meant):
            yield Fault("instant_differs_from_day", f"/validity/{member}")


def _differs(stated: datetime, meant: datetime) -> bool:
    return abs(stated - meant) > LARGEST_CHANGE_OF_LAW


def _repeated(values: Iterable[Hashable], place: str) -> Iterator[Fault]:
    counted = Counter(values)
    if counted and max(counted.values()) > 1:
        yield Fault("said_twice", place)
