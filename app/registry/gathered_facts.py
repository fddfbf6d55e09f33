"""What a certificate will say, gathered from the records at the draft of a decision and fixed there.

The caller names what is decided (scope wording, roles, areas, sites, statement of applicability, period); names,
identifiers, addresses, scheme and accreditations come from the records and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.conformity.periods import last_valid_day
from app.credentials import facts as f
from app.credentials.facts_json import check_facts, facts_from_json
from app.errors import AkashiError
from app.storage import certifications, recorded_facts
from app.storage.rows import Connection, Row


@dataclass(frozen=True)
class Wanted:
    """What the body decides that the certificate says; `last_valid_day` absent means the scheme's maximum."""

    designation: str
    statement: str
    language: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    site_ids: tuple[UUID, ...]
    soa_version: str | None = None
    soa_date: date | None = None
    translations: tuple[tuple[str, str], ...] = ()
    site_statements: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    last_valid_day: date | None = None
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What is taken over from another body: what its certificate says, on whose word, and when that was reviewed."""

    says: Mapping[str, Any]
    basis: str
    reviewed_on: date

    @property
    def last_valid_day(self) -> date:
        """The end that goes on."""
        return date.fromisoformat(self.says["last_valid_day"])

    @property
    def previous(self) -> f.Previous:
        """The certificate that the new one names as the one before it."""
        return f.Previous(
            body_names=tuple(
                f.Name(one["name"], one["language"], one.get("script")) for one in self.says["body_names"]
            ),
            country=self.says["country"],
            basis=self.basis,
            number=self.says["number"],
            certificate_id=self.says["certificate_id"],
            last_valid_day=self.last_valid_day,
        )


@dataclass(frozen=True)
class History:
    """What is imported from elsewhere: the report that says so, and what it says of decision and first cycle."""

    report: f.Report
    original_decided_on: date | None = None
    initially_certified_on: date | None = None


@dataclass(frozen=True)
class Plan:
    """A version about to be decided: `kind` is the row of its decision type, `wanted` what it is to say anew.

    `source` belongs to a transfer, `history` to an import and its later reports; versions in between say them again.
    """

    body: UUID
    certification: Row[Any]
    kind: Row[Any]
    decided_on: date
    effective_on: date
    audits: tuple[UUID, ...] = ()
    accreditations: tuple[UUID, ...] = ()
    wanted: Wanted | None = None
    source: Source | None = None
    history: History | None = None


def version_facts(connection: Connection, plan: Plan) -> f.CertificateFacts:
    """The facts of the version that a decision makes; raises `MalformedFacts`, or what the records lack.

    1. Scope and standard are what is wanted, or, where nothing is, what the version before says.
    2. The period follows from the kind of decision: a first cycle, the same end, a new cycle, a lapse bridged.
    3. Names, addresses, identifiers and accreditations are as the records have them.
    4. Where the certification comes from stays said: the one it continues, and history until a cycle begins here.
    """
    scheme = recorded_facts.scheme(connection, plan.certification.scheme_code)
    assert scheme is not None  # noqa: S101, a foreign key leads there
    old = _version_before(connection, plan)

    scope, designation = _content(connection, plan, old)

    assessed_on = recorded_facts.audits_end(connection, plan.body, plan.audits) or _reviewed_on(plan)
    cycle, ends = PERIODS[plan.kind.period](plan, old, scheme, assessed_on)

    return check_facts(
        f.CertificateFacts(
            holder=_holder(connection, plan.body, plan.certification.organisation_id, _day_of_names(plan, old)),
            body=_body(connection, plan.body),
            scheme=_scheme(connection, scheme, designation),
            scope=scope,
            decision=f.Decision(
                plan.kind.act, plan.decided_on, assessed_on or (old.decision.assessed_on if old else None)
            ),
            cycle=cycle,
            validity=f.validity_of(plan.effective_on, ends, plan.certification.time_zone),
            accreditations=tuple(_accreditation(connection, one, plan.decided_on) for one in plan.accreditations),
            previous=old.previous if old else (plan.source.previous if plan.source else None),
            **_origin(plan, old),
        )
    )


def _origin(plan: Plan, old: f.CertificateFacts | None) -> dict[str, Any]:
    """Imported history stays that until a decision made here begins a new cycle."""
    if plan.kind.period == STATED:
        history = _history(plan)
        return {
            "provenance": f.IMPORTED,
            "original_decided_on": history.original_decided_on,
            "report": history.report,
        }
    if old is None or plan.kind.period != KEPT or old.provenance != f.IMPORTED:
        if plan.history is not None:
            raise AkashiError("report_out_of_place", field="/report")
        return {"provenance": f.ISSUED}
    report = plan.history.report if plan.history else old.report
    return {"provenance": f.IMPORTED, "original_decided_on": old.original_decided_on, "report": report}


def _history(plan: Plan) -> History:
    if plan.history is None:
        raise AkashiError("import_without_plan", field="/act")
    return plan.history


def _version_before(connection: Connection, plan: Plan) -> f.CertificateFacts | None:
    """What the latest version says; only a first version has none before it."""
    latest = certifications.last_version(connection, plan.body, plan.certification.id)
    if latest is None and plan.kind.extent != FIRST:
        raise AkashiError("no_such_transition", field="/act")
    return facts_from_json(latest.facts) if latest else None


def _content(connection: Connection, plan: Plan, old: f.CertificateFacts | None) -> tuple[f.Scope, str]:
    """Scope and standard, with sites as the records have them now."""
    organisation = plan.certification.organisation_id
    if plan.wanted is not None:
        return _scope(connection, plan.body, organisation, plan.wanted), plan.wanted.designation
    if old is None or plan.kind.extent not in MAY_STAY:
        raise AkashiError("certificate_content_missing", field="/certificate")
    sites = tuple(
        replace(_site(connection, plan.body, organisation, UUID(site.id)), statement=site.statement)
        for site in old.scope.sites
    )
    return replace(old.scope, sites=sites), old.scheme.document.designation


def _reviewed_on(plan: Plan) -> date | None:
    """What is taken over rests on its pre-transfer review."""
    return plan.source.reviewed_on if plan.source else None


def _day_of_names(plan: Plan, old: f.CertificateFacts | None) -> date:
    """A first version names its holder as on the day of the decision, a later one as from when it counts."""
    return plan.decided_on if old is None else plan.effective_on


def _end(plan: Plan, start: date, scheme: Row[Any]) -> date:
    """The last valid day that is wanted, or the scheme's maximum from a start."""
    wanted = plan.wanted.last_valid_day if plan.wanted else None
    return wanted or last_valid_day(start, scheme.maximum_months)


