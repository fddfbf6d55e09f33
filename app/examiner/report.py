"""The one report behind page, JSON, command line and bundle: verdict, facts, notices, and every check with its reason.

The order of members is the order of the JSON. A fact that is not established or not consented is null, never empty.
`holder`, `scope`, `body` and all else that a file says stand here only if the file's signature held (C026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any

from app.conformity.standing import Verdict
from app.conformity.words import Word

CHECK_NAMES = (
    "signature",
    "issuer",
    "chain",
    "accreditation_at_decision",
    "accreditation_now",
    "standing",
    "version",
    "validity",
    "status_lists",
    "freshness",
)

# Both only report what happened after the certificate was issued: what they find is a notice, the certificate stands.
LATER_CHANGES = frozenset({"accreditation_now", "version"})

# Checks that cannot be performed for a kind of entry: a notice says so and turns the verdict, the certificate stands.
SAID_BY_NOTICE = frozenset({"imported", "without_accreditation"})

_PLAIN = (str, int, float, type(None))
_STANDS = frozenset({Verdict.VALID, Verdict.VALID_WITH_NOTICE})


class Result(StrEnum):
    """How a check ended; a check that could not be performed says why, and is not passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_PERFORMED = "not_performed"


@dataclass(frozen=True)
class Check:
    """One check: `evidence` names, by digest, the signed documents that it looked at."""

    name: str
    result: Result
    code: str
    detail: Word
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """Something a reader must know beside the standing; `since` is a date or an instant, or null."""

    code: str
    detail: Word
    since: date | datetime | None = None


@dataclass(frozen=True)
class Name:
    """A name as registered, in one language."""

    name: str
    language: str


@dataclass(frozen=True)
class HolderName:
    """A name of the certified organisation, with its script (ISO 15924) where it is stated."""

    name: str
    language: str
    script: str | None


@dataclass(frozen=True)
class Identifier:
    """A registration of the holder: `scheme` is `lei`, `jp_corporate_number` or another register."""

    scheme: str
    value: str


@dataclass(frozen=True)
class Holder:
    """The certified organisation; `identifiers` is null when the holder did not consent to their display."""

    names: tuple[HolderName, ...]
    country: str
    identifiers: tuple[Identifier, ...] | None


@dataclass(frozen=True)
class Body:
    """The certification body, by the names in its accreditation statement (C058)."""

    id: str
    names: tuple[Name, ...]
    country: str | None


@dataclass(frozen=True)
class AccreditationBody:
    """The accreditation body, by the names in its own statement."""

    id: str
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Accreditation:
    """One accreditation that the certificate rests on; `since` is the date of the statement that made `now`."""

    id: str
    number: str
    accreditation_body: AccreditationBody
    at_decision: str
    now: str
    since: date | None
    evidence_level: str


@dataclass(frozen=True)
class Scheme:
    """The scheme and the standard with its edition; accredited_third_party, third_party or self_declared."""

    code: str
    title: Word
    document: str
    assurance: str
    """`accredited_third_party`, `third_party` or `self_declared`: whose word the entry is."""


@dataclass(frozen=True)
class ScopeText:
    """The certified scope in one language; the authoritative wording prevails over translations."""

    text: str
    language: str
    authoritative: bool


@dataclass(frozen=True)
class Address:
    """A postal address in one language."""

    country: str
    region: str | None
    locality: str
    street: str | None
    postal_code: str | None
    language: str


@dataclass(frozen=True)
class Site:
    """A place that the certificate covers; `scope` is its own wording where it differs from the whole."""

    names: tuple[HolderName, ...]
    country: str
    virtual: bool
    central_function: bool
    addresses: tuple[Address, ...]
    scope: tuple[ScopeText, ...]


@dataclass(frozen=True)
class StatementOfApplicability:
    """Version and date of the organisation's statement of applicability."""

    version: str
    date: date


@dataclass(frozen=True)
class Scope:
    """What is certified; `sites` and `soa` are null when the holder did not consent to their display."""

    statement: tuple[ScopeText, ...]
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    countries: tuple[str, ...]
    sites: tuple[Site, ...] | None
    soa: StatementOfApplicability | None
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Validity:
    """Plain dates in the body's zone and the instants that they mean."""

    decided_on: date
    effective_on: date
    last_valid_day: date
    time_zone: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True)
class Cycle:
    """The certification cycle; the last two dates stand only where a lapse was bridged (ISO/IEC 17021-1 8.2.2)."""

    initially_certified_on: date
    started_on: date
    recertify_by: date
    previous_ended_on: date | None
    recertification_audit_ended_on: date | None


