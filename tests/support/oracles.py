"""Whether a refusal told the truth, and what stands, worked out slowly from the rows: no rule of ours is asked.

For each code that a decision or an issue may be refused with, `BROKEN` says in the plainest words when the rule behind
it is truly broken. `standing` folds the events of a certification by hand. Both read tables and the attempt, and call
no function, trigger, view or module of the program.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import namedtuple_row

TABLES = (
    "accreditation_statement", "act", "agreement", "application_review", "audit", "audit_certification", "audit_member",
    "audit_programme", "audit_time", "certificate_version", "certification", "cycle_audit", "decision", "decision_type",
    "draft", "draft_accreditation", "draft_audit", "draft_person", "envelope", "finding", "finding_step",
    "person_function", "requirement", "required_audit", "reservation", "scheme", "slot", "standing_event", "transition",
)  # fmt: skip
Rows = dict[str, list[Any]]


def read(superuser_url: str) -> Rows:
    """Everything at one moment."""
    with psycopg.connect(superuser_url, row_factory=namedtuple_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return {table: list(connection.execute(f"SELECT * FROM akashi.{table}".encode())) for table in TABLES}


def months_later(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or its last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day_of_period(begin: date, months: int) -> date:
    """A period of calendar months ends the day before the same day, or on the last day of a month without that day."""
    same = months_later(begin, months)
    return same - timedelta(days=1) if same.day == begin.day else same


@dataclass
class Tried:
    """An act that somebody tried; what the tables hold is read when it was refused, since a refusal changes nothing."""

    url: str
    now: datetime
    zone: str
    public_id: str
    act: str
    decided_on: date
    people: tuple[UUID, ...]
    effective: date | None = None
    until: date | None = None
    reason: tuple[str, str] | None = None
    late_reason: str | None = None
    relied_on: tuple[UUID, ...] = ()
    certificate: Any = None
    annuls: int | None = None
    ratifies: int | None = None
    decision: UUID | None = None  # where the act is the issue of one
    extra: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def held(self) -> Rows:
        return read(self.url)

    def of_decision(self, decision: UUID) -> Tried:
        """The same where the act is the issue of a decision."""
        row = next(row for row in self.held["decision"] if row.id == decision)
        self.decision, self.decided_on, self.effective = decision, row.decided_on, row.effective_on
        self.annuls = row.annuls_no
        return self

    def told(self) -> dict[str, Any]:
        """What was tried, in short."""
        hidden = {"url", "held", "certificate", "certification"}
        return {name: value for name, value in vars(self).items() if name not in hidden} | {"state": self.state}

    @property
    def effective_on(self) -> date:
        return self.effective or self.decided_on

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def scheme(self) -> Any:
        return next(row for row in self.held["scheme"] if row.code == self.certification.scheme_code)

    @property
    def kind(self) -> Any:
        return next(row for row in self.held["decision_type"] if row.act == self.act)

    @cached_property
    def certification(self) -> Any:
        return next(row for row in self.held["certification"] if row.public_id == self.public_id)

    def of_it(self, table: str) -> list[Any]:
        """Rows about this certification."""
        return [row for row in self.held[table] if row.certification_id == self.certification.id]

    @property
    def served(self) -> list[Any]:
        """The audits of this certification."""
        ids = {row.audit_id for row in self.of_it("audit_certification")}
        return [row for row in self.held["audit"] if row.id in ids]

    @property
    def events(self) -> list[Any]:
        return sorted(self.of_it("standing_event"), key=lambda row: row.event_no)

    @property
    def versions(self) -> list[Any]:
        return sorted(self.of_it("certificate_version"), key=lambda row: row.version_no)

    @property
    def state(self) -> str:
        """Where the chain of events has led, in force yet or not."""
        return self.events[-1].to_state if self.events else "none"

    @property
    def before(self) -> Any:
        """The decision behind the newest version."""
        last = self.versions[-1].decision_id if self.versions else None
        return next((row for row in self.held["decision"] if row.id == last), None)

    @property
    def facts_before(self) -> dict[str, Any]:
        return next(row.facts for row in self.held["draft"] if row.id == self.before.id)

    def demands(self, rule: str) -> bool:
        return any((row.act, row.rule) == (self.act, rule) for row in self.held["requirement"])

    def audits(self) -> list[Any]:
        return [row for row in self.held["audit"] if row.id in self.relied_on]

    def has_function(self, person: UUID, function: str) -> bool:
        return any(
            row.person_id == person
            and row.function == function
            and row.valid_from <= self.decided_on <= (row.valid_to or date.max)
            for row in self.held["person_function"]
        )

    def accreditations(self) -> list[UUID]:
        """Those that the act stands on: named with the decision, or those of the version in force."""
        decided = self.decision or (self.before.id if self.before else None)
        named = self.extra.get("accreditations") or [
            row.accreditation_id for row in self.held["draft_accreditation"] if row.draft_id == decided
        ]
        return list(named)

    def accreditation_on(self, one: UUID, day: date) -> Any:
        stated = [row for row in self.held["accreditation_statement"] if row.accreditation_id == one and row.effective_on <= day]  # fmt: skip
        return max(stated, key=lambda row: row.statement_no, default=None)


def midnight_after(now: datetime, zone: str) -> datetime:
    """A second after the next midnight of a zone."""
    there = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime(there.year, there.month, there.day, 0, 0, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def wanted_end(tried: Tried) -> date:
    """The last valid day that the version would have."""
    wanted = tried.certificate.last_valid_day if tried.certificate else None
    if wanted:
        return date.fromisoformat(str(wanted))
    months = tried.scheme.maximum_months
    if tried.kind.period == "initial":
        return last_day_of_period(tried.effective_on, months)
    old = tried.before.last_valid_day
    if tried.kind.period == "kept":
        return date.fromisoformat(str(old))
    start = old + timedelta(days=1)
    return last_day_of_period(max(tried.effective_on, start) if tried.kind.period == "renewed" else start, months)


def longest_end(tried: Tried) -> date:
    months, kind = tried.scheme.maximum_months, tried.kind.period
    if kind == "initial":
        return last_day_of_period(tried.effective_on, months)
    start = tried.before.last_valid_day + timedelta(days=1)
    return last_day_of_period(max(tried.effective_on, start) if kind == "renewed" else start, months)


def expired(tried: Tried) -> bool:
    return bool(tried.versions) and tried.versions[-1].valid_until <= tried.now


def moves(tried: Tried) -> list[Any]:
    return [row for row in tried.held["transition"] if (row.from_state, row.act) == (tried.state, tried.act)]


def open_findings(tried: Tried, grade: str) -> bool:
    needed = {"major": "verified", "minor": "plan_accepted"}[grade]
    done = {row.finding_id for row in tried.held["finding_step"] if row.step == needed and row.done_on <= tried.decided_on}  # fmt: skip
    ended = {row.id for row in tried.served if row.last_day <= tried.decided_on}
    return any(row.grade == grade and row.audit_id in ended and row.id not in done for row in tried.held["finding"])


def judged(tried: Tried) -> set[UUID]:
    """Audits whose teams do not decide: those relied on, and after a suspension those made since."""
    since = suspended_from(tried)
    made = {row.id for row in tried.served if since <= row.last_day <= tried.decided_on}
    return set(tried.relied_on) | (made if tried.demands("follow_up") else set())


def assessed(tried: Tried) -> Any:
    """The last decision about this certification that rested on audits and was carried out."""
    resting = {row.act for row in tried.held["requirement"] if row.rule == "audits"}
    done = [row for row in tried.events if row.act in resting]
    return next((row for row in tried.held["decision"] if done and row.id == done[-1].decision_id), None)


def recorded(decision: Any) -> datetime:
    return decision.recorded_at if decision else datetime.min.replace(tzinfo=UTC)


def counts(tried: Tried, one: Any) -> bool:
    """An audit is spent with the decision that it led to; what came later counts."""
    last = assessed(tried)
    if last is None:
        return True
    if any((row.draft_id, row.audit_id) == (last.id, one.id) for row in tried.held["draft_audit"]):
        return last.act != tried.act and all(row.act != last.act for row in tried.held["cycle_audit"])
    return bool(one.last_day >= last.decided_on)


def audit_missing(tried: Tried) -> bool:
    return any(
        row.act == tried.act
        and row.scheme_code == tried.certification.scheme_code
        and not any(one.kind in row.kinds and counts(tried, one) for one in tried.audits())
        for row in tried.held["required_audit"]
    )


def programme(tried: Tried) -> Any:
    """The newest programme of the day of the decision."""
    known = [row for row in tried.of_it("audit_programme") if row.established_on <= tried.decided_on]
    return max(known, key=lambda row: (row.cycle, row.version), default=None)


def programme_missing(tried: Tried) -> bool:
    beginning = {row.act for row in tried.held["cycle_audit"]}
    begun = sum(row.act in beginning for row in tried.events)
    found = programme(tried)
    return found is None or (tried.act in beginning and found.cycle != begun + 1)


def wanted_sites(tried: Tried) -> set[UUID]:
    return set(tried.certificate.site_ids) if tried.certificate else set(tried.before.site_ids if tried.before else ())


def suspended_from(tried: Tried) -> date:
    """The first day of the suspension that this one prolongs, or its own."""
    if tried.state != "suspended":
        return tried.effective_on
    begun = [row for row in tried.events if row.to_state == "suspended" and row.from_state != "suspended"][-1]
    day: date = begun.effective_at.astimezone(ZoneInfo(tried.zone)).date()
    return day


def scope(tried: Tried) -> tuple[dict[str, set[Any]], dict[str, set[Any]]]:
    """What the version before names, and what this one would."""
    old, new = tried.before, tried.certificate
    if new is None:
        named = {name: set(getattr(old, name)) for name in ("areas", "roles", "site_ids")}
        return named, named
    return (
        {"areas": set(old.areas), "roles": set(old.roles), "site_ids": set(old.site_ids)},
        {"areas": set(new.areas), "roles": set(new.roles), "site_ids": set(new.site_ids)},
    )


def words(tried: Tried) -> tuple[Any, Any]:
    """The prevailing text and translations, before and now."""
    said = tried.facts_before["scope"]["statement"]
    before = (said["text"], sorted((one["language"], one["text"]) for one in said.get("translations", [])))
    new = tried.certificate
    if new is None:
        return before, before
    return before, (new.statement, sorted((language, text) for text, language in _turned(new.translations)))


def _turned(translations: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(text, language) for language, text in translations]


def grown(tried: Tried) -> bool:
    old, new = scope(tried)
    return any(new[name] - old[name] for name in new)


def shrunk(tried: Tried) -> bool:
    old, new = scope(tried)
    return any(old[name] - new[name] for name in new)


def reworded(tried: Tried) -> bool:
    before, now = words(tried)
    return bool(before != now)


def texts_kept(tried: Tried) -> bool:
    (text, translations), (new_text, new_translations) = words(tried)
    return bool(text == new_text and set(translations) <= set(new_translations))


def status_on(tried: Tried, day: date, *wanted: str) -> bool:
    """Whether an accreditation that the act stands on is, on a day, of a status in which it does not carry the act."""
    found = [tried.accreditation_on(one, day) for one in tried.accreditations()]
    return any(
        (row is None or row.valid_to < day or row.status not in {"active", "suspended"})
        if "lost" in wanted
        else row is not None and row.status == "suspended" and tried.act not in row.permitted_acts
        for row in found
    )


def now_days(tried: Tried) -> set[date]:
    """The day in the body's zone, which these worlds share with their accreditation body."""
    return {tried.today}