def _first_cycle(plan: Plan, _: Any, scheme: Row[Any], __: Any) -> tuple[f.Cycle, date]:
    ends = _end(plan, plan.effective_on, scheme)
    return f.Cycle(plan.effective_on, plan.effective_on, ends), ends


def _taken_over(plan: Plan, *_: Any) -> tuple[f.Cycle, date]:
    """The cycle of the old certificate goes on (IAF MD 2); another end that is wanted is the database's to refuse."""
    assert plan.source is not None  # noqa: S101, a transfer without one was refused before
    says, ended = plan.source.says, plan.source.last_valid_day
    wanted = plan.wanted.last_valid_day if plan.wanted else None
    first, started = (date.fromisoformat(says[member]) for member in ("initially_certified_on", "cycle_started_on"))
    return f.Cycle(first, started, wanted or ended), wanted or ended


def _stated(plan: Plan, *_: Any) -> tuple[f.Cycle, date]:
    """As it runs elsewhere, by the report alone."""
    ends = plan.wanted.last_valid_day if plan.wanted else None
    if ends is None:
        raise AkashiError("last_valid_day_missing", field="/certificate/last_valid_day")
    first = _history(plan).initially_certified_on or plan.effective_on
    return f.Cycle(first, plan.effective_on, ends), ends


def _kept(plan: Plan, old: f.CertificateFacts, *_: Any) -> tuple[f.Cycle, date]:
    """The end that was; one that is wanted otherwise is the database's to refuse."""
    wanted = plan.wanted.last_valid_day if plan.wanted else None
    return old.cycle, wanted or old.validity.last_valid_day


def _renewed(plan: Plan, old: f.CertificateFacts, scheme: Row[Any], _: Any) -> tuple[f.Cycle, date]:
    """A timely renewal loses nothing: the new cycle runs from the end of the old (17021-1 9.6.3)."""
    start = max(plan.effective_on, old.validity.last_valid_day + timedelta(days=1))
    ends = _end(plan, start, scheme)
    return replace(old.cycle, started_on=start, recertify_by=ends), ends


def _restored(plan: Plan, old: f.CertificateFacts, scheme: Row[Any], audited: date | None) -> tuple[f.Cycle, date]:
    """The end rests on the prior cycle, and the lapse is stated for ever (17021-1 8.2.2, 9.6.3.2)."""
    ended = old.validity.last_valid_day
    ends = _end(plan, ended + timedelta(days=1), scheme)
    return f.Cycle(old.cycle.initially_certified_on, plan.effective_on, ends, ended, audited), ends