@dataclass(frozen=True)
class Previous:
    """The certification with another body that this one continues; `basis`: released, no_cooperation, outside."""

    body_names: tuple[HolderName, ...]
    country: str
    basis: str
    number: str | None
    certificate_id: str | None
    last_valid_day: date | None


@dataclass(frozen=True)
class ReportFromElsewhere:
    """Where imported history was read, as of which day, how often it is read anew, and what its body checked."""

    source: str
    as_of: date
    refresh_days: int
    checked: str | None
    fresh_until: date


@dataclass(frozen=True)
class Origin:
    """Where the certification comes from; `provenance`: `issued` here, or `imported` as its body reported it."""

    provenance: str
    original_decided_on: date | None
    previous: Previous | None
    report: ReportFromElsewhere | None


@dataclass(frozen=True)
class Event:
    """One step of the standing history, with both clocks; `annulled_by` is the number of the event that undid it."""

    event_no: int
    act: str
    from_state: str
    to_state: str
    effective_at: datetime
    recorded_at: datetime
    until: date | None
    annulled_by: int | None = None


@dataclass(frozen=True)
class Standing:
    """The state at the time asked for (`pending` and `expired` are arithmetic), since when, and how it came about."""

    state: str
    since: datetime
    until: date | None
    act: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class KnownThen:
    """What was answered about a time by what was known at that time, where later facts reach back to it."""

    known_at: datetime
    verdict: Verdict
    state: str | None
    summary: Word


@dataclass(frozen=True)
class Assertion:
    """What is proven and by whom: one signed document, its signer's shown name and key, and what it says."""

    by: str
    key: str
    says: Word
    sha256: str


@dataclass(frozen=True)
class VerificationReport:
    """Whether this certificate stands at `at`, by what was known at `known_at`, and what that rests on."""

    verdict: Verdict
    certificate_id: str | None
    version: int | None
    summary: Word
    holder: Holder | None
    confidential: bool
    body: Body | None
    accreditations: tuple[Accreditation, ...]
    scheme: Scheme | None
    scope: Scope | None
    validity: Validity | None
    cycle: Cycle | None
    origin: Origin | None
    standing: Standing | None
    known_then: KnownThen | None
    at: datetime
    known_at: datetime
    checked_at: datetime | None
    data_as_of: datetime | None
    known_at_basis: str
    notices: tuple[Notice, ...]
    checks: tuple[Check, ...]
    statements: tuple[Assertion, ...]
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def check(self, name: str) -> Check:
        """The check of this name."""
        return next(check for check in self.checks if check.name == name)

    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.result is Result.FAILED)

    def published(self) -> VerificationReport:
        """The same report without `checked_at`, which stands only in reports computed on request (records §10)."""
        return replace(self, checked_at=None)

    def as_json(self) -> dict[str, Any]:
        """The report as JSON; `checked_at` is absent, not null, where it does not belong."""
        plain: dict[str, Any] = as_plain(self)
        if self.checked_at is None:
            del plain["checked_at"]
        return plain

    def exit_code(self, *, strict: bool = False) -> int:
        """1: a check failed or the certificate does not stand. 2: could not be established. 0: stands.

        A failed check that only reports a later change (`LATER_CHANGES`) is a notice where the verdict says so; a
        notice ends with 0, under `strict` with 1.
        """
        excused = LATER_CHANGES if self.verdict is Verdict.VALID_WITH_NOTICE else frozenset()
        if self.verdict not in _STANDS | {Verdict.UNKNOWN} or {c.name for c in self.failed()} - excused:
            return 1
        open_ends = (check for check in self.checks if check.result is Result.NOT_PERFORMED)
        if self.verdict is Verdict.UNKNOWN or any(check.code not in SAID_BY_NOTICE for check in open_ends):
            return 2
        return int(strict and self.verdict is Verdict.VALID_WITH_NOTICE)


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC; milliseconds only where there are any."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return text.removesuffix(".000") + "Z"


def as_plain(value: Any) -> Any:
    """A result as JSON: texts, numbers, lists and objects only, members in the order of their declaration.

    What JSON has no form for becomes its text, such as a UUID.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {member.name: as_plain(getattr(value, member.name)) for member in fields(value)}
    if isinstance(value, Mapping):
        return {name: as_plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(inner) for inner in value]
    if isinstance(value, date | Enum) or not isinstance(value, _PLAIN):
        return _plain_text(value)
    return value


def _plain_text(value: object) -> str:
    if isinstance(value, date):
        return instant(value) if isinstance(value, datetime) else value.isoformat()
    return str(value.value if isinstance(value, Enum) else value)