def overtaken(tried: Tried) -> bool:
    """A version was sealed after the decision was."""
    acts = {row.id for row in tried.held["act"] if row.draft_id == tried.decision}
    sealed = {row.id: row.n for row in tried.held["envelope"]}
    decided = min(sealed[row.id] for row in tried.held["reservation"] if row.act_id in acts and row.id in sealed)
    return any(sealed[row.envelope_id] > decided for row in tried.versions)


Broken = Callable[[Tried], bool]
BROKEN: dict[str, Broken] = {
    "no_such_transition": lambda t: not moves(t),
    "certificate_expired": lambda t: expired(t) and any(row.validity == "within" for row in moves(t)),
    "not_expired": lambda t: t.act == "restore_expired" and (not expired(t) or t.decided_on <= t.before.last_valid_day),
    "decided_in_the_future": lambda t: t.decided_on > t.today,
    "late_without_reason": lambda t: (t.today - t.decided_on).days > t.scheme.late_after_days and not t.late_reason,
    "effective_before_decision": lambda t: t.effective_on < t.decided_on and t.act != "annul",
    "annulment_in_the_future": lambda t: t.act == "annul" and t.effective_on > t.decided_on,
    "effective_too_far_ahead": lambda t: t.kind.ends and (t.effective_on - t.decided_on).days > 31,
    "effective_after_validity": lambda t: (
        bool(t.versions)
        and t.act not in {"renew", "restore_expired", "annul"}
        and t.effective_on >= t.versions[-1].valid_until.astimezone(ZoneInfo(t.zone)).date()
    ),
    "suspension_without_end": lambda t: (t.until is not None) != t.act.startswith("suspend"),
    "suspension_ends_before_it_begins": lambda t: t.until is not None and t.until < t.effective_on,
    "suspension_too_long": lambda t: (
        t.until is not None
        and t.until > months_later(suspended_from(t), t.scheme.suspension_months)
        and len(t.people) < 2
    ),
    "reason_missing": lambda t: t.kind.needs_reason and t.reason is None,
    "not_confirmed": lambda t: len(t.people) < t.kind.deciders,
    "decider_not_competent": lambda t: any(
        not t.has_function(one, "decider") and not (t.act == "suspend_urgently" and t.has_function(one, "duty_officer"))
        for one in t.people
    ),
    "decider_in_audit_team": lambda t: any(
        row.audit_id in judged(t) and row.person_id in t.people for row in t.held["audit_member"]
    ),
    "decision_before_audit_end": lambda t: any(row.last_day > t.decided_on for row in t.audits()),
    "audit_missing": audit_missing,
    "team_lacks_area": audit_missing,  # whoever audits here knows every area
    "programme_missing": programme_missing,
    "audit_time_missing": lambda t: (
        not any(
            row.calculated_on <= t.decided_on and row.recorded_at > recorded(assessed(t))
            for row in t.of_it("audit_time")
        )
    ),
    "site_not_in_programme": lambda t: bool(wanted_sites(t) - set(programme(t).site_ids if programme(t) else ())),
    "assessed_after_decision": lambda t: any(row.last_day > t.decided_on for row in t.audits()),
    "decision_before_review": lambda t: any(
        row.application_id == t.certification.application_id and row.reviewed_on > t.decided_on
        for row in t.held["application_review"]
    ),
    "decision_before_agreement": lambda t: any(
        row.id == t.certification.agreement_id and row.signed_on > t.decided_on for row in t.held["agreement"]
    ),
    "open_major_finding": lambda t: open_findings(t, "major"),
    "open_minor_finding": lambda t: open_findings(t, "minor"),
    "validity_beyond_maximum": lambda t: (
        wanted_end(t) > longest_end(t) or (t.kind.period == "renewed" and wanted_end(t) <= t.before.last_valid_day)
    ),
    "validity_ends_before_it_begins": lambda t: wanted_end(t) < t.effective_on,
    "period_without_days": lambda t: wanted_end(t) < t.effective_on,
    "cycle_out_of_order": lambda t: (
        (t.kind.period == "restored" and t.before.last_valid_day >= t.effective_on)
        or any(row.last_day > t.effective_on for row in t.audits())
        or wanted_end(t) <= t.effective_on
    ),
    "period_not_kept": lambda t: t.kind.period == "kept" and wanted_end(t) != t.before.last_valid_day,
    "version_before_its_predecessor": lambda t: t.before is not None and t.effective_on < t.before.effective_on,
    "renewal_after_expiry": lambda t: (
        t.decided_on > t.before.last_valid_day or t.effective_on > t.before.last_valid_day + timedelta(days=1)
    ),
    "renewal_too_early": lambda t: t.decided_on < months_later(t.before.last_valid_day, -t.scheme.renewal_months),
    "restoration_too_late": lambda t: t.decided_on > months_later(t.before.last_valid_day, t.scheme.restoration_months),
    "extension_does_not_extend": lambda t: shrunk(t) or not (grown(t) or reworded(t)),
    "reduction_does_not_reduce": lambda t: grown(t) or not (shrunk(t) or reworded(t)),
    "amend_changes_scope": lambda t: grown(t) or shrunk(t) or reworded(t),
    "correction_changes_scope": lambda t: grown(t) or shrunk(t) or not reworded(t),
    "translation_changes_texts": lambda t: grown(t) or shrunk(t) or not reworded(t) or not texts_kept(t),
    "edition_not_changed": lambda t: t.act == "transition",  # nobody here knows another edition
    "certificate_content_missing": lambda t: t.certificate is None,
    "decision_makes_no_certificate": lambda t: not t.kind.makes_version,
    "annulled_event_unknown": lambda t: (
        (t.kind.refers_to == "annuls") != (t.annuls is not None)
        or (t.kind.refers_to == "ratifies") != (t.ratifies is not None)
        or (t.annuls or t.ratifies) not in {row.event_no for row in t.events}
    ),
    "event_not_in_force": lambda t: (
        t.act == "ratify" and not any(row.event_no == t.ratifies and row.act == "suspend_urgently" for row in t.events)
    ),
    "ratification_too_late": lambda t: _working_days(t) > 5,
    "already_ratified": lambda t: any(row.ratifies_no == t.ratifies for row in t.of_it("decision")),
    "ratified_by_the_same": lambda t: any(
        row.person_id in t.people and row.draft_id == _event(t, t.ratifies).decision_id
        for row in t.held["draft_person"]
    ),
    "not_accredited_at_decision": lambda t: status_on(t, t.decided_on, "lost"),
    "not_accredited_now": lambda t: any(status_on(t, day, "lost") for day in now_days(t)),
    "accreditation_suspended_at_decision": lambda t: status_on(t, t.decided_on, "suspended"),
    "accreditation_suspended_now": lambda t: any(status_on(t, day, "suspended") for day in now_days(t)),
    "outside_accreditation_at_decision": lambda t: False,  # everything tried here lies within the accredited scope
    "already_issued": lambda t: any(row.decision_id == t.decision for row in t.held["certificate_version"]),
    "decision_overtaken": overtaken,
    "act_under_way": lambda t: any(
        row.subject == t.certification.subject and row.act_id is not None for row in t.held["slot"]
    ),
}