FIRST, KEPT, STATED = "first", "kept", "stated"
MAY_STAY = frozenset({"any", "inside", "same"})
"""Extents whose version may say what the one before says."""
PERIODS: dict[str, Callable[..., tuple[f.Cycle, date]]] = {
    "initial": _first_cycle,
    KEPT: _kept,
    "renewed": _renewed,
    "restored": _restored,
    "taken_over": _taken_over,
    STATED: _stated,
}


def _holder(connection: Connection, body: UUID, organisation: UUID, day: date) -> f.Holder:
    row = recorded_facts.organisation(connection, body, organisation)
    names = recorded_facts.organisation_names(connection, body, organisation, day)
    if row is None or not names:
        raise AkashiError("organisation_without_name")
    identifiers = recorded_facts.organisation_identifiers(connection, body, organisation)
    return f.Holder(
        id=str(organisation),
        names=tuple(f.Name(name.name, name.language, name.script) for name in names),
        country=row.country,
        identifiers=tuple(f.Identifier(one.scheme, one.value) for one in identifiers),
    )


def _body(connection: Connection, party: UUID) -> f.Body:
    row = recorded_facts.party(connection, party)
    assert row is not None  # noqa: S101, a foreign key leads there
    names = recorded_facts.party_names(connection, party)
    return f.Body(str(party), tuple(f.Name(name.name, name.language) for name in names), row.country)


def _scheme(connection: Connection, scheme: Row[Any], designation: str) -> f.Scheme:
    document = recorded_facts.normative_document(connection, scheme.code, designation)
    if document is None:
        raise AkashiError("unknown_normative_document", field="/certificate/document")
    return f.Scheme(
        code=scheme.code,
        titles=_titles(scheme),
        document=f.NormativeDocument(designation, _titles(document), tuple(document.identical_adoptions)),
        assurance=scheme.assurance,
        late_after_days=scheme.late_after_days,
        activity=scheme.activity,
        object=scheme.object,
        required=tuple(scheme.required_fields),
    )


def _titles(row: Row[Any]) -> tuple[f.Text, ...]:
    return (f.Text(row.title_en, "en"), f.Text(row.title_ja, "ja"))


def _scope(connection: Connection, body: UUID, organisation: UUID, wanted: Wanted) -> f.Scope:
    sites = tuple(_wanted_site(connection, body, organisation, site, wanted) for site in wanted.site_ids)
    soa = None
    if wanted.soa_version is not None and wanted.soa_date is not None:
        soa = f.StatementOfApplicability(wanted.soa_version, wanted.soa_date)
    return f.Scope(
        statement=f.Statement(
            wanted.statement, wanted.language, tuple(f.Text(text, language) for language, text in wanted.translations)
        ),
        roles=wanted.roles,
        areas=wanted.areas,
        countries=tuple(sorted({site.country for site in sites})),
        sites=sites,
        soa=soa,
        criteria=wanted.criteria,
    )


def _wanted_site(connection: Connection, body: UUID, organisation: UUID, site: UUID, wanted: Wanted) -> f.Site:
    own = wanted.site_statements.get(site)
    statement = f.Statement(own[1], own[0]) if own else None
    return replace(_site(connection, body, organisation, site), statement=statement)


def _site(connection: Connection, body: UUID, organisation: UUID, site: UUID) -> f.Site:
    row = recorded_facts.site(connection, body, organisation, site)
    if row is None:
        raise AkashiError("unknown_site", field="/certificate/sites")
    addresses = [f.Address(**address) for address in row.address.get("addresses", [])]
    return f.Site(
        id=str(site),
        names=tuple(f.Name(**name) for name in row.names),
        country=row.country,
        virtual=row.virtual,
        central_function=row.central_function,
        address=addresses[0] if addresses else None,
        address_translations=tuple(addresses[1:]),
    )


def _accreditation(connection: Connection, accreditation: UUID, decided_on: date) -> f.Accreditation:
    row = recorded_facts.accreditation(connection, accreditation)
    if row is None:
        raise AkashiError("unknown_accreditation", field="/accreditations")
    arrangement = recorded_facts.recognised_under(connection, row.body_id, row.scheme_code, decided_on)
    return f.Accreditation(str(row.id), row.number, _body(connection, row.body_id), arrangement)