def _event(tried: Tried, number: int | None) -> Any:
    return next(row for row in tried.events if row.event_no == number)


def _working_days(tried: Tried) -> int:
    """Mondays to Fridays after the day of the event up to the day of the decision."""
    begun = _event(tried, tried.ratifies).effective_at.astimezone(ZoneInfo(tried.zone)).date()
    days = (begun + timedelta(days=one) for one in range(1, (tried.decided_on - begun).days + 1))
    return sum(day.weekday() < 5 for day in days)


def standing(held: Rows, public_id: str, at: datetime) -> str:
    """The state of a certification, folded by hand."""
    (certification,) = (row for row in held["certification"] if row.public_id == public_id)
    events = sorted(
        (row for row in held["standing_event"] if row.certification_id == certification.id),
        key=lambda row: row.event_no,
    )
    if not events:
        return "none"
    if any(row.to_state == "annulled" for row in events):
        return "annulled"
    state, version = "pending", None
    for event in events:
        if event.effective_at <= at:
            state = event.to_state
            version = event.version_no or version
    if state in {"active", "suspended"}:
        ends = [row.valid_until for row in held["certificate_version"]
                if row.certification_id == certification.id and row.version_no == version]  # fmt: skip
        if ends and ends[0] <= at:
            return "expired"
    return str(state)


def known_since(held: Rows, public_id: str) -> datetime:
    """When the first step of a certification was recorded; the end of time where there is none."""
    (certification,) = (row for row in held["certification"] if row.public_id == public_id)
    steps = [row.recorded_at for row in held["standing_event"] if row.certification_id == certification.id]
    return min(steps, default=datetime.max.replace(tzinfo=UTC))


def events(held: Rows, public_id: str) -> list[int]:
    """The numbers of all steps of a certification, in order."""
    (certification,) = (row for row in held["certification"] if row.public_id == public_id)
    return sorted(row.event_no for row in held["standing_event"] if row.certification_id == certification.id)
